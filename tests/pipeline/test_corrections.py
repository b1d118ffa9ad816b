"""People's decisions: applied to the print, loud where it is gone, and their faults listed."""

import pytest

from pipeline.corrections import Correction, digest, load, of_document
from pipeline.errors import UsageProblem
from pipeline.explain import explain
from tests.doubles.command import SAMPLE_ID, Desk

FORM = f"{SAMPLE_ID}-003"
ENTRY = {
    "form_id": FORM, "table": "indicators", "line_no": 2, "field": "actual_text", "expect": "0",
    "value": "100.00（%）", "reason": "The bureau published a corrected page."}
OTHERS = ("01_plain_school_repair", "69_integer_scores")


def toml(*entries):
    """The entries as a file of corrections; a line is left out where its value is None."""
    return "\n".join(
        "[[correction]]\n" + "\n".join(
            f"{name} = {value}" if isinstance(value, int) else f'{name} = "{value}"'
            for name, value in entry.items() if value is not None) + "\n"
        for entry in entries)


def project(field, expect, value):
    return ENTRY | {"table": "projects", "line_no": None, "field": field, "expect": expect, "value": value}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.put("sample.txt")
    return desk


def decided(desk, *entries):
    """The summary of a run with these decisions."""
    desk.decide(toml(*entries))
    ended = desk.extract("--json")
    assert ended.code == 0, ended.stderr
    return ended.json


def findings(desk, *, form_id=FORM):
    return desk.rows('SELECT rule, severity, "table", line_no, field, printed, expected FROM findings'
                     " WHERE form_id = ? AND severity <> 'info' OR form_id = ? AND rule LIKE 'correction%'"
                     " ORDER BY rule, line_no", form_id, form_id)


R7 = ("R7_indicator_score", "warning", "indicators", 2, "score", "10", "0")
R8 = ("R8_target_too_low", "warning", "indicators", 0, "actual_value", "10", None)


# ── applied ──────────────────────────────────────────────────────────────────


def test_without_decisions_the_print_is_judged(desk):
    decided(desk)
    assert [row[:5] for row in findings(desk)] == [R7[:5], R8[:5]]


def test_a_decision_changes_the_value_and_the_checks_judge_it(desk):
    decided(desk, ENTRY)
    assert desk.rows("SELECT actual_text, actual_value::int, actual_unit, score::int FROM indicators"
                     " WHERE form_id = ? AND line_no = 2", FORM) == [("100.00（%）", 100, "%", 10)]
    assert [row[:5] for row in findings(desk)] == [
        R8[:5], ("correction_applied", "info", "indicators", 2, "actual_text")]
    assert findings(desk)[-1][5:] == ("0", "100.00（%）")


def test_a_decision_is_traceable(desk):
    decided(desk, ENTRY)
    assert desk.rows("SELECT field, text, repair FROM cells WHERE repair = 'correction'") == [
        ("actual_text", "0", "correction")]
    assert list(explain(desk.out, FORM, "indicators.2.actual_value").lines[1:]) == [
        "  print:  0",
        "  place:  sample.txt, page 1, line 98, read as text with confidence 1",
        "  repair: correction",
        "  step:   folded to half width, without white space: 100.00(%)",
        "  step:   number 100",
        "  step:   unit % (ratio: 1 %)",
        "  step:   read as number",
        "  check:  info correction_applied: corrected by decision: The bureau published a corrected page.",
    ]


@pytest.mark.parametrize(("entry", "column", "value", "rule"), [
    (ENTRY | {"table": "funds", "line_no": 0, "field": "executed_yuan", "expect": "171.59",
              "value": "160.00"}, "executed_yuan", "1600000", "R2_execution_rate"),
    (ENTRY | {"field": "score", "expect": "10", "value": "0"}, "score", "0", "R5_total_score"),
    (ENTRY | {"line_no": 5, "field": "weight", "expect": "10", "value": "5"}, "weight", "5",
     "R4_weight_sum"),
    (project("score_total", "98", "89"), "score_total", "89", "R5_total_score"),
    (project("grade", "优", "中"), "grade", "中", "R10_grade"),
])
def test_every_table_can_be_corrected_and_is_checked(desk, entry, column, value, rule):
    decided(desk, entry)
    line = "" if entry["line_no"] is None else f" AND line_no = {entry['line_no']}"
    ((found,),) = desk.rows(
        f"SELECT {column} FROM {entry['table']} WHERE form_id = ?{line}", FORM)  # noqa: S608  ours
    assert str(found).partition(".")[0] == value
    assert rule in {row[0] for row in findings(desk)}
    place = column if entry["line_no"] is None else f"{entry['table']}.{entry['line_no']}.{column}"
    lines = explain(desk.out, FORM, place).lines
    assert f"  print:  {entry['expect']}" in lines
    assert any(entry["value"] in line for line in lines if "step:" in line)


def test_a_text_of_the_header_can_be_corrected(desk):
    decided(desk, project("project_name", "政府聘用辅助人员经费", "政府聘用辅助人员经费（二期）"))
    assert desk.rows("SELECT project_name FROM projects WHERE form_id = ?", FORM) == [
        ("政府聘用辅助人员经费（二期）",)]


def test_decisions_follow_one_another(desk):
    decided(desk, ENTRY, ENTRY | {"expect": "100.00（%）", "value": "99.00（%）", "reason": "And again."})
    assert desk.rows("SELECT actual_value::int FROM indicators WHERE form_id = ? AND line_no = 2",
                     FORM) == [(99,)]
    assert desk.rows("SELECT count(*) FROM findings WHERE rule = 'correction_applied'") == [(2,)]
    assert "  step:   number 99" in explain(desk.out, FORM, "indicators.2.actual_value").lines


def test_no_other_form_is_touched(desk):
    decided(desk)
    others = "SELECT * FROM indicators WHERE form_id <> ? ORDER BY form_id, line_no"
    before = desk.rows(others, FORM)
    decided(desk, ENTRY)
    assert desk.rows(others, FORM) == before


# ── not applied ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("changes", [
    {"expect": "5"}, {"expect": "0 "}, {"line_no": 8}, {"line_no": -1}, {"field": "deviation_reason"},
    {"field": "actual_value"}, {"field": "nope"}, {"table": "funds"},
])
def test_where_the_print_is_gone_it_is_an_error_and_nothing_is_changed(desk, changes):
    decided(desk)
    tables = {name: content for name, content in desk.bytes().items()
              if not name.startswith(("findings", "projects"))}
    entry = ENTRY | changes
    summary = decided(desk, entry)
    assert summary["contents"]["findings"]["error"] == 1
    assert findings(desk)[-1] == (
        "correction_unmatched", "error", entry["table"], entry["line_no"], entry["field"],
        entry["expect"], entry["value"])
    assert tables.items() <= desk.bytes().items()
    assert desk.rows("SELECT review FROM projects WHERE form_id = ?", FORM) == [(True,)]


def test_a_field_of_the_header_that_is_not_printed_is_an_error(desk):
    decided(desk, project("project_code", "", "310117230000000417"))
    assert findings(desk)[-1][0] == "correction_unmatched"


# ── what is read again ───────────────────────────────────────────────────────


def test_a_changed_decision_reads_its_document_again_and_no_other(desk):
    for name in OTHERS:
        desk.case(name)
    assert decided(desk)["read"] == 3
    plain = desk.bytes()
    for entry, read in ((ENTRY, 1), (ENTRY, 0), (ENTRY | {"value": "98.00（%）"}, 1)):
        summary = decided(desk, entry)
        assert (summary["read"], summary["reused"]) == (read, 3 - read)
    desk.decisions.joinpath("decisions.toml").unlink()
    last = desk.extract("--json").json
    assert (last["read"], last["published"]) == (0, True)
    assert desk.bytes() == plain


def test_a_decision_about_no_document_reads_nothing(desk):
    decided(desk)
    summary = decided(desk, ENTRY | {"form_id": "0123456789abcdef-000"})
    assert (summary["read"], summary["published"]) == (0, False)


# ── the files ────────────────────────────────────────────────────────────────


def test_decisions_are_found_by_document_in_the_order_of_files(tmp_path):
    second = ENTRY | {"reason": "Second."}
    other = project("grade", "优", "良") | {"form_id": "0123456789abcdef-010"}
    (tmp_path / "b.toml").write_text(toml(second), "utf-8")
    (tmp_path / "a.toml").write_text(toml(ENTRY, other), "utf-8")
    known = load(tmp_path)
    assert of_document(known, SAMPLE_ID + "0" * 48) == (Correction(**ENTRY), Correction(**second))
    assert of_document(known, "0123456789abcdef" + "f" * 48) == (Correction(**other),)
    assert of_document(known, "f" * 64) == ()


def test_the_digest_changes_with_the_decisions_and_is_empty_without(tmp_path):
    assert digest(load(tmp_path / "missing"), SAMPLE_ID + "0" * 48) == ""
    digests = set()
    for changes in ({}, {"value": "1"}, {"expect": "1"}, {"line_no": 3}, {"reason": "Other."}):
        (tmp_path / "a.toml").write_text(toml(ENTRY | changes), "utf-8")
        known = load(tmp_path)
        digests.add(digest(known, SAMPLE_ID + "0" * 48))
        assert digest(known, "f" * 64) == ""
    assert len(digests) == 5


@pytest.mark.parametrize(("text", "fault"), [
    ("[[correction]", "a.toml: "),
    ("x = 1", "something else than [[correction]]"),
    (toml(ENTRY) + "[more]\n", "something else than [[correction]]"),
    ("correction = 1", "something else than [[correction]]"),
    ("correction = [1, 2]", "something else than [[correction]]"),
    (toml(ENTRY | {"reason": None}), "correction 1: reason is missing"),
    (toml(ENTRY | {"expect": 0}), "correction 1: expect is missing or no text"),
    (toml(ENTRY | {"old": "x"}), "correction 1: old is unknown"),
    (toml(ENTRY, ENTRY | {"table": "cells"}), "correction 2: table is none of projects, funds, indicators"),
    (toml(ENTRY | {"line_no": None}), "line_no must stand for funds and indicators"),
    (toml(project("grade", "优", "良") | {"line_no": 0}), "line_no must stand for funds and indicators"),
    (toml(ENTRY | {"line_no": "2"}), "line_no is no whole number"),
    (toml(ENTRY | {"line_no": None}) + "line_no = true\n", "line_no is no whole number"),
    (toml(ENTRY | {"form_id": "003"}), "form_id is none"),
    (toml(ENTRY | {"form_id": SAMPLE_ID}), "form_id is none"),
])
def test_a_fault_names_its_file_and_entry(tmp_path, text, fault):
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(UsageProblem) as caught:
        load(tmp_path)
    assert "a.toml" in caught.value.message
    assert fault in caught.value.message
    assert str(tmp_path) in caught.value.next_step


def test_a_file_without_entries_is_no_fault(tmp_path):
    (tmp_path / "a.toml").write_text("# nothing yet\n")
    assert load(tmp_path) == {}


def test_every_fault_of_every_file_is_listed(tmp_path):
    (tmp_path / "a.toml").write_text(toml(ENTRY | {"reason": None, "value": None}, ENTRY, {"x": 1}), "utf-8")
    (tmp_path / "b.toml").write_bytes(b"\xff")
    (tmp_path / "c.toml").mkdir()
    (tmp_path / "notes.txt").write_text("not a correction")
    with pytest.raises(UsageProblem) as caught:
        load(tmp_path)
    message = caught.value.message
    for fault in ("a.toml, correction 1: reason", "a.toml, correction 1: value", "a.toml, correction 3: x is",
                  "b.toml: ", "c.toml: "):
        assert fault in message
    assert "correction 2" not in message
    assert "notes.txt" not in message
