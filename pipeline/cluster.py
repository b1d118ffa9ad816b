"""Reads documents on a Ray cluster: the only file that imports ray.

A task of Ray is a few small documents, or a large one. On its node they are read as everywhere
else: in a process of their own, with the same limits. So a document that crashes or hangs costs
itself, and a node that dies costs its tasks another try on another node. Nodes must have the same
jixiao, and must reach the files: a shared folder or an address.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache
from typing import Any, Final

from pipeline import executors, fingerprint, storage
from pipeline.errors import Interrupted, MissingProgram, UsageProblem
from pipeline.executors import Results
from pipeline.outcome import Outcome, Task
from pipeline.remote_input import fetching

Process = Callable[[Task], Outcome]

_TOGETHER: Final = 16
_TOGETHER_BYTES: Final = 1 << 20
"""Documents, and bytes of them, that make a task: starting one costs some milliseconds."""

_WAITING: Final = 2
"""Tasks that are given out for each processor of the cluster: one is read, one waits."""

_RETRIES: Final = 10
_INSTALL: Final = "pip install 'jixiao[ray]' (in a checkout: .venv/bin/pip install -e '.[ray]')."


class Ray:
    """An engine: call it as `pipeline.executors.run`.

    ``jobs`` is not used: a cluster reads as many documents at the same time as it has processors,
    also where nodes come and go.

    Args:
        address: Of the cluster, as ``ray.init`` takes it; None for this machine alone.

    Raises:
        MissingProgram: ray is not installed.
    """

    def __init__(self, address: str | None = None) -> None:
        self._ray = _ray()
        self._address = address

    def __call__(self, process: Process, tasks: Iterable[Task], jobs: int, timeout: float, *_more: object) -> Results:
        """The outcome of every task, as they finish.

        Raises:
            UsageProblem: There is no cluster at the address, or its nodes have another jixiao.
            Interrupted: The cluster was lost; what had finished was yielded before.
        """
        del jobs
        source = iter(tasks)
        first = next(source, None)
        if first is None:       # nothing to read: no cluster is asked for
            return
        ours = self._connect()
        try:
            yield from self._results(process, _grouped(_after(first, source)), timeout)
        except self._ray.exceptions.RayError as error:
            raise Interrupted(f"The Ray cluster was lost: {error}.",
                              "What had been read is kept: run the same command to go on.") from error
        finally:
            if ours:
                self._ray.shutdown()

    def _connect(self) -> bool:
        """Join the cluster; False where this process had joined one already."""
        if self._ray.is_initialized():
            return False
        try:
            self._ray.init(address=self._address, include_dashboard=False, log_to_driver=False, configure_logging=False)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise UsageProblem(f"The Ray cluster {self._address or 'on this machine'} cannot be joined: {error}.",
                               "Start it (`ray start --head`), or name it: --ray-address HOST:PORT.") from error
        return True

    def _results(self, process: Process, groups: Iterator[list[Task]], timeout: float) -> Results:
        ray = self._ray
        read = ray.remote(num_cpus=1, max_retries=_RETRIES)(read_group)
        shared = ray.put(process)
        code = fingerprint.of_code()
        going: dict[Any, list[Task]] = {}
        try:
            while True:
                room = _WAITING * max(1, int(ray.cluster_resources().get("CPU", 1))) - len(going)
                for group in (group for _, group in zip(range(room), groups, strict=False)):
                    going[read.remote(shared, group, timeout, code)] = group
                if not going:
                    return
                done, _ = ray.wait(list(going), num_returns=1, timeout=1.0)
                for each in done:
                    yield from self._answers(each, going.pop(each))
        finally:
            for each in going:
                ray.cancel(each, force=True)

    def _answers(self, done: Any, group: list[Task]) -> Iterator[Any]:  # noqa: ANN401  a reference of Ray's
        try:
            answers = self._ray.get(done)
        except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as error:
            words = f"crashed: its node or worker died {_RETRIES + 1} times ({type(error).__name__})"
            answers = [(task, Outcome(None, "crashed", words), 0.0) for task in group]
        if answers is None:
            raise UsageProblem("A node of the Ray cluster has another jixiao, or other versions of its libraries.",
                               "Install the same everywhere.")
        yield from answers


def read_group(process: Process, group: list[Task], timeout: float, code: str) -> list[Any] | None:
    """What a node does: the outcomes of some documents; None where its code is not that of the run."""
    if code != _own_code():
        return None
    remote = any(storage.is_address(task.path) for task in group)
    engine = fetching(executors.run) if remote else executors.run
    with closing(engine(process, group, 1, timeout)) as results:
        return list(results)


@cache
def _own_code() -> str:
    """The fingerprint of the code of this process."""
    return fingerprint.of_code()


def _grouped(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Small documents together, a large one alone, in their order."""
    group: list[Task] = []
    for task in tasks:
        if group and (len(group) == _TOGETHER or sum(each.size for each in (*group, task)) > _TOGETHER_BYTES):
            yield group
            group = []
        group.append(task)
    if group:
        yield group


def _after(first: Task, others: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from others


def _ray() -> Any:  # noqa: ANN401  the package is an extra
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")      # before the import: it would call home
    try:
        import ray  # noqa: PLC0415  an extra, loaded only for --engine ray
        import ray.exceptions  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise MissingProgram("The Python package ray is not installed.", f"Install it: {_INSTALL}") from error
    return ray
