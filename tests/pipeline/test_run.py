"""The bulk run: what is read, what is known, what is published, and how it ends."""

import json
import multiprocessing
import os
import pickle
import shutil
import signal
import sqlite3
import time

import pyarrow.parquet as pq
import pytest

from pipeline import contract, errors, journal, sources
from pipeline.errors import (
    ContractBreach,
    ExitCode,
    Interrupted,
    JixiaoError,
    NothingFound,
    StateBusy,
    UsageProblem,
)
from pipeline.fingerprint import Fingerprint
from pipeline.run import Event, Reader, Settings, exit_code, extract_year
from pipeline.state import last_runs, open_state
from pipeline.state_file import FILE
from pipeline.summary import Unread
from tests.doubles.killed import killed_after
from tests.doubles.stand_in import UNITS, VERSION, process

READER = Reader(process, VERSION, UNITS)


class Place:
    """An input folder with its out and state, and what a run over it read."""

    def __init__(self, root):
        self.settings = Settings(2023, root / "in", root / "out", root / "state")
        self.log = root / "opened"     # written in other processes
        self.reader = Reader(self._noting, VERSION, UNITS)
        self.settings.input.mkdir(parents=True)

    def _noting(self, task):
        self.note(task.relative)
        return process(task)

    def note(self, line):
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")

    @property
    def opened(self):
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []

    def write(self, **contents):
        for name, content in contents.items():
            path = self.settings.input / f"{name}.txt"
            path.write_text(content)
            past = time.time_ns() - 10**9
            os.utime(path, ns=(past, past))

    def run(self, reader=None, **changes):
        """The summary of a run, and the relative paths that it opened."""
        self.log.unlink(missing_ok=True)
        summary = extract_year(self.settings._replace(**changes), reader or self.reader)
        return summary, sorted(self.opened)

    def files(self, out=None):
        out = out or self.settings.out
        return {path.relative_to(out).as_posix(): path.read_bytes()
                for path in sorted(out.rglob("*")) if path.is_file() and path.name != "_swapping"}

    def table(self, name):
        return pq.ParquetDataset(sorted((self.settings.out / name).rglob("part-*")),
                                 partitioning=None).read().to_pylist()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture
def settled(monkeypatch):
    """Nothing changes shortly before a scan: files are trusted at once."""
    monkeypatch.setattr("pipeline.state._SETTLED_NS", 0)


# ── one run ──────────────────────────────────────────────────────────────────


def test_every_file_is_a_row_with_what_became_of_it(place):
    place.write(a="forms 3", b="damaged", c="raise", d="secret", e="forms 0")
    (place.settings.input / "gone.txt").symlink_to("nowhere")
    summary, opened = place.run()
    assert opened == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]
    documents = place.table("documents")
    assert [(one["source_path"], one["status"], one["document_id"] is None, one["form_count"])
            for one in documents] == [
        ("a.txt", "extracted", False, 3), ("b.txt", "unreadable", False, 0),
        ("c.txt", "crashed", False, 0), ("d.txt", "unreadable", True, 0),
        ("e.txt", "extracted", False, 0), ("gone.txt", "unreadable", True, 0)]
    assert [one["reason"] for one in documents if one["status"] == "extracted"] == [None, None]
    assert {one["extractor_version"] for one in documents} == {VERSION}
    contents = summary.contents
    assert (contents.files, contents.forms, contents.funds, contents.indicators) == (6, 3, 6, 9)
    assert contents.by_status == {"extracted": 2, "unreadable": 3, "crashed": 1}
    assert contents.findings == {"error": 0, "warning": 3, "info": 0}
    assert [(one.path, one.status) for one in contents.unreadable] == [
        ("b.txt", "unreadable"), ("c.txt", "crashed"), ("d.txt", "unreadable"),
        ("gone.txt", "unreadable")]
    assert contents.unreadable[0] == Unread("b.txt", "unreadable", "damaged: cut short")
    assert (summary.read, summary.reused, summary.removed, summary.published) == (5, 0, 0, True)
    assert summary.year == 2023
    json.dumps(summary.plain())


def test_the_summary_counts_the_rows_of_the_tables(place):
    place.write(a="forms 3", b="forms 3", c="forms 1 x", d="forms 2")     # a and b are the same
    summary, _ = place.run()
    contents = summary.contents
    assert contents.files == len(place.table("documents")) == 4
    assert contents.forms == len(place.table("projects")) == 6
    assert contents.funds == len(place.table("funds"))
    assert contents.indicators == len(place.table("indicators"))
    findings = [one["severity"] for one in place.table("findings")]
    assert contents.findings == {name: findings.count(name)
                                 for name in ("error", "warning", "info")}
    assert findings.count("info") == 1     # duplicate_document


@pytest.mark.parametrize(("content", "code"), [
    ("forms 1", ExitCode.OK), ("forms 0", ExitCode.OK), ("damaged", ExitCode.SOME_UNREADABLE),
    ("hang", ExitCode.SOME_UNREADABLE), ("raise", ExitCode.BUG),
])
def test_the_exit_code_is_that_of_the_worst_document(place, content, code):
    place.write(a="forms 1", b=content, c="damaged" if code is ExitCode.BUG else "forms 2")
    summary, _ = place.run(timeout=1.0)
    assert exit_code(summary) is code
    assert last_runs(place.settings.state, 1)[0].exit_code == code


def test_events_tell_the_progress(place):
    place.write(a="forms 1", b="damaged")
    place.run()
    place.write(c="forms 2")
    events = []
    extract_year(place.settings, place.reader, events.append)
    plain = [event._replace(seconds=0, left=None) for event in events if event.kind != "reading"]
    assert plain == [Event("scanned", 0, 3), Event("planned", 0, 1),
                     Event("read", 1, 1, "c.txt", "extracted"), Event("publishing", 1, 1)]


# ── the same bytes ───────────────────────────────────────────────────────────


def many(place):
    place.write(**{f"f{number:02d}": f"forms {number % 5} {number // 2}" for number in range(25)},
                bad="damaged", worse="raise")


def test_jobs_do_not_change_a_byte(place, tmp_path):
    many(place)
    for jobs in (1, 3):
        place.run(jobs=jobs, out=tmp_path / f"out{jobs}", state=tmp_path / f"state{jobs}")
    one, three = (place.files(tmp_path / f"out{jobs}") for jobs in (1, 3))
    assert one == three
    assert len(one) == len(contract.TABLES)


def test_a_second_run_reads_nothing_and_leaves_every_byte(place):
    many(place)
    place.run()
    before = place.files()
    times = {path: (place.settings.out / path).stat().st_mtime_ns for path in before}
    summary, opened = place.run()
    assert opened == []      # nor what crashed: nothing about it has changed
    assert (summary.read, summary.reused, summary.published) == (0, 27, False)
    assert place.files() == before
    assert times == {path: (place.settings.out / path).stat().st_mtime_ns for path in before}


def test_the_order_of_history_does_not_change_a_byte(place, tmp_path):
    many(place)
    place.run(out=tmp_path / "once", state=tmp_path / "fresh")
    late = shutil.move(place.settings.input / "f03.txt", tmp_path / "late")
    place.write(f04="forms 9", extra="forms 1 extra")
    place.run()
    shutil.move(late, place.settings.input / "f03.txt")
    place.write(f04="forms 4 2")
    (place.settings.input / "extra.txt").unlink()
    place.run()
    assert place.files() == place.files(tmp_path / "once")


# ── what is read again ───────────────────────────────────────────────────────


@pytest.mark.usefixtures("settled")
def test_only_what_is_new_is_read(place):
    place.write(a="forms 1", b="forms 2")
    place.run()
    place.write(b="forms 3", c="forms 4")
    summary, opened = place.run()
    assert opened == ["b.txt", "c.txt"]
    assert (summary.read, summary.reused, summary.contents.forms) == (2, 1, 8)


@pytest.mark.usefixtures("settled")
def test_a_file_is_not_even_hashed_while_its_stamp_is_the_same(place, monkeypatch):
    place.write(a="forms 1")
    place.run()
    monkeypatch.setattr("pipeline.planning.content_hash", None)
    summary, _ = place.run()
    assert summary.reused == 1


@pytest.mark.parametrize("move", [
    lambda path: path.touch(),
    lambda path: path.rename(path.with_name("other.txt")),
    lambda path: shutil.copy(path, path.with_name("copy.txt")),
    lambda path: path.write_bytes(path.read_bytes()),
])
@pytest.mark.usefixtures("settled")
def test_known_bytes_are_not_read_again_wherever_they_stand(place, move):
    place.write(a="forms 2")
    place.run()
    move(place.settings.input / "a.txt")
    summary, opened = place.run()
    assert opened == []
    assert summary.contents.forms == 2


@pytest.mark.usefixtures("settled")
def test_new_bytes_under_an_old_time_are_seen(place):
    place.write(a="forms 2")
    place.run()
    path = place.settings.input / "a.txt"
    old = path.stat()
    path.write_text("forms 5")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    summary, opened = place.run()
    assert opened == ["a.txt"]
    assert summary.contents.forms == 5


def test_other_code_reads_everything_again(place, monkeypatch):
    place.write(a="forms 1", b="forms 2")
    place.run()
    monkeypatch.setattr("pipeline.fingerprint.of_code", lambda: "other")
    assert place.run()[1] == ["a.txt", "b.txt"]
    assert place.run()[1] == []


def test_a_correction_reads_its_document_again(place):
    place.write(a="forms 1", b="forms 2")
    place.run()
    corrected = sources.content_hash(str(place.settings.input / "b.txt"))
    reader = place.reader._replace(corrections_of=lambda one: "x" if one == corrected else "")
    assert place.run(reader)[1] == ["b.txt"]
    assert place.run(reader)[1] == []
    assert place.run()[1] == []       # the outcome without it is still there


@pytest.mark.parametrize(("fate", "status"), [("hang", "timeout"), ("raise", "crashed"), ("die", "crashed")])
def test_failures_are_tried_again_where_that_is_asked_for(place, fate, status):
    place.write(a=fate, b="forms 1", c="damaged")
    summary, _ = place.run(timeout=1.0)
    for retry, again in (({}, []), ({status}, ["a.txt"]), ({"damaged"}, ["c.txt"]),
                         ({"timeout", "crashed"}, ["a.txt"]), ({}, [])):
        summary, opened = place.run(timeout=1.0, retry=frozenset(retry))
        assert sorted(set(opened)) == again
        assert summary.contents.by_status == {status: 1, "extracted": 1, "unreadable": 1}


def test_what_took_too_much_memory_is_known_and_not_read_again(place):
    place.write(a="forms 1", b="forms 2")

    def greedy(task):
        place.note(task.relative)
        if task.relative == "a.txt":
            raise MemoryError
        return process(task)

    reader = Reader(greedy, VERSION, UNITS)
    assert place.run(reader)[0].contents.by_status == {"unreadable": 1, "extracted": 1}
    assert all(row["document_id"] for row in place.table("documents"))
    assert place.run(reader)[1] == []
    assert place.run(retry=frozenset({"too_large"}))[1] == ["a.txt"]
    assert {row["status"] for row in place.table("documents")} == {"extracted"}


def test_a_failure_that_is_mended_gives_the_tables_of_an_undisturbed_run(place, tmp_path):
    place.write(a="forms 1", b="forms 2")

    def failing(task):
        if task.relative == "a.txt":
            raise ValueError("today only")
        return process(task)

    assert place.run(Reader(failing, VERSION, UNITS))[0].contents.by_status == {"crashed": 1, "extracted": 1}
    assert place.run(retry=frozenset({"crashed"}))[1] == ["a.txt"]
    place.run(out=tmp_path / "fresh", state=tmp_path / "fresh-state")
    assert place.files() == place.files(tmp_path / "fresh")


def test_a_copy_that_crashed_does_not_hide_what_was_read(place):
    place.write(a="forms 2", b="forms 2")

    def read(task):
        if task.relative == "b.txt":
            raise ValueError("only here")
        return process(task)

    summary, _ = place.run(Reader(read, VERSION, UNITS))
    assert [one["status"] for one in place.table("documents")] == ["extracted"] * 2     # the same bytes
    assert len(place.table("projects")) == summary.contents.forms == 2


def test_a_file_that_is_too_large_is_hashed_in_advance(place, monkeypatch):
    monkeypatch.setattr("pipeline.planning.READ_LIMIT", 8)
    place.write(small="forms 1", large="forms 1 and more")

    def read(task):
        place.note(f"{task.relative} {task.document_id} {task.size}")
        return process(task)

    _, tasks = place.run(Reader(read, VERSION, UNITS))
    hashed = sources.content_hash(str(place.settings.input / "large.txt"))
    assert tasks == [f"large.txt {hashed} 16", "small.txt None 7"]


# ── what leaves, what stays ──────────────────────────────────────────────────


def test_a_file_that_is_gone_leaves_the_tables(place):
    place.write(a="forms 1", b="forms 2", c="forms 2")
    place.run()
    (place.settings.input / "a.txt").unlink()
    (place.settings.input / "b.txt").unlink()
    summary, opened = place.run()
    assert opened == []
    assert (summary.removed, summary.published, summary.contents.forms) == (2, True, 2)
    assert [one["source_path"] for one in place.table("documents")] == ["c.txt"]
    assert {one["document_id"] for one in place.table("projects")} == {
        sources.content_hash(str(place.settings.input / "c.txt"))}
    assert place.run()[0].removed == 0


def test_tables_that_were_lost_are_published_again_without_reading(place):
    place.write(a="forms 1")
    place.run()
    before = place.files()
    shutil.rmtree(place.settings.out / "cells")
    summary, opened = place.run()
    assert (opened, summary.published) == ([], True)
    assert place.files() == before


def test_another_year_with_the_same_state_and_out(place, tmp_path):
    place.write(a="forms 1")
    place.run()
    other = tmp_path / "in2022"
    other.mkdir()
    (other / "b.txt").write_text("forms 2")
    assert place.run(year=2022, input=other)[1] == ["b.txt"]
    summary, opened = place.run()
    assert (opened, summary.published, summary.removed) == ([], False, 0)
    assert sorted(path.name for path in (place.settings.out / "projects").iterdir()) == [
        "year=2022", "year=2023"]


def test_a_run_that_was_killed_while_publishing_is_brought_to_its_end(place, tmp_path):
    place.write(a="forms 1")
    place.run()
    place.write(a="forms 2", b="forms 3")
    place.run(out=tmp_path / "fresh", state=tmp_path / "fresh-state")
    assert killed_after(3, place.run) == -signal.SIGKILL
    assert (place.settings.out / journal.STAGING).exists()
    summary, opened = place.run()
    assert opened == []
    assert summary.published
    assert place.files() == place.files(tmp_path / "fresh")


def test_the_state_does_not_keep_what_serves_no_more(place, monkeypatch):
    place.write(a="forms 1", b="forms 2")
    place.run()
    monkeypatch.setattr("pipeline.fingerprint.of_code", lambda: "other")
    (place.settings.input / "a.txt").unlink()
    place.run()
    with sqlite3.connect(place.settings.state / FILE) as connection:
        assert connection.execute("SELECT code FROM outcomes").fetchall() == [("other",)]
    connection.close()


# ── how a run ends before its time ───────────────────────────────────────────


def test_an_empty_folder_is_nothing_found(place):
    with pytest.raises(NothingFound) as caught:
        place.run()
    assert caught.value.exit_code == 3
    assert not place.settings.out.exists()
    assert not place.settings.state.exists()


def test_a_breach_publishes_nothing_and_keeps_what_was_read(place):
    place.write(a="forms 1")
    place.run()
    before = place.files()
    place.write(b="breach", c="forms 2")
    with pytest.raises(ContractBreach, match="'fatal' not in error, warning, info") as caught:
        place.run()
    assert caught.value.exit_code == 5
    assert place.files() == before
    assert last_runs(place.settings.state, 1)[0].exit_code == 5
    (place.settings.input / "b.txt").unlink()
    assert place.run()[1] == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_keeps_what_was_read_and_publishes_nothing(place, jobs):
    place.write(**{f"f{number}": f"forms 1 {number}" for number in range(20)})

    def interrupting(event):
        if event.kind == "read" and event.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        extract_year(place.settings._replace(jobs=jobs), READER, interrupting)
    assert caught.value.exit_code == 130
    assert not place.settings.out.exists()
    assert last_runs(place.settings.state, 1)[0].exit_code == 130
    summary, opened = place.run()
    assert len(opened) == 15
    assert summary.reused == 5


def test_a_signal_from_the_terminal_stops_a_run_with_its_workers(place):
    place.write(**{f"f{number}": "hang" for number in range(4)}, a="forms 1")
    ready, told = multiprocessing.get_context("fork").Pipe()

    def run():
        os.setpgid(0, 0)
        try:
            extract_year(place.settings._replace(jobs=2), READER,
                         lambda event: told.send(event.kind) if event.kind == "read" else None)
        except Interrupted:
            os._exit(130)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    assert ready.recv() == "read"
    os.killpg(child.pid, signal.SIGINT)
    child.join()
    assert child.exitcode == 130


def test_a_second_run_fails_at_once(place):
    place.write(a="forms 1")
    with open_state(place.settings.state, Fingerprint("x", str), 0), \
            pytest.raises(StateBusy, match=str(os.getpid())):
        place.run()


def test_a_state_that_breaks_under_way_is_begun_anew(place, capsys):
    place.write(**{f"f{number:03d}": f"forms 9 {number}" for number in range(60)})
    place.run()
    before = place.files()
    path = place.settings.state / FILE
    data = path.read_bytes()
    path.write_bytes(data[:3 * 16384] + b"\xff" * (len(data) - 3 * 16384))
    summary, opened = place.run()
    assert (len(opened), summary.contents.files) == (60, 60)
    assert "damaged" in capsys.readouterr().err
    assert place.files() == before


@pytest.mark.parametrize(("changes", "words"), [
    ({"jobs": 0}, "Jobs"), ({"timeout": 0}, "Jobs and timeout"), ({"timeout": -1}, "timeout"),
])
def test_settings_without_sense_are_refused(place, changes, words):
    place.write(a="forms 1")
    with pytest.raises(UsageProblem, match=words):
        place.run(**changes)


@pytest.mark.parametrize("field", ["out", "state"])
def test_what_is_written_must_not_be_read(place, field):
    place.write(a="forms 1")
    with pytest.raises(UsageProblem, match="inside the input folder"):
        place.run(**{field: place.settings.input / "sub" / ".." / "tables"})
    assert place.run()[0].contents.files == 1


@pytest.mark.parametrize("field", ["out", "state"])
def test_a_folder_that_cannot_be_made_is_a_usage_problem(place, field):
    place.write(a="forms 1")
    blocked = place.settings.input.parent / "file"
    blocked.write_text("")
    with pytest.raises(UsageProblem) as caught:
        place.run(**{field: blocked / "sub"})
    assert caught.value.exit_code == 2


# ── the errors ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [
    one for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, JixiaoError)
])
def test_errors_survive_pickling_and_say_what_to_do(kind):
    error = pickle.loads(pickle.dumps(kind("What is wrong.", "What to do.")))  # noqa: S301  ours
    assert type(error) is kind
    assert (error.message, error.next_step) == ("What is wrong.", "What to do.")
    assert str(error) == "What is wrong. What to do."
    assert isinstance(error.exit_code, ExitCode)


def test_the_exit_codes_are_those_of_the_contract():
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0, "BUG": 1, "USAGE": 2, "NOTHING_FOUND": 3, "SOME_UNREADABLE": 4,
        "CONTRACT_BREACH": 5, "MISSING_PROGRAM": 6, "INTERRUPTED": 130}
