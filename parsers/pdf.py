"""The reader of PDF documents: pages to layouts, as much of each as it can hold, and these to grids.

A page that cannot hold a table gives its lines of text, which costs a quarter of laying it out.
A page that cannot be read is noted and the others are read. Where the first engine leaves a
doubt, pdfplumber reads the page too, and the reading with fewer faults is kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from parsers.believed import Believed
from parsers.errors import Damaged, Empty, OcrUnavailable, TooLarge, UnreadableSource
from parsers.furniture import NOWHERE
from parsers.grid import Note, Reading
from parsers.layout import lay_out
from parsers.ocr.engines import is_installed
from parsers.page import Layout, Table, TextLine
from parsers.pdfium import PdfDocument, PdfPage, Signs, open_document
from parsers.second import SecondReader, faults_of
from parsers.stitch import stitch

MEDIA_TYPE: Final = "application/pdf"

LOW: Final = 0.8
"""A table that ends below this part of its page's height may go on."""

_RULES: Final = 4        # paths: a table has more, a page of prose has underlines
_MANY_RULES: Final = 12  # paths that, between columns of text, make a table
_GAPS: Final = 2         # gaps in a line that columns leave
_COLUMN_LINES: Final = 3   # such lines on a page
_SHORT_LINES: Final = 6    # lines of one cell each, one below the other
_SHORT: Final = 0.5        # of the longest line

USUAL_DPI: Final = 200.0   # a page is drawn at, where nothing tells its resolution
LEAST_DPI: Final = 120.0
MOST_DPI: Final = 300.0    # more shows no more

_PICTURE: Final = 0.3    # part of a page without print that makes the picture the page
_SCAN: Final = 0.7       # part of a page that a scan covers
_HIDDEN: Final = 0.5     # part of the texts without ink that makes them those of a recogniser
_OUTLINES: Final = 300   # shapes on a page without characters
_LYING: Final = 0.1      # part of a page's characters that nobody can believe: beyond it, nor is the rest


def read_pdf(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads the text layer of a PDF.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Raises:
        UnreadableSource: Damaged, Encrypted, TooLarge; NoTextLayer where no page has print that
            can be believed; Empty.
    """
    second = SecondReader(data)
    try:
        with open_document(data) as document:
            count = document.page_count
            layouts, notes = _Pages(document, second).read()
    except Damaged:
        layouts, notes = second.read_all()
        count = len(layouts)
    stitched = stitch(layouts)
    if not stitched.grids:
        raise _nothing(notes)
    return Reading(MEDIA_TYPE, count, stitched.grids, (*notes, *stitched.notes))


class _Pages:
    """The pages of an open document, one after the other."""

    def __init__(self, document: PdfDocument, second: SecondReader) -> None:
        self._document = document
        self._second = second
        self._believed = Believed(document)
        self._layouts: list[Layout] = []
        self._notes: list[Note] = []

    def read(self) -> tuple[list[Layout], list[Note]]:
        """What stands on each page that can be read, and what is to be said of the pages."""
        self._read_pages()
        if self._believed.doubted_late:   # pages before were read in good faith
            self._believed.forget()
            self._layouts, self._notes = [], []
            self._read_pages()
        return self._layouts, self._notes

    def _read_pages(self) -> None:
        for index in range(self._document.page_count):
            place = f"page {index + 1}"
            try:
                with self._document.page(index) as page:
                    layouts = self._page(page, place)
            except TooLarge as error:
                layouts = ()
                self._notes.append(Note("page_too_large", place, error.message))
            except Damaged as error:
                instead = self._second.instead(index, self._notes)
                layouts = (instead,) if instead else ()
                if not instead:
                    self._notes.append(Note("damaged_page", place, error.message))
            self._layouts += layouts

    def _page(self, page: PdfPage, place: str) -> tuple[Layout, ...]:
        signs = page.signs()
        fault = _fault(signs, place)
        if fault:
            return self._recognised(page, fault)
        if not signs.chars:
            return ()
        trust = self._believed.judge(page)
        unknown = None
        if trust and (trust.reasons or trust.unmapped.any()):
            unknown = trust.untrusted | trust.unmapped
            why = "; ".join(trust.reasons.values()) or "the fonts do not say which characters they draw"
            if np.mean(unknown) > _LYING:
                return self._recognised(page, Note("unreadable_text_layer", place, f"{why}."))
            self._notes.append(Note("unreadable_characters", place, f"{why}. They are read as \ufffd."))
        text = "" if signs.paths >= _RULES or signs.invisible_share or unknown is not None else page.text()
        if text and not self._goes_on(page.number) and not has_columns(text):
            return (_prose(page.number, text),)
        layout = lay_out(page.read(unknown))
        if _is_doubtful(layout, signs):
            return (self._second.better(layout, page.number - 1, self._notes),)
        return (layout,)

    def _recognised(self, page: PdfPage, fault: Note) -> tuple[Layout, ...]:
        """A page that is a picture, or whose text nobody can believe, read as a picture: two where it shows two."""
        if not is_installed():
            self._notes.append(fault._replace(message=f"{fault.message}; {OcrUnavailable().message}"))
            return ()
        from parsers.scan.image import read_image  # noqa: PLC0415  an extra, and slow to load

        dpi = min(max(page.picture_dpi() or USUAL_DPI, LEAST_DPI), MOST_DPI)
        scanned = read_image(page.picture(dpi), dpi, page.number)
        self._notes += [fault._replace(message=f"{fault.message}; it was read as a picture"), *scanned.notes]
        return scanned.layouts

    def _goes_on(self, number: int) -> bool:
        """Whether a table ends near the foot of the page before."""
        if not self._layouts or self._layouts[-1].number != number - 1:
            return False
        before = self._layouts[-1]
        lows = [item.ys[-1] for item in before.items if isinstance(item, Table)]
        return max(lows, default=0.0) > LOW * before.height


def _prose(number: int, text: str) -> Layout:
    lines = [line for printed in text.split("\n") if (line := printed.strip())]
    return Layout(number, 0.0, 0.0, tuple([TextLine(line, NOWHERE, 0.0) for line in lines]))


def _is_doubtful(layout: Layout, signs: Signs) -> bool:
    """Whether another engine may read more: characters without meaning, or rules that make no table."""
    tables = any(isinstance(item, Table) for item in layout.items)
    return faults_of(layout) > 0 or (not tables and signs.paths >= _MANY_RULES and _stands_in_columns(layout))


def _stands_in_columns(layout: Layout) -> bool:
    return has_columns("\n".join([item.text for item in layout.items if isinstance(item, TextLine)]))


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
    if not is_installed():
        return OcrUnavailable()
    return Empty("no page of the PDF shows a character, as text or as a picture. Get the file again from its source.")


# ── what can a page hold? ────────────────────────────────────────────────────


def _fault(signs: Signs, place: str) -> Note | None:
    """Why a page cannot be read, where a glance shows it."""
    if not signs.chars:
        if signs.image_share >= _PICTURE or signs.paths >= _OUTLINES:
            what = "a picture" if signs.image_share >= _PICTURE else "text drawn as shapes"
            return Note("scanned_page", place, f"the page is {what}")
        return None
    if signs.image_share >= _SCAN and signs.invisible_share >= _HIDDEN:
        return Note("ocr_text_layer", place, "the page is a picture over text that a recogniser made without"
                    " showing it; that text is not trusted")
    return None


def has_columns(text: str) -> bool:
    r"""Whether the lines of a page could be those of a table without rules.

    Either cells stand side by side, with gaps between them, or one to a line, all of them short.

    >>> has_columns("项目 预算 决算\n培训费 3.00 2.95\n差旅费 8.00 7.10\n")
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
