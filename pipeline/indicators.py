"""Indicator table and foot of a form → printed rows, totals and grade."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.alignment import Alignment, Column, Layout, align_all
from pipeline.cell_kinds import COLUMN_KINDS
from pipeline.foot import read_foot, take_subtotal
from pipeline.levels import Levels
from pipeline.lines import Line, drop_names_above, goes_on, join_broken, line_of, without_repeats
from pipeline.parents import Parent, parents_among, possible_parents
from pipeline.records import Fields, Finding, Printed, PrintedRow
from pipeline.row_fields import (
    AMBIGUOUS,
    FATES,
    METHOD,
    add_named_weight,
    changed,
    method_of,
    put_adjusted,
    report,
    row_finding,
    set_aside,
    take,
)
from pipeline.shape import HeadColumn, Shape
from pipeline.templates import Template

VALUES = frozenset({"target_text", "actual_text", "weight", "score"})
"""Columns of which an indicator fills at least one."""


class Indicators(NamedTuple):
    """Indicator rows in print order, fields of the foot, and what was noticed."""

    rows: tuple[PrintedRow, ...]
    totals: Fields
    findings: tuple[Finding, ...]


def read_indicators(shape: Shape) -> Indicators:
    """Take the indicator rows and the foot out of the block.

    Without a template nothing is taken: an unknown form is not forced.
    """
    if shape.template is None:
        return Indicators((), {}, ())
    layout = _layout(shape.indicator_head, shape.template)
    foot = read_foot(shape.indicators, _weight_columns(shape.indicator_head))
    lines = [line for row in foot.body if (line := line_of(row, layout)) is not None]
    parents, (shift, alignments) = _aligned(lines, layout)
    findings = foot.findings
    if not foot.totals and "score" in shape.template.must:
        message = "no total and no grade are printed below the indicators; the form may be cut off"
        findings.append(Finding("incomplete_form", "warning", message))
    if shift:
        findings.append(_shifted_head(shift))
    table = _Table(findings, layout)
    start = 0
    for end in (*sorted(parents), len(lines)):
        table.add_all(lines[start:end], alignments[start - len(table.parents) :], shift)
        if end in parents:
            table.add_parent(lines[end], parents[end])
        start = end + 1
    rows = tuple(PrintedRow(fields) for fields in table.rows)
    return Indicators(rows, foot.totals, tuple(findings))


def _aligned(lines: Sequence[Line], layout: Layout) -> tuple[dict[int, Parent], tuple[int, list[Alignment]]]:
    """Rows that repeat a sum, by place; the displacement of the head, and the alignments of all other rows."""
    possible = possible_parents(lines, layout)
    if not possible:
        return {}, align_all([line.pattern for line in lines], layout)
    places = [place for place in range(len(lines)) if place not in possible]
    aligned = align_all([lines[place].pattern for place in places], layout)
    found = parents_among(possible, lines, dict(zip(places, aligned[1], strict=True)))
    if len(found) < len(possible):
        aligned = align_all([line.pattern for place, line in enumerate(lines) if place not in found], layout)
    return {place: possible[place] for place in found}, aligned


class _Table:
    """The rows that were read so far, with the level names in force."""

    def __init__(self, findings: list[Finding], layout: Layout) -> None:
        self.rows: list[dict[str, Printed]] = []
        self.parents: list[Parent] = []
        self._findings = findings
        self._layout = layout
        self._has_weights = any(column.label == "weight" for column in layout.columns)
        self._levels = Levels(findings, printed=any(column.label == "level1" for column in layout.columns))
        self._above: Alignment | None = None

    def add_all(self, lines: Sequence[Line], alignments: Sequence[Alignment], shift: int) -> None:
        """Rows between parents; ``alignments`` may be those of later rows too."""
        pairs = [
            (line, alignment)
            if alignment.straight
            else without_repeats(line, alignment, self._layout, shift)
            for line, alignment in zip(lines, alignments, strict=False)
        ]
        alone, best = [line for line, _ in pairs], [alignment for _, alignment in pairs]
        if any([slot.cell.row_span > 1 for line in alone for slot in line.slots]):  # noqa: C419  a list is quicker
            drop_names_above(alone, best, self._layout, shift)
        for line, alignment in join_broken(alone, best, self._layout, shift):
            if VALUES.isdisjoint(alignment.labels):
                self.add_valueless(line, alignment)
            else:
                self.add(line, alignment)

    def add(self, line: Line, alignment: Alignment) -> None:
        """A row with values is an indicator."""
        report(len(self.rows), line, alignment, self._findings)
        fields = take(line, alignment)
        tail = self._levels.tail_of(fields)
        if tail is not None:
            self._mend(*tail)
            del fields[tail[0]]
        fields = self._levels.fill(len(self.rows), fields)
        method = fields.pop(METHOD, None)
        if method is not None:
            self._findings.append(method_of(len(self.rows), method))
        first = put_adjusted(fields)
        if first is not None:
            self._findings.append(changed(len(self.rows), first, fields["target_text"]))
            set_aside(line, alignment, "target_text", "ignored:first_target")
        if not self._has_weights and "level3" in fields:
            add_named_weight(fields)
        self.rows.append(fields)
        self._above = alignment

    def add_parent(self, line: Line, parent: Parent) -> None:
        """A row that repeats the sum of its children gives only its level names."""
        names = {name: Printed("".join(slot.text.split()), slot.cell) for name, slot in parent.names.items()}
        self._levels.fill(len(self.rows), {name: names[name] for name in names if name != "level3"})
        self.parents.append(parent)
        take_subtotal(line.slots, self._findings)

    def add_valueless(self, line: Line, alignment: Alignment) -> None:
        """A row without any value: level names, the end of the row above, or foreign text.

        Foreign text is left in the block, where the audit reports it.
        """
        names = set(alignment.labels)
        if not names.isdisjoint(("level1", "level2")):
            self._add_names(line, alignment)
        elif self._above is not None and goes_on(self._above, line, alignment):
            self._go_on(line, alignment)

    def _add_names(self, line: Line, alignment: Alignment) -> None:
        """Level names on a row of their own; with an indicator's name, one left unfilled."""
        if "level3" in alignment.labels:
            self.add(line, alignment)
            return
        fields = take(line, alignment)
        tail = self._levels.tail_of(fields)
        if tail is not None:
            self._mend(*tail)
            return
        for slot in line.slots:
            slot.fate = "label"
        self._levels.fill(len(self.rows), fields)

    def _mend(self, name: str, whole: Printed) -> None:
        """Give the rows that hold a level name, of which a page cut off the end, the whole of it."""
        for row in self.rows:
            if name in row and row[name].cell is whole.cell:
                row[name] = whole
        self._levels.replace(name, whole)
        message = "the end of a level name stands in a row of its own and was joined to it"
        self._findings.append(
            row_finding("layout_broken_row", "info", len(self.rows) - 1, whole.text, message)
        )

    def _go_on(self, line: Line, alignment: Alignment) -> None:
        fields = self.rows[-1]
        for slot, name in zip(line.slots, alignment.labels, strict=True):
            if name == METHOD:
                slot.fate = FATES[METHOD]
                self._findings.append(method_of(len(self.rows) - 1, Printed(slot.text, slot.cell)))
            elif name in fields:
                slot.fate = "value"
                above = fields[name]
                fields[name] = above._replace(
                    text=above.text + slot.text,
                    repair="joined_page_break",
                    confidence=AMBIGUOUS,
                    more=(*above.more, slot.cell),
                )
        printed = " | ".join(slot.text for slot in line.slots)
        message = "a row without values was taken for the end of the cells above it"
        self._findings.append(
            row_finding("layout_broken_row", "warning", len(self.rows) - 1, printed, message)
        )


@lru_cache(maxsize=1024)
def _layout(head: tuple[HeadColumn, ...], template: Template) -> Layout:
    table = template.indicators
    return Layout(
        Column(
            column.label,
            COLUMN_KINDS[column.label],
            column.first,
            column.last,
            column.label in table.required,
            column.repeated,
        )
        for column in head
        if column.label in COLUMN_KINDS
    )


def _weight_columns(head: Sequence[HeadColumn]) -> range:
    for column in head:
        if column.label == "weight":
            return range(column.first, column.last + 1)
    return range(0)


def _shifted_head(shift: int) -> Finding:
    side = "left" if shift > 0 else "right"
    message = f"the head of the indicator table stands {abs(shift)} column(s) to the {side} of its data"
    return Finding("layout_shifted_head", "info", message, table="indicators")
