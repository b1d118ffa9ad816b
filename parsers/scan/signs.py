"""What is seen along a piece of an edge, beside it and around it."""

from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.strokes import Traces, runs_of
from parsers.scan.texture import WINDOW, Usual

INSET: Final = 0.018       # inches left out at both ends of a piece of an edge
WOBBLE: Final = 0.014      # inches that an edge may lie beside its place
LEAST: Final = 18          # of 255: what is less may shine through from the back
DASH: Final = 0.25         # of the usual darkness of rulings: ink of one
BARE: Final = 0.8          # of that: a line is so much darker than what lies beside it
CLEAR_OF: Final = 0.013    # inches from the rim of a ruling: its blur ends, paper begins
FLANK: Final = 0.02        # inches: so wide a strip tells what lies beside
DUTY: Final = (0.3, 0.8)   # part of a row of dashes that is inked, least and most
SOLID_UNIT: Final = 0.033  # inches that gaps of solid lines are counted in, as those of dashes are in dashes
MOST_GAP: Final = 4.0      # of these: longer gaps say no more
MOST_END: Final = 3.0
PITCH: Final = (0.93, 1.0, 1.07)  # of the usual period of dashes
CHANCE: Final = 0.3        # of the changes along a stroke of print come back with it by chance
PRINT: Final = 0.5         # of the usual darkness of rulings: print, not what is left of a seal
TUNED: Final = 0.5         # of them that do in a row of dots: what hangs on an edge is one by so much
LEAST_PRINT: Final = 80    # of 255
FAR: Final = 0.27          # inches to either side of an edge: print that is so far off says no more
EM: Final = 0.133          # inches that such distances are counted in

Shades = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Extent = tuple[float, float]


class View(NamedTuple):
    """A page as horizontal edges are looked for on it; for vertical ones it is transposed.

    Attributes:
        seen: Its traces.
        usual: Its rulings.
        dpi: Of the page.
    """

    seen: Traces
    usual: Usual
    dpi: float


class Signs(NamedTuple):
    """What is seen of a piece of an edge; parts are of its length.

    Attributes:
        one: 1, for the odds of a piece of which nothing is known.
        thin: Inked and darker than what lies beside, in parts of what a ruling of the page has.
        thin_twice: Its square.
        thick: Inked, and so is what lies beside.
        crossed: The same on both sides: print crosses it.
        beside: Ink on either side.
        end: Without line at the better end, in dashes.
        far_end: At the worse end.
        gap: The longest without ink, in dashes.
        empty: The longest without ink, also beside.
        long: The longest inked, in usual dashes; of solid lines in parts.
        tuned: How much of its changes comes with the period of the dashes.
        contrast: How much darker it is than what lies beside, in the usual darkness.
        level: How dark it is.
        both: Whether print stands on both sides in the cells that it would part.
        room: How far these are apart.
        near: How far off the nearer is.
        drawn: How surely it is drawn, 0 to 1, by what lines and dashes have that are broken.
        alone: How surely paper lies on both sides of it.
        hanging: How much of line hangs on the edges at its ends, in dashes.
    """

    one: float
    thin: float
    thin_twice: float
    thick: float
    crossed: float
    beside: float
    end: float
    far_end: float
    gap: float
    empty: float
    long: float
    tuned: float
    contrast: float
    level: float
    both: float
    room: float
    near: float
    drawn: float = 0.0
    alone: float = 0.0
    hanging: float = 0.0


def signs_of(view: View, at: float, piece: Extent, around: Extent) -> Signs | None:
    """What is seen of a piece of a horizontal edge; None where it is too short to tell.

    Args:
        view: The page.
        at: Where the edge lies; all are pixels.
        piece: From-to along it.
        around: The edges before and behind it: how far its cells reach.
    """
    seen, usual, dpi = view
    inset = min(max(INSET * dpi, usual.width / 2 + 1), (piece[1] - piece[0]) / 4)
    low, high = max(0, round(piece[0] + inset)), min(round(piece[1] - inset), seen.plain.shape[1])
    if high - low < 3:  # noqa: PLR2004  nothing to look at
        return None
    line, above, below = _profile(view, round(at - 0.5), slice(low, high))
    waves = usual.dashes.waves or usual.ripple
    rest = max(LEAST, DASH * usual.dark)
    flank = np.maximum(above, below)
    inked, over, under = line > rest, above > rest, below > rest
    thin = inked & (line - flank > BARE * rest)
    unit, duty = SOLID_UNIT * dpi, 1.0
    if not usual.is_solid:
        unit = WINDOW / max(1, usual.dashes.waves)
        duty = min(max(usual.dash / unit, DUTY[0]), DUTY[1])
    length = high - low
    ends = _bare_ends(thin)
    share = min(1.5, float(thin.mean()) / duty)
    whole = length if usual.is_solid else max(1.0, usual.dash)
    before, behind = _room(view, at, piece, around) if thin.any() else (None, None)   # a gap in print alone is no line
    tuned = _tuned(line, usual)
    hanging = _hanging(thin, WINDOW / waves if waves else 1.5) / unit
    if waves:
        hanging *= min(1.0, (tuned + CHANCE) / TUNED)
    both, apart, nearest = _print_beside(before, behind, FAR * dpi)
    return Signs(
        1.0, share, share * share, float((inked & ~thin).mean()), float((over & under & inked).mean()),
        float((over | under).mean()), min(MOST_END, ends[0] / unit), min(MOST_END, ends[1] / unit),
        min(MOST_GAP, _longest(~inked) / unit), min(MOST_GAP, _longest(~inked & ~over & ~under) / unit),
        min(MOST_GAP, _longest(inked) / whole), tuned,
        float(np.clip((line - flank).mean() / usual.dark, -1, 1.5)) / duty,
        float(np.clip(line.mean() / usual.dark, 0, 1.5)) / duty,
        both, apart / (EM * dpi), nearest / (EM * dpi),
        hanging=min(MOST_END, hanging),
    )


def _bare_ends(thin: Flags) -> list[float]:
    """How far the line begins behind each end of a piece, the better one first."""
    held, length = np.flatnonzero(thin), len(thin)
    return sorted([float(held[0]), float(length - 1 - held[-1])]) if len(held) else [float(length)] * 2


def _print_beside(before: int | None, behind: int | None, far: float) -> tuple[float, float, float]:
    """Whether print stands on both sides, how far it is apart, and how far off the nearer is."""
    nearest = min([one for one in (before, behind) if one is not None], default=far)
    both = before is not None and behind is not None
    apart = min(far, (before or 0) + (behind or 0)) if both else 0.0
    return float(both), apart, min(nearest, far / 2)


def _profile(view: View, row: int, piece: slice) -> tuple[Shades, Shades, Shades]:
    """How dark the best line near a row is along a piece, and what lies above and below its rims."""
    plain, width, dpi = view.seen.plain, view.usual.width, view.dpi
    reach = max(1, round(WOBBLE * dpi))
    half, core = max(1, round((width - 1) / 2)), max(1, round(width / 2) - 1)
    first = half + max(1, round(CLEAR_OF * dpi)) - 1
    last = first + max(1, round(FLANK * dpi))
    margin = reach + last
    strip = cv2.copyMakeBorder(
        plain[max(0, row - margin) : row + margin + 1, piece], max(0, margin - row),
        max(0, row + margin + 1 - len(plain)), 0, 0, cv2.BORDER_CONSTANT, value=0,
    ).astype(np.int16)
    best: tuple[float, Any] = (-np.inf, None)
    for middle in range(margin - reach, margin + reach + 1):
        above = strip[middle - last : middle - first].max(axis=0)
        below = strip[middle + first + 1 : middle + last + 1].max(axis=0)
        line = strip[middle - core : middle + core + 1].max(axis=0)
        score = float(((strip[middle] if core == 1 else line) - np.maximum(above, below)).mean())
        if score > best[0]:
            best = score, (line, above, below)
    line, above, below = best[1]
    return line, above, below


def rim_of(view: View) -> int:
    """Pixels beside an edge that its ruling may take: print is looked for behind them."""
    return max(2, round(0.5 * SOLID_UNIT * view.dpi + view.usual.width / 2))


def _room(view: View, at: float, piece: Extent, around: Extent) -> tuple[int | None, int | None]:
    """How far from an edge print stands before and behind it, within its cells; None where there is none."""
    page, usual, rim = view.seen.printed, view.usual, rim_of(view)
    low, high = round(piece[0]) + rim, round(piece[1]) - rim
    printed = max(LEAST_PRINT, PRINT * usual.dark)
    found: list[int | None] = []
    middle = round(at)
    for rows in (slice(middle - rim, max(0, round(around[0]) + rim), -1), slice(middle + rim, round(around[1]) - rim)):
        part = page[rows, low:high] if middle >= rim else page[:0]
        inked = np.flatnonzero((part > printed).sum(axis=1) > 1) if part.size else np.zeros(0, int)
        found.append(int(inked[0]) if len(inked) else None)
    return found[0], found[1]


def _longest(flags: Flags) -> int:
    return max([high - low for low, high in runs_of(flags)], default=0)


def _hanging(thin: Flags, period: float) -> int:
    """How many pixels of line hang on the edges at the ends of a piece, with gaps no longer than a period."""
    length = len(thin)
    reach = 0
    for held in (np.flatnonzero(thin), length - 1 - np.flatnonzero(thin)[::-1]):
        gaps = np.flatnonzero(np.diff(held, prepend=-1) > period)
        reach += (int(held[gaps[0] - 1]) + 1 if gaps[0] else 0) if len(gaps) else int(held[-1]) + 1 if len(held) else 0
    return min(length, reach)


def _tuned(line: Shades, usual: Usual) -> float:
    """How much of the changes along a line comes back with the period of the page, above what print has by chance."""
    waves = usual.dashes.waves or usual.ripple
    if not waves or len(line) < WINDOW / waves:
        return 0.0
    parts = max(1, round(len(line) / WINDOW))   # over a long way even a period that is well known falls out of step
    size = len(line) // parts
    level = line[: parts * size].reshape(parts, size).astype(np.float64)
    change = level - level.mean(axis=1, keepdims=True)
    turns = np.arange(size)[:, None] * waves / (WINDOW * np.array(PITCH)[None, :])
    share = np.abs(change @ np.exp(-2j * np.pi * turns)) ** 2 * 2 / size
    return min(1.0, float(share.max(axis=1).sum()) / max(1.0, float((change**2).sum()))) - CHANCE
