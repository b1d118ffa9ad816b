"""How the lines of a chunk are divided into cells: tabs, pipes, commas, runs of spaces.

A dialect is a test and a splitter. The splitter gives one list of cells for each line, in
which the index is the column and "" is an empty cell, or None for a line that is only
drawing (``|---|``).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from statistics import median, mode
from typing import NamedTuple

from parsers.aligned import has_gaps, split_at_gaps
from parsers.joining import join_lines
from parsers.quotes import split_at_commas

_PIPE = re.compile(r"(?<!\\)\|")
_HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SEPARATOR = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")   # every comma but a thousands one

MIN_COMMA_LINES = 3     # fewer lines with commas may be prose
MIN_COMMAS = 2          # in most lines
COMMA_SHARE = 0.8       # of the lines have as many commas as most, give or take one
MAX_COMMA_CELL = 6      # characters of the median cell; between commas in prose stand more
MAX_LINES_TO_A_GAP = 4  # a title and one line of two cells, say


class Dialect(NamedTuple):
    """A way to write tables as text.

    Attributes:
        media_type: What a file is called that is mostly written so.
        mark: What stands in every chunk that is so written.
        fits: Tells from the lines of a chunk and the file's name whether they are.
        rows: Splits the lines.
        quotes: Whether a line end inside quotes belongs to the cell.
    """

    media_type: str
    mark: str
    fits: Callable[[Sequence[str], str], bool]
    rows: Callable[[Sequence[str]], Iterable[list[str] | None]]
    quotes: bool = False


def dialect_of(lines: Sequence[str], name: str) -> Dialect | None:
    """The dialect of a chunk, None for prose. ``name`` is the file's, a hint."""
    chunk = "\n".join(lines)
    for dialect in DIALECTS:
        if dialect.mark in chunk and dialect.fits(lines, name):
            return dialect
    return None


def _is_so_marked(_lines: Sequence[str], _name: str) -> bool:
    return True   # no prose has tabs


def _split_at_tabs(lines: Sequence[str]) -> Iterable[list[str]]:
    return [line.rstrip().split("\t") for line in lines]


def _has_pipes(lines: Sequence[str], _name: str) -> bool:
    drawn = sum(map(_is_framed, lines))
    return 2 * drawn >= len(lines) or any(
        "|" in line and _is_drawing(line, below_head=True) for line in lines[1:]
    )


def _is_framed(line: str) -> bool:
    start = line.lstrip()[:2]
    return (start[0] == "|" and line.count("|") > 1) or start in {"+-", "+="}


def _is_drawing(line: str, *, below_head: bool) -> bool:
    """Whether a line only separates rows.

    One dash is enough below the head; further down it is a printed blank (``| - | - |``).
    """
    if line.strip("|:-+= \t"):
        return False
    return "---" in line or "===" in line or (below_head and "-" in line)


def _split_at_pipes(lines: Sequence[str]) -> Iterable[list[str] | None]:
    seen_head = False
    for number, line in enumerate(lines):
        if _is_drawing(line, below_head=number > 0 and not seen_head):
            seen_head = True
            yield None
            continue
        bare = line.strip().removeprefix("|")
        if bare.endswith("|") and not bare.endswith(r"\|"):
            bare = bare[:-1]
        yield [_markdown_cell(cell) for cell in _PIPE.split(bare)]


def _markdown_cell(cell: str) -> str:
    if "<" in cell:
        cell = join_lines(_HTML_BREAK.split(cell))
    return cell.replace(r"\|", "|")


def _has_commas(lines: Sequence[str], name: str) -> bool:
    """Whether commas divide the lines, rather than clauses or thousands.

    In a file that calls itself csv any comma does. Elsewhere several lines must have
    nearly the same number of them, and short cells between.
    """
    if name.lower().endswith(".csv"):
        return True
    commas = sum(line.count(",") for line in lines)
    if len(lines) < MIN_COMMA_LINES or commas < MIN_COMMAS * COMMA_SHARE * len(lines):
        return False
    rows = [split_at_commas(line) if '"' in line else _SEPARATOR.split(line) for line in lines]
    widths = sorted(map(len, rows))
    usual = widths[len(widths) // 2]
    alike = sum(abs(width - usual) <= 1 for width in widths)
    return (
        usual > MIN_COMMAS
        and alike >= COMMA_SHARE * len(rows)
        and median(len(cell) for row in rows for cell in row) <= MAX_COMMA_CELL
    )


def _comma_rows(lines: Sequence[str]) -> Iterable[list[str]]:
    """Every comma divides, as the format has it.

    But in a row that is longer than most, thousands separators do not, if that makes it
    as long: ``总额,7,000.00`` among rows of two.
    """
    rows = [split_at_commas(line) for line in lines]
    usual = mode(map(len, rows))
    for line, row in zip(lines, rows, strict=True):
        if len(row) > usual and '"' not in line:
            fewer = _SEPARATOR.split(line)
            yield fewer if len(fewer) == usual else row
        else:
            yield row


def _has_runs_of_spaces(lines: Sequence[str], _name: str) -> bool:
    """A gap in one line of many is a slip of the typist."""
    gaps = sum(map(has_gaps, lines))
    return gaps > 1 or (gaps == 1 and len(lines) <= MAX_LINES_TO_A_GAP)


DIALECTS = (
    Dialect("text/tab-separated-values", "\t", _is_so_marked, _split_at_tabs, quotes=True),
    Dialect("text/markdown", "|", _has_pipes, _split_at_pipes),
    Dialect("text/csv", ",", _has_commas, _comma_rows, quotes=True),
    Dialect("text/plain", "", _has_runs_of_spaces, split_at_gaps),
)
"""In the order of how little can be mistaken for them."""
