"""Numbers of a scanned form that stand in doubt for what is round them, however surely each was read.

A row or a cell that a scan lost leaves no reading to doubt. It shows in what is left: a row without the
weight that all others have, weights that do not make 100. Where a rule of the form is broken, the paper or
the reading is wrong, and only a person can say which: every number that the rule adds up is flagged.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from pipeline.choices import Place
from pipeline.labels import labels_of
from pipeline.money_unit import unit_chance, unit_slots
from pipeline.prints import has_digit
from pipeline.recognised import is_recognised, percent
from pipeline.records import Fields, Finding, Printed, PrintedForm, PrintedRow, Row, Slot
from pipeline.shape import Shape
from pipeline.strange_prints import strange_prints
from pipeline.values import blank, operator, points, target

MOSTLY: Final = 0.6
"""Share of the rows with a value in a column, from which one without was probably lost."""

FEWEST_ROWS: Final = 2

WITH_OPERATOR: Final = 3
FEWEST_TARGETS: Final = 3
"""Targets with an operator for each without, and at least, from which one without is strange."""

UNIT_SURE: Final = 0.8
"""Chance of the unit of money below which all amounts are in doubt."""

WHOLE: Final = Decimal(100)
"""What weights make together, where their total is not printed."""

_COLUMNS: Final = ("target_text", "actual_text", "weight", "score")
_PAIR: Final = {"target_text": "actual_text", "actual_text": "target_text"}
_AMOUNTS: Final = ("initial_budget_yuan", "annual_budget_yuan", "executed_yuan")
_MONEY: Final = (*_AMOUNTS, "execution_rate_pct")
_POINTS: Final = ("weight", "score")
_RATE: Final = ("annual_budget_yuan", "executed_yuan", "execution_rate_pct")
_YEAR_LINE: Final = re.compile(r"\W{0,2}[^\W年]{1,5}\s*年度?\W{0,2}")
_BUDGET: Final = ("weight", "execution_rate_pct", "score")


def suspects(shape: Shape, printed: PrintedForm, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The warnings, on the field of each number.

    Args:
        shape: The parts of the form.
        printed: The form with what was taken.
        findings: All that is known of it, the checks' findings among them.
    """
    if not any(is_recognised(value.cell) for fields in _all(printed) for value in fields.values()):
        return ()
    known = list(findings)
    flagged = {Place(f.table or "projects", f.line_no, f.field) for f in known if f.field and f.severity != "info"}
    unsure = (*_lost(shape, printed), *_bare_targets(printed), *_beyond(printed), *_of_doubtful_unit(shape, printed))
    found = {finding_place(one): one for one in (*_from_a_nameless_row(printed), *unsure)}
    for finding in strange_prints(printed):
        if finding_place(finding) not in flagged:
            found.setdefault(finding_place(finding), finding)
    for finding in known:
        for place, value in _added_up(finding, printed):
            if place not in flagged and place not in found and _may_be_misread(value):
                found[place] = _in_doubt(place, value, finding.rule)
    return tuple(found.values())


def _may_be_misread(value: Printed) -> bool:
    return is_recognised(value.cell) and not blank.is_blank(value.text)


def finding_place(finding: Finding) -> Place:
    """The field that a finding speaks of."""
    return Place(finding.table or "projects", finding.line_no, finding.field or "")


def _all(printed: PrintedForm) -> Iterator[Fields]:
    yield printed.header
    yield printed.totals
    for row in (*printed.funds, *printed.indicators):
        yield row.fields


# ── values that were lost ────────────────────────────────────────────────────


def _lost(shape: Shape, printed: PrintedForm) -> Iterator[Finding]:
    """Fields without a value where their column has one in most rows, or where every form has one."""
    heads = {column.label for column in shape.indicator_head}
    yield from _gaps("indicators", printed.indicators, [name for name in _COLUMNS if name in heads])
    if "target_operator" in heads:
        yield from _operators(printed)
    heads = {column.label for column in shape.fund_head}
    yield from _gaps("funds", printed.funds, [name for name in _MONEY if name in heads])
    if _is_head_in_doubt(shape):
        for line, row in enumerate(printed.funds):
            names = (*_RATE, *_POINTS) if _is_total(row) and not heads.isdisjoint(_POINTS) else _RATE
            yield from (_missing(Place("funds", line, name)) for name in names if name not in heads)
    for line, row in enumerate(printed.funds):
        if _is_total(row) or len(printed.funds) == 1:
            yield from (
                _missing(Place("funds", line, name)) for name in _POINTS if name in heads and name not in row.fields
            )
    if "form_year" not in printed.header and any(_is_year_line(row) for row in shape.header):
        yield _missing(Place("projects", None, "form_year"))
    for column, total in (("weight", "weight_total"), ("score", "score_total")):
        if shape.template is not None and column in shape.template.must and total not in printed.totals:
            yield _missing(Place("projects", None, total))


def _is_head_in_doubt(shape: Shape) -> bool:
    """Whether a cell of a scanned fund head is no known word, or covers several columns and may hold their words.

    A number of a fund row that stands in no field is a sign of it too: the head of its column may be misread.
    """
    if any(slot.fate is None and is_recognised(slot.cell) and has_digit(slot.text) for slot in _behind_labels(shape)):
        return True
    return any(
        is_recognised(slot.cell) and (not slot.labels or ("fund_head" in slot.labels and slot.cell.col_span > 1))
        for slot in shape.fund_head_slots
        if slot.labels.get("fund_head") != "fund_table"
    )


def _behind_labels(shape: Shape) -> Iterator[Slot]:
    """What stands in the fund rows behind their labels."""
    for row in shape.funds:
        at = next((n for n, slot in enumerate(row.slots) if "fund_row" in slot.labels), len(row.slots))
        yield from row.slots[at + 1 :]


def _is_year_line(row: Row) -> bool:
    """Whether a line of a scan is nothing but a year, of which a figure may have been lost: 020年度."""
    slot = row.slots[0]
    return row.paragraph and is_recognised(slot.cell) and _YEAR_LINE.fullmatch(slot.text) is not None


def _operators(printed: PrintedForm) -> Iterator[Finding]:
    """Numbers whose operator is to stand in a cell of its own, and does not, or not so that it can be read."""
    for line, row in enumerate(printed.indicators):
        value, sign = row.fields.get("target_text"), row.fields.get("target_operator")
        if value is None or not has_digit(value.text):
            continue
        if sign is None or (is_recognised(sign.cell) and not operator.stands_alone(sign.text)):
            yield _missing(Place("indicators", line, "target_operator"), None if sign is None else sign.text)


def _is_empty(row: PrintedRow, name: str) -> bool:
    """Whether nothing, or a mark for nothing, was read; prose columns do hold such marks."""
    value = row.fields.get(name)
    return value is None or (name not in _PAIR and is_recognised(value.cell) and blank.is_blank(value.text))


def _is_total(row: PrintedRow) -> bool:
    label = row.fields.get("label")
    return label is not None and labels_of(label.text).get("fund_row") == "total"


def _gaps(
    table: str, rows: Sequence[PrintedRow], columns: Sequence[str]
) -> Iterator[Finding]:
    if len(rows) < FEWEST_ROWS:
        return
    for name in columns:
        without = [line for line, row in enumerate(rows) if _is_empty(row, name)]
        if len(rows) - len(without) >= MOSTLY * len(rows):
            for line in without:
                if name in _PAIR and _PAIR[name] not in rows[line].fields:
                    continue  # both are blank: nothing is printed
                value = rows[line].fields.get(name)
                yield _missing(Place(table, line, name), None if value is None else value.text)


def _bare_targets(printed: PrintedForm) -> Iterator[Finding]:
    """Targets without an operator in a form that prints one before nearly all of its targets."""
    targets = [row.fields.get("target_text") for row in printed.indicators]
    read = [(line, value, target.parse(value.text)) for line, value in enumerate(targets) if value is not None]
    numbers = [(line, value, found.operator) for line, value, found in read if found.value is not None]
    bare = [(line, value) for line, value, operator in numbers if operator is None]
    if len(numbers) - len(bare) < max(FEWEST_TARGETS, WITH_OPERATOR * len(bare)):
        return
    for line, value in bare:
        if is_recognised(value.cell) and "target_operator" not in printed.indicators[line].fields:
            message = "the other targets of this scanned form have an operator: it may have been lost here"
            yield Finding("doubtful_number", "warning", message, "indicators", line, "target_text", value.text)


def _beyond(printed: PrintedForm) -> Iterator[Finding]:
    """Scores above their weights: a point that is lost makes 95.51 a number of thousands, and no sum may tell."""
    rows: list[tuple[str, int | None, Decimal | None, Printed | None]] = [
        ("projects", None, _points(printed.totals, "weight_total"), printed.totals.get("score_total"))
    ]
    for table, records in (("funds", printed.funds), ("indicators", printed.indicators)):
        rows += [(table, n, _points(row.fields, "weight"), row.fields.get("score")) for n, row in enumerate(records)]
    for table, line, weight, score in rows:
        found = None if score is None or not is_recognised(score.cell) else points.parse(score.text)
        most = weight if weight is not None else WHOLE if table == "projects" else None
        if score is not None and found is not None and most is not None and found > most:
            message = "the score is above its weight: a point, or a figure of either, may have been lost or misread"
            name = "score_total" if table == "projects" else "score"
            yield Finding("doubtful_number", "warning", message, table, line, name, score.text)


def _of_doubtful_unit(shape: Shape, printed: PrintedForm) -> Iterator[Finding]:
    """Amounts whose unit was hardly read: one character of a label decides whether they are 10,000 times as much."""
    slots = unit_slots(shape)
    if not slots or not is_recognised(slots[0].cell):
        return
    sure, other = unit_chance(slots[0].cell)
    if sure >= UNIT_SURE:
        return
    message = f"{percent(sure)} sure of the unit of all money, read in “{slots[0].text}”"
    for line, row in enumerate(printed.funds):
        for name in _AMOUNTS:
            if name in row.fields and has_digit(row.fields[name].text):
                place = "funds", line, name
                yield Finding("doubtful_number", "warning", message, *place, row.fields[name].text, other)


def _from_a_nameless_row(printed: PrintedForm) -> Iterator[Finding]:
    """The numbers of a row without a name, and of all below: if it is the rest of another, they stand too low."""
    named = ["level3" in row.fields for row in printed.indicators]
    if all(named) or sum(named) < MOSTLY * len(named):
        return
    first = named.index(False)
    message = f"line {first} has no name and may be the rest of another: from there on rows may be counted wrong"
    for line, row in enumerate(printed.indicators[first:], start=first):
        for name in (*_COLUMNS, "target_operator"):
            value = row.fields.get(name)
            if value is not None and is_recognised(value.cell) and not blank.is_blank(value.text):
                yield Finding("doubtful_number", "warning", message, "indicators", line, name, value.text)


def _points(fields: Fields, name: str) -> Decimal | None:
    return points.parse(fields[name].text) if name in fields else None


# ── sums that do not come out ────────────────────────────────────────────────


def _added_up(finding: Finding, printed: PrintedForm) -> Iterator[tuple[Place, Printed]]:
    """The numbers that a broken rule is about."""
    if finding.severity == "info":
        return
    if finding.rule == "R1_fund_sum":
        yield from _column("funds", printed.funds, (finding.field or "",))
    elif finding.rule in _OF_ONE_ROW and finding.line_no is not None:
        row = printed.funds[finding.line_no].fields
        yield from _row(Place("funds", finding.line_no, ""), row, _OF_ONE_ROW[finding.rule])
    elif finding.rule in _OF_ALL_ROWS:
        points, total = _OF_ALL_ROWS[finding.rule]
        yield from _column("indicators", printed.indicators, (points,))
        yield from _column("funds", printed.funds, (points,))
        yield from _row(Place("projects", None, ""), printed.totals, (total,))


_OF_ONE_ROW: Final[Mapping[str, tuple[str, ...]]] = {"R2_execution_rate": _RATE, "R3_budget_score": _BUDGET}
_OF_ALL_ROWS: Final = {"R4_weight_sum": ("weight", "weight_total"), "R5_total_score": ("score", "score_total")}


def _column(table: str, rows: Sequence[PrintedRow], names: Sequence[str]) -> Iterator[tuple[Place, Printed]]:
    for line, row in enumerate(rows):
        yield from _row(Place(table, line, ""), row.fields, names)


def _row(place: Place, fields: Fields, names: Sequence[str]) -> Iterator[tuple[Place, Printed]]:
    for name in names:
        if name in fields:
            yield place._replace(field=name), fields[name]


# ── findings ─────────────────────────────────────────────────────────────────


def _missing(place: Place, printed: str | None = None) -> Finding:
    message = "no value was read where one is to be expected; the scan, or its grid, may have lost it"
    return Finding("lost_value", "warning", message, place.table, place.line_no, place.field, printed)


def _in_doubt(place: Place, value: Printed, rule: str) -> Finding:
    message = f"{rule} does not hold in this scanned form: this number, or one that it is added up with, may be misread"
    return Finding("doubtful_number", "warning", message, place.table, place.line_no, place.field, value.text)
