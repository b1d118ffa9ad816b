"""Forms that stand next to ours and are refused by name."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from pipeline import result_lists
from pipeline.labels import is_hint
from pipeline.memo import Memo
from pipeline.neighbour_words import foresees, over_results
from pipeline.records import Block, Finding, Printed, PrintedForm, Row, Slot
from pipeline.shape import FOREIGN, Shape
from pipeline.values import blank, number

NAMES: Final = {
    "target_only": "a form that states targets only (绩效目标表)",
    "monitoring": "mid-year monitoring of targets (绩效运行监控)",
    "result_list": "a list of self-evaluation results (自评结果一览)",
    "blank_form": "a model form that was never filled in",
    "final_accounts": "a table of the final accounts (决算表)",
    "prose_report": "a self-evaluation report in prose (自评报告)",
}

HEAD_LABELS: Final = 2
"""Labels of an indicator or fund head in one row whose other cells are heads too."""


_TOLD_BY_TITLE: Final = frozenset(("prose_report", "monitoring"))
"""Kinds that may hold heads like a form's: their title decides."""


def kind_of(block: Block, shape: Shape) -> str:
    """``form`` or a neighbour's name: what the heads of a block say, else its title.

    A title is no proof: forms with results and scores are published under the title of a
    target table, and lists and target tables under that of a form. What the head of a scan does
    not say counts only where each cell of it was understood.
    """
    if block.kind in _TOLD_BY_TITLE:
        return block.kind
    labels = {column.label for column in shape.indicator_head}
    heads = [] if "score" in labels else list(_head_slots(block))
    if any(foresees(slot.text) for slot in heads):
        return "monitoring"
    if shape.head_in_doubt:
        return block.kind
    if labels & {"actual_text", "score"}:
        return "form"
    if "target_text" in labels:
        # beside reasons for what was missed an unknown word may stand over results
        results = labels >= {FOREIGN, "deviation_reason"} or any(
            not slot.labels and over_results(slot.text) for slot in heads
        )
        return block.kind if results else "target_only"
    lists = not labels and any(result_lists.is_head(row) for row in block.rows)
    return "result_list" if lists else block.kind


def _head_slots(block: Block) -> Iterator[Slot]:
    """The cells of the rows that are heads of an indicator or a fund table."""
    for row in block.rows:
        for group in ("indicator_head", "fund_head"):
            if sum(group in slot.labels for slot in row.labelled) >= HEAD_LABELS:
                yield from row.slots
                break


def by_content(block: Block, printed: PrintedForm) -> str | None:
    """A form without any result: a model form, or a target table on a form's sheet."""
    if any(_FILLED[value.text] for value in _results(printed)):
        return None
    name = printed.header.get("project_name")
    named = name is not None and not blank.is_blank(name.text) and not is_hint(name.text)
    if block.kind == "target_only":
        return "target_only"
    money = (row.fields[key] for row in printed.funds for key in row.fields if key.endswith("_yuan"))
    if named or any(_FILLED[value.text] for value in money):
        return None
    return "blank_form"


def _results(printed: PrintedForm) -> Iterator[Printed]:
    keys = ("score", "actual_text")  # scores repeat more often, and the first result decides
    yield from (row.fields[key] for row in printed.indicators for key in keys if key in row.fields)
    yield from (value for key, value in printed.totals.items() if key != "weight_total")


def _filled(text: str) -> bool:
    if blank.is_blank(text) or is_hint(text):
        return False
    return number.parse(text) not in {Decimal(0), Decimal(100)}


_FILLED = Memo(_filled)


def notes(block: Block, printed: PrintedForm) -> Iterator[Finding]:
    """What a reader of a form should know that looks like a neighbour in part."""
    titled = block.titled or block.kind
    if titled != "form" and block.title is not None:
        message = f"the title is that of {NAMES[titled]}, but results or scores are printed: read as a form"
        yield Finding("title_of_neighbour", "info", message, "projects", None, "title", block.title.text)
    if printed.indicators and all(blank.is_blank(value.text) for value in _results(printed)):
        message = "the form names a project, but prints no result and no score"
        yield Finding("unfilled_form", "warning", message)


def refuse(name: str, block: Block) -> tuple[Finding, ...]:
    """What was refused, and where; its cells are thereby ignored by name.

    A list of results gives its rows, a finding for each project.
    """
    projects = result_lists.listed(block) if name == "result_list" else ()
    cells = 0
    for slot in _slots(block.rows):
        slot.fate = f"ignored:neighbour_{name}"
        cells += 1
    first = block.rows[0].slots[0].cell.origin
    title = None if block.title is None else block.title.text
    message = f"{NAMES[name]} was refused; it begins at {first.place} and has {cells} cells"
    if projects:
        message += f"; {len(projects)} projects are listed in it"
    refused = Finding(f"neighbour_{name}", "info", message, printed=title)
    return (refused, *map(result_lists.finding_of, projects))


def _slots(rows: Iterable[Row]) -> Iterable[Slot]:
    return (slot for row in rows for slot in row.slots)
