"""R2 (the execution rate) and R3 (the points it earns)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pipeline.checks.intervals import (
    HUNDRED,
    ZERO,
    Derived,
    Span,
    beside,
    derive,
    number_spans,
    plain,
    quotient_spans,
)
from pipeline.records import Finding, Form, FundRow

_BUDGETS: Final = ("annual_budget", "initial_budget")


def total_row(form: Form) -> tuple[int, FundRow] | None:
    """The row of all money with its line number; the one with a score where several stand.

    Fiscal money that stands alone is all money (Hubei: 年度财政资金总额).
    """
    found = None
    if len(form.funds) == 1 and form.funds[0].source == "fiscal":
        return 0, form.funds[0]
    for line, row in enumerate(form.funds):
        if row.source == "total":
            if row.score is not None:
                return line, row
            found = found or (line, row)
    return found


def execution_rates(form: Form) -> Iterator[Derived | Finding]:
    """R2 for every fund row that prints a rate and the amounts that it is computed from.

    Forms of 2016 (Beijing) divide by the initial budget; so do some later ones, which is
    named. That budget convicts a rate only where the form prints no annual budget at all.
    """
    for line, row in enumerate(form.funds):
        if row.execution_rate is not None and row.executed is not None:
            yield from _judge_rate(form, line, row.execution_rate, row.executed)


def _judge_rate(
    form: Form, line: int, printed: Decimal, executed: Decimal
) -> Iterator[Derived | Finding]:
    fault = None
    for column in _BUDGETS:
        budget = getattr(form.funds[line], column)
        if budget is None or budget < 0:
            continue
        rate = _rate(printed, executed, budget)
        if rate is None or rate.explained:
            if rate is not None:
                yield rate
            if column == "initial_budget" and executed:
                finding = _rate_finding(printed, executed, budget, column)
                yield finding._replace(severity="info", line_no=line)
            return
        if column == "annual_budget" or all(row.annual_budget is None for row in form.funds):
            fault = _rate_finding(printed, executed, budget, column)
    if fault is not None:
        yield fault._replace(line_no=line)


def _rate(printed: Decimal, executed: Decimal, budget: Decimal) -> Derived | None:
    """The rate against one budget; None where the print is exact."""
    if not budget:   # a printed 0 is the mark of no money, never a rounded amount
        return derive("rate", printed, (ZERO,), ()) if printed else None
    value = HUNDRED * executed / budget
    if value == printed:
        return None
    return derive("rate", printed, (value,), quotient_spans(executed, budget))


def _rate_finding(
    printed: Decimal, executed: Decimal, budget: Decimal, column: str
) -> Finding:
    name, text = column.replace("_", " "), plain(printed)
    if budget:
        expected = beside(HUNDRED * executed / budget, printed)
        message = (
            f"Executed {plain(executed)} ÷ {name} {plain(budget)} yuan × 100 = {expected},"
            f" printed {text}."
        )
    else:
        expected = beside(ZERO, printed)
        message = f"The {name} is 0, so the rate is 0, printed {text}."
    return Finding(
        "R2_execution_rate", "error", message, table="funds",
        field="execution_rate_pct", printed=text, expected=expected,
    )


def budget_weight(form: Form) -> Decimal | None:
    """The weight of the execution rate: as printed, else as the family has it."""
    found = total_row(form)
    if found is None or found[1].weight is None:
        return form.budget_points
    return found[1].weight


def budget_scores(form: Form) -> Iterator[Derived | Finding]:
    """R3: weight × rate, from the printed rate or from the money, never above the weight."""
    found, weight = total_row(form), budget_weight(form)
    if found is None or found[1].score is None or not weight:
        return
    line, row = found
    printed = found[1].score
    values = tuple(_score_values(row, weight))
    if not values or printed in values:
        return
    score = derive("budget score", printed, values, score_spans(row, weight))
    if score.explained:
        yield score
        return
    expected, text = beside(score.value, printed), plain(printed)
    rate = "executed ÷ budget" if row.execution_rate is None else f"{plain(row.execution_rate)} %"
    yield Finding(
        "R3_budget_score", "error",
        f"Weight {plain(weight)} × {rate} = {expected} (never above the weight), printed {text}.",
        table="funds", line_no=line, field="score", printed=text, expected=expected,
    )


def money(row: FundRow) -> tuple[Decimal, Decimal] | None:
    """Executed and the budget it is divided by; None where no quotient can be formed."""
    budget = row.initial_budget if row.annual_budget is None else row.annual_budget
    if row.executed is None or budget is None or budget <= 0:
        return None
    return row.executed, budget


def _score_values(row: FundRow, weight: Decimal) -> Iterator[Decimal]:
    if row.execution_rate is not None:
        yield min(weight, weight * row.execution_rate / HUNDRED)
    amounts = money(row)
    if amounts is not None:
        yield min(weight, weight * amounts[0] / amounts[1])


def score_spans(row: FundRow, weight: Decimal) -> Iterator[Span]:
    """The unrounded budget score that the printed rate, and the printed money, allow."""
    amounts, share = money(row), weight / HUNDRED
    if row.execution_rate is not None:
        yield from _points(number_spans(row.execution_rate), share, weight)
    if amounts is not None:
        yield from _points(quotient_spans(*amounts), share, weight)


def _points(rates: Iterator[Span], share: Decimal, weight: Decimal) -> Iterator[Span]:
    for low, high in rates:
        yield Span(min(weight, low * share), min(weight, high * share))
