"""One document, and the forked process that reads one after the other under limits."""

import math
import multiprocessing
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Final

from pipeline import channel, kinds, processes
from pipeline.keeper import keep
from pipeline.kinds import KINDS, by_bytes, seconds_given
from pipeline.outcome import Outcome, Result, Spent, Task, printable
from pipeline.slate import Begun, Slate, counted

Process = Callable[[Task], Outcome]

_SMALL: Final = 1 << 18
_QUEUE: Final = 4
"""A worker is given up to this many files of at most so many bytes ahead, so that it need not
wait for us; a larger one is given to the first worker that is idle."""

MAX_KEPT: Final = 256 << 20
"""Bytes that a process may keep when a document is done; one that keeps more is replaced."""

MODEL_ROOM: Final = 1536 << 20
"""Bytes that the recogniser of scans may take and keep beyond that: what a process holds after its
first scan, up to so much, counts as its own."""

MAX_RECOGNISED: Final = 2000
"""Pages after which a process with a recogniser is replaced, whatever it holds."""

MAX_PROCESSES: Final = 64
"""Processes that may be at work on one document; LibreOffice takes three."""

_TREE_SECONDS: Final = 0.25
"""How long what a document starts may go unseen: a look at a tree costs more than one at a process."""

_FRAMES: Final = 3
_REASON_LENGTH: Final = 1000
GOODBYE_SECONDS: Final = 1.0


def attempt(process: Process, task: Task) -> Outcome:
    """The outcome of one document, whatever happens."""
    try:
        return process(task)
    except MemoryError:      # a request that no limit allows
        return too_large(kinds.by_name(task.relative))
    # the one place that catches everything: a fault of ours must not stop the other
    # documents, and is published as one (`crashed`), never as bad data
    except (Exception, SystemExit) as error:  # noqa: BLE001
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        # names of files without their folders: the table is published
        places = " < ".join(f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"  # noqa: PTH119
                            for frame in reversed(frames))
        words = printable(f"crashed: {type(error).__name__}: {error}")[:_REASON_LENGTH]
        return Outcome(None, "crashed", f"{words} ({places}); report it with the file")


def given_up(timeout: float, what: str = "") -> Outcome:
    """The outcome of a document that took too many seconds."""
    return Outcome(None, "timeout", f"timeout: reading took longer than {timeout:.4g} s{what};"
                                    " --retry timeout tries it again (--timeout)")


def too_large(kind: str) -> Outcome:
    """The outcome of a document that took too much memory."""
    most = f"{KINDS[kind].resident >> 20:,} MiB"
    return Outcome(None, "unreadable", f"too_large: reading took more than {most} of memory; split the file")


def too_many_processes() -> Outcome:
    """The outcome of a document that started processes without end."""
    return Outcome(None, "crashed", f"too_many_processes: reading took more than {MAX_PROCESSES} processes;"
                                    " report it with the file")


class Worker:
    """A forked process and the tasks that it has: the first is being read, the others wait."""

    def __init__(self, process: Process, timeout: float, others: Iterable["Worker"]) -> None:
        self.channel, theirs = channel.pair()
        self.tasks: deque[Task] = deque()
        self.ended = False
        self.slate = Slate()
        self._timeout = timeout
        self._given = 0.0
        self._heard = 0.0
        self._done = 0
        self._has_model = False
        self._tree_seen = 0.0
        ours = [self.channel, *(other.channel for other in others)]
        work = partial(_work, process, timeout, ours)
        self._keeper = multiprocessing.get_context("fork").Process(
            target=keep, args=(work, theirs, self.slate, os.getpid(), ours), daemon=True)
        self._keeper.start()
        theirs.close()
        self._held = processes.resident(self._keeper_id)

    @property
    def _keeper_id(self) -> int:
        assert self._keeper.pid is not None
        return self._keeper.pid

    @property
    def _begun(self) -> Begun | None:
        """How the worker began the first task; None where it has not, or has gone on to the next."""
        begun = self.slate.begun
        return begun if begun.number == counted(self._done + 1) else None

    @property
    def since(self) -> float:
        """When the first task was begun, or its answer last went on coming, on the monotonic clock."""
        begun = self._begun
        return max(begun.since, self._heard) if begun else self._given

    @property
    def limit(self) -> float:
        """Seconds that the first task may take."""
        return seconds_given(self._kind, self.tasks[0].size, self._timeout)

    @property
    def _kind(self) -> str:
        """The kind of the first task, as far as it is known."""
        begun = self._begun
        return begun.kind if begun else kinds.by_name(self.tasks[0].relative)

    def takes(self, task: Task) -> bool:
        """Whether the worker should have this task now."""
        if not self.tasks:
            return True
        return len(self.tasks) < _QUEUE and all(
            each.size <= _SMALL for each in (task, *self.tasks))

    def give(self, task: Task) -> bool:
        """Hand over a task; False where the worker died while it was idle."""
        try:
            self.channel.send(task)
        except OSError:
            if not self.tasks:
                return False         # with tasks it shows when the answer is fetched
        if not self.tasks:
            self._given = time.monotonic()
        self.tasks.append(task)
        return True

    def fetch(self) -> Result | None:
        """The next answer; None where none has come."""
        before = self.channel.received
        answer = self.channel.next()
        if answer is None:
            if self.channel.received > before:
                self._heard = time.monotonic()
            return None
        outcome, spent, recognised = answer
        self._done += 1
        self._given = time.monotonic()
        result = Result(self.tasks.popleft(), outcome, spent)
        if outcome.status == "crashed" or self._is_worn(recognised):
            self.end(patience=0)     # a fresh process is cheaper than the room to grow that is lost
        return result

    def _is_worn(self, recognised: int) -> bool:
        """Whether it keeps too much after a document, or has read enough scans."""
        grown = self._resident() - self._held
        if recognised and not self._has_model:
            self._has_model = True
            room = min(max(grown, 0), MODEL_ROOM)
            self._held += room
            grown -= room
        return grown > MAX_KEPT or recognised > MAX_RECOGNISED

    def excess(self) -> Outcome | None:
        """What becomes of the first task where it takes too much; None while it keeps its limits.

        Ask `fetch` before that is believed: the run itself may have been set aside for as long as it likes,
        and the answer may have come meanwhile.
        """
        if self._is_late():
            return given_up(self.limit)
        begun = self._begun
        return self._bulk(begun) if begun else None

    def _is_late(self) -> bool:
        """Whether the first task has taken too long."""
        return time.monotonic() - self.since >= self.limit

    def _bulk(self, begun: Begun) -> Outcome | None:
        """What becomes of a document that holds too much memory or too many processes."""
        room = KINDS[begun.kind].resident
        over = self._resident() - self._held > room
        now = time.monotonic()
        if not over and now - max(begun.since, self._tree_seen) > _TREE_SECONDS:
            self._tree_seen = now
            size = processes.size_below(self._keeper_id)
            if size.processes > MAX_PROCESSES:
                return too_many_processes()
            # what a child shares with its parent is not counted again
            over = sum(max(each - self._held, 0) for each in size.resident) > room
        return too_large(begun.kind) if over else None

    def crashed(self) -> Result:
        """What becomes of the task that the worker died on."""
        self.end(GOODBYE_SECONDS)
        status = self.slate.status
        code = os.waitstatus_to_exitcode(signal.SIGKILL if status is None else status)
        if code == -signal.SIGXCPU:
            return self.given_up(given_up(self.limit, " of the processor"))
        cause = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        words = f"crashed: the process that read it was ended {cause}; report it with the file"
        return self.given_up(Outcome(None, "crashed", words))

    def given_up(self, outcome: Outcome) -> Result:
        """End the process; the first task has this outcome."""
        kind, seconds = self._kind, time.monotonic() - self.since
        self.end(patience=0)
        return Result(self.tasks.popleft(), outcome, Spent(kind, seconds, seconds))

    def end(self, patience: float) -> None:
        """End the process and all that it started.

        Args:
            patience: Seconds in which a worker that is idle or dead may leave by itself.
        """
        if self.ended:
            return
        self.ended = True
        self.channel.close()
        self._keeper.join(patience)
        if self._keeper.is_alive():
            self._keeper.terminate()
            self._keeper.join(GOODBYE_SECONDS)
        if self._keeper.is_alive():      # stopped, or worse
            processes.end_below(self._keeper_id)
            self._keeper.kill()
        self._keeper.join()

    def _resident(self) -> int:
        return processes.resident(self.slate.worker)


# ── in the worker ────────────────────────────────────────────────────────────


def _work(process: Process, timeout: float, inherited: Iterable[channel.Channel],
          end: socket.socket, slate: Slate) -> None:
    """What a worker does until its channel is closed."""
    slate.worker = os.getpid()
    for ours in inherited:            # or a dead parent's channels would never look closed
        ours.close()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    number = 0
    with suppress(EOFError, OSError):
        while True:
            task = channel.receive(end)
            if slate.is_held:
                return
            number += 1
            kind = _kind(task)
            used = _recognised()
            slate.begin(Begun(number, time.monotonic(), kind))
            _limit(kind, seconds_given(kind, task.size, timeout))
            started, cpu = time.perf_counter(), _processor_seconds()
            outcome = attempt(process, task)
            spent = Spent(f"{kind}+ocr" if _recognised() > used else kind,
                          time.perf_counter() - started, _processor_seconds() - cpu)
            channel.send(end, (outcome, spent, _recognised()))
            if outcome.status == "crashed":
                return       # who knows what it left behind


def _kind(task: Task) -> str:
    """The kind of a file by its first bytes; by its name where it cannot be opened."""
    try:
        with open(task.path, "rb", buffering=0) as file:  # noqa: PTH123  Path costs more than the read
            return by_bytes(file.read(kinds.HEAD), task.relative)
    except OSError:
        return kinds.by_name(task.relative)


def _limit(kind: str, seconds: float) -> None:
    """Let the kernel refuse what is absurd, even where the run is stopped and cannot look."""
    for what, allowed in ((resource.RLIMIT_AS, processes.address_space() + KINDS[kind].address),
                          (resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds) + 1)):
        hard = resource.getrlimit(what)[1]
        soft = allowed if hard == resource.RLIM_INFINITY else min(allowed, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (soft, hard))


def _recognised() -> int:
    """How often this process has used the recogniser of scans; it is not loaded in order to ask."""
    engines = sys.modules.get("parsers.ocr.engines")
    return 0 if engines is None else int(engines.times_used())


def _processor_seconds() -> float:
    """What this process and the children that it waited for took of the processor."""
    mine, theirs = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
