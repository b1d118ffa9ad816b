"""Title, year, header fields and goals of a form → printed text in named places."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.goals import read_goals
from pipeline.labels import is_hint, pairs_in
from pipeline.privacy import holds_number, is_name, redacted
from pipeline.records import Block, Fields, Finding, Printed, Row, Slot
from pipeline.shape import Shape
from pipeline.values import year
from pipeline.withholding import withheld

LONGEST_YEAR_LINE = 30
"""Characters of a line that holds the year and at most a word beside it."""


PAIR = 2
"""Cells of a label and its value."""


REPORTING = "reporting_unit"
"""A label of the header (单位名称, 部门名称) that tells the implementing unit where no other does."""

_VALUED = frozenset({"number", "percent", "bounded", "outcome"})
"""Kinds of cells that an indicator has and a line of persons has not."""

_CODED_NAME = re.compile(r"(?P<code>[0-9A-Z]{21})\s*[-—－–_]+\s*(?P<name>.*)", re.DOTALL)
"""Sichuan prints the 21 characters of a project's code before its name."""


class Header(NamedTuple):
    """Fields by column name of the projects table, what was noticed, and why targets were missed."""

    fields: Fields
    findings: tuple[Finding, ...]
    reason: Printed | None = None


def read_header(block: Block, shape: Shape) -> Header:
    """Take the header and the goals out of the block, and what is withheld of its foot."""
    fields: dict[str, Printed] = {}
    findings: list[Finding] = []
    if block.title is None:
        findings.append(Finding("form_without_title", "info", "no title is printed over this form"))
    else:
        _read_title(block, block.title, fields)
    _read_year_line(shape.header, fields)
    pairs = _Pairs(fields)
    for row in (*shape.header, *shape.funds):
        pairs.read(row)
    for row in shape.indicators:
        if _is_signature(row):
            pairs.read(row)
            pairs.withhold_names(row)
    pairs.name_unit()
    fields.update(read_goals(shape.goals))
    findings += pairs.findings
    if pairs.withheld:
        findings.append(withheld())
    return Header(fields, tuple(findings), pairs.reason)


def _is_signature(row: Row) -> bool:
    """A line of persons or of other remarks among the indicators or below them.

    Without a colon a label such as 服务电话 is more likely the name of an indicator.
    """
    asides = [s for s in row.labelled if "personal" in s.labels or "header_other" in s.labels]
    if not asides:
        return False
    texts = {slot.text for slot in row.slots}  # a merged cell counts once
    if any(slot.value for slot in asides) or 0 < len(texts) <= PAIR * len({slot.text for slot in asides}):
        return True
    return _names_person(row)


def _names_person(row: Row) -> bool:
    """Whether a person's name or number stands behind a label of one, in a row without values of an indicator."""
    if not _VALUED.isdisjoint(slot.kind for slot in row.slots):
        return False
    return any(
        "personal" in slot.labels and (is_name(behind.text) or holds_number(behind.text))
        for slot, behind in pairwise(row.slots)
    )


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
    """Take the year of the form.

    A line that is a year and nothing else outweighs a year within a title, which may be part of
    the name of a project, and one within the line above it, which may be a running title.
    """
    lines = list(_year_lines(rows))
    alone = [slot for slot in lines if year.stands_alone(slot.text)]
    known = fields.get("form_year")
    if known is not None:
        alone = [slot for slot in alone if year.parse(slot.text) != year.parse(known.text)]
    chosen = next(iter(alone if alone or known is not None else lines), None)
    for slot in lines:
        slot.fate = "value" if slot is chosen else "ignored:merged_repeat"
    if chosen is not None:
        fields["form_year"] = Printed(chosen.text, chosen.cell)


def _year_lines(rows: tuple[Row, ...]) -> Iterator[Slot]:
    """Lines above the name of the project that name a year."""
    for row in rows:
        for slot in row.slots:
            if slot.labels.get("header") == "project_name":
                return
            if slot.fate is not None or slot.labels or len(slot.text) > LONGEST_YEAR_LINE:
                continue
            if year.parse(slot.text) is not None:
                yield slot


# ── label and value pairs ────────────────────────────────────────────────────

_GROUPS = ("header", "personal", "header_other")


class _Pairs:
    """Rows of labels, each followed by its value in the same cell or the next."""

    def __init__(self, fields: dict[str, Printed]) -> None:
        self.fields = fields
        self.findings: list[Finding] = []
        self.withheld = False
        self.reason: Printed | None = None
        self._heads: dict[str, str] = {}
        self._reporting: Slot | None = None

    def read(self, row: Row) -> None:
        """Take the labels and values of one row."""
        head: Slot | None = None
        group = before = ""
        for slot in row.slots:
            if slot.fate is not None:
                continue
            found = next((name for name in _GROUPS if name in slot.labels), None) if slot.labels else None
            if found is not None:
                group, head = found, slot
                slot.fate = "label"
                if slot.value and self._take_several(slot):
                    head = None
                elif slot.value or group == "personal":
                    self._put(group, head, slot, slot.value)
            elif head is not None and "unit_line" not in slot.labels:
                if group == "header_other" and slot.text in (head.text, before):
                    slot.fate = "ignored:merged_repeat"
                else:
                    self._put(group, head, slot, slot.text)
                before = slot.text

    def withhold_names(self, row: Row) -> None:
        """Names in a line of persons that stand behind no known label."""
        for slot in row.slots:
            if slot.fate is None and is_name(slot.text):
                slot.fate = "ignored:withheld_personal_data"
                self.withheld = True

    def name_unit(self) -> None:
        """The unit that reports is the one that implements, where no other is named."""
        unit = self.fields.pop(REPORTING, None)
        if unit is None:
            return
        named = self.fields.setdefault("implementing_unit", unit)
        if named is not unit and self._reporting is not None:
            same = named.text == unit.text
            self._reporting.fate = "ignored:merged_repeat" if same else "ignored:other_header_field"
            if not same:
                self.findings.append(_noted(self._heads[REPORTING], unit.text))

    def _take_several(self, slot: Slot) -> bool:
        """Several label：value pairs in one cell, told apart by white space."""
        pairs = pairs_in(slot.text)
        if len(pairs) < PAIR:
            return False
        for labels, value in pairs:
            found = next((name for name in _GROUPS if name in labels), None)
            if found == "personal":
                self.withheld = True
            elif found == "header":
                self._field(labels["header"], slot, slot, value)
            elif found is not None:
                self.findings.append(_other_field(slot, value))
        if self.withheld:
            slot.fate = "ignored:withheld_personal_data"
        elif slot.fate == "label":
            slot.fate = "ignored:other_header_field"
        return True

    def _put(self, group: str, head: Slot, slot: Slot, text: str) -> None:
        if group == "personal":
            slot.fate = "ignored:withheld_personal_data"
            self.withheld = self.withheld or bool(text)
        elif group == "header_other":
            slot.fate = "ignored:other_header_field"
            self.findings.append(_other_field(head, text))
            if head.labels[group] == "reasons" and text:
                self.reason = Printed(text, slot.cell)
        else:
            self._field(head.labels[group], head, slot, text)

    def _field(self, label: str, head: Slot, slot: Slot, text: str) -> None:
        coded = _CODED_NAME.match(text) if label == "project_name" else None
        if coded is not None and coded["name"]:
            self.fields.setdefault("project_code", Printed(coded["code"], slot.cell))
            text = coded["name"]
        if is_hint(text):
            slot.fate = "ignored:hint"
        elif label not in self.fields:
            slot.fate = "value"
            self.fields[label] = Printed(text, slot.cell)
            self._heads[label] = _head_print(head)
            if label == REPORTING:
                self._reporting = slot
        elif self.fields[label].text == text:
            slot.fate = "ignored:merged_repeat"
        elif self._heads.get(label, _head_print(head)) != _head_print(head):
            slot.fate = "ignored:other_header_field"
            self.findings.append(_other_field(head, text))


def _head_print(head: Slot) -> str:
    return head.text.removesuffix(head.value).rstrip("：: ")


def _other_field(head: Slot, text: str) -> Finding:
    return _noted(_head_print(head), text)


def _noted(head: str, text: str) -> Finding:
    return Finding(
        rule="other_header_field",
        severity="info",
        message="a header field that has no column in the tables",
        table="projects",
        field=head,
        printed=redacted(text),
    )
