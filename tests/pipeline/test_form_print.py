"""Print around the records of a form that could be taken for something else."""

from pathlib import Path

import pytest

from parsers import read
from pipeline.document import Extract, extract
from pipeline.labels import labels_of

FORM = (Path(__file__).parents[2] / "fixtures/cases/A/01_plain_school_repair/source.txt").read_text("utf-8")
TITLE = "财政项目支出绩效自评表"


def read_form(text: str) -> Extract:
    return extract(read(text.encode(), "form.txt"), "0" * 64)


@pytest.mark.parametrize(("above", "year_line", "year"), [
    (TITLE, "(2023年度)", 2023),
    (f"校舍维修（2022年）专项经费{TITLE}", "（2023年度）", 2023),     # a year in the project's name
    (f"2022年度部门决算\n{TITLE}", "（2023年度）", 2023),            # a running title above the form
    (f"2023年度{TITLE}", "（2023年度）", 2023),
    (f"2023年度{TITLE}", "2024年3月15日", 2023),                     # the day it was filled in
    (f"2023年度{TITLE}", "某区教育局2024年公开", 2023),
])
def test_the_year_of_a_form_is_that_of_its_own_line(above, year_line, year):
    result = read_form(FORM.replace(TITLE, above, 1).replace("(2023年度)", year_line, 1))
    assert [record.form.form_year for record in result.forms] == [year]
    assert not any(finding.rule == "unplaced_text" for finding in result.forms[0].findings)


@pytest.mark.parametrize(("printed", "is_note"), [
    ("优", False),
    ("项目完成情况较好，绩效目标基本实现。", True),
    ("自评结果表明该项目立项依据充分且资金使用合规有效总体上达到了年初设定的目标要求", True),
])
@pytest.mark.parametrize("above", ["", "评分等级\t优\n"])
def test_a_conclusion_in_prose_is_no_grade(above, printed, is_note):
    foot = FORM[FORM.index("评分等级"):]
    [record] = read_form(FORM.replace(foot, f"{above}自评结论\t{printed}\n")).forms
    assert record.form.grade == ("优" if above or not is_note else None)
    rules = {finding.rule for finding in record.findings}
    assert ("form_note" in rules) is is_note
    assert not rules & {"unplaced_text", "unread_value"}


@pytest.mark.parametrize("line", ["名词解释", "二、其他收入：指除上述收入以外的各项收入。", "其他资金：指自有资金。"])
def test_a_term_explained_below_the_grade_is_a_remark(line):
    [record] = read_form(FORM.rstrip("\n") + f"\n{line}\n").forms
    rules = {finding.rule for finding in record.findings}
    assert "form_note" in rules
    assert "unplaced_text" not in rules


@pytest.mark.parametrize(("printed", "is_head"), [
    ("未完成原因分析及拟采取的改进措施", True),
    ("偏差原因分析及下一步改进措施", True),
    ("扣 分 原 因 说 明", True),
    ("未完成整改的企业数", False),
    ("偏差率", False),
    ("偏差较大的主要原因是部分设备招标流标且年内未能重新组织采购导致的情况", False),
])
def test_a_head_over_reasons_is_known_in_any_wording(printed, is_head):
    assert (labels_of(printed).get("indicator_head") == "deviation_reason") is is_head
