"""A bare decimal number, and the small Han numerals that stand before a unit."""

import re
from decimal import Decimal

from pipeline.values.fold import fold_value

NUMBER = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0)(?:\.[0-9]+)?(?![0-9])"
"""Regular expression of an unsigned number in folded text, whole: no digit follows it.

What begins with a needless zero (``0571``) is a code, not a number.
"""

_NUMBER = re.compile(r"[+-]?" + NUMBER)
_MAX_WHOLE = 18   # digits; the contract's widest column is decimal(24,6)
_MAX_LENGTH = 28   # characters; the default precision of Decimal


def parse(text: str) -> Decimal | None:
    """A plain decimal; its exponent is that of the print.

    >>> parse("7000.00"), parse("215,457.6"), parse("－１２"), parse("0.00")
    (Decimal('7000.00'), Decimal('215457.6'), Decimal('-12'), Decimal('0.00'))

    Anything else is none: units, wrong grouping, pieces, codes, more than 18 whole digits.

    >>> [parse(t) for t in ("10次", "1,23", "10 20", "1.2.3", "5.", "①", "007", "9" * 19)]
    [None, None, None, None, None, None, None, None]
    """
    folded = fold_value(text)
    return read(folded) if folded is not None and _NUMBER.fullmatch(folded) else None


def read(digits: str) -> Decimal | None:
    """The Decimal of a string that matches `NUMBER`, signed or not; None where too long.

    >>> read("1,000.50"), read("9" * 19)
    (Decimal('1000.50'), None)
    """
    plain = digits.replace(",", "")
    if len(plain) > _MAX_LENGTH or len(plain.partition(".")[0].lstrip("+-")) > _MAX_WHOLE:
        return None
    return Decimal(plain)


_HAN = "零一二三四五六七八九"


def _spelled(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if number < 20 else _HAN[tens]) + "十"   # noqa: PLR2004  十二, not 一十二
    elif hundreds and ones:
        text += "零"
    return text + (_HAN[ones] if ones or not number else "")


_NUMERALS = {_spelled(number): Decimal(number) for number in range(1000)}
_NUMERALS |= {f"{_HAN[digit]}千": Decimal(digit * 1000) for digit in range(1, 10)}
_NUMERALS |= {
    "两" + numeral[1:]: value
    for numeral, value in _NUMERALS.items()
    if numeral == "二" or numeral[:2] in {"二百", "二千"}
}
HAN_NUMERAL = "[零一二两三四五六七八九十百千]{1,6}"
"""Regular expression of what `han` may be asked about."""


def han(numeral: str) -> Decimal | None:
    """A Han numeral up to 九百九十九, or whole thousands, in its full spelling.

    >>> [int(han(n)) for n in ("零", "一", "两", "十", "十二", "二十", "一百零五", "三千")]
    [0, 1, 2, 10, 12, 20, 105, 3000]

    ``三四次`` is *three or four*, ``百次`` *some hundred*, ``二百五`` not in full: none.

    >>> han("三四"), han("百"), han("二百五"), han("")
    (None, None, None, None)
    """
    return _NUMERALS.get(numeral)
