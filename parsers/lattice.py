"""From a group of lines that touch to the cells between them."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.edges import Lines
from parsers.page import Floats

SNAP: Final = 3.0     # lines this near are one edge, drawn twice (pt)
SLACK: Final = 0.2    # a rule that leaves out this part of a cell's side still closes it
CLOSED: Final = 0.5   # the part of its columns that must be ruled to close a side
OPEN: Final = 4.0     # rules that run on so far beyond the last edge show a side without a rule (pt)


class Span(NamedTuple):
    """A cell's place in the lattice."""

    row: int
    col: int
    row_span: int
    col_span: int


class Lattice(NamedTuple):
    """The cells that lines make.

    Attributes:
        xs: Column edges.
        ys: Row edges.
        spans: The cells in reading order; they tile the lattice.
        owner: For each place (row, column) the index of its cell.
        top: For each column, whether a rule is drawn along the top.
        bottom: The same along the bottom.
    """

    xs: Floats
    ys: Floats
    spans: tuple[Span, ...]
    owner: npt.NDArray[np.int64]
    top: tuple[bool, ...]
    bottom: tuple[bool, ...]

    def boxes(self) -> Floats:
        """The rectangles of the cells: x0, top, x1, bottom."""
        row, col, row_span, col_span = np.array(self.spans).T
        return np.stack(
            [self.xs[col], self.ys[row], self.xs[col + col_span], self.ys[row + row_span]], axis=1
        )


def cells_between(group: Lines) -> Lattice | None:
    """The lattice of a group of lines, its open sides closed; None where they enclose nothing."""
    h, v = group
    ys = with_open_sides(edges_at(h[:, 0]), v[:, 1:], alike=1)   # the first row may have one rule only
    xs = with_open_sides(edges_at(v[:, 0]), h[:, 1:], alike=min(2, len(h)))
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  a cell has two sides
        return None
    rows, cols = len(ys) - 1, len(xs) - 1
    across = _ruled(h, ys, xs)
    down = _ruled(v, xs, ys)
    spans, owner = tiled(across, transposed(down, rows), rows, cols)
    return Lattice(xs, ys, spans, owner, flags(across[0], cols), flags(across[-1], cols))


def is_closed(rules: tuple[bool, ...]) -> bool:
    """Whether most of a side is ruled."""
    return bool(sum(rules) >= CLOSED * len(rules))


def flags(bits: int, cols: int) -> tuple[bool, ...]:
    """Bits, the lowest first, as flags."""
    return tuple([bool(bits >> col & 1) for col in range(cols)])


def edges_at(places: Floats) -> Floats:
    """Places of lines, those of doubled lines as one."""
    if not len(places):
        return places
    places = np.sort(places)
    first = np.flatnonzero(np.diff(places, prepend=-np.inf) > SNAP)
    edges: Floats = np.round(np.add.reduceat(places, first) / np.diff(first, append=len(places)), 2)
    return edges


def with_open_sides(edges: Floats, extents: Floats, *, alike: int) -> Floats:
    """Adds the sides that no rule is drawn along, where so many of the rules across them end together."""
    if not alike:
        return edges
    low, high = _common_end(extents[:, 0], alike), -_common_end(-extents[:, 1], alike)
    if not len(edges) or edges[0] - low > OPEN:
        edges = np.concatenate([[low], edges])
    if high - edges[-1] > OPEN:
        edges = np.concatenate([edges, [high]])
    return edges


def _common_end(ends: Floats, alike: int) -> float:
    """The least place where so many lines end; infinite where there is none."""
    ends = np.sort(ends)
    shared = np.flatnonzero(ends[alike - 1 :] - ends[: len(ends) - alike + 1] <= SNAP)
    return float(ends[shared[0]]) if len(shared) else float("inf")


def _ruled(lines: Floats, places: Floats, marks: Floats) -> list[int]:
    """For each edge the pieces between ``marks`` that are ruled, as bits."""
    ruled = [0] * len(places)
    slack = np.maximum(SNAP, SLACK * np.diff(marks))
    edge = np.abs(lines[:, :1] - places[None, :]).argmin(axis=1)
    start = np.searchsorted(marks[:-1] + slack, lines[:, 1])
    stop = np.searchsorted(marks[1:] - slack, lines[:, 2], side="right")
    for k, low, high in zip(edge.tolist(), start.tolist(), stop.tolist(), strict=True):
        if high > low:
            ruled[k] |= (1 << high) - (1 << low)
    return ruled


def transposed(columns: list[int], rows: int) -> list[int]:
    """Bits by column edge to bits by row."""
    return [
        sum([1 << col for col, bits in enumerate(columns) if bits >> row & 1]) for row in range(rows)
    ]


def tiled(
    across: list[int], down: list[int], rows: int, cols: int
) -> tuple[tuple[Span, ...], npt.NDArray[np.int64]]:
    """Cells from the top left: each as wide as its first row is open, and as high as that width stays open.

    Args:
        across: For each row edge (rows + 1) the columns that are ruled along it, as bits.
        down: For each row the column edges (cols + 1) that are ruled, as bits.
        rows: Number of rows.
        cols: Number of columns.
    """
    owner = np.full((rows, cols), -1, np.int64)
    free = [(1 << cols) - 1] * rows
    spans: list[Span] = []
    for row in range(rows):
        while free[row]:
            col = (free[row] & -free[row]).bit_length() - 1
            end = col + 1
            while end < cols and free[row] >> end & 1 and not down[row] >> end & 1:
                end += 1
            width = (1 << end) - (1 << col)
            inner = width & ~(1 << col)
            last = row + 1
            while last < rows and not (
                across[last] & width or down[last] & inner or free[last] & width != width
            ):
                last += 1
            for k in range(row, last):
                free[k] &= ~width
            owner[row:last, col:end] = len(spans)
            spans.append(Span(row, col, last - row, end - col))
    return tuple(spans), owner
