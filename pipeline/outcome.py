"""What goes into the document stage and what comes out of it: plain data, cheap to pickle."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class Stamp(NamedTuple):
    """What tells that a file has not changed.

    ``ctime_ns`` also moves when a program puts an old time on new bytes.
    """

    size: int
    mtime_ns: int
    ctime_ns: int


class Task(NamedTuple):
    """One file to read. It carries no bytes: whoever reads the file opens it.

    Attributes:
        path: Where the file is; bytes that are not UTF-8 stand as surrogate escapes.
        relative: The path inside the input folder, with ``/``, printable.
        document_id: SHA-256 of the bytes where it is already known, else None. It is always
            known for a file above `pipeline.sources.READ_LIMIT`, which must not be read.
        size: Bytes, at the time of the scan.
    """

    path: str
    relative: str
    document_id: str | None
    size: int


class Outcome(NamedTuple):
    """What became of one document.

    Attributes:
        document_id: SHA-256 of the bytes; None where they could not be read.
        status: A word of `pipeline.vocabulary.STATUS`.
        reason: Why it was not read, ``key: words``; None where it was.
        counts: Rows by table name, and findings by severity.
        rows: The rows of the tables, as `pipeline.batches.encode` writes them.

    The other attributes are the columns of ``documents``.
    """

    document_id: str | None
    status: str
    reason: str | None = None
    media_type: str | None = None
    page_count: int | None = None
    form_count: int = 0
    stated_form_count: int | None = None
    stated_amount_yuan: Decimal | None = None
    stated_average_score: Decimal | None = None
    counts: Mapping[str, int] = {}
    rows: bytes = b""


class Spent(NamedTuple):
    """What reading a document took.

    Attributes:
        kind: As in `pipeline.kinds`; with ``+ocr`` where a page was read as a picture.
        seconds: Wall clock, from opening the file to the rows.
        cpu_seconds: Of the processor, programs that were started included; where the process did
            not live to tell, the wall clock.
        attempts: How often it was begun in this run.
    """

    kind: str
    seconds: float
    cpu_seconds: float
    attempts: int = 1


class Result(NamedTuple):
    """What became of a task, and what that took."""

    task: Task
    outcome: Outcome
    spent: Spent


UNTOLD = frozenset({"timeout", "crashed", "too_large"})
"""Statuses, or first words of reasons, of documents whose reader may not have lived to tell their hash."""


def printable(text: str) -> str:
    r"""The text with what is no character (undecodable bytes of a file name) as ``\udcNN``.

    >>> printable("报告\udcff.txt")
    '报告\\udcff.txt'
    """
    return text.encode("utf-8", "backslashreplace").decode()
