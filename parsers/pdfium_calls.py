"""Calls into the PDFium library, bound so that they can be made thousands of times a page.

A call costs 0.3 µs through ``PYFUNCTYPE`` with plain addresses, a third of what it costs through the
generated bindings. PDFium is not safe with threads: one process, one thread.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

Address = int

_int, _uint, _pointer, _float, _double = (
    ctypes.c_int, ctypes.c_uint, ctypes.c_void_p, ctypes.c_float, ctypes.c_double
)
_U32, _F32, _F64 = np.uint32, np.float32, np.float64


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401  ctypes' own types
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


unicode_of: Final = _bound("FPDFText_GetUnicode", _uint, _pointer, _int)
object_of: Final = _bound("FPDFText_GetTextObject", ctypes.c_size_t, _pointer, _int)   # 0 for none
is_hyphen: Final = _bound("FPDFText_IsHyphen", _int, _pointer, _int)
font_size: Final = _bound("FPDFText_GetFontSize", _double, _pointer, _int)
font_of: Final = _bound("FPDFTextObj_GetFont", _pointer, _pointer)
render_mode: Final = _bound("FPDFTextObj_GetTextRenderMode", _int, _pointer)
page_count: Final = _bound("FPDFPage_CountObjects", _int, _pointer)
page_object: Final = _bound("FPDFPage_GetObject", _pointer, _pointer, _int)
form_object: Final = _bound("FPDFFormObj_GetObject", _pointer, _pointer, _int)
form_count: Final = _bound("FPDFFormObj_CountObjects", _int, _pointer)
object_type: Final = _bound("FPDFPageObj_GetType", _int, _pointer)
segment_count: Final = _bound("FPDFPath_CountSegments", _int, _pointer)
segment_of: Final = _bound("FPDFPath_GetPathSegment", _pointer, _pointer, _int)
segment_type: Final = _bound("FPDFPathSegment_GetType", _int, _pointer)
segment_closes: Final = _bound("FPDFPathSegment_GetClose", _int, _pointer)
clip_of: Final = _bound("FPDFPageObj_GetClipPath", _pointer, _pointer)
clip_path_count: Final = _bound("FPDFClipPath_CountPaths", _int, _pointer)
clip_segment_count: Final = _bound("FPDFClipPath_CountPathSegments", _int, _pointer, _int)
clip_segment_of: Final = _bound("FPDFClipPath_GetPathSegment", _pointer, _pointer, _int, _int)
_font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, _pointer, _pointer, ctypes.c_size_t)

_name = ctypes.create_string_buffer(256)
_loose_box = _bound("FPDFText_GetLooseCharBox", _int, _pointer, _int, _pointer)
_tight_box = _bound("FPDFText_GetCharBox", _int, _pointer, _int, *[_pointer] * 4)
_origin = _bound("FPDFText_GetCharOrigin", _int, _pointer, _int, *[_pointer] * 2)
_text_matrix = _bound("FPDFText_GetMatrix", _int, _pointer, _int, _pointer)
_matrix = _bound("FPDFPageObj_GetMatrix", _int, _pointer, _pointer)
_bounds = _bound("FPDFPageObj_GetBounds", _int, _pointer, *[_pointer] * 4)
_fill = _bound("FPDFPageObj_GetFillColor", _int, _pointer, *[_pointer] * 4)
_draw_mode = _bound("FPDFPath_GetDrawMode", _int, _pointer, *[_pointer] * 2)
_stroke_width = _bound("FPDFPageObj_GetStrokeWidth", _int, _pointer, _pointer)
_point = _bound("FPDFPathSegment_GetPoint", _int, _pointer, *[_pointer] * 2)
_text = _bound("FPDFText_GetText", _int, _pointer, _int, _int, _pointer)


def _filled(  # noqa: PLR0913  one place for what every bulk call does
    call: Callable[..., Any], leading: Sequence[Iterable[Any]], count: int, fields: int,
    kind: type[np.generic], *, outs: int,
) -> npt.NDArray[Any]:
    """Calls once for each row of a new array (count, fields), of which ``outs`` addresses are passed."""
    rows = np.zeros((count, fields), kind)
    if not count:
        return rows
    start, step, stop = rows.ctypes.data, rows.strides[0], rows.nbytes
    places = [range(start + k * rows.itemsize, start + k * rows.itemsize + stop, step) for k in range(outs)]
    deque(map(call, *leading, *places), maxlen=0)
    return rows


def loose_boxes(text_page: Address, chars: Sequence[int]) -> npt.NDArray[Any]:
    """Rows left, top, right, bottom of characters, y upwards."""
    return _filled(_loose_box, (repeat(text_page), chars), len(chars), 4, _F32, outs=1)


def tight_boxes(text_page: Address, chars: Sequence[int]) -> npt.NDArray[Any]:
    """Rows left, right, bottom, top of the ink of characters, y upwards."""
    return _filled(_tight_box, (repeat(text_page), chars), len(chars), 4, _F64, outs=4)


def origins(text_page: Address, chars: Sequence[int]) -> npt.NDArray[Any]:
    """Rows x, y of the origins of characters, y upwards."""
    return _filled(_origin, (repeat(text_page), chars), len(chars), 2, _F64, outs=2)


def text_matrices(text_page: Address, chars: Sequence[int]) -> npt.NDArray[Any]:
    """Rows a to f: from text space to the page, for characters."""
    return _filled(_text_matrix, (repeat(text_page), chars), len(chars), 6, _F32, outs=1)


def matrices(objects: Sequence[Address]) -> npt.NDArray[Any]:
    """Rows a to f: from the space of the objects to that of their page or form."""
    return _filled(_matrix, (objects,), len(objects), 6, _F32, outs=1)


def bounds(objects: Sequence[Address]) -> npt.NDArray[Any]:
    """Rows left, bottom, right, top of objects, with the width of their strokes."""
    return _filled(_bounds, (objects,), len(objects), 4, _F32, outs=4)


def fills(objects: Sequence[Address]) -> npt.NDArray[Any]:
    """Rows red, green, blue, alpha, 0 to 255; all 0 for objects filled by a pattern."""
    return _filled(_fill, (objects,), len(objects), 4, _U32, outs=4)


def draw_modes(paths: Sequence[Address]) -> npt.NDArray[Any]:
    """Rows fill mode (0 for none), whether stroked."""
    return _filled(_draw_mode, (paths,), len(paths), 2, np.int32, outs=2)


def stroke_widths(paths: Sequence[Address]) -> npt.NDArray[Any]:
    """Widths of strokes, shape (n,), in the space of the paths."""
    return _filled(_stroke_width, (paths,), len(paths), 1, _F32, outs=1)[:, 0]


def points(segments: Sequence[Address]) -> npt.NDArray[Any]:
    """Rows x, y of the ends of path segments, in the space of their path."""
    return _filled(_point, (segments,), len(segments), 2, _F32, outs=2)


def whole_text(text_page: Address, count: int) -> str:
    """The text of a page of ``count`` characters, in reading order, with generated breaks."""
    buffer = np.zeros(2 * count + 2, np.uint16)   # a character may take two units
    units = _text(text_page, 0, count, buffer.ctypes.data)
    return buffer[: max(units - 1, 0)].tobytes().decode("utf-16-le", "replace")


def name_of(font: Address) -> str:
    """The base name of a font; empty where it has none."""
    length = _font_name(font, ctypes.addressof(_name), len(_name))
    return _name.raw[: max(min(length, len(_name)) - 1, 0)].decode("utf-8", "replace")
