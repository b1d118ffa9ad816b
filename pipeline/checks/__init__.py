"""The rules R1-R5, R7-R11 and R13 as interval arithmetic: findings about a form, never a change.

A printed number stands for every value that prints so. A rule is broken only where no
rounding convention explains the print; a convention other than plain half-up is named once
per form. Nothing is judged from a value that was not printed or not understood.
"""

from decimal import localcontext

from pipeline.checks.budget import budget_scores, execution_rates
from pipeline.checks.context import WIDE
from pipeline.checks.funds import fund_sums
from pipeline.checks.indicators import indicator_findings
from pipeline.checks.intervals import Derived
from pipeline.checks.reasons import missing_reasons
from pipeline.checks.rounding import rounding_convention
from pipeline.checks.scores import grades, score_sum, total_scores, weight_sums
from pipeline.checks.totals import reconcile
from pipeline.records import Finding, Form

__all__ = ["check", "reconcile"]


def check(form: Form) -> list[Finding]:
    """Judge the arithmetic of one form.

    Args:
        form: A valued form; every Decimal is finite and keeps the exponent of its print.

    Returns:
        Findings in the order of the rules, then of the rows; ``field`` is a column of the
        contract.
    """
    with localcontext(WIDE):
        computed = score_sum(form)
        derived = [
            *execution_rates(form), *budget_scores(form), *total_scores(form, computed)
        ]
        return [
            *fund_sums(form),
            *(one for one in derived if isinstance(one, Finding)),
            *weight_sums(form),
            *indicator_findings(form),
            *grades(form, computed),
            *missing_reasons(form),
            *rounding_convention(form, [one for one in derived if isinstance(one, Derived)]),
        ]
