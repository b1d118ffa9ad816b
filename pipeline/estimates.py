"""What reading is expected to take: from what was read before, by kind and size."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from pipeline.kinds import KINDS, base

_OWN: Final = 20
"""Documents of a kind after which only what was measured counts."""


class _Measured(NamedTuple):
    documents: int
    mib: float
    seconds: float


class Estimates:
    """Seconds by kind and size.

    Half of what a document takes is put down to its kind and half to its size: among documents of one
    kind that are ten times as large, some take ten times as long and others no longer.
    """

    def __init__(self, history: Iterable[tuple[str, int, int, float]]) -> None:
        """As `pipeline.state.State.history` gives it; what was recognised counts with its kind."""
        self._measured: dict[str, _Measured] = {}
        for kind, documents, size, seconds in history:
            before = self._measured.get(base(kind), _Measured(0, 0, 0))
            self._measured[base(kind)] = _Measured(
                before.documents + documents, before.mib + size / (1 << 20), before.seconds + seconds)

    def seconds(self, kind: str, size: int) -> float:
        """What a document is expected to take."""
        mib = size / (1 << 20)
        assumed = KINDS[base(kind)].seconds + KINDS[base(kind)].rate * mib
        measured = self._measured.get(base(kind))
        if measured is None or not measured.mib:
            return assumed
        mean = measured.seconds / measured.documents
        ratio = mib / (measured.mib / measured.documents)
        weight = min(measured.documents / _OWN, 1)
        return weight * mean * (0.5 + 0.5 * ratio) + (1 - weight) * assumed
