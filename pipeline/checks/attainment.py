"""How an actual stands to its target, in the direction that the operator gives."""

from decimal import Decimal
from typing import NamedTuple

from pipeline.checks.intervals import ZERO, Span, is_whole, place
from pipeline.records import IndicatorRow
from pipeline.values import unit


class Attained(NamedTuple):
    """Whether the target is met; where it is missed, ``over / under`` of it was attained."""

    met: bool
    over: Decimal = ZERO
    under: Decimal = ZERO

    @property
    def proportional(self) -> bool:
        """Whether ``over / under`` is a share: nothing is in proportion to 0 or less."""
        return self.over >= 0 and self.under > 0


_MET = Attained(met=True)


def actual_in_target_unit(row: IndicatorRow) -> Decimal | None:
    """The actual value in the unit of the target; None where the two do not compare.

    A unit that one side leaves out is taken to be that of the other.
    """
    actual, printed, wanted = row.actual_value, row.actual_unit, row.target_unit
    if actual is None or row.target_value is None:
        return None
    if printed == wanted or printed is None or wanted is None:
        return actual
    have, want = unit.parse(printed), unit.parse(wanted)
    if have is None or want is None or have.base_unit != want.base_unit:
        return None
    return actual * have.factor / want.factor


def attained(row: IndicatorRow, actual: Decimal) -> Attained | None:
    """R7's comparison; None where the print does not say which way is good.

    Args:
        row: An indicator with a target value.
        actual: Its actual, in the unit of the target.
    """
    low, high, operator = row.target_value, row.target_high, row.target_operator
    if low is None:
        return None
    if high is not None:
        return _within(low, high, actual)
    if actual == low:   # a strict bound missed by nothing: no score could be called wrong
        return None if operator in (">", "<") else _MET
    if operator is None:
        return None
    if operator in ("<=", "<"):
        met, over, under = actual < low, low, actual
    elif operator == "=" and not low:   # nothing but 0 meets 0
        met, over, under = False, low, actual
    else:
        met, over, under = actual > low, actual, low
    return _MET if met else Attained(met=False, over=over, under=under)


def _within(low: Decimal, high: Decimal, actual: Decimal) -> Attained | None:
    """Above a range no direction is printed: 98 % of 90–95 % is good, 6 of 3–5 days is not."""
    if actual < low:
        return Attained(met=False, over=actual, under=low)
    return None if actual > high else _MET


def share_span(row: IndicatorRow, weight: Decimal, state: Attained) -> Span:
    """The unrounded score of a missed target: weight × over / under.

    A target is exact and so is a whole actual (18 次); an actual with a fraction may have
    been rounded.
    """
    value = weight * state.over / state.under
    actual = row.actual_value
    if actual is None or is_whole(actual):
        return Span(value, value)
    doubt = value * place(actual) / abs(actual)
    return Span(value - doubt, value + doubt)
