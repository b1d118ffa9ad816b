"""R13: what the text of a document states of its self-evaluations, held against what was found in it.

A stated number stands for every value that prints so, as the numbers of the forms do: sums and
means are compared as intervals. Totals may be those of a whole department while the document
holds some of its forms; then only what is impossible is a warning.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from pipeline.checks.budget import total_row
from pipeline.checks.context import WIDE
from pipeline.checks.intervals import HALF, ZERO, Span, beside, meets, place, plain, sum_meets
from pipeline.records import ControlTotals, Finding, Form, Statement
from pipeline.result_lists import Listed

RULE: Final = "R13_control_total"
BEST_SCORE: Final = Decimal(120)
"""Points that a form can have: some bureaus give up to 20 on top of 100."""

WHOLE_DEPARTMENT: Final = "整体"
"""Stands in the title of a form about a whole department, which is no project."""

_MONEY: Final = {
    "annual_budget": "annual budgets",
    "executed": "executed amounts",
    "initial_budget": "initial budgets",
}
_PART: Final = "the total may be that of a whole department of which the document holds some forms"


class Found(NamedTuple):
    """Projects that a document holds, in one way of counting them.

    ``money`` holds, for each column, the amount of each project; None where it is not known.
    """

    noun: str
    number: int
    money: dict[str, tuple[Decimal | None, ...]]
    scores: tuple[Decimal | None, ...]


def reconcile(
    stated: ControlTotals, statements: Sequence[Statement], forms: Sequence[Form], listed: Sequence[Listed]
) -> list[Finding]:
    """A finding for each stated number: info where it agrees with what was found, else a warning.

    Args:
        stated: What the text states.
        statements: Where; for numbers that contradict one another.
        forms: All forms of the document.
        listed: Projects of the document's lists of results.
    """
    with localcontext(WIDE):
        ways = [*_ways(forms, listed)]
        return [
            *_contradictions(stated, statements),
            *_count(stated, ways),
            *_amount(stated, ways, statements),
            *_average(stated, ways),
        ]


def _ways(forms: Sequence[Form], listed: Sequence[Listed]) -> Iterator[Found]:
    """The forms of projects; with them those of whole departments; the projects of lists."""
    projects = [form for form in forms if WHOLE_DEPARTMENT not in (form.title or "")]
    yield _of_forms("forms found", projects)
    if len(projects) < len(forms):
        yield _of_forms("forms found, those of whole departments among them", forms)
    if listed:
        money = {name: tuple(_number(one, f"{name}_yuan") for one in listed) for name in _MONEY}
        yield Found("projects listed", len(listed), money, tuple(_number(one, "self_score") for one in listed))


def _number(project: Listed, field: str) -> Decimal | None:
    value = project.values.get(field)
    return value if isinstance(value, Decimal) else None


def _of_forms(noun: str, forms: Sequence[Form]) -> Found:
    rows = [found[1] if (found := total_row(form)) else None for form in forms]
    money = {name: tuple(None if row is None else getattr(row, name) for row in rows) for name in _MONEY}
    return Found(noun, len(forms), money, tuple(form.score_total for form in forms))


def _finding(field: str, severity: str, message: str, printed: str, expected: str | None) -> Finding:
    return Finding(RULE, severity, message, "documents", None, f"stated_{field}", printed, expected)


def _contradictions(stated: ControlTotals, statements: Sequence[Statement]) -> Iterator[Finding]:
    for field, value in stated._asdict().items():
        prints = dict.fromkeys(one.text for one in statements if one.field == f"stated_{field}")
        if value is None and prints:
            message = f"the text states different numbers, none is taken: {', '.join(prints)}"
            yield _finding(field, "warning", message, " | ".join(prints), None)


def _count(stated: ControlTotals, ways: Sequence[Found]) -> Iterator[Finding]:
    count = stated.form_count
    if count is None:
        return
    agreeing = next((way for way in ways if way.number == count), None)
    if agreeing is not None:
        message = f"the text states {count} projects, as many as {agreeing.noun}"
        yield _finding("form_count", "info", message, str(count), str(count))
        return
    first = ways[0]
    message = f"the text states {count} projects, {first.number} {first.noun}"
    message += "".join(f", {way.number} {way.noun}" for way in ways[1:])
    if first.number < count:
        message += f"; forms may stand in other documents or may not have been read: {_PART}"
    yield _finding("form_count", "warning", message, str(count), str(first.number))


# ── money ────────────────────────────────────────────────────────────────────


class Sum(NamedTuple):
    """The sum of a money column in yuan, and the last places of its parts."""

    noun: str
    number: int
    total: Decimal
    slack: Decimal


def _amount(stated: ControlTotals, ways: Sequence[Found], statements: Sequence[Statement]) -> Iterator[Finding]:
    amount = stated.amount_yuan
    if amount is None:
        return
    print_ = next((one.text for one in statements if one.field == "stated_amount_yuan"), plain(amount))
    sums = [*_sums(ways)]
    if not sums:
        if ways[0].number:
            message = f"the text states {print_}; not every form prints its total, so no sum is held against it"
            yield _finding("amount_yuan", "info", message, print_, None)
        return
    for one in sums:
        if sum_meets(amount, place(amount), one.total, one.slack):
            rounded = "" if amount == one.total else f", {plain(one.total)} yuan before rounding"
            message = f"the text states {print_}, the sum of {one.noun}{rounded}"
            yield _finding("amount_yuan", "info", message, print_, plain(one.total))
            return
    first = sums[0]
    parts = "; ".join(f"{plain(one.total)} yuan of {one.noun}" for one in sums)
    message = f"the text states {print_}, the sums are {parts}"
    below = min(one.total - one.slack for one in sums) <= amount
    partial = below and stated.form_count is not None and first.number < stated.form_count
    message += f"; {_PART}" if below else ""
    yield _finding("amount_yuan", "info" if partial else "warning", message, print_, plain(first.total))


def _sums(ways: Sequence[Found]) -> Iterator[Sum]:
    """The sum of each column in which every project has an amount."""
    for way in ways:
        for name, amounts in way.money.items():
            known = [amount for amount in amounts if amount is not None]
            if known and len(known) == len(amounts):
                noun = f"{_MONEY[name]} of the {way.number} {way.noun}"
                yield Sum(noun, way.number, sum(known, ZERO), sum(map(place, known), ZERO))


# ── scores ───────────────────────────────────────────────────────────────────


def _average(stated: ControlTotals, ways: Sequence[Found]) -> Iterator[Finding]:
    average = stated.average_score
    if average is None:
        return
    print_ = plain(average)
    known = [(way, scores) for way in ways if (scores := _known(way.scores))]
    for way, scores in known:
        if meets(average, _mean(scores), place(average)):
            value = beside(sum(scores, ZERO) / len(scores), average)
            message = f"the text states an average of {print_}, that of the {way.number} {way.noun} is {value}"
            yield _finding("average_score", "info", message, print_, value)
            return
    if not known:
        if ways[0].number:
            message = f"the text states an average of {print_}; not every form prints its score"
            yield _finding("average_score", "info", message, print_, None)
        return
    way, scores = known[0]
    value = beside(sum(scores, ZERO) / len(scores), average)
    message = f"the text states an average of {print_}, that of the {way.number} {way.noun} is {value}"
    missing = (stated.form_count or 0) - way.number
    possible = missing > 0 and ZERO <= average * (way.number + missing) - sum(scores, ZERO) <= BEST_SCORE * missing
    if missing > 0:
        message += f"; of {stated.form_count} projects {missing} are not here: {_PART}"
    yield _finding("average_score", "info" if possible else "warning", message, print_, value)


def _known(scores: Sequence[Decimal | None]) -> list[Decimal] | None:
    known = [score for score in scores if score is not None]
    return known if known and len(known) == len(scores) else None


def _mean(scores: Sequence[Decimal]) -> Span:
    """What the mean of printed scores can be: each was rounded, or cut, at its last place."""
    low = sum((score - place(score) * HALF for score in scores), ZERO)
    high = sum((score + place(score) for score in scores), ZERO)
    return Span(low / len(scores), high / len(scores))
