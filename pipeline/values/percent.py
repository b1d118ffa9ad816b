"""A rate in percent, with or without its sign (under a (%) head it has none)."""

import re
from decimal import Decimal

from pipeline.values import number
from pipeline.values.fold import fold_value

_PERCENT = re.compile(rf"(?P<open>\()?(?P<number>[+-]?{number.NUMBER})(?:%|\(%\))?(?(open)\))")


def parse(text: str) -> Decimal | None:
    """The number of percent, never rescaled: ``0.996`` stays 0.996 percent.

    >>> parse("99.60"), parse("99.60 ％"), parse("(100%)"), parse("99.60(%)"), parse("0.00")
    (Decimal('99.60'), Decimal('99.60'), Decimal('100'), Decimal('99.60'), Decimal('0.00'))
    >>> parse("99.60‰"), parse("≥95%"), parse("-"), parse("(100"), parse("95%-100%")
    (None, None, None, None, None)
    """
    folded = fold_value(text)
    found = _PERCENT.fullmatch(folded) if folded is not None else None
    return number.read(found["number"]) if found else None
