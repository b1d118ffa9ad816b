"""The target of an indicator: what 年度指标值 says, as far as it is one number or a date."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.values import date, operator, unit
from pipeline.values.fold import LIMIT, fold, fold_value
from pipeline.values.quantity import Quantity, read_quantity


class Target(NamedTuple):
    """A printed target.

    Attributes:
        operator: ``>=``, ``<=``, ``=``, ``>``, ``<``; None where none is printed.
        value: The number; of a range its lower end. None for dates and texts.
        high: The upper end of a range, else None.
        unit: The usual symbol of the printed unit; the value is not rescaled.
        kind: ``number``, ``range``, ``date`` or ``text`` (not understood, or prose).
    """

    operator: str | None
    value: Decimal | None
    high: Decimal | None
    unit: str | None
    kind: str


TEXT = Target(None, None, None, None, "text")
_DATED = frozenset("月年季")
_SIGNS = frozenset("<=>")


def parse(text: str) -> Target:
    """The one quantity, range or date that the text is; else kind ``text``.

    >>> parse("≥20.00(次)")
    Target(operator='>=', value=Decimal('20.00'), high=None, unit='次', kind='number')
    >>> parse("达到95%以上")
    Target(operator='>=', value=Decimal('95'), high=None, unit='%', kind='number')
    >>> parse("10～20次")
    Target(operator='>=', value=Decimal('10'), high=Decimal('20'), unit='次', kind='range')
    >>> parse("2023年11月底前")
    Target(operator='<=', value=None, high=None, unit=None, kind='date')

    >>> for printed in ("》5000份", "≤60s", "215,457.6", "5万人次", "10个工作日内", "不少于三次"):
    ...     print(*parse(printed))
    > 5000 None 份 number
    <= 60 None 秒 number
    None 215457.6 None None number
    None 5 None 万人次 number
    <= 10 None 工作日 number
    >= 3 None 次 number
    >>> [parse(printed).unit for printed in ("每月2次", "20(起诉)", "100%完成", "5个月", "3m2")]
    ['次/月', '起诉', '%', '月', '平方米']

    Two numbers, approximations, names with digits and prose are never guessed at.

    >>> prose = ("100%1000件", "约30次", "COVID-19防控", "第1名", "1:1.5", "10 20次", "显著提升")
    >>> {parse(printed).kind for printed in prose}
    {'text'}
    """
    return _parse(text) if len(text) <= LIMIT else TEXT


@lru_cache(maxsize=1024)   # a cell is looked at twice: what can it be, what does it say
def _parse(text: str) -> Target:
    folded = fold_value(text)
    if not folded:
        return TEXT
    quantity = read_quantity(folded)
    if quantity is None or _may_be_date(quantity, folded):
        due = date.read(folded)
        if due is not None:
            return Target(due.operator, None, None, None, "date")
    if quantity is None or _is_year(quantity):
        return TEXT
    return Target(*quantity, "number" if quantity.high is None else "range")


def _may_be_date(quantity: Quantity, folded: str) -> bool:
    """12月, 2023年, 2023.12, 20231231 and 2023-2024 read as numbers, but are dates.

    With a sign (``≤12月``) it is a number, unless the number is a year's.
    """
    if quantity.unit is None:
        return folded[:2] in ("19", "20") and len(folded) >= len("2023.1")
    if not _DATED.intersection(quantity.unit):
        return False
    return folded[0] not in _SIGNS or _is_year(quantity)


def _is_year(quantity: Quantity) -> bool:
    return quantity.unit == "年" and 1900 <= quantity.value < 2100   # noqa: PLR2004  years


@lru_cache(maxsize=1024)
def from_name(name: str) -> tuple[str | None, str | None]:
    """The operator and the unit that stand at the end of an indicator's name.

    >>> from_name("证书印刷数量（册）"), from_name("投诉率≤"), from_name("培训人数（人）≥")
    ((None, '册'), ('<=', None), ('>=', '人'))
    >>> from_name("群众满意度（≥）"), from_name("群众满意度(≥%)"), from_name("印刷数量（单位：册）")
    (('>=', None), ('>=', '%'), (None, '册'))

    Numbers, remarks and places in brackets say nothing.

    >>> {from_name(name) for name in ("满意度≥90%", "宣传（一期）", "慰问对象（村）", "超过", "")}
    {(None, None)}
    """
    found: dict[str, str] = {}
    rest = fold(name) if len(name) <= LIMIT else ""
    while rest:
        rest, word = _last_word(rest)
        parts = _name_parts(word) if word and rest else None
        if parts is None or not found.keys().isdisjoint(parts):
            break
        found |= parts
    return found.get("operator"), found.get("unit")


def _last_word(name: str) -> tuple[str, str]:
    """The name without, and, its last bracket or operator ("" where it ends in neither)."""
    if name.endswith(")"):
        before, opening, inner = name[:-1].rpartition("(")
        return (before, inner) if opening else (name, "")
    for length in range(min(len(name), _LONGEST_OPERATOR), 0, -1):
        word, before = name[-length:], name[:-length]
        if word in operator.BEFORE and word[0] != "最":   # 气温最高 is a name
            return (name, "") if operator.is_negated(word, before) else (before, word)
    return name, ""


_LONGEST_OPERATOR = max(map(len, operator.BEFORE))


def _name_parts(word: str) -> dict[str, str] | None:
    """``>=``, ``册`` or ``>=%`` by what it is; None where any of it is something else."""
    alone = operator.parse(word)
    if alone is not None:
        return {"operator": alone}
    sign = next((sign for sign in (word[:2], word[:1]) if sign in operator.BEFORE), "")
    known = unit.parse(word[len(sign):].lstrip(","))
    if known is None or known.dimension in unit.NOUN_DIMENSIONS:
        return None
    return {"unit": known.unit} | ({"operator": sign} if sign else {})
