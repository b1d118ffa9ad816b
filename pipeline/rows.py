"""Records → rows of the tables, as tuples in the contract's column order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from parsers.grid import Cell
from pipeline.records import Block, Finding, Form, Printed, PrintedForm, Slot

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

REVIEWED = frozenset({"error", "warning"})
"""Severities of findings that ask a person to look."""

_NO_BOX = (None, None, None, None)


class FormRecord(NamedTuple):
    """One form through all stages: what is printed, what it means, what was noticed."""

    block: Block
    printed: PrintedForm
    form: Form
    findings: tuple[Finding, ...]
    unplaced: tuple[Slot, ...]


def form_id(document_id: str, index: int) -> str:
    """The key of a form: first 16 characters of the document's, and its place in it.

    >>> form_id("0123456789abcdef" + "0" * 48, 7)
    '0123456789abcdef-007'
    """
    return f"{document_id[:16]}-{index:03d}"


def rows_of(document_id: str, records: Sequence[FormRecord], findings: Iterable[Finding]) -> Rows:
    """The rows of one document; ``findings`` are those that belong to no form."""
    rows: Rows = {"projects": [], "funds": [], "indicators": [], "findings": [], "cells": []}
    rows["findings"] += [_finding(document_id, None, finding) for finding in findings]
    for index, record in enumerate(records):
        identity = form_id(document_id, index)
        rows["projects"].append(_project(identity, document_id, index, record))
        rows["funds"] += [(identity, line, *fund) for line, fund in enumerate(record.form.funds)]
        rows["indicators"] += [
            (identity, line, *indicator) for line, indicator in enumerate(record.form.indicators)
        ]
        rows["findings"] += [_finding(document_id, identity, finding) for finding in record.findings]
        rows["cells"] += _cells(document_id, identity, record)
    return rows


def _project(identity: str, document_id: str, index: int, record: FormRecord) -> Row:
    form = record.form
    pages = [slot.cell.origin.page for row in record.block.rows for slot in row.slots]
    return (
        identity, document_id, index, min(pages), max(pages),
        form.title, form.family, form.form_year, form.project_code, form.project_name,
        form.supervising_department, form.implementing_unit, form.goal_expected, form.goal_actual,
        form.weight_total, form.score_total, form.grade,
        _confidence(record),
        any(finding.severity in REVIEWED for finding in record.findings),
    )  # fmt: skip


def _confidence(record: FormRecord) -> float:
    """The least confidence of the form's values; 0 for a form without any."""
    return min((printed.confidence for _, _, _, printed in _values(record.printed)), default=0.0)


def _finding(document_id: str, identity: str | None, finding: Finding) -> Row:
    return (
        document_id, identity, finding.table, finding.line_no, finding.field, finding.rule,
        finding.severity, finding.printed, finding.expected, finding.message,
    )  # fmt: skip


def _values(printed: PrintedForm) -> Iterator[tuple[str, int | None, str, Printed]]:
    """Every printed value with its table, line and field, in the order of ``cells``."""
    for table, lines in (("funds", printed.funds), ("indicators", printed.indicators)):
        for number, line in enumerate(lines):
            for name in sorted(line.fields):
                yield table, number, name, line.fields[name]
    project = {**printed.header, **printed.totals}
    for name in sorted(project):
        yield "projects", None, name, project[name]


def _cells(document_id: str, identity: str, record: FormRecord) -> Iterator[Row]:
    for table, number, name, value in _values(record.printed):
        for cell in (value.cell, *value.more):
            yield _cell(document_id, identity, table, number, name, cell, value)
    for slot in record.unplaced:
        yield _cell(document_id, identity, "projects", None, "unplaced_text", slot.cell, None)


def _cell(
    document_id: str, identity: str, table: str, number: int | None, name: str, cell: Cell, value: Printed | None
) -> Row:
    origin = cell.origin
    confidence = origin.confidence if value is None else min(origin.confidence, value.confidence)
    return (
        document_id, identity, table, number, name, origin.page, *(origin.box or _NO_BOX),
        cell.text, origin.method, confidence, None if value is None else value.repair, origin.place,
    )  # fmt: skip
