"""R7 (score from target and actual), R8 (target too low) and R9 (qualitative bands)."""

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Final

from pipeline.checks.attainment import Attained, actual_in_target_unit, attained, share_span
from pipeline.checks.intervals import (
    HUNDRED,
    ONE,
    ZERO,
    Span,
    beside,
    meets,
    place,
    plain,
)
from pipeline.checks.reasons import has_reason
from pipeline.records import Finding, Form, IndicatorRow
from pipeline.scales import outcome_bands

_UPWARD: Final = frozenset({">=", ">", "="})
_FAR_OVER: Final = Decimal("1.5")
_SHORT: Final = Context(prec=12, traps=[])   # a rescaled actual may have endless digits


def indicator_findings(form: Form) -> Iterator[Finding]:
    """R7 and R8 where target and actual are numbers that compare; R9 where only words are."""
    for line, row in enumerate(form.indicators):
        weight, score, state = row.weight, row.score, None
        actual = actual_in_target_unit(row)
        if actual is not None:
            state = attained(row, actual)
            if _is_far_over(row, actual):
                yield _target_too_low(row, actual)._replace(line_no=line)
        if weight is None or score is None:
            continue
        fault = None
        if state is None:
            fault = _band_fault(form, row, weight, score)
        elif score != weight or not state.met:
            fault = _score_fault(form, row, state, weight, score)
        if fault is not None:
            yield fault._replace(line_no=line)


def _score_fault(
    form: Form, row: IndicatorRow, state: Attained, weight: Decimal, score: Decimal
) -> Finding | None:
    """R7: full weight where met, the share where missed, less than all where no share is."""
    full, span = plain(weight), None
    if state.met:
        if score < weight and has_reason(row.deviation_reason):
            return None
        span, expected = Span(weight, weight), full
        why = f"Target met: full weight {full}"
    elif state.proportional:
        span = share_span(row, weight, state)
        expected = beside(weight * state.over / state.under, score)
        why = (
            f"Target missed: weight {full} × {_short(state.over)}/{_short(state.under)}"
            f" = {expected}"
        )
    elif score < weight or not weight:
        return None
    else:
        expected = f"<{full}"
        why = f"Target missed: less than the weight {full}"
    if span is not None and _prints_as(form, score, span):
        return None
    return Finding(
        "R7_indicator_score", "warning", f"{why}, printed {plain(score)}.", table="indicators",
        field="score", printed=plain(score), expected=expected,
    )


def _prints_as(form: Form, score: Decimal, span: Span) -> bool:
    """Whether rounding explains the score; to a whole point only where all scores are whole."""
    if span.low == score == span.high:
        return True
    step = place(score)
    if step >= ONE:
        step = min(place(row.score) for row in form.indicators if row.score is not None)
    return meets(score, span, step)


def _short(number: Decimal) -> str:
    return plain(_SHORT.plus(number))


def _is_far_over(row: IndicatorRow, actual: Decimal) -> bool:
    target = row.target_value
    return (
        target is not None and 0 < target < actual and row.target_operator in _UPWARD
        and row.target_high is None and target * _FAR_OVER < actual
        and not has_reason(row.deviation_reason)
    )


def _target_too_low(row: IndicatorRow, actual: Decimal) -> Finding:
    """R8."""
    target = ZERO if row.target_value is None else row.target_value
    printed = actual if row.actual_value is None else row.actual_value
    return Finding(
        "R8_target_too_low", "warning",
        f"Actual {_short(actual)} is over 150 % of the target {row.target_operator}{plain(target)}"
        " and no reason is given.",
        table="indicators", field="actual_value", printed=plain(printed),
        expected=f"≤{beside(target * _FAR_OVER, target)}",
    )


def _band_fault(
    form: Form, row: IndicatorRow, weight: Decimal, score: Decimal
) -> Finding | None:
    """R9."""
    band = outcome_bands(form.family).get(row.outcome or "")
    if band is None or weight <= 0:
        return None
    low, high = (weight * percent / HUNDRED for percent in band)
    if low <= score <= high or _prints_as(form, score, Span(low, high)):
        return None
    expected, text = f"{beside(low, score)}–{beside(high, score)}", plain(score)
    return Finding(
        "R9_outcome_band", "warning",
        f"Outcome {row.outcome} earns {band[0]}–{band[1]} % of the weight {plain(weight)}"
        f" = {expected}, printed {text}.",
        table="indicators", field="score", printed=text, expected=expected,
    )
