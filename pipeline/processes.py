"""Processes and all that they start: who stands below whom, and how all of them are ended.

What a document starts may leave its process group (LibreOffice does) and may outlive its parent. So
that nothing escapes, each worker stands below a process that inherits its orphans (`adopt_orphans`):
whatever a document starts is found there by going down the tree.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_DEATH_SIGNAL: Final = 1         # prctl: PR_SET_PDEATHSIG
_CHILD_SUBREAPER: Final = 36     # prctl: PR_SET_CHILD_SUBREAPER
_ROUNDS: Final = 200
"""Times that a tree is looked at again until nothing new is found below its root."""

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_GONE: Final = frozenset({"Z", "X"})


def adopt_orphans() -> None:
    """What is orphaned below this process becomes its child (Linux; elsewhere nothing happens)."""
    _prctl(_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Be sent a signal when the parent ends, however it ends (Linux).

    Args:
        parent: Its process id, as it was before the fork: it may be dead by now.
        number: The signal.
    """
    _prctl(_DEATH_SIGNAL, number)
    if os.getppid() != parent:
        os._exit(1)


def be_killed_first() -> None:
    """Where the machine runs out of memory, let the system end this process and not its parent."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", "ascii")


def end_below(root: int) -> None:
    """Kill every process below one, whatever session it moved to; the root itself stays.

    They are stopped first, until no new one is found: what is stopped forks no more.
    """
    known: set[int] = set()
    for _ in range(_ROUNDS):
        new = set(below(root)) - known
        if not new:
            break
        for pid in new:
            _send(pid, signal.SIGSTOP)
        known |= new
    for pid in known:
        _send(pid, signal.SIGKILL)


class Size(NamedTuple):
    """How many processes a tree has; ``resident`` are the bytes of memory of each process."""

    processes: int
    resident: tuple[int, ...]


def size_below(root: int) -> Size:
    """The processes below one, and what they hold."""
    pids = below(root)
    return Size(len(pids), tuple(map(resident, pids)))


def below(root: int) -> list[int]:
    """The processes below one that have not ended; those nearest to it first."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        for pid in _children()(waiting.pop()):
            waiting.append(pid)
            if _state(pid) not in _GONE:
                found.append(pid)
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell (outside Linux)."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as numbers:  # noqa: PTH123  read 20 times a second
            return int(numbers.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * _PAGE
    except OSError:
        return 0


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether something came to hold within so many seconds."""
    deadline = time.monotonic() + seconds
    pause = 0.0005
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
    return True


def _prctl(option: int, value: int) -> None:
    with suppress(AttributeError, OSError):      # not Linux: the process group is all there is
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(pid, number)


@cache
def _children() -> Callable[[int], list[int]]:
    """How the children of a process are found: told by the kernel, or from a look at all processes."""
    return _told if Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists() else _looked_for


def _told(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  as in `resident`
            with open(f"/proc/{pid}/task/{task}/children", "rb") as line:  # noqa: PTH123  as there
                found += map(int, line.read().split())
    return found


def _looked_for(pid: int) -> list[int]:
    found = []
    with suppress(OSError):
        found += [int(name) for name in os.listdir("/proc")  # noqa: PTH208  as in `resident`
                  if name.isdecimal() and _stat(int(name))[1:2] == [str(pid)]]
    return found


def _state(pid: int) -> str:
    """A letter as in ``ps``; ``X`` for a process that is gone."""
    return (_stat(pid) or ["X"])[0]


def _stat(pid: int) -> list[str]:
    """The fields of a process's state after its name: state, parent, …; empty for none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
