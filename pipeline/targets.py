"""Targets and results of indicators: a print, and what the cells beside it say, read together and once."""

from decimal import Decimal
from typing import NamedTuple

from pipeline.labels import is_left_in
from pipeline.memo import Memo
from pipeline.values import actual, damaged, outcome, target
from pipeline.values import operator as sign
from pipeline.values import unit as unit_of

_DIGITS = frozenset("0123456789０１２３４５６７８９")


class _Wanted(NamedTuple):
    """A target; ``named_unit`` is a unit that only the name prints, ``mended`` how damaged print was read.

    ``torn`` is whether its operator may be damaged, ``hinted`` whether it or the name is a hint of the model form.
    """

    operator: str | None = None
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    named_unit: str | None = None
    unread: bool = False
    mended: str | None = None
    torn: bool = False
    hinted: bool = False


class _Result(NamedTuple):
    value: Decimal | None = None
    unit: str | None = None
    outcome: str | None = None
    unread: bool = False
    hinted: bool = False


def _wanted(question: tuple[str | None, str | None, str | None, str | None]) -> _Wanted:
    """The target; where it prints no operator or unit, a cell beside it or the indicator's name may."""
    text, name, operator_text, unit_text = question
    beside = _unit_beside(unit_text)
    hinted = name is not None and is_left_in(name)
    if text is None:
        return _Wanted(unit=beside, named_unit=beside, hinted=hinted)
    parsed = target.parse(text)
    mended = damaged.mended(text) if parsed.kind == "text" else None
    if mended is not None:
        parsed = target.parse(mended)
    operator, unit = parsed.operator, parsed.unit
    if operator is None and operator_text is not None:
        operator = sign.parse(operator_text) or damaged.operator(operator_text)
    named_unit = beside if unit is None else None
    if beside is not None:
        pass
    elif parsed.kind == "number" and name is not None and (operator is None or unit is None):
        named_operator, found_unit = target.from_name(name)
        operator = operator or named_operator
        named_unit = found_unit if unit is None else None
    unread = parsed.kind == "text" and not _DIGITS.isdisjoint(text)
    if parsed.kind == "text" and operator_text is not None:
        operator = None  # an operator without a number to compare with says nothing
    torn = mended is not None or (parsed.unit == "%" and damaged.may_be_torn(text))
    hinted = hinted or is_left_in(text)
    return _Wanted(
        operator, parsed.value, parsed.high, unit or named_unit, named_unit, unread, mended, torn, hinted
    )


def _unit_beside(text: str | None) -> str | None:
    """The unit that stands in a cell of its own, by its usual symbol."""
    found = None if text is None else unit_of.parse(text)
    return None if found is None else found.unit


def _result(text: str | None) -> _Result:
    if text is None:
        return _Result()
    parsed = actual.parse(text)
    reached = outcome.parse(text)
    unread = parsed.kind == "text" and reached is None and not _DIGITS.isdisjoint(text)
    return _Result(parsed.value, parsed.unit, reached, unread, is_left_in(text))


WANTED = Memo(_wanted)
"""What a target says, by its print, the indicator's name, and the cells of its operator and unit."""

RESULTS = Memo(_result)
"""What a result says, by its print."""
