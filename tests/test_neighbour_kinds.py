"""Neighbours drawn as web page, Word, Excel and PDF: refused by the same names, with the same rows, as text."""

import re

import pytest

from fixtures import golden
from fixtures.drawing import docx, html, reportlab, xlsx
from fixtures.sheet import Paragraph, SheetCell, SheetTable
from parsers import read
from pipeline.document import extract
from tests.doubles.misreading import sure

KINDS = {
    "page.html": lambda sheet: html.page([sheet]).encode(),
    "word.docx": lambda sheet: docx.document([sheet]),
    "excel.xlsx": lambda sheet: xlsx.workbook([sheet]),
    "print.pdf": lambda sheet: reportlab.pdf([sheet]),
}
NEIGHBOURS = golden.CASES / "neighbours"
CASES = [case for case in golden.cases()
         if case.parent == NEIGHBOURS and golden.expected(case)["status"] != "unreadable"]
DRAWN = [pytest.param(case, kind, id=f"{case.name}-{kind}") for case in CASES for kind in KINDS
         if kind != "excel.xlsx" or "\t" in golden.source(case).read_text("utf-8") or case.name.endswith("csv")]
"""Prose alone is no workbook."""
_PLACE = re.compile(r"; place .*")


def sheet(text):
    """The paragraphs and tables of a pasted text; the blanks right of a cell are part of it."""
    items, rows = [], []
    for line in [*text.split("\n"), ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            items.append(table(rows))
            rows = []
        if line:
            items.append(Paragraph(line, title=not items))
    return tuple(items)


def table(rows):
    n_cols = max(len(row) for row in rows)
    cells = []
    for number, row in enumerate(rows):
        starts = [col for col, text in enumerate(row) if text or col == 0]
        for col, end in zip(starts, [*starts[1:], n_cols], strict=True):
            cells.append(SheetCell(number, col, row[col], 1, end - col))
    return SheetTable(tuple(cells), len(rows), n_cols, (10,) * n_cols)


def seen(data, name, recognised=lambda reading: reading):
    """What was found, by whatever road: forms by name and score, neighbours and listed projects in order."""
    found = extract(recognised(read(data, name)), golden.DOCUMENT_ID)
    neighbours = [(one.rule, _PLACE.sub("", one.message) if one.rule == "listed_project" else "")
                  for one in found.findings if one.rule.startswith(("neighbour_", "listed_"))]
    warnings = {one.rule for record in found.forms for one in record.findings if one.severity != "info"}
    return [(record.form.project_name, record.form.score_total) for record in found.forms], neighbours, warnings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_scan_that_was_read_without_a_fault(case):
    """What a recogniser saw is no reason to understand a neighbour's words as those of a form."""
    source = golden.source(case)
    data = source.read_bytes()
    assert seen(data, source.name, sure)[:2] == seen(data, source.name)[:2]


@pytest.mark.parametrize(("case", "kind"), DRAWN)
def test_kind(case, kind):
    source = golden.source(case)
    data = source.read_bytes()
    if source.suffix == ".csv":
        text = re.sub(r'"([^"]*)"', lambda found: found[1].replace(",", "，"), data.decode())
        text = text.replace(",", "\t").replace("，", ",")
    else:
        text = data.decode()
    assert seen(KINDS[kind](sheet(text)), kind) == seen(data, source.name)
