"""The engine on a cluster, with a double of Ray; `make test-ray` has the real one on two nodes."""

import sys
from contextlib import closing

import pytest

from pipeline import cluster
from pipeline.cluster import Ray
from pipeline.errors import Interrupted, MissingProgram, UsageProblem
from pipeline.interrupts import Stop
from pipeline.outcome import Task
from tests.doubles.cluster import FakeRay, RayError, WorkerCrashedError
from tests.doubles.stand_in import process
from tests.doubles.year import run, tables, write_year


@pytest.fixture
def ray(monkeypatch):
    """A cluster of two processors."""
    fake = FakeRay()
    monkeypatch.setattr(cluster, "_ray", lambda: fake)
    monkeypatch.setattr(cluster, "_ask", lambda _address: None)
    return fake


@pytest.fixture
def small(monkeypatch):
    """Three documents make a task."""
    monkeypatch.setattr(cluster, "_TOGETHER", 3)


def tasks(folder, count, size=100):
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number}.txt"
        path.write_text(f"forms 1 {number}")
        yield Task(str(path), path.name, None, size)


@pytest.mark.usefixtures("small", "ray")
def test_the_tables_are_those_of_this_machine(tmp_path):
    folder = write_year(tmp_path / "in", count=9)
    run(folder, tmp_path / "one", tmp_path / "state1")
    summary = run(folder, tmp_path / "two", tmp_path / "state2", engine="ray", ray_address="head:6379")
    assert summary.contents.by_status == {"extracted": 10, "unreadable": 2, "crashed": 1}
    assert tables(tmp_path / "two") == tables(tmp_path / "one")


@pytest.mark.usefixtures("small")
def test_no_more_tasks_are_given_out_than_the_cluster_has_room_for(ray, tmp_path):
    drawn = []
    source = (drawn.append(task) or task for task in tasks(tmp_path / "in", 40))
    with closing(Ray("head:6379")(process, source, 1, 60.0)) as results:
        next(results)
        assert len(drawn) <= 2 * 2 * 3 + 1 + 3      # two tasks a processor, three documents a task
        ray.cpus = 4                                # two nodes join
        rest = list(results)
    assert len(rest) == 39
    assert ray.most == 8
    assert ray.options["max_retries"] > 0
    assert not ray.joined                           # left as it was found


@pytest.mark.usefixtures("small")
def test_a_large_document_is_a_task_of_its_own(ray, tmp_path):
    few = list(tasks(tmp_path / "in", 6, size=cluster._TOGETHER_BYTES))
    assert len(list(Ray()(process, few, 1, 60.0))) == 6
    assert ray.started == 6


@pytest.mark.usefixtures("small")
def test_a_task_whose_workers_died_again_and_again_costs_its_documents_only(ray, tmp_path):
    ray.fails = {1: WorkerCrashedError("died")}
    results = list(Ray()(process, tasks(tmp_path / "in", 9), 1, 60.0))
    crashed = sorted(one.task.relative for one in results if one.outcome.status == "crashed")
    assert crashed == ["3.txt", "4.txt", "5.txt"]
    assert len(results) == 9


@pytest.mark.usefixtures("small")
def test_a_cluster_that_is_lost_ends_the_run_which_can_go_on(ray, tmp_path):
    ray.fails = {2: RayError("the head is gone")}
    with pytest.raises(Interrupted, match="the head is gone"):
        list(Ray()(process, tasks(tmp_path / "in", 9), 1, 60.0))
    assert ray.cancelled
    assert not ray.joined


@pytest.mark.usefixtures("small", "ray")
def test_a_node_with_other_code_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_own_code", lambda: "other")
    with pytest.raises(UsageProblem, match="another jixiao"):
        list(Ray()(process, tasks(tmp_path / "in", 3), 1, 60.0))


@pytest.mark.usefixtures("small")
def test_who_stops_the_run_gets_what_is_done_within_seconds(ray, tmp_path):
    stop = Stop()
    results = Ray()(process, tasks(tmp_path / "in", 40), 1, 60.0, stop=stop)
    got = [next(results)]
    stop.is_asked = True
    with pytest.raises(KeyboardInterrupt):
        got.extend(results)
    assert len(got) == 12      # what was given out, and nothing more
    assert ray.started == 4


def test_nothing_to_read_asks_for_no_cluster(ray):
    assert list(Ray("nowhere:1")(process, [], 1, 60.0)) == []
    assert ray.started == 0


@pytest.mark.usefixtures("ray")
def test_a_cluster_that_is_not_there_is_a_usage_problem(tmp_path):
    with pytest.raises(UsageProblem, match="nowhere:1 cannot be joined"):
        list(Ray("nowhere:1")(process, tasks(tmp_path / "in", 1), 1, 60.0))


def test_an_address_where_nobody_listens_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_ray", FakeRay)
    with pytest.raises(UsageProblem, match=r"127\.0\.0\.1:1 cannot be joined"):
        list(Ray("127.0.0.1:1")(process, tasks(tmp_path / "in", 1), 1, 60.0))


def test_a_missing_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingProgram, match=r"jixiao\[ray\]") as caught:
        Ray()
    assert caught.value.exit_code == 6


@pytest.mark.usefixtures("ray")
def test_nodes_fetch_what_lies_elsewhere(tmp_path):
    folder = write_year(tmp_path / "in", count=3)
    run(folder, tmp_path / "one", tmp_path / "state1")
    run(f"file://{folder}", tmp_path / "two", tmp_path / "state2", engine="ray")
    assert tables(tmp_path / "two") == tables(tmp_path / "one")
