"""R1: in each money column, the total fund row is the sum of its parts."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pipeline.checks.intervals import ZERO, place, plain, sum_meets
from pipeline.records import Finding, Form

MONEY_COLUMNS: Final = ("initial_budget", "annual_budget", "executed")

SUBTOTALS: Final = {
    "fiscal": {"current_year", "carry_over", "central", "provincial", "local", "unknown"},
    "current_year": {"central", "provincial", "local", "unknown"},
    "other": {"special_account", "unit", "unknown"},
}
"""A source that may be printed above rows which it already contains: it or they count."""


@lru_cache(maxsize=4096)
def readings(sources: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Every sensible choice of rows that make up the total, as line numbers.

    All rows but the total come first. Where a subtotal stands with its children, either
    may be left out; a row of unknown source may be part of another row.
    """
    parts = frozenset(line for line, source in enumerate(sources) if source != "total")
    choices = dict.fromkeys([parts])   # keeps the order
    for parent, children in SUBTOTALS.items():
        above = {line for line in parts if sources[line] == parent}
        below = {line for line in parts if sources[line] in children}
        if above and below:
            for choice in tuple(choices):
                choices |= dict.fromkeys([choice - below, choice - above])
    unknown = {line for line in parts if sources[line] == "unknown"}
    choices |= dict.fromkeys([choice - unknown for choice in choices])
    return tuple(tuple(sorted(choice)) for choice in choices if choice)


def fund_sums(form: Form) -> Iterator[Finding]:
    """R1, judged in each money column in which the total and all its parts are printed."""
    sources = tuple([row.source for row in form.funds])
    if len(sources) == 1 or sources.count("total") != 1:
        return
    line = sources.index("total")
    for column in MONEY_COLUMNS:
        amounts = [getattr(row, column) for row in form.funds]
        if None not in amounts:
            yield from _judge_sum(amounts, line, column, readings(sources))


def _judge_sum(
    amounts: list[Decimal], line: int, column: str, choices: tuple[tuple[int, ...], ...]
) -> Iterator[Finding]:
    printed, sums = amounts[line], []
    for choice in choices:
        computed = sum([amounts[part] for part in choice], ZERO)
        if computed == printed:
            return
        sums.append(computed)
    step = place(printed)
    for choice, computed in zip(choices, sums, strict=True):
        slack = sum([place(amounts[part]) for part in choice], ZERO)
        if sum_meets(printed, step, computed, slack):
            return
    nearest = min(sums, key=lambda computed: abs(computed - printed))
    expected, text = plain(nearest), plain(printed)
    yield Finding(
        "R1_fund_sum", "error",
        f"The parts of the {column.replace('_', ' ')} sum to {expected} yuan, printed {text} yuan.",
        table="funds", line_no=line, field=f"{column}_yuan", printed=text, expected=expected,
    )
