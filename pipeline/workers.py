"""One document, and the forked process that reads one after the other."""

import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from pipeline.outcome import Outcome, Task, printable

Process = Callable[[Task], Outcome]
Result = tuple[Task, Outcome, float]
"""What became of a task, and the seconds that it took."""

_SMALL: Final = 1 << 18
_QUEUE: Final = 4
"""A worker is given up to this many files of at most so many bytes ahead, so that it need not
wait for us; a larger one is given to the first worker that is idle."""

MAX_RESIDENT: Final = 1 << 30
"""Bytes of memory that reading one document may take beyond what the process began with."""

MAX_KEPT: Final = MAX_RESIDENT >> 2
"""Bytes that a process may keep when a document is done; one that keeps more is replaced."""

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_FRAMES: Final = 3
_REASON_LENGTH: Final = 1000
GOODBYE_SECONDS: Final = 1.0


def attempt(process: Process, task: Task) -> Outcome:
    """The outcome of one document, whatever happens."""
    try:
        return process(task)
    # the one place that catches everything: a fault of ours must not stop the other
    # documents, and is published as one (`crashed`), never as bad data
    except Exception as error:  # noqa: BLE001
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        # names of files without their folders: the table is published
        places = " < ".join(f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"  # noqa: PTH119
                            for frame in reversed(frames))
        words = printable(f"crashed: {type(error).__name__}: {error}")[:_REASON_LENGTH]
        return Outcome(None, "crashed", f"{words} ({places}); report it with the file")


def given_up(timeout: float) -> Outcome:
    """The outcome of a document that took too many seconds."""
    return Outcome(None, "timeout", f"timeout: reading took longer than {timeout:g} s;"
                                    " it is tried again in the next run (--timeout)")


class Worker:
    """A forked process and the tasks that it has: the first is being read, the others wait."""

    def __init__(self, process: Process, others: Iterable["Worker"]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.tasks: deque[Task] = deque()
        self.since = 0.0
        self.ended = False
        ours = [self.pipe, *(other.pipe for other in others)]
        self._child = context.Process(target=_work, args=(process, theirs, ours), daemon=True)
        self._child.start()
        theirs.close()
        self._held = _resident(self._pid)
        with suppress(OSError):      # the child does the same; whoever is first
            os.setpgid(self._pid, self._pid)

    @property
    def _pid(self) -> int:
        assert self._child.pid is not None
        return self._child.pid

    def takes(self, task: Task) -> bool:
        """Whether the worker should have this task now."""
        if not self.tasks:
            return True
        return len(self.tasks) < _QUEUE and all(
            each.size <= _SMALL for each in (task, *self.tasks))

    def give(self, task: Task) -> bool:
        """Hand over a task; False where the worker died while it was idle."""
        try:
            self.pipe.send(task)
        except OSError:
            if not self.tasks:
                return False         # with tasks it shows when the answer is fetched
        if not self.tasks:
            self.since = time.monotonic()
        self.tasks.append(task)
        return True

    def fetch(self) -> Result | None:
        """The next answer; None where the worker has died."""
        try:
            outcome, seconds = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.since = time.monotonic()
        result = self.tasks.popleft(), outcome, seconds
        if _resident(self._pid) - self._held > MAX_KEPT:
            self.end(patience=0)     # a fresh process is cheaper than the room to grow that is lost
        return result

    def is_late(self, timeout: float) -> bool:
        """Whether the first task has taken too long and no answer has come."""
        return time.monotonic() - self.since >= timeout and not self.pipe.poll()

    def is_swollen(self) -> bool:
        """Whether it holds more memory than reading a document may take."""
        return _resident(self._pid) - self._held > MAX_RESIDENT

    def outgrown(self) -> Result:
        """What becomes of a task that took too much memory."""
        seconds = time.monotonic() - self.since
        self.end(patience=0)
        words = f"too_large: reading took more than {MAX_RESIDENT >> 20:,} MiB of memory; split the file"
        return self.tasks.popleft(), Outcome(None, "unreadable", words), seconds

    def crashed(self) -> Result:
        """What becomes of the task that the worker died on."""
        seconds = time.monotonic() - self.since
        code = self.end(GOODBYE_SECONDS)
        cause = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        words = f"crashed: the process that read it was ended {cause}; report it with the file"
        return self.tasks.popleft(), Outcome(None, "crashed", words), seconds

    def timed_out(self, timeout: float) -> Result:
        """What becomes of a task that took too long."""
        seconds = time.monotonic() - self.since
        self.end(patience=0)
        return self.tasks.popleft(), given_up(timeout), seconds

    def end(self, patience: float) -> int:
        """End the process and all that it started; its exit code, negative for a signal.

        Args:
            patience: Seconds in which a worker that is idle or dead may leave by itself.
        """
        self.pipe.close()
        self._child.join(patience)
        with suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)
        self._child.join()
        self.ended = True
        assert self._child.exitcode is not None
        return self._child.exitcode


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell (outside Linux)."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as numbers:  # noqa: PTH123  read 20 times a second
            return int(numbers.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _work(process: Process, pipe: Connection, inherited: Iterable[Connection]) -> None:
    """What a worker does until its pipe is closed."""
    with suppress(OSError):
        os.setpgid(0, 0)             # so that it can be killed with all that it starts
    signal.signal(signal.SIGINT, signal.SIG_IGN)     # the parent decides when to stop
    for end in inherited:            # or a dead parent's pipes would never look closed
        end.close()
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            started = time.perf_counter()
            outcome = attempt(process, task)
            pipe.send((outcome, time.perf_counter() - started))
