"""Rows that repeat the sum of the rows below them: 产出指标 | 60 | 58 over its indicators.

Such a row prints a name and points, and nothing else. It is one only where the points of the rows
that stand below it, down to the next name of its level, make its own; where its name is none that
`labels.toml` has for a level, only if the points of the form make more than 100 with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.alignment import Alignment, Layout
from pipeline.labels import labels_of
from pipeline.lines import Line
from pipeline.memo import Memo
from pipeline.records import Slot
from pipeline.values import points

_NUMBERS = frozenset({"number", "large"})
_NAMES = frozenset({"text", "level1", "level2", "level12", "label"})
_MOST_NAMES, _MOST_NUMBERS = 2, 2
_FULL = Decimal(100)
_DEPTHS = {"level1": 1, "level2": 2}
_UNNAMED = 3
"""Depth of a name that stands in no column of a level."""

Texts = Mapping[str, str]


class Parent(NamedTuple):
    """A row that may repeat a sum: its names by level, and the points that it prints."""

    names: dict[str, Slot]
    depth: int
    measure: str
    own: Decimal


def possible_parents(lines: Sequence[Line], layout: Layout) -> dict[int, Parent]:
    """Rows that print nothing but names and points, by their place."""
    found = {}
    for place, line in enumerate(lines):
        if _MAY_BE[line.pattern[0]]:
            parent = _parent(line, layout)
            if parent is not None:
                found[place] = parent
    return found


def _may_be(kinds: tuple[str, ...]) -> bool:
    """Whether cells of these kinds are one or two names, one or two numbers behind them, and blanks."""
    said = [kind for kind in kinds if kind != "blank"]
    names = [kind for kind in said if kind in _NAMES]
    numbers = [kind for kind in said if kind in _NUMBERS]
    if not 0 < len(names) <= _MOST_NAMES or not 0 < len(numbers) <= _MOST_NUMBERS:
        return False
    return said == names + numbers


_MAY_BE = Memo(_may_be)


def _parent(line: Line, layout: Layout) -> Parent | None:
    names = [slot for slot, kind in zip(line.slots, line.pattern[0], strict=True) if kind in _NAMES]
    numbers = [slot for slot, kind in zip(line.slots, line.pattern[0], strict=True) if kind in _NUMBERS]
    levels = {}
    for slot in names:
        levels[_level(slot, layout)] = slot
    measure = _measure(numbers, layout)
    own = points.parse(numbers[0].text)
    if own is None or not own or len(levels) < len(names):
        return None
    return Parent(levels, max(_DEPTHS.get(level, _UNNAMED) for level in levels), measure, own)


def _level(slot: Slot, layout: Layout) -> str:
    """The level that a name is of: what its words say, where they can be both its column."""
    said = [level for level in _DEPTHS if level in slot.labels]
    if len(said) == 1:
        return said[0]
    columns = {column.label: column for column in layout.columns}
    for level in said or _DEPTHS:
        if level in columns and slot.cell.col <= columns[level].last:
            return level
    return "level3"


def _measure(numbers: Sequence[Slot], layout: Layout) -> str:
    """Whether the first number is the weight or the score."""
    labels = {column.label: column for column in layout.columns}
    weight = labels.get("weight")
    if weight is None:
        return "score"
    alone = len(numbers) == 1 and "score" in labels
    return "score" if alone and abs(numbers[0].cell.col - labels["score"].first) < abs(
        numbers[0].cell.col - weight.first
    ) else "weight"


def parents_among(
    possible: Mapping[int, Parent], lines: Sequence[Line], aligned: Mapping[int, Alignment]
) -> frozenset[int]:
    """Places of the possible parents that do repeat the sum of their children.

    Args:
        possible: As `possible_parents` found them.
        lines: All rows.
        aligned: The alignment of each row that is no possible parent, by place.
    """
    rows = {place: _texts(lines[place], alignment) for place, alignment in aligned.items()}
    beyond = _beyond_full(possible, rows)
    found: set[int] = set()
    refused: set[int] = set()
    for place in sorted(possible, key=lambda place: (-possible[place].depth, place)):
        parent = possible[place]
        children = list(_children(place, possible, rows, refused, len(lines)))
        sums_up = bool(children) and sum(children) == parent.own
        told = all(level in slot.labels for level, slot in parent.names.items())
        if sums_up and (told or (beyond and (parent.depth < _UNNAMED or len(children) > 1))):
            found.add(place)
        else:
            refused.add(place)
    return frozenset(found)


def _children(
    place: int, possible: Mapping[int, Parent], rows: Mapping[int, Texts], refused: set[int], end: int
) -> Iterator[Decimal]:
    """The points of the rows below a parent, down to the next name of its level."""
    parent = possible[place]
    for below in range(place + 1, end):
        other = possible.get(below)
        if other is not None:
            if below not in refused and other.depth <= parent.depth:
                return
            if below in refused and any(_ends(parent, level, slot.text) for level, slot in other.names.items()):
                return
            if below in refused and other.measure == parent.measure:
                yield other.own
            continue
        row = rows[below]
        if any(_ends(parent, level, row[level]) for level in _DEPTHS if level in row):
            return
        value = points.parse(row.get(parent.measure, ""))
        if value is not None:
            yield value


def _ends(parent: Parent, level: str, name: str) -> bool:
    """Whether another name of a level, at or above the parent's, ends its children."""
    if _DEPTHS.get(level, _UNNAMED) > parent.depth or level == "level3":
        return False
    own = parent.names.get(level)
    if own is None:   # 数量指标 below 产出指标: a level 1 beside a child is that above the parent
        return False
    return _bare(own.text, level) != _bare(name, level)


def _bare(name: str, level: str) -> str:
    return labels_of(name).get(level) or "".join(name.split())


def _beyond_full(possible: Mapping[int, Parent], rows: Mapping[int, Texts]) -> bool:
    """Whether all weights, or where there are none all scores, make more than 100."""
    measures = {parent.measure for parent in possible.values()}
    measure = "weight" if "weight" in measures else "score"
    values = [points.parse(row.get(measure, "")) for row in rows.values()]
    own = [parent.own for parent in possible.values() if parent.measure == measure]
    return sum(value for value in (*values, *own) if value is not None) > _FULL


def _texts(line: Line, alignment: Alignment) -> Texts:
    pairs = zip(alignment.labels, line.slots, strict=True)
    return {name: slot.text for name, slot in pairs if name is not None}
