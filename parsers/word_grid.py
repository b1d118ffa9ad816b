"""Blocks of a Word document to grids: merged cells once, tables inside tables in print order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from parsers.errors import TooLarge
from parsers.grid import Cell, Grid, Origin
from parsers.joining import join_lines
from parsers.limits import MAX_CELL_CHARS, MAX_CELLS
from parsers.lines import tidy
from parsers.word_blocks import Block, Inserted, Paragraph, Table, TableCell, first_page
from parsers.word_columns import Span, columns_of
from parsers.word_seen import Seen

METHOD: Final = "docx"

_TABBED_LINES: Final = 3
_TABS_IN_LINE: Final = 2


class _Placed(NamedTuple):
    """A cell where it is printed; ``bottom`` is the row behind its last."""

    row: int
    col: int
    bottom: int
    right: int
    cell: TableCell


class _Plan(NamedTuple):
    """A table with each cell in its place."""

    rows: tuple[tuple[_Placed, ...], ...]
    n_cols: int


class Grids:
    """Makes grids of one story's blocks; ``story`` goes before the place of each, such as ``header 1``."""

    def __init__(self, seen: Seen, story: str = "") -> None:
        self._seen = seen
        self._story = story
        self._cells = 0

    def of(self, blocks: Sequence[Block], inside: str = "") -> list[Grid]:
        """The grids of blocks in print order; ``inside`` is the place of the cell that holds them."""
        found: list[Grid] = []
        where = inside or (self._story + ", " if self._story else "")
        paragraphs = tables = 0
        for run in _runs(blocks):
            if isinstance(run, list):
                found += self._paragraphs(run, where, paragraphs)
                paragraphs += len(run)
            elif isinstance(run, Table):
                tables += 1
                found += self._table(run, f"{where}table {tables}")
            else:
                found += run.grids
        return found

    def _grid(self, cells: Iterable[Cell], n_rows: int, n_cols: int) -> Grid:
        grid = Grid(tuple(cells), n_rows, n_cols)
        self._cells += len(grid.cells)
        if self._cells > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS:,} cells. Split it into smaller files.")
        return grid

    def _paragraphs(self, run: Sequence[Paragraph], where: str, before: int) -> Iterator[Grid]:
        places = [f"{where}paragraph {number}" for number in range(before + 1, before + len(run) + 1)]
        tabbed = [line.count("\t") >= _TABS_IN_LINE for paragraph in run for line in paragraph.lines]
        if len(tabbed) >= _TABBED_LINES and all(tabbed):
            yield self._tabbed(run, places)
            return
        for paragraph, place in zip(run, places, strict=True):
            for number, line in enumerate(paragraph.lines, 1):
                text = _clean(line)
                if text:
                    at = place if len(paragraph.lines) == 1 else f"{place}, line {number}"
                    cell = Cell(0, 0, _bounded(text, at), Origin(paragraph.page, at, METHOD))
                    yield self._grid((cell,), 1, 1)

    def _tabbed(self, run: Sequence[Paragraph], places: Sequence[str]) -> Grid:
        """A table that was typed, or pasted, with tabs."""
        lines = [(line.split("\t"), paragraph.page, place)
                 for paragraph, place in zip(run, places, strict=True) for line in paragraph.lines]
        cells = [
            Cell(row, col, _bounded(text, place), Origin(page, place, METHOD))
            for row, (parts, page, place) in enumerate(lines)
            for col, part in enumerate(parts)
            if (text := tidy(part))
        ]
        return self._grid(cells, len(lines), max([len(parts) for parts, _, _ in lines]))

    # ── tables ───────────────────────────────────────────────────────────────

    def _table(self, table: Table, place: str) -> Iterator[Grid]:
        """The grids of a table: it is cut below rows that hold other tables, and at those that only do."""
        plan = _plan(table, self._seen)
        if plan.n_cols == 1 and len(plan.rows) == 1:     # a frame round text
            for placed in plan.rows[0]:
                yield from self.of(placed.cell.blocks, place + ", ")
            return
        first = 0
        for number, row in enumerate(plan.rows):
            printing = [placed for placed in row if placed.cell.blocks]
            inner = [placed for placed in printing if any(map(_is_table, placed.cell.blocks))]
            if not inner:
                continue
            is_frame = len(printing) == 1
            yield from self._slice(plan, first, number + (not is_frame), place)
            first = number + 1
            for placed in inner:
                blocks = [block for block in placed.cell.blocks if is_frame or _is_table(block)]
                yield from self.of(blocks, _at(place, placed) + ", ")
        yield from self._slice(plan, first, len(plan.rows), place)

    def _slice(self, plan: _Plan, first: int, end: int, place: str) -> Iterator[Grid]:
        """The rows from ``first`` to before ``end`` as a grid, where they print anything."""
        cells = []
        for row in plan.rows[first:end]:
            for placed in row:
                text = join_lines(_lines(placed.cell.blocks))
                if text:
                    at = _at(place, placed)
                    page = first_page(placed.cell.blocks) or 1
                    cells.append(Cell(placed.row - first, placed.col, _bounded(text, at),
                                      Origin(page, at, METHOD),
                                      min(placed.bottom, end) - placed.row, placed.right - placed.col))
        if cells:
            yield self._grid(cells, end - first, plan.n_cols)


def _at(place: str, placed: _Placed) -> str:
    return f"{place}, row {placed.row + 1}, column {placed.col + 1}"


def _plan(table: Table, seen: Seen) -> _Plan:
    columns, n_cols = columns_of(table)
    rows: list[list[_Placed]] = []
    above: dict[Span, tuple[int, int]] = {}    # the cells that may go on, by row and index
    for number, (row, spans) in enumerate(zip(table.rows, columns, strict=True)):
        placed: list[_Placed] = []
        below: dict[Span, tuple[int, int]] = {}
        rows.append(placed)
        for cell, span in zip(row.cells, spans, strict=True):
            if cell.goes_on and span in above:
                top, index = below[span] = above[span]
                upper = rows[top][index]
                rows[top][index] = upper._replace(bottom=number + 1)
                _note_covered(cell, upper.cell, seen)
                continue
            if cell.goes_on or cell.opens:
                below[span] = (number, len(placed))
            placed.append(_Placed(number, span[0], number + 1, span[1], cell))
        above = below
    return _Plan(tuple(map(tuple, rows)), n_cols)


def _note_covered(cell: TableCell, upper: TableCell, seen: Seen) -> None:
    """Word does not print what stands in the lower parts of a merged cell; programs repeat its text there."""
    text = join_lines(_lines(cell.blocks))
    if text and text != join_lines(_lines(upper.blocks)):
        seen.covered.append(text)


# ── text of cells ────────────────────────────────────────────────────────────


def _is_table(block: Block) -> bool:
    """Whether a block is a table in its own right, not just text in a frame, a line or a list."""
    if isinstance(block, Inserted):
        return True
    if isinstance(block, Paragraph):
        return False
    printing = [[cell for cell in row.cells if cell.blocks] for row in block.rows]
    if any(_is_table(inner) for row in printing for cell in row for inner in cell.blocks):
        return True
    return sum(map(bool, printing)) > 1 and max(map(len, printing)) > 1


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The printed lines of a cell; tables in their own right are left to grids of their own."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from map(_clean, block.lines)
        elif isinstance(block, Table) and not _is_table(block):
            for row in block.rows:
                texts = [join_lines(_lines(cell.blocks)) for cell in row.cells]
                yield " ".join(filter(None, texts))


def _clean(line: str) -> str:
    return tidy(line.replace("\t", " ") if "\t" in line else line)


def _bounded(text: str, place: str) -> str:
    if len(text) > MAX_CELL_CHARS:
        raise TooLarge(f"{place} has {len(text):,} characters, and {MAX_CELL_CHARS:,} are read."
                       " Is it a report?")
    return text


def _runs(blocks: Iterable[Block]) -> Iterator[list[Paragraph] | Table | Inserted]:
    """The blocks, with paragraphs that follow each other and are alike (tabbed or not) taken together."""
    run: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            if run and _is_tabbed(run[-1]) != _is_tabbed(block):
                yield run
                run = []
            run.append(block)
        else:
            if run:
                yield run
                run = []
            yield block
    if run:
        yield run


def _is_tabbed(paragraph: Paragraph) -> bool:
    return min([line.count("\t") for line in paragraph.lines]) >= _TABS_IN_LINE
