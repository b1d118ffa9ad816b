"""How many pixels make an inch: as stated where paper or print bear it out, else as these tell."""

import math
from typing import Final

import cv2
import numpy as np

from parsers.scan.ink import Colours, darkness

SHEETS: Final = (   # inches: width and height
    (8.27, 11.69), (11.69, 16.54), (5.83, 8.27), (6.93, 9.84), (8.5, 11.0), (7.24, 10.24),
)
ALIKE: Final = 0.03      # of a side: the same sheet
A4: Final = SHEETS[0]
STATED: Final = (60.0, 1300.0)   # dpi that a scanner may have
PRINT: Final = (5.0, 17.5)       # points: how high print of forms is
COMMON: Final = (6.5, 15.0)      # points: how high most of it is
USUAL: Final = 10.5      # points: it mostly is
COPY: Final = 1600       # pixels: the longer side of the copy on which print is measured
SIGNS: Final = 30        # fewer tell nothing
PARTS: Final = 5         # pixels of the copy: so near above each other stand the parts of one sign
SHAPE: Final = (0.55, 1.5)       # of its height: the width of a sign
PAPER: Final = 90        # of 255: darker is ink
TALLEST: Final = 0.1     # of the copy: higher is no sign
LEAST: Final = 5         # pixels of the copy: nor is what is lower
SURELY: Final = 0.7      # of all signs, by their height: as high or less
EM: Final = 1.08         # of the height of such signs: that of print


def resolution_of(page: Colours, stated: float | None) -> float:
    """The resolution of a page image.

    Args:
        page: Red, green and blue.
        stated: What its file says, if anything. It is believed of a page that is a usual sheet by
            it, or print of usual height; else the page is A4 where print has that height then,
            and as fine as print tells where it has not.
    """
    height, width = page.shape[:2]
    told = [stated] if stated and STATED[0] <= stated <= STATED[1] else []
    if told and is_sheet(width / told[0], height / told[0]):
        return told[0]
    whole = max(width, height) / A4[1]
    if is_sheet(width / whole, height / whole):
        told.insert(0, whole)
    tall = print_height(page)
    if tall is None:
        return told[0] if told else whole
    for dpi in told:
        if COMMON[0] <= 72 * tall / dpi <= COMMON[1]:   # broken print looks lower than it is
            return dpi
    told += [whole, max(width, height) / A4[0]]   # of a page that was cut off below
    nearest = min(told, key=lambda dpi: abs(math.log(72 * tall / dpi / USUAL)))
    return nearest if PRINT[0] <= 72 * tall / nearest <= PRINT[1] else 72 * tall / USUAL


def is_sheet(width: float, height: float) -> bool:
    """Whether a page of so many inches is a usual sheet of paper, upright or lying."""
    sides = min(width, height), max(width, height)
    return any(all(abs(side / usual - 1) <= ALIKE for side, usual in zip(sides, one, strict=True)) for one in SHEETS)


def print_height(page: Colours) -> float | None:
    """The height of print in pixels, from its full and nearly square signs; None where there are few."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    share = min(1.0, COPY / max(grey.shape))
    if share < 1:
        grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    ink = (darkness(grey, COPY / A4[1]) > PAPER).astype(np.uint8)
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((PARTS, 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, tall = stats[1:count, cv2.CC_STAT_WIDTH], stats[1:count, cv2.CC_STAT_HEIGHT]
    shape = wide / np.maximum(tall, 1)
    tall = tall[(shape > SHAPE[0]) & (shape < SHAPE[1]) & (tall >= LEAST) & (tall <= TALLEST * max(grey.shape))]
    if len(tall) < SIGNS:
        return None
    order = np.sort(tall)
    by_height = np.cumsum(order)   # small marks are many: count signs by their height
    return float(order[np.searchsorted(by_height, by_height[-1] * SURELY)]) * EM / share
