"""R13: how many projects a report says it evaluated itself, their money, their average score.

Read from the prose around the forms. A number is taken only from a sentence that speaks of
self-evaluation (自评), or from one of the next that goes on about it; where a report states two
different numbers, neither is taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from pipeline.records import Row
from pipeline.values import amount, number
from pipeline.values.fold import fold

SENTENCES_AFTER: Final = 2
"""Sentences behind the one that names the self-evaluation in which its money and average may stand."""

LONGEST_SENTENCE: Final = 600
BEST_SCORE: Final = 120
"""Points; some bureaus give up to 20 on top of 100."""

_SENTENCE: Final = re.compile(r"[^。;!?]+")
_CLAUSE: Final = re.compile(r"[^,]+(?:(?<=[0-9]),(?=[0-9]{3})[^,]+)*")
_SELF: Final = "自评"
_OTHERS: Final = re.compile(
    r"部门评价|重点评价|财政评价|绩效目标|绩效监控|运行监控|事前|一级项目|二级项目|第三方|抽查|抽取"
)
"""Clauses about other evaluations, or about projects counted in another way."""

_PARTS: Final = re.compile(
    r"其中|[“\"'‘]?[优良中差][”\"'’]?(?:秀|好)?(?:等级|等次|的)?(?:有|为|项目)?[0-9]+个"
)
"""Clauses that break a number down."""

_NUMERAL: Final = "[0-9]{1,5}|[一二三四五六七八九十百两]{1,5}"
_COUNTS: Final = (
    re.compile(rf"(?<![0-9.第])({_NUMERAL})个(?:[^0-9个]{{0,14}})项目"),
    re.compile(
        rf"项目(?:支出)?(?:绩效自评|自评|总数|数量|个数|数)*(?:共计|共有|合计|总计|共|为|有|是|:)*({_NUMERAL})个"
    ),
)
_AMOUNT: Final = re.compile(
    rf"(?:涉及|金额|资金|预算|支出|总额|投入)[^0-9]{{0,14}}?({number.NUMBER}(?:[百千万亿]{{0,2}}元))"
)
_AVERAGE: Final = re.compile(
    r"平均(?:自评)?(?:得分|分数|分值|分)?(?:约?为|是|达到|达|:)?([0-9]{1,3}(?:\.[0-9]{1,4})?)分?(?![0-9%])"
)
_DIGITS: Final = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_SCALES: Final = {"十": 10, "百": 100}


class ControlTotals(NamedTuple):
    """What the text states; None where it states nothing, or two different things."""

    form_count: int | None = None
    amount_yuan: Decimal | None = None
    average_score: Decimal | None = None


def stated(rows: Iterable[Row]) -> ControlTotals:
    """The control totals of a document, from its rows outside any form."""
    found = list(_statements(rows))
    return ControlTotals(
        _only([totals.form_count for totals in found]),
        _only([totals.amount_yuan for totals in found]),
        _only([totals.average_score for totals in found]),
    )


_Value = TypeVar("_Value", int, Decimal)


def _only(values: Sequence[_Value | None]) -> _Value | None:
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None


def _statements(rows: Iterable[Row]) -> Iterator[ControlTotals]:
    for text in _running_text(rows):
        if _SELF not in text:
            continue
        sentences = [sentence for sentence in _SENTENCE.findall(text) if len(sentence) <= LONGEST_SENTENCE]
        for place, sentence in enumerate(sentences):
            if _SELF in sentence:
                yield read_statement(sentence, sentences[place + 1 : place + 1 + SENTENCES_AFTER])


def _running_text(rows: Iterable[Row]) -> Iterator[str]:
    """Paragraphs and lines without a break between them: a sentence goes on in the next line."""
    for is_prose, run in groupby(rows, lambda row: row.paragraph):
        if is_prose:
            yield fold("".join(row.slots[0].text for row in run if row.slots[0].fate in _READ))


_READ: Final = (None, "ignored:outside_forms")


def read_statement(sentence: str, following: Sequence[str] = ()) -> ControlTotals:
    """The totals in a folded sentence about self-evaluation, and in those that go on about it.

    >>> read_statement("我部门共对12个项目开展了绩效自评,涉及金额3,456.78万元", ["平均得分95.6分"])
    ControlTotals(form_count=12, amount_yuan=Decimal('3.45678E+7'), average_score=Decimal('95.6'))
    >>> read_statement("2023年度绩效自评项目共四个,其中优3个,良1个")
    ControlTotals(form_count=4, amount_yuan=None, average_score=None)
    >>> read_statement("组织对2个项目开展部门评价,对一级项目3个开展绩效自评").form_count
    """
    clauses = _clauses(sentence)
    count = _first(clauses, _count)
    if count is None and not any(_AVERAGE.search(clause) or "涉及" in clause for clause in clauses):
        return ControlTotals()
    for later in following:
        if _first(_clauses(later), _count) is not None:
            break
        clauses += _clauses(later)
    return ControlTotals(count, _first(clauses, _yuan), _first(clauses, _average))


def _clauses(sentence: str) -> list[str]:
    clauses = _CLAUSE.findall(sentence)
    return [clause for clause in clauses if not _OTHERS.search(clause) and not _PARTS.search(clause)]


def _first(clauses: Sequence[str], read: Callable[[str], _Value | None]) -> _Value | None:
    return next((value for clause in clauses if (value := read(clause)) is not None), None)


def _count(clause: str) -> int | None:
    for pattern in _COUNTS:
        if found := pattern.search(clause):
            return _integer(found[1]) or None
    return None


def _integer(text: str) -> int:
    """A small count in either numerals.

    >>> _integer("12"), _integer("十二"), _integer("一百二十"), _integer("两")
    (12, 12, 120, 2)
    """
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _yuan(clause: str) -> Decimal | None:
    found = _AMOUNT.search(clause)
    return amount.parse(found[1], None) if found else None


def _average(clause: str) -> Decimal | None:
    found = _AVERAGE.search(clause)
    score = Decimal(found[1]) if found else None
    return score if score is not None and score <= BEST_SCORE else None
