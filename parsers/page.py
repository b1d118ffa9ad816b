"""One page as every engine gives it: characters and rulings, upright, in points.

x grows to the right and y downwards from the top-left corner of the page as it is shown (after
its rotation). All are columns of numpy arrays: a page has thousands of characters.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.grid import Box, Seen
from parsers.sign import Sign

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


class Chars(NamedTuple):
    """The visible characters of a page, one element each, in the order of the file.

    Attributes:
        text: The characters, one code point or a few (ligatures) each; shape (n,), dtype str.
        x0: Left of the loose box (the advance width, not the ink).
        top: Top of the loose box.
        x1: Right of the loose box.
        bottom: Bottom of the loose box.
        base: The baseline: characters of one printed line share it, whatever their ink.
        font: Which of the page's fonts draws it, an index.
    """

    text: npt.NDArray[np.str_]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    base: Floats
    font: Ints


class Rulings(NamedTuple):
    """Straight lines, as drawn: horizontal ones as rows (y, x0, x1), vertical ones as rows (x, top, bottom).

    Both have shape (n, 3). They are not yet snapped, joined or rid of doubles.
    """

    horizontal: Floats
    vertical: Floats


class Dropped(NamedTuple):
    """How many characters of the file are no print, and were left out for which reason.

    Attributes:
        invisible: Drawn without ink, as recognised text lies behind a scan.
        pale: White on bare paper.
        slanted: Watermarks: at an angle to the rest, or large and pale behind it.
        doubled: Drawn again in the same place, to look bold.
        outside: Beyond the edges of the page, or without size.
        clipped: Beyond the edges of what they are clipped to.
    """

    invisible: int = 0
    pale: int = 0
    slanted: int = 0
    doubled: int = 0
    outside: int = 0
    clipped: int = 0


class Page(NamedTuple):
    """A page: number from 1, width and height in points.

    Attributes:
        fonts: The base names of the fonts, with their subset tags, by the indices of
            ``chars.font``; a name may be empty, and two fonts may share one.
        dropped: What was found on the page and is no print.
        turned: By how many quarter turns clockwise the page, as it is shown, had to be turned for its
            text to stand upright. Width, height and all places are those after that turn.
    """

    number: int
    width: float
    height: float
    chars: Chars
    rulings: Rulings
    fonts: tuple[str, ...] = ()
    dropped: Dropped = Dropped()
    turned: int = 0


# ── what layout makes of a page, and stitching of its pages ──────────────────


class TextLine(NamedTuple):
    """One printed line, of a cell or of running text. ``size`` is its height in points.

    ``confidence`` and ``seen`` are a recogniser's, as in `parsers.grid`; ``signs`` are those whose
    width the document may tell.
    """

    text: str
    box: Box
    size: float
    confidence: float = 1.0
    seen: tuple[Seen, ...] = ()
    signs: tuple[Sign, ...] = ()


class TableCell(NamedTuple):
    """A cell of a page's table with its lines from top to bottom; an empty cell has none."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box
    lines: tuple[TextLine, ...]


class Table(NamedTuple):
    """A table as far as it stands on one page.

    Attributes:
        cells: All cells, also the empty ones, in reading order; they tile the grid unless rules
            are missing.
        xs: Column edges from left to right, n_cols + 1.
        ys: Row edges from top to bottom, n_rows + 1.
        closed_top: Whether a rule is drawn along the top edge.
        closed_bottom: Whether a rule is drawn along the bottom edge.
        ruled: False where the cells were told apart by alignment alone.
        top_rules: For each column, whether a rule is drawn along the top edge; empty where unknown.
        bottom_rules: The same along the bottom edge.
    """

    cells: tuple[TableCell, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    closed_top: bool
    closed_bottom: bool
    ruled: bool = True
    top_rules: tuple[bool, ...] = ()
    bottom_rules: tuple[bool, ...] = ()


class Layout(NamedTuple):
    """What stands on a page, from top to bottom. ``method`` is how it was read where that is not the reader's own."""

    number: int
    width: float
    height: float
    items: tuple[Table | TextLine, ...]
    method: str = ""
