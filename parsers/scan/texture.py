"""What strokes are made of: lines are even along their length, dashes and dots come back alike, print does neither."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.scan.strokes import INKED, Stroke, Traces, runs_of, strokes

STEP: Final = 0.033      # inches between two places along a stroke that are compared
EVEN: Final = 0.27       # of its darkness that a line differs between them; rows of print differ by 0.3 and more
WINDOW: Final = 64       # pixels that a spectrum is taken of
COARSEST: Final = 3      # waves in them: the longest dashes
HALF_WAVE: Final = 1     # to either side of the usual number of waves: dashes begin anew at each cell
REPEATED: Final = 0.52   # of its changes that come back with the dashes of the page: dashes
CLEARLY: Final = 0.7     # the same of those beside which there may be print
BARE: Final = 0.85       # of its length with paper on both sides: dashes
SOME_BARE: Final = 0.55  # the same of those that clearly come back
DASHED: Final = 4.0      # inches of dashes make a page of dashes

ASIDE: Final = 0.2       # of its own darkness that a stroke is darker than beside it: paper lies there
THIN: Final = 0.25       # of the length of all rulings: thin ones, beside which borders are thick
MOST: Final = 75         # percentile of the dashes of a page: longer ones have run together
WIDEST: Final = 8        # pixels to either side of a stroke that it may be wide
RIPPLED: Final = 0.4     # of the changes along lines: fine dots
FINEST: Final = 8        # waves in a window: coarser dots are dashes, and what comes back more seldom is chance
HALF: Final = 0.4        # of its darkest: its rim
SOLID_PART: Final = 0.75  # of the length of its rulings that is no dashes: a page of lines

Floats = npt.NDArray[np.float64]


class Dashes(NamedTuple):
    """The dashes of a page.

    Attributes:
        waves: How many there are in a window; 0 on a page without.
        part: Of the length of all its rulings that is made of them.
    """

    waves: int = 0
    part: float = 0.0


class Usual(NamedTuple):
    """The rulings of a page: their answer, how dark they are, how alone, and whether they are lines or dashes.

    ``dash`` is how long the longest of most dashes is, in pixels, and ``width`` how wide a ruling.
    ``ripple`` is how many waves fine dots make in a window that are evened into lines; 0 on a page of lines.
    """

    strength: float
    dark: float
    ridge: float
    is_solid: bool
    dash: float = 0.0
    dashes: Dashes = Dashes()
    width: float = 1.0
    ripple: int = 0


def usual_rulings(both: Sequence[Traces], long: float, dpi: float) -> Usual:
    """What is usual over the rulings that are so many pixels long, by their length."""
    drawn = [(piece, seen.plain) for seen in both for piece in strokes(seen, long, 0.0)]
    dashes = dashes_of([piece for piece, _ in drawn], dpi)
    widths = [width_of(piece, plain) for piece, plain in drawn if is_ruling(piece, dashes, dpi)]
    pieces = [piece for piece, _ in drawn]
    pieces = [piece for piece in pieces if is_ruling(piece, dashes, dpi)]
    if not pieces:
        return Usual(0.0, 255.0, 255.0, is_solid=True)
    pieces.sort(key=attrgetter("strength"))
    lengths = np.cumsum([len(piece.along) for piece in pieces])
    strength = pieces[int(np.searchsorted(lengths, lengths[-1] * THIN))].strength
    strong = [piece for piece in pieces if piece.strength >= strength / 2]
    full = [float(np.percentile(piece.dark, 70)) for piece in strong]
    dark = float(np.percentile(np.repeat(full, [len(piece.along) for piece in strong]), 100 * THIN))
    ridge = max(1.0, float(np.percentile(np.concatenate([piece.ridge for piece in strong]), 100 * THIN)))
    inked = [piece.dark > own * INKED for piece, own in zip(strong, full, strict=True)]
    lengths_of = [high - low for flags in inked for low, high in runs_of(flags)]
    dash = float(np.percentile(lengths_of, MOST)) if lengths_of else 0.0
    return Usual(strength, dark, ridge, dashes.part < 1 - SOLID_PART, dash, dashes, float(np.median(widths)),
                 0 if dashes.waves else ripple_of(pieces))


def ripple_of(pieces: Sequence[Stroke]) -> int:
    """How many waves there are in a window along most lines; 0 where they have none in common."""
    whole = np.sum([spectrum(piece.plain) * len(piece.along) for piece in pieces], axis=0)
    whole = whole / max(1.0, float(sum(len(piece.along) for piece in pieces)))
    waves = int(whole[COARSEST:].argmax()) + COARSEST
    share = float(whole[max(COARSEST, waves - HALF_WAVE) : waves + HALF_WAVE + 1].sum())
    return waves if share >= RIPPLED and waves >= FINEST else 0


def width_of(stroke: Stroke, plain: npt.NDArray[np.uint8]) -> float:
    """How many pixels wide a stroke is: its profile, evened along it, above half of its darkest."""
    rows, cols = np.round(stroke.across).astype(int), stroke.along.astype(int)
    steps = np.arange(-WIDEST, WIDEST + 1)
    profile = plain[np.clip(rows + steps[:, None], 0, len(plain) - 1), cols].mean(axis=1)
    profile -= profile.min()
    inked = profile > HALF * profile[WIDEST - 1 : WIDEST + 2].max()
    below, above = [int(np.argmin(np.append(side, False))) for side in (inked[WIDEST::-1], inked[WIDEST:])]
    return float(max(1, below + above - 1))


def is_ruling(stroke: Stroke, dashes: Dashes, dpi: float) -> bool:
    """Whether a stroke is a line, or a row of the dashes of the page."""
    return is_even(stroke, dpi) or comes_back(stroke.plain, bare(stroke), dashes)


def comes_back(plain: npt.NDArray[np.uint8], share: float, dashes: Dashes) -> bool:
    """Whether a stroke is a row of the dashes of the page; ``share`` of it has paper on both sides."""
    return bool(dashes.waves) and _comes_back(spectrum(plain), dashes, share)


def bare(stroke: Stroke) -> float:
    """How much of a stroke has paper on both sides."""
    return float(np.mean(stroke.ridge > ASIDE * np.percentile(stroke.dark, 70)))


def is_even(stroke: Stroke, dpi: float) -> bool:
    """Whether a stroke is a line, however faint or slowly fading."""
    return unevenness(stroke.plain, dpi) <= EVEN


def unevenness(plain: npt.NDArray[np.uint8], dpi: float) -> float:
    """By how much of its darkness a stroke changes over a little way."""
    if len(plain) < 3:  # noqa: PLR2004  nothing to compare
        return 1.0
    level = np.convolve(plain.astype(np.float64), np.full(3, 1 / 3), "valid")
    step = min(max(1, round(STEP * dpi)), len(level) - 1)
    change = np.abs(level[step:] - level[:-step])
    return float(change.mean() / max(1.0, level.mean())) if len(change) else 0.0


def dashes_of(pieces: Sequence[Stroke], dpi: float) -> Dashes:
    """The dashes that most long strokes are made of which are no lines."""
    uneven = [piece for piece in pieces if not is_even(piece, dpi)]
    spectra = [(spectrum(piece.plain), len(piece.along), bare(piece)) for piece in uneven]
    spectra = [one for one in spectra if one[2] >= SOME_BARE]
    if not spectra:
        return Dashes()
    whole = np.sum([own * length for own, length, _ in spectra], axis=0)
    dashes = Dashes(int(whole[COARSEST:].argmax()) + COARSEST)
    length = sum(size for own, size, share in spectra if _comes_back(own, dashes, share))
    solid = sum(len(piece.along) for piece in pieces) - sum(len(piece.along) for piece in uneven)
    return dashes._replace(part=length / (length + solid)) if length >= DASHED * dpi else Dashes()


def _comes_back(own: Floats, dashes: Dashes, share: float) -> bool:
    near = {
        place for many in (dashes.waves, 2 * dashes.waves) for place in range(many - HALF_WAVE, many + HALF_WAVE + 1)
    }
    score = sum(float(own[place]) for place in near if place < len(own))
    return (score >= REPEATED and share >= BARE) or (score >= CLEARLY and share >= SOME_BARE)


def spectrum(plain: npt.NDArray[np.uint8]) -> Floats:
    """How much of the changes along a stroke comes back so many times in a window, in all 1."""
    level = plain.astype(np.float64)
    if len(level) < WINDOW:
        level = np.pad(level, (0, WINDOW - len(level)), mode="reflect")
    starts = np.arange(0, len(level) - WINDOW + 1, WINDOW // 2)
    parts = np.stack([level[start : start + WINDOW] for start in starts])
    parts = (parts - parts.mean(axis=1, keepdims=True)) * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(parts, axis=1)) ** 2
    power[:, :COARSEST] = 0
    power /= np.maximum(power.sum(axis=1, keepdims=True), 1e-6)
    total: Floats = power.sum(axis=0) / max(1e-6, float(power.sum()))
    return total
