"""R4 (weights), R5 (total score) and R10 (grade)."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.attainment import actual_in_target_unit, attained, share_span
from pipeline.checks.budget import budget_weight, score_spans, total_row
from pipeline.checks.intervals import (
    HALF,
    HUNDRED,
    ZERO,
    Derived,
    Span,
    derive,
    half_up_explains,
    is_whole,
    place,
    plain,
    sum_meets,
    total,
)
from pipeline.records import Finding, Form, FundRow, IndicatorRow
from pipeline.scales import Band, grade_scales


def weight_sums(form: Form) -> Iterator[Finding]:
    """R4: the weights where every indicator has one, and the sum of weights as printed."""
    own, budget = total(row.weight for row in form.indicators), budget_weight(form) or ZERO
    allowed: tuple[Decimal, ...] = (HUNDRED, HUNDRED - budget)
    if own is not None:
        whole = own + budget
        allowed = (HUNDRED, whole, own)
        if whole != HUNDRED and not _weights_make_hundred(form, own, whole):
            yield Finding(
                "R4_weight_sum", "error",
                f"Indicator weights {plain(own)} + budget weight {plain(budget)} = {plain(whole)},"
                " not 100.",
                field="weight", printed=plain(whole), expected="100",
            )
    if form.weight_total is not None and form.weight_total not in allowed:
        expected = "100" if own is None else plain(allowed[1])
        yield Finding(
            "R4_weight_sum", "error",
            f"The weights sum to {expected}, the total row prints {plain(form.weight_total)}.",
            field="weight_total", printed=plain(form.weight_total), expected=expected,
        )


def _weights_make_hundred(form: Form, own: Decimal, whole: Decimal) -> bool:
    found = total_row(form)
    if own == HUNDRED and (found is None or found[1].weight is None):
        return True   # the form prints no budget weight, whatever its family usually has
    rounded = [row.weight for row in form.indicators if row.weight and not is_whole(row.weight)]
    return sum_meets(HUNDRED, ZERO, whole, sum(map(place, rounded), ZERO))


def score_sum(form: Form) -> Decimal | None:
    """Budget score + indicator scores as printed; None where one that counts is missing."""
    own = total(row.score for row in form.indicators)
    if own is None:
        return None
    found = total_row(form)
    if found is not None and found[1].score is not None:
        return own + found[1].score
    if found is not None and found[1].weight is not None:
        return None
    alone = total(row.weight for row in form.indicators) == HUNDRED
    return own if alone or not form.budget_points else None


def total_scores(form: Form, computed: Decimal | None) -> Iterator[Derived | Finding]:
    """R5. ``computed`` is the `score_sum`."""
    printed = form.score_total
    if printed is None or computed is None or printed == computed:
        return
    score = derive("total", printed, (computed,), (_unrounded_total(form),))
    if not score.half_up and half_up_explains(score):
        # The sum before rounding, rounded half-up, looks like the printed sum cut off.
        score = score._replace(truncated=False)
    if score.explained:
        yield score
        return
    expected, text = plain(computed), plain(printed)
    yield Finding(
        "R5_total_score", "error",
        f"Budget score + indicator scores = {expected}, printed {text}.",
        field="score_total", printed=text, expected=expected,
    )


def _unrounded_total(form: Form) -> Span:
    """What the total is before rounding: some bureaus add up unrounded scores."""
    spans = [_true_score(row, row.score) for row in form.indicators if row.score is not None]
    found = total_row(form)
    if found is not None and found[1].score is not None:
        spans.append(_true_budget_score(found[1], found[1].score, budget_weight(form) or ZERO))
    return Span(sum([span.low for span in spans], ZERO), sum([span.high for span in spans], ZERO))


def _true_score(row: IndicatorRow, score: Decimal) -> Span:
    """A score before rounding. Whole points and full weights are given, not computed."""
    actual = actual_in_target_unit(row)
    state = None if actual is None else attained(row, actual)
    if row.weight is not None and state is not None and not state.met and state.proportional:
        return _cut_to_print(share_span(row, row.weight, state), score)
    if is_whole(score) or score == row.weight:
        return Span(score, score)
    return Span(score - place(score) * HALF, score + place(score))


def _true_budget_score(row: FundRow, score: Decimal, weight: Decimal) -> Span:
    spans = list(score_spans(row, weight))[:2]   # of the rate where it is printed: it is finer
    if not spans or not weight:
        return Span(score, score)
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    return _cut_to_print(Span(low, high), score)


def _cut_to_print(span: Span, score: Decimal) -> Span:
    """The part of the span that prints as the score, and the score itself."""
    step = place(score)
    low, high = max(span.low, score - step * HALF), min(span.high, score + step)
    if low > high:   # the score does not come from the span at all
        return Span(score, score)
    return Span(min(low, score), max(high, score))


def grades(form: Form, computed: Decimal | None) -> Iterator[Finding]:
    """R10, on the total before rounding or as printed. ``computed`` is the `score_sum`."""
    scales = [scale for scale in grade_scales(form.family) if scale.band(form.grade or "")]
    bands = [band for scale in scales if (band := scale.band(form.grade or "")) is not None]
    score = form.score_total if computed is None else computed
    if not bands or score is None:
        return
    points = [Span(point, point) for point in (computed, form.score_total) if point is not None]
    if any(_in_band(band, point) for band in bands for point in points):
        return
    step = place(score)
    unrounded = Span(score - step * HALF, score + step) if computed is None else _unrounded_total(form)
    if any(_in_band(band, unrounded) for band in bands):
        return
    right = scales[0].word(score)
    yield Finding(
        "R10_grade", "error", f"A total of {plain(score)} is {right}, printed {form.grade}.",
        field="grade", printed=form.grade, expected=right,
    )


def _in_band(band: Band, span: Span) -> bool:
    """Whether part of the span lies in the band, which holds its lower limit only."""
    low, high = band
    if high is not None and span.low >= high:
        return False
    return low is None or span.low >= low or span.high > low
