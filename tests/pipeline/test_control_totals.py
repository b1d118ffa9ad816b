"""R13: what the prose of a report states about its self-evaluations."""

from decimal import Decimal

import pytest

from parsers.grid import Cell, Grid, Origin
from pipeline.control_totals import stated
from pipeline.records import ControlTotals
from pipeline.slots import rows_of


def totals(*lines):
    grids = [Grid((Cell(0, 0, line, Origin(1, f"line {n}", "pdf")),), 1, 1) for n, line in enumerate(lines)]
    return stated(rows_of(grids))


def wan(text):
    return Decimal(text) * 10_000


STATEMENTS = [
    ("根据预算绩效管理要求，我单位对2023年度12个项目支出开展了绩效自评，涉及资金3456.78万元，平均得分95.6分。",
     (12, wan("3456.78"), Decimal("95.6"))),
    ("本部门2023年度绩效自评项目共4个，涉及预算资金1,204.32万元，自评平均分为96.5分，其中“优”3个，“良”1个。",
     (4, wan("1204.32"), Decimal("96.5"))),
    ("2022年，本单位共组织对 8 个项目进行了绩效自评，占项目总数的100％，涉及财政资金 1.2 亿元。",
     (8, Decimal(120_000_000), None)),
    ("我局对十二个项目开展绩效自评。共涉及资金500万元。平均得分为九十分。", (12, wan("500"), Decimal(90))),
    ("按照要求，对3个项目开展绩效自评，涉及金额215457.6元，评价结果为优的项目2个，平均分98分。",
     (3, Decimal("215457.6"), Decimal(98))),
    ("组织对“信息化建设”等2个项目开展了部门评价，涉及一般公共预算支出300万元。", (None, None, None)),
    ("组织开展绩效自评，其中，一级项目2个，二级项目12个，共涉及资金3456.78万元，占100%。",
     (None, wan("3456.78"), None)),
    ("我单位已完成绩效自评工作，自评结果见附件。", (None, None, None)),
    ("2023年度共有5个项目编制了绩效目标，资金总额100万元。", (None, None, None)),
    ("绩效自评项目数量：15个；自评金额：2,000.00万元；平均分：93.21分。",
     (15, wan("2000.00"), Decimal("93.21"))),
    ("我局对一般公共预算项目支出全面开展绩效自评，共涉及项目15个，资金1,234.56万元，占项目支出的100%。",
     (15, wan("1234.56"), None)),
    ("组织对9个项目开展绩效自评，涉及一般公共预算支出1,234.50万元，政府性基金预算支出100.00万元，占比100%。",
     (9, wan("1334.50"), None)),
    ("本部门共有预算项目20个，开展绩效自评20个，自评覆盖率100%，自评平均得分96.5分。", (20, None, Decimal("96.5"))),
    ("纳入绩效自评的项目共计8项，资金总额为1.5亿元。自评得分平均为98.2分。",
     (8, Decimal(150_000_000), Decimal("98.2"))),
    ("我单位对5项预算项目开展了绩效自评，预算金额5,000元，实际支出4,800元。", (5, Decimal(5000), None)),
    ("对“老旧小区改造”等12个项目开展绩效自评，涉及财政资金2000万元，其中10个项目评价等级为优，2个项目评价等级为良。",
     (12, wan("2000"), None)),
    ("2023年度我局未对3个项目开展绩效自评。", (None, None, None)),
    ("2024年计划对6个项目开展绩效自评，涉及资金60万元。", (None, None, None)),
    ("对7个项目开展绩效自评，其余2个项目因涉密未开展自评。", (7, None, None)),
    ("组织对12个项目开展绩效自评，对2个项目开展部门评价，平均得分在90分以上。", (12, None, None)),
    ("对十一个项目进行绩效自评，平均得分九十五点六分。", (11, None, Decimal("95.6"))),
    ("我馆对2023年度1个项目开展了绩效自评，涉及资金40万元，自评得分99.8分。", (1, wan("40"), Decimal("99.8"))),
    ("对6个项目开展绩效自评，自评得分均在90分以上。", (6, None, None)),
    ("对3个项目开展绩效评价，对8个项目开展绩效自评，平均分为95.00分。", (8, None, Decimal("95.00"))),
    ("部门整体支出绩效自评得分96分。项目自评平均分为94分。", (None, None, Decimal(94))),
    ("共设置绩效自评指标12项，涉及人员3人。", (None, None, None)),
    ("绩效自评中共发现问题5个，均已整改。", (None, None, None)),
    ("完成绩效自评报告3个。", (None, None, None)),
    ("我局对未央区6个项目开展绩效自评。", (6, None, None)),
    ("对“虚拟仿真拟建实验室”等12个项目开展绩效自评。", (12, None, None)),
    ("对照年初绩效目标对12个项目开展绩效自评，涉及资金100万元(含上年结转20万元)。", (12, wan("100"), None)),
    ("编制绩效目标的项目15个，开展绩效自评的项目12个。", (12, None, None)),
    ("对部门整体支出和4个项目支出开展绩效自评，上年对9个项目开展自评。", (4, None, None)),
    ("对《关于3个项目的规定》所列6个项目开展绩效自评。", (6, None, None)),
]


@pytest.mark.parametrize(("text", "wanted"), STATEMENTS, ids=[text[:12] for text, _ in STATEMENTS])
def test_statement(text, wanted):
    assert totals(text) == ControlTotals(*wanted)


def test_sentence_broken_over_lines():
    lines = ("我单位对2023年度1", "2个项目支出开展了绩效自评，涉及资金3,4", "56.78万元。")
    assert totals(*lines) == ControlTotals(12, wan("3456.78"))


def test_two_different_numbers_are_no_statement():
    assert totals("对12个项目开展绩效自评。", "对13个项目开展绩效自评。").form_count is None


def test_the_same_number_twice_is_one():
    assert totals("对12个项目开展绩效自评。", "共12个项目完成绩效自评。").form_count == 12


def test_tables_state_nothing():
    origin = Origin(1, "t", "pdf")
    grid = Grid((Cell(0, 0, "对12个项目开展绩效自评", origin), Cell(0, 1, "x", origin)), 1, 2)
    assert stated(rows_of([grid])) == ControlTotals()
