"""The page objects of OFD, walked in drawing order, each with its matrix to the page."""

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from lxml import etree

from parsers.errors import TooLarge
from parsers.xml import local_name

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a·x + c·y + e, y' = b·x + d·y + f (GB/T 33190-2016, 8.5)."""

POINTS: Final = 72 / 25.4
"""Points to a millimetre, the unit of OFD."""

MAX_OBJECTS: Final = 1_000_000
_DEEPEST: Final = 16
_SLANT: Final = 0.05     # of a quarter turn: 4.5°
_PAINTED: Final = ("TextObject", "PathObject", "ImageObject")
_FARTHEST: Final = 1e7   # millimetres; a number beyond it is none


class Budget:
    """How many more page objects and characters a file may draw."""

    def __init__(self) -> None:
        self._left = MAX_OBJECTS

    def spend(self, count: int = 1) -> None:
        """Counts what is drawn.

        Raises:
            TooLarge: It is too much.
        """
        self._left -= count
        if self._left < 0:
            raise TooLarge(f"an OFD file of more than {MAX_OBJECTS:,} page objects and characters. Split it.")


class Drawn(NamedTuple):
    """An object as it is drawn: ``kind`` is TextObject, PathObject or ImageObject."""

    kind: str
    element: etree._Element
    matrix: Matrix


def numbers(text: str | None) -> list[float]:
    """The numbers of a list; empty where one of them is none.

    >>> numbers("20 10.5  -1"), numbers("1 x"), numbers("nan"), numbers(None)
    ([20.0, 10.5, -1.0], [], [], [])
    """
    try:
        values = [float(part) for part in (text or "").replace(",", " ").split()]
    except ValueError:
        return []
    return values if all(abs(value) < _FARTHEST for value in values) else []


def number(text: str | None, default: float) -> float:
    """One number, or the default where there is none."""
    values = numbers(text)
    return values[0] if len(values) == 1 else default


def after(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that applies ``inner`` and then ``outer``."""
    a, b, c, d, e, f = inner
    a2, b2, c2, d2, e2, f2 = outer
    return (a2 * a + c2 * b, b2 * a + d2 * b, a2 * c + c2 * d, b2 * c + d2 * d,
            a2 * e + c2 * f + e2, b2 * e + d2 * f + f2)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def drawn(content: etree._Element, matrix: Matrix, units: Mapping[str, etree._Element],
          budget: Budget, depth: int = 0) -> Iterator[Drawn]:
    """The visible objects under an element in drawing order, through blocks and composite objects.

    Args:
        content: A layer, a block, or the content of a composite unit.
        matrix: From its space to the page.
        units: Composite units of the document by their ID.
        budget: What the document may still draw.
        depth: How deep in composite units it stands; a unit that draws itself ends there.

    Raises:
        TooLarge: The document draws too many objects.
    """
    if _is_hidden(content):
        return
    for element in content:
        kind = local_name(element)
        budget.spend()
        if kind == "PageBlock":
            yield from drawn(element, matrix, units, budget, depth + 1)
        elif kind == "CompositeObject":
            unit = units.get(element.get("ResourceID", ""))
            if unit is not None and depth < _DEEPEST and not _is_hidden(element):
                placed = after(matrix, _own_matrix(element))
                for child in unit:
                    yield from drawn(child, placed, units, budget, depth + 1)
        elif kind in _PAINTED and not _is_hidden(element):
            if kind == "TextObject":
                budget.spend(sum(len(code.text or "") for code in element))
            yield Drawn(kind, element, after(matrix, _own_matrix(element)))


def _is_hidden(element: etree._Element) -> bool:
    return element.get("Visible", "").lower() in {"false", "0"}


def _own_matrix(element: etree._Element) -> Matrix:
    """From an object's space to that of its parent: its CTM, then the corner of its boundary."""
    boundary = numbers(element.get("Boundary"))
    x, y = boundary[:2] if len(boundary) >= 2 else (0.0, 0.0)  # noqa: PLR2004  a corner
    values = numbers(element.get("CTM"))
    if len(values) != 6:  # noqa: PLR2004  a matrix
        return 1.0, 0.0, 0.0, 1.0, x, y
    a, b, c, d, e, f = values
    return a, b, c, d, e + x, f + y


def quarter_turn(matrix: Matrix) -> int | None:
    """How many quarter turns clockwise the x axis points away from right; None at a slant.

    >>> quarter_turn((1, 0, 0, 1, 5, 5)), quarter_turn((0, 1, -1, 0, 0, 0)), quarter_turn((1, 1, -1, 1, 0, 0))
    (0, 1, None)
    """
    turns = math.atan2(matrix[1], matrix[0]) / (math.pi / 2)
    nearest = round(turns)
    return nearest % 4 if abs(turns - nearest) < _SLANT else None
