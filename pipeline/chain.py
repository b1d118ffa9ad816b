"""A form as a chain of rows for `pipeline.trellis`: parts of the funds, their total, indicators, foot.

Along the chain the state is first the sums of the money columns, one for each sensible choice of
rows (`checks.funds.readings`); behind the total fund row it is the points: the weights and scores so
far, the budget's weight and score. A sum with a number that is not printed, or is none of what was
seen, is None and judges nothing.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from pipeline import odds
from pipeline.checks.attainment import Attained, actual_in_target_unit, attained
from pipeline.checks.funds import readings
from pipeline.choices import Choice, Choices, Place
from pipeline.odds import UNSEEN, Number
from pipeline.records import Fields, Form, FundRow, IndicatorRow, PrintedForm
from pipeline.targets import RESULTS, WANTED
from pipeline.trellis import Layer, Option, State
from pipeline.values import blank

MOST_OPTIONS: Final = 80
"""Combinations of one row that are looked at."""

MOST_CANDIDATES: Final = 8

HOPELESS: Final = 1e-5
"""Chance, against the likeliest of its field, below which a candidate is left out; of its row, a combination
below its square."""

MOST_CHOICES: Final = 4
"""Choices of rows that make up the total of the funds."""

_FUND: Final = (
    "initial_budget_yuan",
    "annual_budget_yuan",
    "executed_yuan",
    "execution_rate_pct",
    "weight",
    "score",
)
"""The columns of a `FundRow` behind its label and source."""

_FOOT: Final = ("weight_total", "score_total", "grade")
_ROW: Final = ("target_text", "actual_text", "weight", "score")
_NOT_PRINTED: Final = False


class Link(NamedTuple):
    """A layer and the fields that its options pick for, by place."""

    places: tuple[Place, ...]
    layer: Layer


class Chain(NamedTuple):
    """A form's links in order, and the state that they begin with."""

    start: State
    links: tuple[Link, ...]


def chain_of(printed: PrintedForm, form: Form, choices: Choices) -> Chain:
    """The chain of a form.

    Args:
        printed: The form as printed, with the readings taken so far.
        form: The same, valued.
        choices: Its numeric fields.
    """
    sources = tuple([row.source for row in form.funds])
    total = _total_line(form)
    summed = total is not None and len(sources) > 1 and sources.count("total") == 1
    parts = readings(sources)[:MOST_CHOICES] if summed else ()
    links = [
        _fund_link(line, form, choices, partial(_add_part, line, parts))
        for line in range(len(form.funds))
        if line != total
    ]
    if total is None:
        links.append(Link((), Layer([Option((), 1.0, ())], _without_total)))
    else:
        links.append(_fund_link(total, form, choices, partial(_meet_total, len(parts))))
    links += [_indicator_link(line, printed, form, choices) for line in range(len(form.indicators))]
    links.append(_foot_link(form, choices))
    return Chain((Decimal(0),) * (len(odds.MONEY) * len(parts)), tuple(links))


def _total_line(form: Form) -> int | None:
    totals = [line for line, row in enumerate(form.funds) if row.source == "total"]
    return next((line for line in totals if form.funds[line].score is not None), totals[0] if totals else None)


# ── options ──────────────────────────────────────────────────────────────────


def _combinations(choices: Sequence[Choice]) -> list[tuple[tuple[int, ...], float]]:
    """Combinations of candidates (-1: none that was seen) with their likelihood, hopeless ones left out."""
    grown: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
    for choice in choices:
        chances = [(index, one.chance) for index, one in enumerate(choice.candidates)]
        chances.sort(key=_chance, reverse=True)
        least = chances[0][1] * HOPELESS
        likely = [one for one in chances[:MOST_CANDIDATES] if one[1] > least]
        if choice.unseen > least:
            likely.append((-1, choice.unseen))
        grown = [((*picks, index), weight * chance) for picks, weight in grown for index, chance in likely]
        grown.sort(key=_chance, reverse=True)
        floor = grown[0][1] * HOPELESS * HOPELESS
        grown = [one for one in grown[:MOST_OPTIONS] if one[1] > floor]
    return grown


def _chance(one: tuple[object, float]) -> float:
    return one[1]


def _picked(places: Sequence[Place], choices: Choices, picks: Sequence[int]) -> dict[str, Number]:
    """The number of each field under one combination."""
    return {
        place.field: UNSEEN if pick < 0 else choices[place].candidates[pick].number
        for place, pick in zip(places, picks, strict=True)
    }


# ── money ────────────────────────────────────────────────────────────────────


def _fund_link(
    line: int, form: Form, choices: Choices, join: Callable[[State, Option], tuple[State, float]]
) -> Link:
    places = tuple([place for field in _FUND if (place := Place("funds", line, field)) in choices])
    options = []
    for picks, weight in _combinations([choices[place] for place in places]):
        numbers = _picked(places, choices, picks)
        row = FundRow._make((*form.funds[line][:2], *map(numbers.get, _FUND)))
        step = (_known(row.initial_budget, row.annual_budget, row.executed), _after(row.weight), _after(row.score))
        options.append(Option(picks, weight * odds.fund_row(row, points=form.budget_points), step))
    return Link(places, Layer(options, join))


def _known(*numbers: Number) -> tuple[Number, ...]:
    """The numbers that can be added up."""
    return tuple([None if number is UNSEEN else number for number in numbers])


def _add_part(line: int, parts: tuple[tuple[int, ...], ...], state: State, option: Option) -> tuple[State, float]:
    amounts, *_ = option.step
    sums: list[Number] = []
    for column, amount in enumerate(amounts):
        for number, choice in enumerate(parts):
            so_far = state[column * len(parts) + number]
            if so_far is None or amount is None:
                sums.append(None)
            else:
                sums.append(so_far + amount if line in choice else so_far)
    return tuple(sums), 1.0


def _meet_total(parts: int, state: State, option: Option) -> tuple[State, float]:
    amounts, weight, score = option.step
    factor = 1.0
    for column, amount in enumerate(amounts):
        sums = state[column * parts : (column + 1) * parts]
        if parts and amount is not None and None not in sums:
            factor *= odds.fund_sum(amount, sums)
    return (Decimal(0), Decimal(0), weight, score), factor


def _after(number: Number) -> object:
    """A number of the total fund row as the state carries it: what is not printed is no unknown."""
    if number is None:
        return _NOT_PRINTED
    return None if number is UNSEEN else number


def _without_total(_state: State, _option: Option) -> tuple[State, float]:
    return (Decimal(0), Decimal(0), _NOT_PRINTED, _NOT_PRINTED), odds.NEUTRAL


# ── indicators ───────────────────────────────────────────────────────────────


def _indicator_link(line: int, printed: PrintedForm, form: Form, choices: Choices) -> Link:
    places = tuple([place for field in _ROW if (place := Place("indicators", line, field)) in choices])
    fields = printed.indicators[line].fields
    stands: dict[tuple[str | None, str | None], tuple[IndicatorRow, Attained | None, float]] = {}
    options = []
    for picks, weight in _combinations([choices[place] for place in places]):
        chosen = dict(zip([place.field for place in places], picks, strict=True))
        texts = _text(fields, choices, line, "target_text", chosen), _text(fields, choices, line, "actual_text", chosen)
        if texts not in stands:
            beside = _print(fields, "target_operator"), _print(fields, "target_unit")
            stands[texts] = _standing(form.indicators[line], *texts, beside)
        row, state, factor = stands[texts]
        numbers = _picked(places, choices, picks)
        row = row._replace(weight=numbers.get("weight"), score=numbers.get("score"))
        options.append(Option(picks, weight * factor * odds.points(row, state), _known(row.weight, row.score)))
    return Link(places, Layer(options, _add_indicator))


def _text(fields: Fields, choices: Choices, line: int, field: str, chosen: dict[str, int]) -> str | None:
    """The print of a target or result under one combination; None where it was not seen or not printed."""
    if field not in chosen:
        return _print(fields, field)
    pick = chosen[field]
    return None if pick < 0 else choices[Place("indicators", line, field)].candidates[pick].text


def _print(fields: Fields, field: str) -> str | None:
    value = fields.get(field)
    return None if value is None else value.text


def _standing(
    row: IndicatorRow, target: str | None, actual: str | None, beside: tuple[str | None, str | None]
) -> tuple[IndicatorRow, Attained | None, float]:
    """The row with one print of target and result, how these stand to each other, and how well they look.

    ``beside`` are the prints of operator and unit in cells of their own.
    """
    wanted, result = WANTED[target, row.level3, *beside], RESULTS[actual]
    unit = wanted.named_unit if result.value is not None and result.unit is None else result.unit
    row = row._replace(
        target_operator=wanted.operator, target_value=wanted.value, target_high=wanted.high,
        target_unit=wanted.unit, actual_value=result.value, actual_unit=unit,
    )  # fmt: skip
    reached = actual_in_target_unit(row)
    state = None if reached is None else attained(row, reached)
    factor = odds.pair(row, reached)
    if target is not None and actual is not None:
        factor *= odds.blanks(target=blank.is_blank(target), actual=blank.is_blank(actual))
    return row, state, factor


def _add_indicator(state: State, option: Option) -> tuple[State, float]:
    weights, scores, budget, earned = state
    weight, score = option.step
    if weights is not None:
        weights = None if weight is None else weights + weight
    if scores is not None:
        scores = None if score is None else scores + score
    return (weights, scores, budget, earned), 1.0


# ── the foot ─────────────────────────────────────────────────────────────────


def _foot_link(form: Form, choices: Choices) -> Link:
    places = tuple([place for field in _FOOT if (place := Place("projects", None, field)) in choices])
    grade = form.grade
    options = []
    for picks, weight in _combinations([choices[place] for place in places]):
        numbers = _picked(places, choices, picks)
        for place, pick in zip(places, picks, strict=True):
            if place.field == "grade":
                found = choices[place].candidates[pick]
                grade = str(found.key) if pick >= 0 and found.readable else None
        options.append(Option(picks, weight, (numbers.get("weight_total"), numbers.get("score_total"), grade)))
    return Link(places, Layer(options, partial(_meet_foot, form.budget_points)))


def _meet_foot(points: Decimal | None, state: State, option: Option) -> tuple[State, float]:
    own, scores, budget, earned = state
    weight_total, total, grade = option.step
    factor = odds.NEUTRAL
    printed = budget is not _NOT_PRINTED
    weight = budget if printed else points or Decimal(0)
    if isinstance(own, Decimal) and isinstance(weight, Decimal):
        factor *= odds.weights(own, weight, printed=printed)
        if isinstance(weight_total, Decimal) and weight_total is not UNSEEN:
            factor *= odds.weight_total(weight_total, own, weight)
    if isinstance(total, Decimal) and total is not UNSEEN:
        computed = _computed(own, scores, budget, earned, points)
        if computed is not None:
            factor *= odds.total_score(total, computed)
        if isinstance(grade, str):
            factor *= odds.grade(grade, total)
    return (), factor


def _computed(own: object, scores: object, budget: object, earned: object, points: Decimal | None) -> Decimal | None:
    """The sum of the scores as `checks.scores.score_sum` has it; None where it cannot be formed."""
    if not isinstance(scores, Decimal) or earned is None:
        return None
    if isinstance(earned, Decimal):
        return scores + earned
    if budget is not _NOT_PRINTED:
        return None
    return scores if own == Decimal(100) or not points else None
