"""Every step from a printed text to its value, in words."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from pipeline.codes import code_of
from pipeline.labels import labels_of
from pipeline.query import shown
from pipeline.values import actual, amount, blank, grade, outcome, percent, points, target, unit, year
from pipeline.values.fold import fold

MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")

_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "level1_code": ("code list", partial(code_of, 1)),
    "level2_code": ("code list", partial(code_of, 2)),
    "source": ("code list", lambda label: labels_of(label).get("fund_row")),
    "outcome": ("outcome phrase", outcome.parse),
    "execution_rate_pct": ("percent", percent.parse),
    "weight": ("points", points.parse),
    "score": ("points", points.parse),
    "weight_total": ("points", points.parse),
    "score_total": ("points", points.parse),
    "grade": ("grade word", grade.parse),
    "form_year": ("year", year.parse),
}
"""What is read for a column, and by which value module."""


def steps(column: str, text: str, value: object) -> Iterator[str]:
    """What the value modules make of the print of a column, in their order.

    >>> list(steps("target_value", "≥20.00（次）", None))[0]
    'folded to half width, without white space: >=20.00(次)'
    >>> list(steps("score", "9.97", None)), list(steps("weight", "-", None))
    (['points: 9.97'], ['a blank mark: no value'])
    """
    folded = fold(text)
    if folded != text:
        yield f"folded to half width, without white space: {folded}"
    if blank.is_blank(text):
        yield "a blank mark: no value"
    elif column.startswith("target"):
        yield from _quantity(target.parse(text))
        yield from _from_name(column, target.parse(text), value)
    elif column.startswith("actual"):
        yield from _quantity(actual.parse(text))
        yield from _from_name(column, actual.parse(text), value)
    elif column.endswith("_yuan"):
        yield from _money(text, value)
    elif column in _READERS:
        name, read = _READERS[column]
        if column == "level2_code" and read(text) is None and value is not None:
            name, read = "code list, below its level-1 name", lambda _: value
        yield f"{name}: {shown(read(text)) or 'not read'}"
    else:
        yield "kept as printed"


def _quantity(parsed: "target.Target | actual.Actual") -> Iterator[str]:
    operator = getattr(parsed, "operator", None)
    if operator:
        yield f"operator {operator}"
    if parsed.value is not None:
        high = f" to {shown(parsed.high)}" if parsed.high is not None else ""
        yield f"number {shown(parsed.value)}{high}"
    if parsed.unit:
        known = unit.UNITS.get(parsed.unit)
        meaning = (
            f" ({known.dimension}: {shown(known.factor)} {known.base_unit})"
            if known
            else " (not in the units table)"
        )
        yield f"unit {parsed.unit}{meaning}"
    yield f"read as {parsed.kind}"


def _from_name(column: str, parsed: "target.Target | actual.Actual", value: object) -> Iterator[str]:
    """The unit or operator that the print lacks and the indicator's name has."""
    _, _, part = column.partition("_")
    if part in {"unit", "operator"} and value is not None and getattr(parsed, part) is None:
        yield f"{part} {value} from the name of the indicator"


def _money(text: str, value: object) -> Iterator[str]:
    if value == 0:
        yield f"{fold(text)} is 0 yuan in any unit"
        return
    for name in MONEY_UNITS:
        yuan = amount.parse(text, name)
        if yuan is not None and isinstance(value, Decimal) and yuan == value:
            yield f"{fold(text)} in {name}: {shown(value)} yuan"
            return
    yield "not read: it is no number, or no money unit stands over it"
