"""The reader of PDF documents: pages to layouts, as much of each as it can hold, and these to grids.

A page that cannot hold a table gives its lines of text, which costs a quarter of laying it out.
A page that cannot be read is noted and the others are read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from parsers.errors import Damaged, Empty, NoTextLayer, TooLarge, UnreadableSource
from parsers.furniture import NOWHERE
from parsers.grid import Note, Reading
from parsers.layout import lay_out
from parsers.page import Layout, Table, TextLine
from parsers.pdfium import PdfDocument, PdfPage, Signs, open_document
from parsers.stitch import stitch

MEDIA_TYPE: Final = "application/pdf"

LOW: Final = 0.8
"""A table that ends below this part of its page's height may go on."""

_RULES: Final = 4        # paths: a table has more, a page of prose has underlines
_GAPS: Final = 2         # gaps in a line that columns leave
_COLUMN_LINES: Final = 3   # such lines on a page
_SHORT_LINES: Final = 6    # lines of one cell each, one below the other
_SHORT: Final = 0.5        # of the longest line

_PICTURE: Final = 0.3    # part of a page without print that makes the picture the page
_SCAN: Final = 0.7       # part of a page that a scan covers
_HIDDEN: Final = 0.5     # part of the texts without ink that makes them those of a recogniser
_OUTLINES: Final = 300   # shapes on a page without characters


def read_pdf(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads the text layer of a PDF.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Raises:
        UnreadableSource: Damaged, Encrypted, TooLarge; NoTextLayer where no page has print that
            can be believed; Empty.
    """
    notes: list[Note] = []
    with open_document(data) as document:
        layouts = _layouts(document, notes)
        count = document.page_count
    stitched = stitch(layouts)
    if not stitched.grids:
        raise _nothing(notes)
    return Reading(MEDIA_TYPE, count, stitched.grids, (*notes, *stitched.notes))


def _layouts(document: PdfDocument, notes: list[Note]) -> list[Layout]:
    layouts: list[Layout] = []
    for index in range(document.page_count):
        place = f"page {index + 1}"
        goes_on = bool(layouts) and layouts[-1].number == index and _ends_low(layouts[-1])
        try:
            with document.page(index) as page:
                fault = _fault(page.signs(), place)
                layout = None if fault else _layout(page, goes_on=goes_on)
        except TooLarge as error:
            fault, layout = Note("page_too_large", place, error.message), None
        except Damaged as error:
            fault, layout = Note("damaged_page", place, error.message), None
        if fault:
            notes.append(fault)
        if layout:
            layouts.append(layout)
    return layouts


def _nothing(notes: Iterable[Note]) -> UnreadableSource:
    """Why no page has any print."""
    kinds = Counter(note.kind for note in notes)
    if not kinds:
        return Empty("no page of the PDF prints a character. Get the file again from its source.")
    kind, _ = kinds.most_common(1)[0]
    if kind == "page_too_large":
        return TooLarge("every page draws more than a real page does; print the PDF to images")
    if kind == "damaged_page":
        return Damaged("no page of the PDF can be parsed; get the file anew")
    if kind == "unreadable_text_layer":
        return NoTextLayer("the fonts of the PDF do not tell which characters they draw, and the text of"
                           " pictures is not recognised yet; get the document in another format")
    return NoTextLayer("every page of the PDF is a picture, and the text of pictures is not recognised yet;"
                       " get the document in another format")


# ── what can a page hold? ────────────────────────────────────────────────────


def _fault(signs: Signs, place: str) -> Note | None:
    """Why a page cannot be read, where a glance shows it."""
    if not signs.chars:
        if signs.image_share >= _PICTURE or signs.paths >= _OUTLINES:
            what = "a picture" if signs.image_share >= _PICTURE else "text drawn as shapes"
            return Note("scanned_page", place, f"the page is {what}; its text is not recognised yet")
        return None
    if signs.image_share >= _SCAN and signs.invisible_share >= _HIDDEN:
        return Note("ocr_text_layer", place, "the page is a picture over text that a recogniser made without"
                    " showing it; that text is not trusted")
    return None


def _layout(page: PdfPage, *, goes_on: bool) -> Layout | None:
    signs = page.signs()
    if not signs.chars:
        return None
    text = page.text()
    if goes_on or signs.paths >= _RULES or signs.invisible_share or has_columns(text):
        return lay_out(page.read())
    lines = [line for printed in text.split("\n") if (line := printed.strip())]
    return Layout(page.number, 0.0, 0.0, tuple(TextLine(line, NOWHERE, 0.0) for line in lines))


def _ends_low(layout: Layout) -> bool:
    """Whether a table ends near the foot of its page."""
    lows = [item.ys[-1] for item in layout.items if isinstance(item, Table)]
    return max(lows, default=0.0) > LOW * layout.height


def has_columns(text: str) -> bool:
    """Whether the lines of a page could be those of a table without rules.

    Either cells stand side by side, with gaps between them, or one to a line, all of them short.

    >>> has_columns("项目 预算 决算\\n培训费 3.00 2.95\\n差旅费 8.00 7.10\\n")
    True
    """
    lines = [line.strip() for line in text.split("\n") if not line.isspace()]
    if sum(line.count(" ") >= _GAPS for line in lines) >= _COLUMN_LINES:
        return True
    widest = max(map(len, lines), default=0)
    return _longest_run([len(line) < _SHORT * widest for line in lines]) >= _SHORT_LINES


def _longest_run(flags: Sequence[bool]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest
