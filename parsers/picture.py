"""A picture of the place that a value was read from: part of the page, the cell outlined."""

import io
from collections.abc import Sequence
from typing import Final, NamedTuple

import pypdfium2
from PIL import Image, ImageDraw

from parsers.errors import Damaged, Unsupported
from parsers.grid import Box
from parsers.sniff import kind_of

SCALE: Final = 2.0
"""Pixels to a point: 144 dpi."""

MARGIN: Final = 60.0
"""Points of the page shown around the outline, above and below; pages are shown in full width."""

_OUTLINE: Final = (214, 39, 40)
_OUTLINE_WIDTH: Final = 3
_GAP: Final = 12
_LARGEST_SIDE: Final = 12_000
"""Pixels; a page that is larger is drawn smaller."""


class Spot(NamedTuple):
    """A rectangle on a page: its 1-based number, and points from the top-left corner as shown."""

    page: int
    box: Box


def crop(data: bytes, spots: Sequence[Spot]) -> bytes:
    """A PNG of the parts of pages around some rectangles, each outlined, one below the other.

    Args:
        data: The PDF file.
        spots: Where to look; at least one.

    Raises:
        Unsupported: The file has no pages that can be drawn.
        Damaged: The page is not there, or cannot be drawn.
    """
    if kind_of(data) != "pdf":
        raise Unsupported("only the pages of PDF files can be drawn; look up the place that is named")
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            pictures = [_picture(document, spot) for spot in spots]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise Damaged(f"the page cannot be drawn ({error}); has the file changed?") from error
    stream = io.BytesIO()
    _stacked(pictures).save(stream, "PNG")
    return stream.getvalue()


def _picture(document: pypdfium2.PdfDocument, spot: Spot) -> Image.Image:
    if not 1 <= spot.page <= len(document):
        raise Damaged(f"the file has no page {spot.page}; has it changed?")
    page = document[spot.page - 1]
    try:
        width, height = page.get_size()
        scale = min(SCALE, _LARGEST_SIDE / max(width, height))
        top = min(max(spot.box.top - MARGIN, 0), height)
        bottom = max(min(spot.box.bottom + MARGIN, height), top + 1)
        drawn = page.render(scale=scale, crop=(0, max(height - bottom, 0), 0, top))
        picture: Image.Image = drawn.to_pil().convert("RGB")
    finally:
        page.close()
    shifts = (0, top, 0, top)
    x0, y0, x1, y1 = (scale * (value - shift) for value, shift in zip(spot.box, shifts, strict=True))
    ImageDraw.Draw(picture).rectangle((x0, y0, max(x0, x1), max(y0, y1)), None, _OUTLINE, _OUTLINE_WIDTH)
    return picture


def _stacked(pictures: Sequence[Image.Image]) -> Image.Image:
    if len(pictures) == 1:
        return pictures[0]
    size = (max(picture.width for picture in pictures),
            sum(picture.height for picture in pictures) + _GAP * (len(pictures) - 1))
    sheet = Image.new("RGB", size, "white")
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height + _GAP
    return sheet
