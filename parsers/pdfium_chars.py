"""Characters of a page as PDFium gives them."""

from itertools import repeat
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

from parsers.page import Floats
from parsers.pdfium_calls import (
    Address,
    fills,
    font_of,
    font_size,
    loose_boxes,
    object_of,
    origins,
    render_mode,
    text_matrices,
    tight_boxes,
    unicode_of,
    whole_text,
)
from parsers.pdfium_clips import hidden_by_clips
from parsers.pdfium_objects import Painted
from parsers.upright import Flags, Glyphs

WHITE: Final = 0xF0     # every channel from here on: white
PALE: Final = 0xA8      # every channel from here on: as pale as watermarks are
OPAQUE: Final = 0x80    # alpha below this: as faint as watermarks are
LEVEL: Final = 0.05     # degrees that characters of one baseline may rise
LARGE: Final = 28.0     # watermarks are set larger than any print of a report (pt)

_UNSEEN: Final = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_STROKE_ONLY: Final = (raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP)
_HYPHENS: Final = (0x02, 0xFFFE)   # what PDFium gives for a hyphen that ends a line
_NO_BREAK_SPACE: Final = 0xA0
_REPLACEMENT: Final = 0xFFFD
_SURROGATES: Final = (0xD800, 0xDC00, 0xE000)   # the first halves, the second, the end
_NOT_PRINT: Final = np.zeros(0x10001, bool)   # by code point; the last stands for all beyond the first plane
_NOT_PRINT[
    [*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060, 0xFEFF,
     0xFFFE, 0xFFFF]
] = True


class Drawn(NamedTuple):
    """The characters of a page and the handles of their fonts, by ``glyphs.font``."""

    glyphs: Glyphs
    fonts: tuple[Address, ...]


def read_glyphs(
    text_page: Address, count: int, painted: Painted, areas: Floats, unmapped: Flags | None
) -> Drawn:
    """All drawn characters, without the breaks and spaces that PDFium makes up.

    Args:
        text_page: PDFium's text page.
        count: Its number of characters.
        painted: What the page draws: white text is print on pictures.
        areas: Coloured backgrounds (left, bottom, right, top), likewise.
        unmapped: Which characters of the text page have a made-up code; they become U+FFFD.
    """
    drawn = np.fromiter(map(object_of, repeat(text_page), range(count)), np.uint64, count)
    code = _codes(text_page, count)
    if unmapped is not None:
        code[unmapped] = _REPLACEMENT
    real = (drawn > 0) & ~_NOT_PRINT[np.minimum(code, 0x10000)]
    index = np.flatnonzero(real).tolist()
    code = code[real]
    handles, first, of_object = _objects(drawn[real])
    leaders = [index[at] for at in first]
    matrix = text_matrices(text_page, leaders).astype(float)
    size = np.array(list(map(font_size, repeat(text_page), leaders)), float)
    em = size * np.hypot(matrix[:, 2], matrix[:, 3])
    angle = np.degrees(np.arctan2(matrix[:, 1], matrix[:, 0]))[of_object]
    box, origin = _places(text_page, index, leaders, of_object, np.abs(angle) > LEVEL)
    every = np.array([font_of(handle) or 0 for handle in handles], np.uint64)
    fonts, font = np.unique(every, return_inverse=True)
    invisible, white, faint = _inks(handles, em)
    pale = white[of_object]
    pale[pale] = ~_on_ground(box[pale], np.concatenate([areas, painted.images]))
    free = set(painted.texts)
    clipped = hidden_by_clips(handles, [k for k, handle in enumerate(handles) if handle in free])
    glyphs = Glyphs(
        code, origin, box, em[of_object], angle, font.astype(np.int32)[of_object],
        invisible[of_object], pale, faint[of_object], clipped[of_object],
    )
    return Drawn(glyphs, tuple(fonts.tolist()))


def _codes(text_page: Address, count: int) -> npt.NDArray[np.uint32]:
    text = whole_text(text_page, count)
    if len(text) == count:
        code = np.frombuffer(text.encode("utf-32-le"), "<u4").copy()
    else:   # characters without a Unicode value are left out of the text
        code = _whole(np.array(list(map(unicode_of, repeat(text_page), range(count))), np.uint32))
    code[(code == _HYPHENS[0]) | (code == _HYPHENS[1])] = ord("-")
    code[code == _NO_BREAK_SPACE] = ord(" ")
    return code


def _whole(code: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Puts surrogates together: a pair's second half becomes a control character, a lone half U+FFFD."""
    half = (code >= _SURROGATES[0]) & (code < _SURROGATES[2])
    high, low = half & (code < _SURROGATES[1]), half & (code >= _SURROGATES[1])
    pair = np.flatnonzero(high[:-1] & low[1:])
    code[half & ~np.isin(np.arange(len(code)), [pair, pair + 1])] = _REPLACEMENT
    code[pair] = 0x10000 + ((code[pair] - _SURROGATES[0]) << 10) + (code[pair + 1] - _SURROGATES[1])
    code[pair + 1] = 0
    return code


def _objects(drawn: npt.NDArray[np.uint64]) -> tuple[list[Address], list[int], npt.NDArray[np.int64]]:
    """The text objects as they follow one another, the first character of each, and the object of each."""
    new = np.ones(len(drawn), bool)
    new[1:] = drawn[1:] != drawn[:-1]
    return drawn[new].tolist(), np.flatnonzero(new).tolist(), np.cumsum(new) - 1


def _places(
    text_page: Address, index: list[int], leaders: list[int], of_object: npt.NDArray[np.int64], lying: Flags
) -> tuple[Floats, Floats]:
    """Boxes and origins. Level characters of one object share a baseline, and begin where their box does."""
    box = loose_boxes(text_page, index).astype(float)[:, [0, 3, 2, 1]]
    origin = np.stack([box[:, 0], origins(text_page, leaders)[of_object, 1]], axis=1)
    at = np.flatnonzero(lying).tolist()
    if at:   # loose boxes have no width along y
        own = [index[k] for k in at]
        box[at] = tight_boxes(text_page, own)[:, [0, 2, 1, 3]]
        origin[at] = origins(text_page, own)
    return box, origin


def _inks(handles: list[Address], em: Floats) -> tuple[Flags, Flags, Flags]:
    """Per text object: drawn without ink, white, as large and faint as a watermark."""
    mode = list(map(render_mode, handles))
    unseen = np.array([own in _UNSEEN for own in mode], bool)
    colour = fills(handles)
    is_filled = ~unseen & np.array([own not in _STROKE_ONLY for own in mode], bool) & colour.any(axis=1)
    lightest = colour[:, :3].min(axis=1) if len(handles) else np.zeros(0, np.uint32)
    clear = is_filled & (colour[:, 3] == 0)
    faint = is_filled & (em >= LARGE) & ((lightest >= PALE) | (colour[:, 3] < OPAQUE))
    return unseen | clear, is_filled & (lightest >= WHITE) & ~clear, faint


def _on_ground(box: Floats, grounds: Floats) -> Flags:
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    on = np.zeros(len(box), bool)
    for left, bottom, right, top in grounds if len(box) else ():
        on |= (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    return on
