"""Neighbours by the words of their heads, whatever their titles; projects of lists as findings."""

import json
import re
from decimal import Decimal

import pytest

from fixtures import golden
from parsers import read
from pipeline.document import extract
from pipeline.result_lists import column_of

HEADER = "项目名称\t图书馆开放\t\t\t\t\t\n主管部门\t市文旅局\t实施单位\t市图书馆\t\t\t\n"
TARGETS = "一级指标\t二级指标\t三级指标\t年度指标值"


def found(*lines):
    return extract(read("\n".join(lines).encode(), "x.txt"), golden.DOCUMENT_ID)


def refused(*lines):
    """The names of the neighbours that were refused; the number of forms."""
    result = found(*lines)
    names = [one.rule.removeprefix("neighbour_") for one in result.findings if one.rule.startswith("neighbour_")]
    return names, len(result.forms)


def indicator(head, *cells):
    """A block with this head and one indicator."""
    return HEADER, head, "产出指标\t数量指标\t开放天数\t≥320天\t" + "\t".join(cells)


TITLES = ("财政项目支出绩效自评表", "项目支出绩效目标表", "项目支出绩效情况表", "")


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("columns", [
    "1-6月执行情况\t全年预计完成情况\t偏差原因分析\t完成目标可能性", "1－9月完成值\t全年预计完成值\t备注",
    "上半年完成情况\t偏差原因", "截至目前完成情况\t预计完成情况", "1至8月实际完成值\t分值\t偏差原因",
    "实际完成值\t全年预计完成情况\t完成可能性",
])
def test_monitoring_under_any_title(title, columns):
    cells = ["200天"] * (columns.count("\t") + 1)
    assert refused(title, *indicator(f"{TARGETS}\t{columns}", *cells)) == (["monitoring"], 0)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("columns", [
    "", "指标解释", "评分标准\t备注", "指标性质\t度量单位\t权重", "评(扣)分标准", "指标来源\t设定依据", "分值",
])
def test_targets_under_any_title(title, columns):
    cells = ["10"] * (columns.count("\t") + 1)
    head = f"{TARGETS}\t{columns}".rstrip("\t")
    assert refused(title, *indicator(head, *cells)) == (["target_only"], 0)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("columns", [
    "实际完成值\t分值\t得分", "全年完成值\t偏差原因分析", "实际完成值\t分值\t得分\t偏差原因分析",
    "1-12月实际完成值\t分值\t得分",                      # the whole year
    "年末兑现水平\t实际得分情况",                           # unknown words that may stand over results
])
def test_forms_under_any_title(title, columns):
    cells = ["330天", "100", "100"][:columns.count("\t") + 1]
    names, forms = refused(title, *indicator(f"{TARGETS}\t{columns}", *cells))
    # with unknown words the title decides; without a title of a neighbour it is a form
    doubtful = "年末兑现" in columns and "目标表" in title
    assert (names, forms) == ((["target_only"], 0) if doubtful else ([], 1))


# ── lists ────────────────────────────────────────────────────────────────────


def listed(*lines):
    """The listed projects: {field: value} of each."""
    pairs = re.compile(r'(\w+) ("(?:[^"\\]|\\.)*"|[^;]+)(?:; |$)')
    return [{key: json.loads(value) if value[0] == '"' else Decimal(value) for key, value in pairs.findall(one.message)}
            for one in found(*lines).findings if one.rule == "listed_project"]


@pytest.mark.parametrize(("head", "label"), [
    ("自评得分", "self_score"), ("2023年度自评得分", "self_score"), ("自评 分（分）", "self_score"),
    ("得分", "self_score"), ("单位自评得分", "self_score"), ("复核得分", "checked_score"),
    ("市财政局复核后得分", "checked_score"), ("主管部门审核分", "checked_score"), ("抽查得分", "checked_score"),
    ("等级", "grade"), ("自评等次", "grade"), ("复核等级", "checked_grade"),
    ("项目资金（万元）", "annual_budget_yuan"), ("全年执行数(元)", "executed_yuan"),
    ("执行率（%）", "execution_rate_pct"),
    ("项目名称", "project_name"), ("二级项目名称", "project_name"), ("预算部门", "department"), ("序号", "other"),
    ("公厕保洁", None), ("", None), ("一级指标", None),
])
def test_columns_of_a_list(head, label):
    assert column_of(head) == label


def test_a_list_gives_each_project_once():
    projects = listed(
        "2023年度项目支出绩效自评结果汇总表", "单位：万元",
        "序号\t部门名称\t项目名称\t资金\t\t自评得分\t复核得分\t自评等级\t复核等级",
        "\t\t\t预算数\t执行数\t\t\t\t",
        "1\t市教育局\t“阳光”体育\t1,000.00\t990.5\t98.5\t90\t优\t优",
        "2\t市教育局\t校舍维修\t20\t-\t/\t85.25分\t良\t良",
        "小计\t\t\t1,020.00\t\t\t\t\t",
        "序号\t部门名称\t项目名称\t资金\t\t自评得分\t复核得分\t自评等级\t复核等级",
        "3\t市民政局\t养老服务\t30\t30\t100\t100\t优\t优",
        "合计\t\t\t1,050.00\t\t\t\t\t",
    )
    assert [one["project_name"] for one in projects] == ["“阳光”体育", "校舍维修", "养老服务"]
    assert projects[0] == {
        "project_name": "“阳光”体育", "department": "市教育局", "self_score": Decimal("98.5"),
        "checked_score": Decimal(90), "difference": Decimal("-8.5"), "grade": "优", "checked_grade": "优",
        "place": "line 5", **{key: projects[0][key] for key in projects[0] if key.endswith("_yuan")}}
    assert "self_score" not in projects[1]
    assert projects[1]["checked_score"] == Decimal("85.25")


def test_departments_are_the_names_where_no_project_is():
    (one, other) = listed("整体支出自评得分汇总表", "序号\t部门名称\t自评得分\t等级",
                          "1\t市教育局\t95\t优", "2\t市民政局\t94\t优")
    assert (one["department"], other["department"]) == ("市教育局", "市民政局")


def test_no_person_of_a_list_is_told():
    result = found("项目支出绩效自评结果一览表", "项目名称\t项目负责人\t联系电话\t自评得分\t等级",
                   "养老服务\t王小明\t13800138000\t95\t优")
    assert [one.rule for one in result.findings] == ["neighbour_result_list", "listed_project"]
    assert not any(word in str(one) for one in result.findings for word in ("王小明", "13800138000"))


def test_a_form_header_is_no_list():
    names, forms = refused("项目支出绩效自评表", "项目名称\t养老服务\t自评得分\t95\t自评等级\t优",
                           f"{TARGETS}\t实际完成值\t分值\t得分", "产出指标\t数量指标\t床位\t≥10张\t12张\t90\t85")
    assert (names, forms) == ([], 1)


def test_prose_after_a_list_is_outside_it():
    result = found("项目支出绩效自评结果一览表", "项目名称\t自评得分\t等级", "养老服务\t95\t优", "",
                   "我局对1个项目开展绩效自评，平均得分95分。")
    assert result.stated.form_count == 1
    assert any(one.rule == "text_outside_forms" for one in result.findings)


@pytest.mark.parametrize("title", ["政府性基金支出决算明细表", "项目支出绩效自评报告", "项目支出绩效自评结果汇总表"])
def test_a_table_of_a_neighbour_that_names_projects_is_no_form(title):
    names, forms = refused(title, "项目名称\t科目编码\t金额", "养老服务\t2081002\t12.00", "", "本部门没有其他项目。")
    assert forms == 0
    assert len(names) <= 1


@pytest.mark.parametrize("name", ["项目名称\t养老服务", "部门名称\t市民政局"])
@pytest.mark.parametrize("before", [
    ("支出决算明细表", "科目\t预算\t决算", "行政运行\t10.00\t9.50"),
    ("项目支出绩效自评结果汇总表", "项目名称\t自评得分\t等级", "养老服务\t95\t优"),
    ("项目支出绩效自评报告", "一、基本情况", "我局组织实施了养老服务项目，全年执行数10万元。"),
])
def test_a_form_without_title_behind_a_neighbour(before, name):
    form = (name, f"{TARGETS}\t实际完成值\t分值\t得分", "产出指标\t数量指标\t床位\t≥10张\t12张\t90\t85")
    names, forms = refused(*before, "", *form)
    assert (len(names), forms) == (1, 1)
