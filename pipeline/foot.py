"""The rows below the indicators: total, grade, notes."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.cell_kinds import UNSURE, kind_of
from pipeline.labels import is_note
from pipeline.privacy import holds_number, is_names, redacted, unplaced
from pipeline.records import Finding, Printed, Row, Slot
from pipeline.values import grade, points

MOST_NOTED = 2
"""Cells of a line below the total or the grade that is a remark and no row of the table."""

LONGEST_GRADE = 30
"""Characters of a grade, which is no sentence; other print behind its label is a conclusion in prose."""

_ABOVE = frozenset({"fund_row", "fund_head", "goals"})
"""Groups whose words are no labels below the total: 其他收入：指… explains a term."""

TOTAL_FIELDS = ("weight_total", "score_total")
_REACHING = frozenset({"large", "text", "quantity"})
_VALUED = frozenset({"number", "percent", "bounded", "outcome", "level1", "level2", "level12"})
_SILENT = frozenset({"number", "large", "blank", UNSURE})


class Foot(NamedTuple):
    """What was read below the indicators; ``body`` are the rows that are indicators."""

    totals: dict[str, Printed]
    body: tuple[Row, ...]
    findings: list[Finding]
    notes: list[Slot]


def read_foot(rows: Sequence[Row], weight_columns: range) -> Foot:
    """Take total, grade and notes out of the rows under the indicator head.

    A row of bare numbers is the total only below the last row that says anything else;
    above it, it is an indicator that lost its texts. ``weight_columns`` are the grid columns
    of the weight, to tell a lone weight total from a lone score.
    """
    foot = Foot({}, (), [], [])
    last = _last_speaking(rows)
    body = []
    in_note = False
    for number, row in enumerate(rows):
        if number < last and not in_note and not _may_be_foot(row) and not _tells_of_persons(row.slots):
            body.append(row)
            continue
        slots = open_slots(row)
        if not slots:
            continue
        in_note = _is_note(slots) or (in_note and len(slots) == 1 and not slots[0].labels)
        below_foot = bool(foot.totals) and not _speaks_of_foot(row) and not _has_numbers(slots)
        if in_note or (below_foot and len(slots) <= MOST_NOTED) or _tells_of_persons(slots, below_foot=below_foot):
            _take_note(slots, foot)
        elif _foot_label(slots) or (number > last and _has_numbers(slots)):
            _take_totals(slots, foot, weight_columns)
        elif any("subtotal" in slot.labels for slot in slots[:-1]):
            take_subtotal(slots, foot.findings)
        else:
            body.append(row)
    if foot.notes:
        foot.findings.append(_noted(foot.notes))
    return foot._replace(body=tuple(body))


def _last_speaking(rows: Sequence[Row]) -> int:
    """The number of the last row above the foot that says more than numbers, -1 where none does."""
    labelled = [number for number, row in enumerate(rows) if _foot_label(open_slots(row))]
    for number in range(labelled[-1] if labelled else len(rows) - 1, -1, -1):
        if _speaks(rows[number]):
            return number
    return -1


def _may_be_foot(row: Row) -> bool:
    """A quick no for most rows."""
    return is_note(row.slots[0].text) or any(
        "foot" in s.labels or "subtotal" in s.labels for s in row.labelled
    )


def open_slots(row: Row) -> list[Slot]:
    """Slots that no stage has taken, and merged level names that reach into this row."""
    return [
        slot for slot in row.slots if slot.fate is None or (slot.fate == "value" and slot.cell.row_span > 1)
    ]


def take_subtotal(slots: Sequence[Slot], findings: list[Finding]) -> None:
    """Set aside a row that repeats the sum of its children."""
    for slot in slots:
        slot.fate = "ignored:subtotal_row"
    findings.append(
        Finding(
            rule="subtotal_row",
            severity="info",
            message="a row that repeats the sum of its indicators; it is not counted again",
            table="indicators",
            printed=" | ".join(slot.text for slot in slots),
        )
    )


def _speaks_of_foot(row: Row) -> bool:
    return any(not slot.labels.keys() <= _ABOVE for slot in row.labelled)


def _is_note(slots: Sequence[Slot]) -> bool:
    return is_note(slots[0].text) and not _has_numbers(slots)


def _tells_of_persons(slots: Sequence[Slot], *, below_foot: bool = False) -> bool:
    """Whether a row holds how to reach a person, or a person's name below the total or a word, and no value."""
    for slot in slots:  # every row of indicators passes here, and most end it early
        if slot.kind in _VALUED:
            return False
    if any(slot.kind in _REACHING and holds_number(slot.text) for slot in slots):
        return True
    named = any(is_names(slot.text) for slot in slots)
    return named and (below_foot or _is_titled(slots))


def _is_titled(slots: Sequence[Slot]) -> bool:
    """Whether a word for a person stands before a name: 主任 | 张三."""
    line = " | ".join(slot.text for slot in slots)
    return redacted(line) != line


def _speaks(row: Row) -> bool:
    """Whether a row holds more than numbers and is no foot."""
    slots = open_slots(row)
    return not _foot_label(slots) and any(
        slot.kind not in _SILENT and grade.parse(slot.text) is None and not is_note(slot.text)
        for slot in slots
    )


def _has_numbers(slots: Sequence[Slot]) -> bool:
    return any(slot.kind in {"number", UNSURE} for slot in slots)


def _foot_label(slots: Sequence[Slot]) -> str | None:
    """Total or grade, where that is the first label of a row without an indicator's texts."""
    labels = [slot.labels["foot"] for slot in slots if "foot" in slot.labels]
    if not labels or "foot" not in slots[0].labels:
        return None
    others = [slot for slot in slots if "foot" not in slot.labels]
    if any(slot.kind in {"bounded", "quantity"} for slot in others):
        return None
    return labels[0]


def _take_totals(slots: Sequence[Slot], foot: Foot, weight_columns: range) -> None:
    label = _foot_label(slots)
    numbers: list[tuple[Slot, str]] = []
    graded = False
    for slot in slots:
        text = slot.value or slot.text
        if "foot" in slot.labels and not slot.value:
            slot.fate = "label"
        elif points.parse(text) is not None or slot.kind == UNSURE:
            numbers.append((slot, text))
        elif label == "grade" and _is_conclusion(text):
            _take_note((slot,), foot)
        elif grade.parse(text) is not None or (
            label == "grade" and kind_of(text) not in _SILENT and not graded
        ):
            graded = True
            _put(foot, "grade", slot, text)
        elif kind_of(text) == "blank":
            slot.fate = "ignored:blank_mark"
    if numbers:
        _take_numbers(numbers, foot, weight_columns)
        _note_label(label, graded=graded, slots=slots, foot=foot)


def _is_conclusion(text: str) -> bool:
    is_sentence = len(text) > LONGEST_GRADE or any(mark in text for mark in "，。；")
    return is_sentence and grade.parse(text) is None


def _take_numbers(numbers: list[tuple[Slot, str]], foot: Foot, weight_columns: range) -> None:
    if len(numbers) == 1:
        is_weight = numbers[0][0].cell.col in weight_columns and not numbers[0][0].value
        names: tuple[str, ...] = ("weight_total",) if is_weight else ("score_total",)
    else:
        names = TOTAL_FIELDS
    for name, (slot, text) in zip(names, numbers, strict=False):
        _put(foot, name, slot, text)


def _put(foot: Foot, name: str, slot: Slot, text: str) -> None:
    if name not in foot.totals:
        slot.fate = "value"
        foot.totals[name] = Printed(text, slot.cell)
    elif foot.totals[name].text == text:
        slot.fate = "ignored:merged_repeat"


def _note_label(label: str | None, *, graded: bool, slots: Sequence[Slot], foot: Foot) -> None:
    if label == "total" or (label == "grade" and graded):
        return
    words = "is labelled as the grade" if label == "grade" else "has no label"
    foot.findings.append(
        Finding(
            rule="layout_total_label",
            severity="info",
            message=f"the row with the total score {words}",
            table="projects",
            field="score_total",
            printed=" | ".join(slot.text for slot in slots),
        )
    )


def _take_note(slots: Sequence[Slot], foot: Foot) -> None:
    for slot in slots:
        slot.fate = "ignored:form_note"
    foot.notes.extend(slots)


def _noted(slots: Sequence[Slot]) -> Finding:
    return Finding(
        rule="form_note",
        severity="info",
        message="remarks are printed below the form",
        table="projects",
        printed=redacted(" ".join(unplaced(slot.text) for slot in slots)),
    )
