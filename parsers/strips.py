"""Straight lines among shapes: strokes, thin fills, and the edges of backgrounds where no line is drawn."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.page import Floats
from parsers.upright import THIN, Flags

STRAIGHT: Final = 0.5           # a line that strays no further from its axis (pt)
MANY_EDGES: Final = 64          # outlines with more edges are drawings, not frames
MIN_RULES: Final = 4            # with fewer long rules, backgrounds may be what shows the cells
LONG: Final = 20.0              # pt
MIN_AREAS: Final = 4
WHOLE_PAGE: Final = 0.8         # a background of this part of the page is the paper

PageBox = tuple[float, float, float, float]


class Edges(NamedTuple):
    """Edges of shapes: ends (n, 4: x0, y0, x1, y1), the shape and the outline that each belongs to."""

    ends: Floats
    shape: npt.NDArray[np.int64]
    outline: npt.NDArray[np.int64]


class Strips(NamedTuple):
    """What shapes leave on a page.

    Attributes:
        lines: Straight lines as thin rectangles (left, bottom, right, top).
        areas: Backgrounds, likewise.
        area_shape: The shape of each background.
    """

    lines: Floats
    areas: Floats
    area_shape: npt.NDArray[np.int64]


def strips_of(edges: Edges, filled: Flags, stroked: Flags) -> Strips:
    """The lines and backgrounds of shapes.

    Args:
        edges: Their edges.
        filled: Which shapes are filled and not stroked.
        stroked: Which are stroked, thinly enough for a rule.
    """
    outlines = _outlines(edges, filled)
    lines = [_straight(edges.ends[stroked[edges.shape]]), outlines.lines, _frames(edges, filled)]
    return outlines._replace(lines=np.concatenate(lines))


def with_backgrounds(lines: Floats, areas: Floats, box: PageBox) -> Floats:
    """Adds the sides of backgrounds on a page that draws no rules: tables of coloured cells show by them."""
    if np.sum(np.max(lines[:, 2:] - lines[:, :2], axis=1, initial=0) >= LONG) >= MIN_RULES:
        return lines
    size = (areas[:, 2] - areas[:, 0]) * (areas[:, 3] - areas[:, 1])
    cells = areas[size < WHOLE_PAGE * (box[2] - box[0]) * (box[3] - box[1])]
    if len(cells) < MIN_AREAS:
        return lines
    sides = [cells[:, side] for side in ([0, 1, 0, 3], [2, 1, 2, 3], [0, 1, 2, 1], [0, 3, 2, 3])]
    return np.concatenate([lines, *sides])


def _straight(ends: Floats) -> Floats:
    """Those edges that run along an axis, as rectangles without thickness."""
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    boxes: Floats = np.concatenate([low, high], axis=1)
    straight: Flags = (high - low).min(axis=1, initial=np.inf) <= STRAIGHT
    return boxes[straight]


def _outlines(edges: Edges, filled: Flags) -> Strips:
    """The filled outlines: thin ones are lines, the others backgrounds."""
    own = filled[edges.shape]
    ends, names, shape = edges.ends[own], edges.outline[own], edges.shape[own]
    if not len(ends):
        return Strips(np.zeros((0, 4)), np.zeros((0, 4)), shape)
    unique, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    low, high = np.full((len(unique), 2), np.inf), np.full((len(unique), 2), -np.inf)
    for corner in (ends[:, :2], ends[:, 2:]):
        np.minimum.at(low, inverse, corner)
        np.maximum.at(high, inverse, corner)
    boxes = np.concatenate([low, high], axis=1)
    thin = (high - low).min(axis=1) <= THIN
    return Strips(boxes[thin], boxes[~thin], shape[first][~thin])


def _frames(edges: Edges, filled: Flags) -> Floats:
    """Borders filled as one shape (a box within a box, an angle): pairs of edges a rule's width apart."""
    found: list[Floats] = [np.zeros((0, 4))]
    size = np.bincount(edges.shape, minlength=len(filled))
    for shape in np.flatnonzero(filled & (size > 4) & (size <= MANY_EDGES)):  # noqa: PLR2004  a plain rectangle has 4
        lines = _straight(edges.ends[edges.shape == shape])
        for along in (0, 1):
            across = 1 - along
            own = lines[lines[:, along + 2] - lines[:, along] > THIN]
            gap = np.abs(own[:, None, across] - own[None, :, across])
            start = np.maximum(own[:, None, along], own[None, :, along])
            stop = np.minimum(own[:, None, along + 2], own[None, :, along + 2])
            one, two = np.nonzero(np.triu((gap <= THIN) & (gap > 0) & (stop - start > THIN), 1))
            strip = np.empty((len(one), 4))
            strip[:, along], strip[:, along + 2] = start[one, two], stop[one, two]
            strip[:, across] = np.minimum(own[one, across], own[two, across])
            strip[:, across + 2] = np.maximum(own[one, across], own[two, across])
            found.append(strip)
    return np.concatenate(found)
