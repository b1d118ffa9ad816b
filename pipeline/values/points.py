"""A weight or a score, in points."""

import re
from decimal import Decimal

from pipeline.values import number
from pipeline.values.fold import fold_value

_POINTS = re.compile(rf"(?P<open>\()?(?P<number>{number.NUMBER})(?:分|\(分\))?(?(open)\))")
_BEYOND = Decimal(10) ** 8   # the contract's columns are decimal(12,4)


def parse(text: str) -> Decimal | None:
    """The points; there are none below zero.

    >>> parse("10"), parse("10.00"), parse("10 分"), parse("（40分）"), parse("9.97")
    (Decimal('10'), Decimal('10.00'), Decimal('10'), Decimal('40'), Decimal('9.97'))

    Times, percents, formulas and negative points are none.

    >>> none = ("10次", "10%", "20分*执行率", "-5", "-", "", "100000000", "（40分", "10 20")
    >>> {parse(printed) for printed in none}
    {None}
    """
    folded = fold_value(text)
    found = _POINTS.fullmatch(folded) if folded is not None else None
    points = number.read(found["number"]) if found else None
    return points if points is not None and points < _BEYOND else None
