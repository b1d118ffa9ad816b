"""From rulings as drawn to the lines that a reader sees, and to the groups of lines that touch."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.page import Floats, Rulings
from parsers.upright import THIN

COLLINEAR: Final = 1.5    # pieces of one line lie this near to each other, across it (pt)
GAP: Final = 2.5          # pieces of one line leave no larger gap (pt)
DASH: Final = 15.0        # shorter pieces may be dashes or dots (pt),
DASH_GAP: Final = 6.0     # which leave this gap at most (pt)
DOT_BAND: Final = 0.5     # dots of one line lie this near to each other, across it (pt)
MAX_MARKS: Final = 50     # with more pieces that are short both ways, they are dots: those of rules in one
#                           direction lie at every height, and would chain up all that cross them
MIN_LINE: Final = 4.0     # what is shorter after joining is a mark (pt)
REACH: Final = 3.0        # lines that end this near to each other meet (pt)
MAX_LINES: Final = 1_500  # of each direction: a page with more is a map, of which the longest are kept
BUNDLE: Final = 3         # rules that stand alone side by side, alike, and are columns without rows
MIN_ROWS: Final = 2       # lines across a group beside which a rule may be its outer side,
MAX_SIDE: Final = 150.0   # so far off (pt)
NEARLY: Final = 0.8       # of its height: a side whose corners are lost
MIN_BUNDLE: Final = 15.0  # the least length of such rules (pt)

Indices = npt.NDArray[np.int64]


class Lines(NamedTuple):
    """Lines joined of their pieces, or those of one group: rows (y, x0, x1) and (x, top, bottom)."""

    horizontal: Floats
    vertical: Floats


def joined_lines(rulings: Rulings) -> Lines:
    """Pieces, dashes, dots and doubles to whole lines."""
    return Lines(_joined(rulings.horizontal), _joined(rulings.vertical))


def _joined(pieces: Floats) -> Floats:
    dots = pieces[:, 2] - pieces[:, 1] <= THIN
    if dots.sum() > MAX_MARKS:
        rows = [_merged(pieces[dots], np.floor(pieces[dots, 0] / DOT_BAND + shift)) for shift in (0.0, 0.5)]
        pieces = np.concatenate([pieces[~dots], *[row[row[:, 2] - row[:, 1] > THIN] for row in rows]])
    if not len(pieces):
        return pieces
    pieces = pieces[np.argsort(pieces[:, 0], kind="stable")]
    lines = _merged(pieces, np.cumsum(np.diff(pieces[:, 0], prepend=pieces[0, 0]) > COLLINEAR).astype(float))
    lines = lines[lines[:, 2] - lines[:, 1] >= MIN_LINE]
    if len(lines) > MAX_LINES:
        lines = lines[np.argsort(lines[:, 1] - lines[:, 2], kind="stable")[:MAX_LINES]]
    return lines


def _merged(pieces: Floats, band: Floats) -> Floats:
    """Lines of the pieces that lie in one band and leave no gap."""
    order = np.lexsort((pieces[:, 1], band))
    place, start, stop = pieces[order].T
    band = band[order]
    away = (band - band[0]) * 1e6   # moves each band beyond the last, so that one running maximum serves all
    reached = np.maximum.accumulate(stop + away) - away
    short = stop - start < DASH
    allowed = np.where(short[1:] & short[:-1], DASH_GAP, GAP)
    new = (np.diff(band) > 0) | (start[1:] - reached[:-1] > allowed)
    first = np.flatnonzero(np.concatenate([[True], new]))
    length = stop - start + 1e-3
    lines: Floats = np.stack([
        np.add.reduceat(place * length, first) / np.add.reduceat(length, first),
        start[first],
        np.maximum.reduceat(stop, first),
    ], axis=1)
    return lines


def touching_groups(lines: Lines) -> list[Lines]:
    """Groups of lines that hang together, and bundles of like rules that stand side by side alone."""
    h, v = lines
    if not len(v):
        return []
    touch = (
        (v[None, :, 0] >= h[:, None, 1] - REACH) & (v[None, :, 0] <= h[:, None, 2] + REACH)
        & (h[:, None, 0] >= v[None, :, 1] - REACH) & (h[:, None, 0] <= v[None, :, 2] + REACH)
    )
    across, down = _labels(touch)
    met = touch.any(axis=0)
    groups = [Lines(h[across == label], v[down == label]) for label in np.unique(down[met])]
    alone = v[~met]
    if len(alone):
        groups = [_with_outer_sides(group, alone) for group in groups]
        used = np.concatenate([group.vertical for group in groups]) if groups else alone[:0]
        alone = alone[~(alone[:, None, :] == used[None, :, :]).all(axis=2).any(axis=1)]
    return groups + _bundles(alone)


def _with_outer_sides(group: Lines, alone: Floats) -> Lines:
    """A group with the rules beside it that are as high as it, or nearly so and the end of a line across it.

    A merged cell that covers a page from top to bottom has no rule across it, and a scan may have lost the corners.
    """
    h, v = group
    if len(h) < MIN_ROWS:
        return group
    top, bottom = v[:, 1].min(), v[:, 2].max()
    like = (np.abs(alone[:, 1] - top) <= REACH) & (np.abs(alone[:, 2] - bottom) <= REACH)
    left, right = h[:, 1].min(), h[:, 2].max()
    off = np.maximum(left - alone[:, 0], alone[:, 0] - right)
    within = (alone[:, 1] >= top - REACH) & (alone[:, 2] <= bottom + REACH)
    nearly = within & (alone[:, 2] - alone[:, 1] >= NEARLY * (bottom - top))
    ends = (np.abs(h[:, None, 1:] - alone[None, :, :1]) <= REACH).any(axis=(0, 2))
    return Lines(h, np.concatenate([v, alone[(like & (off > 0) & (off <= MAX_SIDE)) | (nearly & ends)]]))


def _labels(touch: npt.NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Connected parts of the graph of touching lines: a label for each row and each column."""
    rows, cols = touch.shape
    none = rows + cols
    down = np.arange(cols, dtype=np.int64)
    while True:
        across = np.where(touch, down[None, :], none).min(axis=1, initial=none)
        spread = np.minimum(down, np.where(touch, across[:, None], none).min(axis=0, initial=none))
        if np.array_equal(spread, down):
            return across, down
        down = spread


def _bundles(alone: Floats) -> list[Lines]:
    """A row that goes on over a whole page has no rule across it: only sides of one height."""
    alone = alone[alone[:, 2] - alone[:, 1] >= MIN_BUNDLE]
    bundles = []
    while len(alone) >= BUNDLE:
        like = (np.abs(alone[:, 1:] - alone[0, 1:]) <= REACH).all(axis=1)
        if like.sum() >= BUNDLE:
            bundles.append(Lines(np.zeros((0, 3)), alone[like]))
        alone = alone[~like]
    return bundles
