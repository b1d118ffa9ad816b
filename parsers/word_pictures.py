"""Pictures in a Word document: how many, and whether one is large enough to be a scanned form."""

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

FORM_SIZED_CM2: Final = 100.0
"""Area in square centimetres from which a picture may be a scanned page; photos are smaller."""

_EMU_PER_CM: Final = 360_000
_POINT: Final = 2.54 / 72
_CM: Final[Mapping[str, float]] = {
    "pt": _POINT, "": _POINT, "px": 2.54 / 96, "in": 2.54, "cm": 1.0, "mm": 0.1,
}
_LENGTH: Final = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*([a-z]*)")
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EXTENT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NAMES: Final = (_REL + "embed", _REL + "id")
_DIGITS: Final = re.compile("[0-9]{1,12}")


def pictures_in(element: etree._Element) -> int:
    """How many pictures a ``w:drawing`` or ``w:pict`` shows, text boxes inside it aside."""
    return sum(1 for _ in element.iter(_DRAWN, _VML + "imagedata"))


def picture_names(element: etree._Element) -> list[str]:
    """The relationships of the pictures that a drawing shows, in order."""
    names = [shown.get(name, "") for shown in element.iter(_DRAWN, _VML + "imagedata") for name in _NAMES]
    return list(dict.fromkeys(name for name in names if name))


def area(element: etree._Element) -> float:
    """The square centimetres that a drawing covers, 0 where it does not say."""
    extent = next(element.iter(_EXTENT), None)
    if extent is not None:
        sides = [_DIGITS.fullmatch(extent.get(side, "")) for side in ("cx", "cy")]
        return _product([int(side[0]) / _EMU_PER_CM for side in sides if side])
    for shape in element.iter(_VML + "shape", _VML + "rect"):
        lengths = {name: float(size) * _CM.get(unit, 0.0)
                   for name, size, unit in _LENGTH.findall(shape.get("style", "").lower())}
        return _product(list(lengths.values()))
    return 0.0


def _product(sides: list[float]) -> float:
    return sides[0] * sides[1] if len(sides) == 2 else 0.0  # noqa: PLR2004  a width and a height
