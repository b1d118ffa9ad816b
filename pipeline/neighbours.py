"""Forms that stand next to ours and are refused by name."""

from collections.abc import Iterable
from decimal import Decimal

from pipeline.labels import is_hint
from pipeline.records import Block, Finding, Printed, PrintedForm, Slot
from pipeline.shape import Shape
from pipeline.values import blank, number

NAMES = {
    "target_only": "a form that states targets only (绩效目标表)",
    "monitoring": "mid-year monitoring of targets (绩效运行监控)",
    "result_list": "a list of self-evaluation results (自评结果一览)",
    "blank_form": "a model form that was never filled in",
    "final_accounts": "a table of the final accounts (决算表)",
    "prose_report": "a self-evaluation report in prose (自评报告)",
}


def by_head(shape: Shape) -> str | None:
    """A form that is a neighbour by its indicator head; of a scan only where each cell of that was understood."""
    if shape.head_in_doubt:
        return None
    labels = {column.label for column in shape.indicator_head}
    if "target_text" in labels and not labels & {"actual_text", "score"}:
        return "target_only"
    return None


def by_blanks(printed: PrintedForm) -> str | None:
    """A model form: nobody's project, no money, no result and no score."""
    name = printed.header.get("project_name")
    if name is not None and not blank.is_blank(name.text):
        return None
    results = (
        row.fields[key] for row in printed.indicators for key in ("actual_text", "score") if key in row.fields
    )
    money = (row.fields[key] for row in printed.funds for key in row.fields if key.endswith("_yuan"))
    if any(_filled(value) for value in (*results, *money, *printed.totals.values())):
        return None
    return "blank_form"


def _filled(value: Printed) -> bool:
    if blank.is_blank(value.text) or is_hint(value.text):
        return False
    return number.parse(value.text) not in {Decimal(0), Decimal(100)}


def refuse(name: str, block: Block) -> Finding:
    """The finding that says what was refused, and where; its cells are thereby ignored by name."""
    cells = 0
    for slot in _slots(block):
        slot.fate = f"ignored:neighbour_{name}"
        cells += 1
    first = block.rows[0].slots[0].cell.origin
    title = None if block.title is None else block.title.text
    message = f"{NAMES[name]} was refused; it begins at {first.place} and has {cells} cells"
    return Finding(f"neighbour_{name}", "info", message, printed=title)


def _slots(block: Block) -> Iterable[Slot]:
    return (slot for row in block.rows for slot in row.slots)
