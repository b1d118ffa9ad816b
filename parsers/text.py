"""The reader of plain text: pasted tables, CSV, Markdown and prose to grids.

A chunk is a run of lines that are not blank. Each chunk is one table, or prose, of which
each line is a grid of one cell. Provenance is the line's number in the file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from parsers.dialects import Dialect, dialect_of
from parsers.encoding import decode
from parsers.errors import Empty, TooLarge
from parsers.grid import Cell, Grid, Origin, Reading
from parsers.limits import MAX_CELL_CHARS, within_limits
from parsers.lines import QUOTED_BREAK, is_plain, numbered, tidy, unfolded, unify_line_ends
from parsers.quotes import fold_quoted_lines

Chunk = list[tuple[int, str]]
Clean = Callable[[str], str]

_PROSE = "text/plain"


def read_text(data: bytes, name: str = "") -> Reading:
    """Reads text in any encoding and dialect.

    Args:
        data: The bytes of the file.
        name: Its name. ``.csv`` makes every comma a delimiter; nothing else depends on it.

    Raises:
        UnreadableSource: Damaged, Empty, TooLarge, Unsupported or WrongEncoding.
    """
    decoded = decode(data)
    text = within_limits(unify_line_ends(decoded.text))
    pages = text.split("\f")
    while len(pages) > 1 and not pages[-1].strip():
        pages.pop()   # pdftotext ends the last page too with a form feed
    grids: list[Grid] = []
    written: Counter[str] = Counter()   # cells in each media type
    first = 1
    for page, page_text in enumerate(pages, 1):
        folded = fold_quoted_lines(page_text)
        clean = str.strip if is_plain(folded) else tidy
        for chunk in _chunks(folded, first):
            dialect = dialect_of([line for _, line in chunk], name)
            found = _grids(chunk, dialect, page, clean)
            grids += found
            written[dialect.media_type if dialect else _PROSE] += sum(
                [len(grid.cells) for grid in found]
            )
        first += page_text.count("\n")
    if not grids:
        raise Empty("the file holds no printed character. Get the file again from its source.")
    if len(text) > MAX_CELL_CHARS:
        _refuse_long_cells(grids)
    return Reading(max(written, key=written.__getitem__), len(pages), tuple(grids), decoded.notes)


def _chunks(page: str, first: int) -> Iterator[Chunk]:
    chunk: Chunk = []
    for entry in numbered(page, first):
        if not entry[1] or entry[1].isspace():
            if chunk:
                yield chunk
                chunk = []
        else:
            chunk.append(entry)
    if chunk:
        yield chunk


def _grids(chunk: Chunk, dialect: Dialect | None, page: int, clean: Clean) -> Sequence[Grid]:
    if not (dialect and dialect.quotes) and any(QUOTED_BREAK in line for _, line in chunk):
        chunk = unfolded(chunk)
    if dialect is None:
        return _paragraphs(chunk, page, clean)
    grid = _table(chunk, dialect.rows([line for _, line in chunk]), page, clean)
    return [grid] if grid.cells else []


def _paragraphs(chunk: Chunk, page: int, clean: Clean) -> list[Grid]:
    return [
        Grid((Cell(0, 0, text, Origin(page, f"line {number}", "text")),), 1, 1)
        for number, line in chunk
        if (text := clean(line))
    ]


def _table(
    chunk: Chunk, rows: Iterable[list[str] | None], page: int, clean: Clean
) -> Grid:
    make = tuple.__new__   # what Cell and Origin wrap, at half the time
    cell, origin = Cell, Origin
    kept = [
        (make(origin, (page, f"line {number}", "text", None, 1.0)), parts)
        for (number, _), parts in zip(chunk, rows, strict=True)
        if parts is not None
    ]
    cells = [
        make(cell, (row, col, text, place, 1, 1, (), ()))
        for row, (place, parts) in enumerate(kept)
        for col, part in enumerate(parts)
        if part and (text := clean(part))
    ]
    return Grid(tuple(cells), len(kept), max([len(parts) for _, parts in kept], default=0))


def _refuse_long_cells(grids: list[Grid]) -> None:
    for grid in grids:
        for cell in grid.cells:
            if len(cell.text) > MAX_CELL_CHARS:
                raise TooLarge(
                    f"the cell at {cell.origin.place} has {len(cell.text):,} characters, and"
                    f" {MAX_CELL_CHARS:,} are read. Is the file a table of text?"
                )
