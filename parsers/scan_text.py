"""The text that an OCR program laid under, or without ink over, the picture of a scanned page."""

import re
from collections.abc import Iterable
from itertools import repeat
from typing import Final

from pypdfium2 import raw

from parsers.pdfium_calls import Address, bounds, object_type, page_count, page_object
from parsers.pdfium_objects import Painted, image_share, invisible_share

Corners = tuple[float, float, float, float]

MIN_PICTURE: Final = 0.6    # of the page's area: margins may have been cut from the scan
MIN_HIDDEN: Final = 0.9     # of the texts: a stamp or a page number may be real print

# Tesseract and OCRmyPDF; Acrobat and ABBYY; hOCR tools; ClearScan, which traces the scan.
_OCR_FONT: Final = re.compile(r"glyphless|hidden(horz|vert)?_?ocr|ocr-?hidden|^fd\d{5,}$", re.IGNORECASE)


def scan_text(page: Address, painted: Painted, box: Corners, fonts: Iterable[str]) -> str:
    """Why a page's text is the reading of an OCR program and not print, in words; empty where it is print.

    Args:
        page: The address of PDFium's open page.
        painted: What it draws, of `parsers.pdfium_objects.read_painted`.
        box: Its left, bottom, right and top.
        fonts: The base names of its fonts.
    """
    if not painted.texts:
        return ""
    for name in fonts:
        if _OCR_FONT.search(name):
            return f"its text is set in {name}, a font of OCR programs"
    share = image_share(painted, box)
    if share < MIN_PICTURE:
        return ""
    if invisible_share(painted) >= MIN_HIDDEN:
        return f"its text has no ink and lies on pictures that cover {share:.0%} of the page"
    if _covered_share(page, box) >= MIN_HIDDEN:
        return f"its text lies behind pictures that cover {share:.0%} of the page"
    return ""


def _covered_share(page: Address, box: Corners) -> float:
    """The part of the page's texts over which a picture as large as the page is drawn later."""
    handles = list(map(page_object, repeat(page), range(page_count(page))))
    kinds = list(map(object_type, handles))
    texts = [at for at, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_TEXT]
    pictures = [at for at, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_IMAGE]
    area = (box[2] - box[0]) * (box[3] - box[1])
    covered, last = 0.0, -1
    for at in reversed(pictures):   # a scan may come as strips
        left, bottom, right, top = bounds([handles[at]])[0].tolist()
        covered += (right - left) * (top - bottom)
        if covered >= MIN_PICTURE * area:
            last = at
            break
    return sum(at < last for at in texts) / len(texts) if texts else 0.0
