"""What a font of an open PDF draws for a character, taken from PDFium."""

import ctypes
from collections.abc import Sequence
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

from parsers.glyph_shapes import BEZIER, LINE, Floats, features_of_outlines, features_of_pictures
from parsers.pdfium_calls import (
    Address,
    bounds,
    matrices,
    name_of,
    object_of,
    points,
    segment_type,
    tight_boxes,
)
from parsers.pdfium_calls import (
    _bound as bound,  # the same binding, for calls that only fonts need
)

MAX_POINTS: Final = 3_000    # of an outline; Kai has up to 500, and a traced picture is no glyph
PICTURE_SCALE: Final = 4.0   # pixels a point: 40 of them for a small character
MAX_PICTURE: Final = 2_000   # pixels on a side of a text object's picture

_UNDRAWN: Final = (0xFFFE, 0xE9A3)   # of which a font draws .notdef, if anything

_pointer, _int, _size = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
_glyph = bound("FPDFFont_GetGlyphPath", _pointer, _pointer, ctypes.c_uint32, ctypes.c_float)
_count = bound("FPDFGlyphPath_CountGlyphSegments", _int, _pointer)
_segment = bound("FPDFGlyphPath_GetGlyphPathSegment", _pointer, _pointer, _int)
_is_embedded = bound("FPDFFont_GetIsEmbedded", _int, _pointer)
_flags = bound("FPDFFont_GetFlags", _int, _pointer)
has_map_error = bound("FPDFText_HasUnicodeMapError", _int, _pointer, _int)
_data = bound("FPDFFont_GetFontData", _int, _pointer, _pointer, _size, _pointer)
_picture = bound("FPDFTextObj_GetRenderedBitmap", _pointer, *[_pointer] * 3, ctypes.c_float)


class FontKey(NamedTuple):
    """What tells a font from the others of its document. Addresses do not: they are used again.

    Attributes:
        name: Its base name, most often with the tag of its subset; empty for Type 3.
        embedded: Whether the file holds its glyphs.
        flags: Of its descriptor.
        program_bytes: Length of its program, as PDFium has it; 0 for Type 3.
    """

    name: str
    embedded: bool
    flags: int
    program_bytes: int

    @property
    def is_drawn(self) -> bool:
        """Whether its glyphs are drawings in the file and no font program (Type 3)."""
        return self.embedded and not self.program_bytes


def key_of(font: Address) -> FontKey:
    """The key of a font by its address, which holds while its page is open."""
    size = _size(0)
    _data(font, None, 0, ctypes.addressof(size))
    return FontKey(name_of(font), _is_embedded(font) == 1, _flags(font), size.value)


def outlined(font: Address, chars: Sequence[str]) -> tuple[list[str], Floats]:
    """The characters of which the font has an outline, and its features (n, 100)."""
    blank = {_glyph(font, code, 1.0) for code in _UNDRAWN}
    found: list[str] = []
    outlines: list[Floats] = []
    for char in chars:
        path = _glyph(font, ord(char), 1.0)
        if path and path not in blank:   # a glyph's path has one address, whoever asks
            outline = _points_of(path)
            if len(outline) and np.any(np.ptp(outline[:, :2], axis=0) > 0):
                found.append(char)
                outlines.append(outline)
    return found, features_of_outlines(outlines) if found else np.zeros((0, 0))


def pictured(
    document: Address, page: Address, text_page: Address, places: Sequence[int], chars: Sequence[str]
) -> tuple[list[str], Floats]:
    """The characters that show ink where they stand, and its features (n, 100).

    Args:
        document: PDFium's document.
        page: Its page.
        text_page: Its text.
        places: The indices of the characters in the text.
        chars: What the text says they are.
    """
    found: list[str] = []
    pictures: list[npt.NDArray[np.uint8]] = []
    boxes = tight_boxes(text_page, places)
    for place, char, (left, right, bottom, top) in zip(places, chars, boxes.tolist(), strict=True):
        text = object_of(text_page, place)
        (x, _, _, y), (_, b, c, _, _, _) = bounds([text])[0].tolist(), matrices([text])[0].tolist()
        if b or c or not text:   # set askew
            continue
        ink = _ink_of(document, page, text)
        across = [max(round((edge - x) * PICTURE_SCALE), 0) for edge in (left, right)]
        down = [max(round((y - edge) * PICTURE_SCALE), 0) for edge in (top, bottom)]
        glyph = ink[down[0] : down[1] + 1, across[0] : across[1] + 1]
        if glyph.size and glyph.max() > 0x80:  # noqa: PLR2004  half of full ink
            found.append(char)
            pictures.append(glyph)
    return found, features_of_pictures(pictures) if found else np.zeros((0, 0))


def _points_of(path: Address) -> Floats:
    count = _count(path)
    if not 0 < count <= MAX_POINTS:
        return np.zeros((0, 3))
    segments = list(map(_segment, repeat(path), range(count)))
    kinds = np.array(list(map(segment_type, segments)), np.float64)
    kinds[(kinds != BEZIER) & (kinds != raw.FPDF_SEGMENT_MOVETO)] = LINE
    return np.column_stack([points(segments), kinds])


def _ink_of(document: Address, page: Address, text: Address) -> npt.NDArray[np.uint8]:
    """A text object drawn alone: its opacity, row 0 at the top."""
    left, bottom, right, top = bounds([text])[0].tolist()
    if max(right - left, top - bottom) * PICTURE_SCALE > MAX_PICTURE:
        return np.zeros((0, 0), np.uint8)
    address = _picture(document, page, text, PICTURE_SCALE)
    if not address:
        return np.zeros((0, 0), np.uint8)
    bitmap = ctypes.cast(address, raw.FPDF_BITMAP)
    try:
        if raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA:
            return np.zeros((0, 0), np.uint8)
        height, width = raw.FPDFBitmap_GetHeight(bitmap), raw.FPDFBitmap_GetWidth(bitmap)
        size = height * raw.FPDFBitmap_GetStride(bitmap)
        pixels = np.frombuffer(ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), size), np.uint8)
        return pixels.reshape(height, -1, 4)[:, :width, 3]
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
