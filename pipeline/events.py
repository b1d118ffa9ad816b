"""The progress of a run, as whoever shows it is told."""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pipeline.executors import Running
from pipeline.outcome import Outcome
from pipeline.vocabulary import NOT_READ

_EVERY: Final = 0.5
"""Seconds between two words about what is being read."""


class Event(NamedTuple):
    """Progress: ``scanned`` ``planned`` ``read`` ``reading`` ``stopping`` ``publishing``, in this order.

    Attributes:
        kind: ``read`` tells of a file that was just read, ``reading`` of those that are being read.
        done: Files that have been read, of …
        total: … those to read; all that were found for ``scanned``.
        name: The file that was just read, or the one that is being read for the longest time.
        status: What became of the file that was just read.
        failures: Files that could not be read so far.
        seconds: How long the file took, or has been read for.
        left: Seconds that the rest is expected to take; None where nothing tells.
    """

    kind: str
    done: int = 0
    total: int = 0
    name: str | None = None
    status: str | None = None
    failures: int = 0
    seconds: float = 0.0
    left: float | None = None


OnEvent = Callable[[Event], None]


class Progress:
    """How far a run has come.

    Args:
        on_event: Whom to tell.
        total: Files to read.
        expected: Seconds that they are expected to take, one after the other.
    """

    def __init__(self, on_event: OnEvent, total: int, expected: float) -> None:
        self._on_event = on_event
        self._total = total
        self._expected = expected
        self._spent = 0.0
        self._started = self._told = time.monotonic()
        self.done = 0
        self.failures = 0

    def read(self, name: str, outcome: Outcome, seconds: float, expected: float) -> None:
        """A file was read; it was expected to take so long."""
        self.done += 1
        self.failures += outcome.status in NOT_READ
        self._spent += expected
        self._tell("read", name, outcome.status, seconds)

    def reading(self, running: Sequence[Running]) -> None:
        """So many files are being read, the first for the longest time."""
        now = time.monotonic()
        if running and now - self._told >= _EVERY:
            self._told = now
            self._tell("reading", running[0].task.relative, None, running[0].seconds)

    def tell(self, kind: str) -> None:
        """Anything else happened."""
        self._tell(kind, None, None, 0.0)

    def _tell(self, kind: str, name: str | None, status: str | None, seconds: float) -> None:
        self._on_event(Event(kind, self.done, self._total, name, status, self.failures, seconds, self._left()))

    def _left(self) -> float | None:
        """By the share of the expected seconds that is done: long documents come first."""
        if self._spent <= 0:
            return None
        return (time.monotonic() - self._started) * max(self._expected / self._spent - 1, 0)
