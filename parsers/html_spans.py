"""Spans of table cells resolved to places, by the HTML standard's "algorithm for forming a table"."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from parsers.errors import TooLarge
from parsers.limits import MAX_CELLS

MAX_COL_SPAN: Final = 1_000
MAX_ROW_SPAN: Final = 65_534
MAX_STEPS: Final = 5 * MAX_CELLS

_INTEGER: Final = re.compile(r"\s{0,9}\+?0{0,9}(\d{1,9})")

Content = TypeVar("Content")


class Source(NamedTuple, Generic[Content]):
    """A cell as the source gives it.

    ``row_span`` 0 reaches to the end of the row group. An ``unmerged`` cell takes its columns and stands in
    the first of them alone: Excel lets long text overflow so.
    """

    content: Content
    row_span: int = 1
    col_span: int = 1
    unmerged: bool = False


class Placed(NamedTuple, Generic[Content]):
    """A cell in its place, 0-based; no two cover the same place."""

    row: int
    col: int
    row_span: int
    col_span: int
    content: Content


class Tiling(NamedTuple, Generic[Content]):
    """All cells of a table in reading order, and its size."""

    cells: list[Placed[Content]]
    n_rows: int
    n_cols: int


def span_of(written: str | None, least: int, most: int) -> int:
    """A span as the standard reads it: 1 where it is no number, kept between ``least`` and ``most``.

    >>> [span_of(text, 0, 1000) for text in (None, "", "x", "-2", "0", " 3px", "99999999999")]
    [1, 1, 1, 1, 0, 3, 1000]
    """
    match = _INTEGER.match(written) if written else None
    return min(max(int(match[1]), least), most) if match else 1


def place(groups: Iterable[Sequence[Sequence[Source[Content]]]]) -> Tiling[Content]:
    """Places the cells of row groups, each a sequence of rows.

    A row span ends with its group. Where a column span runs into a cell from above, the standard lets both
    cover the place; here it ends there, and the next cell stands where it stands in the standard.

    Raises:
        TooLarge: Cells reach over more places than a real table has.
    """
    cells: list[Placed[Content]] = []
    first = n_cols = steps = 0
    for rows in groups:
        above: list[tuple[int, int, int]] = []   # first column, end, last row of what reaches down
        for index, sources in enumerate(rows):
            steps += len(sources) + len(above)
            if steps > MAX_STEPS:
                raise TooLarge("merged cells of a table reach over too many rows. Split the table.")
            placed, end = _row(sources, above, first + index, len(rows) - index)
            cells += placed
            n_cols = max(n_cols, end)
            tall = [(cell.col, cell.col + cell.col_span, cell.row + cell.row_span) for cell in placed
                    if cell.row_span > 1]
            if tall or above:
                above = sorted(span for span in (*above, *tall) if span[2] > first + index + 1)
        first += len(rows)
    return Tiling(cells, first, n_cols)


def _row(
    sources: Sequence[Source[Content]], above: Sequence[tuple[int, int, int]], row: int, rows_left: int
) -> tuple[list[Placed[Content]], int]:
    """The cells of one row between those that reach into it, and the end of its last column."""
    placed: list[Placed[Content]] = []
    col = following = 0
    for source in sources:
        while following < len(above) and above[following][0] <= col:
            col = max(col, above[following][1])
            following += 1
        room = above[following][0] - col if following < len(above) else MAX_COL_SPAN
        row_span = min(source.row_span or rows_left, rows_left)
        col_span = 1 if source.unmerged else min(source.col_span, room)
        placed.append(Placed(row, col, row_span, col_span, source.content))
        col += source.col_span
    return placed, max(col, above[-1][1] if above else 0)
