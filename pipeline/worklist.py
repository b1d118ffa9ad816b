"""The files of one run, in a temporary table: what stands in it takes no memory, however many there are."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.dataset import Copies
from pipeline.outcome import Outcome, Stamp, Task
from pipeline.sources import Source

_PAGE: Final = 512
PATHS_KEPT: Final = 5
"""Paths of a document that stands under many that are named."""

_TABLES: Final = """
CREATE TEMP TABLE listed (
    relative TEXT PRIMARY KEY, path BLOB NOT NULL, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
    why TEXT, kind TEXT, seconds REAL, document_id TEXT, status TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX temp.listed_ids ON listed (document_id, relative) WHERE document_id IS NOT NULL;
CREATE TEMP TABLE queue (number INTEGER PRIMARY KEY, relative TEXT NOT NULL);
"""

_ROW: Final = """SELECT l.relative, l.document_id, coalesce(l.status, o.status), coalesce(l.reason, o.reason),
    o.media_type, o.page_count, coalesce(o.form_count, 0), o.stated_form_count, o.stated_amount_yuan,
    o.stated_average_score, o.counts
    FROM listed l LEFT JOIN outcomes o ON o.document_id = l.document_id AND o.fingerprint = print_of(l.document_id)
    ORDER BY l.relative"""


class Listed(NamedTuple):
    """A file that was found, with what tells whether it has changed; None where it cannot be read."""

    path: str
    relative: str
    stamp: Stamp | None


class Fate(NamedTuple):
    """What is to become of a file: ``why`` it is read, or ``known`` or ``problem``, where it is not.

    Attributes:
        why: ``new``, ``changed``, ``retry``, ``code`` (code or corrections differ), ``known``, ``problem``.
        kind: As in `pipeline.kinds`.
        seconds: What reading is expected to take; 0 where it is not read.
        document_id: Where it is known.
    """

    why: str
    kind: str
    seconds: float
    document_id: str | None


READ: Final = ("new", "changed", "retry", "code")
"""Why a file is read."""


class Planned(NamedTuple):
    """Files of one kind and fate: how many, their bytes, and the seconds that they are expected to take."""

    why: str
    kind: str
    files: int
    size: int
    seconds: float


class Worklist:
    """The files of one run.

    Args:
        connection: That of the state, whose table of outcomes is read beside it; ``print_of`` must be
            a function there that gives the fingerprint of a document.
        sources: The files that were found, in any order.
    """

    def __init__(self, connection: sqlite3.Connection, sources: Iterable[Source]) -> None:
        self._db = connection
        connection.executescript(
            f"DROP TABLE IF EXISTS temp.listed; DROP TABLE IF EXISTS temp.queue; {_TABLES}")
        twins = [source for source in sources if not self._add(source.relative, source)]
        for source in sorted(twins, key=lambda each: (each.relative, os.fsencode(each.path))):
            name = source.relative + "\\"     # printing made two names equal
            while not self._add(name, source):
                name += "\\"
        connection.commit()

    def _add(self, relative: str, source: Source) -> bool:
        status = source.problem and "unreadable"
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO listed VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, ?, ?)",
            (relative, os.fsencode(source.path), source.size, source.mtime_ns, source.ctime_ns,
             status, source.problem))
        return cursor.rowcount == 1

    def __len__(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM listed").fetchone()
        return int(count)

    # ── planning ─────────────────────────────────────────────────────────────

    def files(self) -> Iterator[Listed]:
        """All files, in the order of their relative paths; they may be changed meanwhile."""
        last = ""
        while rows := self._db.execute(
                "SELECT path, relative, size, mtime_ns, ctime_ns FROM listed WHERE relative > ?"
                " ORDER BY relative LIMIT ?", (last, _PAGE)).fetchall():
            for path, relative, *stamp in rows:
                yield Listed(os.fsdecode(path), relative, None if None in stamp else Stamp(*stamp))
            last = rows[-1][1]

    def settle(self, relative: str, fate: Fate) -> None:
        """Note what is to become of a file."""
        self._db.execute("UPDATE listed SET why = ?, kind = ?, seconds = ?, document_id = ? WHERE relative = ?",
                         (*fate, relative))

    def line_up(self) -> float:
        """Put the files that are to be read in order, the longest first; the seconds expected of all."""
        self._db.execute("DELETE FROM queue")
        # by powers of two: files of like length stay in the order of their folders
        self._db.execute(
            "INSERT INTO queue (relative) SELECT relative FROM listed WHERE why IN (?, ?, ?, ?)"
            " ORDER BY CAST(64 + log2_of(seconds) AS INTEGER) DESC, relative", READ)
        self._db.commit()
        (seconds,) = self._db.execute(
            "SELECT total(seconds) FROM listed JOIN queue USING (relative)").fetchone()
        return float(seconds)

    @property
    def queued(self) -> int:
        """How many files are to be read."""
        (count,) = self._db.execute("SELECT count(*) FROM queue").fetchone()
        return int(count)

    def planned(self) -> list[Planned]:
        """The files by fate and kind."""
        rows = self._db.execute(
            "SELECT why, kind, count(*), total(size), total(seconds) FROM listed GROUP BY why, kind"
            " ORDER BY total(seconds) DESC, why, kind")
        return [Planned(why, kind, files, int(size), seconds) for why, kind, files, size, seconds in rows]

    # ── reading ──────────────────────────────────────────────────────────────

    def tasks(self) -> Iterator[Task]:
        """The files to read, the longest first."""
        last = 0
        while rows := self._db.execute(
                "SELECT number, path, relative, document_id, size FROM queue JOIN listed USING (relative)"
                " WHERE number > ? ORDER BY number LIMIT ?", (last, _PAGE)).fetchall():
            for last, path, *rest in rows:  # noqa: B007  where the next page begins
                yield Task(os.fsdecode(path), *rest)

    def expected(self, relative: str) -> float:
        """The seconds that a file was expected to take."""
        (seconds,) = self._db.execute("SELECT seconds FROM listed WHERE relative = ?", (relative,)).fetchone()
        return float(seconds)

    def stamp(self, relative: str) -> Stamp:
        """What tells whether a file has changed since it was found."""
        return Stamp(*self._db.execute(
            "SELECT size, mtime_ns, ctime_ns FROM listed WHERE relative = ?", (relative,)).fetchone())

    def finish(self, relative: str, outcome: Outcome) -> None:
        """Note the outcome of a file: its document, or, where that is not known, all there is to say."""
        told = (None, None) if outcome.document_id else (outcome.status, outcome.reason)
        self._db.execute("UPDATE listed SET document_id = ?, status = ?, reason = ? WHERE relative = ?",
                         (outcome.document_id, *told, relative))

    # ── publishing ───────────────────────────────────────────────────────────

    def outcomes(self) -> Iterator[tuple[str, Outcome]]:
        """Every path with the outcome of its file, in order, without its rows."""
        for relative, *values, amount, score, counts in self._db.execute(_ROW):
            yield relative, Outcome._make((
                *values, amount and Decimal(amount), score and Decimal(score), json.loads(counts or "{}"), b""))

    def documents(self) -> Iterator[str]:
        """Each different document, in order."""
        return (one for one, in self._db.execute(
            "SELECT DISTINCT document_id FROM listed WHERE document_id IS NOT NULL ORDER BY document_id"))

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """``(document_id, rows)`` of each different document, in order."""
        return self._db.execute(
            "SELECT d.document_id, o.rows FROM (SELECT DISTINCT document_id FROM listed"
            " WHERE document_id IS NOT NULL ORDER BY document_id) d"
            " JOIN outcomes o ON o.document_id = d.document_id AND o.fingerprint = print_of(d.document_id)"
            " ORDER BY d.document_id")

    def copies(self) -> dict[str, Copies]:
        """The documents that stand under more than one path."""
        found: dict[str, Copies] = {}
        for identity, count in self._db.execute(
                "SELECT document_id, count(*) FROM listed WHERE document_id IS NOT NULL"
                " GROUP BY document_id HAVING count(*) > 1"):
            paths = self._db.execute(
                "SELECT relative FROM listed WHERE document_id = ? ORDER BY relative LIMIT ?",
                (identity, PATHS_KEPT)).fetchall()
            found[identity] = Copies(count, tuple(path for path, in paths))
        return found


def under(root: Path | str) -> tuple[bytes, bytes]:
    """The least path below a folder, and what is above them all."""
    start = os.fsencode(root).rstrip(b"/") + b"/"
    return start, start[:-1] + b"0"
