"""Runs the document stage over many files, in forked processes.

One document is the unit of work: what goes wrong with it stays with it. A worker that dies, takes
too long or takes too much memory costs its document and is replaced; all other documents are done.
One job is one forked process too: a library that hangs or grows cannot be stopped from within.
"""

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import wait

from pipeline.outcome import Task
from pipeline.workers import GOODBYE_SECONDS, Process, Result, Worker

_LOOK_SECONDS = 0.05
"""How long a worker may grow unseen; a library can take 50 MiB in that time."""

Results = Generator[Result, None, None]
"""Close it to give up what is still being read."""


def run(process: Process, tasks: Iterable[Task], jobs: int, timeout: float) -> Results:
    """The outcome of every task, as they finish.

    Args:
        process: The document stage. An exception out of it is a fault of the program and
            gives the status ``crashed``.
        tasks: What to read; drawn as needed.
        jobs: That many forked processes; the order is that of the tasks for 1, any for more.
        timeout: Seconds after which a document is given up with the status ``timeout``.

    Raises:
        KeyboardInterrupt: A person stopped the run. What had finished was yielded before.
    """
    return _pool(process, tasks, jobs, timeout)


def _pool(process: Process, tasks: Iterable[Task], jobs: int, timeout: float) -> Results:
    source = iter(tasks)
    backlog: deque[Task] = deque()
    workers: list[Worker] = []
    try:
        while True:
            _hand_out(process, source, backlog, workers, jobs)
            busy = [worker for worker in workers if worker.tasks]
            if not busy:
                return
            try:
                ready = _wait(busy, timeout)
            except KeyboardInterrupt:
                yield from _finished(busy)
                raise
            for worker in busy:
                if worker.pipe in ready:
                    result = worker.fetch() or worker.crashed()
                elif worker.is_late(timeout):
                    result = worker.timed_out(timeout)
                elif worker.is_swollen():
                    result = worker.outgrown()
                else:
                    continue
                if worker.ended:
                    workers.remove(worker)
                    backlog.extend(worker.tasks)
                yield result
    finally:
        for worker in workers:
            worker.end(patience=0 if worker.tasks else GOODBYE_SECONDS)


def _hand_out(process: Process, source: Iterator[Task], backlog: deque[Task],
              workers: list[Worker], jobs: int) -> None:
    """Give out tasks until every worker has enough; start workers as they are needed."""
    while True:
        if not backlog:
            backlog.extend(islice(source, 1))
        if not backlog:
            return
        worker = min(workers, key=lambda worker: len(worker.tasks), default=None)
        if len(workers) < jobs and (worker is None or worker.tasks):
            worker = Worker(process, workers)
            workers.append(worker)
        if worker is None or not worker.takes(backlog[0]):
            return
        if worker.give(backlog[0]):
            backlog.popleft()
        else:
            workers.remove(worker)
            worker.end(patience=0)


def _wait(busy: list[Worker], timeout: float) -> Sequence[object]:
    """The pipes that have something to say; none where it is time to look after the workers."""
    deadline = min(worker.since for worker in busy) + timeout
    return wait([worker.pipe for worker in busy], min(max(deadline - time.monotonic(), 0), _LOOK_SECONDS))


def _finished(busy: list[Worker]) -> Iterator[Result]:
    """The answers that have already come."""
    for worker in busy:
        while worker.tasks and worker.pipe.poll() and (result := worker.fetch()):
            yield result
