"""Two upright pages side by side on one image, as booklets are scanned: where they part."""

from typing import Final

import cv2
import numpy as np

from parsers.scan.ink import Colours, Grey, darkness
from parsers.scan.strokes import Flags, runs_of
from parsers.spreads import GUTTER, MIDDLE, WIDER

SIGHT: Final = 100.0     # dpi of the copy that is looked at
INK: Final = 80          # of 255
FAINT: Final = 16        # of 255: a line that crosses the middle
LONG: Final = 0.3        # inches of it
SPECK: Final = 0.05      # inches: smaller marks are dirt
FOLDED: Final = 0.5      # of the height that is dark: the fold, or the shadow in it
WIDEST: Final = 0.5      # inches of it
BESIDE: Final = 0.03     # inches at either side of a fold
FILLED: Final = 0.002    # of a leaf that is inked: it holds print


def leaves_of(page: Colours, dpi: float) -> tuple[Colours, ...]:
    """The page, or the left and the right one of a spread.

    What goes across the middle, be it a faint line, holds a page together.
    """
    height, width = page.shape[:2]
    if width <= WIDER * height:
        return (page,)
    share = min(1.0, SIGHT / dpi)
    small = cv2.resize(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    gutter = _gutter(darkness(small, dpi * share), dpi * share)
    if gutter is None:
        return (page,)
    left, right = (round(edge / share) for edge in gutter)
    return np.ascontiguousarray(page[:, :left]), np.ascontiguousarray(page[:, right:])


def _gutter(dark: Grey, dpi: float) -> tuple[int, int] | None:
    """Where the left leaf ends and the right one begins, without the fold between them."""
    width = dark.shape[1]
    near = slice(round(width * (0.5 - MIDDLE)), round(width * (0.5 + MIDDLE)))
    fold = np.zeros(width, bool)
    fold[near] = (dark[:, near] > INK).mean(axis=0) >= FOLDED
    fold &= fold.sum() <= WIDEST * dpi
    beside = np.ones(2 * max(1, round(BESIDE * dpi)) + 1)
    wide_fold = np.convolve(fold, beside)[len(beside) // 2 :][:width] > 0
    print_ = _print(dark, dpi)
    taken = print_.any(axis=0) & ~wide_fold
    for start, end in runs_of(~taken):
        middle = (start + end) / 2
        if end - start < GUTTER * dpi / 72 or not near.start <= middle <= near.stop:
            continue
        folds = np.flatnonzero(fold[start:end])
        if len(folds):
            return start + int(folds[0]), start + int(folds[-1]) + 1
        if start > 0 and end < width and min(print_[:, :start].mean(), print_[:, end:].mean()) >= FILLED:
            return round(middle), round(middle)
    return None


def _print(dark: Grey, dpi: float) -> Flags:
    """Where ink is, dirt left out, and lines that lie, however faint."""
    ink = (dark > INK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = np.maximum(stats[:count, cv2.CC_STAT_WIDTH], stats[:count, cv2.CC_STAT_HEIGHT]) >= SPECK * dpi
    kept[0] = False
    along = np.ones((1, round(LONG * dpi)), np.uint8)
    lying = cv2.morphologyEx(cv2.blur(dark, (9, 2)), cv2.MORPH_OPEN, along) > FAINT
    found: Flags = kept[labels] | lying
    return found
