"""One printed quantity, or one range: operator, number, unit.

The grammar is closed: head + number + tail, where `head` and `tail` must each be understood
to the last character. A second number, an unknown word or a doubtful reading is no match.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.values import head, tail, unit, zero
from pipeline.values.lexicon import LEXICON
from pipeline.values.number import HAN_NUMERAL, NUMBER, han, read


class Quantity(NamedTuple):
    """A value with its operator and unit; ``high`` is the upper end of a range."""

    operator: str | None
    value: Decimal
    high: Decimal | None
    unit: str | None


_WITH_LIMIT = (">=", "<=")
_LONGEST = 60   # characters; a longer text is prose
# In m2 and m3 the digit is the unit's; any other digit would be a second number.
_AFTER = r"((?:[^0-9]|(?<=[mM])[23](?![0-9]))*)"
_ONE = re.compile(rf"([^0-9]*?)([+-]?{NUMBER}){_AFTER}")
_RANGE = re.compile(
    rf"([^0-9]*?)(-?{NUMBER})([^0-9]*?)(?:-{{1,2}}|—{{1,2}}|~|至|到)({NUMBER}){_AFTER}",
)
_HAN_DIGIT = HAN_NUMERAL[: HAN_NUMERAL.index("{")]
_NOT_HAN = _HAN_DIGIT.replace("[", "[^", 1)
_HAN_ONE = re.compile(rf"({_NOT_HAN}*)({_HAN_DIGIT}+)({_NOT_HAN}*)")
_PERCENT = re.compile(
    rf"(?<![0-9.,])(?<!{_HAN_DIGIT})百分之(?:(百)|({HAN_NUMERAL})|({NUMBER}))(?!{_HAN_DIGIT}|点)",
)
# 一年两次 is 每年两次; 一年一度 and 一月10日 are not.
_ONCE_A = re.compile(rf"^一个?(年|月|周|日|天|季度|季)(?=(?:[0-9]+|{_HAN_DIGIT}+)[次期场]$)")
_INCLUDED = re.compile(rf"\(含({NUMBER})([^0-9()]{{0,4}})\)")
_ORDINAL = frozenset(LEXICON["han"]["ordinal"].split())


def read_quantity(folded: str) -> Quantity | None:
    """The quantity that a folded text is, in full.

    >>> read_quantity(">=20.00(次)")
    Quantity(operator='>=', value=Decimal('20.00'), high=None, unit='次')
    >>> read_quantity("90%-95%")
    Quantity(operator='>=', value=Decimal('90'), high=Decimal('95'), unit='%')
    >>> read_quantity("<=5(工作日").unit
    '工作日'
    >>> read_quantity("每年不少于四次"), read_quantity("显著提升"), read_quantity("100%1000件")
    (Quantity(operator='>=', value=Decimal('4'), high=None, unit='次/年'), None, None)
    """
    if len(folded) > _LONGEST:
        return None
    text = folded[1:-1] if folded[:1] == "(" and folded.find(")") == len(folded) - 1 else folded
    if text[:1] == "一":
        text = _ONCE_A.sub(r"每\1", text)
    if text.rfind("(") > 0 and ")" not in text:  # closed on a line that is cut off
        text += ")"
    if "(含" in text:
        text = _INCLUDED.sub(lambda limit: _once(limit, text), text)
    if "百分之" in text:
        text = _PERCENT.sub(_percent, text)
    one = _ONE.fullmatch(text)
    if one is not None:
        return _one(one[1], one[2], one[3]) or _none(text)
    two = _RANGE.fullmatch(text)
    if two is not None:
        return _range(two)
    spelled = _HAN_ONE.fullmatch(text)
    found = _spelled(spelled[1], spelled[2], spelled[3]) if spelled is not None else None
    return found or _none(text)


def _none(text: str) -> Quantity | None:
    """零投诉, 安全事故为0: none of a mishap."""
    of = zero.read(text) if "0" in text or "零" in text else None
    return None if of is None else Quantity(None, Decimal(0), None, of[0])


def _one(before: str, digits: str, after: str) -> Quantity | None:
    first, last, value = head.read(before), tail.read(after), read(digits)
    if last is None and first is not None and first.operator in _WITH_LIMIT:
        last = tail.read(after.replace("(含)", "", 1))   # ≥5次(含): the sign says so already
    if first is None or last is None or value is None:
        return None
    if digits[0] in "+-" and first.label:
        return None   # 满意度-95%: a dash after a label is no sign
    return _quantity(first, value, None, last)


def _range(found: re.Match[str]) -> Quantity | None:
    first, middle, last = head.read(found[1]), tail.read(found[3]), tail.read(found[5].removesuffix("之间"))
    low, high = read(found[2]), read(found[4])
    if first is None or middle is None or last is None or low is None or high is None:
        return None
    if first.operator or middle.operator or last.operator or not low < high:
        return None
    if middle.unit not in (None, last.unit) or (found[2][0] == "-" and first.label):
        return None
    quantity = _quantity(first, low, high, last)
    return quantity._replace(operator=">=") if quantity is not None else None


def _spelled(before: str, numeral: str, after: str) -> Quantity | None:
    """A Han numeral counts only with a known unit, and never where it may be an ordinal."""
    value = han(numeral)
    if value is None:
        return None
    first, last = head.read(before), tail.read(after)
    if first is None or last is None:
        return None
    known = unit.parse(last.unit) if last.unit else None
    if known is None:
        is_zero = numeral == "零" and not (before or after)
        return Quantity(None, value, None, None) if is_zero else None
    if first.label and not first.operator:
        return None   # 少数十次
    marked = first.operator or first.per or last.operator or "个" in after or not value
    if known.dimension in ("rank", "ambiguous") or (known.unit in _ORDINAL and not marked):
        return None
    return _quantity(first, value, None, last)


def _quantity(
    first: head.Head, value: Decimal, high: Decimal | None, last: tail.Tail,
) -> Quantity | None:
    if first.operator and last.operator and first.operator != last.operator:
        return None
    sign = last.unit
    if first.money:
        sign = sign or "元"
        if not sign.endswith("元"):
            return None
    if first.per:
        rate = unit.parse(f"{sign}/{first.per}") if sign else None
        if rate is None:
            return None
        sign = rate.unit
    return Quantity(first.operator or last.operator, value, high, sign)


def _once(limit: re.Match[str], text: str) -> str:
    """95%以上(含95%) says its number twice; another number in the bracket is a second one."""
    before = text[: limit.start()]
    return "(含)" if re.search(rf"(?<![0-9.,]){re.escape(limit[1] + limit[2])}", before) else limit[0]


def _percent(found: re.Match[str]) -> str:
    if found[3]:
        return f"{found[3]}%"
    value = Decimal(100) if found[1] else han(found[2])
    return found[0] if value is None else f"{value}%"
