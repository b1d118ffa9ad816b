"""Lists of self-evaluation results: one row for each project, under a head of their own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.labels import bare_label
from pipeline.neighbour_words import neighbour_words
from pipeline.privacy import redacted
from pipeline.records import Block, Finding, Row, Slot
from pipeline.values import amount, blank, grade, percent, points
from pipeline.values.fold import fold

HEAD_COLUMNS: Final = 3
"""Known columns that make a row the head of a list."""

LONGEST_HEAD: Final = 30
"""Characters of a column's head."""

SCORES: Final = frozenset(("self_score", "checked_score", "grade"))
_NAMES: Final = frozenset(("project_name", "department"))
_TEXTS: Final = ("project_name", "project_code", "department", "supervising_department", "implementing_unit")
_MONEY: Final = ("initial_budget_yuan", "annual_budget_yuan", "executed_yuan")
_POINTS: Final = ("self_score", "checked_score")
_GRADES: Final = ("grade", "checked_grade")
_MONEY_PARTS: Final = (("executed_yuan", ("执行", "支出", "决算")), ("annual_budget_yuan", ("预算", "金额", "资金")))
_LEVELS: Final = frozenset(("level1", "level2", "level3"))


class Listed(NamedTuple):
    """A project of a list: its name, its scores in points, its money in yuan, by field."""

    name: str
    values: Mapping[str, str | Decimal]
    printed: str
    place: str


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, str]:
    found = neighbour_words()["list"].items()
    return {fold(word): label for label, words in found if label != "sums" for word in words}


@lru_cache(maxsize=2048)
def column_of(text: str) -> str | None:
    """Which column of a list a head cell names.

    >>> column_of("自评 得分（分）"), column_of("财政复核得分"), column_of("预算数（万元）"), column_of("公厕保洁")
    ('self_score', 'checked_score', 'annual_budget_yuan', None)
    >>> column_of("部门批复支出（万元）"), column_of("本级安排资金（元）")
    ('executed_yuan', 'annual_budget_yuan')
    >>> column_of("2023年度自评得分"), column_of("区财政局复核得分"), column_of("二级项目名称及编码")
    ('self_score', 'checked_score', 'project_name')
    """
    if len(text) > LONGEST_HEAD:
        return None
    key = bare_label(text)
    found = _columns().get(key) or _by_parts(key)
    if found is None and amount.money_unit(text) is not None:
        return next((label for label, parts in _MONEY_PARTS if any(part in text for part in parts)), None)
    return found


def _by_parts(key: str) -> str | None:
    """The column whose words all stand in a head, as in 2023年自评得分."""
    columns = neighbour_words()["list_parts"].items()
    fitting = (label for label, ways in columns for parts in ways if all(part in key for part in parts))
    return next(fitting, None)


def is_head(row: Row) -> bool:
    """Whether a row is the head of a list of results: hardly anything but names of columns."""
    if row.paragraph or len(row.slots) < HEAD_COLUMNS:
        return False
    if any(slot.labels.get("indicator_head") in _LEVELS for slot in row.labelled):
        return False
    others = sum(bool(slot.labels) and column_of(slot.text) is None for slot in row.slots)
    return names_columns([slot.text for slot in row.slots], others)


def names_columns(texts: Sequence[str], others: int = 0) -> bool:
    """Whether texts are those of a list's head; ``others`` is how many of them are labels of something else.

    >>> names_columns(["序号", "项目名称", "自评得分", "等级"]), names_columns(["项目名称", "养老服务", "得分", "95"])
    (True, False)
    """
    known = [label for text in texts if (label := column_of(text)) is not None]
    return (
        not _NAMES.isdisjoint(known)
        and not SCORES.isdisjoint(known)
        and len(set(known)) >= HEAD_COLUMNS
        and 3 * (len(known) + others) >= 2 * len(texts)
    )


def listed(block: Block) -> tuple[Listed, ...]:
    """Every project of the lists in a block; rows of sums and repeated heads are none."""
    return tuple(_listed(block.rows))


def _listed(rows: Sequence[Row]) -> Iterator[Listed]:
    columns: dict[str, Slot] = {}
    unit: str | None = None
    for row in rows:
        unit = next((found for slot in row.slots if (found := _unit_of(slot))), unit)
        if is_head(row):
            columns = _head(row)
        elif columns and not row.paragraph:
            project = _project(row, columns, unit)
            if project is not None:
                yield project


def _unit_of(slot: Slot) -> str | None:
    """The money unit of a line like 单位：万元."""
    return amount.money_unit(slot.text) if "unit_line" in slot.labels else None


def _head(row: Row) -> dict[str, Slot]:
    columns: dict[str, Slot] = {}
    for slot in row.slots:
        label = column_of(slot.text)
        if label is not None and label != "other":
            columns.setdefault(label, slot)
    return columns


def _project(row: Row, columns: Mapping[str, Slot], unit: str | None) -> Listed | None:
    cells = {label: cell for label, head in columns.items() if (cell := _under(row, head))}
    name = cells.get("project_name") or cells.get("department")
    if name is None or blank.is_blank(name.text) or _is_sum(row, name):
        return None
    values: dict[str, str | Decimal] = {}
    for label, cell in cells.items():
        head_unit = amount.money_unit(columns[label].text) or unit
        value = _value(label, cell.text, head_unit)
        if value is not None:
            values[label] = value
    if SCORES.isdisjoint(values) and not set(_MONEY) & set(values):
        return None
    printed = redacted(" | ".join(cell.text for cell in cells.values()))
    return Listed(name.text, values, printed, name.cell.origin.place)


def _under(row: Row, head: Slot) -> Slot | None:
    """The cell of a row that stands under a head: where columns overlap."""
    first, last = head.cell.col, head.cell.col + head.cell.col_span
    for slot in row.slots:
        if slot is not head and slot.cell.col < last and first < slot.cell.col + slot.cell.col_span:
            return slot
    return None


def _is_sum(row: Row, name: Slot) -> bool:
    sums = neighbour_words()["list"]["sums"]
    return bare_label(name.text) in sums or bare_label(row.slots[0].text) in sums or name.text.isdecimal()


def _value(label: str, text: str, unit: str | None) -> str | Decimal | None:
    if blank.is_blank(text):
        return None
    if label in _MONEY:
        return amount.parse(text, unit)
    if label in _POINTS:
        return points.parse(text)
    if label == "execution_rate_pct":
        return percent.parse(text)
    return grade.parse(text) if label in _GRADES else redacted(text)


def finding_of(project: Listed) -> Finding:
    """The finding of one listed project: ``field value; field value; …``, texts as JSON strings."""
    order = (*_TEXTS, *_MONEY, "execution_rate_pct", *_POINTS, *_GRADES)
    parts = [f"{label} {_shown(project.values[label])}" for label in order if label in project.values]
    own, checked = project.values.get("self_score"), project.values.get("checked_score")
    if isinstance(own, Decimal) and isinstance(checked, Decimal):
        parts.append(f"difference {checked - own:f}")
    parts.append(f"place {_shown(project.place)}")
    return Finding("listed_project", "info", "; ".join(parts), printed=project.printed)


def _shown(value: str | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
