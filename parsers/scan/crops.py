"""Where print stands → its text lines, cut out of the page."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey

INKED: Final = 0.32       # of full ink: print
UNDER_SEAL: Final = 0.55  # the same where a seal was taken away
SPECK: Final = 0.012      # inches: smaller marks are dirt
RULE: Final = 0.055       # inches from the side of a cell within which a ruling may lie
FAINTEST: Final = 0.22    # of full ink: a ruling
RULED: Final = 0.75       # of a side that is inked: a ruling
DRIFT: Final = 2          # pixels that it may run askew by
MARGIN: Final = 0.02      # inches around a line that are cut out with it
SMALLEST: Final = 5.5     # points: print is not lower
LARGEST: Final = 17.0     # nor, within a table, higher
FLAT: Final = 0.62        # of the height of print: a lower run of rows may be a part of a line
TIGHT: Final = 1.22       # of it: parts together are not higher
TALL: Final = 1.55        # of it: a higher run of rows is lines that touch
NARROW: Final = 1.45      # of it: a line that is no wider is one character

Flags = npt.NDArray[np.bool_]
Run = tuple[int, int]


class LineBox(NamedTuple):
    """A line of print, in pixels; ``parts`` are the places of characters that stand one below the other."""

    x0: int
    top: int
    x1: int
    bottom: int
    parts: tuple[tuple[int, int, int, int], ...] = ()


def inked(dark: Grey, sealed: Grey | None, dpi: float) -> Flags:
    """Which pixels are print, specks of dirt and the rests of seals left out."""
    even = cv2.blur(dark, (3, 3))
    mask = (even > INKED * 255).astype(np.uint8)
    if sealed is not None:
        mask[(sealed > 0) & (even < UNDER_SEAL * 255)] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    small = np.maximum(stats[:count, cv2.CC_STAT_WIDTH], stats[:count, cv2.CC_STAT_HEIGHT]) < max(3, SPECK * dpi)
    small[0] = True
    kept: Flags = ~small[labels]
    return kept


def inner(dark: Grey, box: Sequence[float], dpi: float) -> tuple[int, int, int, int]:
    """A cell without the rulings along its sides."""
    height, width = dark.shape
    x0, top = max(0, round(box[0])), max(0, round(box[1]))
    x1, bottom = min(width, round(box[2])), min(height, round(box[3]))
    reach = max(2, round(RULE * dpi))
    part = dark[top:bottom, x0:x1] > FAINTEST * 255
    if not part.size:
        return x0, top, x0, top
    rows, cols = _ruled(part), _ruled(part.T)
    least = max(1, reach // 4)
    up, down = _margin(rows[:reach], least), _margin(rows[::-1][:reach], least)
    left, right = _margin(cols[:reach], least), _margin(cols[::-1][:reach], least)
    return x0 + left, top + up, max(x0 + left, x1 - right), max(top + up, bottom - down)


def _ruled(part: Flags) -> Flags:
    """Which rows hold a piece of a ruling; it may drift by two."""
    padded = np.concatenate([part, np.zeros((DRIFT, part.shape[1]), bool)])
    drifting = np.any([padded[shift : shift + len(part)] for shift in range(DRIFT + 1)], axis=0).mean(axis=1) > RULED
    flags: Flags = drifting & (part.mean(axis=1) > RULED / 4)
    return flags


def _margin(flags: Flags, least: int) -> int:
    found = np.flatnonzero(flags)
    return int(found[-1]) + 2 if len(found) else least


def runs_of(flags: Flags) -> list[Run]:
    """Where flags are set, from-to."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(low), int(high)) for low, high in zip(steps[::2], steps[1::2], strict=True)]


def usual_height(mask: Flags, boxes: Sequence[tuple[int, int, int, int]], dpi: float) -> float:
    """The height of print in cells, in pixels: the median over their runs of inked rows."""
    heights = [
        high - low
        for x0, top, x1, bottom in boxes
        for low, high in runs_of(np.any(mask[top:bottom, x0:x1], axis=1))
        if SMALLEST * dpi / 72 <= high - low <= LARGEST * dpi / 72
    ]
    return float(np.median(heights)) if heights else 10.5 * dpi / 72


def lines_in(mask: Flags, box: tuple[int, int, int, int], height: float) -> list[LineBox]:
    """The lines of print within a box, from top to bottom; ``height`` is that of print."""
    x0, top, x1, bottom = box
    part = mask[top:bottom, x0:x1]
    if not part.any():
        return []
    lines = []
    for low, high in _rows(part, height):
        cols = np.flatnonzero(part[low:high].any(axis=0))
        if len(cols):
            lines.append(LineBox(x0 + int(cols[0]), top + low, x0 + int(cols[-1]) + 1, top + high))
    return _upright(lines, x1 - x0, height)


def _rows(part: Flags, height: float) -> list[Run]:
    """The rows of each line: parts of one joined, lines that touch cut."""
    runs: list[Run] = []
    for low, high in runs_of(np.any(part, axis=1)):
        if runs and high - runs[-1][0] <= TIGHT * height and (
            high - low < FLAT * height or runs[-1][1] - runs[-1][0] < FLAT * height
        ):
            runs[-1] = (runs[-1][0], high)
        else:
            runs.append((low, high))
    return [piece for run in runs for piece in _cut(part, run, height)]


def _cut(part: Flags, run: Run, height: float) -> list[Run]:
    """A run of rows that holds several lines, cut where the least ink is."""
    low, high = run
    if high - low < TALL * height:
        return [run]
    ink = part[low:high].sum(axis=1)
    reach = max(1, round(0.35 * height))
    middle = round(1.1 * height)
    at = max(1, middle - reach) + int(ink[max(1, middle - reach) : middle + reach].argmin())
    if ink[at] > 0.5 * np.median(ink):
        return [run]
    return [(low, low + at), *_cut(part, (low + at, high), height)]


def _upright(lines: list[LineBox], width: int, height: float) -> list[LineBox]:
    """Characters that stand one below the other in a narrow cell, as one line."""
    if len(lines) < 2 or any(line.x1 - line.x0 > NARROW * height for line in lines) or width > 4 * height:  # noqa: PLR2004
        return lines
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    parts = tuple([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    return [LineBox(x0, lines[0].top, x1, lines[-1].bottom, parts)]


def cut_out(page: Grey, line: LineBox, dpi: float, paper: int = 255) -> Grey:
    """The image of a line, a little paper around it."""
    pad = max(2, round(MARGIN * dpi))
    if not line.parts:
        return page[max(0, line.top - pad) : line.bottom + pad, max(0, line.x0 - pad) : line.x1 + pad]
    tall = max(bottom - top for _, top, _, bottom in line.parts)
    pieces = []
    for x0, top, x1, bottom in line.parts:
        piece = page[top:bottom, x0:x1]
        more = tall - piece.shape[0]
        pieces.append(cv2.copyMakeBorder(piece, more // 2 + pad, more - more // 2 + pad, pad, pad,
                                         cv2.BORDER_CONSTANT, value=paper))
    return np.concatenate(pieces, axis=1)
