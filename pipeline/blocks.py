"""Grids → one block per form.

A block opens at a title, or at a 项目名称 label where the title is missing, and closes at the
next one or where foreign text follows its foot. Neighbours are told from forms by the words
of their titles (``templates/titles.toml``).
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from parsers.grid import Cell, Grid
from pipeline.labels import is_note, labels_of, split_label
from pipeline.records import Block, Finding, Row, Slot
from pipeline.values import year
from pipeline.values.fold import fold

LONGEST_TITLE = 60
"""Characters of a folded title line, the year and a bureau's name included."""

HEAD_LABELS = 3
"""Indicator-head labels in one row that make it the head of the indicator table."""

TABLE_WIDTH = 3
"""Cells in a row that make a neighbour's block a table."""


class Split(NamedTuple):
    """Blocks in print order, and the rows that belong to none."""

    blocks: tuple[Block, ...]
    outside: tuple[Row, ...]


class _Open:
    """The block that is being filled."""

    def __init__(self, kind: str, title: Slot | None) -> None:
        self.kind = kind
        self.title = title
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.named = False      # a 项目名称 label was seen
        self.headed = False     # the indicator head was seen
        self.footed = False     # the grade was seen

    def add(self, row: Row) -> None:
        self.rows.append(row)
        heads = 0
        for slot in row.slots:
            labels = slot.labels
            if labels:
                self.named = self.named or labels.get("header") == "project_name"
                self.footed = self.footed or (self.headed and labels.get("foot") == "grade")
                heads += "indicator_head" in labels
        self.headed = self.headed or heads >= HEAD_LABELS

    def block(self) -> Block:
        return Block(self.kind, self.title, tuple(self.rows), tuple(self.findings))

    def is_real(self) -> bool:
        """Whether more than a title stands in it: a heading or a line of a table of contents
        opens no block."""
        if self.kind == "form":
            return self.named or self.headed
        if self.kind == "prose_report":
            return any(_is_prose(row) for row in self.rows)
        return any(len(row.slots) >= TABLE_WIDTH for row in self.rows)


def split(grids: Iterable[Grid]) -> Split:
    """The blocks of a document, in print order."""
    blocks: list[Block] = []
    outside: list[Row] = []
    current: _Open | None = None

    def close() -> None:
        nonlocal current
        if current is not None:
            if current.is_real():
                blocks.append(current.block())
            else:
                outside.extend(current.rows)
        current = None

    rows = list(_rows(grids))
    for number, whole in enumerate(rows):
        for row, title in _cut_at_title(whole, rows[number + 1] if number + 1 < len(rows) else None):
            if title is not None:
                close()
                current = _Open(title[0], title[1])
                if title[2]:
                    current.findings.append(_title_in_cell(title[1]))
                _take_year_line(outside, current)
            elif _starts_untitled(row, current):
                close()
                current = _Open("form", None)
            elif current is not None and _ends_before(row, current):
                close()
            if current is None:
                outside.append(row)
            else:
                current.add(row)
    close()
    return Split(tuple(blocks), tuple(outside))


def _rows(grids: Iterable[Grid]) -> Iterator[Row]:
    for number, grid in enumerate(grids):
        paragraph = grid.n_rows == 1 and grid.n_cols == 1
        by_row: dict[int, list[Slot]] = {}
        for cell in grid.cells:
            slot = _slot(cell, cell.text)
            row = by_row.get(cell.row)
            if row is None:
                row = by_row[cell.row] = []
            row.append(slot)
            for below in range(cell.row + 1, cell.row + cell.row_span):
                by_row.setdefault(below, []).append(slot)
        for index in sorted(by_row):
            slots = by_row[index]
            if any(slot.cell.row != index for slot in slots):
                slots.sort(key=lambda slot: slot.cell.col)
            yield Row(tuple(slots), number, paragraph)


def _slot(cell: Cell, text: str) -> Slot:
    labels = labels_of(text)
    value = ""
    if not labels and (":" in text or "：" in text):
        labels, value = split_label(text)
    return Slot(cell, text, labels, value)


# ── titles ───────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("pipeline.templates").joinpath("titles.toml").read_text("utf-8"))


@lru_cache(maxsize=4096)
def title_kind(text: str) -> str | None:
    """``form``, a neighbour's name, or None where the text is no title.

    >>> title_kind("财政项目支出绩效自评表"), title_kind("2023年度部门预算项目支出绩效自评价")
    ('form', 'form')
    >>> title_kind("项目支出绩效目标申报表"), title_kind("项目支出绩效自评结果汇总表")
    ('target_only', 'result_list')
    >>> title_kind("本单位已填写项目支出绩效自评表，并随决算公开。")
    """
    if len(text) > 2 * LONGEST_TITLE:
        return None
    key = fold(text)
    if len(key) > LONGEST_TITLE or any(mark in key for mark in ("。", "；", ";", "，", ",", "!", "、详")):
        return None
    for kind, words in _titles().items():
        if kind == "words":
            continue
        if any(word in key for word in words["any"]) and not any(word in key for word in words["none"]):
            return kind
    return None


_Title = tuple[str, Slot, bool]


def _cut_at_title(row: Row, following: Row | None) -> Iterator[tuple[Row, _Title | None]]:
    """The row, or its parts before and from a title, each with the title it opens."""
    for position, slot in enumerate(row.slots):
        text = slot.text
        if "评" not in text and "绩" not in text and "决算" not in text:
            continue
        if slot.labels and not slot.value:
            continue
        kind = title_kind(text)
        if kind is not None:
            before = Row(row.slots[:position], row.grid, row.paragraph)
            foreign = [other for other in before.slots if other.text != text]
            if foreign:
                yield before, None
                yield Row(row.slots[position:], row.grid, row.paragraph), (kind, slot, True)
            else:
                yield row, (kind, slot, False)
            return
        cut = _title_at_end(text) if following is not None and _names_project(following) else None
        if cut is not None:
            yield from _cut_cell(row, position, cut)
            return
    yield row, None


def _cut_cell(row: Row, position: int, cut: int) -> Iterator[tuple[Row, _Title | None]]:
    cell = row.slots[position].cell
    text = row.slots[position].text
    first, second = _slot(cell, text[:cut].rstrip()), _slot(cell, text[cut:])
    yield Row((*row.slots[:position], first), row.grid, row.paragraph), None
    rest = Row((second, *row.slots[position + 1 :]), row.grid, row.paragraph)
    yield rest, ("form", second, True)


def _title_at_end(text: str) -> int | None:
    """Where a form's title begins in a cell that ends in one (a year may follow it)."""
    words = [word for word in _titles()["form"]["any"] if word in text]
    if not words:
        return None
    start = max(text.rindex(word) for word in words)
    tail = text[start:]
    if len(tail) > LONGEST_TITLE // 2 or title_kind(tail) is None:
        return None
    leads = _titles()["words"]["leads"]
    while lead := next((lead for lead in leads if text.endswith(lead, 0, start)), None):
        start -= len(lead)
    return start or None


def _title_in_cell(slot: Slot) -> Finding:
    return Finding(
        rule="layout_title_in_cell",
        severity="info",
        message="the title of this form was printed inside a cell of the form before it",
        table="projects",
        field="title",
        printed=slot.text,
    )


# ── where a block begins and ends without a title ────────────────────────────


def _names_project(row: Row) -> bool:
    return any(slot.labels.get("header") == "project_name" for slot in row.slots)


def _starts_untitled(row: Row, current: _Open | None) -> bool:
    if row.slots[0].labels.get("header") != "project_name":
        return False
    if any("fund_head" in slot.labels for slot in row.slots):
        return False    # the head of a list of projects
    return current is None or (current.named and current.headed)


def _ends_before(row: Row, current: _Open) -> bool:
    """Foreign text: prose before anything of the form was seen, a paragraph behind the head of
    its indicator table, or another table behind its grade."""
    if any(slot.labels for slot in row.slots) or is_note(row.slots[0].text):
        return False
    if not current.headed:
        return current.kind != "prose_report" and not current.named and _is_prose(row)
    in_same_grid = bool(current.rows) and current.rows[-1].grid == row.grid
    return not in_same_grid and (row.paragraph or current.footed)


def _is_prose(row: Row) -> bool:
    text = row.slots[0].text
    return row.paragraph and (len(text) > LONGEST_TITLE or "。" in text)


def _take_year_line(outside: list[Row], current: _Open) -> None:
    """A year printed as a line of its own above the title belongs to the form."""
    if outside and outside[-1].paragraph and year.parse(outside[-1].slots[0].text) is not None:
        if title_kind(outside[-1].slots[0].text) is None and len(outside[-1].slots[0].text) < LONGEST_TITLE // 2:
            current.add(outside.pop())
