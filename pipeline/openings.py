"""A block that is being filled, and what a row says about it: whether it begins one, goes on, or is foreign."""

import re
from collections.abc import Sequence

from pipeline.furniture import is_furniture
from pipeline.labels import is_note
from pipeline.recognised import is_recognised
from pipeline.records import Finding, Row, Slot
from pipeline.result_lists import is_head
from pipeline.titles import LONGEST_TITLE, title_kind
from pipeline.values import year
from pipeline.values.fold import fold

HEAD_LABELS = 3
"""Indicator-head labels in one row that make it the head of the indicator table."""

MONEY = frozenset({"initial_budget_yuan", "annual_budget_yuan", "executed_yuan"})
"""Labels of the head of a fund table that no other head shows."""

NAMED = frozenset({"project_name", "reporting_unit"})
"""Labels of the header below a title that say that a form begins here."""

TABLE_WIDTH = 3
"""Cells in a row that make a neighbour's block a table."""

LONGEST_PAGE_NUMBER = 4
"""Digits."""

LONGEST_HEADER = 60
"""Rows from the header of a form to the head of its indicators: header, funds and goals."""

LONGEST_TOP = 6
"""Rows from the title of a form to its header: a year, a number of the table, who filled it in, a unit."""

LONGEST_SPECK = 2
SPECK_SURE = 0.6
"""Signs of dirt that was read as print, and how sure a recogniser is of it at most."""

LOOK_AHEAD = 3
"""Rows below a title within which its form names the project: a year, a unit line, the name."""

WITHOUT_HEADER = frozenset(("result_list", "final_accounts", "prose_report"))
"""Neighbours in which the header of a form begins another block."""

_FIRST_OF_HEADER = frozenset(("project_name", "reporting_unit"))

_MAY_HOLD_A_LIST = frozenset(("final_accounts", "prose_report"))

_TITLE_ASIDES = re.compile(r"\(?续表?[0-9一二三]?\)?|\(?[0-9]{4}年度?\)?")


class Open:
    """A block that is being filled."""

    def __init__(self, kind: str, title: Slot | None) -> None:
        self.kind = kind
        self.titled: str | None = None  # the neighbour whose title a form has
        self.title = title
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.named = False  # a 项目名称 label was seen
        self.funded = False  # the head of the fund table was seen
        self.headed = False  # the indicator head was seen
        self.footed = False  # the grade was seen

    def add(self, row: Row) -> None:
        """Take a row in, and note what of a form was seen in it."""
        self.rows.append(row)
        if self.named and self.funded and self.headed:  # as most rows find it
            self.footed = self.footed or any([slot.labels.get("foot") == "grade" for slot in row.labelled])  # noqa: C419  a list is quicker
            return
        heads = money = 0
        for slot in row.labelled:
            labels = slot.labels
            self.named = self.named or labels.get("header") == "project_name"
            self.footed = self.footed or (self.headed and labels.get("foot") == "grade")
            heads += "indicator_head" in labels
            money += labels.get("fund_head") in MONEY
        self.funded = self.funded or money > 1
        self.headed = self.headed or (heads >= HEAD_LABELS and not money)

    def is_real(self) -> bool:
        """Whether more than a title stands in it.

        A heading or a line of a table of contents opens no block.
        """
        if self.kind == "form":
            return self.named or self.headed
        if self.kind == "prose_report":
            return any(is_prose(row) or is_sentence(row) for row in self.rows)
        return any(len(row.slots) >= TABLE_WIDTH for row in self.rows)

    def goes_on_in(self, other: "Open") -> bool:
        """Whether the other one is this form's next page, under its repeated title."""
        if self.title is None or other.title is None or fold(self.title.text) != fold(other.title.text):
            return False
        if other.named or other.funded or not self.headed or self.footed:
            return False
        return any(len(row.slots) >= TABLE_WIDTH for row in other.rows)


# ── what a row says about the block it stands in ─────────────────────────────


def beside_title(slot: Slot) -> bool:
    """A year or a unit that is printed on the title's line."""
    return "unit_line" in slot.labels or year.parse(slot.text) is not None


def names_project(row: Row) -> bool:
    """Whether a row names what a form is about; that of a whole department names no project."""
    return any(slot.labels.get("header") in NAMED for slot in row.labelled)


def is_below_title(current: Open) -> bool:
    """Whether hardly more than the title of a block was printed yet: no prose, no table."""
    if len(current.rows) > LONGEST_TOP:
        return False
    return not any(is_sentence(row) or len(row.slots) >= TABLE_WIDTH for row in current.rows)


def has_head(below: Sequence[Row]) -> bool:
    """Whether the head of an indicator table is among rows, and no prose before it."""
    for row in below:
        if sum("indicator_head" in slot.labels for slot in row.labelled) >= HEAD_LABELS:
            return True
        if is_sentence(row) and row.slots[0].cell.col == 0:
            return False
    return False


def begins_any_header(row: Row) -> bool:
    """Whether a row names a project, or a department where a form names none, and is no head of a list."""
    return row.slots[0].labels.get("header") in _FIRST_OF_HEADER and not is_head(row)


def begins_header(row: Row) -> bool:
    """Whether a row names a project as the first one of a form does, and is no head of a list."""
    if row.slots[0].labels.get("header") != "project_name" or is_head(row):
        return False
    return not any("fund_head" in slot.labels for slot in row.labelled)


def starts_untitled(row: Row, current: Open | None) -> bool:
    """Whether a form without a title begins here."""
    if not begins_header(row):
        return False
    return current is None or (current.kind not in WITHOUT_HEADER and current.named and current.headed)


def starts_list(row: Row, current: Open | None) -> bool:
    """Whether a list of results begins here without a title."""
    if current is None or current.kind in _MAY_HOLD_A_LIST:
        return is_head(row)
    return current.footed and current.rows[-1].grid != row.grid and is_head(row)


def ends_before(row: Row, current: Open) -> bool:
    """Whether a row is foreign to the open block.

    Foreign are prose before anything of the form was seen, a paragraph behind the head of its
    indicator table, and another table behind its grade.
    """
    if row.labelled or is_note(row.slots[0].text):
        return False
    if current.kind in WITHOUT_HEADER:
        return current.kind != "prose_report" and is_prose(row)
    if not current.headed:
        return not current.named and is_prose(row)
    in_same_grid = current.rows[-1].grid == row.grid
    return not in_same_grid and (row.paragraph or current.footed)


def is_prose(row: Row) -> bool:
    """Whether a row is a paragraph of prose."""
    text = row.slots[0].text
    return row.paragraph and (len(text) > LONGEST_TITLE or "。" in text)


def is_sentence(row: Row) -> bool:
    """Whether a row is prose by its text; pasted text does not tell paragraphs from rows."""
    return len(row.slots) == 1 and not row.labelled and "。" in row.slots[0].text


def is_speck(row: Row) -> bool:
    """Whether a line is what a recogniser makes of dirt on a page: a sign or two that it is not sure of."""
    slot = row.slots[0]
    unsure = slot.cell.origin.confidence < SPECK_SURE and is_recognised(slot.cell)
    return row.paragraph and unsure and len(slot.text) <= LONGEST_SPECK


def is_page_number(row: Row) -> bool:
    """The number of a page, a form or an annex; a bare number only on a line of its own."""
    slot = row.slots[0]
    return is_furniture(slot.text) or (row.paragraph and is_small_number(slot))


def is_small_number(slot: Slot) -> bool:
    """Whether a cell holds a number that may be that of a page."""
    return slot.text.isdecimal() and len(slot.text) <= LONGEST_PAGE_NUMBER


def is_year_line(row: Row) -> bool:
    """Whether nothing but a year stands in a row."""
    return len(row.slots) == 1 and is_year(row.slots[0].text)


def is_year(text: str) -> bool:
    """Whether a text is a year and hardly anything else."""
    return len(text) < LONGEST_TITLE // 2 and year.parse(text) is not None and title_kind(text) is None


def bare_title(text: str) -> str:
    """A title without its year and without the mark of a continuation."""
    return _TITLE_ASIDES.sub("", fold(text))
