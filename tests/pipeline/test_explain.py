"""Where a value comes from, line by line."""

import json

import pytest

from pipeline.errors import NothingFound, UsageProblem
from pipeline.explain import Place, explain
from pipeline.steps import steps
from tests.doubles.command import SAMPLE_ID, Desk, jixiao

FORM = f"{SAMPLE_ID}-002"
LAST = f"{SAMPLE_ID}-003"
SHIFTED = ("check:  info layout_shifted_row: the row is printed up to 2 column(s) too far left and was put"
           " right")
CASES = ("38_personal_data_withheld", "37_label_and_value_in_one_cell", "67_unread_values",
         "75_unit_in_name", "76_points_in_level_names", "60_fault_total_score", "59_fault_weight_sum")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("explain"))
    desk.put("sub/sample.txt")
    for name in CASES:
        desk.case(name)
    assert desk.extract().code == 0
    return desk


def form_of(desk, case):
    """The first form of a golden case."""
    ((form_id,),) = desk.rows("SELECT form_id FROM projects JOIN documents USING (document_id)"
                              " WHERE form_index = 0 AND starts_with(source_path, ?)", case)
    return form_id


def lines(desk, form_id, field):
    head, *rest = explain(desk.out, form_id, field).lines
    assert head.startswith(f"{form_id}  {field} = ")
    return [head.partition(" = ")[2], *(line.removeprefix("  ") for line in rest)]


# ── one value ────────────────────────────────────────────────────────────────


def test_a_value_of_a_shifted_row_is_explained_line_by_line(desk):
    assert lines(desk, FORM, "indicators.7.target_value") == [
        "3",
        "print:  ≤3.00(工作日)",
        "place:  sub/sample.txt, page 1, line 77, read as text with confidence 1",
        "repair: row_shifted",
        "step:   folded to half width, without white space: <=3.00(工作日)",
        "step:   operator <=",
        "step:   number 3",
        "step:   unit 工作日 (working_time: 1 工作日)",
        "step:   read as number",
        SHIFTED,
    ]


@pytest.mark.parametrize(("form_id", "field", "value", "parts"), [
    # derived columns show the print that they were understood from
    (FORM, "indicators.7.target_operator", "<=", ["print:  ≤3.00(工作日)", "step:   operator <="]),
    (FORM, "indicators.7.target_unit", "工作日", ["print:  ≤3.00(工作日)", "repair: row_shifted"]),
    (FORM, "indicators.7.level1_code", "output",
     ["print:  产出指标", "repair: filled_down", "step:   code list: output"]),
    (FORM, "indicators.7.level2_code", "timeliness", ["print:  时效指标", "step:   code list: timeliness"]),
    (FORM, "indicators.2.outcome", "partly",
     ["print:  部分达成指标并具有一定效果", "step:   outcome phrase: partly"]),
    (LAST, "indicators.3.actual_value", "9.19",
     ["print:  平均响应时长： 9.19s", "step:   number 9.19", "step:   unit 秒 (time: 1 秒)"]),
    (FORM, "funds.3.source", "other",
     ["print:  其他资金", "repair: row_shifted", "step:   code list: other"]),
    # values of each kind
    (FORM, "funds.0.executed_yuan", "101700", ["print:  10.17", "step:   10.17 in 万元: 101700 yuan"]),
    (FORM, "funds.3.executed_yuan", "0", ["print:  0.00", "step:   0.00 is 0 yuan in any unit"]),
    (FORM, "funds.0.execution_rate_pct", "99.6", ["print:  99.60", "step:   percent: 99.6"]),
    (FORM, "funds.1.weight", "null", ["print:  -", "step:   a blank mark: no value"]),
    (FORM, "score_total", "96.56", ["print:  96.56", "step:   points: 96.56"]),
    (FORM, "grade", "优", ["print:  优", "step:   grade word: 优"]),
    (FORM, "form_year", "2023", ["print:  (2023年度)", "step:   year: 2023"]),
    (FORM, "indicators.7.level3", "收到差评处理时限", ["step:   kept as printed"]),
    (LAST, "form_year", "null", ["nothing is printed for it"]),
    (FORM, "indicators.7.deviation_reason", "null", ["nothing is printed for it"]),
    (FORM, "project_code", "null", ["nothing is printed for it", "check:  no finding touches it"]),
    (FORM, "review", "True", ["nothing is printed for it"]),
])
def test_every_kind_of_value_is_explained(desk, form_id, field, value, parts):
    found = lines(desk, form_id, field)
    assert found[0] == value
    assert [part for part in parts if part not in found] == []


@pytest.mark.parametrize(("case", "field", "value", "parts"), [
    ("75_unit_in_name", "indicators.0.target_unit", "册",
     ["print:  7000", "step:   unit 册 from the name of the indicator"]),
    ("75_unit_in_name", "indicators.0.actual_unit", "册", ["step:   unit 册 from the name of the indicator"]),
    ("75_unit_in_name", "indicators.0.actual_value", "7000", ["step:   number 7000"]),
    ("37_label", "project_name", "城区路灯节能改造",
     ["print:  项目名称：城区路灯节能改造", "step:   kept as printed"]),
    ("76_points", "indicators.0.level1_code", "output",
     ["print:  产出指标（50分）", "step:   code list: output"]),
    ("67_unread", "funds.0.executed_yuan", "null",
     ["print:  1O7.80", "step:   not read: it is no number, or no money unit stands over it"]),
    ("67_unread", "indicators.1.score", "null", ["print:  见附件", "step:   points: not read"]),
])
def test_what_is_printed_elsewhere_or_not_understood_is_explained(desk, case, field, value, parts):
    found = lines(desk, form_of(desk, case), field)
    assert found[0] == value
    assert [part for part in parts if part not in found] == []


# ── the checks that touched it ───────────────────────────────────────────────


def rules(desk, form_id, field):
    return [finding["rule"] for finding in explain(desk.out, form_id, field).data["findings"]]


@pytest.mark.parametrize(("form_id", "field", "expected"), [
    (LAST, "indicators.2.score", ["R7_indicator_score"]),
    (LAST, "indicators.2.actual_value", ["R7_indicator_score"]),     # the check looks at the whole row
    (LAST, "indicators.3.score", []),                                # and at no other
    (LAST, "indicators.0.actual_value", ["R8_target_too_low"]),
    (LAST, "indicators.3.actual_value", []),
    (FORM, "score_total", ["layout_total_label"]),
    (FORM, "project_name", []),
    (FORM, "funds.0.executed_yuan", ["layout_shifted_head"]),        # of the whole table
    (FORM, "funds.3.executed_yuan", ["layout_shifted_head", "layout_shifted_row"]),
])
def test_a_finding_is_shown_at_the_values_that_it_is_about(desk, form_id, field, expected):
    assert rules(desk, form_id, field) == expected


@pytest.mark.parametrize(("case", "field", "rule"), [
    ("60_fault", "score_total", "R5_total_score"),
    ("59_fault", "indicators.0.weight", "R4_weight_sum"),
    ("67_unread", "indicators.1.score", "unread_value"),
])
def test_a_finding_about_a_column_is_shown_at_its_values(desk, case, field, rule):
    assert rule in rules(desk, form_of(desk, case), field)


# ── a whole form ─────────────────────────────────────────────────────────────


def test_a_form_is_explained_with_all_its_prints_and_findings(desk):
    explanation = explain(desk.out, FORM)
    assert explanation.lines[:3] == (
        f"{FORM}  业务受理工作经费",
        "  printed in sub/sample.txt, page 1, family A",
        "  review: yes, confidence 1",
    )
    for line in (
        "  project_name: 业务受理工作经费   (line 60)",
        "  funds.3.label: 其他资金   (line 66, row_shifted)",
        "  indicators.7.target_text: ≤3.00(工作日)   (line 77, row_shifted)",
        "  indicators.7.level1: 产出指标   (line 70, filled_down)",
    ):
        assert line in explanation.lines
    findings = explanation.lines[explanation.lines.index("findings:") + 1:-1]
    assert [line.split()[1].rstrip(":") for line in findings] == [
        "rounding_convention", "layout_shifted_head", "layout_shifted_row", "R8_target_too_low",
        "layout_shifted_row", "layout_total_label"]
    ((cells, noticed),) = desk.rows(
        "SELECT (SELECT count(*) FROM cells WHERE form_id = $1),"
        " (SELECT count(*) FROM findings WHERE form_id = $1)", FORM)
    assert (len(explanation.data["cells"]), len(explanation.data["findings"])) == (cells, noticed)
    assert explanation.lines[-1] == f"ask further: jixiao explain {FORM} indicators.0.target_value"


def test_what_is_withheld_is_said_but_not_shown(desk):
    form_id = form_of(desk, "38_personal")
    for explanation in (explain(desk.out, form_id), explain(desk.out, form_id, "implementing_unit")):
        everything = "\n".join(explanation.lines) + json.dumps(explanation.data, default=str,
                                                               ensure_ascii=False)
        for secret in ("钱秋实", "13900000000", "孙立群", "60000000"):
            assert secret not in everything
    assert "withheld_personal_data" in {
        finding["rule"] for finding in explain(desk.out, form_id).data["findings"]}
    with pytest.raises(UsageProblem, match="no column 'project_leader'"):
        explain(desk.out, form_id, "project_leader")


def test_a_form_without_findings_says_so(desk):
    assert "findings: none" in explain(desk.out, form_of(desk, "37_label")).lines


# ── what was asked ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("field", "place"), [
    ("score_total", ("projects", None, "score_total")),
    ("funds.0.label", ("funds", 0, "label")),
    ("indicators/12/score", ("indicators", 12, "score")),
])
def test_places_that_people_write(field, place):
    assert Place.parse(field) == place


@pytest.mark.parametrize("field", ["a.b", "cells.0.text", "funds.x.label", "funds.-1.label", "funds.0", "",
                                   "funds.0.label.more", "projects.0.grade"])
def test_places_that_are_none(desk, field):
    with pytest.raises(UsageProblem):
        explain(desk.out, FORM, field)


def test_a_question_cannot_break_out_of_its_query(desk):
    with pytest.raises(UsageProblem, match="There is no form"):
        explain(desk.out, "x' OR '1' = '1")


def test_where_no_form_was_read_none_is_suggested(tmp_path):
    desk = Desk(tmp_path)
    with pytest.raises(NothingFound):
        explain(desk.out, FORM)
    desk.put("empty.txt", b"")
    desk.extract()
    with pytest.raises(UsageProblem) as caught:
        explain(desk.out, FORM)
    assert caught.value.next_step == "No form was extracted."


def test_json_is_one_object_with_the_same_steps(desk):
    ended = jixiao("explain", FORM, "indicators.7.target_value", "--out", desk.out, "--json")
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.json == {
        "value": 3,
        "source_path": "sub/sample.txt",
        "year": 2023,
        "cells": [{"page": 1, "x0": None, "top": None, "x1": None, "bottom": None,
                   "place": "line 77", "text": "≤3.00(工作日)", "method": "text",
                   "confidence": 1.0, "repair": "row_shifted"}],
        "steps": ["folded to half width, without white space: <=3.00(工作日)", "operator <=", "number 3",
                  "unit 工作日 (working_time: 1 工作日)", "read as number"],
        "findings": [{"rule": "layout_shifted_row", "severity": "info", "table": "indicators", "line_no": 7,
                      "field": None, "expected": None,
                      "printed": "收到差评处理时限 | ≤3.00(工作日) | 0.00(工作日) | 7.00 | 7.00",
                      "message": SHIFTED.removeprefix("check:  info layout_shifted_row: ")}],
    }


def test_text_and_json_tell_the_same(desk):
    explanation = explain(desk.out, FORM, "funds.0.executed_yuan")
    assert [line.removeprefix("  step:   ") for line in explanation.lines if "step:" in line] == (
        explanation.data["steps"])


@pytest.mark.parametrize(("column", "text", "value", "expected"), [
    ("target_value", "10～20次", 10, "number 10 to 20"),
    ("target_value", "显著提升", None, "read as text"),
    ("target_unit", "每月2次", "次/月", "unit 次/月 (count_per_calendar: 12 次/年)"),
    ("target_operator", "7000", ">=", "operator >= from the name of the indicator"),
    ("outcome", "见附件", None, "outcome phrase: not read"),
    ("form_year", "年度", None, "year: not read"),
    ("grade", "优□ 良□", None, "grade word: not read"),
])
def test_steps_that_the_sample_does_not_show(column, text, value, expected):
    assert expected in list(steps(column, text, value))
