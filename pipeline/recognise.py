"""Block + templates → the template that fits, and which rows are which part of the form."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from pipeline.heads import are_one, columns, joined, may_be_unknown
from pipeline.labels import level_code, vertical_labels, words
from pipeline.recognised import is_recognised
from pipeline.records import Block, Finding, Row
from pipeline.shape import BESIDE, FOREIGN, HeadColumn, Shape
from pipeline.slots import part_of
from pipeline.templates import Template

HEAD_LABELS = 3
"""Labels of a head in one row that make it one."""

LONGEST_PIECE = 4
"""Characters of one piece of a label that is printed down a column."""

LONGEST_VERTICAL = 10
"""Characters of such a label."""

GOAL_CELLS = 2
"""Cells of a row that states a goal: its label and its text."""

_POINTS = frozenset({"weight", "score"})

LEVELS = frozenset({"level1", "level2", "level3"})


def recognise(block: Block, templates: Sequence[Template]) -> Shape:
    """The shape of a block. ``template`` is None, with a finding, where none or several fit."""
    _take_vertical_labels(block.rows)
    parts = _parts(block)
    if not parts.indicator_head:
        parts = _parts(block, unknown=True)
    head = columns(parts.indicator_head, "indicator_head")
    template, findings = _chosen(head, _level_codes(parts.indicators), tuple(templates))
    in_doubt = bool(parts.indicator_head) and _is_in_doubt(parts.indicator_head[0])
    if in_doubt and template is not None and template.must_not:
        template = None  # what it must not have may be what was not understood
    if template is None and not findings:
        findings = (_unknown(parts.indicator_head[0], head, templates),)
    return Shape(
        template=template,
        header=tuple(parts.header),
        fund_head=columns(parts.fund_head, "fund_head"),
        fund_head_slots=tuple([slot for row in parts.fund_head for slot in row.slots]),
        funds=tuple(parts.funds),
        goals=tuple(parts.goals),
        indicator_head=head,
        indicators=tuple(parts.indicators),
        findings=findings,
        head_in_doubt=in_doubt,
        indicator_head_slots=parts.indicator_head[0].slots if parts.indicator_head else (),
    )


@lru_cache(maxsize=1024)
def _chosen(
    head: tuple[HeadColumn, ...], levels: frozenset[str], templates: tuple[Template, ...]
) -> tuple[Template | None, tuple[Finding, ...]]:
    """The one template that fits a head with such level-1 codes below it; none, and why, where not one does."""
    if not head:
        message = "no head of an indicator table is printed; the form may be cut off"
        return None, (Finding("incomplete_form", "warning", message),)
    labels = [column.label for column in head if column.label not in BESIDE]
    fitting = [template for template in templates if fits(template, labels, levels)]
    if _has_strange_value(head):
        fitting = [template for template in fitting if template.must_not.isdisjoint(_POINTS)]
    if len(fitting) == 1:
        return fitting[0], ()
    if not fitting:
        return None, ()
    names = ", ".join(f"{template.family} ({template.name})" for template in fitting)
    return None, (Finding("tied_templates", "warning", f"the head fits more than one family: {names}"),)


def _is_in_doubt(head: Row) -> bool:
    """Whether a cell of a scanned head is none of the labels that a head can have."""
    return any(not slot.labels and is_recognised(slot.cell) for slot in head.slots)


def _has_strange_value(head: Sequence[HeadColumn]) -> bool:
    """Whether a column in unknown words stands among those of values.

    It may be the weight or the score, so a template that must not show these does not fit.
    """
    labels = [column.label for column in head]
    return "level3" in labels and FOREIGN in labels[labels.index("level3") :]


def _level_codes(rows: Sequence[Row]) -> frozenset[str]:
    """Level-1 codes of the names that stand below the head."""
    return frozenset(
        slot.labels["level1"] for row in rows for slot in row.labelled if "level1" in slot.labels
    )


def fits(template: Template, labels: Sequence[str], levels: AbstractSet[str] = frozenset()) -> bool:
    """Whether a head with these labels, in this order, over such level-1 codes, is the template's."""
    present = set(labels)
    if (template.levels and template.levels.isdisjoint(levels)) or template.levels_not & levels:
        return False
    if not template.must <= present or template.must_not & present:
        return False
    if not present <= set(template.indicators.columns):
        return False
    order = [template.indicators.columns.index(label) for label in labels]
    return order == sorted(order)


def _unknown(row: Row, head: Sequence[HeadColumn], templates: Sequence[Template]) -> Finding:
    """The nearest family, and the words of the printed head by which it is not."""
    labels = [column.label for column in head if column.label not in BESIDE]

    def distance(template: Template) -> tuple[int, int]:
        order = [name for name in template.indicators.columns if name in labels]
        slid = sum(one != other for one, other in zip(order, labels, strict=False))
        return len(template.must - set(labels)) + len(set(labels) - set(template.indicators.columns)), slid

    nearest = min(templates, key=distance)
    missing = [words("indicator_head", name)[0] for name in sorted(nearest.must - set(labels))]
    known = set(nearest.indicators.columns)
    foreign = [slot.text for slot in row.slots if slot.labels.get("indicator_head") not in known]
    differs = [
        f"{text}: {'、'.join(found)}"
        for text, found in (("not printed", missing), ("not of this family", foreign))
        if found
    ]
    return Finding(
        rule="unknown_form",
        severity="warning",
        message=f"no known family has this indicator head; nearest is {nearest.family} ({nearest.name});"
        f" {'; '.join(differs) or 'the order of the columns differs'}",
        printed=" | ".join(slot.text for slot in row.slots),
    )


# ── the parts ────────────────────────────────────────────────────────────────


class _Parts(NamedTuple):
    header: list[Row]
    fund_head: list[Row]
    funds: list[Row]
    goals: list[Row]
    indicator_head: list[Row]
    indicators: list[Row]


def _parts(block: Block, *, unknown: bool = False) -> _Parts:
    """Sort the rows by the heads that they stand under, in whatever order these come.

    ``unknown`` takes a row for the head of the indicators by its look, where no words tell it.
    """
    parts = _Parts([], [], [], [], [], [])
    under = into = parts.header
    above: Row | None = None
    heads = False, False  # whether the row above and this one are heads of indicators
    for printed in block.rows:
        row = printed
        heads = heads[1], _is_indicator_head(row)
        if above is not None and any(heads) and are_one(above, row):
            into.pop()
            _take_head(above, "indicator_head", repeated=False)
            row = joined(above, row)
            into = _take_indicator_head(row, parts)
            heads = False, _is_indicator_head(row)
        elif heads[1]:
            into = _take_indicator_head(row, parts)
        elif unknown and (under is parts.funds or under is parts.goals) and may_be_unknown(row):
            into = parts.indicator_head
        else:
            into = _part_of(row, under, parts)
        into.append(row)
        if into is not under:
            under = _under(into, under, parts)
        above = row
    return parts


def _under(into: list[Row], under: list[Row], parts: _Parts) -> list[Row]:
    """The part that the rows below stand under, by the part that a row was of."""
    if into is parts.indicator_head:
        return parts.indicators
    if into is parts.fund_head:
        return parts.funds
    return parts.goals if into is parts.goals and under is not parts.indicators else under


def _part_of(row: Row, under: list[Row], parts: _Parts) -> list[Row]:
    """The part of the form that a row is of, which is no head of indicators and stands below those of ``under``."""
    if not row.labelled:
        return under
    if under is parts.indicators:
        return parts.goals if _is_next_goal(row) else under
    if _is_fund_head(row):
        _take_head(row, "fund_head", repeated=bool(parts.fund_head))
        return parts.fund_head
    if _is_goal_head(row, inside=under is parts.goals):
        return parts.goals
    return parts.header if _in_group(row, "header") and not _in_group(row, "fund_row") else under


def _take_indicator_head(row: Row, parts: _Parts) -> list[Row]:
    _take_head(row, "indicator_head", repeated=bool(parts.indicator_head))
    parts.goals.extend(_goals_beside(row))
    return parts.indicator_head


def _in_group(row: Row, group: str) -> set[str]:
    """The different labels of a group that stand in a row; a merged label counts once."""
    return {slot.labels[group] for slot in row.labelled if group in slot.labels}


def _is_indicator_head(row: Row) -> bool:
    if len(row.labelled) < HEAD_LABELS:
        return False
    labels = _in_group(row, "indicator_head")
    return len(labels) >= HEAD_LABELS and not labels.isdisjoint(LEVELS)


def _is_fund_head(row: Row) -> bool:
    return len(row.labelled) >= HEAD_LABELS and (
        len(_in_group(row, "fund_head")) >= HEAD_LABELS or is_fund_head_across(row)
    )


def is_fund_head_across(row: Row) -> bool:
    """Whether the names of funds stand beside each other, as heads of columns."""
    return len(_in_group(row, "fund_row") | _in_group(row, "fund_column")) >= HEAD_LABELS


def _is_next_goal(row: Row) -> bool:
    """Whether a row below indicators states the next goal (年度绩效目标2), for whose indicators a head follows."""
    return len(row.slots) <= GOAL_CELLS and "goals" in row.slots[0].labels


def _goals_beside(row: Row) -> Iterator[Row]:
    """The goal that an indicator head stands beside (Hubei: 年度绩效目标1), a row of its own for each."""
    for slot in row.labelled:
        if "goals" in slot.labels and slot.fate is None:
            yield part_of(row, (slot,))


def _is_goal_head(row: Row, *, inside: bool) -> bool:
    """A head of the goals; 年度总体目标 alone is one only where none was seen before it."""
    labels = _in_group(row, "goals")
    return bool(labels - {"goals"}) or ("goals" in labels and not inside)


def _take_head(row: Row, group: str, *, repeated: bool) -> None:
    for slot in row.labelled:
        if group in slot.labels and slot.fate is None and not slot.value:
            slot.fate = "ignored:repeated_head" if repeated else "label"


def _take_vertical_labels(rows: Sequence[Row]) -> None:
    """Labels printed in pieces of a few characters (绩 / 效 / 指 / 标) down the left edge.

    The name of a level (产 / 出 / 指 / 标) ends in such a label and is none.
    """
    after_name = 0
    slots = [slot for row in rows if len((slot := row.slots[0]).text) <= LONGEST_PIECE]
    for start in range(len(slots)):
        text = ""
        for end in range(start, len(slots)):
            text += slots[end].text
            if end > start and level_code(1, text) is not None:
                after_name = end + 1
            if end > start >= after_name and text in vertical_labels():
                for slot in slots[start : end + 1]:
                    slot.fate = "label"
            if len(text) >= LONGEST_VERTICAL:
                break
