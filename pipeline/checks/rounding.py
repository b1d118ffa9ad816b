"""How a form rounds: named when plain half-up does not explain all that it derives.

The convention is inferred from the prints whose inputs are printed too (rates, budget
score, total). It is taken to be the one that explains most of them; a print that only the
other one explains is named as well.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.checks.intervals import ONE, Derived, beside, half_up_explains, place, plain
from pipeline.records import Finding, Form

_PLACES: Final = {0: "whole numbers", -1: "one decimal", -2: "two decimals"}


def rounding_convention(form: Form, prints: list[Derived]) -> Iterator[Finding]:
    """One info where something else than half-up rounding was needed, with the evidence.

    Args:
        form: The form.
        prints: Its derived numbers that are explained but not exact.
    """
    whole = [one for one in prints if one.half_up and _is_coarse(form, one)]
    rest = [one for one in prints if one not in whole]
    cut = _truncated(rest)
    sentences = []
    if cut:
        places = _PLACES.get(place(cut[0].printed).adjusted(), "the printed place")
        sentences.append(
            f"{len(cut)} of {len(rest)} rates and scores are truncated to {places}:"
            f" {_evidence(cut[0])}."
        )
    if whole:
        sentences.append(f"Rounded half-up to an integer: {whole[0].noun} {_evidence(whole[0])}.")
    if sentences:
        examples = cut[:1] + whole[:1]
        yield Finding(
            "rounding_convention", "info", " ".join(sentences),
            printed=", ".join(plain(one.printed) for one in examples),
            expected=", ".join(beside(one.value, one.printed) for one in examples),
        )


def _truncated(prints: list[Derived]) -> list[Derived]:
    """The prints that speak for truncation, those that half-up cannot explain first."""
    cut = [one for one in prints if one.truncated]
    if len(cut) <= sum(one.half_up for one in prints):
        return [one for one in prints if not half_up_explains(one)]
    return sorted(cut, key=lambda one: one.half_up)


def _is_coarse(form: Form, one: Derived) -> bool:
    """Whether an integer is printed where numbers of its kind have decimals.

    A score is held against the rates as well: 10 points for 97.20 % are worth naming.
    """
    if place(one.printed) < ONE:
        return False
    peers = [row.execution_rate for row in form.funds]
    if one.noun != "rate":
        peers += [row.score for row in form.funds] + [row.score for row in form.indicators]
        peers.append(form.score_total)
    return any(number is not None and place(number) < ONE for number in peers)


def _evidence(one: Derived) -> str:
    return f"{beside(one.value, one.printed)} printed {plain(one.printed)}"
