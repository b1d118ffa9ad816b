"""Numeric fields by the arithmetic of their form: of what was seen, what makes its rules hold.

`pipeline.chain` gives each candidate its chance with all rules considered at once; the checks
themselves have the last word. Another reading is taken only where it was seen, is clearly likelier,
breaks no rule and mends one that the best reading breaks. Confident readings stand.
"""

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, localcontext
from typing import Final

from pipeline.chain import chain_of
from pipeline.checks import check
from pipeline.choices import Choice, Choices, Place, taking, with_values
from pipeline.normalise import normalise
from pipeline.records import Form, PrintedForm
from pipeline.templates import Template
from pipeline.trellis import solve

SETTLED: Final = 0.9995
"""Where every field is as sure as this, nothing is left to find out."""

CONFIDENT: Final = 0.98
"""The recogniser's chance from which its reading stands, if it is understood."""

LEAST_RATIO: Final = 0.01
"""Chance, against that of the best reading, below which another one is hopeless."""

LEAST: Final = 0.25
LEAST_OF_NUMBERS: Final = 0.5
"""Chance below which what the grammar took is given up again: no value is better than a wrong one."""

CLEAR: Final = 0.8
"""Chance, with all rules considered, that another reading must have to be taken."""

RULES: Final = frozenset(
    {
        "R1_fund_sum",
        "R2_execution_rate",
        "R3_budget_score",
        "R4_weight_sum",
        "R5_total_score",
        "R7_indicator_score",
        "R10_grade",
    }
)
"""Rules that can settle a reading. What is wrong with reasons and bands says nothing of a number."""

_WIDE: Final = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])

Broken = frozenset[tuple[str, str | None, int | None, str | None]]


def settle(printed: PrintedForm, template: Template | None, choices: Choices) -> Choices:
    """The fields with their chances by the arithmetic of the form, other readings taken where that decides."""
    if all(choice.value.chance >= SETTLED for choice in choices.values()):
        return choices
    form = _form(printed, template, choices)
    with localcontext(_WIDE):
        chain = chain_of(printed, form, choices)
        solution = solve(chain.start, [link.layer for link in chain.links])
    weighed = dict(choices)
    proposed: dict[Place, int] = {}
    for link, chances, likeliest in zip(chain.links, solution.chances, solution.likeliest, strict=True):
        picks = [option.picks for option in link.layer.options]
        for position, place in enumerate(link.places):
            weighed[place] = _weighed(choices[place], [pick[position] for pick in picks], chances)
            pick = picks[likeliest][position]
            if pick >= 0 and _may_take(weighed[place], pick):
                proposed[place] = pick
    if proposed:
        weighed = dict(_proven(printed, template, weighed, proposed))
    for place, choice in weighed.items():
        least = LEAST if choice.value.number is None else LEAST_OF_NUMBERS
        if choice.repair == "vocabulary" and choice.value.chance < least:
            weighed[place] = taking(choice, 0, "vocabulary")
    return weighed


def _weighed(choice: Choice, picks: list[int], chances: tuple[float, ...]) -> Choice:
    """The field with its chances summed over all options of its row."""
    sums = [0.0] * len(choice.candidates)
    unseen = 0.0
    for pick, chance in zip(picks, chances, strict=True):
        if pick < 0:
            unseen += chance
        else:
            sums[pick] += chance
    candidates = tuple([one._replace(chance=sums[i]) for i, one in enumerate(choice.candidates)])
    return choice._replace(candidates=candidates, unseen=unseen)


def _may_take(choice: Choice, pick: int) -> bool:
    """Whether another candidate may be taken at all."""
    if choice.fixed or pick == choice.taken:
        return False
    value, best = choice.candidates[pick], choice.best
    if best.readable and best.seen >= CONFIDENT:
        return False
    return value.readable and value.seen >= LEAST_RATIO * best.seen and value.chance >= CLEAR


# ── proof by the checks ──────────────────────────────────────────────────────


def _proven(
    printed: PrintedForm, template: Template | None, choices: Choices, proposed: Mapping[Place, int]
) -> Choices:
    """The fields with those proposals taken that the checks bear out, each of them needed."""

    def broken(places: Mapping[Place, int]) -> Broken:
        return _broken(_form(printed, template, _with(choices, places)))

    so_far = broken({})
    accepted = dict(proposed)
    if not broken(accepted) < so_far:
        accepted = _growing(choices, proposed, broken, so_far)
    left = broken(accepted)
    for place in list(accepted):
        fewer = {other: pick for other, pick in accepted.items() if other != place}
        if not left < broken(fewer):
            accepted = fewer
            left = broken(accepted)
    return _with(choices, accepted)


def _growing(
    choices: Choices,
    proposed: Mapping[Place, int],
    broken: Callable[[Mapping[Place, int]], Broken],
    so_far: Broken,
) -> dict[Place, int]:
    """The proposals that mend something one after the other, where all together break something."""
    accepted: dict[Place, int] = {}
    for place, pick in sorted(proposed.items(), key=lambda one: -choices[one[0]].candidates[one[1]].chance):
        found = broken({**accepted, place: pick})
        if found < so_far:
            accepted[place], so_far = pick, found
    return accepted


def _with(choices: Choices, picks: Mapping[Place, int]) -> Choices:
    taken = {place: taking(choices[place], pick, "arithmetic") for place, pick in picks.items()}
    return {**choices, **taken}


def _form(printed: PrintedForm, template: Template | None, choices: Choices) -> Form:
    taken = {
        place: choice.printed._replace(text=choice.value.text) for place, choice in choices.items() if choice.taken
    }
    return normalise(with_values(printed, taken), template).form


def _broken(form: Form) -> Broken:
    """What contradicts itself in a form: the rules that can settle a reading, and scores above their weight."""
    found = {
        (finding.rule, finding.table, finding.line_no, finding.field)
        for finding in check(form)
        if finding.rule in RULES and finding.severity != "info"
    }
    for line, row in enumerate(form.indicators):
        if row.score is not None and row.weight is not None and row.score > row.weight:
            found.add(("score_above_weight", "indicators", line, "score"))
    return frozenset(found)
