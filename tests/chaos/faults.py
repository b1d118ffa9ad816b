"""Document stages that go wrong: each fault strikes chosen documents, at a chosen point of their reading."""

import ctypes
import os
import re
import signal
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from pipeline import document
from pipeline.run import Reader

POINTS = ("before it is opened", "while it is read", "when it was read")
STORM = 150
"""Processes that a fork storm stops at, so that it harms nobody where nobody stops it."""


def segfault():
    ctypes.string_at(0)


def endless_loop():
    while True:
        pass


def endless_library():
    """Within one call of a library, which no Python signal handler can interrupt."""
    re.match(r"(a+)+$", "a" * 200 + "b")


def fork_storm():
    """Children that leave group and session, and fork in turn."""
    for _ in range(STORM):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(600)
            time.sleep(600)
    time.sleep(600)


def orphans_and_death():
    """A child of a child, in a session of its own, keeps all pipes open when the worker dies."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()
    os.kill(os.getpid(), signal.SIGSEGV)


def huge_allocation():
    bytearray(100 << 30)


def growth():
    """Memory that grows until someone looks."""
    held = []
    while True:
        held.append(b"x" * (32 << 20))


def killed():
    """As the kernel does it where memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_with_its_keeper():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def stopped():
    os.kill(os.getpid(), signal.SIGSTOP)


def half_a_message():
    """Dies after the first bytes of an answer, which the run must not wait for the rest of."""
    for descriptor in range(3, 256):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, b"\xff\xff\xff\0\0\0\0\0half")
    os.kill(os.getpid(), signal.SIGSTOP)


def closed_descriptors():
    os.closerange(3, 1024)


def left():
    os._exit(0)


def error():
    raise RuntimeError("a fault of the program")


def clock_jump():
    """The wall clock of the worker goes back by a year; reading goes on."""
    real = time.time
    time.time = lambda: real() - 366 * 86400
    time.time_ns = lambda: int(time.time() * 1e9)


IN_CHILD: Mapping[str, tuple[Callable[[], None], str]] = {
    "segmentation fault": (segfault, "crashed"),
    "endless loop": (endless_loop, "timeout"),
    "endless loop in a library": (endless_library, "timeout"),
    "fork storm in sessions of their own": (fork_storm, "crashed"),
    "orphan that keeps the pipes, then SIGSEGV": (orphans_and_death, "crashed"),
    "allocation of 100 GB": (huge_allocation, "unreadable"),
    "memory that grows": (growth, "unreadable"),
    "SIGKILL, as from the kernel": (killed, "crashed"),
    "SIGKILL of the worker's keeper": (killed_with_its_keeper, "crashed"),
    "SIGSTOP": (stopped, "timeout"),
    "half an answer, then SIGSTOP": (half_a_message, "timeout"),
    "all descriptors closed": (closed_descriptors, "crashed"),
    "exit in the middle": (left, "crashed"),
    "exception": (error, "crashed"),
    "wall clock set back in the worker": (clock_jump, "extracted"),
}
"""Faults by name, with what becomes of the document."""


def striking(reader: Reader, fault: Callable[[], None], points: Mapping[str, str], armed: Path) -> Reader:
    """A reader whose documents meet a fault while a file exists.

    Args:
        reader: A good one.
        fault: What happens.
        points: When, of `POINTS`, by relative path.
        armed: The file.
    """
    whole = document.normalise

    def process(task):
        point = points.get(task.relative) if armed.exists() else None
        if point == POINTS[0]:
            fault()
        if point == POINTS[1]:
            document.normalise = lambda *given: (fault(), whole(*given))[1]
        try:
            outcome = reader.process(task)
        finally:
            document.normalise = whole
        if point == POINTS[2]:
            fault()
        return outcome

    return reader._replace(process=process)
