"""Grids → one block per form.

A block opens at a title, or at a 项目名称 label where the title is missing, and closes at the
next one or where foreign text follows its foot. Neighbours are told from forms by the words
of their titles.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.grid import Grid
from pipeline.cell_kinds import look
from pipeline.openings import (
    LONGEST_HEADER,
    LOOK_AHEAD,
    WITHOUT_HEADER,
    Open,
    bare_title,
    begins_any_header,
    beside_title,
    ends_before,
    has_head,
    is_below_title,
    is_page_number,
    is_small_number,
    is_speck,
    is_year,
    is_year_line,
    names_project,
    starts_list,
    starts_untitled,
)
from pipeline.records import Block, Finding, Row, Slot
from pipeline.slots import part_of, rows_of
from pipeline.titles import title_at_end, title_kind


class Split(NamedTuple):
    """Blocks in print order, and the rows that belong to none."""

    blocks: tuple[Block, ...]
    outside: tuple[Row, ...]


def split(grids: Iterable[Grid]) -> Split:
    """The blocks of a document, in print order."""
    return _Splitter(list(rows_of(grids))).run()


class _Splitter:
    """Goes down the rows of a document, opening and closing blocks."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._closed: list[Open] = []
        self._outside: list[Row] = []
        self._current: Open | None = None

    def run(self) -> Split:
        for number, row in enumerate(self._rows):
            if not row.hinted or not self._open_at_title(row, number):
                self._place(row, number)
        self._close()
        blocks = [Block(o.kind, o.title, tuple(o.rows), tuple(o.findings), o.titled) for o in self._closed]
        return Split(tuple(blocks), tuple(self._outside))

    def _place(self, row: Row, number: int) -> None:
        """Put a row where it belongs, opening a block without a title or closing one where need be."""
        if len(row.slots) == 1 and not row.labelled:
            self._note_lone_line(row, number)
        if row.slots[0].fate is not None:
            pass  # furniture: it neither opens nor closes a block
        elif self._current is not None and self._current.kind in WITHOUT_HEADER and self._form_begins(row, number):
            if is_below_title(self._current):
                self._current.kind, self._current.titled = "form", self._current.kind
            else:
                self._close()
                self._current = Open("form", None)
        elif starts_untitled(row, self._current):
            self._close()
            self._current = Open("form", None)
            self._take_year_line()
        elif starts_list(row, self._current):
            self._close()
            self._current = Open("result_list", None)
            self._take_unit_line()
        elif self._current is not None and ends_before(row, self._current):
            self._close()
        if self._current is None:
            self._outside.append(row)
        else:
            self._current.add(row)

    def _form_begins(self, row: Row, number: int) -> bool:
        """Whether the header of a form begins here, inside a neighbour: the head of its indicators follows."""
        return begins_any_header(row) and has_head(self._rows[number : number + LONGEST_HEADER])

    def _note_lone_line(self, row: Row, number: int) -> None:
        """Set aside page numbers and the year under a repeated title.

        A year above the name of a project lets go of the form before it.
        """
        slot, current = row.slots[0], self._current
        if is_speck(row):
            slot.fate = "ignored:speck"
        elif is_page_number(row) or (self._is_inside() and slot.cell.col == 0 and is_small_number(slot)):
            slot.fate = "ignored:page_furniture"
        elif current is None or not current.named or not is_year(slot.text):
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
        named_below = self._names_project_below(number)
        for position, slot in enumerate(row.slots):
            if slot.labels and not slot.value:
                continue
            kind = title_kind(slot.text)
            if kind is not None and not named_below and self._repeats_title(row, slot):
                for other in row.slots:
                    other.fate = "ignored:repeated_title"
                return False
            if kind is not None and self._may_open(kind, row, slot, named_below=named_below):
                self._open(kind, slot, row, position, number)
                return True
            cut = title_at_end(slot.text) if named_below else None
            if cut is not None:
                halves = (slot.text[:cut].rstrip(), slot.text[cut:])
                before, title = (Slot(slot.cell, half, *look(half)[:3]) for half in halves)
                slots = (*row.slots[:position], before, title, *row.slots[position + 1 :])
                self._open("form", title, part_of(row, slots), position + 1, number)
                return True
        return False

    def _names_project_below(self, number: int) -> bool:
        below = self._rows[number + 1 : number + 1 + LOOK_AHEAD]
        return any(names_project(other) for other in below)

    def _repeats_title(self, row: Row, slot: Slot) -> bool:
        """Whether a row is the title of the open form again, at the head of its next page."""
        current = self._current
        if current is None or current.title is None or not current.named or current.footed:
            return False
        alone = all(other.text == slot.text or beside_title(other) for other in row.slots)
        return alone and bare_title(slot.text) == bare_title(current.title.text)

    def _may_open(self, kind: str, row: Row, slot: Slot, *, named_below: bool) -> bool:
        """Whether a cell with the words of a title is one, and no value of the form above it."""
        if kind == "form" and named_below:
            return True
        if not all(other.text == slot.text or beside_title(other) for other in row.slots):
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
        self._current = Open(kind, title)
        if above:
            self._current.findings.append(_title_in_cell(title))
        self._take_year_line()
        self._current.add(row)

    def _take_year_line(self) -> None:
        """A year on a line of its own above a form belongs to it."""
        if self._current is not None and self._outside and is_year_line(self._outside[-1]):
            self._current.add(self._outside.pop())

    def _take_unit_line(self) -> None:
        """The unit of money above a list belongs to it."""
        last = self._outside[-1] if self._outside else None
        if self._current is not None and last is not None and any("unit_line" in s.labels for s in last.labelled):
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
