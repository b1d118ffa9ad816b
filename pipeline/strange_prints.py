"""Prints of a scan that are strange beside the others of their form, however surely each was read.

A sign that was cut off leaves no reading to doubt, and what was cut off behind a point passes every sum as rounding.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from pipeline.choices import Place, records_of
from pipeline.prints import KINDS, has_digit, understood
from pipeline.recognised import is_recognised
from pipeline.records import Fields, Finding, Printed, PrintedForm
from pipeline.values import blank, points, unit
from pipeline.values.fold import fold
from pipeline.variants import without_dirt

FEWEST_WORDS: Final = 2
"""Han of a target or result in words; a word of one stands alone."""

SURE: Final = 0.95
"""Chance from which even such a print is taken for what it says: AAA is a rating."""

FEWEST_ALIKE: Final = 3
"""Numbers that all have the same places, from which another one that has not is strange."""

_PLACED: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (("funds", "initial_budget_yuan"), ("funds", "annual_budget_yuan"), ("funds", "executed_yuan")),
    (("funds", "execution_rate_pct"),),
    (("funds", "score"), ("indicators", "score"), ("projects", "score_total")),
)
"""Fields that a form prints with the same places, by table and name."""
_QUANTITY: Final = re.compile(r"[<>=≥≤]{0,2}[0-9][0-9,.]*[^0-9()]{1,8}")
_BELOW_NOTHING: Final = re.compile(r"[-—–一]\s*[0-9]")
_QUANTITIES: Final = ("target_text", "actual_text")


def strange_prints(printed: PrintedForm) -> Iterator[Finding]:
    """Warnings, on the field of each."""
    yield from _of_fewer_places(printed)
    yield from _below_nothing(printed)
    yield from _garbled(printed)


def _of_fewer_places(printed: PrintedForm) -> Iterator[Finding]:
    """Numbers with fewer places than all others of their kind: print may have been cut off.

    No sum may tell: 87 for 87.75 is what rounding makes of it. A total that is the sum is printed so.
    """
    for fields in _PLACED:
        places = [(place, value, _places(place, value, money)) for place, value, money in _numbers(printed, fields)]
        usual = Counter(found for *_, found in places if found is not None)
        if not usual:
            continue
        most, count = usual.most_common(1)[0]
        if count < max(FEWEST_ALIKE, usual.total() - 1):
            continue
        for place, value, found in places:
            if found is not None and found < most and is_recognised(value.cell) and not _is_sum(place, value, printed):
                message = f"this number has fewer places than the {count} others of its kind: print may have been lost"
                yield Finding("doubtful_number", "warning", message, *place, value.text)


def _below_nothing(printed: PrintedForm) -> Iterator[Finding]:
    """Numbers with a dash before them: hardly one of a form is below 0, and rests of rulings are read as dashes."""
    for table, line, record, _ in records_of(printed):
        for name, value in record.items():
            if name in KINDS.get(table, ()) and is_recognised(value.cell) and _BELOW_NOTHING.match(fold(value.text)):
                message = "a dash stands before this number: it may be the rest of a ruling"
                yield Finding("doubtful_number", "warning", message, table, line, name, value.text)


def _is_sum(place: Place, value: Printed, printed: PrintedForm) -> bool:
    """Whether a total score is just what the scores make."""
    if place.field != "score_total":
        return False
    scores = [_score(row.fields) for row in (*printed.indicators, *printed.funds)]
    return points.parse(value.text) == sum([score for score in scores if score is not None], Decimal(0))


def _numbers(
    printed: PrintedForm, fields: Sequence[tuple[str, str]]
) -> Iterator[tuple[Place, Printed, str | None]]:
    for table, line, record, money in records_of(printed):
        for of_table, name in fields:
            if of_table == table and name in record:
                yield Place(table, line, name), record[name], money


def _places(place: Place, value: Printed, money: str | None) -> int | None:
    """The places that a number is printed with; None for what is no number, and for 0, which many print bare."""
    said = understood(KINDS[place.table][place.field], value.text, money)
    return None if not said.number else len(value.text.rpartition(".")[2].rstrip("%％")) if "." in value.text else 0


def _garbled(printed: PrintedForm) -> Iterator[Finding]:
    """Targets and results that are neither words nor quantities."""
    for line, row in enumerate(printed.indicators):
        for name in _QUANTITIES:
            value = row.fields.get(name)
            if value is None or not is_recognised(value.cell):
                continue
            if _is_garbled(KINDS["indicators"][name], value.text, value.cell.origin.confidence):
                message = "this is neither words nor a quantity: a number may have been misread"
                yield Finding("doubtful_number", "warning", message, "indicators", line, name, value.text)


def _is_garbled(kind: str, text: str, sure: float) -> bool:
    """Whether a print is not understood and has hardly words, or would be understood but for specks beside it.

    >>> [_is_garbled("target", text, 0.5) for text in ("N", "≤36分钟-", "a大", "≥95%", "健全", "优", "-")]
    [True, True, True, False, False, False, False]
    >>> _is_garbled("target", "AAA", 0.99), _is_garbled("target", "一般故障10分钟内响应", 0.5)
    (False, False)
    >>> _is_garbled("target", "≥84842元/人年", 0.99), _is_garbled("target", "≥84842元/人·年", 0.99)
    (True, False)
    >>> _is_garbled("actual", "工作日", 0.99), _is_garbled("actual", "(个月)", 0.99)   # of what?
    (True, True)
    """
    said = understood(kind, text)
    if isinstance(said.key, tuple) or blank.is_blank(text):
        return False
    if unit.parse(text) is not None:
        return True
    words = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    if words < min(FEWEST_WORDS, len(text)):
        return sure < SURE and not (said.readable and has_digit(text))
    if not said.readable and _QUANTITY.fullmatch(fold(text)):
        return True   # of its unit something was lost
    bare, _ = without_dirt(text)
    return bare != text and isinstance(understood(kind, bare).key, tuple)


def _score(fields: Fields) -> Decimal | None:
    return points.parse(fields["score"].text) if "score" in fields else None
