"""Rows of the indicator table as lines, joined where pasted text broke them."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.alignment import Alignment, Layout, Pattern, align
from pipeline.cell_kinds import kind_of
from pipeline.records import Row, Seam, Slot

_WORDS = frozenset({"text", "long"})


class Line(NamedTuple):
    """The slots of one indicator row, from left to right, and what each can be.

    ``broken`` is true where it was joined from several printed lines.
    """

    slots: tuple[Slot, ...]
    pattern: Pattern
    grid: int
    broken: bool = False


def line_of(row: Row) -> Line | None:
    """The line of a row, without the lead column and without merged values repeated across.

    A merged level name that reaches down into this row is part of it.
    """
    slots: list[Slot] = []
    pattern: list[tuple[str, int]] = []
    before = ""
    for slot in row.slots:
        if slot.fate is not None and not (slot.fate == "value" and slot.cell.row_span > 1):
            continue
        text = slot.text
        if slot.labels and slot.labels.get("indicator_head") == "lead":
            slot.fate = "label"
        elif text == before and _is_name(slot):
            slot.fate = "ignored:merged_repeat"
        else:
            slots.append(slot)
            pattern.append((kind_of(text), slot.cell.col))
            before = text
    return Line(tuple(slots), tuple(pattern), row.grid) if slots else None


def _is_name(slot: Slot) -> bool:
    return "level1" in slot.labels or "level2" in slot.labels or kind_of(slot.text) == "long"


# ── lines that the paste broke ───────────────────────────────────────────────


def join_broken(lines: Sequence[Line], layout: Layout, shift: int) -> list[Line]:
    """Join a line that stops inside a cell with the line that goes on with it.

    Joined only where neither line is a row by itself and both together are one without
    doubt; a lone text at the left edge goes on with the reason above it.
    """
    joined: list[Line] = []
    for line in lines:
        previous = joined[-1] if joined else None
        if previous is not None and line.pattern[0][1] == 0 and previous.grid == line.grid:
            if _is_tail(previous, line):
                joined[-1] = _glued(previous, line)
                continue
            if not _is_row(line, layout, shift) and not _is_row(previous, layout, shift):
                whole = _glued(previous, line)
                alignment = align(whole.pattern, layout, shift)
                if _fills(alignment, layout) and not alignment.ambiguous:
                    joined[-1] = whole
                    continue
        joined.append(line)
    return joined


def _glued(first: Line, second: Line) -> Line:
    left = first.slots[-1]
    seam = Seam((*(left.pieces if isinstance(left, Seam) else (left,)), second.slots[0]))
    at = first.pattern[-1][1]
    pattern = (
        *first.pattern[:-1],
        (kind_of(seam.text), at),
        *((kind, col + at) for kind, col in second.pattern[1:]),
    )
    return Line((*first.slots[:-1], seam, *second.slots[1:]), pattern, first.grid, broken=True)


def _is_tail(previous: Line, line: Line) -> bool:
    """A lone text under a row that ended in a reason."""
    if len(line.slots) != 1 or line.pattern[0][0] not in _WORDS:
        return False
    kinds = [kind for kind, _ in previous.pattern]
    return kinds[-1] in _WORDS and "number" in kinds


def _is_row(line: Line, layout: Layout, shift: int) -> bool:
    return _fills(align(line.pattern, layout, shift), layout)


def _fills(alignment: Alignment, layout: Layout) -> bool:
    """Whether every required column is filled and nothing is left over."""
    if alignment.straight:
        return True
    required = {index for index, column in enumerate(layout.columns) if column.required}
    return required <= set(alignment.columns) and None not in alignment.columns
