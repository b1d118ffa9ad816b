"""Heads of two rows, with columns that no list has, and in words that no list has."""

import pytest

from fixtures import golden
from parsers import read
from pipeline.document import extract
from pipeline.templates import load

ABOVE = """项目支出绩效自评表
（2022年度）
项目名称\t修缮
主管部门\t局\t实施单位\t所
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t10\t10\t10\t10\t100%\t10
年度总体目标\t预期目标\t\t实际完成情况
\t修\t\t修完
"""


def only_form(data, name):
    (record,) = extract(read(data.encode(), name), golden.DOCUMENT_ID).forms
    return record


def page(rows):
    return f"<p>项目支出绩效自评表</p><table><tr><td>项目名称</td><td>修缮</td></tr>{rows}</table>"


SPANNED = {
    "A": """<tr><td colspan=3>绩效指标</td><td rowspan=2>年度指标值</td><td rowspan=2>实际完成情况</td>
            <td rowspan=2>分值</td><td rowspan=2>得分</td></tr>
            <tr><td>一级指标</td><td>二级指标</td><td>三级指标</td></tr>
            <tr><td>产出指标</td><td>数量指标</td><td>修缮</td><td>≥5处</td><td>5处</td><td>90</td><td>90</td></tr>""",
    "C": """<tr><td rowspan=2>一级指标</td><td rowspan=2>二级指标</td><td rowspan=2>三级指标</td>
            <td colspan=3>年度指标值</td><td rowspan=2>完成值</td><td rowspan=2>权重</td><td rowspan=2>得分</td></tr>
            <tr><td>指标性质</td><td>指标值</td><td>度量单位</td></tr>
            <tr><td>产出指标</td><td>数量指标</td><td>修缮</td><td>≥</td><td>5</td><td>处</td><td>5</td><td>90</td>
            <td>90</td></tr>""",
}


@pytest.mark.parametrize("family", SPANNED)
def test_a_head_of_two_rows_is_one(family):
    record = only_form(page(SPANNED[family]), "x.html")
    assert record.form.family == family
    (row,) = record.form.indicators
    assert (row.level1, row.level3, row.target_operator, row.target_value, row.target_unit) == (
        "产出指标", "修缮", ">=", 5, "处",
    )  # fmt: skip
    assert (row.actual_value, row.weight, row.score) == (5, 90, 90)
    assert record.form.goal_actual is None
    assert not record.unplaced


def test_a_head_in_unknown_words_is_no_goal():
    text = ABOVE + "绩效维度\t指标类别\t具体指标\t目标数\t成果数\t满分值\t评定分\n产出\t数量\t修缮\t5处\t5处\t90\t90\n"
    record = only_form(text, "x.txt")
    assert record.form.family is None
    assert (record.form.goal_expected, record.form.goal_actual) == ("修", "修完")
    assert record.form.indicators == ()
    (unknown,) = [finding for finding in record.findings if finding.rule == "unknown_form"]
    assert "绩效维度、指标类别、目标数、成果数、满分值、评定分" in unknown.message
    assert {"产出", "数量", "5处", "90"} <= {slot.text for slot in record.unplaced}


def test_a_column_without_words_of_ours_leaves_the_others_in_place():
    text = ABOVE + (
        "序号\t一级指标\t二级指标\t三级指标\t责任科室\t年度指标值\t实际完成值\t分值\t得分\n"
        "1\t产出指标\t数量指标\t修缮\t工程科\t≥5处\t5处\t90\t90\n总分\t\t\t\t\t\t\t100\t100\n"
    )
    record = only_form(text, "x.txt")
    (row,) = record.form.indicators
    assert (row.level3, row.target_text, row.actual_text, row.weight, row.score) == ("修缮", "≥5处", "5处", 90, 90)
    assert [slot.text for slot in record.unplaced] == ["责任科室", "工程科"]


def test_two_reasons_are_joined():
    text = ABOVE + (
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析\t改进措施\n"
        "产出指标\t数量指标\t修缮\t≥5处\t4处\t90\t72\t雨天\t明年早开工\n总分\t\t\t\t\t100\t82\t\t\n"
    )
    assert only_form(text, "x.txt").form.indicators[0].deviation_reason == "雨天\n明年早开工"


def _head_words():
    """Of one case of each family, every word of its indicator head."""
    for family in "ABCDEFG":
        case = next(case for case in golden.cases() if case.parent.name == family)
        text = golden.source(case).read_text("utf-8")
        head = next(line for line in text.split("\n") if "三级指标" in line or "指标名称" in line)
        for word in head.split("\t"):
            if word and "目标1" not in word:
                yield pytest.param(family, text.replace(head, head.replace(word, "甲乙丙")), id=f"{family}-{word}")


@pytest.mark.parametrize(("family", "text"), list(_head_words()))
def test_a_head_with_an_unknown_word_is_never_taken_for_another_family(family, text):
    record = only_form(text, "x.txt")
    assert record.form.family in {family, None}
    if record.form.family is None:
        (unknown,) = [finding for finding in record.findings if finding.rule == "unknown_form"]
        assert "甲乙丙" in unknown.message
        assert "甲乙丙" in unknown.printed
        assert record.form.indicators == ()


def test_two_templates_that_fit_are_a_finding_and_neither_is_taken():
    template = next(template for template in load() if template.family == "A")
    twin = template._replace(family="F", name="twin")
    text = ABOVE + (
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n"
        "产出指标\t数量指标\t修缮\t≥5处\t5处\t90\t90\n总分\t\t\t\t\t100\t100\n"
    )
    (record,) = extract(read(text.encode(), "x.txt"), golden.DOCUMENT_ID, (), (template, twin)).forms
    assert record.form.family is None
    assert [f.message for f in record.findings if f.rule == "tied_templates"] == [
        "the head fits more than one family: A (ministry), F (twin)"
    ]
