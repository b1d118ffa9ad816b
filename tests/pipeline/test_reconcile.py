"""R13: what a text states, held against the forms and lists of its document."""

import pytest

from fixtures import golden
from parsers import read
from pipeline.document import extract, outcome_of
from pipeline.rows import rows_of

FORM = """\
{title}
（2023年度）
项目名称		{name}
主管部门		市档案局		实施单位	市档案馆
项目资金（万元）		年初预算数	全年预算数	全年执行数	分值	执行率(%)	得分
	年度资金总额	{budget}	{budget}	{executed}	10	{rate}	{points}
一级指标	二级指标	三级指标	年度指标值	实际完成值	分值	得分	偏差原因分析
产出指标	数量指标	培训期数	≥6(期)	6(期)	90	{score}	{reason}
总分					100	{total}
评分等级		优
"""
LIST = """\
2023年度项目支出绩效自评结果汇总表
序号	项目名称	预算数（万元）	自评得分	等级
1	甲项目	10.00	98.0	优
2	乙项目	20.00	97.0	优
"""


def form(name, budget, executed, total, title="财政项目支出绩效自评表"):
    return FORM.format(title=title, name=name, budget=budget, executed=executed, rate="", points="10",
                       score=f"{float(total) - 10:g}", reason="设备到货晚", total=total)


TWO = form("甲", "40.00", "39.50", "98.33") + "\n" + form("乙", "15.50", "15.50", "99.00")
WHOLE = form("市档案局", "900.00", "890.00", "95", "部门整体支出绩效自评表")


def found(statement, forms=TWO):
    """{field: (severity, printed, expected, message)} of what R13 says."""
    result = extract(read(f"{statement}\n\n{forms}".encode(), "x.txt"), golden.DOCUMENT_ID)
    return {one.field.removeprefix("stated_"): (one.severity, one.printed, one.expected, one.message)
            for one in result.findings if one.rule == "R13_control_total"}


@pytest.mark.parametrize(("words", "field", "expected"), [
    ("对2个项目开展绩效自评。", "form_count", "2"),
    ("对两个项目开展绩效自评。", "form_count", "2"),
    ("对2个项目开展绩效自评，涉及资金55.5万元。", "amount_yuan", "555000"),
    ("对2个项目开展绩效自评，涉及资金56万元。", "amount_yuan", "555000"),       # 55.5 rounded half up
    ("对2个项目开展绩效自评，涉及资金55万元。", "amount_yuan", "555000"),       # and truncated: executed 55.00
    ("对2个项目开展绩效自评，涉及资金550,000元。", "amount_yuan", "550000"),    # what was spent
    ("对2个项目开展绩效自评，平均得分98.67分。", "average_score", "98.665"),
    ("对2个项目开展绩效自评，平均得分98.66分。", "average_score", "98.665"),    # truncated
    ("对2个项目开展绩效自评，平均得分98.7分。", "average_score", "98.665"),
    ("对2个项目开展绩效自评，平均得分99分。", "average_score", "98.67"),
])
def test_agreement_is_information(words, field, expected):
    severity, printed, value, message = found(words)[field]
    assert severity == "info", message
    assert printed in words.replace("两", "2")
    assert float(value) == pytest.approx(float(expected), abs=5100 if field == "amount_yuan" else 0.01)


@pytest.mark.parametrize(("words", "field"), [
    ("对3个项目开展绩效自评。", "form_count"),
    ("对1个项目开展绩效自评。", "form_count"),
    ("对2个项目开展绩效自评，涉及资金57万元。", "amount_yuan"),
    ("对2个项目开展绩效自评，涉及资金55.53万元。", "amount_yuan"),
    ("对2个项目开展绩效自评，平均得分98.60分。", "average_score"),
    ("对2个项目开展绩效自评，平均得分98.75分。", "average_score"),
    ("对9个项目开展绩效自评，涉及资金10万元。", "amount_yuan"),         # less than what is here
    ("对3个项目开展绩效自评，平均得分10分。", "average_score"),         # no third score makes it so
    ("对2个项目开展绩效自评。\n\n名词解释\n\n对4个项目开展绩效自评。", "form_count"),
])
def test_contradiction_is_a_warning(words, field):
    assert found(words)[field][0] == "warning"


def test_a_department_of_which_some_forms_are_here():
    seen = found("我局对8个项目开展绩效自评，涉及资金800万元，平均得分97分。")
    assert {field: one[0] for field, one in seen.items()} == {
        "form_count": "warning", "amount_yuan": "info", "average_score": "info"}
    assert all("whole department of which the document holds some forms" in one[3] for one in seen.values())


def test_a_form_of_the_whole_department_is_no_project():
    seen = found("对2个项目开展绩效自评，涉及资金55.50万元，平均得分98.67分。", f"{TWO}\n{WHOLE}")
    assert {one[0] for one in seen.values()} == {"info"}
    assert found("对3个项目开展绩效自评。", f"{TWO}\n{WHOLE}")["form_count"][0] == "info"


def test_a_list_of_results_is_held_against_too():
    seen = found("对2个项目开展绩效自评，涉及资金30万元，平均得分97.5分。", LIST)
    assert {field: (one[0], one[2]) for field, one in seen.items()} == {
        "form_count": ("info", "2"), "amount_yuan": ("info", "300000"), "average_score": ("info", "97.5")}
    assert all("projects listed" in one[3] for one in seen.values())


def test_no_form_at_all():
    assert found("对12个项目开展绩效自评，涉及资金30万元，平均得分97.5分。", "").keys() == {"form_count"}


def test_nothing_stated_is_nothing_said():
    assert found("我单位已开展绩效自评。") == {}


def test_a_report_in_prose_states_its_totals_too():
    report = "某局2023年度项目支出绩效自评报告\n\n我局组织对2个项目开展绩效自评，涉及资金55.50万元。\n\n"
    seen = found(report)
    assert {field: one[0] for field, one in seen.items()} == {"form_count": "info", "amount_yuan": "info"}


def test_where_it_is_stated():
    data = f"前言。\n\n我局对两个项目开展绩效自评，涉及资金55.50万元。\n\n{TWO}".encode()
    result = extract(read(data, "x.txt"), golden.DOCUMENT_ID)
    rows = rows_of(golden.DOCUMENT_ID, result.forms, result.findings, result.statements)
    cells = [(row[4], row[10], row[-1]) for row in rows["cells"] if row[2] == "documents"]
    assert cells == [("stated_amount_yuan", "55.50万元", "line 3"), ("stated_form_count", "两", "line 3")]
    assert outcome_of(data, "x.txt", golden.DOCUMENT_ID, {}).stated_form_count == 2
