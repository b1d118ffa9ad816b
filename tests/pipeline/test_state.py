"""What is remembered between runs, and what is not."""

import multiprocessing
import os
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import fingerprint
from pipeline.errors import NothingFound, StateBusy, UsageProblem
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome, Spent, Stamp, printable
from pipeline.sources import Source
from pipeline.state import last_runs, open_state
from pipeline.state_file import FILE, connect, is_damaged

SECOND = 1_000_000_000
NOW = 1_700_000_000 * SECOND
OLD = Stamp(10, NOW - SECOND, NOW - SECOND)
A, B = "a" * 64, "b" * 64

GOOD = Outcome(A, "extracted", None, "text/plain", 2, 4, 4, Decimal("1234.50"), Decimal("97.9"),
               {"projects": 4, "error": 1}, b"rows")
SPENT = Spent("text", 0.5, 0.4)
POOR = Outcome(B, "unreadable", "damaged: cut short")


def opened(folder, code="code", corrections=(), scanned_ns=NOW):
    texts = dict(corrections)
    return open_state(folder, Fingerprint(code, lambda one: texts.get(one, "")), scanned_ns)


def rows_of(state, document_id):
    return state._db.execute("SELECT document_id, rows FROM outcomes WHERE document_id = ?", (document_id,))


def listing(state, *paths):
    """The work list of a run that found these files."""
    return state.worklist(Source(Path(path), printable(path), *OLD[:2], None, OLD.ctime_ns) for path in paths)


@pytest.mark.parametrize(("stamp", "known"), [
    (OLD, True),
    (OLD._replace(size=11), False),
    (OLD._replace(mtime_ns=OLD.mtime_ns + 1), False),
    (OLD._replace(ctime_ns=OLD.ctime_ns + 1), False),
])
def test_a_file_is_known_while_its_stamp_is_the_same(tmp_path, stamp, known):
    with opened(tmp_path) as state:
        state.remember("/in/a.txt", OLD, A)
    with opened(tmp_path) as state:
        assert state.look("/in/a.txt", stamp).document_id == (A if known else None)
        assert state.look("/in/b.txt", stamp).document_id is None


@pytest.mark.parametrize(("age_ms", "known"), [
    (1000, True), (51, True), (50, True), (49, False), (0, False), (-1000, False),
])
@pytest.mark.parametrize("newest", ["mtime_ns", "ctime_ns"])
def test_a_file_that_changed_just_before_the_scan_is_hashed_again(
        tmp_path, newest, age_ms, known):
    stamp = OLD._replace(**{newest: NOW - age_ms * 1_000_000})
    with opened(tmp_path) as state:
        state.remember("/in/a.txt", stamp, A)
        assert (state.look("/in/a.txt", stamp).document_id is not None) is known
    with opened(tmp_path, scanned_ns=NOW + 5 * SECOND) as state:     # hashed again, later
        state.remember("/in/a.txt", stamp, A)
        assert state.look("/in/a.txt", stamp).document_id == A


def test_names_that_are_no_utf8_are_remembered(tmp_path):
    path = os.fsdecode(b"/in/\xb1\xa8.txt")
    with opened(tmp_path) as state:
        state.remember(path, OLD, A)
        assert state.look(path, OLD).document_id == A
        listing(state, path)
        assert state.forget_unlisted(Path("/in")) == 0


def test_sizes_are_those_of_known_files(tmp_path):
    with opened(tmp_path) as state:
        assert state.sizes() == set()
        state.remember("/in/a.txt", OLD, A)
        state.remember("/in/b.txt", OLD._replace(size=7), B)
        state.remember("/in/b.txt", OLD._replace(size=8), B)
        assert state.sizes() == {10, 8}


def test_files_that_are_gone_are_forgotten_and_only_under_the_root(tmp_path):
    paths = ["/in/a.txt", "/in/sub/b.txt", "/in/c.txt", "/in2/d.txt", "/in.txt", "/i"]
    with opened(tmp_path) as state:
        for path in paths:
            state.remember(path, OLD, A)
        listing(state, "/in/c.txt")
        assert state.forget_unlisted(Path("/in")) == 2
        assert [path for path in paths if state.look(path, OLD).document_id] == paths[2:]
        assert state.forget_unlisted(Path("/in")) == 0


@pytest.mark.parametrize("outcome", [GOOD, POOR, GOOD._replace(status="no_forms", form_count=0)])
def test_an_outcome_comes_back_without_its_rows(tmp_path, outcome):
    with opened(tmp_path) as state:
        state.save(outcome, SPENT, 10)
    with opened(tmp_path) as state:
        assert state.find(outcome.document_id) == outcome._replace(rows=b"")
        assert list(rows_of(state, outcome.document_id)) == [(outcome.document_id, outcome.rows)]


@pytest.mark.parametrize("status", ["timeout", "crashed", "unreadable"])
def test_a_failure_stands_until_there_is_better(tmp_path, status):
    with opened(tmp_path) as state:
        state.save(Outcome(A, status, "why"), SPENT, 10)
        assert state.find(A).reason == "why"
        state.save(Outcome(A, "timeout", "another"), SPENT, 10)
        assert state.find(A).reason == "another"
        assert list(rows_of(state, A)) == [(A, b"")]
        state.save(GOOD, SPENT, 10)
        state.save(Outcome(A, status, "why"), SPENT, 10)     # a copy of the file, read badly
        assert state.find(A).status == "extracted"
        assert list(rows_of(state, A)) == [(A, b"rows")]


@pytest.mark.parametrize(("code", "corrections", "known"), [
    ("code", {}, True), ("other", {}, False), ("code", {A: "x"}, False), ("code", {B: "x"}, True),
])
def test_an_outcome_belongs_to_its_code_and_corrections(tmp_path, code, corrections, known):
    with opened(tmp_path) as state:
        state.save(GOOD, SPENT, 10)
    with opened(tmp_path, code, corrections) as state:
        assert (state.find(A) is not None) is known


def test_what_serves_no_more_is_pruned(tmp_path):
    with opened(tmp_path, "old") as state:
        state.save(GOOD, SPENT, 10)
        state.remember("/in/a.txt", OLD, A)
    with opened(tmp_path, "new") as state:
        state.save(GOOD, SPENT, 10)
        state.save(POOR, SPENT, 10)      # of a file that is gone
        state.prune()
        assert state.find(A) is not None
        assert state.find(B) is None
    with opened(tmp_path, "old") as state:
        assert state.find(A) is None


def test_what_was_published_is_remembered_by_folder_and_year(tmp_path):
    with opened(tmp_path) as state:
        assert state.published(Path("/out"), 2023) is None
        state.note_published(Path("/out"), 2023, "one", [("a", 1, 2)])
        state.note_published(Path("/out"), 2023, "two", [("b", 3, 4)])
    with opened(tmp_path) as state:
        assert state.published(Path("/out"), 2023) == ("two", [["b", 3, 4]])
        assert state.published(Path("/out"), 2022) is None
        assert state.published(Path("/other"), 2023) is None


def test_runs_are_told_newest_first(tmp_path):
    with opened(tmp_path) as state:
        for year in (2021, 2022, 2023):
            run = state.begin_run(year, Path("in"), Path("out"))
            if year != 2023:
                state.end_run(run, 1.5, 4, {"read": year})
        killed, ended = last_runs(tmp_path, 2)      # while the run holds the folder
    assert (killed.year, killed.exit_code, killed.summary) == (2023, None, None)
    assert (ended.year, ended.seconds, ended.exit_code, ended.summary) == (
        2022, 1.5, 4, {"read": 2022})


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(NothingFound, match="no run"):
        last_runs(tmp_path / "none", 5)
    assert not (tmp_path / "none").exists()


# ── one run at a time ────────────────────────────────────────────────────────


def test_a_second_run_fails_at_once_and_names_the_first(tmp_path):
    with opened(tmp_path), pytest.raises(StateBusy, match=f"process {os.getpid()}") as caught, \
            opened(tmp_path):
        pass
    assert caught.value.exit_code == 2
    with opened(tmp_path):
        pass


def test_a_child_of_a_run_does_not_hold_its_folder(tmp_path):
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def live():
        theirs.send("I live")
        theirs.recv()

    child = context.Process(target=live, daemon=True)
    with opened(tmp_path):
        child.start()
        assert ours.recv() == "I live"
        with pytest.raises(StateBusy), opened(tmp_path):
            pass
    with opened(tmp_path):      # the child is still there
        assert child.is_alive()
    ours.send("end")
    child.join()


# ── a file that is not what it should be ─────────────────────────────────────


def cut(path):
    path.write_bytes(path.read_bytes()[:100])


def overwritten(path):
    path.write_bytes(b"\xff" * 40_000)


def of_another_version(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def of_another_program(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


@pytest.mark.parametrize("break_", [cut, overwritten, of_another_version, of_another_program])
def test_a_strange_file_is_put_aside_and_begun_anew(tmp_path, capsys, break_):
    with opened(tmp_path) as state:
        state.save(GOOD, SPENT, 10)
    break_(tmp_path / FILE)
    strange = (tmp_path / FILE).read_bytes()
    with opened(tmp_path) as state:
        assert state.find(A) is None
        state.save(GOOD, SPENT, 10)
    assert (tmp_path / f"{FILE}.aside").read_bytes() == strange
    assert f"{FILE}.aside" in capsys.readouterr().err
    with opened(tmp_path) as state:
        assert state.find(A) is not None
    assert capsys.readouterr().err == ""


def test_an_empty_file_is_begun(tmp_path, capsys):
    (tmp_path / FILE).touch()
    with opened(tmp_path) as state:
        state.save(GOOD, SPENT, 10)
    assert capsys.readouterr().err == ""


def test_damage_inside_is_known_as_such(tmp_path):
    with opened(tmp_path) as state:
        state.save(GOOD._replace(rows=os.urandom(200_000)), SPENT, 10)
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[:16384] + b"\xff" * (len(data) - 16384))
    with pytest.raises(sqlite3.DatabaseError) as caught, opened(tmp_path) as state:
        state.find(A)
    assert is_damaged(caught.value)
    assert not is_damaged(sqlite3.OperationalError("disk is full"))


def test_a_folder_that_is_a_file_is_a_usage_problem(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(UsageProblem, match="cannot be written"), opened(tmp_path / "state"):
        pass


def test_changes_are_kept_when_the_block_fails(tmp_path):
    def interrupted():
        with opened(tmp_path) as state:
            state.save(GOOD, SPENT, 10)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with opened(tmp_path) as state:
        assert state.find(A) is not None


def test_each_commit_is_synced(tmp_path):
    with closing(connect(tmp_path)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)      # FULL
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_killed_run_loses_little(tmp_path):
    def run():
        with opened(tmp_path) as state:
            for number in range(1000):
                state.save(GOOD._replace(document_id=f"{number:064d}"), SPENT, 10)
            os._exit(9)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    with opened(tmp_path) as state:
        kept = sum(state.find(f"{number:064d}") is not None for number in range(1000))
    assert 600 <= kept <= 1000


# ── the fingerprint ──────────────────────────────────────────────────────────


@pytest.fixture
def packages(tmp_path):
    for name in ("parsers/a.py", "pipeline/b.py", "pipeline/templates/A.toml", "other/c.py",
                 "pipeline/notes.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    return tmp_path


@pytest.mark.parametrize(("change", "moves"), [
    (lambda root: (root / "parsers/a.py").write_text("x = 2\n"), True),
    (lambda root: (root / "pipeline/templates/A.toml").write_text("y = 1\n"), True),
    (lambda root: (root / "pipeline/new.py").write_text(""), True),
    (lambda root: (root / "pipeline/b.py").unlink(), True),
    (lambda root: (root / "parsers/a.py").rename(root / "parsers/b.py"), True),
    (lambda root: (root / "other/c.py").write_text("x = 2\n"), False),
    (lambda root: (root / "pipeline/notes.md").write_text("x = 2\n"), False),
    (lambda root: (root / "parsers/a.py").touch(), False),
])
def test_code_is_known_by_its_content(packages, change, moves):
    before = fingerprint.of_code(packages)
    change(packages)
    assert (fingerprint.of_code(packages) != before) is moves


def test_libraries_are_part_of_the_code(packages, monkeypatch):
    before = fingerprint.of_code(packages)
    monkeypatch.setattr(fingerprint.metadata, "version", lambda _name: "0.0")
    assert fingerprint.of_code(packages) != before


def test_libreoffice_is_part_of_the_code(packages, monkeypatch, tmp_path):
    before = fingerprint.of_code(packages)
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("JIXIAO_SOFFICE", str(program))
    installed = fingerprint.of_code(packages)
    monkeypatch.setenv("JIXIAO_SOFFICE", str(tmp_path / "nothing"))
    assert len({before, installed, fingerprint.of_code(packages)}) == 3


def test_without_corrections_a_document_has_the_fingerprint_of_the_code():
    prints = Fingerprint("code", {A: "", B: "x"}.__getitem__)
    assert prints.of(A) == "code"
    assert prints.of(B) not in {"code", Fingerprint("code", lambda _one: "y").of(B)}
