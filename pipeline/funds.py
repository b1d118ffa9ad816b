"""Fund table of a form → printed rows."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.alignment import Alignment, Column, Layout, Pattern, align_all
from pipeline.cell_kinds import FUND_KINDS, UNSURE
from pipeline.funds_across import is_across, read_across
from pipeline.money_unit import FUND_LABELS, unit_slots
from pipeline.privacy import redacted
from pipeline.recognised import is_recognised
from pipeline.records import Finding, Printed, PrintedRow, Row, Slot, fund_name
from pipeline.shape import HeadColumn, Shape
from pipeline.values import amount

NUMERIC = frozenset({"number", "large", "percent", "quantity", "blank", UNSURE})
FEWEST_VALUES = 2
"""Numbers behind an unknown label that make its row a fund row."""

MOSTLY = 0.65
"""Share of numbers behind such a label from which those of a scan are a fund row too: the rest may be misread."""


REASON = "deviation_reason"
"""A column behind the score (Sichuan: 原因) that the tables do not have."""


class Funds(NamedTuple):
    """Fund rows in print order, and what was noticed."""

    rows: tuple[PrintedRow, ...]
    findings: tuple[Finding, ...]


class _Line(NamedTuple):
    """A fund row: its name, its slots (the label first) and what they can be."""

    name: str
    slots: list[Slot]
    pattern: Pattern


def read_funds(shape: Shape) -> Funds:
    """Take the fund rows out of the block. The head says which columns are printed."""
    unit = _money_unit(shape)
    if is_across(shape):
        return Funds(*read_across(shape, unit))
    layout = _layout(shape.fund_head)
    lines = [line for row in shape.funds if (line := _line(row, layout)) is not None]
    shift, alignments = align_all([line.pattern for line in lines], layout)
    findings: list[Finding] = []
    if shift:
        findings.append(_shifted_head(shift, lines))
    rows = []
    for number, (line, alignment) in enumerate(zip(lines, alignments, strict=True)):
        fields = _take(line, alignment)
        reason = fields.pop(REASON, None)
        if reason is not None:
            findings.append(_reason(number, reason))
        rows.append(PrintedRow(fields, unit, reason))
        findings += _noticed(number, line, alignment)
    return Funds(tuple(rows), tuple(findings))


@lru_cache(maxsize=1024)
def _layout(head: Sequence[HeadColumn]) -> Layout:
    columns = [
        Column(column.label, kind, column.first, column.last, required=False, repeated=column.repeated)
        for column in head
        if (kind := FUND_KINDS.get(column.label)) is not None
    ]
    before = columns[0].first - 1 if columns else 0
    return Layout([Column("label", "fund_label", 0, before, required=True), *columns])


def _money_unit(shape: Shape) -> str | None:
    """The unit that money is in."""
    slots = unit_slots(shape)
    for slot in slots:
        if "unit_line" in slot.labels and FUND_LABELS.isdisjoint(slot.labels):
            slot.fate = "label"
    return amount.money_unit(slots[0].text) if slots else None


def _line(row: Row, layout: Layout) -> _Line | None:
    """The label of a fund row and the slots behind it; None where the row is none."""
    label: Slot | None = None
    slots: list[Slot] = []
    for slot in row.slots:
        if slot.fate is not None:
            continue
        if label is None:
            label = _label_or_none(slot)
            if label is not None:
                slots.append(label)
        elif slot.text == label.text or _is_repeat(slots[-1], slot, layout):
            slot.fate = "ignored:merged_repeat"
        else:
            slots.append(slot)
    if label is None:
        return None
    kinds = tuple([slot.kind for slot in slots])
    if "fund_row" not in label.labels and (len(kinds) <= FEWEST_VALUES or not _are_numbers(label, kinds[1:])):
        return None
    columns = tuple([slot.cell.col for slot in slots])
    return _Line(fund_name(label.text), slots, (("label", *kinds[1:]), columns))


def _are_numbers(label: Slot, kinds: Sequence[str]) -> bool:
    numbers = sum(kind in NUMERIC for kind in kinds)
    return numbers == len(kinds) or (is_recognised(label.cell) and numbers >= MOSTLY * len(kinds))


def _is_repeat(before: Slot, slot: Slot, layout: Layout) -> bool:
    return before.text == slot.text and layout.share(before.cell.col, slot.cell.col)


def _label_or_none(slot: Slot) -> Slot | None:
    """The slot itself if it can be the label of a row; the form's own words are set aside."""
    if "fund_row" in slot.labels:
        return slot
    if "fund_head" in slot.labels or not fund_name(slot.text):
        slot.fate = "label"
        return None
    return slot if slot.kind not in NUMERIC else None


def _take(line: _Line, alignment: Alignment) -> dict[str, Printed]:
    """The fields of one row; a value that fits no column stays in the block."""
    repair = "row_shifted" if any(alignment.displaced) else None
    confidence = 0.5 if alignment.ambiguous else 1.0
    fields: dict[str, Printed] = {}
    for slot, name in zip(line.slots, alignment.labels, strict=True):
        if name == REASON:
            slot.fate = "ignored:blank_mark" if slot.kind == "blank" else "ignored:fund_reason"
        elif name is not None:
            slot.fate = "value"
        if name is not None and slot.fate != "ignored:blank_mark":
            fields[name] = Printed(slot.text, slot.cell, repair, confidence)
    return fields


def _reason(number: int, reason: Printed) -> Finding:
    message = "why money was not spent as planned; no column holds it"
    return Finding("fund_reason", "info", message, "funds", number, printed=redacted(reason.text))


def _noticed(number: int, line: _Line, alignment: Alignment) -> Iterator[Finding]:
    """What a reader should know of how the row was printed."""
    if alignment.ambiguous:
        rule, severity = "layout_ambiguous_row", "warning"
        message = f"the values of {line.name} can stand in more than one order of columns"
    elif any(alignment.displaced):
        rule, severity = "layout_shifted_row", "info"
        message = f"{line.name} is printed {_steps(alignment)} off its columns and was put right"
    else:
        return
    printed = " | ".join(slot.text for slot in line.slots)
    yield Finding(rule, severity, message, "funds", number, printed=printed)


def _steps(alignment: Alignment) -> str:
    worst = max(alignment.displaced, key=abs)
    return f"{abs(worst)} column{'s' if abs(worst) > 1 else ''} to the {'right' if worst > 0 else 'left'}"


def _shifted_head(shift: int, lines: list[_Line]) -> Finding:
    side = "left" if shift > 0 else "right"
    return Finding(
        rule="layout_shifted_head",
        severity="info",
        message=f"the head of the fund table stands {abs(shift)} column(s) to the {side} of its data",
        table="funds",
        printed=" | ".join(line.name for line in lines),
    )
