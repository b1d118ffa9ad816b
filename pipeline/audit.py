"""What no stage has taken: reported, so that no printed character is lost."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.privacy import redacted, unplaced
from pipeline.records import Block, Finding, Row, Slot
from pipeline.titles import title_kind
from pipeline.values import blank

FORM_LABELS = 6
"""Different labels outside any form that say that one was missed."""


FORM_GROUPS = ("header", "fund_head", "goals", "indicator_head")


class Audit(NamedTuple):
    """Slots that stand in no field and no label, and the findings about them."""

    unplaced: tuple[Slot, ...]
    findings: tuple[Finding, ...]


def audit(block: Block) -> Audit:
    """Report what is left of a form's block, a finding for each row.

    A lone blank mark says nothing and is ignored by that name.
    """
    unplaced: list[Slot] = []
    findings: list[Finding] = []
    seen: set[int] = set()
    for row in block.rows:
        left = [slot for slot in row.slots if slot.fate is None and id(slot) not in seen]
        seen.update(id(slot) for slot in left)
        for slot in left:
            if blank.is_blank(slot.text):
                slot.fate = "ignored:blank_mark"
        left = [slot for slot in left if slot.fate is None]
        if left:
            unplaced += left
            findings.append(_unplaced(left))
    return Audit(tuple(unplaced), tuple(findings))


def _unplaced(slots: Sequence[Slot]) -> Finding:
    return Finding(
        rule="unplaced_text",
        severity="warning",
        message=f"printed at {slots[0].cell.origin.place}, but no field or label of the form",
        table="projects",
        printed=redacted(" | ".join(unplaced(slot.text) for slot in slots)),
    )


def outside(rows: Iterable[Row]) -> tuple[Finding, ...]:
    """One finding for each run of rows that belongs to no form.

    Its text is not repeated: people's names stand there as often as anything else.
    """
    runs: list[list[Row]] = []
    for row in rows:
        if runs and runs[-1][-1].grid in {row.grid, row.grid - 1}:
            runs[-1].append(row)
        else:
            runs.append([row])
    return tuple(_outside(run) for run in runs)


def speaks_of_a_form(rows: Sequence[Row]) -> bool:
    """Whether rows outside any form hold the title of one, or many of its labels."""
    slots = [slot for row in rows for slot in row.slots]
    labels = {
        slot.labels[group] for slot in slots for group in FORM_GROUPS if group in slot.labels
    }
    return len(labels) >= FORM_LABELS or any(title_kind(slot.text) == "form" for slot in slots)


def missed_form() -> Finding:
    """The finding that a document looks as if it held a form that was not found."""
    message = (
        "words of a self-evaluation form are printed, but no form could be made out;"
        " its cells may be run together or stand one to a line"
    )
    return Finding("incomplete_form", "warning", message)


def _outside(run: Sequence[Row]) -> Finding:
    slots = [slot for row in run for slot in row.slots]
    for slot in slots:
        slot.fate = slot.fate or "ignored:outside_forms"
    first, last = slots[0].cell.origin, slots[-1].cell.origin
    size = sum(len(slot.text) for slot in slots)
    where = first.place if first.place == last.place else f"{first.place} to {last.place}"
    return Finding("text_outside_forms", "info", f"{size} characters outside any form, {where}")
