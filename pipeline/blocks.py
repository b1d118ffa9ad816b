"""Grids → one block per form.

A block opens at a title, or at a 项目名称 label where the title is missing, and closes at the
next one or where foreign text follows its foot. Neighbours are told from forms by the words
of their titles.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.grid import Grid
from pipeline.cell_kinds import look
from pipeline.furniture import is_furniture
from pipeline.labels import is_note
from pipeline.recognised import is_recognised
from pipeline.records import Block, Finding, Row, Slot
from pipeline.slots import part_of, rows_of
from pipeline.titles import LONGEST_TITLE, title_at_end, title_kind
from pipeline.values import year
from pipeline.values.fold import fold

HEAD_LABELS = 3
"""Indicator-head labels in one row that make it the head of the indicator table."""

TABLE_WIDTH = 3
"""Cells in a row that make a neighbour's block a table."""

LONGEST_PAGE_NUMBER = 4
"""Digits."""

LONGEST_SPECK = 2
SPECK_SURE = 0.5
"""Signs of dirt that was read as print, and how sure a recogniser is of it at most."""

LOOK_AHEAD = 3
"""Rows below a title within which its form names the project: a year, a unit line, the name."""


_TITLE_ASIDES = re.compile(r"\(?续表?[0-9一二三]?\)?|\(?[0-9]{4}年度?\)?")


class Split(NamedTuple):
    """Blocks in print order, and the rows that belong to none."""

    blocks: tuple[Block, ...]
    outside: tuple[Row, ...]


class _Open:
    """A block that is being filled."""

    def __init__(self, kind: str, title: Slot | None) -> None:
        self.kind = kind
        self.title = title
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.named = False  # a 项目名称 label was seen
        self.headed = False  # the indicator head was seen
        self.footed = False  # the grade was seen

    def add(self, row: Row) -> None:
        self.rows.append(row)
        heads = 0
        for slot in row.labelled:
            labels = slot.labels
            self.named = self.named or labels.get("header") == "project_name"
            self.footed = self.footed or (self.headed and labels.get("foot") == "grade")
            heads += "indicator_head" in labels
        self.headed = self.headed or heads >= HEAD_LABELS

    def is_real(self) -> bool:
        """Whether more than a title stands in it.

        A heading or a line of a table of contents opens no block.
        """
        if self.kind == "form":
            return self.named or self.headed
        if self.kind == "prose_report":
            return any(_is_prose(row) for row in self.rows)
        return any(len(row.slots) >= TABLE_WIDTH for row in self.rows)

    def goes_on_in(self, other: "_Open") -> bool:
        """Whether the other one is this form's next page, under its repeated title."""
        if self.title is None or other.title is None or fold(self.title.text) != fold(other.title.text):
            return False
        if other.named or not self.headed or self.footed:
            return False
        return any(len(row.slots) >= TABLE_WIDTH for row in other.rows)


def split(grids: Iterable[Grid]) -> Split:
    """The blocks of a document, in print order."""
    return _Splitter(list(rows_of(grids))).run()


class _Splitter:
    """Goes down the rows of a document, opening and closing blocks."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._closed: list[_Open] = []
        self._outside: list[Row] = []
        self._current: _Open | None = None

    def run(self) -> Split:
        for number, row in enumerate(self._rows):
            if not row.hinted or not self._open_at_title(row, number):
                self._place(row, number)
        self._close()
        blocks = [Block(o.kind, o.title, tuple(o.rows), tuple(o.findings)) for o in self._closed]
        return Split(tuple(blocks), tuple(self._outside))

    def _place(self, row: Row, number: int) -> None:
        if len(row.slots) == 1 and not row.labelled:
            self._note_lone_line(row, number)
        if row.slots[0].fate is not None:
            pass  # furniture: it neither opens nor closes a block
        elif _starts_untitled(row, self._current):
            self._close()
            self._current = _Open("form", None)
            self._take_year_line()
        elif self._current is not None and _ends_before(row, self._current):
            self._close()
        if self._current is None:
            self._outside.append(row)
        else:
            self._current.add(row)

    def _note_lone_line(self, row: Row, number: int) -> None:
        """Set aside page numbers and the year under a repeated title.

        A year above the name of a project lets go of the form before it.
        """
        slot, current = row.slots[0], self._current
        if _is_speck(row):
            slot.fate = "ignored:speck"
        elif _is_page_number(row) or (self._is_inside() and slot.cell.col == 0 and _is_small_number(slot)):
            slot.fate = "ignored:page_furniture"
        elif current is None or not current.named or not _is_year(slot.text):
            return
        elif current.headed and self._names_project_below(number):
            self._close()
        elif self._is_inside() or current.rows[-1].slots[0].fate == "ignored:repeated_title":
            slot.fate = "ignored:repeated_title"

    def _is_inside(self) -> bool:
        """Whether the rows are those of an indicator table."""
        return self._current is not None and self._current.headed and not self._current.footed

    def _close(self) -> None:
        current, self._current = self._current, None
        if current is None:
            return
        before = self._closed[-1] if self._closed else None
        if before is not None and current.title is not None and before.goes_on_in(current):
            current.title.fate = "ignored:repeated_title"
            for row in current.rows:
                before.add(row)
        elif current.is_real():
            self._closed.append(current)
        else:
            self._outside.extend(current.rows)

    # ── titles ───────────────────────────────────────────────────────────────

    def _open_at_title(self, row: Row, number: int) -> bool:
        """Open a block at a title that stands in the row, if one does."""
        names_project = self._names_project_below(number)
        for position, slot in enumerate(row.slots):
            if slot.labels and not slot.value:
                continue
            kind = title_kind(slot.text)
            if kind is not None and not names_project and self._repeats_title(row, slot):
                for other in row.slots:
                    other.fate = "ignored:repeated_title"
                return False
            if kind is not None and self._may_open(kind, row, slot, names_project=names_project):
                self._open(kind, slot, row, position, number)
                return True
            cut = title_at_end(slot.text) if names_project else None
            if cut is not None:
                halves = (slot.text[:cut].rstrip(), slot.text[cut:])
                before, title = (Slot(slot.cell, half, *look(half)[:3]) for half in halves)
                slots = (*row.slots[:position], before, title, *row.slots[position + 1 :])
                self._open("form", title, part_of(row, slots), position + 1, number)
                return True
        return False

    def _names_project_below(self, number: int) -> bool:
        below = self._rows[number + 1 : number + 1 + LOOK_AHEAD]
        return any(_names_project(other) for other in below)

    def _repeats_title(self, row: Row, slot: Slot) -> bool:
        """Whether a row is the title of the open form again, at the head of its next page."""
        current = self._current
        if current is None or current.title is None or not current.named or current.footed:
            return False
        alone = all(other.text == slot.text or _beside_title(other) for other in row.slots)
        return alone and _bare_title(slot.text) == _bare_title(current.title.text)

    def _may_open(self, kind: str, row: Row, slot: Slot, *, names_project: bool) -> bool:
        """Whether a cell with the words of a title is one, and no value of the form above it."""
        if kind == "form" and names_project:
            return True
        if not all(other.text == slot.text or _beside_title(other) for other in row.slots):
            return False
        current = self._current
        inside = current is not None and current.named and not current.footed
        return row.paragraph or not inside

    def _open(self, kind: str, title: Slot, row: Row, position: int, number: int) -> None:
        above = [slot for slot in row.slots[:position] if slot.text != title.text]
        if above:
            self._place(part_of(row, above), number)
            row = part_of(row, row.slots[position:])
        self._close()
        self._current = _Open(kind, title)
        if above:
            self._current.findings.append(_title_in_cell(title))
        self._take_year_line()
        self._current.add(row)

    def _take_year_line(self) -> None:
        """A year on a line of its own above a form belongs to it."""
        if self._current is not None and self._outside and _is_year_line(self._outside[-1]):
            self._current.add(self._outside.pop())


def _title_in_cell(slot: Slot) -> Finding:
    return Finding(
        rule="layout_title_in_cell",
        severity="info",
        message="the title of this form was printed inside a row of the form before it",
        table="projects",
        field="title",
        printed=slot.text,
    )


# ── what a row says about the block it stands in ─────────────────────────────


def _beside_title(slot: Slot) -> bool:
    """A year or a unit that is printed on the title's line."""
    return "unit_line" in slot.labels or year.parse(slot.text) is not None


def _names_project(row: Row) -> bool:
    return any(slot.labels.get("header") == "project_name" for slot in row.labelled)


def _starts_untitled(row: Row, current: _Open | None) -> bool:
    if row.slots[0].labels.get("header") != "project_name":
        return False
    if any("fund_head" in slot.labels for slot in row.labelled):
        return False  # the head of a list of projects
    return current is None or (current.named and current.headed)


def _ends_before(row: Row, current: _Open) -> bool:
    """Whether a row is foreign to the open block.

    Foreign are prose before anything of the form was seen, a paragraph behind the head of its
    indicator table, and another table behind its grade.
    """
    if row.labelled or is_note(row.slots[0].text):
        return False
    if not current.headed:
        return current.kind != "prose_report" and not current.named and _is_prose(row)
    in_same_grid = current.rows[-1].grid == row.grid
    return not in_same_grid and (row.paragraph or current.footed)


def _is_speck(row: Row) -> bool:
    """Whether a line is what a recogniser makes of dirt on a page: a sign or two that it is not sure of."""
    slot = row.slots[0]
    unsure = slot.cell.origin.confidence < SPECK_SURE and is_recognised(slot.cell)
    return row.paragraph and unsure and len(slot.text) <= LONGEST_SPECK


def _is_prose(row: Row) -> bool:
    text = row.slots[0].text
    return row.paragraph and (len(text) > LONGEST_TITLE or "。" in text)


def _is_page_number(row: Row) -> bool:
    """The number of a page, a form or an annex; a bare number only on a line of its own."""
    slot = row.slots[0]
    return is_furniture(slot.text) or (row.paragraph and _is_small_number(slot))


def _is_small_number(slot: Slot) -> bool:
    return slot.text.isdecimal() and len(slot.text) <= LONGEST_PAGE_NUMBER


def _is_year_line(row: Row) -> bool:
    return len(row.slots) == 1 and _is_year(row.slots[0].text)


def _is_year(text: str) -> bool:
    """Whether a text is a year and hardly anything else."""
    return len(text) < LONGEST_TITLE // 2 and year.parse(text) is not None and title_kind(text) is None


def _bare_title(text: str) -> str:
    """A title without its year and without the mark of a continuation."""
    return _TITLE_ASIDES.sub("", fold(text))
