"""How much likelier numbers are that keep a rule of the form, as factors for `pipeline.trellis`.

A factor is the chance of what is printed if it follows the rule, against the chance that numbers
read at random do. Where a rule cannot be judged, because a number was not printed or what was seen
is none of it, the factor is 1. Forms do break their own rules, so a broken one weighs against a
reading but never forbids it.
"""

from decimal import Decimal
from typing import Final

from pipeline.checks.attainment import Attained, share_span
from pipeline.checks.budget import score_spans
from pipeline.checks.funds import MONEY_COLUMNS
from pipeline.checks.intervals import HALF, HUNDRED, ZERO, derive, is_whole, meets, place, quotient_spans, sum_meets
from pipeline.records import FundRow, IndicatorRow
from pipeline.scales import grade_scales

NEUTRAL: Final = 1.0
BROKEN: Final = 0.03
"""One form in thirty breaks a given rule."""

FUND_SUM: Final = 100.0
NO_MONEY: Final = 4.0
QUOTIENT: Final = 40.0
FULL_RATE: Final = 25.0
BUDGET_SCORE: Final = 30.0
WEIGHTS: Final = 25.0
WEIGHT_TOTAL: Final = 20.0
TOTAL_SCORE: Final = 60.0
GRADE: Final = 1.5
"""What keeping each rule weighs: about the number of values that a misread number could have had."""

ROUNDED: Final = 0.05
"""Share of that where only rounding, or the initial budget, explains the print: fewer forms, more numbers."""

FULL_POINTS: Final = 12.0
LESS_POINTS: Final = 0.25
MORE_POINTS: Final = 0.003
"""Score and weight of an indicator: most score in full, none scores more."""

MET_IN_FULL: Final = 14.0
MET_NOT_FULL: Final = 0.08
MISSED_IN_FULL: Final = 2.5
MISSED_IN_PROPORTION: Final = 9.0
MISSED_ELSE: Final = 0.3
"""The same where target and result say whether it should."""

POINTS_OF_PART: Final = 0.1
"""Points beside a part of the money: they stand beside its total."""

OVERSPENT: Final = 0.25

SAME: Final = 2.0
OTHER_UNIT: Final = 0.3
OTHER_PLACES: Final = 0.5
FAR_OFF: Final = 0.1
FAR: Final = 5
"""Target and result: mostly in one unit, often equal, seldom five times each other. Too little to decide alone."""

BLANK_BOTH: Final = 5.0
BLANK_ALONE: Final = 0.5
"""Marks for nothing: where the target has one, so has the result."""

Number = Decimal | None
UNSEEN: Final = Decimal("NaN")
"""A number that is printed, but as none of what was seen. Compared by identity only."""


def known(*numbers: Number) -> bool:
    """Whether all numbers are printed and seen."""
    return all(number is not None and number is not UNSEEN for number in numbers)


# ── money (R1 to R3) ─────────────────────────────────────────────────────────


def fund_row(row: FundRow, *, points: Decimal | None) -> float:
    """R2, and R3 where the row has points: ``points`` is what the family gives, None where nothing does."""
    factor = _rate(row)
    if row.source != "total":
        factor *= POINTS_OF_PART ** (known(row.weight) + known(row.score))
    if row.score is not None and known(row.score, row.execution_rate):
        weight = points if row.weight is None else row.weight
        if weight and known(weight):
            factor *= _budget_score(row, weight)
    return factor * _budgets(row)


def _budgets(row: FundRow) -> float:
    """How the amounts of a row look beside each other."""
    initial, annual, executed = row.initial_budget, row.annual_budget, row.executed
    if annual is None or annual is UNSEEN:
        return NEUTRAL
    factor = SAME if initial == annual else NEUTRAL
    if executed is not None and executed is not UNSEEN and executed > annual:
        factor *= OVERSPENT
    return factor


def _rate(row: FundRow) -> float:
    rate, executed = row.execution_rate, row.executed
    if rate is None or executed is None or rate is UNSEEN or executed is UNSEEN:
        return NEUTRAL
    budgets = [row.annual_budget, row.initial_budget]
    if budgets[0] is UNSEEN:
        return NEUTRAL
    factor = BROKEN if known(budgets[0]) or known(budgets[1]) else NEUTRAL
    for share, budget in zip((1.0, ROUNDED), budgets, strict=True):
        if budget is None or budget is UNSEEN or budget < 0:
            continue
        if not budget:
            return NO_MONEY if not rate else BROKEN
        value = HUNDRED * executed / budget
        trivial = rate == value and rate in {ZERO, HUNDRED}
        if derive("rate", rate, (value,), quotient_spans(executed, budget)).explained:
            factor = max(factor, share * (FULL_RATE if trivial else QUOTIENT))
    return factor


def _budget_score(row: FundRow, weight: Decimal) -> float:
    score, rate = row.score, row.execution_rate
    assert score is not None
    assert rate is not None
    value = min(weight, weight * rate / HUNDRED)
    bare = row._replace(annual_budget=None, initial_budget=None)  # by the printed rate alone
    if score == value:
        return BUDGET_SCORE
    explained = derive("budget score", score, (value,), score_spans(bare, weight)).explained
    return BUDGET_SCORE / 2 if explained else BROKEN


def fund_sum(total: Decimal, sums: tuple[Decimal, ...]) -> float:
    """R1 for one money column: its total against each sensible sum of its parts."""
    if total in sums:
        return FUND_SUM if total else NO_MONEY
    if any(sum_meets(total, place(total), one, place(one)) for one in sums):
        return FUND_SUM * ROUNDED
    return BROKEN


# ── indicators ───────────────────────────────────────────────────────────────


def points(row: IndicatorRow, state: Attained | None) -> float:
    """Score and weight of an indicator; ``state`` is how its result stands to its target, None: unknown."""
    weight, score = row.weight, row.score
    if weight is None or score is None or weight is UNSEEN or score is UNSEEN:
        return NEUTRAL
    if score > weight:
        return MORE_POINTS
    if score == weight:
        return FULL_POINTS if state is None else MET_IN_FULL if state.met else MISSED_IN_FULL
    if state is None or state.met:
        return LESS_POINTS if state is None else MET_NOT_FULL
    if state.proportional and meets(score, share_span(row, weight, state), place(score)):
        return MISSED_IN_PROPORTION
    return MISSED_ELSE


def pair(row: IndicatorRow, actual: Decimal | None) -> float:
    """Target and result by their looks; ``actual`` is the result in the unit of the target, None: other units."""
    target, printed = row.target_value, row.actual_value
    if target is None or printed is None:
        return NEUTRAL
    if actual is None:
        return OTHER_UNIT
    factor = SAME if actual == target else NEUTRAL
    if place(target) != place(printed):
        factor *= OTHER_PLACES
    if actual * FAR < target or target * FAR < actual:
        factor *= FAR_OFF
    return factor


def blanks(*, target: bool, actual: bool) -> float:
    """Target and result by whether each is a mark for nothing."""
    return BLANK_BOTH if target and actual else BLANK_ALONE if target or actual else NEUTRAL


# ── the foot (R4, R5, R10) ───────────────────────────────────────────────────


def weights(own: Decimal, budget: Decimal, *, printed: bool) -> float:
    """R4: the weights of the indicators and of the budget; ``printed`` whether the form prints the latter."""
    if own + budget == HUNDRED or (own == HUNDRED and not printed):
        return WEIGHTS
    tolerated = not is_whole(own) and sum_meets(HUNDRED, ZERO, own + budget, place(own) * 10)
    return WEIGHTS * ROUNDED if tolerated else BROKEN


def weight_total(total: Decimal, own: Decimal, budget: Decimal) -> float:
    """R4: the total of the weights that is printed."""
    return WEIGHT_TOTAL if total in {HUNDRED, own, own + budget} else BROKEN


def total_score(total: Decimal, computed: Decimal) -> float:
    """R5: the total score against the sum of the scores."""
    if total == computed:
        return TOTAL_SCORE
    if derive("total", total, (computed,), ()).explained:
        return TOTAL_SCORE * ROUNDED
    near = abs(total - computed) <= place(computed) * 10 * HALF
    return NEUTRAL if near else BROKEN


def grade(word: str, total: Decimal) -> float:
    """R10: the grade against the total score."""
    bands = [band for scale in grade_scales(None) if (band := scale.band(word)) is not None]
    fits = any((low is None or total >= low) and (high is None or total < high) for low, high in bands)
    return GRADE if fits or not bands else BROKEN


MONEY: Final = MONEY_COLUMNS
