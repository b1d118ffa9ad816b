"""The command line: exit codes, streams, help, and what the sample must show."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from pipeline import document
from pipeline.cli import app
from pipeline.events import Event
from pipeline.progress import Rate
from pipeline.state_file import Lock
from tests.doubles.command import ROOT, SAMPLE, Desk, jixiao

SCRIPT = Path(sys.executable).parent / "jixiao"
COMMANDS = ("extract", "merge", "plan", "status", "schema", "query", "explain", "atlas")
MUST_SHOW = "SELECT project_name, score_total, grade FROM projects ORDER BY form_id"
ANSWER = """\
project_name,score_total,grade
新闻宣传专项经费,96,优
质量发展专项经费,97.97,优
业务受理工作经费,96.56,优
政府聘用辅助人员经费,98,优
"""
OTHERS = ("01_plain_school_repair", "40_markdown_pipes", "69_integer_scores")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A desk whose only report, the sample, was read."""
    desk = Desk(tmp_path_factory.mktemp("read"))
    desk.put("sample.txt")
    assert desk.extract().code == 0
    return desk


def failing(monkeypatch, name, error):
    """Let the stage that reads values raise for the form of one project."""
    whole = document.normalise
    run = os.getpid()

    def raising(printed, *more):
        if printed.header["project_name"].text == name:
            if isinstance(error, KeyboardInterrupt):    # a person stops the run, not its worker
                os.kill(run, signal.SIGINT)
                time.sleep(60)
            raise error
        return whole(printed, *more)

    monkeypatch.setattr(document, "normalise", raising)


# ── 0: all was read ──────────────────────────────────────────────────────────


def test_the_sample_is_read_and_the_summary_says_so_on_stderr(desk):
    desk.put("sample.txt")
    ended = desk.extract()
    assert ended.code == 0
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[0] == "2023: 1 files, 4 forms, 16 fund rows, 38 indicators"
    assert "0 error, 7 warning" in ended.stderr
    assert f"tables written to {desk.out}" in ended.stderr


def test_the_tables_answer_as_promised(read):
    assert jixiao("query", "--out", read.out, "--format", "csv", MUST_SHOW).stdout == ANSWER
    table = jixiao("query", "--out", read.out, MUST_SHOW)
    assert table.code == 0
    assert table.stderr == ""
    assert [line.split() for line in table.stdout.splitlines()] == [
        line.split(",") for line in ANSWER.splitlines()]


def test_a_second_run_reads_nothing_and_leaves_every_byte(desk):
    desk.put("sample.txt")
    desk.case(OTHERS[0])
    first = desk.extract("--json").json
    before = desk.bytes()
    second = desk.extract("--json").json
    assert (first["read"], first["published"]) == (2, True)
    assert (second["read"], second["reused"], second["published"]) == (0, 2, False)
    assert second["contents"] == first["contents"]
    assert desk.bytes() == before
    assert len(before) == 7


def test_jobs_do_not_change_a_byte(desk, tmp_path):
    desk.put("sample.txt")
    for name in OTHERS:
        desk.case(name)
    assert desk.extract().code == 0
    one = desk.bytes()
    desk.out = tmp_path / "parallel"
    assert desk.extract("--jobs", "2").code == 0
    assert desk.bytes() == one


# ── 1: a bug of ours ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_stage_that_raises_costs_its_document_alone(desk, monkeypatch, jobs):
    desk.put("sample.txt")
    for name in OTHERS:
        desk.case(name)
    failing(monkeypatch, "质量发展专项经费", ValueError("boom"))
    ended = desk.extract("--jobs", jobs, "--json")
    assert ended.code == 1
    assert ended.json["contents"]["by_status"] == {"extracted": 3, "crashed": 1}
    ((reason, document_id, forms),) = desk.rows(
        "SELECT reason, document_id, form_count FROM documents WHERE status = 'crashed'")
    assert reason.startswith("crashed: ValueError: boom (test_cli.py:")
    assert "document.py:" in reason
    assert reason.endswith("report it with the file")
    assert (len(document_id), forms) == (64, 0)
    assert desk.rows("SELECT count(*) FROM projects") == [(3,)]
    monkeypatch.undo()
    again = desk.extract("--json")
    assert (again.code, again.json["read"], again.json["reused"]) == (1, 0, 4)
    mended = desk.extract("--json", "--retry", "timeout,crashed")
    assert (mended.code, mended.json["read"], mended.json["reused"]) == (0, 1, 3)


def test_a_crash_is_named_to_people(desk, monkeypatch):
    desk.put("sample.txt")
    failing(monkeypatch, "新闻宣传专项经费", ValueError("boom"))
    assert "crashed: sample.txt: crashed: ValueError: boom" in desk.extract().stderr


# ── 2: usage ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("arguments", "words"), [
    (["extract"], "--year"),
    (["extract", "--year", "zwei"], "--year"),
    (["extract", "--year", "1800"], "1990"),
    (["extract", "--year", "2023", "--nope"], "--nope"),
    (["extract", "--year", "2023", "--jobs", "0"], "--jobs"),
    (["extract", "--year", "2023", "--timeout", "0"], "--timeout"),
    (["nope"], "nope"),
    (["schema", "--format", "xml"], "xml"),
    (["query"], "sql"),
    (["query", "SELECT 1", "--format", "xml"], "xml"),
    (["explain"], "form_id"),
])
def test_a_wrong_option_is_named(arguments, words):
    ended = jixiao(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert words in plain(ended.stderr)


@pytest.mark.parametrize(("arguments", "words"), [
    (["query", "SELEC 1"], ["syntax error", "SELEC", "documents, projects", "jixiao schema"]),
    (["query", "SELECT nope FROM projects"], ["nope", "jixiao schema"]),
    (["query", "SELECT * FROM nope"], ["nope", "documents, projects"]),
    (["query", "  ;"], ["0 statements"]),
    (["query", "SELECT 1; DROP VIEW projects"], ["2 statements"]),
    (["query", "SELECT ?"], ["parameter"]),
    (["explain", "nope"], ["'nope'", "8c7ccb101cb4943a-000 (新闻宣传专项经费)"]),
    (["explain", "8c7ccb101cb4943a-000", "a.b"], ["'a.b'", "indicators.3.target_value"]),
    (["explain", "8c7ccb101cb4943a-000", "nope"], ["'nope'", "score_total", "goal_actual"]),
    (["explain", "8c7ccb101cb4943a-000", "funds.4.label"], ["line 4", "from 0"]),
    (["explain", "8c7ccb101cb4943a-000", "funds.0.nope"], ["'nope'", "executed_yuan"]),
    (["explain", "8c7ccb101cb4943a-000", "cells.0.text"], ["'cells.0.text'", "funds.LINE.COLUMN"]),
])
def test_a_wrong_question_is_answered_with_what_can_be_asked(read, arguments, words):
    ended = jixiao(*arguments, "--out", read.out)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("jixiao: ")
    assert [word for word in words if word not in ended.stderr] == []


def test_all_faults_of_the_corrections_are_listed_and_nothing_is_read(desk):
    desk.put("sample.txt")
    desk.decide("[[correction]\n", "a.toml")
    desk.decide('[[correction]]\nform_id = "x"\n\n[[correction]]\ntable = "cells"\n', "b.toml")
    ended = desk.extract()
    assert ended.code == 2
    for fault in ("a.toml: ", "b.toml, correction 1: table is missing", "b.toml, correction 1: reason",
                  "b.toml, correction 2: form_id is missing", f"Mend the files in {desk.decisions}"):
        assert fault in ended.stderr
    assert not desk.out.exists()


def test_a_second_run_at_the_same_time_is_refused(desk):
    desk.put("sample.txt")
    state = desk.out / "_state"
    state.mkdir(parents=True)
    lock = Lock(state)
    ended = desk.extract()
    lock.close()
    assert ended.code == 2
    assert f"Another run (process {os.getpid()})" in ended.stderr
    assert desk.extract().code == 0


def test_tables_among_the_reports_are_refused(desk):
    desk.put("sample.txt")
    desk.out = desk.input / "tables"
    ended = desk.extract()
    assert ended.code == 2
    assert "inside the input folder" in ended.stderr
    assert not desk.out.exists()


def test_an_input_that_is_a_file_is_refused(desk):
    desk.input = desk.put("sample.txt")
    ended = desk.extract()
    assert ended.code == 2
    assert "is not a folder" in ended.stderr


# ── 3: nothing to read ───────────────────────────────────────────────────────


def test_no_folder_and_an_empty_folder_are_nothing_found(desk):
    empty = desk.extract("--json")
    assert (empty.code, empty.stdout) == (3, "")
    assert "no file in" in empty.stderr
    desk.input.rmdir()
    missing = desk.extract("--json")
    assert (missing.code, missing.stdout) == (3, "")
    assert f"no input folder {desk.input}" in missing.stderr
    assert "--input DIR" in missing.stderr
    assert not desk.out.exists()


@pytest.mark.parametrize("arguments", [
    ["query", "SELECT 1"], ["explain", "8c7ccb101cb4943a-000"], ["status"]])
def test_where_nothing_was_extracted_the_next_step_is_named(tmp_path, arguments):
    ended = jixiao(*arguments, "--out", tmp_path)
    assert (ended.code, ended.stdout) == (3, "")
    assert "jixiao extract --year YEAR" in ended.stderr


# ── 4: some could not be read ────────────────────────────────────────────────


def test_what_cannot_be_read_is_named_and_the_rest_published(desk):
    desk.put("sample.txt")
    desk.put("sub/empty.txt", b"")
    for number in range(12):
        desk.put(f"more/{number:02d}.pdf", b"%%PDF-1.7 %d" % number)
    ended = desk.extract()
    assert ended.code == 4
    assert "unreadable: more/00.pdf: damaged: " in ended.stderr
    assert "… and 3 more: see the table documents" in ended.stderr
    assert desk.rows("SELECT count(*) FROM projects") == [(4,)]
    assert desk.extract().code == 4


def test_a_report_that_takes_too_long_is_given_up(desk, monkeypatch):
    desk.put("sample.txt")
    desk.case(OTHERS[0])
    whole = document.normalise

    def slow(printed, template):
        while printed.header["project_name"].text == "业务受理工作经费":
            pass
        return whole(printed, template)

    monkeypatch.setattr(document, "normalise", slow)
    ended = desk.extract("--timeout", "1", "--json")
    assert ended.code == 4
    assert ended.json["contents"]["by_status"] == {"extracted": 1, "timeout": 1}
    assert "longer than 1 s" in ended.json["contents"]["unreadable"][0]["reason"]


# ── 5: a table would break the contract ──────────────────────────────────────


def test_a_breach_publishes_nothing_and_the_old_tables_stand(desk, monkeypatch):
    desk.put("sample.txt")
    assert desk.extract().code == 0
    before = desk.bytes()
    desk.case(OTHERS[0])
    whole = document.rows_of

    def breaking(*arguments):
        rows = whole(*arguments)
        rows["indicators"] = [(*row[:8], "~", *row[9:]) for row in rows["indicators"]]
        return rows

    monkeypatch.setattr(document, "rows_of", breaking)
    ended = desk.extract("--json")
    assert (ended.code, ended.stdout) == (5, "")
    assert "indicators.target_operator: '~' not in" in ended.stderr
    assert desk.bytes() == before


# ── 6: something is not installed ────────────────────────────────────────────


def test_a_package_that_is_missing_is_named(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    ended = jixiao("query", "SELECT 1", "--out", read.out)
    assert (ended.code, ended.stdout) == (6, "")
    assert "The Python package duckdb is not installed." in ended.stderr
    assert "pip install" in ended.stderr


def test_a_module_of_ours_that_is_missing_is_a_bug(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "pipeline.explain", None)
    with pytest.raises(ModuleNotFoundError):
        jixiao("explain", "8c7ccb101cb4943a-000", "--out", read.out)


def test_make_without_a_python_that_serves_says_so(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ended = subprocess.run(
        ["make", "-C", ROOT, "extract", "PYTHON=false", f"VENV={tmp_path / 'venv'}"],
        capture_output=True, text=True, check=False, env=environment | {"LC_ALL": "C"})
    assert "Error 6" in ended.stderr
    assert "jixiao needs Python 3.11 or newer" in ended.stdout
    assert not (tmp_path / "venv").exists()


# ── 130: interrupted ─────────────────────────────────────────────────────────


def test_an_interrupt_keeps_what_was_read_and_the_next_run_goes_on(desk, monkeypatch):
    desk.put("z.txt")
    for name in OTHERS:
        report = desk.case(name)
        report.write_bytes(report.read_bytes() + b"\n" * 40_000)      # the longest are read first
    failing(monkeypatch, "新闻宣传专项经费", KeyboardInterrupt())
    ended = desk.extract("--json")
    assert (ended.code, ended.stdout) == (130, "")
    assert "run the same command to go on" in ended.stderr
    assert desk.bytes() == {}
    monkeypatch.undo()
    rest = desk.extract("--json")
    assert rest.code == 0
    assert rest.json["read"] + rest.json["reused"] == 4
    assert rest.json["reused"] > 0
    runs = jixiao("status", "--out", desk.out, "--json").json["runs"]
    assert [run["exit_code"] for run in runs] == [0, 130]


def test_an_interrupt_of_a_question_is_no_bug(read, monkeypatch):
    def stopped(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.query.query", stopped)
    ended = jixiao("query", "SELECT 1", "--out", read.out)
    assert (ended.code, ended.stdout) == (130, "")
    assert "stopped" in ended.stderr


# ── streams ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [None, b""])
def test_json_is_one_object_and_nothing_else_is_on_stdout(desk, content):
    desk.put("a.txt", content)
    desk.put("b.txt", b"")
    ended = desk.extract("--json")
    assert ended.code == 4
    assert ended.stderr == ""
    summary = ended.json
    assert set(summary) == {"year", "out", "contents", "read", "reused", "removed", "published", "seconds"}
    assert (summary["year"], summary["out"]) == (2023, str(desk.out))
    assert summary["contents"]["unreadable"][-1]["path"] == "b.txt"
    assert summary["contents"]["forms"] == (4 if content is None else 0)


@pytest.mark.parametrize(("arguments", "keys"), [
    (["status", "--json"], {"runs", "kinds"}),
    (["explain", "8c7ccb101cb4943a-002", "--json"], {"project", "source_path", "cells", "findings"}),
    (["explain", "8c7ccb101cb4943a-002", "grade", "--json"],
     {"value", "source_path", "year", "cells", "steps", "findings"}),
])
def test_every_json_option_writes_one_object(read, arguments, keys):
    ended = jixiao(*arguments, "--out", read.out)
    assert (ended.code, ended.stderr) == (0, "")
    assert set(ended.json) == keys


def test_status_shows_the_runs_newest_first(desk):
    desk.put("sample.txt")
    desk.extract()
    desk.put("empty.txt", b"")
    desk.extract()
    lines = jixiao("status", "--out", desk.out).stdout.splitlines()
    assert lines[0].split() == ["started", "year", "input", "seconds", "exit", "files", "forms",
                                "unreadable"]
    assert [line.split()[4:] for line in lines[1:3]] == [["4", "2", "4", "1"], ["0", "1", "4", "0"]]
    assert str(desk.input) in lines[1]


def test_a_run_that_ended_early_has_no_numbers(desk, monkeypatch):
    desk.put("sample.txt")
    failing(monkeypatch, "新闻宣传专项经费", KeyboardInterrupt())
    desk.extract()
    line = jixiao("status", "--out", desk.out).stdout.splitlines()[1]
    assert line.split()[4:] == ["130"]


def test_names_that_are_no_text_are_printed_all_the_same(desk):
    name = os.fsdecode(b"\xb1\xa8\xb8\xe6.txt")
    desk.put(name, b"")
    ended = desk.extract()
    assert ended.code == 4
    assert r"\udcb1\udca8\udcb8\udce6.txt: empty" in ended.stderr


@pytest.mark.parametrize("form", ["markdown", "jsonschema", "ddl", "dbt"])
def test_schema_is_data(form):
    ended = jixiao("schema", "--format", form)
    assert (ended.code, ended.stderr) == (0, "")
    assert "executed_yuan" in ended.stdout


# ── help ─────────────────────────────────────────────────────────────────────


def plain(text):
    """Help without colours, frames and line breaks."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", " ", text).split())


def test_no_command_goes_without_an_example():
    assert {command.callback.__name__ for command in app.registered_commands} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example(command):
    ended = jixiao(command, "--help")
    assert ended.code == 0
    assert f"Example: jixiao {command} " in plain(ended.stdout)


def test_the_help_of_the_program_says_where_to_start_and_what_the_exit_codes_are():
    ended = jixiao("--help")
    assert ended.code == 0
    words = plain(ended.stdout)
    assert "Start with: jixiao extract --year 2023" in words
    for code in ("0 all read", "1 a bug", "2 usage", "3 nothing", "4 some documents", "5 a table",
                 "6 something", "130 interrupted"):
        assert code in words


@pytest.mark.parametrize("option", ["--input", "--out", "--state", "--corrections", "--jobs", "--timeout",
                                    "--json"])
def test_extract_explains_its_options(option):
    assert option in plain(jixiao("extract", "--help").stdout)


def test_version():
    assert jixiao("--version") == (0, f"jixiao {version('jixiao')}\n", "")


# ── as a program ─────────────────────────────────────────────────────────────


def started(*arguments, cwd):
    return subprocess.run([SCRIPT, *arguments], cwd=cwd, capture_output=True, check=False,
                          env=os.environ | {"LC_ALL": "C.UTF-8"})


def test_the_program_in_its_own_folder_needs_no_options(tmp_path):
    folder = tmp_path / "data" / "raw" / "2023"
    folder.mkdir(parents=True)
    (folder / "sample.txt").write_bytes(SAMPLE.read_bytes())
    extracted = started("extract", "--year", "2023", cwd=tmp_path)
    assert (extracted.returncode, extracted.stdout) == (0, b"")
    assert "4 forms, 16 fund rows, 38 indicators" in extracted.stderr.decode()
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["raw", "state", "warehouse"]
    answer = started("query", "--format", "csv", MUST_SHOW, cwd=tmp_path)
    assert (answer.returncode, answer.stdout.decode(), answer.stderr) == (0, ANSWER, b"")
    again = json.loads(started("extract", "--year", "2023", "--json", cwd=tmp_path).stdout)
    assert (again["read"], again["reused"]) == (0, 1)


@pytest.mark.parametrize(("arguments", "code"), [
    (["extract", "--year", "2023"], 3), (["extract"], 2), (["query", "SELECT 1"], 3), (["--version"], 0)])
def test_the_program_ends_with_the_exit_code(tmp_path, arguments, code):
    assert started(*arguments, cwd=tmp_path).returncode == code


# ── what would run, what it took ─────────────────────────────────────────────


def plan_of(desk, *more):
    return {(one["why"], one["kind"]): one["files"] for one in jixiao(
        "plan", "--year", "2023", "--input", desk.input, "--out", desk.out, "--json", *more).json["plan"]}


def test_the_plan_says_what_would_be_read_and_why(desk, monkeypatch):
    desk.put("sample.txt")
    desk.case(OTHERS[0])
    desk.put("empty.pdf", b"")
    assert plan_of(desk) == {("new", "text"): 2, ("new", "pdf"): 1}
    assert not list(desk.out.glob("documents"))
    failing(monkeypatch, "新闻宣传专项经费", ValueError("boom"))
    desk.extract()
    monkeypatch.undo()
    assert plan_of(desk) == {("known", "text"): 2, ("known", "pdf"): 1}
    assert plan_of(desk, "--retry", "crashed,empty") == {
        ("retry", "text"): 1, ("known", "text"): 1, ("retry", "pdf"): 1}
    report = desk.input / f"{OTHERS[0]}.txt"
    report.write_bytes(report.read_bytes() + b"\n")
    monkeypatch.setattr("pipeline.fingerprint.of_code", lambda: "other")
    assert plan_of(desk) == {("changed", "text"): 1, ("code", "text"): 2}
    words = jixiao("plan", "--year", "2023", "--input", desk.input, "--out", desk.out, "--jobs", "2")
    assert words.stdout.splitlines()[0].split() == ["why", "kind", "files", "MiB", "seconds"]
    assert "3 files to read" in words.stderr


def test_status_tells_what_kinds_of_documents_took(desk):
    desk.put("sample.txt")
    desk.put("empty.pdf", b"")
    desk.extract()
    kinds = {one["kind"]: one for one in jixiao("status", "--out", desk.out, "--json").json["kinds"]}
    assert {kind: (one["documents"], one["failures"]) for kind, one in kinds.items()} == {
        "text": (2, 1)}      # the bytes decide: an empty file is no PDF
    assert 0 < kinds["text"]["p50"] <= kinds["text"]["p90"] <= kinds["text"]["p99"] <= kinds["text"]["longest"]
    lines = jixiao("status", "--out", desk.out).stdout.splitlines()
    assert lines[3].split()[:2] == ["kind", "documents"]


def test_each_document_and_step_of_a_run_is_a_line_of_json(desk):
    desk.put("sample.txt")
    desk.put("empty.pdf", b"")
    desk.extract()
    log = desk.out / "_state" / "events.jsonl"
    with log.open("a") as file:
        file.write('{"cut off')      # by a power cut
    desk.extract()
    lines = log.read_text("utf-8").splitlines()
    assert '{"cut off' in lines
    events = [json.loads(line) for line in lines if line != '{"cut off']
    assert [one["event"] for one in events] == [
        "run_started", "planned", "document", "document", "published", "run_ended",
        "run_started", "planned", "run_ended"]
    assert {one["path"]: (one["status"], one["kind"], one["attempts"])
            for one in events if one["event"] == "document"} == {
        "sample.txt": ("extracted", "text", 1), "empty.pdf": ("unreadable", "text", 1)}
    assert [one["exit_code"] for one in events if one["event"] == "run_ended"] == [4, 4]
    assert [one["run"] for one in events] == [1] * 6 + [2] * 3


def test_progress_tells_rate_rest_failures_and_the_slowest():
    rate = Rate()
    rate.words(Event("planned", 0, 100))
    rate._started -= 10
    words = rate.words(Event("read", 50, 100, "a.txt", "crashed", 3, 0.1, 75.0))
    assert re.fullmatch(r"\d\.\d/s, about 1 min 15 s left, 3 not read", words)
    words = rate.words(Event("reading", 50, 100, "folder/slow.pdf", None, 3, 33.0, 75.0))
    assert words.endswith("folder/slow.pdf for 33 s")
    assert "slow.pdf" not in rate.words(Event("read", 51, 100, "folder/slow.pdf", "extracted", 3, 34.0, 70.0))


def test_without_a_terminal_there_is_a_line_now_and_then(desk, monkeypatch):
    desk.put("sample.txt")
    monkeypatch.setattr("pipeline.progress.PLAIN_EVERY", 0.0)
    assert re.search(r"^read 1 of 1; \d", desk.extract().stderr, re.MULTILINE)
