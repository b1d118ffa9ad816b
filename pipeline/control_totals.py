"""R13: how many projects a report says it evaluated itself, their money, their average score.

Read from the prose around the forms and in reports. A number is taken only from a sentence that
speaks of self-evaluation (自评), or from one of the next that goes on about it; where a report
states two different numbers, neither is taken and both are reported.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from pipeline.records import ControlTotals, Row, Slot, Statement
from pipeline.values import amount, number
from pipeline.values.fold import fold

SENTENCES_AFTER: Final = 2
"""Sentences behind the one that names the self-evaluation in which its money and average may stand."""

LONGEST_SENTENCE: Final = 600
BEST_SCORE: Final = 120
"""Points; some bureaus give up to 20 on top of 100."""

_QUOTED: Final = re.compile(r"[“《\"'‘][^“”《》\"'‘’]{3,60}[”》\"'’]")
"""Names: what stands in them says nothing."""

_SENTENCE: Final = re.compile(r"[^。;!?]+")
_CLAUSE: Final = re.compile(r"[^,]+(?:(?<=[0-9]),(?=[0-9]{3})[^,]+)*")
_SELF: Final = "自评"
_OTHERS: Final = re.compile(
    r"部门评价|重点评价|财政评价|绩效监控|运行监控|事前|一级项目|二级项目|第三方|抽查|抽取|复核|整体支出(?!.{0,20}项目)"
    r"|(?:编制|申报|设定|设置|批复|报送|填报|审核|公开)了?.{0,6}绩效目标|绩效目标.{0,4}(?:编制|申报|批复|审核)"
)
"""Clauses about other evaluations, or about projects counted in another way."""

_NOT_DONE: Final = re.compile(
    r"未(?!央|来|成年)|没有|不涉及|无需|不需|免于|不再|不纳入|(?<![虚模比])拟|计划对|将对|将组织|下一?年"
    r"|上一?年(?!结[转余]|末)|去年"
)
"""Clauses about what was not evaluated, or in another year."""

_PARTS: Final = re.compile(
    r"其中|其余|分别|[“\"'‘]?[优良中差][”\"'’]?(?:秀|好)?(?:等级|等次|的)?(?:有|为|项目)?[0-9一二三四五六七八九十百]+[个项]"
    r"|(?:得分|分数|评分)在?[0-9]+分?(?:\(含\))?(?:以上|以下|至|-|~)|(?:评为|等级为|结果为|等次为)[“\"'‘]?[优良中差]"
)
"""Clauses that break a number down."""

_HAN: Final = "[一二三四五六七八九十百两零]{1,6}"
_NUMERAL: Final = f"[0-9]{{1,5}}|{_HAN}"
_JOIN: Final = "(?:共计|共有|共涉及|合计|总计|总共|一共|共|为|有|是|达|:|数量|个数|总数|数)*"
_COUNTS: Final = (
    re.compile(rf"(?<![0-9.第])({_NUMERAL})个(?:[^0-9个]{{0,20}})项目"),
    re.compile(rf"(?<![0-9.第])({_NUMERAL})项(?:[^0-9项]{{0,14}})(?:项目|支出)"),
    re.compile(rf"项目(?:支出)?(?:的?(?:绩效)?(?:自评|评价))?{_JOIN}({_NUMERAL})(?:个|项(?!目?指标))"),
    re.compile(rf"自评(?:工作)?(?:的?项目)?{_JOIN}({_NUMERAL})(?:个|项(?!目?指标))"),
)
_MONEY: Final = rf"{number.NUMBER}(?:[百千万亿]{{0,2}}元)"
_AMOUNT: Final = re.compile(rf"(?:涉及|金额|资金|预算|支出|总额|投入)[^0-9]{{0,14}}?({_MONEY})")
_BUDGETS: Final = ("一般公共预算", "政府性基金", "国有资本经营", "财政专户", "社会保险基金", "单位资金")
"""Budgets whose money is printed one by one and is the amount together."""

_MEAN_WORDS: Final = "(?:自评|评价|综合|绩效)?(?:总?得分|总?分数|总?分值|总?评分|总分|成绩|分)?"
_AVERAGE: Final = re.compile(
    rf"(?:平均{_MEAN_WORDS}|得分(?:的)?平均(?:值|分|数)?|均分)(?:约?为|是|达到|达|:)?"
    rf"([0-9]{{1,3}}(?:\.[0-9]{{1,4}})?|{_HAN}(?:点[一二三四五六七八九零]{{1,4}})?)分?(?![0-9%个项]|以上|以下|左右)"
)
_ONLY_SCORE: Final = re.compile(
    r"自评(?:综合|平均)?(?:总)?(?:得分|分数|评分)(?:为|是|:)?([0-9]{1,3}(?:\.[0-9]{1,4})?)分?(?![0-9%]|以上|以下)"
)
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_SCALES: Final = {"十": 10, "百": 100}
_READ: Final = (None, "ignored:outside_forms")


class _Found(NamedTuple):
    """A number, its print, and where this begins in the text around it."""

    value: Decimal
    text: str
    start: int


class _Clause(NamedTuple):
    text: str
    start: int


_FIELDS: Final = ControlTotals._fields


def stated(rows: Iterable[Row]) -> ControlTotals:
    """The control totals of a document, from its rows outside any form."""
    return totals(statements(rows))


def totals(found: Sequence[Statement]) -> ControlTotals:
    """What the statements agree on; None where there is none, or two different ones."""
    agreed = [_only([one.value for one in found if one.field == f"stated_{field}"]) for field in _FIELDS]
    count, yuan, average = agreed
    return ControlTotals(None if count is None else int(count), yuan, average)


def _only(values: Sequence[Decimal]) -> Decimal | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None


def statements(outside: Iterable[Row], *reports: Iterable[Row]) -> tuple[Statement, ...]:
    """Every number that the prose of a document states about its self-evaluations.

    Args:
        outside: Rows outside any form.
        reports: Rows of each report or other neighbour. A report may be one about a single project:
            where it does not say how many projects were evaluated, it states nothing.
    """
    found = list(_all_of(outside))
    for rows in reports:
        stated_there = list(_all_of(rows))
        if any(one.field == "stated_form_count" for one in stated_there):
            found += stated_there
    return tuple(found)


def _all_of(rows: Iterable[Row]) -> Iterator[Statement]:
    for text, slots in _running_text(rows):
        yield from _stated_in(text, slots)


def _running_text(rows: Iterable[Row]) -> Iterator[tuple[str, list[tuple[int, Slot]]]]:
    """Paragraphs and lines without a break between them: a sentence goes on in the next line.

    Beside each text stands where each of its slots begins in it.
    """
    for is_prose, run in groupby(rows, _is_prose):
        if is_prose:
            text, slots = "", []
            for row in run:
                slots.append((len(text), row.slots[0]))
                text += fold(row.slots[0].text)
            yield text, slots


def _is_prose(row: Row) -> bool:
    fate = row.slots[0].fate
    return (
        (row.paragraph or len(row.slots) == 1)
        and (fate in _READ or str(fate).startswith("ignored:neighbour_"))
        and not row.slots[0].value
    )


def _stated_in(text: str, slots: Sequence[tuple[int, Slot]]) -> Iterator[Statement]:
    if _SELF not in text:
        return
    text = _QUOTED.sub(lambda name: "□" * len(name[0]), text)
    sentences = [
        _Clause(found[0], found.start()) for found in _SENTENCE.finditer(text) if len(found[0]) <= LONGEST_SENTENCE
    ]
    for place, sentence in enumerate(sentences):
        if _SELF in sentence.text:
            found = _read(sentence, sentences[place + 1 : place + 1 + SENTENCES_AFTER])
            for field, one in found.items():
                slot = next(slot for start, slot in reversed(slots) if start <= one.start)
                yield Statement(f"stated_{field}", one.value, one.text, slot)


def read_statement(sentence: str, following: Sequence[str] = ()) -> ControlTotals:
    """The totals in a folded sentence about self-evaluation, and in those that go on about it.

    >>> read_statement("我部门共对12个项目开展了绩效自评,涉及金额3,456.78万元", ["平均得分95.6分"])
    ControlTotals(form_count=12, amount_yuan=Decimal('3.45678E+7'), average_score=Decimal('95.6'))
    >>> read_statement("2023年度绩效自评项目共四个,其中优3个,良1个")
    ControlTotals(form_count=4, amount_yuan=None, average_score=None)
    >>> read_statement("组织对2个项目开展部门评价,对一级项目3个开展绩效自评").form_count
    """
    found = _read(_Clause(sentence, 0), [_Clause(text, 0) for text in following])
    count = found.get("form_count")
    amounts, means = found.get("amount_yuan"), found.get("average_score")
    return ControlTotals(None if count is None else int(count.value), amounts and amounts.value, means and means.value)


def _read(sentence: _Clause, following: Sequence[_Clause]) -> dict[str, _Found]:
    clauses = _clauses(sentence)
    if not any(_SELF in clause.text for clause in clauses):
        return {}
    count = _first(clauses, _count)
    if count is None and not any(_AVERAGE.search(one.text) or "涉及" in one.text for one in clauses):
        return {}
    for later in following:
        if _first(_clauses(later), _count) is not None:
            break
        clauses += _clauses(later)
    average = _first(clauses, _average)
    if average is None and count is not None and count.value == 1:
        average = _first(clauses, _only_score)
    found = {"form_count": count, "amount_yuan": _amount(clauses), "average_score": average}
    return {field: one for field, one in found.items() if one is not None}


def _clauses(sentence: _Clause) -> list[_Clause]:
    found = [_Clause(one[0], sentence.start + one.start()) for one in _CLAUSE.finditer(sentence.text)]
    return [clause for clause in found if _counts(clause.text)]


def _counts(clause: str) -> bool:
    """Whether a clause may speak of the self-evaluations of the year as a whole."""
    if _OTHERS.search(clause) or _PARTS.search(clause) or _NOT_DONE.search(clause):
        return False
    return _SELF in clause or "开展绩效评价" not in clause


def _first(clauses: Sequence[_Clause], read: Callable[[_Clause], _Found | None]) -> _Found | None:
    return next((found for clause in clauses if (found := read(clause)) is not None), None)


# ── numbers ──────────────────────────────────────────────────────────────────


def _count(clause: _Clause) -> _Found | None:
    for pattern in _COUNTS:
        if found := pattern.search(clause.text):
            value = _integer(found[1])
            return _Found(Decimal(value), found[1], clause.start + found.start(1)) if value else None
    return None


def _integer(text: str) -> int:
    """A small count in either numerals.

    >>> _integer("12"), _integer("十二"), _integer("一百二十"), _integer("两"), _integer("一百零五")
    (12, 12, 120, 2, 105)
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


def _points(text: str) -> Decimal:
    """A score in either numerals.

    >>> _points("96.50"), _points("九十五点零六"), _points("九十")
    (Decimal('96.50'), Decimal('95.06'), Decimal('90'))
    """
    if text[0].isdecimal():
        return Decimal(text)
    whole, _, part = text.partition("点")
    places = "".join(str(_DIGITS[sign]) for sign in part)
    return Decimal(f"{_integer(whole)}.{places}" if places else _integer(whole))


def _amount(clauses: Sequence[_Clause]) -> _Found | None:
    """The amount: the first one, or the sum of those that follow one another by the budget they come from."""
    found: list[_Found] = []
    budgets: set[str] = set()
    for clause in clauses:
        one = _yuan(clause)
        if one is None:
            continue
        budget = next((name for name in _BUDGETS if name in clause.text), None)
        if found and (budget is None or budget in budgets or not budgets):
            break
        found.append(one)
        if budget is not None:
            budgets.add(budget)
    if not found:
        return None
    total = sum((one.value for one in found[1:]), found[0].value)
    return _Found(total, " + ".join(one.text for one in found), found[0].start)


def _yuan(clause: _Clause) -> _Found | None:
    found = _AMOUNT.search(clause.text)
    value = amount.parse(found[1], None) if found else None
    return _Found(value, found[1], clause.start + found.start(1)) if found and value is not None else None


def _average(clause: _Clause) -> _Found | None:
    return _score(_AVERAGE.search(clause.text), clause)


def _only_score(clause: _Clause) -> _Found | None:
    """The score of the only project that was evaluated."""
    return _score(_ONLY_SCORE.search(clause.text), clause)


def _score(found: re.Match[str] | None, clause: _Clause) -> _Found | None:
    score = _points(found[1]) if found else None
    if found is None or score is None or score > BEST_SCORE:
        return None
    return _Found(score, found[1], clause.start + found.start(1))
