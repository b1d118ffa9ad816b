"""Golden cases of every family, drawn as web page, Word, Excel and PDF: the text's records, no false errors."""

import pytest

from fixtures import golden
from fixtures.drawing import docx, html, reportlab, xlsx
from fixtures.laid_out import sheets
from parsers import read
from pipeline.document import extract
from pipeline.templates import FAMILIES

DRAWINGS = {
    "page.html": lambda drawn: html.page(drawn).encode(),
    "word.docx": docx.document,
    "excel.xlsx": xlsx.workbook,
    "print.pdf": reportlab.pdf,
}

CASES = [case for case in golden.cases() if case.parent.name in FAMILIES[1:]]
"""Of family A other tests draw the sample, and forms from seeds."""


def _errors(described):
    return [finding for finding in described["findings"] if finding[1] == "error"]


@pytest.mark.parametrize("kind", DRAWINGS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_records_are_those_of_the_text(case, kind):
    drawn = DRAWINGS[kind](sheets(golden.source(case).read_text("utf-8")))
    found = golden.described(extract(read(drawn, kind), golden.DOCUMENT_ID))
    wanted = golden.expected(case)
    found["findings"] = _errors(found)
    wanted["findings"], wanted["info"] = _errors(wanted), []
    assert list(golden.differences(wanted, found)) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_there_are_twelve_cases_of_each_family(family):
    assert sum(case.parent.name == family for case in golden.cases()) >= 12
