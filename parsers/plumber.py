"""The second engine of PDF: pdfplumber's characters and shapes, as the same page.

It is ten times slower and knows neither ActualText nor text without ink, but it is written by other
hands: where both agree, both are right. Characters that a font does not explain read ``(cid:n)``.
"""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from parsers.errors import Damaged, Encrypted, TooLarge
from parsers.page import Floats, Page
from parsers.strips import Edges, strips_of, with_backgrounds
from parsers.upright import THIN, Glyphs, Shown, upright_page

MAX_OBJECTS: Final = 200_000
PALE: Final = 0.94      # white from here on, of 1

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)   # it warns thousands of times of what we read well

_BROKEN: Final = (
    PSException, PdfminerException, MalformedPDFException, ArithmeticError, AssertionError, AttributeError,
    LookupError, OSError, RuntimeError, TypeError, ValueError, struct.error, zlib.error,
)
"""What pdfminer raises over damaged files."""


@contextmanager
def open_slowly(data: bytes) -> Iterator["SlowDocument"]:
    """Opens a PDF with the second engine, for the time of the block.

    Raises:
        Damaged: The bytes are no PDF that it can read.
        Encrypted: It wants a password.
    """
    try:
        document = pdfplumber.open(io.BytesIO(data))
    except _BROKEN as error:
        if isinstance(error.args[0] if error.args else error, PDFPasswordIncorrect):
            raise Encrypted("the PDF opens with a password only; unlock it and give it again") from error
        raise _damaged(error) from error
    yield SlowDocument(document)
    # it is not closed: that parses all pages again, and raises over damaged ones. Each page is closed.


class SlowDocument:
    """An open document."""

    def __init__(self, document: pdfplumber.pdf.PDF) -> None:
        self._document = document

    def read(self, index: int) -> Page:
        """The page at ``index``, from 0.

        Raises:
            Damaged: The page cannot be parsed.
            TooLarge: It draws more than a real page does.
        """
        try:
            page = self._document.pages[index]
            try:
                if sum(map(len, page.objects.values())) > MAX_OBJECTS:
                    raise TooLarge(
                        f"page {index + 1} draws more than {MAX_OBJECTS:,} objects. Print it to a picture."
                    )
                return _page(page)
            finally:
                page.close()   # else the memory of all pages is kept
        except _BROKEN as error:
            raise _damaged(error) from error


def _damaged(error: Exception) -> Damaged:
    return Damaged(f"the PDF cannot be parsed ({type(error).__name__}); get the file anew")


def _page(page: Any) -> Page:  # noqa: ANN401  pdfplumber has no types
    shown = Shown(_shown_box(page), 0)
    strips = strips_of(*_shapes(page))
    lines = with_backgrounds(strips.lines, strips.areas, shown.box)
    glyphs, fonts = _glyphs(page)
    return upright_page(page.page_number, shown, glyphs, lines, fonts)


def _shown_box(page: Any) -> tuple[float, float, float, float]:  # noqa: ANN401  pdfplumber has no types
    """The visible box in pdfminer's space: turned already, from the corner of the MediaBox."""
    x0, y0, x1, y1 = _ordered(page.page_obj.mediabox)
    left, bottom, right, top = _ordered(page.page_obj.cropbox)
    left, bottom, right, top = max(left, x0), max(bottom, y0), min(right, x1), min(top, y1)
    if left >= right or bottom >= top:
        left, bottom, right, top = x0, y0, x1, y1
    return {
        90: (bottom - y0, x1 - right, top - y0, x1 - left),
        180: (x1 - right, y1 - top, x1 - left, y1 - bottom),
        270: (y1 - top, left - x0, y1 - bottom, right - x0),
    }.get(page.rotation, (left - x0, bottom - y0, right - x0, top - y0))


def _ordered(box: Any) -> tuple[float, float, float, float]:  # noqa: ANN401  pdfplumber has no types
    x0, y0, x1, y1 = map(float, box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _glyphs(page: Any) -> tuple[Glyphs, tuple[str, ...]]:  # noqa: ANN401  pdfplumber has no types
    singles = [
        (ord(letter), char, nth / len(char["text"]))
        for char in page.chars
        for nth, letter in enumerate(char["text"])
    ]
    share = np.array([part for _, _, part in singles])
    each = [char for _, char, _ in singles]
    matrix = _rows([char["matrix"] for char in each], 6)
    box = _rows([(char["x0"], char["y0"], char["x1"], char["y1"]) for char in each], 4)
    box[:, [0, 2]] -= page.mediabox[0]   # pdfplumber moves x back to the file's origin, and y not
    within = share * (box[:, 2] - box[:, 0])   # ligatures have one box
    box[:, 0] += within
    stands = np.abs(matrix[:, 1]) > np.abs(matrix[:, 0])
    fonts = tuple(dict.fromkeys([char["fontname"] for char in each]))
    index = {name: number for number, name in enumerate(fonts)}
    no = np.zeros(len(each), bool)
    glyphs = Glyphs(
        np.array([code for code, _, _ in singles], np.uint32),
        matrix[:, 4:] + np.stack([within, np.zeros(len(each))], axis=1),
        box,
        np.where(stands, box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]),
        np.degrees(np.arctan2(matrix[:, 1], matrix[:, 0])),
        np.array([index[char["fontname"]] for char in each], np.int32),
        no, np.array([_is_white(char) for char in each], bool), no, no,
    )
    return glyphs, fonts


def _is_white(char: dict[str, Any]) -> bool:
    colour = char.get("non_stroking_color")
    if not isinstance(colour, tuple) or not colour:
        return False
    shares = [part for part in colour if isinstance(part, int | float)]
    if len(shares) < len(colour):   # a pattern
        return False
    if len(shares) == 4:  # noqa: PLR2004  CMYK
        return max(shares) <= 1 - PALE
    return min(shares) >= PALE


def _shapes(page: Any) -> tuple[Edges, Any, Any]:  # noqa: ANN401  pdfplumber has no types
    ends: list[tuple[float, float, float, float]] = []
    owner: list[int] = []
    left, height = page.mediabox[0], page.mediabox[1] + page.height
    shapes = [*page.lines, *page.rects, *page.curves]
    for number, shape in enumerate(shapes):
        x0, y0, x1, y1 = shape["x0"] - left, shape["y0"], shape["x1"] - left, shape["y1"]
        if shape["object_type"] == "curve":
            at = [(x - left, height - y) for x, y in shape["pts"]]
            own = [(*one, *two) for one, two in pairwise(at)]
        elif shape["object_type"] == "line":
            own = [(x0, y0, x1, y1)]
        else:
            own = [(x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)]
        ends += own
        owner += [number] * len(own)
    stroke = np.array([bool(shape["stroke"]) for shape in shapes], bool)
    thin = np.array([(shape["linewidth"] or 0) <= THIN for shape in shapes], bool)
    fill = np.array([bool(shape["fill"]) for shape in shapes], bool)
    at_shape = np.array(owner, np.int64)
    return Edges(_rows(ends, 4), at_shape, at_shape), fill & ~stroke, stroke & thin


def _rows(rows: list[Any], width: int) -> Floats:
    return np.array(rows, float).reshape(-1, width)
