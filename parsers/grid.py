"""The frozen grid: the only thing that passes from the parsers to the pipeline.

A paragraph is a grid of one cell, so text and tables travel the same road. Cells are
sparse: a position that holds no character has no cell. All types are tuples because
a document makes thousands of them and tuples are both immutable and cheap.
"""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page, in points from the top-left corner."""

    x0: float
    top: float
    x1: float
    bottom: float


class Origin(NamedTuple):
    """Where a cell was printed and how it was read.

    Attributes:
        page: 1-based page number; 1 for formats without pages.
        place: Where to look, in words a person can follow: ``line 12``, ``Sheet1!C4``.
        method: ``text``, ``html``, ``docx``, ``xlsx``, ``pdf`` or ``ocr:<engine>``.
        box: The rectangle, or None where the format has no layout.
        confidence: 0 to 1, as sure as the reader is of the characters.
    """

    page: int
    place: str
    method: str
    box: Box | None = None
    confidence: float = 1.0


class Seen(NamedTuple):
    """One way to read a print, and how likely a recogniser holds it, 0 to 1."""

    text: str
    probability: float


class Cell(NamedTuple):
    """One printed cell: its top-left position in the grid, 0-based, and its exact text.

    ``text`` keeps print; only line breaks inside the cell are already joined (without a
    space between Han characters). It is never empty and never only white space.
    ``also`` are the further places of a cell that a page break cut, in print order; ``text``
    is that of all its pieces. ``seen`` are the readings of a recogniser that was in doubt, the
    likeliest first and ``text`` one of them; empty where it was sure, and where print is text.
    """

    row: int
    col: int
    text: str
    origin: Origin
    row_span: int = 1
    col_span: int = 1
    also: tuple[Origin, ...] = ()
    seen: tuple[Seen, ...] = ()


class Grid(NamedTuple):
    """A table, or a paragraph: cells in reading order (row, then column).

    Attributes:
        cells: The cells that hold print.
        n_rows: Rows, also those without print.
        n_cols: Columns, also those without print.
        role: What its place on the page makes it: ``page_furniture`` (a running title, a page
            number) or ``repeated_head`` (the head of a table again on its next page); empty for
            the text of the report. Such a grid stands behind the table that it was found in.
        part: The file inside an archive that it was read from; empty elsewhere. Nothing goes on
            from one part into another.
    """

    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    role: str = ""
    part: str = ""


class Note(NamedTuple):
    """Something the reader did, or could not do, that a person may want to know.

    ``kind`` is a stable key such as ``replaced_bytes``; ``place`` as in `Origin`.
    """

    kind: str
    place: str
    message: str


class Reading(NamedTuple):
    """All that was read from one file."""

    media_type: str
    page_count: int
    grids: tuple[Grid, ...]
    notes: tuple[Note, ...] = ()
