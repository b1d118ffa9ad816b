"""The straight lines and the backgrounds among a page's paths, as PDFium gives them."""

from itertools import repeat
from typing import Final

import numpy as np
from pypdfium2 import raw

from parsers.page import Floats
from parsers.pdfium_calls import (
    Address,
    bounds,
    draw_modes,
    fills,
    matrices,
    points,
    segment_closes,
    segment_count,
    segment_of,
    segment_type,
    stroke_widths,
)
from parsers.pdfium_objects import Painted, chained, framed, moved
from parsers.strips import Edges, PageBox, strips_of, with_backgrounds
from parsers.upright import THIN

MAX_SEGMENTS: Final = 400_000   # a page with more is a map
DARK: Final = 0xE0              # white print shows on a background with a channel below this


def read_strips(painted: Painted, box: PageBox) -> tuple[Floats, Floats]:
    """Straight lines and backgrounds of a page.

    Args:
        painted: The objects of the page.
        box: Its visible box.

    Returns:
        Lines as thin rectangles, and dark backgrounds: rows left, bottom, right, top, y upwards.
        The colour of lines does not count: white ones show cells as well as black ones do.
    """
    if not painted.paths:
        return np.zeros((0, 4)), np.zeros((0, 4))
    extent = framed(bounds(painted.paths).astype(float), painted.frames)
    thick = np.minimum(extent[:, 2] - extent[:, 0], extent[:, 3] - extent[:, 1]) > THIN
    thin = extent[~thick]
    at = np.flatnonzero(thick)
    paths = [painted.paths[k] for k in at]
    if not paths:
        return thin, np.zeros((0, 4))
    mode = draw_modes(paths)
    filled, is_stroked = mode[:, 0] != 0, mode[:, 1] != 0
    places = chained(matrices(paths).astype(float), painted.frames[at])
    edges = _edges(paths, places)
    stroked = is_stroked & (stroke_widths(paths) * _scale(places) <= THIN)
    strips = strips_of(edges, filled & ~is_stroked, stroked)
    lines = with_backgrounds(np.concatenate([thin, strips.lines]), strips.areas, box)
    colour = fills(paths)[strips.area_shape]
    dark = (colour[:, :3].min(axis=1, initial=0xFF) < DARK) & (colour[:, 3] > 0)
    return lines, strips.areas[dark]


def _scale(matrix: Floats) -> Floats:
    return np.sqrt(np.abs(matrix[:, 0] * matrix[:, 3] - matrix[:, 1] * matrix[:, 2]))


def _edges(paths: list[Address], places: Floats) -> Edges:
    handles: list[Address] = []
    counts: list[int] = []
    for path, count in zip(paths, map(segment_count, paths), strict=True):
        counts.append(count if 0 < count <= MAX_SEGMENTS - len(handles) else 0)
        handles += map(segment_of, repeat(path), range(counts[-1]))
    owner = np.repeat(np.arange(len(paths)), counts)
    if not handles:
        return Edges(np.zeros((0, 4)), owner, owner)
    at = moved(points(handles).astype(float), places[owner])
    kind = np.array(list(map(segment_type, handles)), np.int32)
    start = (kind == raw.FPDF_SEGMENT_MOVETO) | (np.diff(owner, prepend=-1) != 0)
    outline = np.cumsum(start) - 1
    home = np.flatnonzero(start)[outline]
    drawn = np.flatnonzero(~start & (kind == raw.FPDF_SEGMENT_LINETO))
    closing = np.flatnonzero(np.array(list(map(segment_closes, handles)), bool))
    ends = np.concatenate([
        np.concatenate([at[drawn - 1], at[drawn]], axis=1),
        np.concatenate([at[closing], at[home[closing]]], axis=1),
    ])
    both = np.concatenate([drawn, closing])
    return Edges(ends, owner[both], outline[both])
