"""The code list as published: each code with the names that it is printed under, and what it means."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pipeline.labels import wordings
from pipeline.values.lexicon import LEXICON
from pipeline.vocabulary import CODES, FUND_SOURCE, GRADE, OUTCOME


class Code(NamedTuple):
    """A code: the names under which it is printed, what it means, under which codes it stands."""

    names: tuple[str, ...]
    meaning: str
    under: tuple[str, ...] = ()


MOST_LEADS: Final = 8
"""Words before an outcome's verb that are shown; the rest are of their kind."""


def code_list() -> Mapping[str, Mapping[str, Code]]:
    """Codes by the column that holds them, then by code."""
    return {
        "indicators.level1_code": _levels("level1"),
        "indicators.level2_code": _levels("level2"),
        "funds.source": {
            code: Code(_names(code, "fund_row", "fund_column"), meaning) for code, meaning in FUND_SOURCE.items()
        },
        "indicators.outcome": {code: Code(_phrases(code), meaning) for code, meaning in OUTCOME.items()},
        "projects.grade": {word: Code((word,), meaning) for word, meaning in GRADE.items()},
    }


def _levels(group: str) -> dict[str, Code]:
    found = {}
    for code, entry in CODES[group].items():
        only = {word: above for above, words in entry.get("only_under", {}).items() for word in words}
        names = [name for name in (*wordings(group).get(code, ()), *entry["names"]) if name not in only]
        names += [f"{word} ({above})" for word, above in only.items()]
        found[code] = Code(_once(names), entry["meaning"], tuple(entry.get("under", ())))
    return found


def _names(code: str, *groups: str) -> tuple[str, ...]:
    return _once(name for group in groups for name in wordings(group).get(code, ()))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that only add 指标 to another one."""
    found = dict.fromkeys(names)
    return tuple(name for name in found if name.removesuffix("指标") not in found or not name.endswith("指标"))


def _phrases(outcome: str) -> tuple[str, ...]:
    """The phrases of an outcome: lead + verb, and whole words."""
    table = LEXICON["outcome"][outcome]
    leads = table["leads"].split()[:MOST_LEADS]
    verbs = table["verbs"].split()
    pairs = [lead + verb for lead in ("", *leads) for verb in verbs[:3] if lead or outcome == "reached"]
    return _once([*pairs, *(pairs[0] + close for close in table["closes"].split()), *table["words"].split()])
