"""How dark the ink of a page is, whatever its light, its paper and the seals upon it."""

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
"""Shape (height, width)."""
Colours = npt.NDArray[np.uint8]
"""Shape (height, width, 3): red, green, blue."""

COPY: Final = 37            # dpi of the copy that the paper's level is found on
WIDEST_STROKE: Final = 0.13  # inches: what is wider, and dark, is paper in the dark, or a filled cell
DARKEST_PAPER: Final = 0.35  # of the page's usual level: a dark field stays dark print

REDNESS: Final = 13         # red above green and blue, more than paper has: ink of a seal, also where it is faint
FULL_RED: Final = 98        # percentile of the redness within a seal that is full ink
FILL: Final = 0.19          # inches: larger red fields are paper
SEAL_SIZE: Final = 0.7      # inches: the least width and height of a seal
SEAL_ROUND: Final = 0.38    # its lesser side, as part of its longer one: two may overlap, or the page end within one
SEAL_GAP: Final = 0.09      # inches between its strokes
PRINT: Final = 0.4         # of the light of paper: what is darker in red light is print
PALE: Final = 0.65         # of it: what is paler is ink of a seal, or nothing
LIFTED: Final = 70          # percentile of its ink that becomes paper: print under it is darker

FULL_INK: Final = 99.0      # percentile of inked pixels that counts as full black
SOME_INK: Final = 45        # darkness that is surely no noise of paper


class Ink(NamedTuple):
    """The ink of a page.

    Attributes:
        dark: 0 for paper, 255 for full ink; light evened, seals taken away.
        grey: The page as photographed, 255 white; seals are in it.
        sealed: Where a seal lies, 255 there; None on a page without.
        ruled: As ``dark``, but rulings stay whole under seals, and so do rims of their strokes, faintly.
    """

    dark: Grey
    grey: Grey
    sealed: Grey | None
    ruled: Grey


def ink_of(page: Colours, dpi: float) -> Ink:
    """The ink of a page image.

    Args:
        page: Red, green and blue.
        dpi: Its resolution, roughly.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    sealed = seals(page, dpi)
    if sealed is None:
        dark = darkness(grey, dpi)
        return Ink(dark, grey, None, dark)
    bare, ruled = without_seals(page, grey, sealed, dpi)
    return Ink(darkness(bare, dpi), grey, sealed, darkness(ruled, dpi))


def darkness(grey: Grey, dpi: float) -> Grey:
    """0 for paper and 255 for full ink, whatever the light on the page and the fill of its cells."""
    paper = paper_of(grey, dpi)
    ratio = cv2.divide(grey, paper, scale=255)
    dark = 255 - ratio
    inked = dark[::3, ::3]
    inked = inked[inked > SOME_INK]
    full = float(np.percentile(inked, FULL_INK)) if len(inked) else 255.0
    return cv2.convertScaleAbs(dark, alpha=255 / max(full, 2 * SOME_INK))


def paper_of(grey: Grey, dpi: float) -> Grey:
    """How light the paper is at each place, under the print too."""
    height, width = grey.shape
    step = max(1, round(dpi / COPY))
    size = max(1, width // step), max(1, height // step)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    around = max(3, round(WIDEST_STROKE * dpi / step) | 1)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((around, around), np.uint8))
    paper = cv2.blur(paper, (3, 3))
    usual = float(np.median(paper))
    paper = np.maximum(paper, int(max(1.0, DARKEST_PAPER * usual)))
    return cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)


# ── seals ────────────────────────────────────────────────────────────────────


def seals(page: Colours, dpi: float) -> Grey | None:
    """Where red seals lie: large round or oval things in red. Red print in lines is none.

    Returns:
        255 within their outlines, or None where there is none.
    """
    step = max(1, min(round(dpi / 75), *page.shape[:2]))
    small = cv2.resize(page, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    red, green, blue = cv2.split(small)
    redness = _redness(cv2.subtract(red, cv2.max(green, blue)), dpi / step)
    mask = cv2.threshold(redness, REDNESS, 255, cv2.THRESH_BINARY)[1]
    if np.count_nonzero(mask) < dpi / step:
        return None
    unit = dpi / step
    gap = max(3, round(SEAL_GAP * unit) | 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = np.zeros_like(mask)
    for label in range(1, count):
        x, y, width, height, _ = stats[label]
        if min(width, height) >= SEAL_SIZE * unit and min(width, height) >= SEAL_ROUND * max(width, height):
            points = cv2.findNonZero((labels[y : y + height, x : x + width] == label).astype(np.uint8))
            hull = cv2.convexHull(points) + np.array([x, y])
            cv2.fillConvexPoly(found, hull.astype(np.int32), 255)
    if not found.any():
        return None
    found = cv2.dilate(found, np.ones((5, 5), np.uint8))
    return cv2.resize(found, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_NEAREST)


def _redness(redder: Grey, dpi: float) -> Grey:
    """The redness of strokes, without that of the paper and of filled cells."""
    step = max(1, round(dpi / COPY))
    height, width = redder.shape
    small = cv2.resize(redder, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    around = max(3, round(FILL * dpi / step) | 1)
    fills = cv2.morphologyEx(small, cv2.MORPH_OPEN, np.ones((around, around), np.uint8))
    return cv2.subtract(redder, cv2.resize(fills, (width, height), interpolation=cv2.INTER_LINEAR))


def without_seals(page: Colours, grey: Grey, sealed: Grey, dpi: float) -> tuple[Grey, Grey]:
    """The page in grey, red ink made paper where seals lie, for print and for rulings; what is dark in red light stays.

    The red channel shows a seal a little darker than paper: what it lacks is added as a multiple
    of the redness, as found for each seal where its ink lies on bare paper.
    """
    red, green, blue = cv2.split(page)
    paper = paper_of(red, dpi)
    redness = _redness(cv2.subtract(red, cv2.max(green, blue)), dpi)
    result, ruled = grey.copy(), grey.copy()
    count, labels, stats, _ = cv2.connectedComponentsWithStats(sealed)
    for label in range(1, count):
        x, y, width, height, _ = stats[label]
        part = np.s_[y : y + height, x : x + width]
        inside = labels[part] == label
        lifted, lines = _lifted(red[part], paper[part], redness[part], inside)
        result[part][inside], ruled[part][inside] = lifted[inside], lines[inside]
    return result, ruled


def _lifted(red: Grey, paper: Grey, redness: Grey, inside: npt.NDArray[np.bool_]) -> tuple[Grey, Grey]:
    """The red channel with as much of the redness as makes red ink paper; and with what is surely not a line's own."""
    strong = inside & (redness > max(REDNESS, float(np.percentile(redness[inside], FULL_RED)) / 2))
    if not strong.any():
        return red, red
    lack = paper[strong].astype(np.float32) - red[strong]
    share = float(np.clip(np.percentile(lack / redness[strong], LIFTED), 0.0, 1.0))
    light = paper.astype(np.float32)
    pale = np.clip((red / light - PRINT) / (PALE - PRINT), 0.0, 1.0)   # pictures keep colours coarser than light
    near = cv2.dilate(redness, np.ones((3, 3), np.uint8))
    most = np.maximum(light, red)
    lifted = np.minimum(red + share * (pale * near + (1 - pale) * redness), most)
    least = cv2.erode(redness, np.ones((3, 3), np.uint8))   # a thin line's redness is that of its neighbours, smeared
    return lifted.astype(np.uint8), np.minimum(red + share * least, most).astype(np.uint8)
