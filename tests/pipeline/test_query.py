"""SQL over the published tables, and how the answers are written."""

import csv
import datetime as dt
import io
import os
import shutil
import unicodedata
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from pipeline import console
from pipeline.contract import TABLES
from pipeline.errors import NothingFound, UsageProblem
from pipeline.query import Answer, query, shown
from tests.doubles.command import SAMPLE_ID, Desk, jixiao

TOTALS = "SELECT project_name, score_total, grade FROM projects ORDER BY form_id"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("query"))
    desk.put("sample.txt")
    assert desk.extract().code == 0
    return desk


# ── the views ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("table", "rows"), [
    ("documents", 1), ("projects", 4), ("funds", 16), ("indicators", 38), ("findings", 17),
    ("cells", None), ("units", None)])
def test_every_table_is_a_view_with_the_columns_of_the_contract(desk, table, rows):
    answer = query(desk.out, f"SELECT * FROM {table}")  # noqa: S608  names of ours
    partition = ("year",) if TABLES[table].partitioned else ()
    assert answer.columns == (*TABLES[table].schema.names, *partition)
    files = sum(pq.read_metadata(path).num_rows for path in (desk.out / table).rglob("part-*"))
    assert len(answer.rows) == files > 0
    assert rows in {None, files}
    if partition:
        assert {row[-1] for row in answer.rows} == {2023}


def test_there_are_seven_tables():
    assert len(TABLES) == 7


def test_a_table_that_is_missing_is_named(tmp_path, desk):
    shutil.copytree(desk.out, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "cells")
    with pytest.raises(NothingFound, match="no table cells"):
        query(tmp_path / "out", "SELECT 1")


def test_years_are_told_apart(tmp_path):
    desk = Desk(tmp_path)
    desk.put("sample.txt")
    assert desk.extract().code == 0
    assert desk.extract("--year", "2022").code == 0
    assert desk.rows("SELECT year, count(*) FROM indicators GROUP BY year ORDER BY year") == [
        (2022, 38), (2023, 38)]
    assert desk.rows("SELECT count(*) = count(DISTINCT unit) FROM units") == [(True,)]


def test_a_year_that_lacks_the_newest_column_can_still_be_asked(tmp_path, desk):
    out = tmp_path / "out"
    shutil.copytree(desk.out, out)
    old = out / "projects" / "year=2021"
    old.mkdir()
    new = pq.ParquetFile(out / "projects" / "year=2023" / "part-00000.parquet").read()
    pq.write_table(new.drop_columns(["review"]), old / "part-00000.parquet")
    answer = query(out, "SELECT year, count(review) FROM projects GROUP BY year ORDER BY year")
    assert answer.rows == ((2021, 0), (2023, 4))


@pytest.mark.parametrize("name", ["it's", "年 度", "a[1]", "what?", "st*r", 'say "x"', "semi;colon", "50%"])
def test_any_name_of_the_folder_will_do(tmp_path, desk, name):
    shutil.copytree(desk.out, tmp_path / name / "out")
    # a folder that the name would match if it were a pattern
    shutil.copytree(desk.out, tmp_path / "a1" / "out")
    ended = jixiao("query", "--out", tmp_path / name / "out", "--format", "csv",
                   "SELECT count(*) AS n FROM projects")
    assert (ended.code, ended.stdout) == (0, "n\n4\n")


def test_extract_and_query_agree_on_an_odd_folder(tmp_path):
    desk = Desk(tmp_path / "it's [the] tables?")
    desk.put("sample.txt")
    assert desk.extract().code == 0
    assert desk.rows("SELECT count(*) FROM indicators") == [(38,)]


# ── the question ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", [
    "it's", "x' OR '1'='1", "'; DROP VIEW projects; --", "新闻宣传专项经费", ""])
def test_parameters_are_values_and_nothing_else(desk, value):
    sql = "SELECT ?::text, (SELECT count(*) FROM projects WHERE project_name = ?)"
    found = 1 if value == "新闻宣传专项经费" else 0
    assert query(desk.out, sql, [value, value]).rows == ((value, found),)


@pytest.mark.parametrize(("sql", "words"), [
    ("", "0 statements"), (" ; ", "0 statements"), ("-- nothing", "0 statements"),
    ("SELECT 1; SELECT 2", "2 statements"), ("SELECT", "SELECT"), ("SELECT nope FROM funds", "nope"),
    ("SELECT 1/'x'", "x"), ("SELECT * FROM read_parquet('nowhere')", "nowhere"),
])
def test_a_wrong_question_is_a_usage_problem(desk, sql, words):
    with pytest.raises(UsageProblem, match=words) as caught:
        query(desk.out, sql)
    assert "documents, projects, funds" in caught.value.next_step


def test_a_table_that_is_no_parquet_is_a_usage_problem(tmp_path, desk):
    shutil.copytree(desk.out, tmp_path / "out")
    (tmp_path / "out" / "funds" / "year=2023" / "part-00000.parquet").write_bytes(b"garbage")
    with pytest.raises(UsageProblem, match="part-00000"):
        query(tmp_path / "out", "SELECT 1")


def test_a_question_changes_no_table(desk):
    before = desk.bytes()
    with pytest.raises(UsageProblem):
        query(desk.out, "DELETE FROM projects")
    query(desk.out, "DROP VIEW projects")
    assert desk.rows("SELECT count(*) FROM projects") == [(4,)]
    assert desk.bytes() == before


def test_an_answer_without_rows_has_its_columns(desk):
    assert query(desk.out, "SELECT grade FROM projects WHERE false") == Answer(("grade",), ())


# ── how answers are written ──────────────────────────────────────────────────


def asked(desk, form, sql):
    ended = jixiao("query", "--out", desk.out, "--format", form, sql)
    assert (ended.code, ended.stderr) == (0, "")
    return ended


@pytest.mark.parametrize(("value", "text"), [
    (Decimal("96.0000"), "96"), (Decimal("97.9700"), "97.97"), (Decimal(100), "100"),
    (Decimal("0.0000"), "0"), (Decimal("-1.50"), "-1.5"), (Decimal("1E+3"), "1000"),
    (Decimal("171600.0000"), "171600"), (None, ""), (2023, "2023"), (True, "True"), ("10.00", "10.00"),
    (dt.date(2023, 5, 23), "2023-05-23"),
])
def test_values_as_people_write_them(value, text):
    assert shown(value) == text


def test_csv_is_plain_and_exact(desk):
    sql = ("SELECT line_no, target_text, target_value, deviation_reason FROM indicators"
           " WHERE form_id LIKE '%-001' AND line_no IN (0, 5) ORDER BY 1")
    text = asked(desk, "csv", sql).stdout
    assert text == (
        "line_no,target_text,target_value,deviation_reason\n"
        "0,≥20.00(次),20,2023年需要研判的缺陷信息较少，2024年扩大缺陷信息收集范围。\n"
        "5,流程规范,,\n")


def test_csv_quotes_what_needs_it(desk):
    text = asked(desk, "csv", """SELECT 'a,b' AS "x,y", 'say "no"' AS q, E'two\\nlines' AS n""").stdout
    assert list(csv.reader(io.StringIO(text))) == [["x,y", "q", "n"], ["a,b", 'say "no"', "two\nlines"]]


def test_json_holds_numbers_and_nulls(desk):
    sql = ("SELECT form_id, score_total, form_year, project_code, review, 154200.0000::decimal(20,4) AS yuan,"
           " 0.1234::decimal(12,4) AS rate, DATE '2023-05-23' AS day"
           " FROM projects ORDER BY form_id DESC LIMIT 1")
    assert asked(desk, "json", sql).json == [{
        "form_id": f"{SAMPLE_ID}-003", "score_total": 98, "form_year": None, "project_code": None,
        "review": True, "yuan": 154200, "rate": 0.1234, "day": "2023-05-23"}]


def test_json_never_changes_a_number(desk):
    text = asked(desk, "json", "SELECT 1234567890123456.7891::decimal(20,4) AS n").stdout
    assert '"1234567890123456.7891"' in text      # no binary float holds it


def test_json_keeps_chinese_readable(desk):
    assert "新闻宣传专项经费" in asked(desk, "json", TOTALS).stdout


def width(text):
    """Columns of a terminal that a text takes: Chinese takes two for each character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def test_the_columns_of_a_table_are_aligned_under_chinese(desk):
    lines = asked(desk, "table", TOTALS).stdout.splitlines()
    assert [line.rstrip() for line in lines] == [
        "project_name          score_total  grade",
        "新闻宣传专项经费      96           优",
        "质量发展专项经费      97.97        优",
        "业务受理工作经费      96.56        优",
        "政府聘用辅助人员经费  98           优",
    ]
    assert {width(line[:line.index("优")]) for line in lines[1:]} == {
        lines[0].index("grade")}


def test_a_wide_table_is_not_squeezed_where_there_is_no_terminal(desk):
    lines = asked(desk, "table", "SELECT * FROM indicators ORDER BY form_id, line_no").stdout.splitlines()
    assert lines[0].split() == [*TABLES["indicators"].schema.names, "year"]
    assert len(lines) == 39


def test_a_table_folds_within_a_terminal(desk, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")     # 80 columns, no colours
    answer = query(desk.out, "SELECT goal_actual FROM projects ORDER BY form_id LIMIT 1")

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    console.write_answer(answer, "table")
    lines = terminal.getvalue().splitlines()
    assert max(map(width, lines)) <= 80
    assert "".join(line.strip() for line in lines[1:]) == answer.rows[0][0]


@pytest.mark.parametrize("text", ["[bold]", "[/x]", "a[1]", "[", "\\[x]", "a\\", "[red]红[/red]", ":smile:"])
def test_brackets_in_a_value_are_no_markup(desk, text):
    lines = asked(desk, "table", f"SELECT '{text}' AS \"[/head]\"").stdout.splitlines()
    assert [line.rstrip() for line in lines] == ["[/head]", text]


def test_nulls_are_empty(desk):
    sql = "SELECT NULL AS nothing, 'x' AS something"
    assert asked(desk, "csv", sql).stdout == "nothing,something\n,x\n"
    assert asked(desk, "table", sql).stdout.split() == ["nothing", "something", "x"]
    assert asked(desk, "json", sql).json == [{"nothing": None, "something": "x"}]


def test_a_relative_folder_will_do(desk, monkeypatch):
    monkeypatch.chdir(desk.out.parent)
    ended = jixiao("query", "--out", os.path.relpath(desk.out), "--format", "csv", "SELECT 1 AS one")
    assert ended.stdout == "one\n1\n"
