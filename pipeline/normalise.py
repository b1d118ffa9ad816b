"""Printed → valued: each field through its value module. What cannot be read stays text."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipeline.labels import labels_of, level_code
from pipeline.records import (
    Fields,
    Finding,
    Form,
    FundRow,
    IndicatorRow,
    PrintedForm,
    PrintedRow,
    fund_name,
)
from pipeline.templates import Template
from pipeline.values import actual, amount, blank, grade, outcome, percent, points, target, year

LARGEST_POINTS = Decimal(10) ** 8
SMALLEST_PLACE = -4
"""Exponent of the last place that a money, rate or points column holds."""

_DIGITS = frozenset("0123456789０１２３４５６７８９")


class Valued(NamedTuple):
    """A form whose values were read as far as the print allows, and what was not read."""

    form: Form
    findings: tuple[Finding, ...]


class _Reader:
    """Reads numbers of one record and notes those that it cannot."""

    def __init__(self, findings: list[Finding], table: str, line_no: int | None, fields: Fields) -> None:
        self._findings = findings
        self._table = table
        self._line_no = line_no
        self._fields = fields

    def text(self, name: str) -> str | None:
        printed = self._fields.get(name)
        return None if printed is None else printed.text

    def number(self, name: str, parse: Callable[[str], Decimal | None]) -> Decimal | None:
        """A number that must fit a column of four places; a blank mark is no number."""
        printed = self._fields.get(name)
        if printed is None:
            return None
        value = parse(printed.text)
        if value is None:
            if not blank.is_blank(printed.text):
                self.unread(name, "warning")
            return None
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < SMALLEST_PLACE:
            rounded = value.quantize(Decimal(1).scaleb(SMALLEST_PLACE))
            if rounded != value:
                self._note(name, "value_out_of_range", "warning", "the number has more places than its column holds")
                return None
            return rounded
        return value

    def unread(self, name: str, severity: str) -> None:
        self._note(name, "unread_value", severity, f"the print of {name} could not be read as a value; it is kept as text")

    def _note(self, name: str, rule: str, severity: str, message: str) -> None:
        printed = self._fields[name].text
        self._findings.append(
            Finding(rule, severity, message, table=self._table, line_no=self._line_no, field=name, printed=printed)
        )


def normalise(printed: PrintedForm, template: Template | None) -> Valued:
    """Every value of a form; nothing is dropped, and what is not understood is null."""
    findings: list[Finding] = []
    header = {**printed.header, **printed.totals}
    project = _Reader(findings, "projects", None, header)
    form_year = header.get("form_year")
    form = Form(
        title=project.text("title"),
        family=None if template is None else template.family,
        form_year=None if form_year is None else year.parse(form_year.text),
        project_code=project.text("project_code"),
        project_name=project.text("project_name"),
        supervising_department=project.text("supervising_department"),
        implementing_unit=project.text("implementing_unit"),
        goal_expected=project.text("goal_expected"),
        goal_actual=project.text("goal_actual"),
        weight_total=project.number("weight_total", points.parse),
        score_total=project.number("score_total", points.parse),
        grade=_grade(project),
        funds=tuple(_fund(number, row, findings) for number, row in enumerate(printed.funds)),
        indicators=tuple(_indicator(number, row, findings) for number, row in enumerate(printed.indicators)),
        budget_points=None if template is None else Decimal(template.budget_points),
    )
    return Valued(form, tuple(findings))


def _grade(reader: _Reader) -> str | None:
    text = reader.text("grade")
    if text is None:
        return None
    word = grade.parse(text)
    if word is None and not blank.is_blank(text):
        reader.unread("grade", "warning")
    return word


def _fund(number: int, row: PrintedRow, findings: list[Finding]) -> FundRow:
    reader = _Reader(findings, "funds", number, row.fields)
    name = fund_name(row.fields["label"].text)

    def yuan(text: str) -> Decimal | None:
        return amount.parse(text, row.unit)

    return FundRow(
        label=name,
        source=labels_of(name).get("fund_row", "unknown"),
        initial_budget=reader.number("initial_budget_yuan", yuan),
        annual_budget=reader.number("annual_budget_yuan", yuan),
        executed=reader.number("executed_yuan", yuan),
        execution_rate=reader.number("execution_rate_pct", percent.parse),
        weight=reader.number("weight", points.parse),
        score=reader.number("score", points.parse),
    )


def _indicator(number: int, row: PrintedRow, findings: list[Finding]) -> IndicatorRow:
    reader = _Reader(findings, "indicators", number, row.fields)
    texts = {name: reader.text(name) for name in ("level1", "level2", "level3", "target_text", "actual_text")}
    wanted, unit, operator = _target(reader, texts)
    result = None if texts["actual_text"] is None else actual.parse(texts["actual_text"])
    reached = None if texts["actual_text"] is None else outcome.parse(texts["actual_text"])
    if result is not None and result.kind == "text" and reached is None:
        _note_digits(reader, "actual_text", texts)
    bare = result is not None and result.value is not None and result.unit is None
    name_unit = None if wanted is None or wanted.unit is not None else unit
    return IndicatorRow(
        level1=texts["level1"],
        level2=texts["level2"],
        level3=texts["level3"],
        level1_code=level_code(1, texts["level1"]),
        level2_code=level_code(2, texts["level2"]),
        target_text=texts["target_text"],
        target_operator=operator,
        target_value=None if wanted is None else wanted.value,
        target_high=None if wanted is None else wanted.high,
        target_unit=unit,
        actual_text=texts["actual_text"],
        actual_value=None if result is None else result.value,
        actual_unit=name_unit if bare else None if result is None else result.unit,
        outcome=reached,
        weight=reader.number("weight", points.parse),
        score=reader.number("score", points.parse),
        deviation_reason=reader.text("deviation_reason"),
    )


def _target(
    reader: _Reader, texts: Mapping[str, str | None]
) -> tuple[target.Target | None, str | None, str | None]:
    """The target, its unit and its operator; the name may print either of these instead."""
    text = texts["target_text"]
    if text is None:
        return None, None, None
    wanted = target.parse(text)
    if wanted.kind == "text":
        _note_digits(reader, "target_text", texts)
    if wanted.kind != "number" or texts["level3"] is None or (wanted.unit and wanted.operator):
        return wanted, wanted.unit, wanted.operator
    operator, unit = target.from_name(texts["level3"])
    return wanted, wanted.unit or unit, wanted.operator or operator


def _note_digits(reader: _Reader, name: str, texts: Mapping[str, str | None]) -> None:
    if not _DIGITS.isdisjoint(texts[name] or ""):
        reader.unread(name, "info")
