"""What a cell can be, and how well it can stand in a column."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from parsers.grid import Seen
from pipeline.labels import is_scoring_rule, labels_of, split_label
from pipeline.memo import Memo
from pipeline.values import blank, number, operator, outcome, points, target

LONG = 30
"""Characters from which a text is prose rather than a name."""

MOST_POINTS = 100
"""No weight and no score is above it."""

LONGEST_KEPT = 80
"""Characters of a text whose look is remembered; longer ones are prose and do not repeat."""

_HINTS = ("评", "绩", "决算")
"""One of these stands in every title of titles.toml."""

KINDS = (
    "label",
    "blank",
    "number",
    "large",
    "percent",
    "quantity",
    "bounded",
    "outcome",
    "level1",
    "level2",
    "level12",
    "operator",
    "rule",
    "text",
    "long",
    "unsure",
)


UNSURE = "unsure"
"""A cell of a scan that may be a number, though its likeliest reading is something else."""

LEAST_CHANCE = 0.02
"""Chance of a reading from which it counts for that."""

_MISREAD_NUMBERS = frozenset({"large", "text", "quantity", "percent", "bounded"})


class Look(NamedTuple):
    """What a cell is at first sight.

    Attributes:
        kind: One of `KINDS`.
        labels: Group → label id, empty where the cell is no label.
        value: What stands behind a label in the same cell, else empty.
        hinted: Whether a word of a title stands in it.
    """

    kind: str
    labels: Mapping[str, str]
    value: str
    hinted: bool


def look(text: str) -> Look:
    """What a cell is at first sight, by its text alone.

    >>> seen = look("项目名称：新闻宣传专项经费")
    >>> seen.labels["header"], seen.value, seen.kind, seen.hinted
    ('project_name', '新闻宣传专项经费', 'text', False)
    """
    return LOOKS[text] if len(text) <= LONGEST_KEPT else _look(text)


def _look(text: str) -> Look:
    labels, value = split_label(text)
    return Look(kind_of(text), labels, value, any(hint in text for hint in _HINTS))


LOOKS = Memo(_look)


def kind_among(kind: str, seen: Iterable[Seen]) -> str:
    """The kind of a cell of a scan, by what else was seen of it: 9.72 without its point is large.

    >>> kind_among("large", [Seen("972", 0.6), Seen("9.72", 0.3)]), kind_among("text", [Seen("维修", 1.0)])
    ('unsure', 'text')
    """
    if kind not in _MISREAD_NUMBERS:
        return kind
    likely = [text for text, chance in seen if chance >= LEAST_CHANCE and 0 < len(text) <= LONGEST_KEPT]
    kinds = {LOOKS[text].kind for text in likely}
    return UNSURE if "number" in kinds or ("large" in kinds and kind != "large") else kind


def kind_of(text: str) -> str:
    """The kind of a cell by its text alone.

    >>> [kind_of(text) for text in ("-", "10.00", "99.60%", "3000份", "≥1.00(次)")]
    ['blank', 'number', 'percent', 'quantity', 'bounded']
    >>> kind_of("99.15‰")
    'percent'
    >>> [kind_of(text) for text in ("达成指标", "产出指标", "质量指标", "成本指标", "完成专项宣传工作")]
    ['outcome', 'level1', 'level2', 'level12', 'text']
    >>> kind_of("≥"), kind_of("定性"), kind_of("未完成的按比例扣分")
    ('operator', 'operator', 'rule')
    """
    if len(text) > LONGEST_KEPT:
        return "long"
    if "\u4e00" <= text[0] <= "\u9fff":  # most cells begin with Han, and then are no number
        return _kind_of_words(text)
    if text.isascii() and text.replace(".", "", 1).isdigit():  # most of the others are plain decimals
        return "large" if len(text) > len("99") and Decimal(text) > MOST_POINTS else "number"
    if blank.is_blank(text):
        return "blank"
    value = points.parse(text) or number.parse(text)
    if value is not None:
        return "large" if value > MOST_POINTS else "number"
    return _sign_or_value(text)


def _kind_of_words(text: str) -> str:
    level = _level(text)
    if level is not None:
        return level
    if blank.is_blank(text):
        return "blank"
    return "outcome" if outcome.parse(text) else _sign_or_value(text)


def _sign_or_value(text: str) -> str:
    """An operator in a cell of its own (指标性质: ≥, 定性), else what a value or prose is."""
    return "operator" if operator.stands_alone(text) else _value_or_prose(text)


def _value_or_prose(text: str) -> str:
    parsed = target.parse(text)
    if parsed.kind == "text":
        if is_scoring_rule(text):
            return "rule"
        return "text" if len(text) < LONG else "long"
    if parsed.operator is not None:
        return "bounded"
    return "percent" if parsed.unit in _SHARES else "quantity"  # a scan shows ‰ for %


_SHARES = ("%", "‰")


def _level(text: str) -> str | None:
    labels = labels_of(text)
    if "level1" in labels:
        return "level12" if "level2" in labels else "level1"
    return "level2" if "level2" in labels else None


def _fit(default: float, **scores: float) -> dict[str, float]:
    return {kind: scores.get(kind, default) for kind in KINDS}


FIT: dict[str, dict[str, float]] = {
    # Indicator columns. The figures only need to rank: a cell that a column must never hold
    # costs more than two cells gain by standing where they should.
    "level1": _fit(-8, level1=6, level12=6, level2=-4, text=-3, long=-6, blank=-2, outcome=-6),
    "level2": _fit(-8, level2=6, level12=6, level1=-4, text=-2, long=-5, blank=-2, outcome=-5),
    "name": _fit(-5, text=3, long=1.5, level1=0, level2=2.5, level12=2.5, bounded=-2, quantity=-2, percent=-3,
                 rule=-1, outcome=-1, blank=-2, unsure=-3),
    "target": _fit(-3, unsure=1.5, bounded=4, quantity=3, percent=3, number=1.5, large=1.5, text=1.5, long=1, rule=0,
                   outcome=2, blank=0.5, operator=1.5),
    "actual": _fit(-3, unsure=1.5, bounded=1.5, quantity=3, percent=3, number=1.5, large=1.5, text=1, long=1, rule=0,
                   outcome=4, blank=0.5, operator=1),
    "points": _fit(-8, unsure=2, number=4, percent=-2, quantity=-6, blank=0, text=-1, operator=-1),
    "prose": _fit(-4, text=2, long=3, rule=2, outcome=0, blank=1, number=-6, large=-6,
                  level1=-6, level2=-6, level12=-6),
    "operator": _fit(-6, operator=6, text=1, blank=1),
    "unit": _fit(-6, text=3, outcome=0, blank=1, percent=-3, quantity=-3),
    "aside": _fit(1, rule=4, level1=-6, level2=-6, level12=-6),
    # Fund columns; the label of a row is known before its columns are.
    "fund_label": _fit(-8, label=6),
    "money": _fit(-8, unsure=2, number=4, large=4, quantity=2, percent=-6, blank=1, text=-2),
    "rate": _fit(-8, unsure=2, percent=5, number=4, large=0, blank=1, text=-2),
    "fund_points": _fit(-8, unsure=2, number=3, blank=2, text=-2),
}  # fmt: skip

COLUMN_KINDS = {
    "level1": "level1",
    "level2": "level2",
    "level3": "name",
    "target_text": "target",
    "adjusted_target": "target",
    "actual_text": "actual",
    "weight": "points",
    "score": "points",
    "deviation_reason": "prose",
    "target_operator": "operator",
    "target_unit": "unit",
    "scoring_method": "aside",
    "foreign": "aside",
    "serial": "aside",
    "aside": "aside",
}
"""Kind of each indicator column, by label id."""

FUND_KINDS = {
    "initial_budget_yuan": "money",
    "annual_budget_yuan": "money",
    "executed_yuan": "money",
    "weight": "fund_points",
    "execution_rate_pct": "rate",
    "score": "fund_points",
    "deviation_reason": "prose",
}
"""Kind of each fund column, by label id."""
