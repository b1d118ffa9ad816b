"""How surely each piece of each edge of a table is drawn: lines may be faint, dotted, broken, under seals."""

from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey
from parsers.scan.strokes import BESIDE, FAINTER, INKED, Traces, level_of, runs_of
from parsers.scan.texture import ASIDE, WINDOW, Usual, comes_back

INSET: Final = 0.018      # inches left out at both ends of a piece of an edge
WOBBLE: Final = 0.014     # inches that an edge may lie beside its place
DRAWN: Final = 0.6        # evidence of a piece: it is drawn
DOTTED: Final = 0.8       # of a piece's length that dots go on along: the same
DASHES: Final = 1.6       # of a dash: what is longer is a stroke of print
HIDDEN: Final = 0.35      # of its evidence that is left to dots that do not reach its ends
LONE: Final = 0.4         # what is so surely alone is no print
CROWDED: Final = 0.08     # what is so little alone is print
FEW: Final = 3            # pixels that hang on a ruling
EDGE: Final = 0.8         # the same of the surest piece of an edge: there is one
CLEAR: Final = 0.6        # of the usual ridge: paper lies on both sides
LEAST_CLEAR: Final = 20   # percentile of it along a piece: print beside it may hide the rest
HANGING: Final = 1.4      # a line that is broken counts by so much of what hangs on its ends
REST: Final = 0.2        # of the usual darkness of rulings: what is left of one
LEAST: Final = 18        # of 255: what is less may shine through from the back
PRINTED: Final = 0.06    # of a piece that has print beside it: it may be print itself
THIN_PART: Final = 0.5   # of what is left that has paper on both sides
DASH: Final = 0.25       # of the usual darkness: a dash
LEAST_DUTY: Final = 0.3  # part of a row of dashes that is inked
MOST_DUTY: Final = 0.8
WEIGHTS: Final = (-6.5, 10.5, 10.8, -10.8, 11.9)   # of none, thin ink, other ink, ink beside, and the ridge
CLEARLY: Final = 1.0     # the odds at which a piece is drawn: print is many, rulings miss few
STUB: Final = 0.25       # of a piece that hangs on the rulings at its ends: a line
SHORTEST: Final = 0.035  # inches of that, at least
STROKE: Final = 0.17      # inches: no stroke of print in a cell is longer
JOINT: Final = 0.035      # inches from the middle of a ruling: what meets it has no paper there
APART: Final = 0.5        # of the darkness of a stroke: what is paler at its joint parts it from the ruling
DETACHED: Final = 0.31    # inches: what is longer and stands apart is a broken line

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Shades = npt.NDArray[np.int16]


def proved(
    xs: Floats, ys: Floats, both: tuple[Traces, Traces], usual: Usual, dpi: float
) -> tuple[Floats, Floats]:
    """The edges of which one piece at least is surely drawn, and the outermost in any case.

    Edges that are none cut others into pieces so short that print fills them: the least sure go first.
    """
    scale = dpi / 72
    for least in (DRAWN, EDGE, EDGE, EDGE):
        across = np.mean(_drawn(both[0], ys * scale, xs * scale, usual, dpi), axis=0)
        down = np.mean(_drawn(both[1], xs * scale, ys * scale, usual, dpi), axis=0)
        keep_y, keep_x = across.max(axis=1) >= least, down.max(axis=1) >= least
        keep_x[[0, -1]] = keep_y[[0, -1]] = True
        if keep_x.all() and keep_y.all() and least == EDGE:
            break
        xs, ys = xs[keep_x], ys[keep_y]
    return xs, ys


def drawn(
    seen: Traces, edges: Floats, marks: Floats, usual: Usual, dpi: float
) -> tuple[Floats, Floats]:
    """How surely each piece (between ``marks``) of each horizontal edge is drawn or the rest of a line, and how alone.

    Edges are in points.
    """
    scale = dpi / 72
    return _drawn(seen, edges * scale, marks * scale, usual, dpi, rests=True)


def _drawn(  # noqa: PLR0913
    seen: Traces, ys: Floats, xs: Floats, usual: Usual, dpi: float, *, rests: bool = False
) -> tuple[Floats, Floats]:
    """How surely each piece (between ``xs``) of each edge (at ``ys``) is drawn: how unbroken, and how alone.

    With ``rests`` the rest of a line counts as one.
    """
    reach = max(1, round(WOBBLE * dpi))
    unbroken, alone = np.zeros((2, len(ys), len(xs) - 1))
    for row, y in enumerate(np.round(ys - 0.5).astype(int)):
        band = slice(max(0, y - reach), y + reach + 1)
        for col, (x0, x1) in enumerate(pairwise(xs)):
            inset = min(INSET * dpi, (x1 - x0) / 4)
            piece = slice(max(0, round(x0 + inset)), round(x1 - inset))
            if seen.even[band, piece].size:
                alone[row, col] = _alone(seen.ridge[band, piece], usual)
                if usual.is_solid:
                    whole = seen.plain[band, round(x0) : round(x1) + 1].max(axis=0)
                    place = _Place(band, piece, _apart(whole, usual, dpi), is_detached(whole, usual, dpi))
                    unbroken[row, col] = _solid_piece(seen, place, usual, dpi, rests=rests)
                else:
                    unbroken[row, col] = _dotted(seen, band, piece, usual, rests=rests)
                    if rests:
                        unbroken[row, col] = _dashed(_profile(seen.plain, band, piece, dpi), usual, unbroken[row, col])
    return unbroken, alone


class _Place(NamedTuple):
    """A piece of an edge: its rows and columns, the ends at which it stands apart, and whether it does as a whole."""

    band: slice
    piece: slice
    apart: tuple[bool, bool]
    detached: bool


def _solid_piece(seen: Traces, place: _Place, usual: Usual, dpi: float, *, rests: bool) -> float:
    """How surely a piece is drawn on a page of solid lines."""
    if place.detached:
        return 0.0
    strip = np.s_[place.band, place.piece]
    sure = _solid(_inked(seen.even[strip], usual), STROKE * dpi, _alone(seen.ridge[strip], usual), place.apart)
    return DRAWN if rests and sure < DRAWN and _left_of_line(seen, place, usual, dpi) else sure


def is_detached(plain: Grey, usual: Usual, dpi: float) -> bool:
    """Whether a stroke between two rulings meets neither, as print in a low row or a narrow column.

    Args:
        plain: How dark it is from the middle of one ruling to that of the other.
        usual: The rulings of the page.
        dpi: Of the page.
    """
    return len(plain) <= DETACHED * dpi and all(_apart(plain, usual, dpi))


def _apart(plain: Grey, usual: Usual, dpi: float) -> tuple[bool, bool]:
    """Whether paper parts what there is at either end of a piece from the ruling there.

    It is asked of darkness that is not evened: evened along the line, print a point away hangs on the ruling.
    """
    joint = max(2, round(JOINT * dpi))
    if len(plain) <= 3 * joint:
        return False, False
    ends = []
    for end in (plain, plain[::-1]):
        level = min(level_of(end[joint : 3 * joint], 75), usual.dark)
        ends.append(level > INKED * usual.dark and end[:joint].min() < APART * level)
    return ends[0], ends[1]


def _inked(strip: Grey, usual: Usual) -> Flags:
    """Where a line along a strip is inked."""
    inked: Flags = _best(strip) > INKED * usual.dark
    return inked


def _best(strip: Grey) -> Grey:
    """The darkest line along a strip."""
    best = int(strip.mean(axis=1).argmax())
    line: Grey = strip[max(0, best - 1) : best + 2].max(axis=0)
    return line


def _profile(dark: Grey, band: slice, piece: slice, dpi: float) -> tuple[Shades, Shades]:
    """How dark the thinnest dark line along a strip is, and what lies beside it, at each of its pixels."""
    beside = round(BESIDE * dpi)
    padded = cv2.copyMakeBorder(
        dark[max(0, band.start - beside) : band.stop + beside, piece],
        max(0, beside - band.start), max(0, band.stop + beside - len(dark)), 0, 0, cv2.BORDER_CONSTANT, value=0,
    ).astype(np.int16)
    count = band.stop - band.start
    line, above, below = (padded[start : start + count] for start in (beside, 0, 2 * beside))
    flank = np.maximum(above, below)
    best = int((line - flank).mean(axis=1).argmax())
    near = slice(max(0, best - 1), best + 2)
    return line[near].max(axis=0), flank[near].max(axis=0)


def _dashed(profile: tuple[Shades, Shades], usual: Usual, ridge: float) -> float:
    """How surely a row of dashes has this profile; ``ridge`` is what the ridge alone says.

    The weights were fitted to 7,500 pieces of drawn pages of 150 dpi, of which they take 20 wrongly.
    """
    line, flank = profile
    rest = max(LEAST, DASH * usual.dark)
    inked, is_thin, beside = line > rest, line - flank > rest, flank > rest
    duty = min(max(usual.dash * usual.dashes.waves / WINDOW, LEAST_DUTY), MOST_DUTY)
    signs = (1.0, float(np.mean(is_thin)) / duty, float(np.mean(inked & ~is_thin)), float(np.mean(beside)),
             ridge)
    odds = float(np.dot(WEIGHTS, signs))
    return float(np.interp(odds, (WEIGHTS[0], CLEARLY, -WEIGHTS[0]), (0.0, DRAWN, 1.0)))


def _dotted(seen: Traces, band: slice, piece: slice, usual: Usual, *, rests: bool) -> float:
    """How surely a dotted line runs there: from ruling to ruling, and not in strokes longer than dashes are."""
    held = seen.ridge[band, piece].max(axis=0) > FAINTER * usual.ridge
    period = WINDOW / usual.dashes.waves if usual.dashes.waves else 0.0
    end = max(1, len(held) // 12, min(round(period / 2) + 2, len(held) // 3))
    share = float(np.mean(held))
    longest = max([high - low for low, high in runs_of(_inked(seen.even[band, piece], usual))], default=0)
    is_print = longest > DASHES * usual.dash   # or fine dashes, which run together where they are evened
    if is_print and not rests and len(held) >= WINDOW // 2:
        is_bare = seen.ridge[band, piece].max(axis=0) > ASIDE * usual.dark
        is_print = not comes_back(_best(seen.plain[band, piece]), float(np.mean(is_bare)), usual.dashes)
    if is_print or not (held[:end].any() and held[-end:].any()):
        share *= HIDDEN
    return float(np.interp(share, (0.0, DOTTED, 1.0), (0.0, DRAWN, 1.0)))


def _alone(ridge: Grey, usual: Usual) -> float:
    """How surely paper lies on both sides of it: no row of print has that for long."""
    best = int(ridge.mean(axis=1).argmax())
    along = ridge[max(0, best - 1) : best + 2].max(axis=0)
    return min(1.0, level_of(along, LEAST_CLEAR) / (CLEAR * usual.ridge))


def _solid(inked: Flags, stroke: float, alone: float, apart: tuple[bool, bool]) -> float:
    """How surely a solid line runs there, however often it is broken.

    What hangs on the rulings at its ends is a line, and so is what is longer than a ``stroke`` of
    print, in pixels: print does not reach from one ruling to the next. Where paper lies surely on both
    sides of it (``alone``) the rest is a line too; where print does, only what hangs is. ``apart`` are
    the ends at which nothing hangs, close though it comes.
    """
    runs = runs_of(inked)
    hangs = (inked[:FEW].all() and not apart[0]) or (inked[-FEW:].all() and not apart[1])
    long = len(inked) if alone < CROWDED else 0.0 if hangs and alone >= LONE else stroke
    line = sum(high - low for low, high in runs if high - low >= long or _hangs(low, high, len(inked), apart))
    return min(1.0, HANGING * line / len(inked))


def _hangs(low: int, high: int, length: int, apart: tuple[bool, bool]) -> bool:
    """Whether a run hangs on a ruling at an end of its piece."""
    return (low == 0 and not apart[0]) or (high == length and not apart[1])


def _left_of_line(seen: Traces, place: _Place, usual: Usual, dpi: float) -> bool:
    """Whether what little there is must be the rest of a line: faint but whole, or a stub with nothing behind it.

    A line that was rubbed out, or failed to print, leaves paper; where there never was one there is
    paper from end to end, or print, which has print beside it.
    """
    rest = max(LEAST, REST * usual.dark)
    line, flank = _profile(seen.even, place.band, place.piece, dpi)
    inked, is_thin = line > rest, line - flank > rest
    hangs = np.zeros_like(inked)
    for low, high in runs_of(inked):
        hangs[low:high] = _hangs(low, high, len(inked), place.apart)
    stub = int(hangs.sum())
    if np.mean(inked & ~hangs) > PRINTED or not stub or np.mean(is_thin[hangs]) < THIN_PART:
        return False
    return stub >= max(STUB * len(inked), SHORTEST * dpi)
