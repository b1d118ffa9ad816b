"""The code list: every name of every year and place, however it is decorated."""

import pytest

from pipeline.code_list import code_list
from pipeline.codes import code_of, stem
from pipeline.contract import TABLES
from pipeline.labels import wordings
from pipeline.vocabulary import CODES

LEVEL1 = {
    "output": "产出指标 产出 项目产出 产出类指标 绩效产出",
    "cost": "成本指标 成本 成本控制指标 运行成本",
    "benefit": "效益指标 效果指标 效益 效果 项目效益 项目效果 履职效果",
    "satisfaction": "满意度指标 满意度 服务对象满意度指标 社会满意度",
    "process": "过程指标 过程 项目过程 管理指标 项目管理",
    "decision": "决策指标 决策 项目决策 投入指标 投入",
    None: "一级指标 培训指标 产出和效益 其他 总分 可持续发展能力 指标",
}
LEVEL2 = {
    "quantity": "数量指标 数量 产出数量",
    "quality": "质量指标 质量 产出质量",
    "timeliness": "时效指标 时效 进度指标 进度 产出时效 时间指标 产出进度指标",
    "cost": "成本指标 成本 产出成本 成本节约率",
    "economic": "经济效益指标 经济效益 经济效果指标",
    "social": "社会效益指标 社会影响 社会效果",
    "ecological": "生态效益指标 环境效益指标 生态环境效益 环境指标",
    "sustainable": "可持续影响指标 可持续影响 可持续发展指标 可持续效益",
    "satisfaction_target": "服务对象满意度指标 服务对象满意度 受益对象满意度指标 社会公众满意度指标 群众满意度",
    "satisfaction_other": "其他满意度指标 其他满意度",
    "economic_cost": "经济成本指标 经济成本",
    "social_cost": "社会成本指标 社会成本",
    "ecological_cost": "生态环境成本指标 环境成本指标 生态成本",
    "project_approval": "项目立项 立项",
    "goal_setting": "绩效目标",
    "funding": "资金投入 资金落实",
    "fund_management": "资金管理 财务管理",
    "implementation": "组织实施 业务管理",
    "output_overall": "项目产出",
    "benefit_overall": "项目效益 实施效益 效益指标",
    None: "二级指标 培训指标 其他 社会 数量和质量指标 资金来源 三级指标",
}
CASES = [(level, code, name) for level, table in ((1, LEVEL1), (2, LEVEL2))
         for code, names in table.items() for name in names.split()]
DECORATED = ("{}", "{}（20分）", "{}(20)", "{} 20分", "1.{}", "一、{}", "（二）{}", "2、{}（12.5分）", " {} ",
             "【3】{}", "④{}", "{}【15分】", "{}：")


@pytest.mark.parametrize(("level", "code", "name"), CASES)
def test_a_name_has_its_code_however_it_is_decorated(level, code, name):
    assert {code_of(level, form.format(name)) for form in DECORATED} == {code}
    assert code_of(level, " ".join(name)) == code


@pytest.mark.parametrize(("name", "above", "code"), [
    ("其他", "satisfaction", "satisfaction_other"), ("其他指标", "satisfaction", "satisfaction_other"),
    ("其他", "benefit", None), ("社会", "cost", "social_cost"), ("社会", "benefit", None),
    ("生态环境", "cost", "ecological_cost"), ("生态环境", "benefit", "ecological"), ("环境", "cost", "ecological_cost"),
    ("成本指标", "output", "cost"), ("成本指标", "cost", "cost"), ("数量指标", None, "quantity"),
])
def test_some_names_depend_on_the_level_above(name, above, code):
    assert code_of(2, name, above) == code


@pytest.mark.parametrize("level", [1, 2])
def test_the_wordings_of_the_forms_keep_their_codes(level):
    for code, words in wordings(f"level{level}").items():
        for word in words:
            above = "satisfaction" if code == "satisfaction_other" else None
            assert code_of(level, word, above) == code, word


@pytest.mark.parametrize("level", ["level1", "level2"])
def test_no_name_stands_for_two_codes(level):
    seen = {}
    for code, entry in CODES[level].items():
        for name in (*entry["names"], *wordings(level).get(code, ())):
            assert seen.setdefault(stem(name), code) == code, name
        for words in entry.get("only_under", {}).values():
            assert all(seen.get(stem(word), code) in {code, "ecological"} for word in words)


def test_codes_stand_under_codes():
    assert {above for entry in CODES["level2"].values() for above in entry["under"]} == set(CODES["level1"])
    assert all(set(entry.get("only_under", ())) <= set(entry["under"]) for entry in CODES["level2"].values())


def test_the_published_list_is_that_of_the_contract():
    for place, codes in code_list().items():
        table, column = place.split(".")
        (values,) = [one.values for one in TABLES[table].columns if one.name == column]
        assert {code: entry.meaning for code, entry in codes.items()} == values
        assert all(entry.names for code, entry in codes.items() if code != "unknown")
