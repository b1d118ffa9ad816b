"""Money: the unit that a label names, and the amount in yuan."""

import re
from decimal import Decimal
from functools import lru_cache

from pipeline.values import number
from pipeline.values.fold import LIMIT, fold, fold_value

_EXPONENTS = {
    "元": 0, "百元": 2, "千元": 3, "万元": 4, "十万元": 5, "百万元": 6, "千万元": 7, "亿元": 8,
}
_UNIT = "(?:[十百千]?万|[百千亿])?元"
# 元 is also half of 单元, 元旦, 多元化: a bare one counts only where it stands by itself.
_LABEL_UNIT = re.compile(
    rf"(?:(?<=[(:、,/\[])|(?<=单位)|(?<=金额)|(?<=人民币)|^|(?=[十百千万亿]))({_UNIT})"
    r"(?=[)、,;\]]|币种|$)",
)
_AMOUNT = re.compile(
    rf"¥?(?P<number>[+-]?{number.NUMBER})(?:(?P<open>\()?(?P<unit>{_UNIT})(?(open)\)))?整?",
)
_MAX_WHOLE = 16   # digits of whole yuan in the contract's decimal(20,4)


@lru_cache(maxsize=1024)
def money_unit(label: str) -> str | None:
    """The money unit that stands in a label; None where none or more than one does.

    >>> money_unit("项目资金 (万元)"), money_unit("预算执行情况(单位：元)"), money_unit("资金万元")
    ('万元', '元', '万元')
    >>> money_unit("元旦慰问项目"), money_unit("资金（元/人）"), money_unit("万元、元")
    (None, None, None)
    """
    if len(label) > LIMIT:
        return None
    units = set(_LABEL_UNIT.findall(fold(label)))
    return units.pop() if len(units) == 1 else None


def parse(text: str, unit: str | None) -> Decimal | None:
    """Yuan, with the exponent that tells the last printed place.

    >>> parse("55.50", "万元"), parse("215,457.6", "元"), parse("0.00", "亿元")
    (Decimal('5.550E+5'), Decimal('215457.6'), Decimal('0E+6'))

    A unit in the cell wins over the label's; without any the amount is unknown.

    >>> parse("15.42万元", "元"), parse("￥1,000.00元", "万元"), parse("3（亿元）", None)
    (Decimal('1.542E+5'), Decimal('1000.00'), Decimal('3E+8'))
    >>> parse("15.42", None), parse("15.42万", "元"), parse("-", "元"), parse("5 000", "元")
    (None, None, None, None)
    """
    folded = fold_value(text)
    found = _AMOUNT.fullmatch(folded) if folded is not None else None
    exponent = _EXPONENTS.get((found["unit"] or unit or "") if found else "")
    printed = number.read(found["number"]) if found else None
    if printed is None or exponent is None:
        return None
    sign, digits, place = printed.as_tuple()
    assert isinstance(place, int)
    yuan = Decimal((sign, digits, place + exponent))   # exact, whatever the decimal context
    return yuan if yuan.adjusted() < _MAX_WHOLE else None
