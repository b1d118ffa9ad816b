"""What a run did, in numbers."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from pipeline.errors import ExitCode
from pipeline.outcome import Outcome
from pipeline.vocabulary import NOT_READ

_SEVERITIES: Final = ("error", "warning", "info")
MOST_UNREAD: Final = 1000
"""Files that could not be read and are named in a summary; the table documents has all."""


class Unread(NamedTuple):
    """A file that could not be read, and why."""

    path: str
    status: str
    reason: str


class Contents(NamedTuple):
    """What stands in the tables of a year.

    ``files`` counts rows of ``documents`` and ``by_status`` splits them; ``forms``, ``funds``,
    ``indicators`` and ``findings`` (by severity) count rows of the tables named so, in which a
    document that stands under several paths stands once. ``unreadable`` names the first
    `MOST_UNREAD` files that could not be read.
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
    statuses = summary.contents.by_status
    if statuses.get("crashed"):
        return ExitCode.BUG
    if any(statuses.get(status) for status in NOT_READ):
        return ExitCode.SOME_UNREADABLE
    return ExitCode.OK


def contents_of(files: Iterable[tuple[str, Outcome]], copies: Collection[str]) -> Contents:
    """The contents of a year.

    Args:
        files: Every path with the outcome of its file.
        copies: The documents that stand under more than one path.
    """
    statuses: Counter[str] = Counter()
    total: Counter[str] = Counter()
    counted: set[str] = set()
    unread: list[Unread] = []
    for path, outcome in files:
        statuses[outcome.status] += 1
        if outcome.document_id not in counted:
            total.update(outcome.counts)
        if outcome.document_id in copies:
            counted.add(str(outcome.document_id))
        if outcome.status in NOT_READ and len(unread) < MOST_UNREAD:
            unread.append(Unread(path, outcome.status, outcome.reason or ""))
    total["info"] += len(copies)     # duplicate_document
    return Contents(
        files=sum(statuses.values()), by_status=dict(statuses), forms=total["projects"],
        funds=total["funds"], indicators=total["indicators"],
        findings={name: total[name] for name in _SEVERITIES}, unreadable=tuple(unread))
