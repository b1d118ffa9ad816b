"""What a glyph looks like, as numbers that hold from typeface to typeface.

The outline's length is summed up by where on the glyph it runs and in which direction, as in
classical recognition of handwritten Chinese (directional features). Song, Hei and Kai of one
character then lie closer together than any two characters of one typeface, so a character that
a font claims to draw can be held against the known shape of it.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LINE: Final = 0      # kinds of outline points, as pdfium numbers them
BEZIER: Final = 1    # always in threes: two controls and the end
MOVE: Final = 2

N_FEATURES: Final = 100
_GRID: Final = 5             # zones along each side of the glyph
_DIRECTIONS: Final = 4       # across, upright, rising, falling
_PIECE: Final = 1 / 12       # longest piece of an outline counted in one zone, of the glyph's size
_SCALE: Final = 300.0        # of the stored shapes, which are bytes
_SHAPES: Final = Path(__file__).with_name("glyph_shapes.bin")


class Known(NamedTuple):
    """The shapes of known characters: row ``row_of[char]`` of ``shapes`` (n, 100), each of length 1."""

    row_of: dict[str, int]
    shapes: Floats
    centre: Floats


@cache
def known() -> Known:
    """The shapes of the digits, of the Latin letters and of common Han characters."""
    packed = zlib.decompress(_SHAPES.read_bytes())
    head, _, body = packed.partition(b"\0")
    chars = head.decode()
    raw = np.frombuffer(body, np.int8).reshape(len(chars), N_FEATURES) / _SCALE
    centre = raw.mean(axis=0)
    return Known({char: row for row, char in enumerate(chars)}, _unit(raw - centre), centre)


def pack_shapes(chars: str, features: Floats) -> bytes:
    """The bytes of the file that `known` reads, from features of shape (n, 100)."""
    rounded = np.clip(np.rint(features * _SCALE), -127, 127).astype(np.int8)
    return zlib.compress(chars.encode() + b"\0" + rounded.tobytes(), 9)


def likeness(features: Floats) -> Floats:
    """How like each known character each glyph is, -1 to 1; shape (glyphs, known characters)."""
    there = known()
    # Not a matrix product: BLAS would start threads for it, and spend more on them than it saves.
    like: Floats = np.einsum("gf,kf->gk", _unit(features - there.centre), there.shapes)
    return like


def features_of_outlines(outlines: Sequence[Floats]) -> Floats:
    """Features of glyphs from their outlines.

    Args:
        outlines: For each glyph its points as rows (x, y, kind), y upwards, any unit; each has
            a width or a height.

    Returns:
        Rows of length 1 around their mean; shape (glyphs, 100).
    """
    points = np.concatenate(outlines)
    sizes = np.array([len(outline) for outline in outlines])
    glyph = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    kind = points[:, 2].astype(np.int64)
    kind[starts] = MOVE
    xy = _on_curve(points[:, :2], kind)
    low = np.minimum.reduceat(xy, starts, axis=0)
    extent = np.maximum(np.maximum.reduceat(xy, starts, axis=0) - low, 1e-9)
    # A flat glyph stays flat, but less so: the square root of its proportions is kept.
    scale = np.sqrt(extent / extent.max(axis=1, keepdims=True))
    placed = (xy - low[glyph]) / extent[glyph] * scale[glyph] + (1 - scale[glyph]) / 2
    first, last = _edges(kind)
    return _summed(placed[first], placed[last], glyph[first], len(sizes))


def features_of_pictures(pictures: Sequence[npt.NDArray[np.uint8]]) -> Floats:
    """The same features from pictures of glyphs: ink is high, row 0 is the top; some ink in each."""
    sums = np.zeros((len(pictures), _DIRECTIONS * _GRID * _GRID))
    for row, picture in enumerate(pictures):
        inked = picture > 64   # noqa: PLR2004  a quarter of full ink: antialiasing is no ink
        rows, cols = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        ink = np.pad(picture[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] / 255.0, 2)
        across = ink[1:-1, 2:] - ink[1:-1, :-2]
        down = ink[2:, 1:-1] - ink[:-2, 1:-1]
        y, x = np.nonzero(np.abs(across) + np.abs(down) > 0.05)  # noqa: PLR2004  noise
        extent = np.array([cols[-1] - cols[0] + 1, rows[-1] - rows[0] + 1], np.float64)
        scale = np.sqrt(extent / extent.max())
        at = (np.stack([x, extent[1] + 1 - y], axis=1) - 0.5) / extent
        # The outline runs square to the slope of the ink.
        run = np.stack([down[y, x], across[y, x]], axis=1) * scale
        sums[row] = _zones(np.clip(at, 0, 1) * scale + (1 - scale) / 2, run, np.zeros(len(x), np.int64), 1)
    return _centred(sums)


def _on_curve(xy: Floats, kind: npt.NDArray[np.int64]) -> Floats:
    """The points with each Bézier's controls replaced by the curve's points at 1/3 and 2/3."""
    curved = np.flatnonzero(kind == BEZIER)
    first = curved[: len(curved) // 3 * 3 : 3]
    xy = xy.copy()
    start, one, two, end = xy[first - 1], xy[first], xy[first + 1], xy[first + 2]
    xy[first] = (8 * start + 12 * one + 6 * two + end) / 27
    xy[first + 1] = (start + 6 * one + 12 * two + 8 * end) / 27
    return xy


def _edges(kind: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and last points of all edges, each contour closed."""
    begins = np.flatnonzero(kind == MOVE)
    ends = np.concatenate((begins[1:], [len(kind)])) - 1
    drawn = np.flatnonzero(kind[1:] != MOVE)
    return np.concatenate((drawn, ends)), np.concatenate((drawn + 1, begins))


def _summed(begin: Floats, end: Floats, glyph: npt.NDArray[np.int64], n_glyphs: int) -> Floats:
    run = end - begin
    pieces = np.ceil(np.hypot(run[:, 0], run[:, 1]) / _PIECE).astype(np.int64)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = run[edge] / pieces[edge, None]
    return _centred(_zones(begin[edge] + step * (offset[:, None] + 0.5), step, glyph[edge], n_glyphs))


def _zones(at: Floats, run: Floats, glyph: npt.NDArray[np.int64], n_glyphs: int) -> Floats:
    """Length of outline by glyph, direction and zone, shared among the four zones nearest."""
    length = np.hypot(run[:, 0], run[:, 1]) + 1e-12
    slant = 2 * run[:, 0] * run[:, 1] / length
    channels = (run[:, 0] ** 2 / length, run[:, 1] ** 2 / length, np.maximum(slant, 0), np.maximum(-slant, 0))
    place = np.clip(at * _GRID - 0.5, 0, _GRID - 1)
    cell = np.minimum(place.astype(np.int64), _GRID - 2)
    right, up = (place - cell).T
    base = (glyph * _DIRECTIONS * _GRID + cell[:, 1]) * _GRID + cell[:, 0]
    corners = (
        (0, (1 - right) * (1 - up)), (1, right * (1 - up)),
        (_GRID, (1 - right) * up), (_GRID + 1, right * up),
    )
    where = [base + step + turn * _GRID * _GRID for turn in range(_DIRECTIONS) for step, _ in corners]
    amount = [channel * share for channel in channels for _, share in corners]
    size = n_glyphs * _DIRECTIONS * _GRID * _GRID
    sums: Floats = np.bincount(np.concatenate(where), np.concatenate(amount), size).astype(np.float64)
    return sums.reshape(n_glyphs, _DIRECTIONS * _GRID * _GRID)


def _centred(sums: Floats) -> Floats:
    roots = np.sqrt(sums)   # long strokes would drown short ones
    return _unit(roots - roots.mean(axis=1, keepdims=True))


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
