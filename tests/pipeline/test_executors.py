"""What goes wrong with one document stays with it, in this process and in others."""

import multiprocessing
import os
import signal
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import executors
from pipeline.executors import run
from pipeline.interrupts import Stop
from pipeline.outcome import Task
from tests.doubles.stand_in import process


def tasks_in(folder, *contents):
    """A file for each content; its task."""
    tasks = []
    for number, content in enumerate(contents):
        path = folder / f"{number:03d}.txt"
        path.write_text(content)
        tasks.append(Task(str(path), path.name, None, len(content)))
    return tasks


def statuses(results):
    return {task.relative: outcome.status for task, outcome, _ in results}


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_every_task_is_done_once(tmp_path, jobs, count):
    tasks = tasks_in(tmp_path, *(f"forms 2 {number}" for number in range(count)))
    results = list(run(process, tasks, jobs, 60))
    assert sorted(task for task, _, _ in results) == tasks
    assert {task: outcome for task, outcome, _ in results} == {
        task: process(task) for task in tasks}
    assert all(0 <= spent.seconds < 60 and spent.kind == "text" for _, _, spent in results)


def test_in_this_process_tasks_keep_their_order(tmp_path):
    tasks = tasks_in(tmp_path, *["forms 1"] * 5)
    assert [task for task, _, _ in run(process, iter(tasks), 1, 60)] == tasks


@pytest.mark.parametrize("jobs", [1, 3])
def test_tasks_are_drawn_as_they_are_needed(tmp_path, jobs):
    drawn = []

    def source():
        for task in tasks_in(tmp_path, *["forms 1"] * 200):
            drawn.append(task)
            yield task

    with closing(run(process, source(), jobs, 60)) as results:
        next(results)
        assert len(drawn) <= 4 * jobs + 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_is_a_crash_of_its_document(tmp_path, jobs):
    tasks = tasks_in(tmp_path, "forms 1", "raise", "forms 2", "forms x")
    outcomes = {task.relative: outcome for task, outcome, _ in run(process, tasks, jobs, 60)}
    assert [outcomes[task.relative].status for task in tasks] == [
        "extracted", "crashed", "extracted", "crashed"]
    reason = outcomes["001.txt"].reason
    assert reason.startswith(r"crashed: ValueError: boom \udc80 of the reader (stand_in.py:")
    assert str(Path(__file__).parent) not in reason      # it is published


def test_the_reason_of_a_crash_does_not_depend_on_the_jobs(tmp_path):
    tasks = tasks_in(tmp_path, "raise", "forms x", "forms 1")
    one, many = ({task: outcome for task, outcome, _ in run(process, tasks, jobs, 60)}
                 for jobs in (1, 3))
    assert one == many


@pytest.mark.parametrize(("fate", "words"), [
    ("die", "by SIGKILL"), ("leave", "with code 7"),
])
@pytest.mark.parametrize("jobs", [2, 4])
def test_a_dead_worker_costs_its_document_only(tmp_path, jobs, fate, words):
    contents = ["forms 1"] * 40
    for number in (0, 7, 8, 9, 39):
        contents[number] = fate
    results = list(run(process, tasks_in(tmp_path, *contents), jobs, 60))
    assert len(results) == 40
    assert statuses(results) == {
        f"{number:03d}.txt": "crashed" if content == fate else "extracted"
        for number, content in enumerate(contents)}
    for _, outcome, _ in results:
        assert outcome.status == "extracted" or words in outcome.reason


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_document_that_takes_too_long_is_given_up(tmp_path, jobs):
    tasks = tasks_in(tmp_path, "forms 1", "hang", "forms 1")
    results = list(run(process, tasks, jobs, 2.0))
    assert statuses(results) == {
        "000.txt": "extracted", "001.txt": "timeout", "002.txt": "extracted"}
    assert [outcome.reason for _, outcome, _ in results if outcome.status == "timeout"] == [
        "timeout: reading took longer than 2 s; --retry timeout tries it again (--timeout)"]


def test_what_a_late_worker_started_ends_with_it(tmp_path):
    note = tmp_path / "pid"

    def process_with_child(_task):
        child = os.fork()
        if child == 0:
            time.sleep(600)
        note.write_text(str(child))
        time.sleep(600)

    ((_, outcome, _),) = run(process_with_child, tasks_in(tmp_path, "x"), 2, 1.0)
    assert outcome.status == "timeout"
    wait_until(lambda: is_gone(int(note.read_text())))


def is_gone(pid):
    """Whether a process has ended; one that nobody has waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(holds):
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")


def test_outside_the_main_thread_there_is_no_alarm_but_all_else(tmp_path):
    results = []
    tasks = tasks_in(tmp_path, "forms 1", "raise")
    thread = threading.Thread(target=lambda: results.extend(run(process, tasks, 1, 60)))
    thread.start()
    thread.join()
    assert statuses(results) == {"000.txt": "extracted", "001.txt": "crashed"}


def test_the_alarm_of_others_is_given_back(tmp_path):
    before = signal.getsignal(signal.SIGALRM)
    list(run(process, tasks_in(tmp_path, "forms 1", "hang"), 1, 1.0))
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


# ── stopping ─────────────────────────────────────────────────────────────────


def children():
    return set(multiprocessing.active_children())


@pytest.mark.parametrize("content", ["forms 1", "hang"])
def test_workers_end_when_the_results_are_closed(tmp_path, content):
    before = children()
    tasks = tasks_in(tmp_path, "forms 1", *[content] * 20)
    with closing(run(process, tasks, 2, 60)) as results:
        next(results)
        assert children() - before
    assert children() == before


def test_asked_to_stop_documents_at_hand_end_and_no_other_is_begun(tmp_path):
    before = children()
    stop, begun = Stop(), tmp_path / "begun"

    def slow(task):
        with begun.open("a") as file:
            file.write(f"{task.relative}\n")
        time.sleep(0.3)
        return process(task)

    def asking(running):
        stop.is_asked = len(running) == 2 and begun.exists()

    done = []
    with pytest.raises(KeyboardInterrupt):
        done.extend(run(slow, tasks_in(tmp_path, *["forms 1"] * 100), 2, 60, stop=stop, on_look=asking))
    assert sorted(statuses(done)) == sorted(begun.read_text().split())
    assert 1 <= len(done) <= 4
    assert set(statuses(done).values()) == {"extracted"}
    assert children() == before


def test_what_does_not_end_soon_is_given_up_when_asked_to_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "DRAIN_SECONDS", 0.5)
    stop = Stop()
    stop.is_asked = True
    with pytest.raises(KeyboardInterrupt):
        list(run(process, tasks_in(tmp_path, "hang"), 1, 60, stop=stop))
    stop = Stop()
    with pytest.raises(KeyboardInterrupt):
        list(run(process, tasks_in(tmp_path, "hang"), 1, 60, stop=stop,
                 on_look=lambda _running: setattr(stop, "is_asked", True)))


def test_workers_do_not_hear_the_person(tmp_path):
    def to_all(task):
        os.kill(os.getpid(), signal.SIGINT)
        return process(task)

    assert statuses(run(to_all, tasks_in(tmp_path, "forms 1"), 2, 60)) == {"000.txt": "extracted"}


def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    def parent():
        def noting(task):
            (tmp_path / f"worker-{os.getpid()}").touch()
            wait_until(lambda: len(list(tmp_path.glob("worker-*"))) == 3)   # two may be done before the third starts
            return process(task)

        with closing(run(noting, tasks_in(tmp_path, *["forms 1"] * 50), 3, 60)) as results:
            for _ in range(30):
                next(results)
            os.kill(os.getpid(), signal.SIGKILL)

    child = multiprocessing.get_context("fork").Process(target=parent)
    child.start()
    child.join()
    workers = [int(path.name.split("-")[1]) for path in tmp_path.glob("worker-*")]
    assert len(workers) == 3
    wait_until(lambda: all(map(is_gone, workers)))


def is_asleep(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", maxsplit=1)[1].split()[0] == "S"


def test_an_idle_worker_that_was_killed_costs_nothing(tmp_path):
    before = children()
    tasks = [task._replace(size=1 << 30)      # large: one at a time for each worker
             for task in tasks_in(tmp_path, *["forms 1"] * 6)]

    def noting(task):
        outcome = process(task)
        (tmp_path / f"{task.relative}.done").touch()
        return outcome

    def source():
        yield from tasks[:2]
        wait_until(lambda: len(list(tmp_path.glob("*.done"))) == 2)
        for worker in children() - before:
            wait_until(lambda pid=worker.pid: is_asleep(pid))      # it has answered
            os.kill(worker.pid, signal.SIGKILL)
            worker.join()
        yield from tasks[2:]

    assert set(statuses(run(noting, source(), 2, 60)).values()) == {"extracted"}
