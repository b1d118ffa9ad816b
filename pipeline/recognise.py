"""Block + templates → the template that fits, and which rows are which part of the form."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.labels import vertical_labels
from pipeline.records import Block, Finding, Row
from pipeline.shape import HeadColumn, Shape
from pipeline.templates import Template

HEAD_LABELS = 3
"""Labels of a head in one row that make it one."""

LONGEST_PIECE = 4
"""Characters of one piece of a label that is printed down a column."""

LONGEST_VERTICAL = 10
"""Characters of such a label."""

LEVELS = frozenset({"level1", "level2", "level3"})


def recognise(block: Block, templates: Sequence[Template]) -> Shape:
    """The shape of a block. ``template`` is None, with a finding, where none or several fit."""
    _take_vertical_labels(block.rows)
    parts = _parts(block)
    head = _columns(parts.indicator_head, "indicator_head")
    template, findings = _chosen(head, tuple(templates))
    return Shape(
        template=template,
        header=tuple(parts.header),
        fund_head=_columns(parts.fund_head, "fund_head"),
        fund_head_slots=tuple([slot for row in parts.fund_head for slot in row.slots]),
        funds=tuple(parts.funds),
        goals=tuple(parts.goals),
        indicator_head=head,
        indicators=tuple(parts.indicators),
        findings=findings,
    )


@lru_cache(maxsize=1024)
def _chosen(
    head: tuple[HeadColumn, ...], templates: tuple[Template, ...]
) -> tuple[Template | None, tuple[Finding, ...]]:
    """The one template that fits a head; otherwise none, and why."""
    if not head:
        message = "no head of an indicator table is printed; the form may be cut off"
        return None, (Finding("incomplete_form", "warning", message),)
    labels = [column.label for column in head]
    fitting = [template for template in templates if fits(template, labels)]
    if len(fitting) == 1:
        return fitting[0], ()
    if not fitting:
        return None, (_unknown(labels, templates),)
    names = ", ".join(template.family for template in fitting)
    return None, (Finding("tied_templates", "warning", f"the head fits more than one family: {names}"),)


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
        if not row.labelled:
            under.append(row)
        elif _is_indicator_head(row):
            _take_head(row, "indicator_head", repeated=bool(parts.indicator_head))
            parts.indicator_head.append(row)
            under = parts.indicators
        elif under is parts.indicators:
            under.append(row)
        elif _is_fund_head(row):
            _take_head(row, "fund_head", repeated=bool(parts.fund_head))
            parts.fund_head.append(row)
            under = parts.funds
        elif _is_goal_head(row, inside=under is parts.goals):
            parts.goals.append(row)
            under = parts.goals
        elif _in_group(row, "header") and not _in_group(row, "fund_row"):
            parts.header.append(row)
        else:
            under.append(row)
    return parts


def _in_group(row: Row, group: str) -> set[str]:
    """The different labels of a group that stand in a row; a merged label counts once."""
    return {slot.labels[group] for slot in row.labelled if group in slot.labels}


def _is_indicator_head(row: Row) -> bool:
    if len(row.labelled) < HEAD_LABELS:
        return False
    labels = _in_group(row, "indicator_head")
    return len(labels) >= HEAD_LABELS and not labels.isdisjoint(LEVELS)


def _is_fund_head(row: Row) -> bool:
    return len(row.labelled) >= HEAD_LABELS and len(_in_group(row, "fund_head")) >= HEAD_LABELS


def _is_goal_head(row: Row, *, inside: bool) -> bool:
    """A head of the goals; 年度总体目标 alone is one only where none was seen before it."""
    labels = _in_group(row, "goals")
    return bool(labels - {"goals"}) or ("goals" in labels and not inside)


def _take_head(row: Row, group: str, *, repeated: bool) -> None:
    for slot in row.labelled:
        if group in slot.labels and slot.fate is None:
            slot.fate = "ignored:repeated_head" if repeated else "label"


def _take_vertical_labels(rows: Sequence[Row]) -> None:
    """Labels printed in pieces of a few characters (绩 / 效 / 指 / 标) down the left edge."""
    slots = [slot for row in rows if len((slot := row.slots[0]).text) <= LONGEST_PIECE]
    for start in range(len(slots)):
        text = ""
        for end in range(start, len(slots)):
            text += slots[end].text
            if end > start and text in vertical_labels():
                for slot in slots[start : end + 1]:
                    slot.fate = "label"
            if len(text) >= LONGEST_VERTICAL:
                break


def _columns(rows: Sequence[Row], group: str) -> tuple[HeadColumn, ...]:
    """The columns of the first printed head."""
    if not rows:
        return ()
    return _head(
        tuple(
            [
                (slot.labels[group], slot.cell.col, slot.cell.col_span)
                for slot in rows[0].labelled
                if group in slot.labels
            ]
        )
    )


@lru_cache(maxsize=4096)
def _head(labels: tuple[tuple[str, int, int], ...]) -> tuple[HeadColumn, ...]:
    """Columns from label, grid column and span of each head cell; a repeated label counts once."""
    heads: list[HeadColumn] = []
    for label, col, span in labels:
        if label == "fund_table" or any(label == head.label for head in heads):
            continue
        if heads:
            heads[-1] = heads[-1]._replace(last=max(heads[-1].last, col - 1))
        heads.append(HeadColumn(label, col, col + span - 1))
    return tuple(heads)
