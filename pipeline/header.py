"""Title, year, header fields and goals of a form → printed text in named places."""

from typing import NamedTuple

from pipeline.labels import is_hint
from pipeline.records import Block, Fields, Finding, Printed, Row, Slot
from pipeline.shape import Shape
from pipeline.values import year

LONGEST_YEAR_LINE = 30
"""Characters of a line that holds the year and at most a word beside it."""


class Header(NamedTuple):
    """Fields by column name of the projects table, and what was noticed."""

    fields: Fields
    findings: tuple[Finding, ...]


def read_header(block: Block, shape: Shape) -> Header:
    """Take the header and the goals out of the block."""
    fields: dict[str, Printed] = {}
    findings: list[Finding] = []
    if block.title is None:
        findings.append(Finding("form_without_title", "info", "no title is printed over this form"))
    else:
        _read_title(block, block.title, fields)
    _read_year_line(shape.header, fields)
    for row in (*shape.header, *shape.funds):
        _read_pairs(row, fields, findings)
    for row in shape.indicators:
        if any("personal" in slot.labels or "header_other" in slot.labels for slot in row.slots):
            _read_pairs(row, fields, findings)
    _read_goals(shape.goals, fields)
    if withheld := [finding for finding in findings if finding.rule == "withheld_personal_data"]:
        findings = [finding for finding in findings if finding not in withheld] + withheld[:1]
    return Header(fields, tuple(findings))


def _read_title(block: Block, title: Slot, fields: dict[str, Printed]) -> None:
    for row in block.rows:
        if title in row.slots:
            for slot in row.slots:
                if slot is not title and slot.text == title.text:
                    slot.fate = "ignored:merged_repeat"
    title.fate = "value"
    fields["title"] = Printed(title.text, title.cell)
    if year.parse(title.text) is not None:
        fields["form_year"] = Printed(title.text, title.cell)


def _read_year_line(rows: tuple[Row, ...], fields: dict[str, Printed]) -> None:
    for row in rows:
        for slot in row.slots:
            if slot.labels.get("header") == "project_name":
                return
            if slot.fate is None and not slot.labels and len(slot.text) <= LONGEST_YEAR_LINE:
                if year.parse(slot.text) is not None:
                    slot.fate = "value" if "form_year" not in fields else "ignored:merged_repeat"
                    fields.setdefault("form_year", Printed(slot.text, slot.cell))


# ── label and value pairs ────────────────────────────────────────────────────

_GROUPS = ("header", "personal", "header_other")


def _read_pairs(row: Row, fields: dict[str, Printed], findings: list[Finding]) -> None:
    """Read a row of labels, each followed by its value in the same cell or the next."""
    group = label = ""
    head: Slot | None = None
    for slot in row.slots:
        if slot.fate is not None:
            continue
        found = next((name for name in _GROUPS if name in slot.labels), None)
        if found is not None:
            group, label, head = found, slot.labels[found], slot
            slot.fate = "ignored:withheld_personal_data" if group == "personal" else "label"
            if slot.value:
                _put(group, label, slot, slot.value, head, fields, findings)
        elif head is not None and not slot.labels:
            _put(group, label, slot, slot.text, head, fields, findings)


def _put(
    group: str, label: str, slot: Slot, text: str, head: Slot, fields: dict[str, Printed], findings: list[Finding]
) -> None:
    if group == "personal":
        slot.fate = "ignored:withheld_personal_data"
        message = "a person's name or telephone number is printed here; it was withheld from all tables"
        findings.append(Finding("withheld_personal_data", "info", message, table="projects"))
    elif group == "header_other":
        slot.fate = "ignored:other_header_field"
        findings.append(
            Finding(
                rule="other_header_field",
                severity="info",
                message="a header field that has no column in the tables",
                table="projects",
                field=head.text if not head.value else head.text.removesuffix(head.value).rstrip("：: "),
                printed=text,
            )
        )
    elif label not in fields:
        slot.fate = "ignored:hint" if is_hint(text) else "value"
        if slot.fate == "value":
            fields[label] = Printed(text, slot.cell)
    elif fields[label].text == text:
        slot.fate = "ignored:merged_repeat"


# ── goals ────────────────────────────────────────────────────────────────────


def _read_goals(rows: tuple[Row, ...], fields: dict[str, Printed]) -> None:
    """Expected and actual goals: below their heads, behind them, or behind a colon.

    Pasted text breaks long goals over lines: a line that begins left of the goal's column
    goes on where the one before it stopped.
    """
    pieces: dict[str, list[tuple[Slot, str]]] = {"goal_expected": [], "goal_actual": []}
    columns: dict[str, int] = {}
    last = "goal_expected"
    for row in rows:
        behind: str | None = None
        texts: list[Slot] = []
        for slot in row.slots:
            if slot.fate is not None:
                continue
            label = slot.labels.get("goals")
            if label is None:
                if behind is None and texts and texts[-1].text == slot.text:
                    slot.fate = "ignored:merged_repeat"
                elif behind is None:
                    texts.append(slot)
                else:
                    _add(pieces[behind], slot, slot.text)
                    last = behind
                continue
            slot.fate = "label"
            name = "goal_expected" if label == "goals" else label
            if slot.value:
                _add(pieces[name], slot, slot.value)
                last = name
            elif label != "goals":
                columns.setdefault(name, slot.cell.col)
                behind = name
            elif not columns and not _has_goal_head(row):
                behind = name
        for position, slot in enumerate(texts):
            last = _goal_of(slot, position, texts, columns, last)
            _add(pieces[last], slot, slot.text)
    for name, parts in pieces.items():
        if parts:
            fields[name] = _joined(parts, columns.get(name, 0))


def _has_goal_head(row: Row) -> bool:
    return any(slot.labels.get("goals") in {"goal_expected", "goal_actual"} for slot in row.slots)


def _goal_of(slot: Slot, position: int, texts: list[Slot], columns: dict[str, int], last: str) -> str:
    distinct = {other.text for other in texts}
    if len(texts) == len(columns) == len(distinct) == 2:
        return ("goal_expected", "goal_actual")[position]
    split_at = columns.get("goal_actual")
    if split_at is None:
        return "goal_expected"
    if slot.cell.col < columns.get("goal_expected", 0):
        return last
    return "goal_actual" if slot.cell.col >= split_at else "goal_expected"


def _add(parts: list[tuple[Slot, str]], slot: Slot, text: str) -> None:
    if parts and parts[-1][1] == text:
        slot.fate = "ignored:merged_repeat"
        return
    slot.fate = "value"
    parts.append((slot, text))


def _joined(parts: list[tuple[Slot, str]], column: int) -> Printed:
    """One goal from its pieces: a piece in the goal's own column is a new paragraph."""
    text = parts[0][1]
    for slot, piece in parts[1:]:
        text += ("\n" if slot.cell.col >= column else "") + piece
    more = tuple(slot.cell for slot, _ in parts[1:])
    return Printed(text, parts[0][0].cell, more=more)
