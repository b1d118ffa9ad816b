"""Runs the document stage over many files, in this process or in forked ones.

One document is the unit of work: what goes wrong with it stays with it. A worker that dies or
takes too long costs its document and is replaced; all other documents are done.
"""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait

from pipeline.outcome import Task
from pipeline.workers import GOODBYE_SECONDS, Process, Result, Worker, attempt, given_up

Results = Generator[Result, None, None]
"""Close it to give up what is still being read."""


def run(process: Process, tasks: Iterable[Task], jobs: int, timeout: float) -> Results:
    """The outcome of every task, as they finish.

    Args:
        process: The document stage. An exception out of it is a fault of the program and
            gives the status ``crashed``.
        tasks: What to read; drawn as needed.
        jobs: 1: in this process, in order. More: that many forked processes, in any order.
        timeout: Seconds after which a document is given up with the status ``timeout``. In
            this process that holds in the main thread and between steps of the interpreter.

    Raises:
        KeyboardInterrupt: A person stopped the run. What had finished was yielded before.
    """
    return _serial(process, tasks, timeout) if jobs == 1 else _pool(process, tasks, jobs, timeout)


# ── in this process ──────────────────────────────────────────────────────────


_AGAIN_SECONDS = 1.0
"""The alarm rings again, in case the first exception was lost in a callback."""


class _TimeUpError(BaseException):
    """Not an `Exception`, so that nothing on the way mistakes it for a fault of the document."""


def _serial(process: Process, tasks: Iterable[Task], timeout: float) -> Results:
    with _alarm() as set_alarm:
        for task in tasks:
            started = time.perf_counter()
            try:
                set_alarm(timeout)
                try:
                    outcome = attempt(process, task)
                finally:
                    set_alarm(0)
            except _TimeUpError:
                outcome = given_up(timeout)
            yield task, outcome, time.perf_counter() - started


@contextmanager
def _alarm() -> Iterator[Callable[[float], None]]:
    """What raises `_TimeUpError` after so many seconds (0: never), where signals can be had."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda _seconds: None
        return

    def ring(_signal: int, _frame: object) -> None:
        raise _TimeUpError

    def set_alarm(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)

    before = signal.signal(signal.SIGALRM, ring)
    try:
        yield set_alarm
    finally:
        signal.signal(signal.SIGALRM, before)


# ── in forked processes ──────────────────────────────────────────────────────


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
    """The pipes that have something to say; none where the next deadline comes first."""
    deadline = min(worker.since for worker in busy) + timeout
    return wait([worker.pipe for worker in busy], max(deadline - time.monotonic(), 0))


def _finished(busy: list[Worker]) -> Iterator[Result]:
    """The answers that have already come."""
    for worker in busy:
        while worker.tasks and worker.pipe.poll() and (result := worker.fetch()):
            yield result
