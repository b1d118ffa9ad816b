"""Heads of the tables of a form: their columns, heads of two rows, and heads whose words no list has."""

from collections.abc import Sequence
from functools import lru_cache

from pipeline.records import Row, Slot
from pipeline.shape import FOREIGN, HeadColumn

REPEATABLE = frozenset({"scoring_method", "deviation_reason", FOREIGN})
"""Labels of columns of which several can stand in one head: 评价内容 and 评价标准, 偏差原因 and 改进措施."""

FEWEST_WORDS = 5
"""Different cells of a row that can be the head of an indicator table in unknown words."""

LONGEST_WORD = 12
"""Characters of such a cell."""

_INDICATORS = "indicator_head"


def columns(rows: Sequence[Row], group: str) -> tuple[HeadColumn, ...]:
    """The columns of the first printed head."""
    if not rows:
        return ()
    return _head(
        tuple(
            [
                (slot.labels.get(group, FOREIGN), slot.text, slot.cell.col, slot.cell.col_span)
                for slot in rows[0].slots
                if group in slot.labels or (slot.fate is None and not slot.labels)
            ]
        )
    )


@lru_cache(maxsize=4096)
def _head(cells: tuple[tuple[str, str, int, int], ...]) -> tuple[HeadColumn, ...]:
    """Columns from label, text, grid column and span of each head cell; a repeated label counts once."""
    heads: list[HeadColumn] = []
    texts: set[str] = set()
    for label, text, col, span in cells:
        known = any(label == head.label for head in heads)
        if heads and heads[-1].label == label and text in texts:
            heads[-1] = heads[-1]._replace(last=col + span - 1, repeated=True)
        if label == "fund_table" or text in texts or (known and label not in REPEATABLE):
            continue
        texts.add(text)
        if heads:
            heads[-1] = heads[-1]._replace(last=max(heads[-1].last, col - 1))
        heads.append(HeadColumn(label, col, col + span - 1))
    return tuple(heads)


# ── heads of two rows ────────────────────────────────────────────────────────


def are_one(upper: Row, lower: Row) -> bool:
    """Whether two rows are one head: 绩效指标 above 一级指标, 年度指标值 above 指标性质 and 度量单位."""
    if upper.grid != lower.grid or not (_is_all_head(upper) and _is_all_head(lower)):
        return False
    return not _labels(lower) <= _labels(upper)


def _is_all_head(row: Row) -> bool:
    return len(row.slots) > 1 and all(_INDICATORS in s.labels or s.fate == "label" for s in row.slots)


def _labels(row: Row) -> set[str]:
    return {slot.labels[_INDICATORS] for slot in row.labelled if _INDICATORS in slot.labels}


def joined(upper: Row, lower: Row) -> Row:
    """Both rows as one: a cell of the upper row gives way to those that stand below it."""
    below = [slot.cell.col for slot in lower.slots]
    ends = [*(slot.cell.col for slot in upper.slots[1:]), None]
    kept = [
        slot
        for slot, end in zip(upper.slots, ends, strict=True)
        if not any(slot.cell.col <= col and (end is None or col < end) for col in below)
    ]
    slots = tuple(sorted([*kept, *lower.slots], key=_column))
    return lower._replace(slots=slots, labelled=tuple([slot for slot in slots if slot.labels]))


def _column(slot: Slot) -> int:
    return slot.cell.col


# ── heads in unknown words ───────────────────────────────────────────────────


def may_be_unknown(row: Row) -> bool:
    """Whether a row reads like a head of an indicator table of which no list has enough words."""
    if any(slot.labels and _INDICATORS not in slot.labels for slot in row.slots):
        return False
    texts = {slot.text for slot in row.slots if slot.fate is None}
    return len(texts) >= FEWEST_WORDS and not any(
        len(text) > LONGEST_WORD or any(character.isdecimal() for character in text) for text in texts
    )
