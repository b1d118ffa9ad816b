"""The sample's four forms, printed and scanned, through the whole command: the records of their text."""

import random
import unicodedata

import pytest

from fixtures import golden
from fixtures.drawing.style import FONTS
from fixtures.scans import files
from fixtures.scans.look import look
from fixtures.scans.paper import is_within, printed
from fixtures.scans.scan import scanned
from fixtures.sheet import sample_sheets
from parsers import read
from pipeline.document import extract
from tests.doubles.command import Desk

WANTED = golden.expected(golden.CASES / "A" / "sample")
PROJECTS = "SELECT project_name, score_total, grade FROM projects ORDER BY project_name"


def scan(level, face):
    """A PDF of images: each form printed in a look of its own, rules drawn through."""
    rng = random.Random(level + face)
    pages = []
    for sheet in sample_sheets():
        while True:
            chosen = look(rng, FONTS[face])
            if "dashed" in chosen.border or "dotted" in chosen.border:
                continue
            _, clean = printed([sheet], chosen)
            if is_within(clean):
                break
        pages += [scanned(page, level, rng) for page in clean]
    return files.pdf(pages)


def folded(described):
    """Records without blanks and the widths of signs: a line （%） alone does not show how wide it is."""
    return [
        {
            "project": values(form["project"]),
            "funds": [values(row) for row in form["funds"]],
            "indicators": [values(row) for row in form["indicators"]],
        }
        for form in described["forms"]
    ]


def values(record):
    return {
        name: "".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else value
        for name, value in record.items()
    }


@pytest.mark.parametrize(("level", "face"), [("L0", "serif"), ("L0", "hei"), ("L1", "song")])
def test_records_of_a_scan_are_those_of_the_text(level, face):
    found = golden.described(extract(read(scan(level, face), "scan.pdf"), golden.DOCUMENT_ID))
    differing = list(golden.differences(WANTED | {"forms": folded(WANTED)}, found | {"forms": folded(found)}))
    doubts = [one for one in differing if one.startswith("finding not wanted: ['doubtful_reading', 'warning'")]
    told = [one for one in differing if one.startswith("finding not wanted: ['scanned_page', 'warning'")]
    assert [one for one in differing if one not in doubts and one not in told] == []


def test_the_command_gives_the_same_projects(tmp_path):
    desk = Desk(tmp_path)
    desk.put("sample.txt")
    assert desk.extract().code == 0
    wanted = desk.rows(PROJECTS)
    (desk.input / "sample.txt").unlink()
    desk.put("sample.pdf", scan("L0", "hei"))
    assert desk.extract().code == 0
    assert desk.rows(PROJECTS) == wanted
    assert desk.rows("SELECT DISTINCT split_part(method, '-', 1) FROM cells") == [("ocr:rapidocr",)]
