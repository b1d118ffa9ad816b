"""What a run did, in numbers."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from pipeline.errors import ExitCode
from pipeline.outcome import Outcome

_SEVERITIES: Final = ("error", "warning", "info")
_NOT_READ: Final = ("unreadable", "timeout", "crashed")


class Unread(NamedTuple):
    """A file that could not be read, and why."""

    path: str
    status: str
    reason: str


class Contents(NamedTuple):
    """What stands in the tables of a year.

    ``files`` counts rows of ``documents`` and ``by_status`` splits them; ``forms``, ``funds``,
    ``indicators`` and ``findings`` (by severity) count rows of the tables named so, in which a
    document that stands under several paths stands once.
    """

    files: int
    by_status: dict[str, int]
    forms: int
    funds: int
    indicators: int
    findings: dict[str, int]
    unreadable: tuple[Unread, ...]


class Summary(NamedTuple):
    """What a run did.

    ``read`` files were read now, ``reused`` were known from before; ``removed`` files were
    there in the last run and are gone; ``published`` is False where nothing had changed.
    """

    year: int
    out: str
    contents: Contents
    read: int
    reused: int
    removed: int
    published: bool
    seconds: float

    def plain(self) -> dict[str, object]:
        """The summary as dictionaries and lists, ready for JSON."""
        unread = [each._asdict() for each in self.contents.unreadable]
        return self._asdict() | {"contents": self.contents._asdict() | {"unreadable": unread}}


def exit_code(summary: Summary) -> ExitCode:
    """What the command exits with after a run that came to its end."""
    if summary.contents.by_status.get("crashed"):
        return ExitCode.BUG
    if summary.contents.unreadable:
        return ExitCode.SOME_UNREADABLE
    return ExitCode.OK


def contents_of(documents: Iterable[tuple[str, Outcome]]) -> Contents:
    """The contents of a year, from every path with the outcome of its file."""
    statuses: Counter[str] = Counter()
    copies: Counter[str | None] = Counter()
    counts: dict[str | None, Counter[str]] = {}
    unread = []
    for path, outcome in documents:
        statuses[outcome.status] += 1
        copies[outcome.document_id] += 1
        if outcome.counts:
            counts[outcome.document_id] = Counter(outcome.counts)
        if outcome.status in _NOT_READ:
            unread.append(Unread(path, outcome.status, outcome.reason or ""))
    total: Counter[str] = Counter()
    for each in counts.values():
        total.update(each)
    del copies[None]     # bytes that could not be read may well differ
    total["info"] += sum(number > 1 for number in copies.values())    # duplicate_document
    return Contents(
        files=sum(statuses.values()), by_status=dict(statuses), forms=total["projects"],
        funds=total["funds"], indicators=total["indicators"],
        findings={name: total[name] for name in _SEVERITIES}, unreadable=tuple(unread))
