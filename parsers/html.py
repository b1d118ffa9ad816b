"""The reader of web pages: bytes to text by rule, text to what a browser prints, and that to grids.

A page has no pages: what was read stands on page 1. Provenance is ``paragraph 12`` and
``table 2, row 5, column 3``, counted from 1 in print order. Nothing is ever fetched.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from parsers.encoding import decode
from parsers.errors import Empty, NoTextLayer, TooLarge, UnreadableSource
from parsers.grid import Cell, Grid, Note, Origin, Reading
from parsers.html_flow import Paragraph, Plain
from parsers.html_source import named_encoding, tree_of
from parsers.html_table import Item, Table
from parsers.html_walk import Content, content_of
from parsers.limits import MAX_CELL_CHARS, MAX_CELLS
from parsers.text import read_text

MEDIA_TYPE: Final = "text/html"
METHOD: Final = "html"

_SNIPPET: Final = 40
_NAMED: Final = 3   # addresses in a message


class WebPage(NamedTuple):
    """What one page prints.

    Attributes:
        grids: Its paragraphs and tables in print order.
        notes: What was mended in its bytes, and what it hides.
        others: Addresses of files that it shows within itself.
        pictures: How many pictures it shows.
    """

    grids: tuple[Grid, ...]
    notes: tuple[Note, ...]
    others: tuple[str, ...]
    pictures: int


def read_html(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads a web page in any encoding.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Raises:
        UnreadableSource: Damaged, Empty, NoTextLayer, TooLarge, Unsupported or WrongEncoding.
    """
    page = web_page(data)
    if not page.grids:
        raise nothing_printed(page.others, page.pictures)
    return Reading(MEDIA_TYPE, 1, page.grids, (*page.notes, *shown_elsewhere(page.others)))


def web_page(data: bytes, encoding: str = "", part: str = "") -> WebPage:
    """Reads a page that may be one of several.

    Args:
        data: The bytes of the page.
        encoding: What whoever sent it named its encoding; the page may name it too.
        part: Its name among several pages; places begin with it.

    Raises:
        UnreadableSource: As `read_html`, but for a page without print.
    """
    decoded = decode(data, encoding or named_encoding(data))
    content = content_of(tree_of(decoded.text))
    notes = [note._replace(place=_place(part, note.place)) for note in decoded.notes]
    notes += _notes(content, part)
    return WebPage(_grids(content.items, part), tuple(notes), tuple(content.others), content.pictures)


def nothing_printed(others: Sequence[str], pictures: int) -> UnreadableSource:
    """Why a page has no grid: what it shows instead of text."""
    if others:
        return Empty(f"the page prints nothing itself but shows other files ({_named(others)}). Give those.")
    if pictures:
        return NoTextLayer(f"the page shows {pictures} pictures and no text; save the pictures and have their"
                           " text recognised.")
    return Empty("the page prints no character. Save it anew when it has been shown in full.")


def shown_elsewhere(others: Sequence[str]) -> Iterator[Note]:
    """A note on files that a page shows and that were not read; none where it shows none."""
    if others:
        yield Note("external_reference", "page", f"{len(others)} files that the page shows within itself were"
                   f" not fetched; give them as files where they matter ({_named(others)})")


def _named(addresses: Sequence[str]) -> str:
    shown = ", ".join(address[:100] or "without an address" for address in addresses[:_NAMED])
    return shown + (f" and {len(addresses) - _NAMED} more" if len(addresses) > _NAMED else "")


def _notes(content: Content, part: str) -> Iterator[Note]:
    if content.hidden:
        yield Note("hidden_text", part or "page", f"{len(content.hidden)} hidden texts are not printed and"
                   f" were left out, the first: {content.hidden[0][:_SNIPPET]}")


# ── grids ────────────────────────────────────────────────────────────────────


def _grids(items: Iterable[Item], part: str) -> tuple[Grid, ...]:
    grids: list[Grid] = []
    cells = tables = paragraphs = 0
    for item in items:
        if isinstance(item, Table):
            tables += bool(item.cells)
            found = [_table(item, _place(part, f"table {tables}"), part)] if item.cells else []
        else:
            paragraphs += 1
            place = _place(part, f"paragraph {paragraphs}")
            found = (
                _preformatted(item, place, part) if isinstance(item, Plain) else _paragraph(item, place, part)
            )
            paragraphs -= not found
        grids += found
        cells += sum(len(grid.cells) for grid in found)
        if cells > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS:,} cells. Split the page into smaller files.")
    return tuple(grids)


def _place(part: str, place: str) -> str:
    return f"{part}: {place}" if part else place


def _paragraph(paragraph: Paragraph, place: str, part: str) -> list[Grid]:
    text = _checked(paragraph.text, place)
    return [Grid((Cell(0, 0, text, Origin(1, place, METHOD)),), 1, 1, part=part)] if text else []


def _table(table: Table, place: str, part: str) -> Grid:
    cells = [
        Cell(row, col, _checked(text, place), Origin(1, f"{place}, row {row + 1}, column {col + 1}", METHOD),
             row_span, col_span)
        for row, col, row_span, col_span, text in table.cells
    ]
    return Grid(tuple(cells), table.n_rows, table.n_cols, part=part)


def _checked(text: str, place: str) -> str:
    if len(text) > MAX_CELL_CHARS:
        raise TooLarge(f"the text at {place} has {len(text):,} characters, and {MAX_CELL_CHARS:,} are read.")
    return text


def _preformatted(plain: Plain, place: str, part: str) -> list[Grid]:
    """Preformatted text is read as a text file is: it may hold a table."""
    try:
        grids = read_text(plain.text.encode()).grids
    except Empty:
        return []
    return [
        grid._replace(cells=tuple(_moved(cell, place) for cell in grid.cells), part=part) for grid in grids
    ]


def _moved(cell: Cell, place: str) -> Cell:
    return cell._replace(origin=Origin(1, f"{place}, {cell.origin.place}", METHOD))
