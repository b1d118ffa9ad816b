"""The characters of an OFD text object, each with its place on the page."""

import math
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from parsers.ofd_objects import Matrix, apply, number, numbers, quarter_turn
from parsers.xml import local_name

_NARROW: Final = 0.5           # of an em: a Latin character whose advance is not told
_FIRST_WIDE: Final = 0x2E80    # from here on characters are an em wide
_SEVERAL: Final = 3            # glyphs drawn in the stead of blanks: no longer blanks
_COUNT: Final = re.compile(r"[0-9]{1,18}")


class Glyph(NamedTuple):
    """A character: where its baseline begins, its advance and its size, in points; its font's ID."""

    text: str
    x: float
    y: float
    advance: float
    size: float
    font: str
    turn: int | None


def glyphs_of(element: etree._Element, matrix: Matrix) -> Iterator[Glyph]:
    """The characters of a text object without blanks; ``matrix`` is from its space to the page."""
    size = number(element.get("Size"), 0.0)
    stretch = number(element.get("HScale"), 1.0) or 1.0
    for code in _codes(element, size * stretch):
        if not code.text.isspace():
            yield _placed(code, matrix, size, element)


class _Code(NamedTuple):
    text: str
    x: float
    y: float
    advance: float


def _codes(element: etree._Element, em: float) -> Iterator[_Code]:
    """The characters of a text object in its own space."""
    x = y = 0.0
    for child in element:
        if local_name(child) == "TextCode":
            x, y = number(child.get("X"), x), number(child.get("Y"), y)
            yield from _run(child, x, y, em)


def untold_in(element: etree._Element) -> int:
    """How many characters of a text object have a code that does not say what is drawn.

    A private code says nothing, nor do blanks in whose stead several glyphs are drawn.
    """
    text = "".join(child.text or "" for child in element if local_name(child) == "TextCode")
    private = sum("\ue000" <= char <= "\uf8ff" or char == "\ufffd" for char in text)
    if private or text.strip():
        return private
    glyphs = {glyph for child in element if local_name(child) == "CGTransform"
              for part in child if local_name(part) == "Glyphs" for glyph in (part.text or "").split()}
    return len(text) if len(glyphs) >= _SEVERAL else 0


def _run(code: etree._Element, x: float, y: float, em: float) -> Iterator[_Code]:
    text = code.text or ""
    if "\n" in text:            # set out by a program that does not know that blanks count
        text = text.strip()
    across = steps(code.get("DeltaX"), len(text) - 1)
    down = steps(code.get("DeltaY"), len(text) - 1)
    usual = [em * (1.0 if ord(char) >= _FIRST_WIDE else _NARROW) for char in text]
    if not across and not any(down):
        across = usual[:-1]
    right = [*across, 0.0] if across else [0.0] * len(text)
    for n, char in enumerate(text):
        advance = usual[n]
        if right[n] > 0 and (right[n] < advance or ord(char) < _FIRST_WIDE):
            advance = min(right[n], em)
        yield _Code(char, x, y, advance)
        x += right[n]
        y += down[n] if n < len(down) else 0.0


def steps(text: str | None, count: int) -> list[float]:
    """The offsets between ``count`` + 1 characters; the last is repeated where too few are written.

    ``g n v`` stands for n times v (GB/T 33190-2016, 11.3). Never more than ``count`` are made,
    whatever n says.

    >>> steps("g 3 4.5 2", 5), steps("4", 2), steps(None, 3), steps("g x", 2), steps("g 1000000000 1", 1)
    ([4.5, 4.5, 4.5, 2.0, 2.0], [4.0, 4.0], [], [], [1.0])
    """
    made: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if len(made) >= count:
            break
        times, value = (next(parts, ""), next(parts, None)) if part in {"g", "G"} else ("1", part)
        values = numbers(value)
        if len(values) != 1 or not _COUNT.fullmatch(times):
            return []
        made += values * min(int(times), count - len(made))
    if made and len(made) < count:
        made += made[-1:] * (count - len(made))
    return made


def _placed(code: _Code, matrix: Matrix, size: float, element: etree._Element) -> Glyph:
    a, b, c, d, _, _ = matrix
    x, y = apply(matrix, code.x, code.y)
    turned = quarter_turn(matrix)
    turn = None if turned is None else (turned + round(number(element.get("CharDirection"), 0) / 90)) % 4
    return Glyph(code.text, x, y, code.advance * math.hypot(a, b), size * math.hypot(c, d),
                 element.get("Font", ""), turn)
