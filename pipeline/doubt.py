"""What is left in doubt of a recognised form: findings, and the confidence of every field.

A number that the arithmetic of its form confirms is as good as sure, however it was read. What is
not sure is a warning on just that field; what was taken for something likelier is named with it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from parsers.grid import Cell, Seen
from pipeline.choices import Choice, Choices, Place, records_of, with_values
from pipeline.likeness import likeness
from pipeline.prints import KINDS, QUANTITIES
from pipeline.privacy import redacted
from pipeline.recognised import UNREAD, chances, is_recognised, part_of, percent, with_part
from pipeline.records import Block, Finding, Printed, PrintedForm
from pipeline.variants import variants, without_strays

SURE: Final = 0.95
"""Chance below which a number is in doubt."""

WORDED_SURE: Final = 0.8
"""The same for a target or result in words, such as a date."""

NAMES_SURE: Final = 0.5
"""Chance below which a name of a project, body or indicator is in doubt: its characters can be nearly right."""

PROSE_SURE: Final = 0.5
"""The same for goals, reasons and other prose, where it is only worth knowing."""

WORDS_SURE: Final = 0.9
LONGEST_WORD: Final = 12
"""Chance and characters below which what was set aside as a remark may be a label that was misread."""

MOSTLY_READ: Final = 0.7
"""Share of the signs of a label from which it is only worth knowing how it was understood."""

MOST_NAMED: Final = 4
"""Readings that a message names."""

_PROSE: Final = frozenset({"goal_expected", "goal_actual", "deviation_reason", "target_text", "actual_text"})
_ASIDE: Final = frozenset({"ignored:form_note", "ignored:other_header_field"})
_WITHHELD: Final = "ignored:withheld_personal_data"
_REASONS: Final = {
    "vocabulary": "because it is how this part of a form is printed",
    "arithmetic": "because the sums of the form hold with it",
}


class Settled(NamedTuple):
    """A form with what was taken and how sure it is, and what a reader should know of that."""

    printed: PrintedForm
    findings: tuple[Finding, ...]


def settled(block: Block, printed: PrintedForm, choices: Choices, before: Mapping[Cell, Cell]) -> Settled:
    """Put the readings that were taken into the form, and say where they are in doubt.

    Args:
        block: The block of the form, for words that stand in no field.
        printed: The form as it was read.
        choices: Its numeric fields.
        before: For cells that the vocabulary spelled anew, the cell as it was read.
    """
    findings: list[Finding] = []
    values: dict[Place, Printed] = {}
    for place, choice in choices.items():
        if is_recognised(choice.printed.cell):
            was = _was(choice.printed.cell, before)
            findings += _of_choice(place, choice, was)
            values[place] = _sure(choice, was)
    fields: set[Cell] = {choice.printed.cell for choice in choices.values()}
    for table, line_no, record, _ in records_of(printed):
        for name, value in record.items():
            place = Place(table, line_no, name)
            if place in choices or not is_recognised(value.cell):
                continue
            fields.add(value.cell)
            if value.repair != "filled_down":
                findings += _of_text(place, value, before)
                if _was(value.cell, before) is not None:
                    values[place] = value._replace(repair="vocabulary")
    findings += _of_words(block, fields, before)
    return Settled(with_values(printed, values), tuple(findings))


def still(findings: Iterable[Finding], decided: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without the doubts that a person's decision has settled."""
    known = {(one.table, one.line_no, one.field) for one in decided if one.rule == "correction_applied"}
    return tuple(
        [
            one
            for one in findings
            if one.rule != "doubtful_reading" or (one.table, one.line_no, one.field) not in known
        ]
    )


# ── numbers ──────────────────────────────────────────────────────────────────


def _of_choice(place: Place, choice: Choice, was: Cell | None) -> Iterator[Finding]:
    value, best = choice.value, choice.best
    readings = [Seen(one.text, one.seen) for one in choice.candidates]
    if value is best and was is not None and value.text in choice.printed.cell.text:
        yield _spelled(place, was, choice.printed.cell)  # another print of the same value
    elif value is not best:
        yield _chosen(place, readings[0], readings[choice.taken], choice.repair or "", readings)
    if value.chance < _least(place, choice) or choice.operator or UNREAD in value.text:
        others = [one for one in choice.candidates if one is not value]
        other = max(others, key=lambda one: one.chance, default=None)
        yield _doubtful(place, value.text, other and other.text, value.chance, readings)


def _least(place: Place, choice: Choice) -> float:
    """The chance below which a field is in doubt; a target or result in words is no number, unless it may be one."""
    if KINDS[place.table][place.field] not in QUANTITIES:
        return SURE
    numbers = sum(one.chance for one in choice.candidates if isinstance(one.key, tuple))
    return SURE if numbers > 1.0 - SURE else WORDED_SURE


def _sure(choice: Choice, was: Cell | None) -> Printed:
    """The field with its text in its cell, as sure as it is by all that is known."""
    printed, text = choice.printed, choice.value.text
    cell = _surer(printed.cell, choice.value.chance)
    if text != printed.text:
        cell = cell._replace(text=with_part(cell.text, printed.text, text))
    more = tuple([_surer(piece, choice.value.chance) for piece in printed.more])
    spelled = "vocabulary" if was is not None and cell.text != was.text else None
    return printed._replace(text=text, cell=cell, repair=choice.repair or spelled or printed.repair, more=more)


def _surer(cell: Cell, chance: float) -> Cell:
    origin, *also = [place._replace(confidence=chance) for place in (cell.origin, *cell.also)]
    return cell._replace(origin=origin, also=tuple(also))


# ── words ────────────────────────────────────────────────────────────────────


def _of_text(place: Place, value: Printed, before: Mapping[Cell, Cell]) -> Iterator[Finding]:
    was = _was(value.cell, before)
    if was is not None:
        yield _spelled(place, was, value.cell)
    sure = 1.0
    for cell in (value.cell, *value.more):
        sure *= cell.origin.confidence
    unread = UNREAD in value.text
    prose = place.field in _PROSE
    if sure < (PROSE_SURE if prose else NAMES_SURE) or unread:
        readings = chances(was or value.cell).readings
        parts = [Seen(part_of(value.cell.text, value.text, text) or text, chance) for text, chance in readings]
        other = next((text for text, _ in parts if text != value.text), None) if not value.more else None
        finding = _doubtful(place, value.text, other, sure, () if value.more else parts)
        yield finding._replace(severity="info") if prose and not unread else finding


def _was(cell: Cell, before: Mapping[Cell, Cell]) -> Cell | None:
    """The cell as it was read, where the vocabulary reads it another way."""
    was = before.get(cell) if before and is_recognised(cell) else None
    return was if was is not None and was.text != cell.text else None


def _of_words(block: Block, fields: Container[Cell], before: Mapping[Cell, Cell]) -> Iterator[Finding]:
    """Words of the form itself that were read another way, and what may be one and was set aside as a remark."""
    known: set[int] = set()
    for slot in (slot for row in block.rows for slot in row.slots):
        cell = slot.cell
        if id(cell) in known or not is_recognised(cell) or cell in fields:
            continue
        known.add(id(cell))
        was = _was(cell, before)
        if was is None and not cell.seen:
            continue
        if was is not None:
            finding = _spelled(None, was, cell) if _was_seen(cell, was) else _understood(was, cell)
            yield _without_print(finding) if slot.fate == _WITHHELD else finding
        elif slot.fate in _ASIDE and len(cell.text) <= LONGEST_WORD and cell.origin.confidence < WORDS_SURE:
            yield _doubtful(None, cell.text, None, cell.origin.confidence, chances(cell).readings)


def _spelled(place: Place | None, was: Cell, cell: Cell) -> Finding:
    readings = chances(was).readings
    found = next((one for one in readings if one.text == cell.text), Seen(cell.text, 0.0))
    return _chosen(place, readings[0], found, "vocabulary", readings)


def _was_seen(cell: Cell, was: Cell) -> bool:
    """Whether a text is a reading, or is put together from readings, or is a part of one."""
    readings = chances(was).readings
    return any(cell.text in text or cell.text == without_strays(text) for text, _ in variants(readings))


def _understood(was: Cell, cell: Cell) -> Finding:
    """A label that no reading spells right: told by its likeness and its place among the others."""
    alike = max((likeness(text, cell.text) for text, _ in chances(was).readings), default=0.0)
    sure = percent(was.origin.confidence)
    message = f"read as {was.text} ({sure}), understood as {cell.text} by its likeness and its place"
    severity = "info" if alike >= MOSTLY_READ else "warning"
    return Finding("understood_label", severity, redacted(message), None, None, None, redacted(was.text), cell.text)


def _without_print(finding: Finding) -> Finding:
    message = "a label before a person's name or number was spelled as the forms have it"
    return finding._replace(printed=None, expected=None, message=message)


# ── findings ─────────────────────────────────────────────────────────────────


def _chosen(place: Place | None, best: Seen, taken: Seen, repair: str, readings: Sequence[Seen]) -> Finding:
    rest = [one for one in readings if one.text not in {best.text, taken.text}]
    seen = f"({percent(taken.probability)})" if taken.probability else "(put together from what was seen)"
    message = (
        f"read as {best.text} ({percent(best.probability)}), taken as {taken.text} {seen} {_REASONS[repair]};"
        f" {f'next: {_listed(rest)}' if rest else 'nothing else was seen'}"
    )
    table, line_no, field = place or (None, None, None)
    return Finding(
        "chosen_reading", "info", redacted(message), table, line_no, field,
        redacted(best.text), redacted(taken.text),
    )  # fmt: skip


def _doubtful(place: Place | None, text: str, other: str | None, sure: float, readings: Sequence[Seen]) -> Finding:
    message = "there is ink here that could not be read" if UNREAD in text else f"{percent(sure)} sure of {text}"
    if readings:
        message += f"; seen: {_listed(readings)}"
    table, line_no, field = place or (None, None, None)
    return Finding(
        "doubtful_reading", "warning", redacted(message), table, line_no, field, redacted(text),
        None if other is None else redacted(other),
    )  # fmt: skip


def _listed(readings: Sequence[Seen]) -> str:
    ranked = sorted(readings, key=lambda one: -one.probability)[:MOST_NAMED]
    return ", ".join(f"{text} ({percent(chance)})" for text, chance in ranked)
