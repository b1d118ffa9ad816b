"""The data that passes between the stages.

Glossary (Chinese term: name in this code)

========================  =====================================================
财政项目支出绩效自评表      form: the self-evaluation of one project
项目名称                   project_name
主管部门 / 实施单位         supervising_department / implementing_unit
项目资金                   fund table; one line of it is a fund row
年初预算数                 initial_budget
全年预算数                 annual_budget (after adjustment)
全年执行数                 executed
执行率                     execution_rate, percent
年度总体目标               goals: goal_expected (预期目标), goal_actual (实际完成情况)
一级/二级/三级指标          level1, level2, level3 of an indicator
年度指标值                 target
实际完成值                 actual
分值 / 得分                weight / score, in points
偏差原因分析               deviation_reason
总分 / 评分等级             total row: weight_total, score_total / grade
绩效目标表 and the like    neighbour: a form that stands next to ours and is refused
========================  =====================================================
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from parsers.grid import Cell

_OF_WHICH = re.compile(r"^\s*其\s*中\s*[：:]?\s*")

# ── a block: the cells of one form, and what became of each ──────────────────


class Slot:
    """One cell of a block, the labels it can be, and its fate.

    Attributes:
        cell: The cell as read; ``text`` differs from ``cell.text`` only where a cell was cut
            in two because a second form's title stands in it.
        labels: Group → label id, empty where the cell is no label.
        kind: What the cell can be (cell_kinds.KINDS).
        value: What stands behind the colon in a ``label：value`` cell, else empty.
        fate: None until a stage takes the cell: ``value`` (placed in a field), ``label`` (a
            word of the form itself) or ``ignored:<name>``. What is still None when all stages
            have run is reported as ``unplaced_text``: that is how nothing gets lost.
    """

    __slots__ = ("cell", "fate", "kind", "labels", "text", "value")

    def __init__(self, cell: Cell, text: str, kind: str, labels: Mapping[str, str], value: str) -> None:
        self.cell = cell
        self.text = text
        self.kind = kind
        self.labels = labels
        self.value = value
        self.fate: str | None = None

    def __repr__(self) -> str:
        return f"Slot({self.text!r} @{self.cell.col}, {self.fate})"


class Seam(Slot):
    """A print that was broken over lines or cells, joined from the slots of its ``pieces``."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: "tuple[Slot, ...]", kind: str, labels: Mapping[str, str], value: str) -> None:
        text = "".join(piece.text for piece in pieces)
        super().__init__(pieces[0].cell, text, kind, labels, value)
        self.pieces = pieces


class Row(NamedTuple):
    """One printed row: its slots from left to right.

    A cell that spans several rows stands in each of them (the same `Slot` object), so a
    merged level name is seen on every row that it covers. ``labelled`` are the slots that
    are labels; most rows have none or one. ``grid`` numbers the grid that the row came
    from; ``paragraph`` is true where that grid is a single cell; ``hinted`` where a word of
    a title stands in it.
    """

    slots: tuple[Slot, ...]
    labelled: tuple[Slot, ...]
    grid: int
    paragraph: bool
    hinted: bool


class Finding(NamedTuple):
    """Something a reader should know.

    ``rule`` is a stable key; ``table`` and ``line_no`` name the record, None where it
    concerns the form, or the document, as a whole.
    """

    rule: str
    severity: str
    message: str
    table: str | None = None
    line_no: int | None = None
    field: str | None = None
    printed: str | None = None
    expected: str | None = None


class Block(NamedTuple):
    """The rows of one form or neighbour, the title's among them.

    ``kind`` is ``form`` or a neighbour's name (titles.toml); ``title`` the slot of the
    title, None where none is printed; ``titled`` the neighbour whose title it is, where a
    form stands below it.
    """

    kind: str
    title: Slot | None
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    titled: str | None = None


# ── what is printed, in named places ─────────────────────────────────────────


class Printed(NamedTuple):
    """One printed value: its text, the cell it was read from, and how it was put right.

    ``repair`` is a word of the contract's ``cells.repair``; ``more`` holds further cells
    where the value was printed in pieces.
    """

    text: str
    cell: Cell
    repair: str | None = None
    confidence: float = 1.0
    more: tuple[Cell, ...] = ()


Fields = Mapping[str, Printed]
"""Printed values by field name; a field that was not printed is absent."""


class PrintedRow(NamedTuple):
    """A fund or indicator row as printed.

    ``unit`` is the money unit over a fund row, ``reason`` why its money was not spent as planned.
    """

    fields: Fields
    unit: str | None = None
    reason: Printed | None = None


class PrintedForm(NamedTuple):
    """A form as printed, before any value was understood.

    ``reason`` is why targets were missed where the form says so once, below its indicators.
    """

    header: Fields
    funds: tuple[PrintedRow, ...]
    indicators: tuple[PrintedRow, ...]
    totals: Fields
    reason: Printed | None = None


# ── what it means ────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def fund_name(label: str) -> str:
    """The name of a fund row: 其中： introduces the parts of a total and is no part of it.

    >>> fund_name("其中：当年财政拨款"), fund_name("其 中: "), fund_name("其他资金")
    ('当年财政拨款', '', '其他资金')
    """
    return _OF_WHICH.sub("", label)


class FundRow(NamedTuple):
    """A fund row: money in yuan, rate in percent, weight and score in points.

    Each Decimal keeps the exponent of its print (``55.50`` 万元 is ``5.550E+5`` yuan), from
    which the checks know the last printed place.
    """

    label: str
    source: str
    initial_budget: Decimal | None
    annual_budget: Decimal | None
    executed: Decimal | None
    execution_rate: Decimal | None
    weight: Decimal | None
    score: Decimal | None


class IndicatorRow(NamedTuple):
    """An indicator: printed texts beside what was understood of them."""

    level1: str | None
    level2: str | None
    level3: str | None
    level1_code: str | None
    level2_code: str | None
    target_text: str | None
    target_operator: str | None
    target_value: Decimal | None
    target_high: Decimal | None
    target_unit: str | None
    actual_text: str | None
    actual_value: Decimal | None
    actual_unit: str | None
    outcome: str | None
    weight: Decimal | None
    score: Decimal | None
    deviation_reason: str | None


class Form(NamedTuple):
    """One self-evaluation form, understood as far as its print allows."""

    title: str | None
    family: str | None
    form_year: int | None
    project_code: str | None
    project_name: str | None
    supervising_department: str | None
    implementing_unit: str | None
    goal_expected: str | None
    goal_actual: str | None
    weight_total: Decimal | None
    score_total: Decimal | None
    grade: str | None
    funds: tuple[FundRow, ...]
    indicators: tuple[IndicatorRow, ...]
    budget_points: Decimal | None
    """Points that the family gives to the execution rate (10; Hubei 20; 0: none of its own); None: no family."""
    fund_reason: str | None = None
    """Why money was not spent as planned, where the fund table says so; no column of the tables."""
    form_reason: str | None = None
    """Why targets were missed, where the form says so once; no column of the tables."""


# ── what the prose around the forms states ───────────────────────────────────


class ControlTotals(NamedTuple):
    """What the text states of its self-evaluations (R13); None where it states nothing, or two things.

    How many projects were evaluated, their money in yuan, their average score in points.
    """

    form_count: int | None = None
    amount_yuan: Decimal | None = None
    average_score: Decimal | None = None


class Statement(NamedTuple):
    """One number that the text states: the column of ``documents``, its value, its print, and where it stands."""

    field: str
    value: Decimal
    text: str
    slot: Slot
