"""Rows of the indicator table as lines of parts, joined where pasted text broke them."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.alignment import Alignment, Layout, Pattern, align
from pipeline.cell_kinds import kind_of
from pipeline.foot import open_slots
from pipeline.records import Row, Slot

_WORDS = frozenset({"text", "long"})


class Part(NamedTuple):
    """One value of a line: its text, the slots it was printed in, its grid column."""

    text: str
    slots: tuple[Slot, ...]
    col: int


class Line(NamedTuple):
    """The parts of one indicator row, from left to right.

    ``broken`` is true where it was joined from several printed lines.
    """

    parts: tuple[Part, ...]
    pattern: Pattern
    grid: int
    broken: bool = False


def line_of(row: Row) -> Line | None:
    """The line of a row, without the lead column and without merged values repeated across."""
    parts: list[Part] = []
    for slot in open_slots(row):
        if slot.labels.get("indicator_head") == "lead":
            slot.fate = "label"
        elif parts and parts[-1].text == slot.text and _is_name(slot):
            slot.fate = "ignored:merged_repeat"
        else:
            parts.append(Part(slot.text, (slot,), slot.cell.col))
    return _line(parts, row.grid) if parts else None


def _is_name(slot: Slot) -> bool:
    return "level1" in slot.labels or "level2" in slot.labels or kind_of(slot.text) == "long"


def _line(parts: Sequence[Part], grid: int, *, broken: bool = False) -> Line:
    return Line(tuple(parts), tuple((kind_of(part.text), part.col) for part in parts), grid, broken)


# ── lines that the paste broke ───────────────────────────────────────────────


def join_broken(lines: Sequence[Line], layout: Layout, shift: int) -> list[Line]:
    """Join a line that stops inside a cell with the line that goes on with it.

    Joined only where neither line is a row by itself and both together are one without
    doubt; a lone text at the left edge goes on with the reason above it.
    """
    joined: list[Line] = []
    for line in lines:
        previous = joined[-1] if joined else None
        if previous is not None and line.parts[0].col == 0 and previous.grid == line.grid:
            whole = _glued(previous, line)
            if _is_tail(previous, line) or _makes_row(previous, line, whole, layout, shift):
                joined[-1] = whole
                continue
        joined.append(line)
    return joined


def _glued(first: Line, second: Line) -> Line:
    left, right = first.parts[-1], second.parts[0]
    seam = Part(left.text + right.text, left.slots + right.slots, left.col)
    rest = (part._replace(col=part.col + left.col) for part in second.parts[1:])
    return _line((*first.parts[:-1], seam, *rest), first.grid, broken=True)


def _is_tail(previous: Line, line: Line) -> bool:
    """A lone text under a row that ended in a reason."""
    kinds = [kind for kind, _ in previous.pattern]
    return (
        len(line.parts) == 1
        and line.pattern[0][0] in _WORDS
        and kinds[-1] in _WORDS
        and "number" in kinds
    )


def _makes_row(first: Line, second: Line, whole: Line, layout: Layout, shift: int) -> bool:
    if _is_row(first, layout, shift) or _is_row(second, layout, shift):
        return False
    alignment = align(whole.pattern, layout, shift)
    return _fills(alignment, layout) and not alignment.ambiguous


def _is_row(line: Line, layout: Layout, shift: int) -> bool:
    return _fills(align(line.pattern, layout, shift), layout)


def _fills(alignment: Alignment, layout: Layout) -> bool:
    """Whether every required column is filled and nothing is left over."""
    required = {index for index, column in enumerate(layout.columns) if column.required}
    return required <= set(alignment.columns) and None not in alignment.columns
