"""R11: lost points, and a low execution rate, need a reason."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pipeline.checks.budget import money, total_row
from pipeline.checks.intervals import HUNDRED, beside, plain
from pipeline.records import Finding, Form
from pipeline.values.blank import is_blank

_LOW_RATE: Final = Decimal(90)
_TWO_PLACES: Final = Decimal("0.00")
_MONEY_WORDS: Final = ("预算", "执行", "资金", "支出", "拨付")


def has_reason(text: str | None) -> bool:
    """Whether a deviation reason is printed; a blank mark (``-``, ``无``) is none."""
    return text is not None and not is_blank(text)


def missing_reasons(form: Form) -> Iterator[Finding]:
    """R11 for each indicator that lost points, unless the form says why once for all, and for all money's rate."""
    for line, row in enumerate(() if has_reason(form.form_reason) else form.indicators):
        if (
            row.score is not None and row.weight is not None and row.score < row.weight
            and not has_reason(row.deviation_reason)
        ):
            yield Finding(
                "R11_reason_missing", "warning",
                f"Score {plain(row.score)} of {plain(row.weight)} without a deviation reason.",
                table="indicators", line_no=line, field="deviation_reason",
                printed=row.deviation_reason,
            )
    yield from _low_execution(form)


def _low_execution(form: Form) -> Iterator[Finding]:
    found = total_row(form)
    if found is None:
        return
    line, row = found
    if row.annual_budget is not None and not row.annual_budget:
        return   # nothing to spend, nothing to explain
    rate = row.execution_rate
    if rate is None:
        amounts = money(row)
        if amounts is None:
            return
        rate = HUNDRED * amounts[0] / amounts[1]
    if rate >= _LOW_RATE or has_reason(form.fund_reason) or has_reason(form.form_reason) or _speaks_of_money(form):
        return
    text = beside(rate, rate if row.execution_rate is not None else _TWO_PLACES)
    yield Finding(
        "R11_reason_missing", "warning",
        f"Execution rate {text} % is below 90 % and no text of the form says why.",
        table="funds", line_no=line, field="execution_rate_pct",
        printed=None if row.execution_rate is None else text, expected="≥90",
    )


def _speaks_of_money(form: Form) -> bool:
    texts = [row.deviation_reason for row in form.indicators]
    texts.append(form.goal_actual)
    return any(text and word in text for text in texts for word in _MONEY_WORDS)
