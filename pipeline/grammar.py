"""Numeric fields by the grammar of their values: what was seen, weighed by what can stand there.

The recogniser's chances are multiplied by how well a reading fits its field: whether the value
module understands it, whether it has the places and the operator that the other rows of its
column have. A confident reading that is understood is never overridden, and what was not seen is
never taken.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from parsers.grid import Cell
from pipeline.choices import Candidate, Choice, Choices, Place, is_misread, records_of, taking
from pipeline.prints import (
    KINDS,
    NEGATIVE,
    QUANTITIES,
    UNREADABLE,
    Print,
    has_digit,
    skeleton,
    understood,
    without_unit,
)
from pipeline.recognised import chances, is_recognised, part_of
from pipeline.records import Printed, PrintedForm
from pipeline.values import grade
from pipeline.variants import without_dirt

CONFIDENT: Final = 0.98
"""Chance from which a reading that is understood stands."""

LEAST_RATIO: Final = 0.02
"""Chance, against that of the best reading, below which another one is hopeless."""

CLEAR: Final = 5.0
"""How much likelier another reading must be than one that is understood as well."""

UNUSUAL: Final = 0.25
"""Least weight of a print that does not look as its column does; columns do mix their prints."""

SUPPORT: Final = 0.7
"""Share of the chance of what is no value that goes to the values which look like it."""

LOST_OPERATOR: Final = 0.15
"""Weight of a target that begins as a misread operator where the same with an operator was seen."""

SPECK_BEFORE: Final = 0.1
SPECK_BEHIND: Final = 0.5
"""Share of a number with specks that goes to the number without: before it, they may be the rest of a digit."""

STRICT: Final = 0.25
"""Weight of > and < where the same with ≥ or ≤ was seen: few targets are strict, and the lower stroke is what fades."""

_INCLUSIVE: Final = {">": ">=", "<": "<="}
_LIKELY: Final = 0.95
_LEAST_TO_COUNT: Final = 0.01


class _Field(NamedTuple):
    """A field before its candidates are weighed."""

    place: Place
    kind: str
    unit: str | None
    printed: Printed
    readings: dict[str, float]  # print → chance, the recogniser's best first
    unseen: float
    fixed: bool


def choose(printed: PrintedForm, before: Mapping[Cell, Cell]) -> Choices:
    """The numeric fields of a form with all that they can say, the likeliest taken.

    Args:
        printed: A form of which some cells were read from a picture.
        before: For cells that the vocabulary spelled anew, the cell as it was read.
    """
    counts = Counter(id(value.cell) for _, _, fields, _ in records_of(printed) for value in fields.values())
    fields = [
        _field(Place(table, line, name), values[name], unit, before, shared=counts[id(values[name].cell)] > 1)
        for table, line, values, unit in records_of(printed)
        for name in KINDS[table]
        if name in values
    ]
    fields = [field for field in fields if _is_numeric(field)]
    looks = _looks(fields)
    return {field.place: _choice(field, looks[field.place.table, field.place.field]) for field in fields}


# ── what was seen of a field ─────────────────────────────────────────────────


def _field(
    place: Place, printed: Printed, unit: str | None, before: Mapping[Cell, Cell], *, shared: bool
) -> _Field:
    kind = KINDS[place.table][place.field]
    cells = (printed.cell, *printed.more)
    if not all(map(is_recognised, cells)):
        return _Field(place, kind, unit, printed, {printed.text: 1.0}, 0.0, fixed=True)
    if printed.more:
        sure = 1.0
        for cell in cells:
            sure *= chances(before.get(cell, cell)).readings[0].probability
        return _Field(place, kind, unit, printed, {printed.text: sure}, 1.0 - sure, fixed=True)
    readings: dict[str, float] = {}
    for whole, chance in chances(before.get(printed.cell, printed.cell)).readings:
        text = part_of(printed.cell.text, printed.text, whole)
        if text:
            readings[text] = readings.get(text, 0.0) + chance
    readings = _with_bare(kind, unit, readings)
    if printed.text not in readings:  # put together from several readings by the vocabulary
        sure = printed.cell.origin.confidence
        readings = {text: chance * (1.0 - sure) for text, chance in readings.items()} | {printed.text: sure}
    return _Field(place, kind, unit, printed, readings, max(0.0, 1.0 - sum(readings.values())), fixed=shared)


def _with_bare(kind: str, unit: str | None, readings: dict[str, float]) -> dict[str, float]:
    """The readings, those that are no value for the specks beside them also without these."""
    found: dict[str, float] = {}
    for text, chance in readings.items():
        bare, before = without_dirt(text)
        share = 0.0
        if bare != text and _is_odd(kind, text, unit) and not _is_odd(kind, bare, unit):
            share = SPECK_BEFORE if before else SPECK_BEHIND
            found[bare] = found.get(bare, 0.0) + chance * share
        found[text] = found.get(text, 0.0) + chance * (1.0 - share)
    best = next(iter(readings))
    return {best: found.pop(best), **found}


def _is_odd(kind: str, text: str, unit: str | None) -> bool:
    said = understood(kind, text, unit)
    return not said.readable or said.weight <= NEGATIVE


def _is_numeric(field: _Field) -> bool:
    """Whether a target or result is, or may be, more than prose."""
    least = _LEAST_TO_COUNT * next(iter(field.readings.values()))
    return field.kind not in QUANTITIES or any(
        has_digit(text) or isinstance(_print(field, text).key, tuple)
        for text, chance in field.readings.items()
        if chance >= least
    )


def _looks(fields: list[_Field]) -> dict[tuple[str, str], Counter[object]]:
    """How the sure prints of each column look."""
    looks: dict[tuple[str, str], Counter[object]] = {}
    for field in fields:
        column = looks.setdefault((field.place.table, field.place.field), Counter())
        text, chance = next(iter(field.readings.items()))
        found = understood(field.kind, text, field.unit)
        if chance >= _LIKELY and found.look is not None:
            column[found.look] += 1
    return looks


# ── which of them is taken ───────────────────────────────────────────────────


def _choice(field: _Field, looks: Counter[object]) -> Choice:
    candidates, unseen = _candidates(field, looks)
    at = next(i for i, one in enumerate(candidates) if one.key == _print(field, field.printed.text).key)
    candidates[at] = candidates[at]._replace(text=field.printed.text)
    choice = Choice(field.printed, tuple(candidates), at, unseen, "vocabulary" if at else None, field.fixed)
    better = max(range(len(candidates)), key=lambda i: candidates[i].chance)
    if better == at or field.fixed or not _outweighs(candidates[better], candidates[at]):
        return choice
    return taking(choice, better, "vocabulary")


def _print(field: _Field, text: str) -> Print:
    return understood(field.kind, text, field.unit)


def _candidates(field: _Field, looks: Counter[object]) -> tuple[list[Candidate], float]:
    """The candidates, and the chance of all others, weighed by the grammar."""
    found: dict[object, Candidate] = {}
    best, sure = next(iter(field.readings.items()))
    confident = sure >= CONFIDENT and _print(field, best).weight == 1.0
    for text, chance in field.readings.items():
        said = _print(field, text)
        weight = chance if confident else chance * _weight(said, looks)
        known = found.get(said.key)
        if known is None:
            found[said.key] = Candidate(text, said.key, said.number, said.readable, chance, weight)
        else:
            found[said.key] = known._replace(seen=known.seen + chance, chance=known.chance + weight)
    if confident:
        return list(found.values()), field.unseen
    candidates = [_without_lost_operator(one, found.values()) for one in found.values()]
    _lean_to_inclusive(candidates)
    unseen = field.unseen + _support(candidates)
    total = sum(one.chance for one in candidates) + unseen
    return [one._replace(chance=one.chance / total) for one in candidates], unseen / total


def _weight(said: Print, looks: Counter[object]) -> float:
    if said.look is None or not looks:
        return said.weight
    return said.weight * max(UNUSUAL, (looks[said.look] + 0.5) / (max(looks.values()) + 0.5))


def _support(candidates: list[Candidate]) -> float:
    """Let what is no value speak for the values that look like it: 24,96 and 24.96 agree on each digit.

    Returns:
        What speaks for values that were not seen.
    """
    shapes: dict[str, list[int]] = {}
    for index, one in enumerate(candidates):
        if one.readable:
            for shape in {skeleton(one.text), *without_unit(one.text)}:
                shapes.setdefault(shape, []).append(index)
    words = [index for index, one in enumerate(candidates) if one.readable and grade.parse(one.text) is not None]
    unseen = 0.0
    for one in [one for one in candidates if not one.readable]:
        bare = [n for shape in without_unit(one.text) for n in shapes.get(shape, ())]
        alike = words or shapes.get(skeleton(one.text)) or bare
        if not alike and one.chance <= UNREADABLE * one.seen:
            unseen += SUPPORT * one.seen
        for index in alike:
            other = candidates[index]
            candidates[index] = other._replace(chance=other.chance + SUPPORT * one.seen / len(alike))
    return unseen


def _lean_to_inclusive(candidates: list[Candidate]) -> None:
    """Share what strict and inclusive operators have together anew, by how often each is printed."""
    places = {one.key: index for index, one in enumerate(candidates)}
    for index, one in enumerate(candidates):
        if not isinstance(one.key, tuple) or one.key[0] not in _INCLUSIVE:
            continue
        other = places.get((_INCLUSIVE[one.key[0]], *one.key[1:]))
        if other is not None:
            known = candidates[other]
            both = one.chance + known.chance
            share = known.chance / (known.chance + STRICT * one.chance)
            candidates[other] = known._replace(chance=both * share)
            candidates[index] = one._replace(chance=both * (1.0 - share))


def _without_lost_operator(one: Candidate, others: Iterable[Candidate]) -> Candidate:
    if any(is_misread(one.text, other.text) for other in others):
        return one._replace(chance=one.chance * LOST_OPERATOR)
    return one


def _outweighs(other: Candidate, best: Candidate) -> bool:
    """Whether another reading is to be taken for the best one."""
    if not other.readable:
        return False
    if not best.readable:
        return other.chance >= LEAST_RATIO
    clear = best.seen < CONFIDENT and other.chance > CLEAR * best.chance
    return clear and other.seen >= LEAST_RATIO * best.seen
