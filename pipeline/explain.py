"""Where a value comes from: print, place, every step to the value, the checks that touched it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline import storage
from pipeline.errors import UsageProblem
from pipeline.query import Answer, query, shown
from pipeline.steps import steps

PRINTED_IN = {
    "target_operator": "target_text",
    "target_value": "target_text",
    "target_high": "target_text",
    "target_unit": "target_text",
    "actual_value": "actual_text",
    "actual_unit": "actual_text",
    "outcome": "actual_text",
    "level1_code": "level1",
    "level2_code": "level2",
    "source": "label",
}
"""Columns that are understood from the print of another one."""


READINGS = frozenset({"chosen_reading", "doubtful_reading"})
"""Rules whose findings say what a recogniser saw of one value, and what was taken."""


class Explanation(NamedTuple):
    """The lines that explain a form or one of its values, and the same as plain data."""

    lines: tuple[str, ...]
    data: dict[str, Any]


class Place(NamedTuple):
    """A value asked for: ``score_total`` or ``indicators.3.target_value``."""

    table: str
    line_no: int | None
    column: str

    @classmethod
    def parse(cls, field: str) -> "Place":
        """The place that a person wrote.

        Raises:
            UsageProblem: It has another form; the message says which forms there are.

        >>> Place.parse("indicators.3.target_value")
        Place(table='indicators', line_no=3, column='target_value')
        """
        parts = field.replace("/", ".").split(".")
        if len(parts) == 1:
            return cls("projects", None, parts[0])
        if len(parts) == len(cls._fields) and parts[0] in {"funds", "indicators"} and parts[1].isdecimal():
            return cls(parts[0], int(parts[1]), parts[2])
        raise UsageProblem(
            f"{field!r} names no field.",
            "Write a column of projects (score_total), or funds.LINE.COLUMN or indicators.LINE.COLUMN"
            " (indicators.3.target_value), lines counted from 0.",
        )


def explain(out: storage.Place, form_id: str, field: str | None = None) -> Explanation:
    """Explain a form, or one of its values, from the published tables.

    Raises:
        NothingFound: No tables have been published under ``out``.
        UsageProblem: No such form or field.
    """
    project = _one(query(out, "SELECT * FROM projects WHERE form_id = ?", [form_id]))
    if project is None:
        raise UsageProblem(f"There is no form {form_id!r}.", _known_forms(out))
    paths = query(
        out,
        "SELECT source_path FROM documents WHERE document_id = ? ORDER BY source_path",
        [project["document_id"]],
    )
    path = paths.rows[0][0]
    if field is not None:
        return _explain_field(out, project, path, Place.parse(field))
    return _explain_form(out, project, path)


def _one(answer: Answer) -> dict[str, Any] | None:
    return dict(zip(answer.columns, answer.rows[0], strict=True)) if answer.rows else None


def _known_forms(out: storage.Place) -> str:
    some = query(out, "SELECT form_id, project_name FROM projects ORDER BY form_id LIMIT 5").rows
    listed = ", ".join(f"{form} ({name})" for form, name in some)
    return (
        f"Forms are named as in projects.form_id, for example {listed}." if some else "No form was extracted."
    )


# ── one form ─────────────────────────────────────────────────────────────────


def _explain_form(out: storage.Place, project: dict[str, Any], path: str) -> Explanation:
    form_id = project["form_id"]
    cells = query(
        out,
        'SELECT "table", line_no, field, place, text, repair FROM cells WHERE form_id = ? '
        "ORDER BY CASE \"table\" WHEN 'projects' THEN 0 WHEN 'funds' THEN 1 ELSE 2 END, line_no",
        [form_id],
    )
    lines = [
        f"{form_id}  {shown(project['project_name'])}",
        f"  printed in {path}, page {project['page_first']}, family {shown(project['family']) or 'unknown'}",
        f"  review: {'yes' if project['review'] else 'no'}, confidence {project['confidence']:g}",
        "values, as printed:",
    ]
    for table, line_no, name, spot, text, repair in cells.rows:
        where = name if line_no is None else f"{table}.{line_no}.{name}"
        lines.append(f"  {where}: {text}   ({spot}{', ' + repair if repair else ''})")
    findings = _findings(out, form_id)
    lines += _finding_lines(findings)
    lines.append(f"ask further: jixiao explain {form_id} indicators.0.target_value")
    data = {
        "project": project,
        "source_path": path,
        "cells": _dicts(cells),
        "findings": _dicts(findings),
    }
    return Explanation(tuple(lines), data)


def _findings(out: storage.Place, form_id: str) -> Answer:
    return query(
        out,
        'SELECT rule, severity, "table", line_no, field, printed, expected, message '
        "FROM findings WHERE form_id = ?",
        [form_id],
    )


def _finding_lines(findings: Answer) -> Iterator[str]:
    yield "findings:" if findings.rows else "findings: none"
    for rule, severity, table, line_no, _, _, _, message in findings.rows:
        where = f" {table}.{line_no}" if line_no is not None else ""
        yield f"  {severity} {rule}{where}: {message}"


def _dicts(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


# ── one value ────────────────────────────────────────────────────────────────


def _explain_field(out: storage.Place, project: dict[str, Any], path: str, place: Place) -> Explanation:
    form_id = project["form_id"]
    record = _record(out, project, place)
    if place.column not in record:
        raise UsageProblem(
            f"{place.table} has no column {place.column!r}.",
            f"Its columns are {', '.join(record)}.",
        )
    value = record[place.column]
    printed_in = PRINTED_IN.get(place.column, place.column)
    cells = _dicts(
        query(
            out,
            "SELECT page, x0, top, x1, bottom, place, text, method, confidence, repair FROM cells"
            ' WHERE form_id = ? '
            'AND "table" = ? AND line_no IS NOT DISTINCT FROM ? AND field = ?',
            [form_id, place.table, place.line_no, printed_in],
        )
    )
    findings = [finding for finding in _dicts(_findings(out, form_id)) if _touches(finding, place)]
    text = _text_read(record, printed_in, cells, findings)
    taken = [] if text is None else list(steps(place.column, text, value))
    name = place.column if place.line_no is None else f"{place.table}.{place.line_no}.{place.column}"
    lines = (
        f"{form_id}  {name} = {shown(value) or 'null'}",
        *_print_lines(cells, path),
        *(f"  read:   {finding['message']}" for finding in findings if finding["rule"] in READINGS),
        *(f"  step:   {step}" for step in taken),
        *_check_lines([finding for finding in findings if finding["rule"] not in READINGS]),
    )
    data = {
        "value": value,
        "source_path": path,
        "year": project["year"],
        "cells": cells,
        "steps": taken,
        "findings": findings,
    }
    return Explanation(lines, data)


def _touches(finding: dict[str, Any], place: Place) -> bool:
    """Whether a finding is about the value: about its row, its column, or its whole table."""
    if finding["rule"] in READINGS and finding["field"] is not None:
        of_print = finding["field"] == PRINTED_IN.get(place.column, place.column)
        return of_print and (finding["table"], finding["line_no"]) == (place.table, place.line_no)
    if finding["line_no"] is not None:
        return (finding["table"], finding["line_no"]) == (place.table, place.line_no)
    if finding["field"] is None:
        return bool(finding["table"] == place.table)
    return finding["field"] == place.column and finding["table"] in {None, place.table}


def _text_read(
    record: dict[str, Any], printed_in: str, cells: list[dict[str, Any]], findings: list[dict[str, Any]]
) -> str | None:
    """The text that the value was read from: a decision's, or what the cells say; None where neither."""
    if not cells:
        return None
    if cells[0]["repair"] == "correction":
        decided = [
            finding["expected"]
            for finding in findings
            if (finding["rule"], finding["field"]) == ("correction_applied", printed_in)
        ]
        return str(decided[-1])
    kept = record[printed_in]    # print joined from several cells, or without its label
    return kept if isinstance(kept, str) else str(cells[0]["text"])


def _print_lines(cells: list[dict[str, Any]], path: str) -> Iterator[str]:
    for cell in cells:
        yield f"  print:  {cell['text']}"
        yield (
            f"  place:  {path}, page {cell['page']}, {cell['place']}, "
            f"read as {cell['method']} with confidence {cell['confidence']:g}"
        )
        if cell["repair"]:
            yield f"  repair: {cell['repair']}"
    if not cells:
        yield "  nothing is printed for it"


def _check_lines(findings: list[dict[str, Any]]) -> Iterator[str]:
    for finding in findings:
        yield f"  check:  {finding['severity']} {finding['rule']}: {finding['message']}"
    if not findings:
        yield "  check:  no finding touches it"


def _record(out: storage.Place, project: dict[str, Any], place: Place) -> dict[str, Any]:
    if place.line_no is None:
        return project
    table = place.table  # one of two literals, see Place.parse
    row = _one(
        query(
            out,
            f"SELECT * FROM {table} WHERE form_id = ? AND line_no = ?",  # noqa: S608
            [project["form_id"], place.line_no],
        )
    )
    if row is None:
        raise UsageProblem(f"The form has no line {place.line_no} in {table}.", "Lines are counted from 0.")
    return row
