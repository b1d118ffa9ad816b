"""Fund table whose funds stand beside each other (中央 | 省级 | 本级 | 合计) → one printed row a fund."""

from collections.abc import Sequence

from pipeline.records import Finding, Printed, PrintedRow, Row, Slot, fund_name
from pipeline.shape import Shape

_MEASURES = frozenset({"initial_budget_yuan", "annual_budget_yuan", "executed_yuan", "execution_rate_pct"})


def is_across(shape: Shape) -> bool:
    """Whether the head of the fund table names funds and no measures."""
    return bool(shape.fund_head_slots) and not any(
        column.label in _MEASURES for column in shape.fund_head
    )


def read_across(shape: Shape, unit: str | None) -> tuple[tuple[PrintedRow, ...], tuple[Finding, ...]]:
    """A row for each fund, in the order of the columns; measures are the rows of the print."""
    heads = _fund_heads(shape.fund_head_slots)
    fields: list[dict[str, Printed]] = [{"label": _head_print(head)} for head in heads]
    findings: list[Finding] = []
    for row in shape.funds:
        measure, values = _measure(row)
        if measure is None:
            continue
        places, repair = _places(values, heads)
        if repair:
            findings.append(_shifted(values))
        for slot, place in zip(values, places, strict=True):
            if place is not None and measure not in fields[place]:
                slot.fate = "value"
                fields[place][measure] = Printed(slot.text, slot.cell, repair)
    return tuple(PrintedRow(field, unit) for field in fields), tuple(findings)


def _fund_heads(slots: Sequence[Slot]) -> list[Slot]:
    """The columns of the head that name a fund, merged repeats once; unlisted names behind the first too."""
    heads: list[Slot] = []
    for slot in slots:
        is_fund = "fund_row" in slot.labels or "fund_column" in slot.labels
        if slot.fate is None and (is_fund or heads) and not any(h.text == slot.text for h in heads):
            slot.fate = "value"
            heads.append(slot)
        elif slot.fate is None and not is_fund:
            slot.fate = "label"
    return heads


def _head_print(slot: Slot) -> Printed:
    return Printed(fund_name(slot.text), slot.cell)


def _measure(row: Row) -> tuple[str | None, list[Slot]]:
    """What the row tells of each fund, and the slots of its values."""
    measure = None
    values: list[Slot] = []
    for slot in row.slots:
        label = slot.labels.get("fund_head")
        if slot.fate is not None:
            continue
        if measure is None and label in _MEASURES:
            measure = label
            slot.fate = "label"
        elif measure is not None:
            values.append(slot)
        elif label is not None:
            slot.fate = "label"
    return measure, values


def _places(values: Sequence[Slot], heads: Sequence[Slot]) -> tuple[list[int | None], str | None]:
    """The fund of each value: the one that it stands under; all in order where the row is slid."""
    places: list[int | None] = []
    for slot in values:
        col = slot.cell.col
        places.append(
            next((n for n, h in enumerate(heads) if h.cell.col <= col < h.cell.col + h.cell.col_span), None)
        )
    if None in places and len(values) == len(heads):
        return list(range(len(heads))), "row_shifted"
    return places, None


def _shifted(values: Sequence[Slot]) -> Finding:
    return Finding(
        rule="layout_shifted_row",
        severity="info",
        message="a row of amounts is printed off its columns and was put right",
        table="funds",
        printed=" | ".join(slot.text for slot in values),
    )
