"""Printed → valued: each field through its value module. What cannot be read stays text.

The readers are pure functions of the print and cached: forms repeat a few thousand prints.
"""

from decimal import Decimal
from typing import NamedTuple

from pipeline.codes import code_of
from pipeline.labels import is_left_in, labels_of
from pipeline.memo import Memo
from pipeline.records import (
    Fields,
    Finding,
    Form,
    FundRow,
    IndicatorRow,
    Printed,
    PrintedForm,
    PrintedRow,
    fund_name,
)
from pipeline.targets import RESULTS, WANTED
from pipeline.templates import Template
from pipeline.values import amount, blank, damaged, grade, percent, points, year
from pipeline.values import operator as sign
from pipeline.values import unit as unit_of

PLACES = 4
"""Decimal places of a money, rate or points column."""


class Valued(NamedTuple):
    """A form whose values were read as far as the print allows, and what was not read."""

    form: Form
    findings: tuple[Finding, ...]


def normalise(printed: PrintedForm, template: Template | None) -> Valued:
    """Every value of a form; nothing is dropped, and what is not understood is null."""
    findings: list[Finding] = []
    project = _Record({**printed.header, **printed.totals}, "projects", None, findings)
    for name in ("goal_expected", "goal_actual"):
        project.note_hint(name)
    form = Form(
        title=project.text("title"),
        family=None if template is None else template.family,
        form_year=year.parse(project.text("form_year") or ""),
        project_code=project.text("project_code"),
        project_name=project.text("project_name"),
        supervising_department=project.text("supervising_department"),
        implementing_unit=project.text("implementing_unit"),
        goal_expected=project.text("goal_expected"),
        goal_actual=project.text("goal_actual"),
        weight_total=project.number("weight_total", _POINTS),
        score_total=project.number("score_total", _POINTS),
        grade=_grade(project),
        funds=tuple([_fund(number, row, findings) for number, row in enumerate(printed.funds)]),
        indicators=tuple(
            [_indicator(number, row, findings) for number, row in enumerate(printed.indicators)]
        ),
        budget_points=None if template is None else Decimal(template.budget_points),
        fund_reason=next((row.reason.text for row in printed.funds if row.reason is not None), None),
        form_reason=None if printed.reason is None else printed.reason.text,
    )
    return Valued(form, tuple(findings))


# ── numbers ──────────────────────────────────────────────────────────────────


class Number(NamedTuple):
    """A number that was read, or the rule that says why there is none."""

    value: Decimal | None
    rule: str | None = None


_BLANK = Number(None)


def _number(value: Decimal | None, text: str) -> Number:
    """A number that its column can hold; a blank mark is no number and no fault."""
    if value is None:
        return _BLANK if blank.is_blank(text) else Number(None, "unread_value")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -PLACES:
        return Number(value)
    rounded = value.quantize(Decimal(1).scaleb(-PLACES))
    return Number(rounded) if rounded == value else Number(None, "value_out_of_range")


_POINTS: Memo[str, Number] = Memo(lambda text: _number(points.parse(text), text))
_PERCENTS: Memo[str, Number] = Memo(lambda text: _number(percent.parse(text), text))


def _yuan(question: tuple[str, str | None]) -> Number:
    return _number(amount.parse(*question), question[0])


_YUAN = Memo(_yuan)


_DAMAGED = "damaged_operator"
_MESSAGES = {
    "unread_value": "the print of {} could not be read as a value; it is kept as text",
    "hint_left_in": "what the model form prints for {} was left in; it is no value",
    "damaged_operator": "the print of {} looks like an operator that was misread in a scan; compare it with the page",
    "value_out_of_range": "the number printed for {} has more places than its column holds",
}


class _Record:
    """Reads the fields of one record and notes those that it cannot."""

    __slots__ = ("_fields", "_findings", "_line_no", "_table")

    def __init__(self, fields: Fields, table: str, line_no: int | None, findings: list[Finding]) -> None:
        self._fields = fields
        self._table = table
        self._line_no = line_no
        self._findings = findings

    def text(self, name: str) -> str | None:
        printed = self._fields.get(name)
        return None if printed is None else printed.text

    def number(self, name: str, read: Memo[str, Number]) -> Decimal | None:
        printed = self._fields.get(name)
        if printed is None:
            return None
        value, rule = read[printed.text]
        if rule is not None:
            self.note(name, printed, rule, "warning")
        return value

    def yuan(self, name: str, unit: str | None) -> Decimal | None:
        printed = self._fields.get(name)
        if printed is None:
            return None
        value, rule = _YUAN[printed.text, unit]
        if rule is not None:
            self.note(name, printed, rule, "warning")
        return value

    def printed(self, name: str) -> Printed:
        return self._fields[name]

    def note(
        self, name: str, printed: Printed, rule: str, severity: str, expected: str | None = None
    ) -> None:
        self._findings.append(
            Finding(
                rule,
                severity,
                _MESSAGES[rule].format(name),
                self._table,
                self._line_no,
                name,
                printed.text,
                expected,
            )
        )

    def note_hint(self, name: str) -> None:
        """Note a hint of the model form that was left where a value should stand."""
        printed = self._fields.get(name)
        if printed is not None and is_left_in(printed.text):
            self.note(name, printed, "hint_left_in", "info")

    def note_unread(self, name: str, severity: str) -> None:
        self.note(name, self._fields[name], "unread_value", severity)


def _grade(project: _Record) -> str | None:
    text = project.text("grade")
    word = None if text is None else grade.parse(text)
    if text is not None and word is None and not blank.is_blank(text):
        project.note_unread("grade", "warning")
    return word


def _fund(line_no: int, row: PrintedRow, findings: list[Finding]) -> FundRow:
    record = _Record(row.fields, "funds", line_no, findings)
    name = fund_name(row.fields["label"].text)
    return FundRow(
        label=name,
        source=_SOURCES[name],
        initial_budget=record.yuan("initial_budget_yuan", row.unit),
        annual_budget=record.yuan("annual_budget_yuan", row.unit),
        executed=record.yuan("executed_yuan", row.unit),
        execution_rate=record.number("execution_rate_pct", _PERCENTS),
        weight=record.number("weight", _POINTS),
        score=record.number("score", _POINTS),
    )


def _source(name: str) -> str:
    labels = labels_of(name)
    return labels.get("fund_row") or labels.get("fund_column", "unknown")


_SOURCES = Memo(_source)


def _indicator(line_no: int, row: PrintedRow, findings: list[Finding]) -> IndicatorRow:
    record = _Record(row.fields, "indicators", line_no, findings)
    level1, level2, level3 = record.text("level1"), record.text("level2"), record.text("level3")
    target_text, actual_text = record.text("target_text"), record.text("actual_text")
    operator_text, unit_text = record.text("target_operator"), record.text("target_unit")
    level1_code = code_of(1, level1)
    wanted = WANTED[target_text, level3, operator_text, unit_text]
    result = RESULTS[actual_text]
    if wanted.hinted or result.hinted:
        for name in ("level3", "target_text", "actual_text"):
            record.note_hint(name)
    if operator_text is not None and not sign.stands_alone(operator_text):
        if wanted.operator is not None and damaged.operator(operator_text) == wanted.operator:
            record.note("target_operator", record.printed("target_operator"), _DAMAGED, "warning", wanted.operator)
        else:
            record.note_unread("target_operator", "info")
    if wanted.torn:
        record.note("target_text", record.printed("target_text"), _DAMAGED, "warning", wanted.mended)
    if unit_text is not None and unit_of.parse(unit_text) is None:
        record.note_unread("target_unit", "info")
    if wanted.unread:
        record.note_unread("target_text", "info")
    if result.unread:
        record.note_unread("actual_text", "info")
    bare = result.value is not None and result.unit is None
    return IndicatorRow(
        level1,
        level2,
        level3,
        level1_code,
        code_of(2, level2, level1_code),
        target_text,
        wanted.operator,
        wanted.value,
        wanted.high,
        wanted.unit,
        actual_text,
        result.value,
        wanted.named_unit if bare else result.unit,
        result.outcome,
        record.number("weight", _POINTS),
        record.number("score", _POINTS),
        record.text("deviation_reason"),
    )
