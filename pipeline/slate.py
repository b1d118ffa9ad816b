"""What a worker lets the run see at any moment without a message: four words of shared memory.

A message for each document begun would wake the run as often as its results do; this costs nothing.

Whoever writes and whoever reads are different processes, and either may be set aside by the system between
any two steps. So whatever belongs together stands in one word of eight bytes, which is written and read
in one step. `struct.pack_into` would not do: it fills with zeros first, and a document whose time was read
at that instant had been begun when the machine was started, and was given up as late.
"""

import mmap
from typing import Final, NamedTuple

from pipeline.kinds import KINDS

_ORDER: Final = tuple(KINDS)

_BEGUN, _ENDED, _HOLD, _WORKER = range(0, 32, 8)     # a line of the processor's cache for each writer
_WORD: Final = "Q"

_KIND_BITS: Final = 4
_NUMBER_BITS: Final = 20
_TICKS: Final = 1000
"""A second's; 40 bits of them are 34 years."""


class Begun(NamedTuple):
    """The document that a worker is at.

    Attributes:
        number: How many documents it had begun, this one included, as `counted` says it.
        since: When, on the monotonic clock, to a thousandth of a second.
        kind: As in `pipeline.kinds`.
    """

    number: int
    since: float
    kind: str


def counted(documents: int) -> int:
    """A number of documents as a slate holds it: a million of them is 0 again."""
    return documents % (1 << _NUMBER_BITS)


class Slate:
    """Written by the worker and its keeper, read by the run; the other way only `hold`."""

    def __init__(self) -> None:
        self._words = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast(_WORD)

    def begin(self, begun: Begun) -> None:
        """Note that the next document is begun."""
        ticks = round(begun.since * _TICKS)
        self._words[_BEGUN] = ((ticks << _NUMBER_BITS | counted(begun.number)) << _KIND_BITS
                               | _ORDER.index(begun.kind))

    @property
    def begun(self) -> Begun:
        """The document that the worker is at, or was at last."""
        rest, kind = divmod(self._words[_BEGUN], 1 << _KIND_BITS)
        ticks, number = divmod(rest, 1 << _NUMBER_BITS)
        return Begun(number, ticks / _TICKS, _ORDER[kind])

    @property
    def worker(self) -> int:
        """The process id of the worker; 0 before it lives."""
        return self._words[_WORKER]

    @worker.setter
    def worker(self, pid: int) -> None:
        self._words[_WORKER] = pid

    def note_end(self, status: int) -> None:
        """Note how the worker ended, as `os.wait` tells it."""
        self._words[_ENDED] = status + 1

    @property
    def status(self) -> int | None:
        """How the worker ended; None where it has not, or nobody saw it."""
        noted = self._words[_ENDED]
        return noted - 1 if noted else None

    def hold(self) -> None:
        """Ask the worker to begin no further document."""
        self._words[_HOLD] = 1

    @property
    def is_held(self) -> bool:
        """Whether no further document is to be begun."""
        return self._words[_HOLD] == 1
