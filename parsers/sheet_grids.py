"""The cells of a sheet → grids: where tables and paragraphs begin and end.

A sheet is cut at its entirely empty rows, as pasted text is at blank lines. Rows at the head of such
a piece that hold one cell only (titles, the year, the unit of money) are paragraphs; the rest is one
grid. Columns are counted from the left edge of the whole sheet, so that pieces of one table agree.
Two forms side by side are told apart only where it is certain: see `_side_by_side`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from parsers.grid import Cell, Grid, Origin
from parsers.sheet_places import Placed

METHOD: Final = "xlsx"

_TABLE_WIDTH: Final = 3
_TABLE_ROWS: Final = 5


def pieces(cells: Sequence[Placed], left: int) -> Iterator[tuple[Sequence[Placed], int]]:
    """The pieces of a sheet, each with the column that its own are counted from."""
    parts = _side_by_side(cells)
    if len(parts) > 1:
        for part in parts:
            edge = min(cell.col for cell in part)
            yield from ((piece, edge) for piece in _at_empty_rows(part))
        return
    for piece in _at_empty_rows(cells):
        parts = _side_by_side(piece) if len(piece) < len(cells) else [piece]
        for part in parts:
            yield part, left if len(parts) == 1 else min(cell.col for cell in part)


def _at_empty_rows(cells: Sequence[Placed]) -> Iterator[list[Placed]]:
    piece: list[Placed] = []
    reach = 0
    for cell in cells:
        if piece and cell.row > reach:
            yield piece
            piece = []
        piece.append(cell)
        reach = max(reach, cell.row + cell.row_span)
    if piece:
        yield piece


def _side_by_side(cells: Sequence[Placed]) -> list[Sequence[Placed]]:
    """The parts left and right of empty columns, if each is a table with a title of its own.

    A table may have an empty column; so every part must begin in the same row with one cell alone, and
    be wide and long enough.
    """
    starts: list[int] = []
    reach = -1
    for first, end in sorted({(cell.col, cell.col + cell.col_span) for cell in cells}):
        if first > reach:
            starts.append(first)
        reach = max(reach, end)
    if len(starts) < 2:  # noqa: PLR2004  no empty column between
        return [cells]
    parts: list[list[Placed]] = [[] for _ in starts]
    for cell in cells:
        parts[bisect_right(starts, cell.col) - 1].append(cell)
    begin_together = len({part[0].row for part in parts}) == 1
    return list(parts) if begin_together and all(map(_stands_alone, parts)) else [cells]


def _stands_alone(cells: Sequence[Placed]) -> bool:
    starts: dict[int, int] = {}
    for cell in cells:
        starts[cell.row] = starts.get(cell.row, 0) + 1
    width = max(cell.col + cell.col_span for cell in cells) - min(cell.col for cell in cells)
    rows = sum(count > 1 for count in starts.values())
    return starts[cells[0].row] == 1 and width >= _TABLE_WIDTH and rows >= _TABLE_ROWS


def grids_of(piece: Sequence[Placed], left: int, page: int) -> Iterator[Grid]:
    """The paragraphs at the head of a piece, and its table; columns count from ``left``."""
    first = 0
    while first < len(piece) and _is_alone(piece, first):
        yield paragraph(piece[first].text, Origin(page, piece[first].place, METHOD))
        first += 1
    rest = piece[first:]
    if not rest:
        return
    top = rest[0].row
    cells = tuple(
        Cell(row - top, col - left, text, Origin(page, place, METHOD), height, width)
        for row, col, text, place, height, width in rest
    )
    n_rows = max(cell.row + cell.row_span for cell in cells)
    yield Grid(cells, n_rows, max(cell.col + cell.col_span for cell in cells))


def _is_alone(piece: Sequence[Placed], index: int) -> bool:
    """Whether nothing stands beside a cell; the rows before it are done."""
    cell = piece[index]
    return index + 1 == len(piece) or piece[index + 1].row >= cell.row + cell.row_span


def paragraph(text: str, origin: Origin) -> Grid:
    """A grid of one cell."""
    return Grid((Cell(0, 0, text, origin),), 1, 1)
