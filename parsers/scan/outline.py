"""Where the sheet of paper lies on an image: desk, lid and black border cut away, perspective undone.

Paper is what is as light as the light on the page lets it be: a smooth surface is fitted to it.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Colours, Grey

SIDE: Final = 480        # pixels: the longer side of the copy that is searched
COARSE: Final = 8        # of its pixels make one that the light is fitted to
STROKE: Final = 5        # of its pixels: what is thinner is print and not looked at
FIRST: Final = 0.75      # of one light for all of it: paper
ALIKE: Final = 0.88      # of the light at its place: paper
MIDDLE: Final = 0.55     # of the way from the middle to the sides: surely on the sheet
DARK: Final = 0.82       # of it: no paper
BLACK: Final = 0.4       # of it: no desk either, but the dark of a scanner
SHADED: Final = 0.5      # of a side of the image that is no paper: the sheet ends before it
NEARLY_ALL: Final = 0.98   # of the black of a scanner that is black: filled cells have print in them
SIDES: Final = 3         # such sides tell a desk; a filled row at the head of a picture lies at fewer
LEAST: Final = 0.12      # of the image: a smaller sheet is none
FILLED: Final = 0.9      # of its four-sided outline that a sheet fills
LEVEL: Final = 0.004     # of the image: so straight a border is cut off as it is
INSET: Final = 0.7       # of a pixel of the copy: the edge of the sheet is left out
CORNER: Final = 0.1      # of a side: near its ends it may be round
ROUNDS: Final = 6

Floats = npt.NDArray[np.float32]
Quad = npt.NDArray[np.float32]
"""Shape (4, 2): the corners from the top left on, clockwise."""


def paper_of(page: Colours) -> Colours:
    """The sheet of paper on an image, upright in its own corners; the image itself where it is all paper.

    Args:
        page: Red, green and blue.
    """
    share = SIDE / max(page.shape[:2])
    if share >= 1:
        return page
    every = max(1, int(0.5 / share))   # two pixels of many are noise enough evened out
    size = max(8, round(page.shape[1] * share)), max(8, round(page.shape[0] * share))
    colours = cv2.resize(np.ascontiguousarray(page[::every, ::every]), size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    bare = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    light = _light(bare)
    bright, brightest = bare / light, colours.max(axis=2) / light
    around = _surroundings(bright, brightest)
    if around is None:
        return page
    sheet = _sheet(bright, (1 + around.level) / 2)
    if sheet is None or (around.is_black and _is_printed(brightest, sheet)):
        return page
    quad = _corners(sheet)
    return page if quad is None else _cut_out(page, quad, sheet, light)


class _Around(NamedTuple):
    """How light the surroundings of a sheet are, of paper, and whether they are the black of a scanner."""

    level: float
    is_black: bool


def _light(bare: Grey) -> Floats:
    """How light paper is at each place: a surface of the second degree through most of what is light."""
    height, width = bare.shape
    size = max(4, width // COARSE), max(4, height // COARSE)
    level = cv2.resize(bare, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    shapes = _shapes(level.shape[0], level.shape[1])
    values = level.ravel()
    away = np.abs(shapes[:, 1:3]).max(axis=1)
    fitted = np.full_like(values, max(1.0, float(np.percentile(values[away < MIDDLE], 70))))
    low = FIRST
    for reach in np.linspace(MIDDLE, 1.0, ROUNDS):   # a desk lies at the sides
        held = (away <= reach) & (values > low * fitted) & (values < fitted / low)
        if held.sum() < len(values) / 10:
            break
        shares = np.linalg.lstsq(shapes[held], values[held], rcond=None)[0]
        fitted = np.maximum(shapes @ shares, 1.0)
        low = ALIKE
    surface = cv2.resize(fitted.reshape(level.shape), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.maximum(surface.astype(np.float32), 1.0)


def _shapes(height: int, width: int) -> Floats:
    v, u = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    u, v = u.ravel(), v.ravel()
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=1).astype(np.float32)


def _surroundings(bright: Floats, brightest: Floats) -> _Around | None:
    """What lies around the sheet: the black of a scanner, or a desk at most sides; None where there is neither.

    Args:
        bright: How light each place is, of paper, print left out.
        brightest: The same of its lightest colour, print and all: a filled cell is seldom black.
    """
    rims = [(side[:2], own[:2]) for side, own in zip(_sides(bright), _sides(brightest), strict=True)]
    dark = [rim for rim in rims if np.mean(rim[0] < DARK) >= SHADED]
    black = [rim for rim in dark if np.mean(rim[1] < BLACK) >= SHADED]
    found = dark if len(dark) >= SIDES else black
    if not found:
        return None
    level = float(np.median(np.concatenate([rim[0][rim[0] < DARK] for rim in found])))
    return _Around(level, is_black=found is black)


def _is_printed(brightest: Floats, sheet: Grey) -> bool:
    """Whether what lies outside the sheet is no black border: there is light in it."""
    outside = cv2.dilate(sheet, np.ones((STROKE, STROKE), np.uint8)) == 0
    return bool(np.count_nonzero(brightest[outside] >= BLACK) > (1 - NEARLY_ALL) * np.count_nonzero(outside))


def _sides(values: Floats) -> list[Floats]:
    """An image as seen from each of its sides: the first rows are those at the side."""
    return [values, values[::-1], values.T, values.T[::-1]]


def _sheet(bright: Floats, least: float) -> Grey | None:
    """The largest light field, without holes, 255 there."""
    mask = (bright >= least).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((STROKE, STROKE), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    largest = max(outlines, key=cv2.contourArea)
    if cv2.contourArea(largest) < LEAST * mask.size:
        return None
    sheet = np.zeros_like(mask)
    cv2.fillPoly(sheet, [largest], 255)
    return sheet


def _corners(sheet: Grey) -> Quad | None:
    """The corners of a sheet that is four-sided, on the small copy, as edges of pixels."""
    points = cv2.findNonZero(sheet)
    hull = cv2.convexHull(points)
    rough = _four(hull)
    if rough is None:
        return None
    quad = _in_order(_along_sides(hull, rough))
    area = cv2.contourArea(quad)
    if area <= 0 or len(points) < FILLED * area or area < FILLED * cv2.contourArea(hull):
        return None
    return quad


def _four(hull: npt.NDArray[np.int32]) -> Quad | None:
    around = cv2.arcLength(hull, closed=True)
    for part in np.arange(0.01, 0.12, 0.01):
        found = cv2.approxPolyDP(hull, part * around, closed=True)
        if len(found) <= 4:  # noqa: PLR2004  corners
            return found.reshape(-1, 2).astype(np.float32) if len(found) == 4 else None  # noqa: PLR2004
    return None


def _along_sides(hull: npt.NDArray[np.int32], rough: Quad) -> Quad:
    """The corners where lines through the middle parts of the sides meet: real ones are round or bent."""
    filled = np.zeros(hull.max(axis=(0, 1))[::-1] + 2, np.uint8)
    cv2.fillConvexPoly(filled, hull, 1)
    outline = cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0].reshape(-1, 2).astype(np.float32)
    lines = []
    for start, end in zip(rough, np.roll(rough, -1, axis=0), strict=True):
        way = end - start
        length = float(np.hypot(*way))
        along = (outline - start) @ way / length**2
        off = np.abs((outline[:, 0] - start[0]) * way[1] - (outline[:, 1] - start[1]) * way[0]) / length
        near = outline[(along > CORNER) & (along < 1 - CORNER) & (off < 0.03 * length)]
        if len(near) < 8:  # noqa: PLR2004  pixels of a side
            return rough
        lines.append(cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    return np.array([_meeting(one, two) for one, two in zip(np.roll(lines, 1, axis=0), lines, strict=True)], np.float32)


def _meeting(one: Floats, two: Floats) -> tuple[float, float]:
    """Where two lines, each a direction and a point, meet."""
    sides = np.array([one[:2], -two[:2]], np.float64).T
    if abs(np.linalg.det(sides)) < 1e-6:  # noqa: PLR2004  they run side by side
        return float(two[2]), float(two[3])
    x, y = one[2:] + np.linalg.solve(sides, two[2:] - one[2:])[0] * one[:2]
    return float(x), float(y)


def _in_order(quad: Quad) -> Quad:
    """From the corner at the top left on, clockwise."""
    middle = quad.mean(axis=0)
    turn = np.argsort(np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0]))
    quad = quad[turn]
    return np.roll(quad, -int(quad.sum(axis=1).argmin()), axis=0)


# ── cutting ──────────────────────────────────────────────────────────────────


def _cut_out(page: Colours, quad: Quad, sheet: Grey, light: Floats) -> Colours:
    """The sheet in a rectangle of its own size; what the outline leaves in beside it is made paper."""
    height, width = page.shape[:2]
    scale = np.array([width / sheet.shape[1], height / sheet.shape[0]], np.float32)
    middle = quad.mean(axis=0)
    corners = (quad + 0.5 + np.sign(middle - quad) * INSET) * scale   # of pixels, not their middles
    corners = np.clip(corners, 0, [width, height]).astype(np.float32)
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    upright = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    outside = 255 - cv2.erode(sheet, np.ones((3, 3), np.uint8), borderValue=255)
    covered = _covered(page, outside, light)
    if np.abs(corners - upright).max() <= LEVEL * max(width, height):
        return np.ascontiguousarray(covered[round(top) : round(bottom), round(left) : round(right)])
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    wide, high = round(float(sides[[0, 2]].max())), round(float(sides[[1, 3]].max()))
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners - 0.5, target - 0.5)
    return cv2.warpPerspective(covered, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _covered(page: Colours, outside: Grey, light: Floats) -> Colours:
    """The page, as light as its paper where it is no paper."""
    size = page.shape[1], page.shape[0]
    small = cv2.resize(page, (outside.shape[1], outside.shape[0]), interpolation=cv2.INTER_AREA)
    inside = small[outside == 0].reshape(-1, 3)
    tone = np.percentile(inside, 70, axis=0) / max(1.0, float(np.percentile(light[outside == 0], 50)))
    paper = np.clip(light[..., None] * tone, 0, 255).astype(np.uint8)
    mask = cv2.resize(outside, size, interpolation=cv2.INTER_LINEAR) > 127  # noqa: PLR2004  half of it
    covered = page.copy()
    covered[mask] = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)[mask]
    return covered
