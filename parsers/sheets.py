"""What a sheet of a workbook is, whatever its file format: the text of its cells and how it is merged."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from parsers.errors import TooLarge
from parsers.joining import join_lines
from parsers.limits import MAX_CELL_CHARS, MAX_CELLS
from parsers.lines import is_plain, tidy

MAX_ROWS: Final = 1 << 20
MAX_COLS: Final = 1 << 14
MAX_CHARS: Final = 64 << 20
"""Characters of all cells: a long text may stand in a million cells, and be stored once."""

class Range(NamedTuple):
    """A rectangle of cells, 0-based, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


class TextBox(NamedTuple):
    """A text drawn over the sheet, and the row, 0-based, of its upper edge."""

    row: int
    text: str


class Sheet(NamedTuple):
    """What a file says of a sheet; rows and columns are 0-based.

    Attributes:
        name: As on its tab.
        cells: Row, column and displayed text (see `displayed`) of the cells that have any.
        merges: Merged ranges, as they stand in the file: they may overlap.
        hidden_rows: Rows that are not displayed.
        hidden_cols: Columns that are not displayed.
        boxes: Texts drawn over the cells.
        doubts: Kind of a note → the cells that it is about.
        has_pictures: Whether pictures are drawn over the cells.
    """

    name: str
    cells: Sequence[tuple[int, int, str]]
    merges: Collection[Range] = ()
    hidden_rows: Collection[int] = ()
    hidden_cols: Collection[int] = ()
    boxes: Sequence[TextBox] = ()
    doubts: Mapping[str, Sequence[tuple[int, int]]] = {}
    has_pictures: bool = False


class Room:
    """How much more text a workbook may hold."""

    def __init__(self) -> None:
        self._cells = MAX_CELLS
        self._chars = MAX_CHARS

    def take(self, text: str) -> None:
        """Counts a cell.

        Raises:
            TooLarge: More than a report has, in this cell or in all of them.
        """
        self._cells -= 1
        self._chars -= len(text)
        if self._cells < 0:
            raise TooLarge(f"more than {MAX_CELLS:,} cells with text. Split it into smaller files.")
        if self._chars < 0 or len(text) > MAX_CELL_CHARS:
            raise TooLarge("more text in its cells than a report has. Is the file a report?")


def displayed(text: str) -> str:
    r"""The text of a cell on one line, without outer white space and what nobody sees.

    >>> displayed(" 年度\r\n总体目标　")
    '年度总体目标'
    """
    if "\n" in text or "\r" in text:
        text = join_lines(re.split(r"[\r\n]+", text))
    return text.strip() if is_plain(text) else tidy(text)


def quoted(name: str) -> str:
    """The name as references write it."""
    return name if re.fullmatch(r"[^\W\d][\w.]*", name) else "'" + name.replace("'", "''") + "'"


def reference(row: int, col: int) -> str:
    """A1 for row 0 and column 0.

    >>> reference(0, 0), reference(9, 27), reference(0, 16383)
    ('A1', 'AB10', 'XFD1')
    """
    return f"{_letters(col)}{row + 1}"


@lru_cache(maxsize=MAX_COLS)
def _letters(col: int) -> str:
    before, letter = divmod(col, 26)
    return (_letters(before - 1) if before else "") + chr(65 + letter)
