"""Rows of the indicator table as lines, joined where pasted text broke them."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.alignment import Alignment, Layout, Pattern, align
from pipeline.cell_kinds import kind_of
from pipeline.records import Row, Seam, Slot

_WORDS = frozenset({"text", "long", "rule"})

MOST_WRAPPED = 2
"""Cells of a row that can go on with the row above; more are a row of their own."""


class Line(NamedTuple):
    """The slots of one indicator row, from left to right, and what each can be.

    ``broken`` is true where it was joined from several printed lines.
    """

    slots: tuple[Slot, ...]
    pattern: Pattern
    grid: int
    broken: bool = False


def line_of(row: Row, layout: Layout) -> Line | None:
    """The line of a row, without the lead column and without what a merged cell repeats.

    A merged level name that reaches down into this row is part of it.
    """
    slots: list[Slot] = []
    edge = layout.columns[0].first if layout.columns else 0
    for slot in row.slots:
        if slot.fate is not None and not (slot.fate == "value" and slot.cell.row_span > 1):
            continue
        if slot.labels and slot.labels.get("indicator_head") == "lead" and slot.cell.col <= edge:
            slot.fate = "label"
        elif slots and slots[-1].text == slot.text and layout.share(slots[-1].cell.col, slot.cell.col):
            slot.fate = "ignored:merged_repeat"
        else:
            slots.append(slot)
    return _line(slots, row.grid) if slots else None


def _line(slots: Sequence[Slot], grid: int) -> Line:
    kinds = tuple([slot.kind for slot in slots])
    return Line(tuple(slots), (kinds, tuple([slot.cell.col for slot in slots])), grid)


# ── merged values that are repeated across ───────────────────────────────────


def without_repeats(line: Line, alignment: Alignment, layout: Layout, shift: int) -> tuple[Line, Alignment]:
    """The line without the copies of a merged name or prose, if that makes it a row.

    A level 3 may well have the name of its level 2, so copies go only where they are too many.
    """
    kept: list[Slot] = []
    copies: list[Slot] = []
    for slot in line.slots:
        (copies if kept and kept[-1].text == slot.text and _is_name(slot) else kept).append(slot)
    if not copies:
        return line, alignment
    shorter = _line(kept, line.grid)
    found = align(shorter.pattern, layout, shift)
    if not found.straight and found.columns.count(None) >= alignment.columns.count(None):
        return line, alignment
    for slot in copies:
        slot.fate = "ignored:merged_repeat"
    return shorter, found


def _is_name(slot: Slot) -> bool:
    return "level1" in slot.labels or "level2" in slot.labels or slot.kind in _WORDS


# ── lines that the paste broke ───────────────────────────────────────────────


def join_broken(
    lines: Sequence[Line], alignments: Sequence[Alignment], layout: Layout, shift: int
) -> list[tuple[Line, Alignment]]:
    """Join a line that stops inside a cell with the line that goes on with it.

    Joined only where neither line is a row by itself and both together are one without
    doubt; a lone text at the left edge goes on with the reason above it.
    """
    joined: list[tuple[Line, Alignment]] = []
    for line, alignment in zip(lines, alignments, strict=True):
        whole = None
        if joined and line.pattern[1][0] == 0 and joined[-1][0].grid == line.grid:
            whole = _whole(joined[-1], (line, alignment), layout, shift)
        if whole is not None:
            joined[-1] = whole
        else:
            joined.append((line, alignment))
    return joined


def _whole(
    first: tuple[Line, Alignment], second: tuple[Line, Alignment], layout: Layout, shift: int
) -> tuple[Line, Alignment] | None:
    """Both lines as one row, None where they are two."""
    is_tail = _is_tail(first[0], second[0])
    if not is_tail and (_fills(first[1], layout) or _fills(second[1], layout)):
        return None
    line = _glued(first[0], second[0])
    alignment = align(line.pattern, layout, shift)
    if is_tail or (_fills(alignment, layout) and not alignment.ambiguous):
        return line, alignment
    return None


def _glued(first: Line, second: Line) -> Line:
    left, right = first.slots[-1], second.slots[0]
    pieces = (*(left.pieces if isinstance(left, Seam) else (left,)), right)
    seam = Seam(pieces, kind_of(left.text + right.text), {}, "")
    slots = (*first.slots[:-1], seam, *second.slots[1:])
    at = first.pattern[1][-1]
    columns = (*first.pattern[1], *(column + at for column in second.pattern[1][1:]))
    return Line(slots, (tuple(slot.kind for slot in slots), columns), first.grid, broken=True)


def _is_tail(previous: Line, line: Line) -> bool:
    """A lone text under a row that ended in a reason."""
    kinds = previous.pattern[0]
    return len(line.slots) == 1 and line.slots[0].kind in _WORDS and kinds[-1] in _WORDS and "number" in kinds


def goes_on(previous: Alignment, line: Line, alignment: Alignment) -> bool:
    """Whether a row only goes on with cells of the row above: text under text, no value."""
    names = set(alignment.labels)
    return (
        len(line.slots) <= MOST_WRAPPED
        and _WORDS.issuperset(line.pattern[0])
        and not any(alignment.displaced)
        and None not in names
        and not names & {"level1", "level2", "weight", "score"}
        and names <= set(previous.labels)
    )


def _fills(alignment: Alignment, layout: Layout) -> bool:
    """Whether every required column is filled and nothing is left over."""
    if alignment.straight:
        return True
    required = {index for index, column in enumerate(layout.columns) if column.required}
    return required <= set(alignment.columns) and None not in alignment.columns
