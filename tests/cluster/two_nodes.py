"""A real Ray cluster of two nodes on this machine; one dies in the middle of a run.

Run it with ``make test-ray``: Ray takes half a gigabyte to install and 20 s to start, so it is no
part of ``make test``, which has a double of it.
"""

import os
import signal
from pathlib import Path

import pytest

from tests.doubles.year import READER, run, tables, write_year

STORE_BYTES = 100 << 20
COUNT = 300


@pytest.fixture
def nodes():
    """The cluster, and its second node."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "object_store_memory": STORE_BYTES}
    cluster = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    second = cluster.add_node(**small)
    try:
        yield cluster, second
    finally:
        ray.shutdown()
        cluster.shutdown()


@pytest.mark.filterwarnings("default")      # of Ray's own
def test_a_run_with_a_node_killed_in_the_middle_ends_complete_and_identical(nodes, tmp_path):
    from pipeline.means import Wanted, means_of
    from pipeline.run import Settings, extract_year

    cluster, second = nodes
    folder = write_year(tmp_path / "in", COUNT)
    run(folder, tmp_path / "one", tmp_path / "state1")
    settings = Settings(2023, folder, tmp_path / "two", tmp_path / "state2")
    alive = []

    def on_event(event):
        if event.kind == "read" and event.done == COUNT // 3:
            cluster.remove_node(second, allow_graceful=False)       # its raylet, with SIGKILL
            alive.append(second.any_processes_alive())

    means = means_of(folder, settings.out, 2023, Wanted("ray", cluster.address))
    summary = extract_year(settings, READER, on_event, means)
    assert alive == [False]
    assert summary.read == summary.contents.files == COUNT + 4
    assert tables(tmp_path / "two") == tables(tmp_path / "one")


@pytest.mark.filterwarnings("default")
def test_a_worker_that_is_killed_costs_its_documents_another_try(nodes, tmp_path):
    import ray

    from pipeline.means import Wanted, means_of
    from pipeline.run import Reader, Settings, extract_year
    from tests.doubles.stand_in import UNITS, VERSION, process

    cluster, _ = nodes
    folder = write_year(tmp_path / "in", 60)
    once = tmp_path / "killed"

    def read(task):
        if task.relative == "d0/f030.txt" and not once.exists():
            once.touch()
            keeper = Path(f"/proc/{os.getppid()}/stat").read_text()
            os.kill(int(keeper.rpartition(")")[2].split()[1]), signal.SIGKILL)      # its parent, Ray's worker
        return process(task)

    settings = Settings(2023, folder, tmp_path / "two", tmp_path / "state2")
    means = means_of(folder, settings.out, 2023, Wanted("ray", cluster.address))
    reader = Reader(read, VERSION, UNITS)
    summary = extract_year(settings, reader, means=means)
    assert once.exists()
    assert not ray.is_initialized()
    assert summary.read == 64
    run(folder, tmp_path / "one", tmp_path / "state1", reader)
    assert tables(tmp_path / "two") == tables(tmp_path / "one")
