"""Reports that lie elsewhere: listed by address, and fetched just before they are read.

Readers see files of this machine only. A few are fetched ahead of the ones that are being read,
and each is removed when its outcome is there, so that neither disk nor memory holds a year.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipeline import kinds, storage
from pipeline.errors import UsageProblem
from pipeline.executors import Engine, OnLook, Results
from pipeline.interrupts import NEVER, Stop
from pipeline.outcome import Outcome, Result, Spent, Task, printable
from pipeline.sources import READ_LIMIT, Source, is_ignored
from pipeline.workers import Process

_AHEAD: Final = 32
_AHEAD_BYTES: Final = READ_LIMIT
"""So many files, of so many bytes together, are fetched before they are asked for."""

_THREADS: Final = 8


def walk(address: str) -> Iterator[Source]:
    """Every file under an address, as `pipeline.sources.walk` lists a folder; none where there is nothing.

    Raises:
        UsageProblem: The store cannot be asked.
    """
    system, top = storage.filesystem(address)
    try:
        with storage.reaching(address):
            yield from _walked(system, address, top.rstrip("/"))
    except OSError as error:
        raise UsageProblem(f"The input {address} cannot be listed: {error}.", storage.CHECK) from error


def _walked(system: Any, address: str, top: str) -> Iterator[Source]:  # noqa: ANN401  fsspec has no types
    """The sources under a folder of a store, in its own order."""
    for folder, _, files in system.walk(top, detail=True):
        inside = str(folder)[len(top):].strip("/")
        if any(map(is_ignored, inside.split("/"))):
            continue
        for name, info in files.items():
            if not name or is_ignored(name):     # an object that stands for its folder has no name
                continue
            relative = f"{inside}/{name}" if inside else name
            stamp = storage.stamp(info)
            yield Source(f"{address}/{relative}", printable(relative), stamp.size, stamp.mtime_ns, None, stamp.ctime_ns)


def fetched(task: Task, target: Path) -> Task | Outcome:
    """The task with the file on this machine; an outcome where it cannot be had.

    A file that is too large to be read is not fetched: the reader refuses it by its size.
    """
    try:
        if task.size <= READ_LIMIT:
            storage.fetch(task.path, target)
    except PermissionError:
        return Outcome(None, "unreadable", "no_permission: the file may not be read; give yourself the right to")
    except OSError as error:
        return Outcome(None, "unreadable", f"read_failed: {error}; check the store and the file")
    return task._replace(path=str(target))


def fetching(engine: Engine) -> Engine:
    """An engine for files elsewhere, made of one for files of this machine."""

    def run(process: Process, tasks: Iterable[Task], jobs: int, timeout: float, *,  # noqa: PLR0913  as that engine
            stop: Stop = NEVER, on_look: OnLook = lambda _running: None) -> Results:
        with TemporaryDirectory(prefix="jixiao-") as folder, ThreadPoolExecutor(_THREADS) as pool:
            spool = _Spool(Path(folder), pool, tasks)
            with closing(engine(process, spool.ready(), jobs, timeout, stop=stop, on_look=on_look)) as results:
                for result in results:
                    yield result._replace(task=spool.done(result.task))
                    yield from spool.lost()
            yield from spool.lost()

    return run


class _Spool:
    """Files on their way to the readers."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor, tasks: Iterable[Task]) -> None:
        self._folder = folder
        self._pool = pool
        self._tasks = iter(tasks)
        self._number = 0
        self._waiting: deque[tuple[Task, Future[Task | Outcome]]] = deque()
        self._waiting_bytes = 0
        self._remote: dict[str, Task] = {}
        self._lost: deque[Result] = deque()

    def ready(self) -> Iterator[Task]:
        """The tasks, each with its file on this machine, in order."""
        while self._order():
            task, coming = self._waiting.popleft()
            got = coming.result()
            self._waiting_bytes -= task.size
            if isinstance(got, Outcome):
                self._lost.append(Result(task, got, Spent(kinds.by_name(task.relative), 0.0, 0.0)))
            else:
                self._remote[got.path] = task
                yield got

    def done(self, task: Task) -> Task:
        """The task as it was given, its file on this machine removed."""
        Path(task.path).unlink(missing_ok=True)
        return self._remote.pop(task.path)

    def lost(self) -> Iterator[Result]:
        """The results of files that could not be had."""
        while self._lost:
            yield self._lost.popleft()

    def _order(self) -> bool:
        """Begin to fetch what is next; False where there is no more."""
        while len(self._waiting) < _AHEAD and (not self._waiting or self._waiting_bytes < _AHEAD_BYTES):
            task = next(self._tasks, None)
            if task is None:
                break
            self._number += 1
            self._waiting_bytes += task.size
            self._waiting.append((task, self._pool.submit(fetched, task, self._folder / str(self._number))))
        return bool(self._waiting)
