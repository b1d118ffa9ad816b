"""A cell that seems empty, looked at again: print so faint, or so mixed with a seal, that it was set aside."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey

DARK: Final = 0.1         # of full ink: ink, in a cell that holds no darker
NOISE: Final = 10.0       # deviations of the noise of its paper: the same
LAG: Final = 2            # pixels between two that are compared for it
DEVIATION: Final = 0.954  # of noise: the median difference between two of its values
SMALLEST: Final = 0.6     # of the height of print: no smaller cell holds any
TALL: Final = 0.55        # of it: figures are at least so high
FULL: Final = 0.65        # of it: and one of them so high
LONG: Final = 0.4         # of it: a flat stroke that is no shorter is a dash
LOW: Final = 0.28         # of it: and no higher
APART: Final = 0.7        # of it: figures of one number stand no farther from each other
CLOSE: Final = 0.3        # of it: nor do its parts stand farther from it
PART: Final = 0.15        # of the ink of the darkest figure: parts have no less
CLEAR: Final = 2.5        # times as much ink as in any other mark of the cell: what is left of seals is many marks
FEWEST: Final = 4         # pixels: nor does any so small, whatever is printed on its page
EDGE: Final = 1           # pixels at the top and the bottom of a cell: what touches them goes beyond it

Flags = npt.NDArray[np.bool_]
Box = tuple[int, int, int, int]


class _Mark(NamedTuple):
    label: int
    x0: int
    top: int
    x1: int
    bottom: int
    ink: float


def faint_print(dark: Grey, signs: Flags, boxes: Iterable[Box], height: float) -> Flags:
    """What may be print in cells that hold none: one clear row of figures, or one long flat stroke.

    Args:
        dark: The page, dirt taken away, 255 for full ink.
        signs: What is print for sure.
        boxes: The cells.
        height: Of print.
    """
    found = np.zeros_like(signs)
    for x0, top, x1, bottom in boxes:
        part = np.s_[top + EDGE : bottom - EDGE, x0:x1]
        if min(x1 - x0, bottom - top) < max(SMALLEST * height, FEWEST) or signs[top:bottom, x0:x1].any():
            continue
        if int(dark[part].max(initial=0)) > DARK * 255:
            soft = cv2.GaussianBlur(dark[part], (3, 3), 0.8)
            noise = float(np.median(cv2.absdiff(soft[:, LAG:], soft[:, :-LAG]))) / DEVIATION
            found[part] |= _print(soft, max(DARK * 255, NOISE * noise), height)
    return found


def _print(soft: Grey, least: float, height: float) -> Flags:
    """The clearest print in a cell, if it is clear."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((soft > least).astype(np.uint8), connectivity=8)
    ink = np.bincount(labels.ravel(), soft.ravel().astype(np.float64), count)
    marks = [_Mark(n, x, y, x + w, y + h, float(ink[n])) for n, (x, y, w, h, _) in enumerate(stats.tolist()) if n]
    whole = [mark for mark in marks if mark.top > 0 and mark.bottom < soft.shape[0]]
    rows = [*_figures(whole, height), *([mark] for mark in whole if _is_stroke(mark, height))]
    best = max(rows, key=lambda row: sum(mark.ink for mark in row), default=[])
    own = {mark.label for mark in _with_parts(best, whole, height)}
    others = max((mark.ink for mark in marks if mark.label not in own), default=0.0)
    if not best or sum(mark.ink for mark in best) < CLEAR * others:
        return np.zeros(soft.shape, bool)
    return np.isin(labels, list(own))


def _figures(marks: list[_Mark], height: float) -> list[list[_Mark]]:
    """Marks as high as figures, those of one number together."""
    rows: list[list[_Mark]] = []
    for mark in sorted([mark for mark in marks if TALL * height <= mark.bottom - mark.top], key=lambda mark: mark.x0):
        middle = (mark.top + mark.bottom) / 2
        row = next((row for row in rows if mark.x0 - row[-1].x1 <= APART * height
                    and row[-1].top < middle < row[-1].bottom), None)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    return [row for row in rows if max(mark.bottom - mark.top for mark in row) >= FULL * height]


def _with_parts(row: list[_Mark], marks: list[_Mark], height: float) -> list[_Mark]:
    """A row with what stands in it close by: parts of figures that are broken."""
    if not row or _is_stroke(row[0], height):
        return row
    top, bottom = min(mark.top for mark in row), max(mark.bottom for mark in row)
    least = PART * max(mark.ink for mark in row)
    parts = [mark for mark in marks if mark.ink >= least and top <= (mark.top + mark.bottom) / 2 <= bottom]
    x0, x1 = min(mark.x0 for mark in row), max(mark.x1 for mark in row)
    for _ in parts:
        near = [mark for mark in parts if mark.x1 >= x0 - CLOSE * height and mark.x0 <= x1 + CLOSE * height]
        x0, x1 = min([x0, *(mark.x0 for mark in near)]), max([x1, *(mark.x1 for mark in near)])
    return [mark for mark in parts if mark.x0 >= x0 and mark.x1 <= x1]


def _is_stroke(mark: _Mark, height: float) -> bool:
    return mark.x1 - mark.x0 >= LONG * height and mark.bottom - mark.top <= LOW * height
