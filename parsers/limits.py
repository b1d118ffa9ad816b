"""How much one file may hold, told before anything is built from it."""

from collections.abc import Iterable

from parsers.errors import TooLarge
from parsers.grid import Grid

MAX_BYTES = 64 << 20
MAX_LINES = 2_000_000
MAX_CELLS = 1_000_000
MAX_CELL_CHARS = 1_000_000
MAX_COLUMNS = 16_384   # as a sheet has

_WINDOW = 1 << 20   # characters split at a time: bounds the memory that counting takes
_SPLIT = "Split it into smaller files."


def refuse_long(data: bytes) -> None:
    """Raises TooLarge for more bytes than a report has."""
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"{len(data) >> 20} MiB, and a report file may have {MAX_BYTES >> 20} MiB. {_SPLIT}"
        )


def refuse_wide(grids: Iterable[Grid]) -> None:
    """Raises TooLarge for a table of more columns than a sheet has."""
    widest = max((grid.n_cols for grid in grids), default=0)
    if widest > MAX_COLUMNS:
        raise TooLarge(f"a table of {widest:,} columns, and {MAX_COLUMNS:,} are read. {_SPLIT}")


def within_limits(text: str) -> str:
    """The text, rid of empty columns at line ends where only so it keeps the limits.

    Whole sheets are pasted with 16,384 columns, so trailing delimiters do not count.

    Raises:
        TooLarge: More lines, or more places for cells, than a report has.
    """
    if len(text) <= MAX_CELLS:   # each cell and each line takes a character
        return text
    if text.count("\n") + text.count("\f") > MAX_LINES:
        raise TooLarge(f"more than {MAX_LINES:,} lines. {_SPLIT}")
    if _places(text) > MAX_CELLS:
        text = "\n".join([line.rstrip() for line in text.split("\n")])
        if _places(text) > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS:,} cells. {_SPLIT}")
    return text


def _places(text: str) -> int:
    """An upper bound of the number of cells, whatever the dialect."""
    places = text.count("\n") + sum(map(text.count, "\t|,"))
    if places > MAX_CELLS:
        return places
    words = 0   # where runs of spaces divide, a cell has a word at least
    for start in range(0, len(text), _WINDOW):
        words += len(text[start : start + _WINDOW].split())
        if words > MAX_CELLS:
            break
    return max(places, words)
