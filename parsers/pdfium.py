"""The first engine of PDF: PDFium's characters and paths, one page at a time.

PDFium is not safe with threads, and its handles do not leave their process.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

from parsers.errors import Damaged, Encrypted, TooLarge
from parsers.page import Page
from parsers.pdfium_calls import Address, font_of, name_of, whole_text
from parsers.pdfium_chars import read_glyphs
from parsers.pdfium_objects import Painted, image_share, invisible_share, read_painted
from parsers.pdfium_paths import read_strips
from parsers.radicals import unify
from parsers.upright import Flags, Shown, upright_page

MAX_PDF_BYTES: Final = 512 << 20   # scanned reports are long
MAX_PAGES: Final = 5_000
MAX_OBJECTS: Final = 200_000
MAX_CHARS: Final = 200_000
MAX_PIXELS: Final = 60_000_000   # of a page as a picture: A3 at 400 dpi has 31 million
MAX_PICTURES: Final = 2_000

_BREAKS: Final = {0x0D: None, 0x02: "-", 0xFFFE: "-"}   # hyphens that end a line come as marks of it
_FILLED_BY_HAND: Final = {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT}


class Signs(NamedTuple):
    """What a page shows at a glance.

    Attributes:
        chars: Characters of its text layer, also those without ink.
        paths: Drawn shapes: rules, backgrounds, charts.
        objects: All that is drawn: texts, shapes, pictures.
        image_share: Pictures' part of the page's area, 0 to 1.
        invisible_share: Part of the texts that is drawn without ink, 0 to 1.
    """

    chars: int
    paths: int
    objects: int
    image_share: float
    invisible_share: float


class Handles(NamedTuple):
    """Addresses of PDFium's page and text page, good while the page is open, and the count of characters."""

    page: Address
    text_page: Address
    char_count: int


class PdfPage:
    """An open page. Every method raises TooLarge where more is drawn than a real page holds.

    Attributes:
        number: From 1.
        fonts: Handles of the fonts by the indices of ``chars.font``, once `read` was called.
    """

    def __init__(self, page: Any, number: int) -> None:  # noqa: ANN401  a handle of ctypes
        self._page = page
        self._text_page: Any = None
        self._painted: Painted | None = None
        self.number = number
        self.fonts: tuple[Address, ...] = ()

    def text(self) -> str:
        """All text in the order of the file, with generated breaks; for triage and prose."""
        text_page, count = self._chars()
        return unify(whole_text(text_page, count)).translate(_BREAKS)

    def signs(self) -> Signs:
        """The facts that tell what kind of page it is."""
        painted, shown = self._objects(), self._shown()
        return Signs(
            self._chars()[1], len(painted.paths), painted.total, image_share(painted, shown.box),
            invisible_share(painted),
        )

    def read(self, unmapped: Flags | None = None) -> Page:
        """The page's print and rulings.

        Args:
            unmapped: Which of the text page's characters (shape (n,), as `handles` counts them) have a
                made-up code; they become U+FFFD.
        """
        painted, shown = self._objects(), self._shown()
        text_page, count = self._chars()
        strips, areas = read_strips(painted, shown.box)
        glyphs, fonts = read_glyphs(text_page, count, painted, areas, unmapped)
        self.fonts = fonts
        return upright_page(self.number, shown, glyphs, strips, tuple(map(name_of, fonts)))

    def handles(self) -> Handles:
        """PDFium's own handles, for those who look at its fonts."""
        text_page, count = self._chars()
        return Handles(_address(self._page), text_page, count)

    def text_fonts(self) -> Counter[Address]:
        """The fonts of its texts, good while the page is open, each with how many texts it draws."""
        fonts: Counter[Any] = Counter(map(font_of, self._objects().texts))
        fonts.pop(None, None)   # not of a text
        return fonts

    def picture(self, dpi: float) -> npt.NDArray[np.uint8]:
        """The page as it is shown: red, green and blue, shape (height, width, 3)."""
        width, height = self.size()
        across, down = max(1, round(width * dpi / 72)), max(1, round(height * dpi / 72))
        self._refuse_many(across * down, MAX_PIXELS, "pixels")
        pixels = np.full((down, across, 4), 255, np.uint8)
        bitmap = raw.FPDFBitmap_CreateEx(across, down, raw.FPDFBitmap_BGRA, pixels.ctypes.data, pixels.strides[0])
        raw.FPDF_RenderPageBitmap(bitmap, self._page, 0, 0, across, down, 0, raw.FPDF_ANNOT)
        raw.FPDFBitmap_Destroy(bitmap)
        return np.ascontiguousarray(pixels[:, :, 2::-1])

    def size(self) -> tuple[float, float]:
        """Its width and height as shown, in points."""
        return float(raw.FPDF_GetPageWidthF(self._page)), float(raw.FPDF_GetPageHeightF(self._page))

    def picture_dpi(self) -> float | None:
        """The resolution of its widest picture; None where it has none."""
        best: tuple[float, float] | None = None
        for index in range(min(raw.FPDFPage_CountObjects(self._page), MAX_PICTURES)):
            drawn = raw.FPDFPage_GetObject(self._page, index)
            if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_IMAGE:
                continue
            edges = [ctypes.c_float() for _ in range(4)]
            across, down = ctypes.c_uint(), ctypes.c_uint()
            if raw.FPDFPageObj_GetBounds(drawn, *edges) and raw.FPDFImageObj_GetImagePixelSize(drawn, across, down):
                width = edges[2].value - edges[0].value
                height = edges[3].value - edges[1].value
                if min(width, height) > 1 and (best is None or width * height > best[0]):
                    best = width * height, 72 * max(across.value, down.value) / max(width, height)
        return best[1] if best else None

    def close(self) -> None:
        """Frees the page."""
        if self._text_page is not None:
            raw.FPDFText_ClosePage(self._text_page)
        raw.FPDF_ClosePage(self._page)

    def _objects(self) -> Painted:
        if self._painted is None:
            self._refuse_many(raw.FPDFPage_CountObjects(self._page), MAX_OBJECTS, "objects")
            self._painted = read_painted(_address(self._page), MAX_OBJECTS)
            self._refuse_many(self._painted.total, MAX_OBJECTS, "objects")
        return self._painted

    def _chars(self) -> tuple[int, int]:
        if self._text_page is None:
            self._refuse_many(raw.FPDFPage_CountObjects(self._page), MAX_OBJECTS, "objects")
            self._text_page = raw.FPDFText_LoadPage(self._page)
            if not self._text_page:
                self._text_page = None
                raise Damaged(f"the text of page {self.number} cannot be read; get the file anew")
        count = raw.FPDFText_CountChars(self._text_page)
        self._refuse_many(count, MAX_CHARS, "characters")
        return _address(self._text_page), max(count, 0)

    def _shown(self) -> Shown:
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(self._page, box)
        return Shown((box.left, box.bottom, box.right, box.top), raw.FPDFPage_GetRotation(self._page) % 4)

    def _refuse_many(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise TooLarge(
                f"page {self.number} draws {count:,} {what}; {most:,} are read. Print it to a picture."
            )


class PdfDocument:
    """An open document.

    Attributes:
        page_count: Its pages.
        handle: PDFium's own, as an address.
    """

    def __init__(self, document: Any) -> None:  # noqa: ANN401  a handle of ctypes
        self._document = document
        self.handle = _address(document)
        self.page_count: int = raw.FPDF_GetPageCount(document)

    @contextmanager
    def page(self, index: int) -> Iterator[PdfPage]:
        """The page at ``index``, from 0, closed at the end of the block.

        Raises:
            Damaged: The page cannot be parsed. Others may be sound.
            TooLarge: It draws more than a real page does.
        """
        handle = self._load(index)
        if _is_filled_by_hand(handle):   # what was typed into fields is drawn over the page
            raw.FPDFPage_Flatten(handle, raw.FLAT_NORMALDISPLAY)
            raw.FPDF_ClosePage(handle)
            handle = self._load(index)
        page = PdfPage(handle, index + 1)
        try:
            yield page
        finally:
            page.close()

    def _load(self, index: int) -> Any:  # noqa: ANN401  a handle of ctypes
        handle = raw.FPDF_LoadPage(self._document, index)
        if not handle:
            raise Damaged(f"page {index + 1} cannot be parsed; get the file anew")
        return handle


@contextmanager
def open_document(data: bytes) -> Iterator[PdfDocument]:
    """Opens a PDF, closed at the end of the block.

    Raises:
        Damaged: The bytes are no PDF, or its structure is beyond repair.
        Encrypted: It wants a password.
        TooLarge: It has more bytes or pages than a report has.
    """
    if len(data) > MAX_PDF_BYTES:
        raise TooLarge(f"{len(data) >> 20} MiB, and {MAX_PDF_BYTES >> 20} MiB are read. Split the file.")
    handle = raw.FPDF_LoadMemDocument64(data, len(data), None)   # an empty password opens most locked files
    if not handle:
        raise _refusal(raw.FPDF_GetLastError())
    try:
        document = PdfDocument(handle)
        if not document.page_count:
            raise Damaged("the PDF holds no page; get the file anew")
        if document.page_count > MAX_PAGES:
            raise TooLarge(f"{document.page_count:,} pages; {MAX_PAGES:,} are read. Split the file.")
        yield document
    finally:
        raw.FPDF_CloseDocument(handle)


def _refusal(code: int) -> Damaged | Encrypted:
    if code == raw.FPDF_ERR_PASSWORD:
        return Encrypted("the PDF opens with a password only; unlock it and give it again")
    if code == raw.FPDF_ERR_SECURITY:
        return Encrypted("the PDF is locked by a method that is not known here; save it unlocked")
    return Damaged("the PDF's structure cannot be read; get the file anew")


def _is_filled_by_hand(page: Any) -> bool:  # noqa: ANN401  a handle of ctypes
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            raw.FPDFPage_CloseAnnot(annotation)
            if kind in _FILLED_BY_HAND:
                return True
    return False


def _address(handle: Any) -> int:  # noqa: ANN401  a handle of ctypes
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
