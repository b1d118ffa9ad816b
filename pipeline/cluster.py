"""Reads documents on a Ray cluster: the only file that imports ray.

A task of Ray is a few small documents, or a large one. On its node they are read as everywhere
else: in a process of their own, with the same limits. So a document that crashes or hangs costs
itself, and a node that dies costs its tasks another try on another node. Nodes must have the same
jixiao, and must reach the files: a shared folder or an address.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from itertools import chain, islice
from typing import Any, Final

from pipeline import executors, fingerprint, kinds, storage
from pipeline.errors import Interrupted, MissingProgram, UsageProblem
from pipeline.executors import DRAIN_SECONDS, OnLook, Results
from pipeline.interrupts import NEVER, Stop
from pipeline.outcome import Outcome, Result, Spent, Task
from pipeline.remote_input import fetching
from pipeline.workers import Process

_TOGETHER: Final = 16
_TOGETHER_BYTES: Final = 1 << 20
"""Documents, and bytes of them, that make a task: starting one costs some milliseconds."""

_WAITING: Final = 2
"""Tasks that are given out for each processor of the cluster: one is read, one waits."""

_RETRIES: Final = 10
_LOOK_SECONDS: Final = 1.0
"""How long a person who stops the run waits at most to be heard."""

_ANSWER_SECONDS: Final = 5.0
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

    def __call__(self, process: Process, tasks: Iterable[Task], jobs: int, timeout: float, *,  # noqa: PLR0913  as `executors.run`
                 stop: Stop = NEVER, on_look: OnLook = lambda _running: None) -> Results:
        """The outcome of every task, as they finish.

        Raises:
            KeyboardInterrupt: A person stopped the run. What had finished was yielded before.
            UsageProblem: There is no cluster at the address, or its nodes have another jixiao.
            Interrupted: The cluster was lost; what had finished was yielded before.
        """
        del jobs, on_look
        source = iter(tasks)
        first = next(source, None)
        if first is None:       # nothing to read: no cluster is asked for
            return
        ours = self._connect()
        try:
            yield from self._results(process, _grouped(chain((first,), source)), timeout, stop)
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
            _ask(self._address)
            self._ray.init(address=self._address, include_dashboard=False, log_to_driver=False, configure_logging=False)
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageProblem(f"The Ray cluster {self._address or 'on this machine'} cannot be joined: {error}.",
                               "Start it (`ray start --head`), or name it: --ray-address HOST:PORT.") from error
        return True

    def _results(self, process: Process, groups: Iterator[list[Task]], timeout: float, stop: Stop) -> Results:
        ray = self._ray
        read = ray.remote(num_cpus=1, max_retries=_RETRIES)(read_group)
        shared = ray.put(process)
        code = fingerprint.of_code()
        going: dict[Any, list[Task]] = {}
        try:
            while not stop.is_asked:
                for group in islice(groups, max(self._room() - len(going), 0)):
                    going[read.remote(shared, group, timeout, code)] = group
                if not going:
                    return
                done, _ = ray.wait(list(going), num_returns=1, timeout=_LOOK_SECONDS)
                for each in done:
                    yield from self._answers(each, going.pop(each))
            done, _ = ray.wait(list(going), num_returns=len(going), timeout=DRAIN_SECONDS)
            for each in done:
                yield from self._answers(each, going.pop(each))
            raise KeyboardInterrupt
        finally:
            for each in going:
                ray.cancel(each, force=True)

    def _room(self) -> int:
        """How many tasks the cluster is given, as large as it is now."""
        return _WAITING * max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _answers(self, done: Any, group: list[Task]) -> Iterator[Result]:  # noqa: ANN401  a reference of Ray's
        try:
            answers = self._ray.get(done)
        except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as error:
            words = f"crashed: its node or worker died {_RETRIES + 1} times ({type(error).__name__})"
            answers = [Result(task, Outcome(None, "crashed", words), Spent(kinds.by_name(task.relative), 0.0, 0.0))
                       for task in group]
        if answers is None:
            raise UsageProblem("A node of the Ray cluster has another jixiao, or other versions of its libraries.",
                               "Install the same everywhere.")
        yield from answers


def read_group(process: Process, group: list[Task], timeout: float, code: str) -> list[Result] | None:
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


def _ask(address: str | None) -> None:
    """Raise at once where nobody listens: Ray itself would try for minutes.

    Raises:
        OSError: There is a host and a port, and nobody answers.
    """
    host, _, port = (address or "").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), _ANSWER_SECONDS).close()


def _ray() -> Any:  # noqa: ANN401  the package is an extra
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")      # before the import: it would call home
    try:
        import ray  # noqa: PLC0415  an extra, loaded only for --engine ray
        import ray.exceptions  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise MissingProgram("The Python package ray is not installed.", f"Install it: {_INSTALL}") from error
    return ray
