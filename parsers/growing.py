"""A table that grows over pages: its cells by their edges, until all of them are known."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.alternatives import confidence_of, seen_of
from parsers.grid import Box, Cell, Grid, Origin
from parsers.joining import join_lines
from parsers.page import Layout, Table, TableCell, TextLine

SAME_EDGE = 3.0
"""Points by which an edge may lie elsewhere on the next page."""
SCANNED_EDGE = 9.0
"""The same of pages that were scanned: no two lie alike."""
SCANNED_WIDTH = 0.045
"""Part of its width by which a scanned table may be wider on the next page."""


class Piece(NamedTuple):
    """What of a cell stands on one page: its page, how its place begins, the page's cell, how it was read."""

    page: int
    where: str
    cell: TableCell
    method: str = ""

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """Its lines, from top to bottom."""
        return self.cell.lines

    @property
    def box(self) -> Box:
        """Its rectangle."""
        return self.cell.box


class Part:
    """A cell in the making: rows from ``row`` to before ``end``, between the edges x0 and x1."""

    __slots__ = ("end", "pieces", "row", "x0", "x1")

    def __init__(self, row: int, end: int, edges: tuple[float, float], pieces: list[Piece]) -> None:
        self.row = row
        self.end = end
        self.x0, self.x1 = edges
        self.pieces = pieces

    @property
    def lines(self) -> list[TextLine]:
        """Its lines on all pages."""
        return [line for piece in self.pieces for line in piece.lines]

    @property
    def text(self) -> str:
        """Its print, joined.

        Report tools print the text of a merged cell again on each of its pages, sheets the line that
        a break halves: what stands again counts once.
        """
        if len(self.pieces) == 1:
            own = self.pieces[0].cell.lines
            return own[0].text.strip() if len(own) == 1 else join_lines([line.text for line in own])
        said: list[TextLine] = []
        for piece in self.pieces:
            again = _overlap(said, piece.lines) if self.end - self.row > 1 else 0
            said += piece.lines[again:]
        return join_lines([line.text for line in said])

    @property
    def span(self) -> tuple[float, float]:
        """Its edges: what names its column."""
        return self.x0, self.x1


def _overlap(said: Sequence[TextLine], lines: Sequence[TextLine]) -> int:
    """How many first lines are the last that were said."""
    texts, before = [line.text for line in lines], [line.text for line in said]
    counts = range(min(len(texts), len(before)), 0, -1)
    return next((count for count in counts if before[-count:] == texts[:count]), 0)


class Rim(NamedTuple):
    """An outer edge of a table, top or bottom: where it lies and what is drawn along it.

    ``rules`` says for each column of its page whether a rule is drawn; empty where nobody looked.
    """

    y: float
    closed: bool
    rules: tuple[tuple[float, float, bool], ...]

    @property
    def is_mixed(self) -> bool:
        """Whether it is ruled here and open there."""
        return len({closed for _, _, closed in self.rules}) > 1

    def is_open(self, part: Part) -> bool:
        """Whether no rule closes a cell there."""
        return not any(closed for x0, x1, closed in self.rules if part.x0 < (x0 + x1) / 2 < part.x1)


class Growing:
    """A table of one page, or what has been put together of one.

    Attributes:
        parts: Its cells, empty ones too, row by row.
        n_rows: How many rows they make.
        edges: Column edges, left to right, in the frame of its first page.
        top: Its upper rim on its first page.
        bottom: Its lower rim on its last page.
        page: The number of its last page.
        ys: Row edges on its first page.
        ruled: Whether its cells were told apart by rules.
        scanned: Whether it was read from a picture, at least where it began.
    """

    def __init__(self, layout: Layout, table: Table, number: int) -> None:
        """From the table that is the ``number``-th of its page, counted from 1."""
        self.edges = list(table.xs)
        self.n_rows = len(table.ys) - 1
        self.page = layout.number
        self.ruled = table.ruled
        self.scanned = bool(layout.method)
        self.ys = table.ys
        self.top = _rim(table, 0, closed=table.closed_top, rules=table.top_rules)
        self.bottom = _rim(table, -1, closed=table.closed_bottom, rules=table.bottom_rules)
        where = f"page {layout.number}, table {number}, row "
        self.parts = [
            Part(
                cell.row,
                cell.row + cell.row_span,
                (table.xs[cell.col], table.xs[cell.col + cell.col_span]),
                [Piece(layout.number, where, cell, layout.method)],
            )
            for cell in table.cells
        ]

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.edges[0]

    @property
    def width(self) -> float:
        """From its left to its right edge."""
        return self.edges[-1] - self.edges[0]

    def last_front(self) -> list[Part]:
        """The cells that touch its lower rim, left to right."""
        return sorted([part for part in self.parts if part.end == self.n_rows], key=_edges_of)

    def first_front(self, row: int = 0) -> list[Part]:
        """The cells that begin in a row, left to right."""
        return sorted([part for part in self.parts if part.row == row], key=_edges_of)

    def rows(self, count: int) -> list[list[Part]]:
        """The cells that begin in each of the first rows, left to right."""
        rows: list[list[Part]] = [[] for _ in range(min(count, self.n_rows))]
        for part in self.parts:
            if part.row < len(rows):
                rows[part.row].append(part)
        return [sorted(row, key=_edges_of) for row in rows]

    def moved(self, places: Mapping[float, float]) -> None:
        """Takes the edges of another frame: each of its own is a key."""
        self.edges = [places[x] for x in self.edges]
        for part in self.parts:
            part.x0, part.x1 = places[part.x0], places[part.x1]
        self.top = self.top._replace(rules=_moved(self.top.rules, places))
        self.bottom = self.bottom._replace(rules=_moved(self.bottom.rules, places))

    def split_off(self, rows: int) -> list[Part]:
        """Takes its first rows away; they are for `grid_of`."""
        head = [part for part in self.parts if part.row < rows]
        self.parts = [part for part in self.parts if part.row >= rows]
        for part in self.parts:
            part.row -= rows
            part.end -= rows
        self.n_rows -= rows
        return head

    def absorb(self, other: "Growing", joined: Iterable[tuple[Part, Part]], *, cut: bool) -> None:
        """Takes the next page's table, moved into its frame, below its last row.

        Args:
            other: The table; it is used up.
            joined: Cells of this table with those of the other that go on in them.
            cut: Whether the other's first row is the rest of this one's last.
        """
        below = self.n_rows - 1 if cut else self.n_rows
        continued = {id(rest): part for part, rest in joined}
        for part in other.parts:
            start = continued.get(id(part))
            if start is None:
                part.row += below
                part.end += below
                self.parts.append(part)
            else:
                start.end = max(start.end, part.end + below)
                start.pieces += part.pieces
        self.n_rows = below + other.n_rows
        self.edges = sorted({*self.edges, *other.edges})
        self.bottom, self.page = other.bottom, other.page


def places_of(a: Growing, b: Growing) -> dict[float, float] | None:
    """Where the edges of ``b`` lie in the frame of ``a``; None where the tables differ in their outer edges.

    Margins of left and right pages differ, so the left edges are laid upon each other.
    """
    scanned = a.scanned or b.scanned
    if abs(a.width - b.width) > (SCANNED_WIDTH * a.width if scanned else SAME_EDGE):
        return None
    near = SCANNED_EDGE if scanned else SAME_EDGE
    scale = a.width / b.width if scanned else 1.0
    framed = {x: a.left + (x - b.left) * scale for x in b.edges}
    places: dict[float, float] = {}
    for x, at in sorted(framed.items(), key=lambda edge: _nearest(a.edges, edge[1])[0]):
        distance, edge = _nearest(a.edges, at)
        places[x] = edge if distance <= near and edge not in places.values() else at
    places[b.edges[-1]] = a.edges[-1]
    ordered = [places[x] for x in b.edges]
    return places if all(x0 < x1 for x0, x1 in pairwise(ordered)) else None


def _nearest(edges: Sequence[float], at: float) -> tuple[float, float]:
    """How far the nearest edge is, and where."""
    near = bisect_left(edges, at)
    return min((abs(edge - at), edge) for edge in edges[max(near - 1, 0) : near + 1])


def _rim(table: Table, end: int, *, closed: bool, rules: Sequence[bool]) -> Rim:
    columns = zip(table.xs, table.xs[1:], rules, strict=False) if rules else ()
    return Rim(table.ys[end], closed, tuple(columns))


def _moved(
    rules: Iterable[tuple[float, float, bool]], places: Mapping[float, float]
) -> tuple[tuple[float, float, bool], ...]:
    return tuple((places[x0], places[x1], closed) for x0, x1, closed in rules)


def _edges_of(part: Part) -> tuple[float, float]:
    return part.x0, part.x1


def grid_of(parts: Iterable[Part], edges: Sequence[float], method: str, role: str = "") -> Grid:
    """Cells with print, in reading order, of rows that begin with their first."""
    parts = list(parts)
    columns = {x: col for col, x in enumerate(edges)}
    n_rows = max(part.end for part in parts)
    return Grid(tuple(sorted(_cells(parts, columns, method))), n_rows, len(edges) - 1, role)


def _cells(parts: Iterable[Part], columns: Mapping[float, int], method: str) -> Iterator[Cell]:
    make = tuple.__new__   # what the named tuples wrap, at half the time
    for part in parts:
        pieces = part.pieces
        if len(pieces) > 1:
            pieces = [piece for piece in pieces if piece.cell.lines]
        if text := part.text:
            places = [
                make(Origin, (
                    page, f"{at}{cell.row + 1}, column {cell.col + 1}", how or method, rounded(cell.box),
                    confidence_of(part.lines) if how else 1.0,
                ))
                for page, at, cell, how in pieces
            ]
            seen = seen_of(part.lines) if pieces[0].method else ()
            col = columns[part.x0]
            spans = part.end - part.row, columns[part.x1] - col
            yield make(Cell, (part.row, col, text, places[0], *spans, tuple(places[1:]), seen))


def rounded(box: Box) -> Box:
    """A rectangle to a hundredth of a point."""
    x0, top, x1, bottom = box
    return tuple.__new__(Box, (round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)))
