"""Runs the document stage over many files, in forked processes.

One document is the unit of work: what goes wrong with it stays with it. A worker that dies, takes
too long or takes too much memory costs its document and is replaced; all other documents are done.
One job is one forked process too: a library that hangs or grows cannot be stopped from within.

Workers stay warm. A fresh fork for each document costs 9 to 10 ms of processor (2 ms for the fork, the
rest for pages copied and answers not remembered), as much as a report of four forms takes to read. For
that, a worker is replaced as soon as it gives reason: an exception, memory kept, many scans.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import wait
from typing import Final, NamedTuple, Protocol

from pipeline.interrupts import NEVER, Stop
from pipeline.outcome import Result, Task
from pipeline.workers import GOODBYE_SECONDS, Process, Worker

_LOOK_SECONDS: Final = 0.05
"""How long a worker may grow unseen; a library can take 50 MiB in that time."""

DRAIN_SECONDS: Final = 5.0
"""How long documents that are being read may go on when the run is asked to stop."""

ATTEMPTS: Final = 2
"""How often a document is begun whose worker dies: the machine may have killed the first."""

Results = Generator[Result, None, None]
"""Close it to give up what is still being read."""


class Running(NamedTuple):
    """A document that is being read, and since how many seconds."""

    task: Task
    seconds: float


OnLook = Callable[[Sequence[Running]], None]


class Engine(Protocol):
    """What reads documents; `run` is one."""

    def __call__(self, process: Process, tasks: Iterable[Task], jobs: int, timeout: float, *,  # noqa: PLR0913, D102  as `run`
                 stop: Stop = NEVER, on_look: OnLook = lambda _running: None) -> Results: ...


def run(process: Process, tasks: Iterable[Task], jobs: int, timeout: float, *,  # noqa: PLR0913  of a run
        stop: Stop = NEVER, on_look: OnLook = lambda _running: None) -> Results:
    """The outcome of every task, as they finish.

    Args:
        process: The document stage. An exception out of it is a fault of the program and
            gives the status ``crashed``.
        tasks: What to read; drawn as needed.
        jobs: That many forked processes; the order is that of the tasks for 1, any for more.
        timeout: Seconds after which a small document is given up with the status ``timeout``;
            `pipeline.kinds` says what a large one is given.
        stop: Asked for, no further document is begun, and those being read may still end.
        on_look: Told now and then what is being read, the longest first.

    Raises:
        KeyboardInterrupt: A person stopped the run. What had finished was yielded before.
    """
    return _Pool(process, tasks, jobs, timeout, stop, on_look).results()


class _Pool:
    """The workers of a run, and the tasks that none of them has yet."""

    def __init__(self, process: Process, tasks: Iterable[Task], jobs: int, timeout: float,  # noqa: PLR0913, PLR0917  as `run`
                 stop: Stop, on_look: OnLook) -> None:
        self._process = process
        self._source = iter(tasks)
        self._jobs = jobs
        self._timeout = timeout
        self._stop = stop
        self._on_look = on_look
        self._backlog: deque[Task] = deque()
        self._workers: list[Worker] = []
        self._attempts: dict[Task, int] = {}     # of those whose worker died
        self._looked = 0.0

    def results(self) -> Results:
        try:
            while not self._stop.is_asked:
                self._hand_out()
                busy = [worker for worker in self._workers if worker.tasks]
                if not busy:
                    return
                self._wait(busy)
                for worker in busy:
                    yield from self._look_after(worker)
            yield from self._drained()
            raise KeyboardInterrupt
        finally:
            for worker in self._workers:
                worker.end(patience=0 if worker.tasks else GOODBYE_SECONDS)

    def _hand_out(self) -> None:
        """Give out tasks until every worker has enough; start workers as they are needed."""
        while True:
            if not self._backlog:
                self._backlog.extend(islice(self._source, 1))
            if not self._backlog:
                return
            worker = min(self._workers, key=lambda worker: len(worker.tasks), default=None)
            if len(self._workers) < self._jobs and (worker is None or worker.tasks):
                worker = Worker(self._process, self._timeout, self._workers)
                self._workers.append(worker)
            if worker is None or not self._suits(worker, self._backlog[0]):
                return
            if worker.give(self._backlog[0]):
                self._backlog.popleft()
            else:
                self._workers.remove(worker)
                worker.end(patience=0)

    def _suits(self, worker: Worker, task: Task) -> bool:
        """Whether a worker should have a task now; one that killed a worker is read alone."""
        if worker.tasks and self._attempts and not self._attempts.keys().isdisjoint((task, *worker.tasks)):
            return False
        return worker.takes(task)

    def _wait(self, busy: Sequence[Worker]) -> None:
        """Wait until some worker has something to say, or it is time to look after them."""
        wait([worker.channel.fileno() for worker in busy], _LOOK_SECONDS)
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            running = [Running(worker.tasks[0], now - worker.since) for worker in busy]
            self._on_look(sorted(running, key=lambda each: -each.seconds))

    def _look_after(self, worker: Worker) -> Iterator[Result]:
        """What has become of a worker's documents; the worker leaves the pool where it has ended."""
        while worker.tasks and (result := worker.fetch()):
            yield self._counted(result)
            if worker.ended:
                break
        result = None
        if worker.tasks and not worker.ended:
            if worker.channel.is_closed:
                result = self._died(worker)
            elif excess := worker.excess():
                result = worker.fetch() or worker.given_up(excess)
        if worker.ended:
            self._workers.remove(worker)
            self._backlog.extendleft(reversed(worker.tasks))
        if result:
            yield self._counted(result)

    def _died(self, worker: Worker) -> Result | None:
        """What becomes of a document whose worker died: None where it is begun once more."""
        result = worker.crashed()
        if result.outcome.status != "crashed":
            return result
        begun = self._attempts[result.task] = self._attempts.get(result.task, 0) + 1
        if begun >= ATTEMPTS:
            return result
        worker.tasks.appendleft(result.task)
        return None

    def _counted(self, result: Result) -> Result:
        before = self._attempts.pop(result.task, None) if self._attempts else None
        if before is None:
            return result
        attempts = min(before + 1, ATTEMPTS)
        return result._replace(spent=result.spent._replace(attempts=attempts))

    def _drained(self) -> Iterator[Result]:
        """The answers of documents that end within some seconds; no further one is begun."""
        deadline = time.monotonic() + DRAIN_SECONDS
        busy = [worker for worker in self._workers if worker.tasks]
        for worker in busy:
            worker.slate.hold()
        while busy and time.monotonic() < deadline:
            self._wait(busy)
            for worker in list(busy):
                while worker.tasks and not worker.ended and (result := worker.fetch()):
                    yield self._counted(result)
                if worker.ended or worker.channel.is_closed or not worker.tasks:
                    busy.remove(worker)
