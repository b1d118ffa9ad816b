"""What a run would read, and why: each file against what is known of it."""

from collections.abc import Collection
from typing import Final

from pipeline import kinds
from pipeline.estimates import Estimates
from pipeline.interrupts import NEVER, Stop
from pipeline.outcome import Outcome
from pipeline.sources import READ_LIMIT, content_hash
from pipeline.state import State
from pipeline.worklist import Fate, Listed, Worklist

NO_RETRY: Final = frozenset[str]()


def draw_up(state: State, worklist: Worklist, retry: Collection[str] = NO_RETRY, stop: Stop = NEVER) -> float:
    """Settle the fate of every file; the seconds that those to be read are expected to take.

    A file of a size that is known is hashed, so that bytes that stand elsewhere by now, or have only
    a new time, are known again.

    Args:
        state: What has been done.
        worklist: The files that were found.
        retry: Statuses, or first words of reasons, whose documents are read again.
        stop: Asked for, the plan is given up.

    Raises:
        KeyboardInterrupt: A person stopped the run.
    """
    sizes = state.sizes()
    estimates = Estimates(state.history())
    for file in stop.guard(worklist.files()):
        worklist.settle(file.relative, _fate(state, file, sizes, estimates, retry))
    return worklist.line_up()


def _fate(state: State, file: Listed, sizes: Collection[int], estimates: Estimates, retry: Collection[str]) -> Fate:
    kind = kinds.by_name(file.relative)
    if file.stamp is None:
        return Fate("problem", kind, 0.0, None)
    seen = state.look(file.path, file.stamp)
    document_id = seen.document_id
    if document_id is None and (file.stamp.size in sizes or file.stamp.size > READ_LIMIT):
        document_id = hashed(file.path)
        if document_id is not None:
            state.remember(file.path, file.stamp, document_id)
    seconds = estimates.seconds(kind, file.stamp.size)
    why = "changed" if seen.before else "new"
    if document_id is None:
        return Fate(why, kind, seconds, None)
    outcome = state.find(document_id)
    if outcome is not None:
        why = "retry" if is_named(outcome, retry) else "known"
        return Fate(why, kind, seconds if why == "retry" else 0.0, document_id)
    earlier = state.earlier(document_id)
    return Fate(why, kind, seconds, document_id) if earlier is None else Fate("code", *earlier, document_id)


def is_named(outcome: Outcome, words: Collection[str]) -> bool:
    """Whether the status of an outcome, or the first word of its reason, is among some words."""
    return outcome.status in words or (outcome.reason or "").partition(":")[0] in words


def hashed(path: str) -> str | None:
    """The hash of a file; None where it cannot be read: reading it will say why."""
    try:
        return content_hash(path)
    except OSError:
        return None
