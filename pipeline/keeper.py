"""The process between the run and a worker: it outlives the worker and ends what that leaves behind.

It reads no document, so nothing that a document does reaches it. Orphans of the worker become its
children, so that they can be found. It ends everything when the worker has ended, when it is asked to
(SIGTERM), and when the run is gone, however that ended.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from pipeline import processes
from pipeline.channel import Channel
from pipeline.slate import Slate

_SIGNALS: Final = (signal.SIGCHLD, signal.SIGTERM)
_PATIENCE: Final = 2.0
"""Seconds in which killed processes are waited for; one may hang in a broken disk."""

Work = Callable[[socket.socket, Slate], None]


def keep(work: Work, end: socket.socket, slate: Slate, parent: int, ours: Iterable[Channel]) -> None:
    """Start a worker and wait for its end; the last thing that this process does.

    Args:
        work: What the worker does, with the two that follow.
        end: The worker's end of its channel; closed in the keeper, or it would never look gone.
        slate: Where the worker's end is noted.
        parent: The process id of the run.
        ours: The run's ends of all channels; closed here too, or the worker would not see them close.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)     # the run decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(OSError):
        os.setsid()
    processes.adopt_orphans()
    processes.die_with_parent(parent, signal.SIGTERM)
    here = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_worker(work, end, slate, here)
    end.close()
    for each in ours:
        each.close()
    _wait_for(pid, slate)
    processes.end_below(here)
    processes.wait_until(_reaped_all, _PATIENCE)
    os._exit(0)


def _become_worker(work: Work, end: socket.socket, slate: Slate, keeper: int) -> None:
    code = 1
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        processes.die_with_parent(keeper, signal.SIGKILL)
        processes.be_killed_first()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        work(end, slate)
        code = 0
    finally:
        os._exit(code)      # nothing of the run's may be flushed or closed here


def _wait_for(worker: int, slate: Slate) -> None:
    """Wait until the worker has ended, or someone asks for its end."""
    asked = False
    while not asked:
        asked = signal.sigwait(_SIGNALS) == signal.SIGTERM      # comes first where both are there
        while (ended := _reap()) is not None:
            pid, status = ended
            if pid == worker:
                slate.note_end(status)
                return


def _reap() -> tuple[int, int] | None:
    """A child that has ended, and how; None where there is none now."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _reaped_all() -> bool:
    """Whether no child is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False
