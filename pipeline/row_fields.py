"""The printed fields of one indicator row, and what is to be said of how it stands."""

import re

from parsers.grid import Cell
from pipeline.alignment import Alignment
from pipeline.lines import Line
from pipeline.privacy import redacted
from pipeline.records import Finding, Printed, Seam
from pipeline.shape import ASIDE, FOREIGN, SERIAL
from pipeline.values.blank import is_blank

AMBIGUOUS = 0.5
"""Confidence of a value whose row can be read in two ways."""

LEVELS = ("level1", "level2", "level3")

ADJUSTED = "adjusted_target"
METHOD = "scoring_method"
"""A column (得分计算方法, 参考值, 评价标准) that the tables do not have."""

FATES = {METHOD: "ignored:scoring_method", ASIDE: "ignored:scoring_method", SERIAL: "ignored:row_number"}

_OFTEN_BLANK = frozenset({METHOD, "target_operator", "target_unit"})
_NAMED_WEIGHT = re.compile(r"[(（]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)）]\s*$")


def method_of(number: int, method: Printed) -> Finding:
    """That a row prints how its score is found, or a mark."""
    message = "how the score is found, a reference value or a mark; no column holds it"
    return row_finding(METHOD, "info", number, redacted(method.text), message)


def put_adjusted(fields: dict[str, Printed]) -> Printed | None:
    """Let the target as it was changed during the year (Chongqing: 调整指标值) count; returns the first one."""
    adjusted = fields.pop(ADJUSTED, None)
    if adjusted is None or is_blank(adjusted.text):
        return None
    first = fields.get("target_text")
    fields["target_text"] = adjusted
    return first


def changed(number: int, first: Printed, adjusted: Printed) -> Finding:
    """That a row prints a target which another one replaced."""
    message = f"the target of the year's beginning; {redacted(adjusted.text)} counts"
    return row_finding(ADJUSTED, "info", number, redacted(first.text), message)


def set_aside(line: Line, alignment: Alignment, name: str, fate: str) -> None:
    """Give the cells of a column of the row another fate."""
    for slot, label in zip(line.slots, alignment.labels, strict=True):
        if label == name:
            slot.fate = fate


def add_named_weight(fields: dict[str, Printed]) -> None:
    """The weight that stands in the name of an indicator (Hubei: 新增床位数（10分）)."""
    name = fields["level3"]
    found = _NAMED_WEIGHT.search(name.text)
    if found is not None:
        fields["weight"] = name._replace(text=found[1])


def take(line: Line, alignment: Alignment) -> dict[str, Printed]:
    """The fields of one row; a slot that fits no column stays in the block."""
    fields: dict[str, Printed] = {}
    confidence = AMBIGUOUS if alignment.ambiguous else 1.0
    for slot, name, displaced in zip(line.slots, alignment.labels, alignment.displaced, strict=True):
        if name is None or name == FOREIGN:
            continue
        slot.fate = FATES.get(name, "value")
        if name == SERIAL:
            continue
        name = METHOD if name == ASIDE else name  # noqa: PLW2901  both go into one finding
        if name in _OFTEN_BLANK and slot.kind == "blank":
            slot.fate = "ignored:blank_mark"
            continue
        repair = "row_shifted" if displaced else None
        more: tuple[Cell, ...] = ()
        if isinstance(slot, Seam):
            repair = "joined_page_break"
            more = _taken(slot)
        text = slot.text
        if name in LEVELS and not text.isalnum():
            text = "".join(text.split())
        if name in fields:
            text, more = f"{fields[name].text}\n{text}", (*fields[name].more, slot.cell, *more)
            fields[name] = fields[name]._replace(text=text, more=more)
        else:
            fields[name] = Printed(text, slot.cell, repair, confidence, more)
    return fields


def _taken(seam: Seam) -> tuple[Cell, ...]:
    """The further cells of a joined value, all of them taken."""
    for piece in seam.pieces:
        piece.fate = "value"
    return tuple(piece.cell for piece in seam.pieces[1:])


def report(number: int, line: Line, alignment: Alignment, findings: list[Finding]) -> None:
    """Say how the row stands, where it does not stand straight under its heads."""
    if alignment.straight and not line.broken:
        return
    printed = " | ".join(slot.text for slot in line.slots)
    if line.broken:
        findings.append(
            row_finding(
                "layout_broken_row",
                "info",
                number,
                printed,
                "the row is broken over several lines and was joined",
            )
        )
    if alignment.ambiguous:
        findings.append(
            row_finding(
                "layout_ambiguous_row",
                "warning",
                number,
                printed,
                "its cells can stand in more than one order of columns",
            )
        )
    elif any(alignment.displaced):
        worst = max(alignment.displaced, key=abs)
        side = "right" if worst > 0 else "left"
        message = f"the row is printed up to {abs(worst)} column(s) too far {side} and was put right"
        findings.append(row_finding("layout_shifted_row", "info", number, printed, message))


def row_finding(rule: str, severity: str, number: int, printed: str, message: str) -> Finding:
    """A finding on a whole row of the indicators."""
    return Finding(rule, severity, message, table="indicators", line_no=number, printed=printed)
