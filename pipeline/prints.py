"""What a print of a numeric field says: the value it stands for, and the look that its column repeats."""

import re
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.memo import Memo
from pipeline.values import actual, amount, blank, grade, outcome, percent, points, target, unit, year
from pipeline.values.fold import fold

KINDS: Final = {
    "funds": {
        "initial_budget_yuan": "money",
        "annual_budget_yuan": "money",
        "executed_yuan": "money",
        "execution_rate_pct": "percent",
        "weight": "points",
        "score": "points",
    },
    "indicators": {"target_text": "target", "actual_text": "actual", "weight": "points", "score": "points"},
    "projects": {
        "weight_total": "points",
        "score_total": "points",
        "form_year": "year",
        "project_code": "code",
        "grade": "grade",
    },
}
"""Kind of print of each numeric field, by table. A grade is none, but as short and as binding."""

BLANK: Final = "blank"
"""Key and look of all marks that say that nothing stands there."""

QUANTITIES: Final = frozenset({"target", "actual"})
"""Kinds whose print may well be prose."""

UNREADABLE: Final = 0.02
"""Weight of money, points or a rate that is no number, and of a quantity of digits that is none."""

UNREADABLE_PROSE: Final = 0.25
"""Weight of a target or result of digits and more than a unit that is not understood: prose often is so."""

ODD: Final = 0.1
"""Weight of more than 100 points or percent."""

PER_MILLE: Final = ((Decimal(20), 0.2), (Decimal("Infinity"), 0.01))
"""Numbers up to which, and the weight of ‰: it stands where % says too little, and % is read for it and it for %."""

NEGATIVE: Final = 0.1
"""Weight of money or points below 0: a dash before a number is more often a rest of a ruling."""

UNKNOWN_UNIT: Final = 0.06
"""Weight of a unit that no table has, as 曰 for 日: there are such, but seldom where a known one was seen too."""

_LOOKS: Final = {
    ".": ",·、。•", "-": "一—_", "(": "C",
    "0": "OoDQ", "1": "Il|丨", "2": "Zz", "5": "S", "6": "b", "8": "B", "9": "gq",
}  # fmt: skip
_ALIKE: Final = str.maketrans({sign: to for to, signs in _LOOKS.items() for sign in signs})
_BRACKET: Final = re.compile("[(（][^()（）]*[)）]?$")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
_MOST: Final = {"points": Decimal(100), "percent": Decimal(100)}
_FULL: Final = Decimal(100)
_PER_MILLE_RATE: Final = 0.01


class Print(NamedTuple):
    """What one print says.

    Attributes:
        key: Equal for prints that say the same; a number with its printed places.
        number: The number, where the field is one of money, points or percent.
        readable: Whether the value module understands it, or it is blank.
        look: What the other prints of its column mostly share: decimals, operator.
        weight: How well it is printed, 0 to 1: what is no value, or one of a size or unit that its kind
            hardly ever has, is likelier a misreading.
    """

    key: Hashable
    number: Decimal | None
    readable: bool
    look: Hashable
    weight: float


def skeleton(text: str) -> str:
    """The text with every sign as the commonest of those that look like it, to tell misreadings of one print.

    >>> skeleton("24,96") == skeleton("Z4·9b"), skeleton("一") == skeleton("-"), skeleton("3") == skeleton("8")
    (True, True, False)
    """
    return fold(text).translate(_ALIKE)


def without_unit(text: str) -> tuple[str, ...]:
    """The skeleton of a quantity without the unit in its brackets, where it has one.

    >>> without_unit("=100(x)") == without_unit("＝100（%）"), without_unit("100")
    (True, ())
    """
    bare, count = _BRACKET.subn("()", fold(text))
    return (skeleton(bare),) if count and has_digit(bare) else ()


def has_digit(text: str) -> bool:
    """Whether any digit stands in the text."""
    return not _DIGITS.isdisjoint(text)


def understood(kind: str, text: str, money_unit: str | None = None) -> Print:
    """What a print of a field of this kind says.

    Args:
        kind: A kind of `KINDS`.
        text: The print.
        money_unit: The unit over the column.

    >>> understood("points", "10.00")[1:], understood("points", "1O.00").readable
    ((Decimal('10.00'), True, 2, 1.0), False)
    >>> understood("target", "≥80%") == understood("target", "＞＝80（％）")
    True
    >>> understood("points", "3").key == understood("points", "3.0").key
    False
    """
    return _PRINTS[kind, text, money_unit]


def _understood(question: tuple[str, str, str | None]) -> Print:
    kind, text, money_unit = question
    if kind in QUANTITIES:
        return _quantity(kind, text)
    if kind in _WORDS:
        word = _WORDS[kind](text)
        known = word is not None
        return Print(word if known else fold(text), None, known, None, 1.0 if known else UNREADABLE)
    number = _NUMBERS[kind](text) if kind in _NUMBERS else amount.parse(text, money_unit or "元")
    if number is not None:
        weight = ODD if kind in _MOST and number > _MOST[kind] else NEGATIVE if number < 0 else 1.0
        if "‰" in text:
            weight *= _PER_MILLE_RATE
        return Print((number, number.as_tuple().exponent), number, readable=True, look=_places(number), weight=weight)
    if blank.is_blank(text):
        return Print(BLANK, None, readable=True, look=BLANK, weight=1.0)
    return Print(fold(text), None, readable=False, look=None, weight=UNREADABLE)


def _code(text: str) -> str | None:
    return text if text.isalnum() and text.isascii() else None


_NUMBERS: Final = {"points": points.parse, "percent": percent.parse}
_WORDS: Final[Mapping[str, Callable[[str], Hashable]]] = {"year": year.parse, "grade": grade.parse, "code": _code}


def _places(number: Decimal) -> object:
    return max(0, -int(number.as_tuple().exponent))


def _quantity(kind: str, text: str) -> Print:
    parsed: target.Target | actual.Actual = target.parse(text) if kind == "target" else actual.parse(text)
    value = parsed.value
    if value is None:
        readable = parsed.kind == "date" or not has_digit(text) or outcome.parse(text) is not None
        worded = UNREADABLE_PROSE if _is_worded(fold(text)) else UNREADABLE
        return Print(fold(text), None, readable, None, 1.0 if readable else worded)
    operator = getattr(parsed, "operator", None)
    key = (operator, value, value.as_tuple().exponent, parsed.high, parsed.unit)
    weight = ODD if parsed.unit == "%" and value > _FULL else 1.0
    if parsed.unit == "‰":
        weight *= next(factor for most, factor in PER_MILLE if abs(value) <= most)
    if parsed.unit is not None and unit.parse(parsed.unit) is None:
        weight *= UNKNOWN_UNIT
    return Print(key, None, readable=True, look=operator is not None if kind == "target" else None, weight=weight)


def _is_worded(text: str) -> bool:
    """Whether a quantity is one in words, or has a second one in its brackets: 100%(751/751件)."""
    brackets = _BRACKET.search(text)
    return len(_HAN.findall(_BRACKET.sub("", text))) > 1 or (brackets is not None and has_digit(brackets[0]))


_PRINTS: Final = Memo(_understood)
