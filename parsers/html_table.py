"""Tables of a page: cells put in their places, and layout tables told from tables of data."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from parsers.html_flow import Paragraph, Plain, text_of
from parsers.html_spans import Placed, Source, place

PROSE: Final = 10
"""Paragraphs to a cell, on the mean: no table has so many, the columns of a page have."""


class Table(NamedTuple):
    """A table of data: the cells with print in reading order, and its size."""

    cells: tuple[Placed[str], ...]
    n_rows: int
    n_cols: int

    @property
    def is_list(self) -> bool:
        """Whether only one column has print: lines within a cell are set so."""
        return len({cell.col for cell in self.cells}) <= 1


Item: TypeAlias = Paragraph | Plain | Table
_Cell: TypeAlias = Placed[list[Item]]


class OpenTable:
    """A table that is being read.

    Attributes:
        depth: How many flows were open where it began: its cells stand there and nowhere deeper.
        hidden: Texts that stand in hidden columns.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.hidden: list[str] = []
        self._groups: list[tuple[str, list[list[Source[list[Item]]]]]] = []
        self._hidden_rows = 0   # that the last group ends with
        self._cols = 0
        self._hidden_cols: set[int] = set()

    def add_columns(self, count: int, *, hidden: bool) -> None:
        """Columns as the source describes them."""
        if hidden:
            self._hidden_cols.update(range(self._cols, self._cols + count))
        self._cols += count

    def start_group(self, tag: str) -> None:
        """Rows that follow are of another group: ``thead``, ``tbody`` or ``tfoot``."""
        self._groups.append((tag, []))
        self._hidden_rows = 0

    def start_row(self, *, hidden: bool = False) -> None:
        """Cells that follow are of another row."""
        if not self._groups:
            self.start_group("tbody")
        self._groups[-1][1].append([])
        self._hidden_rows = self._hidden_rows + 1 if hidden else 0

    def add(self, cell: Source[list[Item]]) -> None:
        """The next cell of the row."""
        if not self._groups or not self._groups[-1][1]:
            self.start_row()
        self._groups[-1][1][-1].append(cell)

    def close(self) -> list[Item]:
        """What the table prints: itself, or what it holds where it only lays out the page."""
        if self._hidden_rows:   # Excel ends a sheet with one that holds the widths of columns
            del self._groups[-1][1][-self._hidden_rows :]
        tiling = place(self._in_print_order())
        cells = [cell for cell in tiling.cells if cell.content]
        if self._hidden_cols:
            seen = [cell for cell in cells if not self._is_hidden(cell)]
            self.hidden += [text_of(_lines(cell.content)) for cell in cells if self._is_hidden(cell)]
            cells = seen
        return _resolved(cells, tiling.n_rows, tiling.n_cols)

    def _in_print_order(self) -> list[list[list[Source[list[Item]]]]]:
        """Only the first head and the first foot go to the ends, wherever they stand."""
        tags = [tag for tag, _ in self._groups]
        order = list(range(len(tags)))
        if "thead" in tags:
            order.insert(0, order.pop(tags.index("thead")))
        if "tfoot" in tags:
            order.remove(foot := tags.index("tfoot"))
            order.append(foot)
        return [self._groups[index][1] for index in order]

    def _is_hidden(self, cell: _Cell) -> bool:
        return all(col in self._hidden_cols for col in range(cell.col, cell.col + cell.col_span))


def _resolved(cells: Sequence[_Cell], n_rows: int, n_cols: int) -> list[Item]:
    """A table of data, or the parts of a layout table in print order.

    A table is layout where it has one cell with print only, where its cells hold prose, or where the tables
    in its cells have as many cells as itself; then its own rows between them stay tables.
    """
    if len(cells) <= 1:
        return cells[0].content if cells else []
    if sum(len(cell.content) for cell in cells) >= PROSE * len(cells):
        return [item for cell in cells for item in cell.content]
    inner = sum(len(table.cells) for cell in cells for table in _tables(cell) if not table.is_list)
    own = sum(not any(_tables(cell)) for cell in cells)
    if inner and inner >= own:
        return list(_laid_out(cells, n_cols))
    return [_table(cells, n_rows, n_cols)]


def _laid_out(cells: Iterable[_Cell], n_cols: int) -> Iterator[Item]:
    by_row = [list(row) for _, row in groupby(cells, key=lambda cell: cell.row)]
    for descend, run in groupby(by_row, key=_holds_tables):
        rows = list(run)
        if descend or all(len(row) == 1 for row in rows):
            yield from (item for row in rows for cell in row for item in cell.content)
            continue
        first, end = rows[0][0].row, rows[-1][0].row + 1
        moved = [
            cell._replace(row=cell.row - first, row_span=min(cell.row_span, end - cell.row))
            for row in rows
            for cell in row
        ]
        yield _table(moved, end - first, n_cols)


def _tables(cell: _Cell) -> Iterator[Table]:
    return (item for item in cell.content if isinstance(item, Table))


def _holds_tables(row: Iterable[_Cell]) -> bool:
    return any(not table.is_list for cell in row for table in _tables(cell))


def _table(cells: Iterable[_Cell], n_rows: int, n_cols: int) -> Table:
    texts = [Placed(*cell[:4], text_of(_lines(cell.content))) for cell in cells]
    return Table(tuple(cell for cell in texts if cell.content), n_rows, n_cols)


def _lines(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Paragraph):
            yield from item.lines
        elif isinstance(item, Plain):
            yield from item.text.split("\n")
        else:
            yield from (cell.content for cell in item.cells)
