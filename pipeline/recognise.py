"""Block + templates → the template that fits, and which rows are which part of the form."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.labels import vertical_labels
from pipeline.records import Block, Finding, Row, Slot
from pipeline.shape import HeadColumn, Shape
from pipeline.templates import Template

HEAD_LABELS = 3
"""Labels of the indicator head in one row that make it a head."""


def recognise(block: Block, templates: Sequence[Template]) -> Shape:
    """The shape of a block. ``template`` is None, with a finding, where none or several fit."""
    _take_vertical_labels(block.rows)
    parts = _parts(block)
    head = _columns(parts.indicator_head, "indicator_head")
    labels = [column.label for column in head]
    fitting = [template for template in templates if fits(template, labels)]
    findings = []
    if not head:
        findings.append(
            Finding("incomplete_form", "warning", "no head of an indicator table is printed; the form may be cut off")
        )
    elif not fitting:
        findings.append(_unknown(labels, templates))
    elif len(fitting) > 1:
        names = ", ".join(template.family for template in fitting)
        findings.append(Finding("tied_templates", "warning", f"the head fits more than one family: {names}"))
    return Shape(
        template=fitting[0] if len(fitting) == 1 else None,
        header=tuple(parts.header),
        fund_head=_columns(parts.fund_head, "fund_head"),
        fund_head_slots=tuple(slot for row in parts.fund_head for slot in row.slots),
        funds=tuple(parts.funds),
        goals=tuple(parts.goals),
        indicator_head=head,
        indicators=tuple(parts.indicators),
        findings=tuple(findings),
    )


def fits(template: Template, labels: Sequence[str]) -> bool:
    """Whether a head with these labels, in this order, is the template's."""
    present = set(labels)
    if not template.must <= present or template.must_not & present:
        return False
    if not present <= set(template.indicators.columns):
        return False
    order = [template.indicators.columns.index(label) for label in labels]
    return order == sorted(order)


def _unknown(labels: Sequence[str], templates: Sequence[Template]) -> Finding:
    def distance(template: Template) -> int:
        return len(set(labels) ^ set(template.indicators.columns))

    nearest = min(templates, key=distance)
    missing = sorted(nearest.must - set(labels))
    extra = sorted(set(labels) - set(nearest.indicators.columns))
    return Finding(
        rule="unknown_form",
        severity="warning",
        message=f"no known family has this indicator head; nearest is {nearest.family}"
        f" (missing: {', '.join(missing) or 'none'}; unknown: {', '.join(extra) or 'none'};"
        " else the order differs)",
        printed=" | ".join(labels),
    )


# ── the parts ────────────────────────────────────────────────────────────────


class _Parts(NamedTuple):
    header: list[Row]
    fund_head: list[Row]
    funds: list[Row]
    goals: list[Row]
    indicator_head: list[Row]
    indicators: list[Row]


def _parts(block: Block) -> _Parts:
    """Sort the rows by the heads that they stand under, in whatever order these come."""
    parts = _Parts([], [], [], [], [], [])
    under = parts.header
    for row in block.rows:
        counts = _label_groups(row)
        if counts.get("indicator_head", 0) >= HEAD_LABELS and {"level1", "level2", "level3"} & _ids(row):
            _take_head(row, "indicator_head", repeated=bool(parts.indicator_head))
            parts.indicator_head.append(row)
            under = parts.indicators
        elif under is parts.indicators:
            under.append(row)
        elif counts.get("fund_head", 0) >= HEAD_LABELS:
            _take_head(row, "fund_head", repeated=bool(parts.fund_head))
            parts.fund_head.append(row)
            under = parts.funds
        elif {"goal_expected", "goal_actual"} & _ids(row) or ("goals" in counts and under is not parts.goals):
            parts.goals.append(row)
            under = parts.goals
        elif "header" in counts and "fund_row" not in counts:
            parts.header.append(row)
        else:
            under.append(row)
    return parts


def _label_groups(row: Row) -> dict[str, int]:
    """How many different labels of each group stand in a row."""
    groups: dict[str, set[str]] = {}
    for slot in row.slots:
        for group, label in slot.labels.items():
            groups.setdefault(group, set()).add(label)
    return {group: len(labels) for group, labels in groups.items()}


def _ids(row: Row) -> set[str]:
    return {label for slot in row.slots for label in slot.labels.values()}


def _take_head(row: Row, group: str, *, repeated: bool) -> None:
    for slot in row.slots:
        if group in slot.labels and slot.fate is None:
            slot.fate = "ignored:repeated_head" if repeated else "label"


def _take_vertical_labels(rows: Sequence[Row]) -> None:
    """Labels printed one character a row (绩 / 效 / 指 / 标), read down their column."""
    columns: dict[int, list[Slot]] = {}
    for row in rows:
        for slot in row.slots:
            if len(slot.text) == 1 and slot.text > "\u3400":
                columns.setdefault(slot.cell.col, []).append(slot)
    for slots in columns.values():
        text = "".join(slot.text for slot in slots)
        for label in vertical_labels():
            start = text.find(label)
            while start >= 0:
                for slot in slots[start : start + len(label)]:
                    slot.fate = "label"
                start = text.find(label, start + len(label))


def _columns(rows: Sequence[Row], group: str) -> tuple[HeadColumn, ...]:
    """The columns of the first printed head; a merged label that is repeated counts once."""
    heads: list[HeadColumn] = []
    for slot in rows[0].slots if rows else ():
        label = slot.labels.get(group)
        if label is None or label == "fund_table" or any(label == head.label for head in heads):
            continue
        if heads:
            heads[-1] = heads[-1]._replace(last=max(heads[-1].last, slot.cell.col - 1))
        heads.append(HeadColumn(label, slot.cell.col, slot.cell.col + slot.cell.col_span - 1))
    return tuple(heads)
