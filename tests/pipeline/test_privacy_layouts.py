"""Persons as real forms print them, in header and foot of every family: in no column of any table."""

import random

import pytest

from fixtures import families
from fixtures.make import Line
from tests.laws.test_privacy_laws import tables, where_printed

ONE, TWO, PHONE = "赵铁柱", "孙立群", "13912345678"
SECRETS = (ONE, TWO, PHONE, "0871-65123456", "zhaotz@163.com", "11010519491231002X")
LAYOUTS = (
    # a label and its value beside each other, or below
    [["项目负责人", ONE]],
    [["项目负责人", "", ONE, "", "联系电话", PHONE]],
    [["项目负责人", "联系电话"], [ONE, PHONE]],
    [["项目负责人", "", "联系电话", ""], [ONE, "", PHONE, ""]],
    [["项目负责人", "", f"{ONE}（处长）"]],
    [["项目主管科室及负责人", f"行财科 {ONE}"]],
    [["责任处室及联系人", f"综合处{ONE}"]],
    [["联系人", "", ONE, "", "办公电话", "", "0871-65123456"]],
    [["项目联系人姓名", ONE, "手机号", PHONE]],
    [["姓名", ONE, "身份证号码", "11010519491231002X"]],
    [["电子邮箱", "zhaotz@163.com"]],
    [["经办人（电话）", f"{ONE}（{PHONE}）"]],
    [["联系人及联系方式", f"{ONE}，{PHONE}"]],
    [["项目责任人", f"{ONE}\u00a0{PHONE}"]],
    [["负责人（签章）", "", ONE, "", "经办人（签章）", "", TWO]],
    [["评价组成员", f"{ONE}、{TWO}"]],
    # with colons, several in one cell
    [[f"负 责 人：{ONE}", "", f"电 话：{PHONE}"]],
    [[f"项目负责人：{ONE}（处长）"]],
    [[f"联系人：{ONE}/{PHONE}"]],
    [[f"填表人：{ONE}  2024年1月5日"]],
    [["填报单位（盖章）：市局", "", f"填报人：{ONE}"]],
    [[f"填报人:{ONE}", "", "", "填报时间:2024.1.5"]],
    [[f"单位负责人：{ONE}    审核人：{TWO}    填表人：{ONE}    填报日期：2024年1月5日"]],
    [[f"单位负责人：{ONE}审核人：{TWO}填表人：{ONE}联系电话：{PHONE}"]],
    [[f"填表人：{ONE}"], [f"联系电话：{PHONE}"], [f"审核人：{TWO}"]],
    # lines of the foot
    [["单位负责人：", ONE, "审核人：", TWO, "填表人：", ONE, "联系电话：", PHONE]],
    [["单位负责人", ONE, "审核人", TWO, "填表人", ONE, "日期", "2024-01-05"]],
    [["财务负责人签字：", ONE]],
    [["主管领导", ONE, "分管领导", TWO]],
    [[f"制表：{ONE}", f"复核：{TWO}"]],
    # no colon, no label, or one that nobody knows
    [[f"审核人{ONE}"]],
    [[f"填表人（签字）{ONE}"]],
    [["主任：", ONE]],
    [["项目组长", ONE]],
    [[ONE, "", PHONE]],
    [[f"{ONE} {PHONE}"]],
    [[f"{PHONE}（{ONE}）"]],
)  # fmt: skip


@pytest.mark.parametrize("family", families.FAMILIES)
@pytest.mark.parametrize("place", ["first", "header", "foot"])
def test_no_layout_lets_a_person_through(family, place):
    for number, layout in enumerate(LAYOUTS):
        form, lines = families.draw(family, random.Random(number))
        head = next(at for at, line in enumerate(lines) if line.kind == "fund")
        at = {"first": 1, "header": head, "foot": len(lines)}[place]
        extra = [Line("header", list(cells)) for cells in layout]
        rows, result = tables(form, [*lines[:at], *extra, *lines[at:]])
        assert where_printed(rows, SECRETS) == [], layout
        found = {one.rule for record in result.forms for one in record.findings}
        assert "withheld_personal_data" in found, layout
        assert len(result.forms[0].form.indicators) == len(form.indicators), layout
