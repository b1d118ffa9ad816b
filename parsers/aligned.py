"""Tables whose columns are made with runs of spaces, as ``pdftotext -layout`` prints them.

Two or more spaces (ASCII, no-break or ideographic) part two cells; one space never does,
for labels are printed ``年度 总体 目标`` and ``绩　效``. Where the pieces of a chunk stand
above one another, those places are its columns; else the pieces of each line are counted.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_SPACE = " \u00a0\u3000"
_GAP = re.compile(rf"[^{_SPACE}][{_SPACE}]{{2,}}[^{_SPACE}]")
_PIECE = re.compile(rf"[^{_SPACE}]+(?:[{_SPACE}][^{_SPACE}]+)*")

MAX_COLUMNS = 256   # more places than this are no columns
SPREAD = 2          # columns may be this many times the pieces of the fullest line


class Piece(NamedTuple):
    """Text between two gaps and where it stands in its line, in print columns."""

    start: int
    end: int
    text: str


Width = Callable[[str], int]
Column = list[int]   # start and end; a list, for it grows
Placed = tuple[int, Piece]   # a piece in its column


def has_gaps(line: str) -> bool:
    """Whether a run of spaces parts the line.

    >>> has_gaps("总额   15.42"), has_gaps("年度 总体　目标"), has_gaps("　　为了  ")
    (True, False, False)
    """
    return _GAP.search(line) is not None


def split_at_gaps(lines: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each line, in columns where the lines are aligned.

    Programs disagree whether a Han character takes two columns or one (poppler counts
    characters), so both are tried; that which gives fewer columns with fewer different
    edges is right.
    """
    tables = []
    for width in (len,) if all(map(str.isascii, lines)) else (_shown_width, len):
        rows = [_pieces(line, width) for line in lines]
        columns = _columns_of(rows)
        if columns:
            tables.append(_placed(rows, columns))
    if not tables:
        return (_PIECE.findall(line) for line in lines)
    best = min(tables, key=_disorder)
    return (_texts(row) for row in best)


def _shown_width(text: str) -> int:
    """Columns of a monospaced font: GBK has one byte for ASCII, two for all that is wide."""
    return len(text) if text.isascii() else len(text.encode("gbk", "replace"))


def _pieces(line: str, width: Width) -> list[Piece]:
    pieces = []
    column = read = 0
    for match in _PIECE.finditer(line):
        start = column + width(line[read : match.start()])
        column = start + width(match[0])
        read = match.end()
        pieces.append(Piece(start, column, match[0]))
    return pieces


def _columns_of(rows: list[list[Piece]]) -> list[Column] | None:
    """Where the columns stand, None if the rows are not aligned.

    The fullest rows say where; the others are fitted in, fuller ones first, and widen a
    column or add one between. Columns never overlap and never shrink, so each piece
    begins in the column that it was fitted to. Lines of one piece, titles and prose, say
    nothing about columns.
    """
    most = min(SPREAD * max(map(len, rows)), MAX_COLUMNS)
    columns: list[Column] = []
    for row in sorted(rows, key=len, reverse=True):
        if len(row) > 1 and (not _fit(row, columns) or len(columns) > most):
            return None
    return columns


def _placed(rows: list[list[Piece]], columns: list[Column]) -> list[list[Placed]]:
    starts = [start for start, _ in columns]
    last = len(columns) - 1
    return [
        [(min(_column_under(piece, columns, starts), last), piece) for piece in row]
        for row in rows
    ]


def _disorder(table: list[list[Placed]]) -> tuple[int, int]:
    """The number of columns, and of different edges in them: left ones or right ones."""
    placed = [entry for row in table if len(row) > 1 for entry in row]
    return (
        len({at for at, _ in placed}),
        min(len({(at, piece.start) for at, piece in placed}),
            len({(at, piece.end) for at, piece in placed})),
    )


def _texts(row: list[Placed]) -> list[str]:
    cells: list[str] = []
    for at, piece in row:
        cells += [""] * (at - len(cells))
        cells.append(piece.text)
    return cells


def _fit(row: list[Piece], columns: list[Column]) -> bool:
    """Finds or makes a column for each piece; False where two pieces share one."""
    starts = [start for start, _ in columns]
    last: Column | None = None
    for piece in row:
        at = _column_under(piece, columns, starts)
        if at == len(columns) or columns[at][0] >= piece.end:
            columns.insert(at, [piece.start, piece.end])
            starts.insert(at, piece.start)
        elif columns[at] is last:
            return False
        elif columns[at][0] > piece.start or columns[at][1] < piece.end:
            _widen(at, piece, columns)
            starts[at] = columns[at][0]
        last = columns[at]
    return True


def _column_under(piece: Piece, columns: list[Column], starts: list[int]) -> int:
    """The first column that ends right of where the piece begins."""
    at = max(bisect_right(starts, piece.start) - 1, 0)
    while at < len(columns) and columns[at][1] <= piece.start:
        at += 1
    return at


def _widen(at: int, piece: Piece, columns: list[Column]) -> None:
    """Lets a column cover the piece, as far as its neighbours leave room."""
    column = columns[at]
    left = columns[at - 1][1] if at else 0
    right = columns[at + 1][0] if at + 1 < len(columns) else piece.end
    column[0] = max(min(column[0], piece.start), left)
    column[1] = min(max(column[1], piece.end), max(right, column[1]))
