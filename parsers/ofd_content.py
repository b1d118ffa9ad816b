"""What the objects of an OFD page print: characters and straight lines, in points."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from lxml import etree

from parsers.ofd_glyphs import Glyph, glyphs_of, untold_in
from parsers.ofd_objects import Drawn, apply, number, numbers
from parsers.ofd_paths import subpaths
from parsers.page import Floats
from parsers.xml import local_name

_THIN: Final = 3.0    # points: a filled area not thicker than that is a rule
_COVERS: Final = 0.7  # of the page: a picture that large is its scan
_LIGHT: Final = 245   # of 255: a colour that is white

Area = tuple[float, float, float, float]
"""x0, top, x1, bottom; of a line, its ends."""


class Content(NamedTuple):
    """What a page draws, in its own direction.

    Attributes:
        glyphs: Its printed characters without blanks, in drawing order.
        lines: Straight rules, x0 y0 x1 y1 in points, shape (n, 4).
        is_scan: Whether a picture covers it,
        dropped: What is drawn and is no print.
        untold: How many characters are drawn by glyph, whose codes say nothing, by the font's ID.
        picture: and the ID of that picture.
    """

    glyphs: list[Glyph]
    lines: Floats
    is_scan: bool
    dropped: Counter[str]
    untold: Counter[str]
    picture: str = ""


class Sheet(NamedTuple):
    """A page that was read: its number in the file, its size in points, its fonts by ID, what it draws.

    ``scan`` names the member of the file that is its picture; empty where it is none.
    """

    number: int
    width: float
    height: float
    fonts: dict[str, str]
    content: Content
    scan: str = ""


def content_of(objects: Iterable[Drawn], width: float, height: float) -> Content:
    """What the objects of a page print; ``width`` and ``height`` in points.

    Raises:
        TooLarge: From ``objects``.
    """
    glyphs: list[Glyph] = []
    lines: list[Area] = []
    dark: list[Area] = []
    is_scan = False
    picture = ""
    dropped: Counter[str] = Counter()
    untold: Counter[str] = Counter()
    for one in objects:
        if one.kind == "ImageObject":
            if _share(one, width, height) >= _COVERS:
                is_scan = True
                picture = one.element.get("ResourceID", "")
                dropped["invisible"] += len(glyphs)    # the picture lies over them
                glyphs.clear()
        elif one.kind == "PathObject":
            _rule(one, lines, dark)
        else:
            _write(one, glyphs, dark, dropped)
            untold[one.element.get("Font", "")] += untold_in(one.element)
    inside = [glyph for glyph in glyphs
              if glyph.size > 0 and 0 <= glyph.x <= width and 0 <= glyph.y <= height]
    dropped["outside"] += len(glyphs) - len(inside)
    return Content(inside, np.array(lines, np.float64).reshape(-1, 4), is_scan, dropped, untold, picture)


def _share(image: Drawn, width: float, height: float) -> float:
    """How much of the page a picture covers."""
    boundary = numbers(image.element.get("Boundary"))
    if len(boundary) < 4 or width <= 0 or height <= 0:  # noqa: PLR2004  x y width height
        return 0.0
    if numbers(image.element.get("CTM")):              # the picture is a square of one millimetre
        corners = [apply(image.matrix, *corner) for corner in ((0, 0), (1, 1), (1, 0), (0, 1))]
    else:
        corners = [apply(image.matrix, 0, 0), apply(image.matrix, *boundary[2:4])]
    (x0, x1), (y0, y1) = ((min(values), max(values)) for values in zip(*corners, strict=True))
    wide = min(x1, width) - max(x0, 0)
    tall = min(y1, height) - max(y0, 0)
    return float(max(wide, 0) * max(tall, 0) / (width * height))


def _rule(path: Drawn, lines: list[Area],
          dark: list[Area]) -> None:
    """Adds the straight rules of a path, and the dark area that it may fill."""
    strokes = path.element.get("Stroke", "true").lower() not in {"false", "0"}
    fills = path.element.get("Fill", "false").lower() in {"true", "1"}
    data = next((child.text for child in path.element if local_name(child) == "AbbreviatedData"), None)
    for sub in subpaths(data or ""):
        if fills and not sub.curved:
            places = [apply(path.matrix, *point) for point in sub.points]
            xs, ys = zip(*places, strict=True)
            x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
            wide, tall = x1 - x0, y1 - y0
            if tall <= _THIN and wide >= tall:
                lines.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
            if wide <= _THIN and tall >= wide:
                lines.append(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
            if min(wide, tall) > _THIN and not _is_light(path.element, "FillColor"):
                dark.append((x0, y0, x1, y1))
            if min(wide, tall) <= _THIN:
                continue
        if strokes:
            lines += [(*apply(path.matrix, *start), *apply(path.matrix, *end)) for start, end in sub.lines]


def _is_light(element: etree._Element, kind: str) -> bool:
    colour = next((child for child in element if local_name(child) == kind), None)
    if colour is None:
        return False
    values = numbers(colour.get("Value"))
    return len(values) in {1, 3} and min(values) >= _LIGHT


def _is_clear(element: etree._Element) -> bool:
    """Whether an object is drawn with nothing to be seen."""
    fills = element.get("Fill", "true").lower() not in {"false", "0"}
    strokes = element.get("Stroke", "false").lower() in {"true", "1"}
    ink = [child for child in element if local_name(child) == "FillColor"]
    clear = any(number(one.get("Alpha"), 255) == 0 for one in (element, *ink))
    return clear or not (fills or strokes)


def _write(one: Drawn, glyphs: list[Glyph], dark: list[Area],
           dropped: Counter[str]) -> None:
    """Adds the characters of a text object."""
    element = one.element
    written = list(glyphs_of(element, one.matrix))
    if _is_clear(element):
        dropped["invisible"] += len(written)
    elif _is_light(element, "FillColor") and not (written and _lies_in(written[0], dark)):
        dropped["pale"] += len(written)
    else:
        glyphs += written


def _lies_in(glyph: Glyph, areas: Iterable[Area]) -> bool:
    middle = glyph.y - glyph.size / 3
    return any(x0 <= glyph.x <= x1 and top <= middle <= bottom for x0, top, x1, bottom in areas)
