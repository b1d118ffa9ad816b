"""What a cell can be, and how well it can stand in a column."""

from functools import lru_cache

from pipeline.labels import labels_of
from pipeline.values import blank, number, outcome, points, target

LONG = 30
"""Characters from which a text is prose rather than a name."""

KINDS = (
    "blank",
    "number",
    "percent",
    "quantity",
    "bounded",
    "outcome",
    "level1",
    "level2",
    "level12",
    "text",
    "long",
)


@lru_cache(maxsize=65536)
def kind_of(text: str) -> str:
    """The kind of a cell by its text alone.

    >>> [kind_of(text) for text in ("-", "10.00", "99.60%", "3000份", "≥1.00(次)")]
    ['blank', 'number', 'percent', 'quantity', 'bounded']
    >>> [kind_of(text) for text in ("达成指标", "产出指标", "质量指标", "成本指标", "完成专项宣传工作")]
    ['outcome', 'level1', 'level2', 'level12', 'text']
    """
    if blank.is_blank(text):
        return "blank"
    if number.parse(text) is not None or points.parse(text) is not None:
        return "number"
    return _level(text) or ("outcome" if outcome.parse(text) else _value_or_prose(text))


def _value_or_prose(text: str) -> str:
    parsed = target.parse(text)
    if parsed.kind == "text":
        return "text" if len(text) < LONG else "long"
    if parsed.operator is not None:
        return "bounded"
    return "percent" if parsed.unit == "%" else "quantity"


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
                 outcome=-1, blank=-2),
    "target": _fit(-3, bounded=4, quantity=3, percent=3, number=1.5, text=1.5, long=1, outcome=1, blank=0.5),
    "actual": _fit(-3, bounded=1.5, quantity=3, percent=3, number=1.5, text=1, long=1, outcome=4, blank=0.5),
    "points": _fit(-8, number=4, percent=-2, quantity=-6, blank=0, text=-1),
    "prose": _fit(-4, text=2, long=3, outcome=0, blank=1, number=-6, level1=-6, level2=-6, level12=-6),
    # Fund columns.
    "money": _fit(-8, number=4, quantity=2, percent=-6, blank=1, text=-2),
    "rate": _fit(-8, percent=5, number=4, blank=1, text=-2),
    "fund_points": _fit(-8, number=4, blank=2, text=-2),
}  # fmt: skip

COLUMN_KINDS = {
    "level1": "level1",
    "level2": "level2",
    "level3": "name",
    "target_text": "target",
    "actual_text": "actual",
    "weight": "points",
    "score": "points",
    "deviation_reason": "prose",
}
"""Kind of each indicator column, by label id."""

FUND_KINDS = {
    "initial_budget_yuan": "money",
    "annual_budget_yuan": "money",
    "executed_yuan": "money",
    "weight": "fund_points",
    "execution_rate_pct": "rate",
    "score": "fund_points",
}
"""Kind of each fund column, by label id."""
