"""Records → rows of the tables, as tuples in the contract's column order."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.privacy import SILENT, unplaced
from pipeline.records import Block, Fields, Finding, Form, PrintedForm, Slot, Statement
from pipeline.withholding import SHORTEST, mask_of, masked

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

REVIEWED = frozenset({"error", "warning"})
"""Severities of findings that ask a person to look."""

UNPLACED = "unplaced_text"
"""Field of a cell that stands in no field; behind every column of projects in the sort order."""

HEAD_SEPARATOR = " | "
"""Stands between the words of a head in ``indicator_head`` and ``fund_head``."""

JOINED = "joined_page_break"

_NO_BOX = (None, None, None, None)
_CONFIDENCE = itemgetter(12)


class FormRecord(NamedTuple):
    """One form through all stages: what is printed, what it means, what was noticed."""

    block: Block
    printed: PrintedForm
    form: Form
    findings: tuple[Finding, ...]
    unplaced: tuple[Slot, ...]
    indicator_head: str | None = None
    fund_head: str | None = None


def form_id(document_id: str, index: int) -> str:
    """The key of a form: first 16 characters of the document's, and its place in it.

    >>> form_id("0123456789abcdef" + "0" * 48, 7)
    '0123456789abcdef-007'
    """
    return f"{document_id[:16]}-{index:03d}"


def rows_of(
    document_id: str,
    records: Sequence[FormRecord],
    findings: Iterable[Finding],
    statements: Iterable[Statement] = (),
) -> Rows:
    """The rows of one document; ``findings`` and ``statements`` are those that belong to no form."""
    rows: Rows = {"projects": [], "funds": [], "indicators": [], "findings": [], "cells": []}
    rows["findings"] += [_finding(document_id, None, finding) for finding in masked(findings, already=False)]
    rows["cells"] += _stated(document_id, statements)
    for index, record in enumerate(records):
        identity = form_id(document_id, index)
        cells = _cells(document_id, identity, record)
        rows["projects"].append(_project(identity, document_id, index, record, cells))
        rows["funds"] += [(identity, line, *fund) for line, fund in enumerate(record.form.funds)]
        rows["indicators"] += [
            (identity, line, *indicator) for line, indicator in enumerate(record.form.indicators)
        ]
        rows["findings"] += [_finding(document_id, identity, finding) for finding in record.findings]
        rows["cells"] += cells
    rows["findings"].sort(key=_finding_order)
    return rows


def _project(identity: str, document_id: str, index: int, record: FormRecord, cells: Sequence[Row]) -> Row:
    form = record.form
    cells_read = [row.slots[0].cell for row in record.block.rows]
    pages = [origin.page for cell in cells_read for origin in (cell.origin, *cell.also)]
    return (
        identity, document_id, index, min(pages), max(pages),
        form.title, form.family, form.form_year, form.project_code, form.project_name,
        form.supervising_department, form.implementing_unit, form.goal_expected, form.goal_actual,
        form.weight_total, form.score_total, form.grade,
        min(map(_CONFIDENCE, cells), default=0.0),
        any(finding.severity in REVIEWED for finding in record.findings),
        record.indicator_head, record.fund_head,
    )  # fmt: skip


def head_words(slots: Iterable[Slot]) -> str | None:
    """The words of a head as the tables keep them: in print order, a merged or repeated one once."""
    words = dict.fromkeys("".join(slot.text.split()) for slot in slots)
    return HEAD_SEPARATOR.join(words) or None


def _finding(document_id: str, identity: str | None, finding: Finding) -> Row:
    return (
        document_id, identity, finding.table, finding.line_no, finding.field, finding.rule,
        finding.severity, finding.printed, finding.expected, finding.message,
    )  # fmt: skip


def _finding_order(row: Row) -> tuple[object, ...]:
    """The sort order of ``findings``, nulls first."""
    document_id, form, table, line_no, field, rule, *_ = row
    return (
        document_id,
        form or "",
        table or "",
        -1 if line_no is None else line_no,
        field or "",
        rule,
    )


def _cells(document_id: str, identity: str, record: FormRecord) -> list[Row]:
    """Where every printed value stands, in the order of the table."""
    printed = record.printed
    rows: list[Row] = []
    for table, lines in (("funds", printed.funds), ("indicators", printed.indicators)):
        for number, line in enumerate(lines):
            _add_cells(rows, (document_id, identity, table, number), line.fields)
    project = (document_id, identity, "projects", None)
    _add_cells(rows, project, {**printed.header, **printed.totals})
    for slot in record.unplaced:
        page, place, method, box, sure = slot.cell.origin
        rows.append((*project, UNPLACED, page, *(box or _NO_BOX), unplaced(slot.cell.text), method, sure, None, place))
    return rows


def _stated(document_id: str, statements: Iterable[Statement]) -> list[Row]:
    """Where the control totals of the text stand; the text is the stated number, not its paragraph."""
    rows = [
        (
            document_id, None, "documents", None, field, page, *(box or _NO_BOX), text, method, sure, None, place
        )
        for field, _, text, slot in statements
        for page, place, method, box, sure in (slot.cell.origin,)
    ]  # fmt: skip
    return sorted(rows, key=itemgetter(4))


def _add_cells(rows: list[Row], key: Row, fields: Fields) -> None:
    """A row for each cell of each field.

    A value is as sure as the reader is of its characters and the stage of its place. A cell
    that a page break cut has a row for each of its places, each with the whole text.
    """
    for name in sorted(fields):
        _, cell, repair, confidence, more = fields[name]
        for piece in (cell, *more) if more else (cell,):
            shown = piece.text
            if shown not in SILENT and len(shown) >= SHORTEST:
                shown = mask_of(key[2], name)(shown)
            put_right = repair or (JOINED if piece.also else None)
            for page, place, method, box, sure in (piece.origin, *piece.also):
                rows.append(
                    (
                        *key, name, page, *(box or _NO_BOX), shown, method,
                        min(sure, confidence), put_right, place,
                    )
                )  # fmt: skip
