"""How long a process is kept, what it may take, and how all that it started ends."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
import types
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from pipeline import channel, executors, keeper, kinds, processes, workers
from pipeline.executors import run
from pipeline.interrupts import stopping
from pipeline.kinds import KINDS
from pipeline.outcome import Outcome, Task
from pipeline.slate import Slate
from tests.doubles.stand_in import process


def tasks_in(folder, *contents):
    tasks = []
    for number, content in enumerate(contents):
        path = folder / f"{number:03d}.txt"
        path.write_text(content)
        tasks.append(Task(str(path), path.name, None, len(content)))
    return tasks


def noting(folder, stage=process):
    """A stage that notes which process reads each file."""
    def read(task):
        with (folder / "log").open("a") as log:
            log.write(f"{os.getpid()}\n")
        return stage(task)
    return read


def readers(folder):
    return (folder / "log").read_text().split()


def holding(size, *, model):
    """A stage whose first document leaves something behind: a model, or a leak."""
    def read(task):
        if "held" not in sys.modules:
            sys.modules["held"] = types.SimpleNamespace(data=b"x" * size)
            if model:
                sys.modules["parsers.ocr.engines"] = types.SimpleNamespace(times_used=lambda: 1)
        return process(task)
    return read


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Megabytes where there are hundreds in earnest; no engine that another test of this process has used."""
    monkeypatch.delitem(sys.modules, "parsers.ocr.engines", raising=False)
    monkeypatch.setattr(workers, "MAX_KEPT", 24 << 20)
    monkeypatch.setattr(workers, "MODEL_ROOM", 96 << 20)


@pytest.mark.parametrize(("size", "model", "kept"), [
    (64 << 20, False, False), (64 << 20, True, True), (160 << 20, True, False)])
def test_a_model_is_kept_and_a_leak_is_not(tmp_path, size, model, kept):
    warm = [process(task) for task in tasks_in(tmp_path, "forms 1")]       # what all share is loaded
    assert warm
    stage = noting(tmp_path, holding(size, model=model))
    tasks = [task._replace(size=1 << 30) for task in tasks_in(tmp_path, *["forms 1"] * 4)]   # one at a time
    assert len(list(run(stage, tasks, 1, 60))) == 4
    assert len(set(readers(tmp_path))) == (1 if kept else 4)


def test_a_worker_with_a_model_is_replaced_after_many_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "MAX_RECOGNISED", 5)

    def stage(task):
        engines = sys.modules.setdefault("parsers.ocr.engines", types.SimpleNamespace(used=0))
        engines.used += 2
        engines.times_used = lambda: engines.used
        return process(task)

    monkeypatch.delitem(sys.modules, "parsers.ocr.engines", raising=False)
    tasks = [task._replace(size=1 << 30) for task in tasks_in(tmp_path, *["forms 1"] * 6)]
    results = list(run(noting(tmp_path, stage), tasks, 1, 60))
    assert {result.spent.kind for result in results} == {"text+ocr"}
    assert len(set(readers(tmp_path))) == 2


def test_after_an_exception_a_process_is_not_trusted(tmp_path):
    tasks = tasks_in(tmp_path, "forms 1", "raise", "forms 1", "forms 2")
    results = list(run(noting(tmp_path), tasks, 1, 60))
    assert [result.outcome.status for result in results] == ["extracted", "crashed", "extracted", "extracted"]
    assert len(readers(tmp_path)) == 4
    assert len(set(readers(tmp_path))) == 2


def test_a_document_whose_process_dies_is_begun_once_more_in_another(tmp_path, monkeypatch):
    def unlucky(task):
        if task.relative == "002.txt" and len(readers(tmp_path)) < 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return process(task)

    batches, give = [], workers.Worker.give

    def noted(worker, task):
        given = give(worker, task)
        batches.append([each.relative for each in worker.tasks])
        return given

    monkeypatch.setattr(workers.Worker, "give", noted)
    results = list(run(noting(tmp_path, unlucky), tasks_in(tmp_path, *["forms 1"] * 6), 1, 60))
    assert [batch for batch in batches if "002.txt" in batch][-1] == ["002.txt"]      # alone
    assert {result.outcome.status for result in results} == {"extracted"}
    assert [result.spent.attempts for result in sorted(results)] == [1, 1, 2, 1, 1, 1]


def test_the_kernel_ends_what_takes_the_processor_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(workers.Worker, "_is_late", lambda _self: False)       # nobody looks

    def spinning(_task):
        while True:
            pass

    ((_, outcome, _),) = run(spinning, tasks_in(tmp_path, "x"), 1, 0.2)
    assert (outcome.status, outcome.reason.partition(";")[0]) == (
        "timeout", "timeout: reading took longer than 0.2 s of the processor")


def test_programs_that_left_their_group_end_with_the_worker(tmp_path):
    note = tmp_path / "pid"

    def leaving(_task):
        program = subprocess.Popen(["sleep", "600"], start_new_session=True)
        note.write_text(str(program.pid))
        os.kill(os.getpid(), signal.SIGKILL)

    ((_, outcome, _),) = run(leaving, tasks_in(tmp_path, "x"), 1, 60)
    assert outcome.status == "crashed"
    assert processes.wait_until(lambda: not os.path.exists(f"/proc/{note.read_text()}"), 10)  # noqa: PTH110


def test_memory_is_counted_with_that_of_all_that_was_started(tmp_path, monkeypatch):
    monkeypatch.setitem(KINDS, "text", KINDS["text"]._replace(resident=48 << 20))

    def held(seconds=600):
        data = os.urandom(32 << 20)
        time.sleep(seconds)
        return data

    def with_another(_task):
        os.fork()
        return held()

    def briefly(task):
        held(0)
        return process(task)

    for stage, reason in ((lambda _task: (held(0), held()), "too_large"),
                          (with_another, "too_large"), (briefly, None)):
        ((_, outcome, _),) = run(stage, tasks_in(tmp_path, "forms 1"), 1, 60)
        assert outcome.reason is None if reason is None else outcome.reason.startswith(reason)


def test_processes_are_counted_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "MAX_PROCESSES", 3)

    def forking(_task):
        for _ in range(4):
            if os.fork() == 0:
                break
        time.sleep(600)

    ((_, outcome, _),) = run(forking, tasks_in(tmp_path, "x"), 1, 60)
    assert outcome.reason.startswith("too_many_processes: reading took more than 3 processes")


def test_where_the_machine_is_full_the_worker_goes_first(tmp_path):
    def told(task):
        score = Path("/proc/self/oom_score_adj").read_text()
        return process(task)._replace(reason=score.strip())

    ((_, outcome, _),) = run(told, tasks_in(tmp_path, "forms 1"), 1, 60)
    assert int(outcome.reason) >= 800


def test_the_processes_below_one_are_found_by_either_way():
    program = subprocess.Popen(["sh", "-c", "sleep 600 & sleep 600"])
    try:
        assert processes.wait_until(lambda: len(processes.below(program.pid)) == 2, 10)
        assert sorted(processes._looked_for(program.pid)) == sorted(processes._told(program.pid))
        processes.end_below(program.pid)
        assert processes.wait_until(lambda: not processes.below(program.pid), 10)
    finally:
        program.kill()
        program.wait()


# ── what the run sees late ───────────────────────────────────────────────────


def test_an_answer_that_came_before_the_verdict_counts(tmp_path, monkeypatch):
    def late(worker):
        """As where the run is set aside between its look at the answers and that at the clock."""
        wait([worker.channel.fileno()])
        return workers.given_up(60)

    monkeypatch.setattr(workers.Worker, "excess", late)
    results = list(run(process, tasks_in(tmp_path, *["forms 1"] * 6), 2, 60))
    assert [(result.outcome.status, result.spent.attempts) for result in results] == [("extracted", 1)] * 6


def test_what_is_being_answered_is_not_late(tmp_path, monkeypatch):
    size = 4 << 20       # more than a socket takes at once, so that the worker waits for the run
    worker = workers.Worker(lambda _task: Outcome("x", "extracted", rows=b"x" * size), 60.0, ())
    try:
        assert worker.give(tasks_in(tmp_path, "x")[0])
        wait([worker.channel.fileno()])
        now = time.monotonic()
        monkeypatch.setattr(workers.time, "monotonic", lambda: now + 3600)
        assert worker.excess().status == "timeout"
        assert worker.fetch() is None
        assert worker.excess() is None
        while not (result := worker.fetch()):
            wait([worker.channel.fileno()])
        assert len(result.outcome.rows) == size
    finally:
        monkeypatch.undo()
        worker.end(patience=0)


def test_how_a_worker_ended_is_noted_though_its_end_was_asked_for():
    def body():
        signal.pthread_sigmask(signal.SIG_BLOCK, keeper._SIGNALS)
        worker = os.fork()
        if worker == 0:
            os._exit(7)
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        os.kill(os.getpid(), signal.SIGTERM)
        keeper._wait_for(worker, slate)
        os._exit(0)

    slate = Slate()
    child = multiprocessing.get_context("fork").Process(target=body)
    child.start()
    child.join()
    assert os.waitstatus_to_exitcode(slate.status) == 7


def test_a_worker_that_left_without_a_word_was_not_killed(tmp_path):
    ((_, outcome, _),) = run(lambda _task: os._exit(0), tasks_in(tmp_path, "x"), 1, 60)
    assert outcome.reason.startswith("crashed: the process that read it was ended with code 0")


# ── the channel ──────────────────────────────────────────────────────────────


def test_messages_come_whole_whatever_their_pieces():
    ours, theirs = channel.pair()
    data = channel._framed({"a": b"x" * 3000}) + channel._framed(7)
    for at in range(0, len(data), 1000):
        assert ours.next() is None
        theirs.send(data[at:at + 1000])
    assert (ours.next(), ours.next(), ours.next()) == ({"a": b"x" * 3000}, 7, None)
    theirs.send(data[:100])
    theirs.close()
    assert (ours.next(), ours.next()) == (None, None)     # the piece, then the end
    assert ours.is_closed
    ours.close()


def test_a_run_that_is_gone_is_an_end_of_file():
    one, other = socket.socketpair()
    one.close()
    with pytest.raises(EOFError):
        channel.receive(other)
    other.close()


# ── kinds ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("head", "name", "kind"), [
    (b"%PDF-1.7", "a.txt", "pdf"), (b"\x89PNG\r\n\x1a\n", "a", "picture"), ("绩效".encode(), "a.pdf", "text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "office"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "sheet"),
    (b"PK\x03\x04", "a.docx", "word"), (b"PK\x03\x04", "a.zip", "archive"), (b"Rar!\x1a\x07", "a.pdf", "archive"),
    (b"<html><body>", "a", "web"),
])
def test_the_first_bytes_tell_the_kind(head, name, kind):
    assert kinds.by_bytes(head, name) == kind
    assert kind in KINDS


def test_large_scans_are_given_more_time_and_text_is_not():
    assert kinds.seconds_given("pdf", 10 << 20, 120) == 620
    assert kinds.seconds_given("text", 10 << 20, 120) == 120


# ── Ctrl-C ───────────────────────────────────────────────────────────────────


def test_a_second_signal_stops_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "DRAIN_SECONDS", 600)
    ready, told = multiprocessing.get_context("fork").Pipe()

    def body():
        try:
            with stopping(lambda: told.send("asked")) as stop:
                list(run(process, tasks_in(tmp_path, "hang", "hang"), 2, 600, stop=stop,
                         on_look=lambda running: told.send(len(running))))
        except KeyboardInterrupt:
            os._exit(130)

    child = multiprocessing.get_context("fork").Process(target=body)
    child.start()
    while ready.recv() != 2:
        pass
    os.kill(child.pid, signal.SIGINT)
    while ready.recv() != "asked":
        pass
    time.sleep(0.1)
    assert child.is_alive()
    os.kill(child.pid, signal.SIGTERM)
    child.join()
    assert child.exitcode == 130
