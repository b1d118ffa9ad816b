"""Every golden form is the same form under the title of a neighbour."""

import re

import pytest

from fixtures import golden
from parsers import read
from pipeline.document import extract

TITLES = ("项目支出绩效目标表", "项目支出绩效自评结果汇总表", "支出决算明细表", "项目支出绩效自评报告")
TITLE_TELLS = {
    "50_cut_off_then_whole_form",                   # a form without indicators is told by its title alone
    "105_department_form_behind_its_last_cell",     # so is one whose title stands in a cell of another
}

ASIDE = re.compile(r"form_year|title")
"""What a title itself prints."""


def retitled(case, title):
    """The case with another title, and its truth; None where no title is printed."""
    wanted = golden.expected(case)
    titles = {form["project"]["title"] for form in wanted["forms"] if "title" in form["project"]}
    text = golden.source(case).read_bytes().decode("utf-8", "replace")
    changed = text
    for one in titles:
        changed = changed.replace(one, title)
    return None if changed == text or "\ufffd" in text else (changed, wanted)


CASES = [case for case in golden.cases()
         if case.parent.name != "neighbours" and case.name not in TITLE_TELLS
         and golden.source(case).suffix in {".txt", ".csv", ".tsv"} and retitled(case, "x") is not None]


def test_there_are_enough_of_them():
    assert len(CASES) > 150


@pytest.mark.parametrize("title", TITLES)
def test_a_form_is_a_form_under_any_title(title):
    different = []
    for case in CASES:
        text, wanted = retitled(case, title)
        found = golden.described(extract(read(text.encode(), golden.source(case).name), golden.DOCUMENT_ID))
        problems = [one for one in golden.differences(wanted, found)
                    if one.startswith(("form", "status")) and not ASIDE.search(one)]
        if problems:
            different.append((case.name, problems[0]))
    assert different == []
