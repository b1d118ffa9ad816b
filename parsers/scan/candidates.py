"""Strokes of a page → those that are rulings: long ones, and what runs from ruling to ruling."""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.evidence import is_detached
from parsers.scan.ink import Grey
from parsers.scan.strokes import FAINTER, INKED, THICK, Stroke, Traces, runs_of, strokes
from parsers.scan.texture import Usual, bare, comes_back, is_ruling, unevenness

LONG: Final = 0.45        # inches: a stroke that is a ruling whatever it meets
SHORT: Final = 0.14       # inches: one that is a ruling where it meets others at both ends
MEETS: Final = 0.05       # inches between the end of a stroke and what it meets
LOW: Final = 0.46         # inches: lines that cross a lower row only may be no strokes
LOW_ENOUGH: Final = 0.7   # inches: rows in which strokes are looked at that are no rulings by themselves
TOUCH: Final = 0.01       # inches between two rulings and what reaches from one to the other
GAP: Final = 3.0          # inches that a broken line may be gone for
ASKEW: Final = 2.0        # points by which it may go on elsewhere
SURE: Final = 1.0         # inches: no row of print passes for so long a ruling
PART: Final = 0.55        # of the usual response of the page's rulings: a shorter stroke that is fainter is none
ALIKE: Final = 3          # lines that end alike: a row goes on there
WHOLE: Final = 0.91       # of the height of a low row: a line from ruling to ruling
ROUGH: Final = 0.33       # the unevenness of a short line
STANDS_OUT: Final = 0.2   # of the usual darkness of rulings that a stroke in a row is darker than what is beside it
STROKES: Final = 6        # of a row that are looked at: few are as dark from ruling to ruling as a line is
UNBROKEN: Final = 0.85    # of a stroke that is inked, where rulings are solid

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def rulings_of(both: tuple[Traces, Traces], usual: Usual, dpi: float) -> tuple[Floats, Floats]:
    """The horizontal and the vertical rulings of a page, as in `parsers.page`, in points."""
    h, v = [_lines(strokes(seen, SHORT * dpi, FAINTER * usual.strength), usual, dpi) for seen in both]
    h, v = _meeting(h, v, LONG)
    return h, np.concatenate([v, _between_low(h, both[1], usual, dpi), _hanging(h, both[1], usual, dpi)])


def _lines(pieces: list[Stroke], usual: Usual, dpi: float) -> Floats:
    """Strokes as rows (place, start, end), in points; without rows of print and what is faint for its length."""
    rows = [
        (float(np.median(one.across)) + 0.5, one.along[0], one.along[-1] + 1.0)
        for one in pieces if (_is_line if len(one.along) >= LONG * dpi else _may_be_line)(one, usual, dpi)
    ]
    return np.array(rows, np.float64).reshape(-1, 3) * 72 / dpi


def _is_line(one: Stroke, usual: Usual, dpi: float) -> bool:
    return is_ruling(one, usual.dashes, dpi)


def _may_be_line(one: Stroke, usual: Usual, dpi: float) -> bool:
    """Whether a short stroke is as dark as rulings are, and as unbroken where they are lines."""
    if one.strength < PART * usual.strength:
        return False
    is_whole = bool(np.mean(one.dark > INKED * usual.dark) >= UNBROKEN) and unevenness(one.plain, dpi) <= ROUGH
    return is_whole or (not usual.is_solid and comes_back(one.plain, bare(one), usual.dashes))


def _meeting(h: Floats, v: Floats, long: float) -> tuple[Floats, Floats]:
    """The strokes that are long, and of the short ones those that run from ruling to ruling.

    Print has strokes too, and those of one character meet each other.
    """
    sure_h, sure_v = _is_long(h, long), _is_long(v, long)
    while True:
        more_h = sure_h | _runs_between(h, v[sure_v])
        more_v = sure_v | _runs_between(v, h[more_h])
        if (more_h == sure_h).all() and (more_v == sure_v).all():
            return h[sure_h], v[sure_v]
        sure_h, sure_v = more_h, more_v


def _is_long(lines: Floats, long: float) -> Flags:
    held: Flags = lines[:, 2] - lines[:, 1] >= 72 * long
    return held


def _runs_between(lines: Floats, others: Floats) -> Flags:
    """Which lines begin and end at others; at one end it may be faded, and go on a little only."""
    near = 72 * MEETS
    others = _bridged(others)
    met, faded = [
        (others[None, :, 1] - reach <= lines[:, :1]) & (lines[:, :1] <= others[None, :, 2] + reach)
        for reach in (near, 72 * GAP)
    ]
    starts, ends = [np.abs(others[None, :, 0] - lines[:, at : at + 1]) <= near for at in (1, 2)]
    one = (met & starts).any(axis=1) & (faded & ends).any(axis=1)
    held: Flags = np.logical_or(one, (faded & starts).any(axis=1) & (met & ends).any(axis=1))
    return held


def _bridged(lines: Floats) -> Floats:
    """Lines that go on behind a gap, with the gap."""
    bridges = [
        (place, end, start)
        for place, _, end in lines.tolist() for other, start, _ in lines.tolist()
        if abs(place - other) <= ASKEW and 0 < start - end < 72 * GAP
    ]
    return np.concatenate([lines, np.array(bridges, np.float64).reshape(-1, 3)])


def _between_low(h: Floats, seen: Traces, usual: Usual, dpi: float) -> Floats:
    """The vertical lines between two long horizontal ones that lie close together."""
    points = 72 / dpi
    h = h[np.argsort(h[:, 0])][_is_long(h[np.argsort(h[:, 0])], SURE)]
    found = []
    for (top, x0, x1), (bottom, low, high) in pairwise(h.tolist()):
        if min(x1, high) - max(x0, low) > 72 * SURE:
            box = (min(x0, low) / points - 2, top / points, max(x1, high) / points + 2, bottom / points)
            found += [(x * points, top, bottom) for x in crossing(seen, box, usual, dpi)]
    return np.array(found, np.float64).reshape(-1, 3)


def _hanging(h: Floats, seen: Traces, usual: Usual, dpi: float) -> Floats:
    """The vertical lines of a row that a page break left open: several end alike beyond the first or last ruling."""
    points = 72 / dpi
    long = h[_is_long(h, SURE)]
    if not len(long) or not usual.is_solid:
        return np.zeros((0, 3))
    found = []
    for at, step in ((int(long[:, 0].argmin()), -1), (int(long[:, 0].argmax()), 1)):
        place, x0, x1 = (long[at] / points).tolist()
        first, low = round(place + 2 * step), max(0, round(x0) - 3)
        rows = np.arange(first, first + step * round(LOW * dpi), step)
        rows = rows[(rows >= 0) & (rows < seen.even.shape[1])]
        strip = seen.even[low : round(x1) + 4][:, rows] > INKED * usual.dark
        if not strip.size:   # the ruling lies on the rim of the page
            continue
        reach = np.where(strip.all(axis=1), 0, strip.argmin(axis=1))   # pixels that hang on the ruling
        ends = reach[reach >= SHORT * dpi]
        if not len(ends):
            continue
        end = int(np.median(ends))
        alike = runs_of(np.abs(reach - end) <= MEETS / 2 * dpi)
        lines = [low + (start + stop) / 2 for start, stop in alike if stop - start < THICK * dpi]
        if len(lines) >= ALIKE:
            edges = sorted([place, place + step * end])
            found += [(x * points, edges[0] * points, edges[1] * points) for x in lines]
    return np.array(found, np.float64).reshape(-1, 3)


def crossing(seen: Traces, box: tuple[float, float, float, float], usual: Usual, dpi: float) -> list[float]:
    """Where vertical lines cross a low row, in pixels: no print reaches from ruling to ruling."""
    x0, top, x1, bottom = box
    inset = min(TOUCH * dpi, (bottom - top) / 4)
    low, rows = max(0, round(x0)), slice(max(0, round(top + inset)), round(bottom - inset))
    if bottom - top >= LOW * dpi or not seen.even[low:, rows].size:
        return []
    inked = np.mean(_drifting(seen.even[low : round(x1) + 1, rows] > INKED * usual.dark), axis=1) >= WHOLE
    alone = np.mean(_drifting(seen.ridge[low : round(x1) + 1, rows] > usual.ridge * FAINTER), axis=1) >= WHOLE
    whole = seen.plain[low : round(x1) + 1, max(0, round(top)) : round(bottom) + 1]
    plain = seen.plain[low : round(x1) + 1, rows]
    return [
        low + (first + last) / 2 for first, last in runs_of(np.logical_and(inked, alone))
        if _is_drawn(plain[max(0, first - 1) : last + 1].max(axis=0), usual, dpi)
        and not (usual.is_solid and is_detached(whole[max(0, first - 1) : last + 1].max(axis=0), usual, dpi))
    ]


def _is_drawn(plain: Grey, usual: Usual, dpi: float) -> bool:
    """Whether a short stroke is even as lines are, or comes back as dashes do."""
    return unevenness(plain, dpi) <= ROUGH or (not usual.is_solid and comes_back(plain, 1.0, usual.dashes))


def _drifting(flags: Flags) -> Flags:
    """Flags that are set there or beside: lines may run a little askew."""
    held = flags.copy()
    held[1:] |= flags[:-1]
    held[:-1] |= flags[1:]
    return held


def upright_in(plain: Grey, xs: Floats, row: tuple[float, float], usual: Usual, dpi: float) -> list[float]:
    """Where in a row, away from the edges ``xs``, the darkest upright strokes stand that have paper beside them.

    All are points; ``plain`` is the transposed page.
    """
    x0, x1, top, bottom = [round(edge * dpi / 72) for edge in (xs[0], xs[-1], *row)]
    rim = max(2, round(usual.width / 2) + 1)
    strip = plain[max(0, x0) : x1, top + rim : max(top + rim, bottom - rim)]
    if strip.shape[0] < 3 or not strip.shape[1]:  # noqa: PLR2004  no stroke and what is beside it
        return []
    level = cv2.blur(strip.mean(axis=1, dtype=np.float32)[:, None], (1, 3)).ravel()
    beside = round(usual.width / 2) + 3
    padded = np.pad(level, beside)
    contrast = level - np.maximum(padded[: -2 * beside], padded[2 * beside :])
    for at in np.round(xs * dpi / 72).astype(int) - max(0, x0):
        contrast[max(0, at - round(MEETS * dpi)) : at + round(MEETS * dpi) + 1] = 0
    found: list[float] = []
    while len(found) < STROKES and contrast.max() >= STANDS_OUT * usual.dark:
        at = int(contrast.argmax())
        found.append((max(0, x0) + at + 0.5) * 72 / dpi)
        contrast[max(0, at - beside) : at + beside + 1] = 0
    return found
