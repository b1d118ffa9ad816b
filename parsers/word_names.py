"""Names of WordprocessingML, and how its attributes are read."""

import re
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_NAMES: Final = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math",
     b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_OFF: Final = ("0", "false", "off", "none")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")


def transitional(data: bytes) -> bytes:
    """An XML part in the names that Word 2007 gave, where it is in those of the strict standard."""
    if _STRICT in data:
        for strict, name in _NAMES:
            data = data.replace(strict, name)
    return data


def number_of(text: str | None, otherwise: int) -> int:
    """A whole number of at most nine digits; fractions are cut off.

    >>> number_of("12", 0), number_of("4320.5", 0), number_of("x", 1), number_of(None, 1)
    (12, 4320, 1, 1)
    """
    match = _NUMBER.match(text or "")
    return int(match[0]) if match else otherwise


def value_of(element: etree._Element, child: str) -> str:
    """The ``w:val`` of a child, empty where there is none."""
    found = element.find(W + child)
    return "" if found is None else found.get(W + "val", "")


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and element.get(W + "val", "1").lower() not in _OFF
