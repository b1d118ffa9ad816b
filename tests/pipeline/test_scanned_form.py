"""One form as a recogniser may see it: each case puts one or two cells in doubt and says what comes out."""

from decimal import Decimal

import pytest

from parsers import read
from parsers.grid import Reading
from pipeline.contract import TABLES
from pipeline.corrections import Correction
from pipeline.document import extract
from pipeline.rows import rows_of
from tests.doubles.misreading import METHOD, in_doubt, sure

FORM = """\
项目支出绩效自评表

（2022年度）

项目名称\t\t食品安全抽检经费\t\t\t\t\t
主管部门：市水务局\t\t\t\t实施单位\t市水务局机关\t\t
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率(%)\t得分
\t年度资金总额\t1235.60\t1235.60\t1222.60\t10.00\t98.94\t9.89
\t其中：当年财政拨款\t1225.60\t1225.60\t1212.60\t-\t98.93\t-
\t上年结转资金\t10.00\t10.00\t10.00\t-\t100.00\t-
年度总体目标\t预期目标\t\t\t实际完成情况\t\t\t
\t完善工作机制，持续提升公共服务能力和群众满意度。\t\t\t已按计划开展专项工作。\t\t\t
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析
产出指标\t数量指标\t改造面积\t≥1493(平方米)\t2090(平方米)\t2\t2.00\t
\t质量指标\t工程验收合格率\t=100.00(%)\t96(%)\t26\t24.96\t受天气影响
\t时效指标\t事项办结时限\t≤11工作日\t11工作日\t4\t4.00\t
效益指标\t社会效益指标\t运行管理机制\t健全完善\t达成指标\t42\t42.00\t
满意度指标\t服务对象满意度指标\t服务对象满意度\t≥80%\t84%\t16\t16.00\t
总分\t\t\t\t\t100\t98.85\t
评分等级\t\t优\t\t\t\t\t
"""
FORM_ID = "0" * 16 + "-000"


def scan(*doubts, text=FORM) -> Reading:
    """The form read from a picture; each doubt: the true print, which of its kind, what was seen."""
    reading = sure(read(text.encode(), "x.txt"))
    for truth, nth, *seen in doubts:
        reading = in_doubt(reading, truth, *seen, nth=nth)
    return reading


class Read:
    """What came out of a scan."""

    def __init__(self, reading, decisions=()):
        found = extract(reading, "0" * 64, decisions)
        self.rows = rows_of("0" * 64, found.forms, found.findings)
        self.findings = self._dicts("findings")

    def _dicts(self, table):
        return [dict(zip(TABLES[table].schema.names, row, strict=True)) for row in self.rows[table]]

    def value(self, table, line, field):
        rows = self._dicts(table)
        value = (rows[0] if line is None else rows[line])[field]
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return None if value is None else str(value)

    def cell(self, table, line, field):
        (cell,) = [
            row for row in self._dicts("cells") if (row["table"], row["line_no"], row["field"]) == (table, line, field)
        ]
        return cell

    def rules(self, table, line, field):
        where = (table, line, field)
        return {one["rule"] for one in self.findings if (one["table"], one["line_no"], one["field"]) == where}

    @property
    def project(self):
        (project,) = self._dicts("projects")
        return project


CHOSEN, DOUBTFUL = "chosen_reading", "doubtful_reading"
CASES = {
    # true print, which of its kind, what was seen; field; value, repair, findings
    "a number that does not parse gives way to one that does": (
        [("24.96", 0, ("24,96", 0.6), ("24.96", 0.35))],
        ("indicators", 1, "score"), ("24.96", "vocabulary", {CHOSEN}),
    ),
    "a sum settles a digit": (
        [("9.89", 0, ("9.39", 0.6), ("9.89", 0.35))],
        ("funds", 0, "score"), ("9.89", "arithmetic", {CHOSEN}),
    ),
    "a quotient settles a digit": (
        [("98.94", 0, ("93.94", 0.6), ("98.94", 0.3))],
        ("funds", 0, "execution_rate_pct"), ("98.94", "arithmetic", {CHOSEN}),
    ),
    "fund rows settle an amount": (
        [("1212.60", 0, ("1272.60", 0.7), ("1212.60", 0.2))],
        ("funds", 1, "executed_yuan"), ("12126000", "arithmetic", {CHOSEN}),
    ),
    "weights make 100": (
        [("42", 0, ("12", 0.6), ("42", 0.3))],
        ("indicators", 3, "weight"), ("42", "arithmetic", {CHOSEN}),
    ),
    "a lost point is seen by its column and its sums": (
        [("24.96", 0, ("2496", 0.7), ("24.96", 0.2))],
        ("indicators", 1, "score"), ("24.96", "vocabulary", {CHOSEN}),
    ),
    "a right best that the sums confirm is sure": (
        [("24.96", 0, ("24.96", 0.6), ("24.06", 0.35))],
        ("indicators", 1, "score"), ("24.96", None, set()),
    ),
    "what only the sums support is never taken": (
        [("24.96", 0, ("24.06", 0.6), ("24.66", 0.35))],
        ("indicators", 1, "score"), ("24.06", None, {DOUBTFUL, "R7_indicator_score"}),
    ),
    "a confident reading is never overridden, but doubted": (
        [("24.96", 0, ("24.06", 0.985), ("24.96", 0.014))],
        ("indicators", 1, "score"), ("24.06", None, {DOUBTFUL, "R7_indicator_score"}),
    ),
    "a hopeless reading is never taken": (
        [("42", 0, ("12", 0.97), ("42", 0.0005))],
        ("indicators", 3, "weight"), ("12", None, {DOUBTFUL}),
    ),
    "an operator read as a digit is put back, and flagged": (
        [("≥80%", 0, ("280%", 0.55), ("≥80%", 0.4))],
        ("indicators", 4, "target_text"), ("≥80%", "vocabulary", {CHOSEN, DOUBTFUL}),
    ),
    "an operator read as a character is put back, and flagged": (
        [("≥80%", 0, ("之80%", 0.7), ("≥80%", 0.25))],
        ("indicators", 4, "target_text"), ("≥80%", "vocabulary", {CHOSEN, DOUBTFUL}),
    ),
    "no rule tells two targets apart": (
        [("≥80%", 0, ("≥80%", 0.6), ("≥60%", 0.35))],
        ("indicators", 4, "target_text"), ("≥80%", None, {DOUBTFUL}),
    ),
    "equal to its target is no reason to override": (
        [("2090(平方米)", 0, ("1498(平方米)", 0.5), ("1493(平方米)", 0.45))],
        ("indicators", 0, "actual_text"), ("1498(平方米)", None, {DOUBTFUL}),
    ),
    "a result that its score speaks for": (
        [("11工作日", 0, ("17工作日", 0.5), ("11工作日", 0.45))],
        ("indicators", 2, "actual_text"), ("11工作日", "arithmetic", {CHOSEN, DOUBTFUL}),
    ),
    "a dash read as the Han one": (
        [("-", 0, ("一", 0.7), ("-", 0.25))],
        ("funds", 1, "weight"), (None, "vocabulary", {CHOSEN, DOUBTFUL}),
    ),
    "ink that was not read": (
        [("24.96", 0, ("\ufffd", 0.3))],
        ("indicators", 1, "score"), (None, None, {DOUBTFUL, "unread_value"}),
    ),
    "ink of which the engine has only a guess": (
        [("24.96", 0, ("\ufffd", 0.0), ("24.96", 0.6), ("24.06", 0.2))],
        ("indicators", 1, "score"), ("24.96", "vocabulary", {CHOSEN}),
    ),
    "a label of which the engine has only a guess": (
        [("质量指标", 0, ("\ufffd", 0.0), ("质量指标", 0.4), ("贡量指标", 0.3))],
        ("indicators", 1, "level2"), ("质量指标", "vocabulary", {CHOSEN}),
    ),
    "a level name": (
        [("质量指标", 0, ("贡量指标", 0.6), ("质量指标", 0.3))],
        ("indicators", 1, "level2"), ("质量指标", "vocabulary", {CHOSEN}),
    ),
    "a level name of which each character was seen": (
        [("质量指标", 0, ("贡量指标", 0.5), ("贡重指标", 0.2), ("质重指标", 0.2))],
        ("indicators", 1, "level2"), ("质量指标", "vocabulary", {CHOSEN}),
    ),
    "a value that resembles a label stays": (
        [("改造面积", 0, ("数量指标值", 0.9), ("数量指标", 0.005))],
        ("indicators", 0, "level3"), ("数量指标值", None, set()),
    ),
    "a label before its value": (
        [("主管部门：市水务局", 0, ("主菅部门：市水务局", 0.6), ("主管部门：巿水务局", 0.2))],
        ("projects", None, "supervising_department"), ("市水务局", "vocabulary", {CHOSEN}),
    ),
    "a label that lost its spelling": (
        [("年度资金总额", 0, ("年度货金总额", 0.8), ("年度资金总额", 0.1))],
        ("funds", 0, "label"), ("年度资金总额", "vocabulary", {CHOSEN}),
    ),
    "a total that lost its point stands in its place": (
        [("98.85", 0, ("9885", 0.6), ("98.85", 0.3))],
        ("projects", None, "score_total"), ("98.85", "vocabulary", {CHOSEN}),
    ),
    "a grade": (
        [("优", 0, ("忧", 0.6), ("优", 0.3))],
        ("projects", None, "grade"), ("优", "vocabulary", {CHOSEN, DOUBTFUL}),
    ),
    "a year": (
        [("（2022年度）", 0, ("（202年度）", 0.6), ("（2022年度）", 0.3))],
        ("projects", None, "form_year"), ("2022", "vocabulary", {CHOSEN, DOUBTFUL}),
    ),
    "a head that stands twice was another one": (
        [("二级指标", 0, ("三级指标", 0.6), ("二级指标", 0.3))],
        ("indicators", 1, "level2"), ("质量指标", None, set()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    doubts, place, (value, repair, rules) = CASES[case]
    found = Read(scan(*doubts))
    assert found.value(*place) == value
    assert found.cell(*place)["repair"] == repair
    assert found.rules(*place) == rules


def test_without_doubt_a_scan_gives_the_records_of_its_text():
    text, scanned = Read(read(FORM.encode(), "x.txt")), Read(scan())
    for table in ("funds", "indicators"):
        assert scanned.rows[table] == text.rows[table]
    assert scanned.findings == text.findings
    assert not scanned.project["review"]
    assert scanned.project["confidence"] > 0.999


def test_confidence_is_what_is_left_of_the_doubt():
    """What a sum confirms is as good as sure; what nothing confirms is as sure as it was read."""
    confirmed = Read(scan(("24.96", 0, ("24.96", 0.6), ("24.06", 0.35))))
    assert confirmed.cell("indicators", 1, "score")["confidence"] > 0.99
    alone = Read(scan(("2090(平方米)", 0, ("2090(平方米)", 0.6), ("2080(平方米)", 0.3))))
    assert 0.5 < alone.cell("indicators", 0, "actual_text")["confidence"] < 0.8
    assert alone.project["review"]
    assert alone.project["confidence"] == alone.cell("indicators", 0, "actual_text")["confidence"]


def test_two_ways_to_keep_the_rules_are_a_doubt():
    """Both 26 + 42 and 28 + 40 make 100, and both are as likely: neither is settled."""
    found = Read(
        scan(
            ("42", 0, ("44", 0.4), ("42", 0.29), ("40", 0.3)),
            ("26", 0, ("29", 0.4), ("26", 0.3), ("28", 0.29)),
            ("24.96", 0, ("\ufffd", 0.1)),
            ("42.00", 0, ("\ufffd", 0.1)),
        )
    )
    assert (found.value("indicators", 1, "weight"), found.value("indicators", 3, "weight")) == ("29", "44")
    assert DOUBTFUL in found.rules("indicators", 1, "weight")
    assert DOUBTFUL in found.rules("indicators", 3, "weight")


def test_several_fields_are_settled_together():
    found = Read(
        scan(
            ("42", 0, ("12", 0.6), ("42", 0.3)),
            ("26", 0, ("28", 0.6), ("26", 0.3)),
            ("98.85", 0, ("93.85", 0.6), ("98.85", 0.3)),
            ("1235.60", 1, ("1285.60", 0.6), ("1235.60", 0.3)),
        )
    )
    assert found.value("indicators", 3, "weight") == "42"
    assert found.value("indicators", 1, "weight") == "26"
    assert found.value("projects", None, "score_total") == "98.85"
    assert found.value("funds", 0, "annual_budget_yuan") == "12356000"
    assert not [one for one in found.findings if one["severity"] != "info"]


def test_the_finding_names_what_was_seen():
    found = Read(scan(("9.89", 0, ("9.39", 0.6), ("9.89", 0.3), ("9.80", 0.05))))
    (finding,) = [one for one in found.findings if one["rule"] == CHOSEN]
    assert (finding["printed"], finding["expected"]) == ("9.39", "9.89")
    assert finding["severity"] == "info"
    for part in ("9.39 (60 %)", "9.89 (30 %)", "9.80"):
        assert part in finding["message"]
    cell = found.cell("funds", 0, "score")
    assert (cell["text"], cell["method"]) == ("9.89", METHOD)


def with_unit_in_doubt(*seen):
    found = Read(scan(("项目资金（万元）", 0, *seen)))
    return [one for one in found.findings if "unit of all money" in one["message"]]


def test_a_money_unit_in_doubt_is_flagged_on_every_amount():
    flagged = with_unit_in_doubt(("项目资金（元）", 0.6), ("项目资金（万元）", 0.35))
    amounts = ("initial_budget_yuan", "annual_budget_yuan", "executed_yuan")
    assert {(one["line_no"], one["field"]) for one in flagged} == {(n, name) for n in range(3) for name in amounts}
    assert {(one["severity"], one["expected"]) for one in flagged} == {("warning", "项目资金（万元）")}


def test_a_money_unit_that_was_hardly_read_is_in_doubt_though_nothing_else_was_seen():
    assert with_unit_in_doubt(("项目资金（元）", 0.09))
    assert not with_unit_in_doubt(("项目资金（万元）", 0.8))


def test_an_understood_unit_is_preferred_to_a_likelier_strange_one():
    found = Read(scan(("项目资金（万元）", 0, ("项目资金（万一）", 0.6), ("项目资金（万元）", 0.35))))
    assert found.value("funds", 0, "executed_yuan") == "12226000"


def test_a_decision_settles_a_doubt():
    doubt = ("≥80%", 0, ("≥80%", 0.6), ("≥60%", 0.35))
    decision = Correction(FORM_ID, "indicators", 4, "target_text", "≥80%", "≥80%", "Seen on paper.")
    found = Read(scan(doubt), [decision])
    assert found.rules("indicators", 4, "target_text") == {"correction_applied"}


def test_a_person_stays_withheld_when_the_label_was_misread():
    text = FORM + "联系电话：13812345678\t\t\t\t\t\t\t\n"
    seen = (("联糸电话：13812345678", 0.6), ("联系电话：13812345678", 0.3))
    found = Read(scan(("联系电话：13812345678", 0, *seen), text=text))
    assert "13812345678" not in repr(found.rows)


def test_prose_in_doubt_is_only_worth_knowing():
    found = Read(scan(("受天气影响", 0, ("受夭气影响", 0.4), ("受天气影响", 0.3))))
    (finding,) = [one for one in found.findings if one["rule"] == DOUBTFUL]
    assert (finding["field"], finding["severity"]) == ("deviation_reason", "info")
    assert not found.project["review"]


def test_print_of_another_kind_in_the_same_form_is_left_alone():
    """A scan between digital pages: what is text there is certain, whatever the sums say."""
    reading = scan(("9.89", 0, ("9.39", 0.6), ("9.89", 0.35)))
    grids = [
        grid._replace(
            cells=tuple(
                cell._replace(origin=cell.origin._replace(method="pdf", confidence=1.0))
                if cell.text == "98.94"
                else cell
                for cell in grid.cells
            )
        )
        for grid in reading.grids
    ]
    found = Read(reading._replace(grids=tuple(grids)))
    assert found.cell("funds", 0, "execution_rate_pct")["confidence"] == 1.0
    assert found.value("funds", 0, "score") == "9.89"


# ── what no reading doubts ───────────────────────────────────────────────────

NUMBER = "doubtful_number"


@pytest.mark.parametrize(
    ("doubt", "place"),
    [
        (("98.85", 0, ("98", 0.9996)), ("projects", None, "score_total")),
        (("1225.60", 1, ("1225", 0.9996)), ("funds", 1, "annual_budget_yuan")),
        (("≤11工作日", 0, ("N", 0.4)), ("indicators", 2, "target_text")),
        (("2090(平方米)", 0, ("A0(5-", 0.4)), ("indicators", 0, "actual_text")),
    ],
    ids=["a total cut off", "an amount cut off", "no word", "no quantity"],
)
def test_print_that_was_lost_is_flagged_on_its_field(doubt, place):
    rules = Read(scan(doubt)).rules(*place)
    assert rules & {NUMBER, DOUBTFUL}


def test_numbers_that_are_printed_with_other_places_are_not_flagged_among_such():
    text = FORM.replace("100.00\t-\n", "100\t-\n").replace("9.89", "9.9").replace("42.00", "42").replace("4.00", "4")
    assert not [one for one in Read(scan(text=text)).findings if one["rule"] == NUMBER and one["field"] == "score"]


def test_a_dash_behind_a_unit_is_dirt():
    found = Read(scan(("≤11工作日", 0, ("≤11工作日-", 0.99))))
    assert found.value("indicators", 2, "target_value") == "11"


def test_columns_whose_head_was_not_understood_are_flagged():
    """Their values may stand anywhere, or nowhere."""
    found = Read(scan(("执行率(%)", 0, ("办", 0.4))))
    for line in range(3):
        assert "lost_value" in found.rules("funds", line, "execution_rate_pct")


def test_a_fund_row_stays_one_where_its_label_and_a_number_were_misread():
    found = Read(scan(("上年结转资金", 0, ("上年吉", 0.4)), ("10.00", 1, (").00", 0.5))))
    assert found.value("funds", 2, "executed_yuan") == "100000"


def test_dirt_between_two_pages_ends_no_form():
    """A speck below the table is read as a sign."""
    head, foot = FORM.split("效益指标\t", 1)
    text = f"{head}\nN\n\n效益指标\t{foot}"
    found = Read(scan(("N", 0, ("N", 0.5)), text=text))
    assert found.value("indicators", 4, "score") == "16"
    assert found.value("projects", None, "score_total") == "98.85"


def test_a_year_line_without_its_year_is_flagged():
    found = Read(scan(("（2022年度）", 0, ("1020年度)", 0.3))))
    assert "lost_value" in found.rules("projects", None, "form_year")
