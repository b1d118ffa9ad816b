"""People's decisions about single prints, applied before values are read.

A decision is a tracked entry in ``data/corrections/*.toml``::

    [[correction]]
    form_id = "0f3c5b7a9d1e2f40-002"
    table = "indicators"          # projects, funds or indicators
    line_no = 7                   # left out for projects
    field = "actual_text"         # a column of the table that was printed
    expect = "0"                  # the print that the decision was made on
    value = "100.00（%）"          # what it should say
    reason = "The bureau published a corrected page on 2024-09-02."

Where the expected print is gone the decision is not applied and an error finding says so.
"""

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import UsageProblem
from pipeline.records import Fields, Finding, Printed, PrintedForm, PrintedRow

TABLES = ("projects", "funds", "indicators")
_FORM_ID = re.compile(r"[0-9a-f]{16}-[0-9]{3,}")
_TEXTS = ("form_id", "table", "field", "expect", "value", "reason")


class Correction(NamedTuple):
    """One decision; ``line_no`` is None for the project's own fields."""

    form_id: str
    table: str
    line_no: int | None
    field: str
    expect: str
    value: str
    reason: str


Corrections = Mapping[str, tuple[Correction, ...]]
"""Decisions by the first 16 characters of a document_id."""


def load(folder: Path) -> Corrections:
    """All decisions under a folder, in file order; none where the folder does not exist.

    Raises:
        UsageProblem: listing every fault of every file.
    """
    faults: list[str] = []
    found: dict[str, list[Correction]] = {}
    for path in sorted(folder.glob("*.toml")):
        for number, entry in enumerate(_entries(path, faults)):
            problems = _faults(entry)
            faults += [f"{path.name}, correction {number + 1}: {problem}" for problem in problems]
            if not problems:
                correction = Correction(**{"line_no": None, **entry})
                found.setdefault(correction.form_id[:16], []).append(correction)
    if faults:
        raise UsageProblem(
            "The corrections cannot be used: " + "; ".join(faults) + ".",
            f"Mend the files in {folder}.",
        )
    return {key: tuple(corrections) for key, corrections in found.items()}


def _entries(path: Path, faults: list[str]) -> list[dict[str, Any]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return []
    entries = data.get("correction", [])
    if (
        not data.keys() <= {"correction"}
        or not isinstance(entries, list)
        or not all(isinstance(entry, dict) for entry in entries)
    ):
        faults.append(f"{path.name}: holds something else than [[correction]] entries")
        return []
    return entries


def _faults(entry: dict[str, Any]) -> list[str]:
    faults = [f"{name} is missing or no text" for name in _TEXTS if not isinstance(entry.get(name), str)]
    faults += [f"{name} is unknown" for name in entry if name not in Correction._fields]
    if faults:
        return faults
    if not _FORM_ID.fullmatch(entry["form_id"]):
        faults.append("form_id is none: 16 hexadecimal digits, -, three digits")
    if entry["table"] not in TABLES:
        faults.append(f"table is none of {', '.join(TABLES)}")
    elif (entry["table"] == "projects") != (entry.get("line_no") is None):
        faults.append("line_no must stand for funds and indicators, and only there")
    elif type(entry.get("line_no", 0)) is not int:  # true is an int, and no line
        faults.append("line_no is no whole number")
    return faults


def of_document(corrections: Corrections, document_id: str) -> tuple[Correction, ...]:
    """The decisions about one document."""
    return corrections.get(document_id[:16], ())


def digest(corrections: Corrections, document_id: str) -> str:
    """A fingerprint of the decisions about one document; empty where there are none."""
    mine = of_document(corrections, document_id)
    return hashlib.sha256(repr(mine).encode()).hexdigest() if mine else ""


def apply(
    printed: PrintedForm, form_id: str, corrections: Iterable[Correction]
) -> tuple[PrintedForm, tuple[Finding, ...]]:
    """The form with the decisions about it, and a finding for each."""
    findings = []
    for correction in corrections:
        if correction.form_id == form_id:
            changed = _changed(printed, correction)
            findings.append(_finding(correction, applied=changed is not None))
            printed = changed or printed
    return printed, tuple(findings)


def without_form(corrections: Iterable[Correction], forms: Collection[str]) -> list[Finding]:
    """A finding for each decision about a form that the document does not have."""
    return [_finding(one, applied=False) for one in corrections if one.form_id not in forms]


def _changed(printed: PrintedForm, correction: Correction) -> PrintedForm | None:
    """The form with one decision applied; None where the expected print is not there."""
    if correction.table == "funds":
        funds = _with_row(printed.funds, correction)
        return None if funds is None else printed._replace(funds=funds)
    if correction.table == "indicators":
        indicators = _with_row(printed.indicators, correction)
        return None if indicators is None else printed._replace(indicators=indicators)
    if correction.field in printed.totals:
        totals = _with(printed.totals, correction)
        return None if totals is None else printed._replace(totals=totals)
    header = _with(printed.header, correction)
    return None if header is None else printed._replace(header=header)


def _with_row(rows: tuple[PrintedRow, ...], correction: Correction) -> tuple[PrintedRow, ...] | None:
    line = correction.line_no
    if line is None or not 0 <= line < len(rows):
        return None
    fields = _with(rows[line].fields, correction)
    if fields is None:
        return None
    return (*rows[:line], rows[line]._replace(fields=fields), *rows[line + 1 :])


def _with(fields: Fields, correction: Correction) -> dict[str, Printed] | None:
    value = fields.get(correction.field)
    if value is None or value.text != correction.expect:
        return None
    return {**fields, correction.field: value._replace(text=correction.value, repair="correction")}


def _finding(correction: Correction, *, applied: bool) -> Finding:
    return Finding(
        rule="correction_applied" if applied else "correction_unmatched",
        severity="info" if applied else "error",
        message=f"corrected by decision: {correction.reason}"
        if applied
        else "a recorded correction was not applied, because the print that it expects is not there",
        table=correction.table,
        line_no=correction.line_no,
        field=correction.field,
        printed=correction.expect,
        expected=correction.value,
    )
