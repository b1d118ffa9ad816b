"""What is drawn over a worksheet: text boxes with their text, and whether there are pictures."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from parsers.sheets import MAX_ROWS, TextBox, displayed
from parsers.xml import local_name, parse_xml


class Drawing(NamedTuple):
    """Text boxes from top to bottom, and whether a picture stands beside them."""

    boxes: tuple[TextBox, ...]
    has_pictures: bool


def read_drawing(data: bytes, name: str) -> Drawing:
    """The texts of a drawing.

    Raises:
        UnreadableSource: Its XML cannot be read.
    """
    boxes: list[TextBox] = []
    has_pictures = False
    for anchor in parse_xml(data, name):
        row = _row(anchor)
        for element in _drawn(anchor):
            if local_name(element) == "pic":
                has_pictures = True
            else:
                text = displayed("\n".join(_lines(element)))
                boxes += [TextBox(row, text)] * bool(text)
    return Drawing(tuple(sorted(boxes, key=lambda box: box.row)), has_pictures)


def _row(anchor: etree._Element) -> int:
    text = (anchor.findtext("{*}from/{*}row") or "").strip()
    return min(int(text), MAX_ROWS) if text.isdecimal() and len(text) < 8 else 0  # noqa: PLR2004  digits of a row


def _drawn(element: etree._Element) -> Iterator[etree._Element]:
    """Pictures and bodies of text; of alternatives the first, of hidden shapes none."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if name in {"pic", "txBody"}:
            yield element
        elif name != "Fallback" and not _is_hidden(element):
            waiting += reversed(element)


def _is_hidden(shape: etree._Element) -> bool:
    properties = shape.find("{*}nvSpPr/{*}cNvPr")
    return properties is not None and properties.get("hidden") in {"1", "true"}


def _lines(body: etree._Element) -> Iterator[str]:
    for paragraph in body.iterfind("{*}p"):
        yield "".join("\n" if local_name(part) == "br" else part.text or ""
                      for part in paragraph.iter("{*}t", "{*}br"))
