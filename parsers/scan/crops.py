"""Where print stands → its text lines, cut out of the page."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey
from parsers.scan.paled import darkness_beside, paled
from parsers.scan.strokes import runs_of

INKED: Final = 0.26       # of full ink: the rim of print
STRONG: Final = 0.45      # the same of its middle
FAINTEST: Final = 0.4     # of full ink: print that fades out is no paler
DARKEST: Final = 0.85     # of full ink: print under a seal is surely as dark
SEALED: Final = 1.5       # of print beside it, where a seal was taken away: what is paler is the rest of it
FADING: Final = 0.22      # inches within which print fades alike
GRAIN: Final = 26.0       # deviations of the paper's noise hereabouts: print is no paler than so many
STRONGEST: Final = 0.85   # of full ink: what is darker is print in any noise
TILE: Final = 0.6         # inches that the noise is measured over
LAG: Final = 2            # pixels between two that are compared for it
DEVIATION: Final = 0.954  # of noise: the median difference between two of its values
FLATTER: Final = 1.4      # times as wide as high: a dash
SPECK: Final = 0.012      # inches: smaller marks are dirt
SIGN: Final = 0.032       # inches: smaller marks are print only beside print
SHORT_DASH: Final = 0.75  # of it: the same of flat ones, dashes of small print
BESIDE: Final = 1.2       # of the height of print: so near
AHEAD: Final = 0.6         # of it: so near before a line
MARGIN: Final = 0.02      # inches around a line that are cut out with it
SMALLEST: Final = 5.5     # points: print is not lower
LARGEST: Final = 17.0     # nor, within a table, higher
FLAT: Final = 0.62        # of the height of print: a lower run of rows may be a part of a line
TIGHT: Final = 1.22       # of it: parts together are not higher
TALL: Final = 1.55        # of it: a higher run of rows is lines that touch
NARROW: Final = 1.45      # of it: a line that is no wider is one character
LOWER: Final = 0.88       # of it: a line that is no higher, wider than high and in parts is figures, and no character
FEW: Final = 6            # pixels: a run of rows that is no higher is one line

Flags = npt.NDArray[np.bool_]
Run = tuple[int, int]


class LineBox(NamedTuple):
    """A line of print, in pixels; ``parts`` are the places of characters that stand one below the other."""

    x0: int
    top: int
    x1: int
    bottom: int
    parts: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Its width and its height."""
        return self.x1 - self.x0, self.bottom - self.top


class Inked(NamedTuple):
    """Which pixels are print: ``signs`` for sure, ``all`` with what may be points, or dirt."""

    signs: Flags
    all: Flags

    def without(self, taken: Flags) -> "Inked":
        """What is left of it."""
        return Inked(self.signs & ~taken, self.all & ~taken)


def inked(dark: Grey, sealed: Grey | None, dpi: float) -> Inked:
    """Which pixels are print, specks of dirt and the rests of seals left out."""
    soft = cv2.GaussianBlur(dark, (3, 3), 0.8)
    least = np.full_like(dark, round(FAINTEST * 255))
    level = None if sealed is None else darkness_beside(soft, sealed, dpi)
    if sealed is not None and level is not None:
        under = np.clip(cv2.convertScaleAbs(level, alpha=SEALED), round(FAINTEST * 255), round(DARKEST * 255))
        least = np.where(sealed > 0, under, least)
    least = np.maximum(least, _grain(soft, dpi))
    full = np.maximum(_around(soft, dpi), least).astype(np.float32)
    rim, middle = soft > INKED * full, soft > STRONG * full
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rim.astype(np.uint8), connectivity=8)
    wide, tall = stats[:count, cv2.CC_STAT_WIDTH], stats[:count, cv2.CC_STAT_HEIGHT]
    sizes = np.maximum(wide, tall)
    is_dash = np.logical_and(wide >= FLATTER * tall, wide >= max(FEW, SHORT_DASH * SIGN * dpi))
    good = np.zeros(count, bool)
    good[labels[middle]] = True
    good[0] = False
    marks = Inked((good & (is_dash | (sizes >= SIGN * dpi)))[labels], (good & (sizes >= max(3, SPECK * dpi)))[labels])
    if sealed is None or level is None:
        return marks
    pale = paled(soft, level, marks.signs, sealed, dpi)
    return Inked(marks.signs | pale, marks.all | pale)


def usual_height(mask: Flags, boxes: Sequence[tuple[int, int, int, int]], dpi: float) -> float:
    """The height of print in cells, in pixels: the median over their runs of inked rows."""
    heights = [
        high - low
        for x0, top, x1, bottom in boxes
        for low, high in runs_of(np.any(mask[top:bottom, x0:x1], axis=1))
        if SMALLEST * dpi / 72 <= high - low <= LARGEST * dpi / 72
    ]
    return float(np.median(heights)) if heights else 10.5 * dpi / 72


def _grain(soft: Grey, dpi: float) -> Grey:
    """How dark print is at least where paper is noisy: in the shade its noise is as dark as faint print elsewhere."""
    height, width = soft.shape
    step = max(LAG + 1, min(round(TILE * dpi), height, width))
    rows, cols = height // step, width // step
    tiles = soft[: rows * step, : cols * step].reshape(rows, step, cols, step)
    change = cv2.absdiff(tiles[..., LAG:].copy(), tiles[..., :-LAG].copy())
    noise = np.median(change.reshape(rows, step, cols, -1), axis=(1, 3)) / DEVIATION
    floor = np.clip(GRAIN * cv2.blur(noise.astype(np.float32), (3, 3)), 0, 255 * STRONGEST).astype(np.uint8)
    return cv2.resize(floor, (width, height), interpolation=cv2.INTER_LINEAR)


def _around(soft: Grey, dpi: float) -> Grey:
    """How dark print is hereabouts."""
    height, width = soft.shape
    step = max(1, min(round(dpi / 50), height, width))
    tiles = soft[: height - height % step, : width - width % step]
    small = np.ascontiguousarray(tiles.reshape(height // step, step, width // step, step).max(axis=(1, 3)))
    reach = max(3, round(FADING * dpi / step) | 1)
    peaks = cv2.blur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), (reach, reach))
    return cv2.resize(peaks, (width, height), interpolation=cv2.INTER_LINEAR)


def lines_in(ink: Inked, box: tuple[int, int, int, int], height: float) -> list[LineBox]:
    """The lines of print within a box, from top to bottom; ``height`` is that of print."""
    x0, top, x1, bottom = box
    part: Flags = ink.signs[top:bottom, x0:x1]
    fine: Flags = ink.all[top:bottom, x0:x1]
    if not part.any():
        return []
    lines = []
    for low, high in _rows(part, height):
        cols = np.flatnonzero(part[low:high].any(axis=0))
        if len(cols):
            first, last = _with_points(np.any(fine[low:high], axis=0), int(cols[0]), int(cols[-1]) + 1, BESIDE * height)
            lines.append(LineBox(x0 + first, top + low, x0 + last, top + high))
    shapes = [part[line.top - top : line.bottom - top, line.x0 - x0 : line.x1 - x0] for line in lines]
    if any(_is_figures(shape, height) for shape in shapes):
        return lines
    return _upright(lines, x1 - x0, height)


def _with_points(fine: Flags, first: int, last: int, near: float) -> tuple[int, int]:
    """A line from-to with the small marks that stand close before and behind it."""
    for low, high in runs_of(fine):
        if last <= low <= last + near:
            last = high
    for low, high in reversed(runs_of(fine)):
        if first - near * AHEAD / BESIDE <= high <= first:
            first = low
    return first, last


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
    if high - low < max(TALL * height, FEW):
        return [run]
    ink = part[low:high].sum(axis=1)
    reach = max(1, round(0.35 * height))
    middle = max(1, round(1.1 * height))
    at = max(1, middle - reach) + int(ink[max(1, middle - reach) : middle + reach].argmin())
    if ink[at] > 0.5 * np.median(ink):
        return [run]
    return [(low, low + at), *_cut(part, (low + at, high), height)]


def _is_figures(line: Flags, height: float) -> bool:
    """Whether a short line is a part of a number: two figures or more beside each other, lower than Han."""
    tall, wide = line.shape
    if not 0.5 * height < tall <= LOWER * height or wide <= tall:
        return False
    return len(runs_of(np.any(line, axis=0))) > 1


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
