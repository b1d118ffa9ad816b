"""From an engine's characters and strips, in the PDF's own space, to the upright page."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.page import Chars, Dropped, Floats, Ints, Page, Rulings
from parsers.radicals import IDEOGRAPHS

THIN: Final = 4.0          # a drawn rectangle up to this thick is a rule (pt)
SLANT: Final = 5.0         # text this far off the axes is a watermark (degrees)
MIN_EM: Final = 1.5        # smaller print cannot be read (pt)
SAME: Final = 0.12         # the same character this near is drawn twice (em)
ASCENT: Final = 0.88       # of an em above the baseline, in Chinese fonts
FULL_WIDTH: Final = 0x2E80   # characters from here on fill an em
NARROW: Final = 0.85       # the widest of the others (em)
NARROWEST: Final = 0.25    # and the narrowest
MIN_SIDEWAYS: Final = 10   # characters that show how a page stands
SIDEWAYS: Final = 0.6      # part of a page's text that must lie to turn the page

Flags = npt.NDArray[np.bool_]


class Shown(NamedTuple):
    """How a page is shown: its visible box (left, bottom, right, top; y up) and quarter turns clockwise."""

    box: tuple[float, float, float, float]
    quarters: int


class Glyphs(NamedTuple):
    """Characters as the file places them, y upwards; one element each.

    Attributes:
        code: Unicode code points, shape (n,), uint32.
        origin: x, y of the pen, shape (n, 2).
        box: Left, bottom, right, top, shape (n, 4): the advance box of upright characters, the ink of others.
        em: The height of the type in points.
        angle: Direction of reading in degrees, counter-clockwise.
        font: Index of the font.
        invisible: Drawn without ink.
        pale: White on bare paper.
        faint: Large and pale: a watermark, even where it stands upright.
        clipped: Beyond what it is clipped to.
    """

    code: npt.NDArray[np.uint32]
    origin: Floats
    box: Floats
    em: Floats
    angle: Floats
    font: Ints
    invisible: Flags
    pale: Flags
    faint: Flags
    clipped: Flags


def upright_page(
    number: int, shown: Shown, glyphs: Glyphs, strips: Floats, fonts: tuple[str, ...]
) -> Page:
    """Turns and sorts out what an engine has read.

    Args:
        number: Page number, from 1.
        shown: The page's box and rotation.
        glyphs: All characters.
        strips: Straight lines as thin rectangles (left, bottom, right, top), y upwards.
        fonts: Names by font index.
    """
    steps = np.rint(glyphs.angle / 90)
    slanted = np.abs(glyphs.angle - 90 * steps) > SLANT
    quarter = steps.astype(np.int32) % 4
    turned = _turn_needed(quarter[~slanted & ~glyphs.invisible], shown.quarters)
    quarters = (shown.quarters + turned) % 4
    width, height = _size(shown.box, quarters)
    left, bottom, right, top = shown.box
    off = np.array([left, bottom, right, top])
    lying = (quarter - quarters) % 4
    boxes = _turned_boxes(_advance_boxes(glyphs, quarter), off, quarters)
    pen = _turned_boxes(np.tile(glyphs.origin, 2), off, quarters)
    base = pen[:, 1].copy()
    base = _stood_up(boxes, base, glyphs.em, lying)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    away = ~((x >= 0) & (x <= width) & (y >= 0) & (y <= height) & (glyphs.em >= MIN_EM))
    slanted |= (lying == 2) | glyphs.faint  # noqa: PLR2004  half a turn
    kept = ~(away | slanted | glyphs.invisible | glyphs.pale | glyphs.clipped)
    order = np.flatnonzero(kept)
    order = order[_first_of_doubles(glyphs.code[order], boxes[order], base[order])]
    chars = _chars(glyphs, boxes, base, order, (width, height))
    drawn = _turned_boxes(strips, off, quarters)
    dropped = _dropped(glyphs, away, slanted, int(kept.sum()) - len(order))
    return Page(number, width, height, chars, rulings_of(drawn, width, height), fonts, dropped, turned)


def rulings_of(strips: Floats, width: float, height: float) -> Rulings:
    """Thin rectangles (x0, top, x1, bottom; y down) to rulings within the page.

    What is short both ways may be a dot of either kind of dotted rule, so it is given as both.
    """
    strips = np.clip(strips, 0, np.array([width, height, width, height]))
    x0, top, x1, bottom = strips.T
    across, down = x1 - x0, bottom - top
    lies, stands = (down <= THIN) & (across > 0), (across <= THIN) & (down > 0)
    lies &= (across >= down) | (across <= THIN)
    stands &= (down >= across) | (down <= THIN)
    return Rulings(
        np.stack([(top + bottom) / 2, x0, x1], axis=1)[lies],
        np.stack([(x0 + x1) / 2, top, bottom], axis=1)[stands],
    )


def _turn_needed(quarter: Ints, quarters: int) -> int:
    counts = np.bincount((quarter - quarters) % 4, minlength=4)
    most = int(counts.argmax())
    if most and counts[most] >= MIN_SIDEWAYS and counts[most] >= SIDEWAYS * counts.sum():
        return most
    return 0


def _size(box: tuple[float, float, float, float], quarters: int) -> tuple[float, float]:
    across, up = box[2] - box[0], box[3] - box[1]
    return (up, across) if quarters % 2 else (across, up)


def _turned_boxes(boxes: Floats, page: Floats, quarters: int) -> Floats:
    """Boxes (left, bottom, right, top; y up) to (x0, top, x1, bottom; y down) on the turned page."""
    left, bottom, right, top = page
    x0, y0, x1, y1 = boxes.T
    turned = (
        (x0 - left, top - y1, x1 - left, top - y0),
        (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        (right - x1, y0 - bottom, right - x0, y1 - bottom),
        (top - y1, right - x1, top - y0, right - x0),
    )[quarters]
    return np.stack(turned, axis=1)


def _advance_boxes(glyphs: Glyphs, quarter: Ints) -> Floats:
    """Boxes of full type height, also for characters that do not lie along x."""
    boxes = glyphs.box
    if not quarter.any():
        return boxes
    boxes = boxes.copy()
    wide = _advances(glyphs, np.array([1, 1j, -1, -1j])[quarter])
    up, down = ASCENT * glyphs.em, (1 - ASCENT) * glyphs.em
    x, y = glyphs.origin.T
    left, bottom, _, top = glyphs.box.T
    reading_up = np.stack([x - up, y, x + down, np.maximum(top, y + wide)], axis=1)
    reversed_ = np.stack([np.minimum(left, x - wide), y - up, x, y + down], axis=1)
    reading_down = np.stack([x - down, np.minimum(bottom, y - wide), x + up, y], axis=1)
    for turn, own in ((1, reading_up), (2, reversed_), (3, reading_down)):
        boxes[quarter == turn] = own[quarter == turn]
    return boxes


def _advances(glyphs: Glyphs, ahead: npt.NDArray[np.complex128]) -> Floats:
    """Widths of characters that an engine gives the ink of only: up to the next one, where that is near.

    ``ahead`` is the direction of reading as a complex number.
    """
    em = glyphs.em
    most = np.where(glyphs.code >= FULL_WIDTH, 1.0, NARROW) * em
    least = np.where(glyphs.code >= FULL_WIDTH, 1.0, NARROWEST) * em
    pen = glyphs.origin @ np.array([1, 1j])
    step = (np.append(pen[1:], pen[-1:]) - pen) / ahead   # along the line, and across it
    follows = (step.real > 0) & (step.real < 2 * em) & (np.abs(step.imag) < SAME * em)
    return np.where(follows, np.minimum(step.real, most), least)


def _stood_up(boxes: Floats, base: Floats, em: Floats, lying: Ints) -> Floats:
    """Sets the few characters that lie on an upright page one under the other, in their order of reading.

    Changes ``boxes``; gives the baselines.
    """
    for turn in (1, 3):
        own = np.flatnonzero(lying == turn)
        if not len(own):
            continue
        x, y = (boxes[own, 0] + boxes[own, 2]) / 2, (boxes[own, 1] + boxes[own, 3]) / 2
        if turn == 1:   # read upwards: the first is to stand on top
            apart = (np.abs(np.diff(x)) > em[own][1:] / 4) | (np.diff(own) > 1)
            run = np.concatenate([[0], np.cumsum(apart)])
            for first, last in zip(*_runs(run), strict=True):
                y[first:last] = y[first:last][::-1].copy()
        half = em[own] / 2
        boxes[own] = np.stack([x - half, y - half, x + half, y + half], axis=1)
        base = base.copy()
        base[own] = y + half - (1 - ASCENT) * em[own]
    return base


def _runs(label: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and past-the-last index of each run of equal labels."""
    edges = np.flatnonzero(np.diff(label)) + 1
    return np.concatenate([[0], edges]), np.concatenate([edges, [len(label)]])


def _first_of_doubles(code: npt.NDArray[np.uint32], boxes: Floats, base: Floats) -> npt.NDArray[np.int64]:
    """Indices of characters, in order, without those drawn a second time in their place."""
    kept = np.ones(len(code), bool)
    left = boxes[:, 0]
    near = SAME * np.maximum(boxes[:, 3] - boxes[:, 1], MIN_EM)
    for shift in (0.0, 0.5):   # two ways to cut the page into bands, so that no pair falls between
        band = code * 1e9 + np.floor(base / 2 + shift) * 1e4
        order = np.argsort(band + left, kind="stable")
        one, two = order[:-1], order[1:]
        double = (
            (band[one] == band[two]) & (left[two] - left[one] < near[two])
            & (np.abs(base[two] - base[one]) < near[two])
        )
        kept[np.maximum(one, two)[double]] = False
    return np.flatnonzero(kept)


def _chars(
    glyphs: Glyphs, boxes: Floats, base: Floats, order: npt.NDArray[np.int64], size: tuple[float, float]
) -> Chars:
    code = glyphs.code[order]
    for at in np.flatnonzero(((code >= 0x2E80) & (code < 0x2FE0)) | ((code >= 0xF900) & (code < 0xFADA))):  # noqa: PLR2004  Unicode blocks
        code[at] = ord(IDEOGRAPHS.get(int(code[at]), chr(code[at])))
    width, height = size
    x0, top, x1, bottom = boxes[order].T
    em = glyphs.em[order]
    absurd = (x1 - x0 > 3 * em) | (bottom - top > 3 * em)   # fonts with nonsense metrics
    x1 = np.where(absurd, x0 + em, x1)
    top = np.where(absurd, base[order] - ASCENT * em, top)
    bottom = np.where(absurd, base[order] + (1 - ASCENT) * em, bottom)
    return Chars(
        code.astype("<u4").view("<U1"),
        np.clip(x0, 0, width), np.clip(top, 0, height), np.clip(x1, 0, width), np.clip(bottom, 0, height),
        base[order], glyphs.font[order],
    )


def _dropped(glyphs: Glyphs, away: Flags, slanted: Flags, doubled: int) -> Dropped:
    """Each dropped character counts once, for the first reason that holds."""
    left = np.ones(len(away), bool)
    counts = []
    for reason in (glyphs.invisible, glyphs.pale, slanted, away, glyphs.clipped):
        counts.append(int(np.sum(reason & left)))
        left &= ~reason
    invisible, pale, angled, outside, clipped = counts
    return Dropped(invisible, pale, angled, doubled, outside, clipped)
