"""What was recognised of a block: its template and its parts. Types only."""

from typing import NamedTuple

from pipeline.records import Finding, Row, Slot
from pipeline.templates import Template

FOREIGN = "foreign"
"""Label of a head cell whose words no list has: its column is kept apart, and what stands in it is left over."""

SERIAL = "serial"
"""Label of a column that numbers the rows."""

ASIDE = "aside"
"""Label of a column of marks (是否核心指标) that no table has."""

BESIDE = frozenset({FOREIGN, SERIAL, ASIDE})
"""Columns that no template names and that any may have."""


class HeadColumn(NamedTuple):
    """A column of a printed head: its label id and the grid columns that it covers.

    ``repeated`` is true where the words of a merged head are printed in each of them.

    It reaches to the column before the next head label, because pasted text keeps the
    blank columns that a merged head cell left behind.
    """

    label: str
    first: int
    last: int
    repeated: bool = False


class Shape(NamedTuple):
    """The parts of a form, as rows of the block; a part that is not printed is empty."""

    template: Template | None
    header: tuple[Row, ...]
    fund_head: tuple[HeadColumn, ...]
    fund_head_slots: tuple[Slot, ...]
    funds: tuple[Row, ...]
    goals: tuple[Row, ...]
    indicator_head: tuple[HeadColumn, ...]
    indicators: tuple[Row, ...]
    findings: tuple[Finding, ...]
    head_in_doubt: bool = False
    """Whether the indicator head is one of a scan and a cell of it was not understood."""
    indicator_head_slots: tuple[Slot, ...] = ()
    """The cells of the first printed head of the indicators, those that are no known label among them."""
