"""What a worker lets the run see at any moment without a message: a page of shared memory.

A message for each document begun would wake the run as often as its results do; this costs nothing.
"""

import mmap
import struct
from typing import Final, NamedTuple

from pipeline.kinds import KINDS

_ORDER: Final = tuple(KINDS)
_BEGUN: Final = struct.Struct("<QdB")       # number, time, kind
_ENDED: Final = struct.Struct("<Bi")        # whether, and the status that wait gave
_ENDED_AT: Final = 64
_HOLD_AT: Final = 128
_WORKER: Final = struct.Struct("<q")
_WORKER_AT: Final = 192


class Begun(NamedTuple):
    """The document that a worker is at.

    Attributes:
        number: How many documents it had begun, this one included.
        since: When, on the monotonic clock.
        kind: As in `pipeline.kinds`.
    """

    number: int
    since: float
    kind: str


class Slate:
    """Written by the worker and its keeper, read by the run; the other way only `hold`."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE)

    def begin(self, begun: Begun) -> None:
        """Note that the next document is begun."""
        _BEGUN.pack_into(self._page, 0, begun.number, begun.since, _ORDER.index(begun.kind))

    @property
    def begun(self) -> Begun:
        """The document that the worker is at, or was at last."""
        number, since, kind = _BEGUN.unpack_from(self._page, 0)
        return Begun(number, since, _ORDER[kind])

    @property
    def worker(self) -> int:
        """The process id of the worker; 0 before it lives."""
        (pid,) = _WORKER.unpack_from(self._page, _WORKER_AT)
        return int(pid)

    @worker.setter
    def worker(self, pid: int) -> None:
        _WORKER.pack_into(self._page, _WORKER_AT, pid)

    def note_end(self, status: int) -> None:
        """Note how the worker ended, as `os.wait` tells it."""
        _ENDED.pack_into(self._page, _ENDED_AT, 1, status)

    @property
    def status(self) -> int | None:
        """How the worker ended; None where it has not, or nobody saw it."""
        ended, status = _ENDED.unpack_from(self._page, _ENDED_AT)
        return status if ended else None

    def hold(self) -> None:
        """Ask the worker to begin no further document."""
        self._page[_HOLD_AT] = 1

    @property
    def is_held(self) -> bool:
        """Whether no further document is to be begun."""
        return self._page[_HOLD_AT] == 1
