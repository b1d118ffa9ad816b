"""What a Word document holds before it is a grid: paragraphs and tables, in print order."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from parsers.grid import Grid
from parsers.word_numbers import Numbering
from parsers.word_seen import Seen
from parsers.word_styles import Styles

if TYPE_CHECKING:   # it loads numpy, which a document without pictures of pages does not need
    from parsers.page import Layout


class Paragraph(NamedTuple):
    """A paragraph: its lines, with tabs as they are, and the page that it begins on."""

    lines: tuple[str, ...]
    page: int


class TableCell(NamedTuple):
    """A cell as the file has it.

    Attributes:
        start: The grid line that it begins at.
        end: The grid line that it ends at.
        width: In twips, 0 where unknown.
        goes_on: Whether it belongs to the cell above it.
        opens: Whether cells below may belong to it.
        blocks: What stands in it.
    """

    start: int
    end: int
    width: int
    goes_on: bool
    opens: bool
    blocks: "tuple[Block, ...]"


class TableRow(NamedTuple):
    """A row: its cells, the width in twips that it leaves free before them, and the columns it takes."""

    cells: tuple[TableCell, ...]
    before: int
    spans: int


class Table(NamedTuple):
    """A table as the file has it; ``widths`` are its grid's columns in twips, right or not."""

    rows: tuple[TableRow, ...]
    widths: tuple[int, ...]


class Inserted(NamedTuple):
    """What another reader made of a part in another format.

    ``layouts`` are those of pictures of pages, until what follows each other is put together as grids.
    """

    grids: tuple[Grid, ...]
    layouts: "tuple[Layout, ...]" = ()


Block: TypeAlias = Paragraph | Table | Inserted


class Around(NamedTuple):
    """What the paragraphs of one story share.

    Attributes:
        styles: The document's.
        numbering: The same.
        seen: What a person may want to know of.
        insert: Reads an altChunk by its relationship.
        show: Reads the picture of a page, by its relationship and the number of that page; None where
            it cannot be read.
    """

    styles: Styles
    numbering: Numbering
    seen: Seen
    insert: Callable[[str], tuple[Grid, ...]]
    show: Callable[[str, int], Inserted | None] = lambda _, __: None


def first_page(blocks: Iterable[Block]) -> int | None:
    """The page of the first word in the blocks."""
    for block in blocks:
        if isinstance(block, Paragraph):
            return block.page
        if isinstance(block, Table):
            page = first_page([inner for row in block.rows for cell in row.cells for inner in cell.blocks])
            if page is not None:
                return page
    return None
