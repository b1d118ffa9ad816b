"""What has been done: one SQLite file, so that nothing is read twice.

A cache and no record: whatever is in it can be made again from the input. Bytes are known by
their hash, what was made of them by the fingerprint of the code that made it.
"""

import json
import math
import os
import sqlite3
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.errors import NothingFound, UsageProblem
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome, Spent, Stamp, printable
from pipeline.sources import Source
from pipeline.state_file import FILE, Lock, connect
from pipeline.vocabulary import NOT_READ
from pipeline.worklist import Worklist, under

_SETTLED_NS: Final = 50_000_000
"""A file changed this shortly before the scan may change again without a new time stamp."""

_COMMIT_CHANGES: Final = 400
_COMMIT_SECONDS: Final = 2.0
"""What a killed run loses at most: two changes go with each document."""


_KEPT: Final = Outcome._fields[:-1]      # all but the rows
_DECIMALS: Final = ("stated_amount_yuan", "stated_average_score")
_ALL: Final = (*_KEPT, "code", "fingerprint", "size", *Spent._fields, "rows")
_NOT_READ: Final = "('" + "', '".join(sorted(NOT_READ)) + "')"
_FIND: Final = (   # both statements hold no names but ours
    f"SELECT {', '.join(_KEPT)} FROM outcomes"  # noqa: S608
    " WHERE document_id = ? AND fingerprint = ?")
_SAVE: Final = (
    f"INSERT INTO outcomes ({', '.join(_ALL)}) VALUES ({', '.join('?' * len(_ALL))})"  # noqa: S608
    f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _ALL[1:])}"
    f" WHERE excluded.status NOT IN {_NOT_READ} OR outcomes.status IN {_NOT_READ}")


class Seen(NamedTuple):
    """What is known of a file: its document, while it has not changed; ``before``: its path is known."""

    document_id: str | None
    before: bool


class Run(NamedTuple):
    """One run; ``seconds``, ``exit_code`` and ``summary`` are None where it was killed."""

    year: int
    input: str
    out: str
    started: str
    seconds: float | None
    exit_code: int | None
    summary: dict[str, Any] | None


class State:
    """The state of all runs that share a folder. Get one from `open_state`.

    It knows the fingerprint of this run, and when its input was scanned, in ns since the epoch.
    """

    def __init__(self, connection: sqlite3.Connection, prints: Fingerprint, scanned_ns: int
                 ) -> None:
        self._db = connection
        self._prints = prints
        self._scanned_ns = scanned_ns
        self._changes = 0
        self._last_commit = time.monotonic()

    # ── files ────────────────────────────────────────────────────────────────

    def look(self, path: str, stamp: Stamp) -> Seen:
        """What is known of a file; its document only where it has not changed since it was hashed."""
        row = self._db.execute(
            "SELECT document_id, scanned_ns, size, mtime_ns, ctime_ns FROM files WHERE path = ?",
            (os.fsencode(path),)).fetchone()
        if row is None:
            return Seen(None, before=False)
        if row[2:] != stamp or max(stamp.mtime_ns, stamp.ctime_ns) + _SETTLED_NS > row[1]:
            return Seen(None, before=True)
        return Seen(str(row[0]), before=True)

    def sizes(self) -> set[int]:
        """The sizes of all known files: one of another size cannot be known by its hash."""
        return {size for size, in self._db.execute("SELECT DISTINCT size FROM files")}

    def remember(self, path: str, stamp: Stamp, document_id: str) -> None:
        """Note the hash of a file as it was at the time of the scan."""
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
                    (os.fsencode(path), *stamp, self._scanned_ns, document_id))

    def forget_unlisted(self, root: Path | str) -> int:
        """Drop what is known of files under ``root`` that are not in the work list; how many."""
        return self._write(
            "DELETE FROM files WHERE path >= ? AND path < ?"
            " AND path NOT IN (SELECT path FROM temp.listed)", under(root)).rowcount

    # ── outcomes ─────────────────────────────────────────────────────────────

    def save(self, outcome: Outcome, spent: Spent, size: int) -> None:
        """Keep the outcome of a document that has a document_id, and what it took.

        A document that was not read never takes the place of what was read from a copy.
        """
        assert outcome.document_id is not None
        values = outcome._asdict() | {"counts": json.dumps(dict(outcome.counts))} | spent._asdict()
        for name in _DECIMALS:
            values[name] = None if values[name] is None else str(values[name])
        values |= {"code": self._prints.code, "fingerprint": self._prints.of(outcome.document_id), "size": size}
        self._write(_SAVE, [values[name] for name in _ALL])

    def find(self, document_id: str) -> Outcome | None:
        """What became of a document under this code and these corrections, without its rows."""
        row = self._db.execute(_FIND, (document_id, self._prints.of(document_id))).fetchone()
        if row is None:
            return None
        values = dict(zip(_KEPT, row, strict=True))
        for name in _DECIMALS:
            values[name] = None if values[name] is None else Decimal(values[name])
        return Outcome(**values | {"counts": json.loads(values["counts"])})

    def earlier(self, document_id: str) -> tuple[str, float] | None:
        """The kind of a document that other code read, and the seconds that it took."""
        row = self._db.execute("SELECT kind, seconds FROM outcomes WHERE document_id = ? ORDER BY rowid DESC",
                               (document_id,)).fetchone()
        return row and (str(row[0]), float(row[1]))

    def history(self) -> list[tuple[str, int, int, float]]:
        """Kind, size and seconds of what was read: ``(kind, documents, bytes, seconds)``."""
        return self._db.execute(
            "SELECT kind, count(*), sum(size), sum(seconds) FROM outcomes"
            " WHERE status IN ('extracted', 'no_forms') GROUP BY kind").fetchall()

    def worklist(self, sources: Iterable[Source]) -> Worklist:
        """The work list of this run; one at a time."""
        self._db.create_function("print_of", 1, lambda one: one and self._prints.of(one), deterministic=True)
        self._db.create_function("log2_of", 1, lambda one: math.log2(max(one, 1e-9)), deterministic=True)
        self.commit()
        return Worklist(self._db, sources)

    def prune(self) -> None:
        """Drop outcomes that other code made, and those of documents that are gone."""
        self._write("DELETE FROM outcomes WHERE code <> ?"
                    " OR document_id NOT IN (SELECT document_id FROM files)",
                    (self._prints.code,))

    # ── runs and what they published ─────────────────────────────────────────

    def begin_run(self, year: int, folder: Path | str, out: Path | str) -> int:
        """Note that a run has begun; its number."""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        cursor = self._write(
            "INSERT INTO runs (year, input, out, started) VALUES (?, ?, ?, ?)",
            (year, printable(os.fspath(folder)), printable(os.fspath(out)), started))
        self.commit()
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def end_run(self, run: int, seconds: float, exit_code: int,
                summary: Mapping[str, object] | None = None) -> None:
        """Note how a run ended."""
        self._write("UPDATE runs SET seconds = ?, exit_code = ?, summary = ? WHERE id = ?",
                    (seconds, exit_code, summary and json.dumps(summary), run))
        self.commit()

    def published(self, out: Path, year: int) -> tuple[str, list[list[Any]]] | None:
        """The signature of what was published for a year, and its files; None where nothing was."""
        row = self._db.execute("SELECT signature, files FROM published WHERE out = ? AND year = ?",
                               (os.fsencode(out), year)).fetchone()
        return row and (row[0], json.loads(row[1]))

    def note_published(self, out: Path, year: int, signature: str,
                       files: Sequence[Sequence[object]]) -> None:
        """Note what was published, so that the same need not be published again."""
        self._write("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?)",
                    (os.fsencode(out), year, signature, json.dumps(files)))
        self.commit()

    # ── transactions ─────────────────────────────────────────────────────────

    def commit(self) -> None:
        """Make all changes outlast this process."""
        self._db.commit()
        self._changes = 0
        self._last_commit = time.monotonic()

    def _write(self, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        cursor = self._db.execute(statement, values)
        self._changes += 1
        if (self._changes >= _COMMIT_CHANGES
                or time.monotonic() - self._last_commit > _COMMIT_SECONDS):
            self.commit()
        return cursor


# ── opening ──────────────────────────────────────────────────────────────────


@contextmanager
def open_state(folder: Path, prints: Fingerprint, scanned_ns: int) -> Iterator[State]:
    """The state in ``folder``, for this run alone; made where it is missing.

    A file that is damaged, or of another version, is put aside with a word on stderr, and an
    empty one is begun. All changes are kept when the block ends, however it ends.

    Raises:
        StateBusy: Another run holds the folder.
        UsageProblem: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder)
    except OSError as error:
        raise UsageProblem(f"The state folder {folder} cannot be written: {error.strerror}.",
                           "Give yourself the right to, or name another (--state DIR).") from error
    with closing(lock), closing(connect(folder)) as connection:
        state = State(connection, prints, scanned_ns)
        try:
            yield state
        finally:
            state.commit()


class Times(NamedTuple):
    """What documents of a kind took: seconds of wall clock that so many of a hundred stayed below."""

    kind: str
    documents: int
    failures: int
    p50: float
    p90: float
    p99: float
    longest: float
    cpu_seconds: float


def times(folder: Path) -> list[Times]:
    """What the documents of the state took, by kind; the costliest first. Failures count too."""
    seconds: dict[str, array[float]] = defaultdict(lambda: array("d"))
    failures: Counter[str] = Counter()
    cpu_seconds: Counter[str] = Counter()
    with _looked_into(folder) as connection:
        for kind, each, cpu, status in connection.execute(
                "SELECT kind, seconds, cpu_seconds, status FROM outcomes ORDER BY seconds"):
            seconds[kind].append(each)
            failures[kind] += status in NOT_READ
            cpu_seconds[kind] += cpu
    found = []
    for kind, sorted_ in seconds.items():
        at = [sorted_[min(len(sorted_) * part // 100, len(sorted_) - 1)] for part in (50, 90, 99, 100)]
        found.append(Times._make((kind, len(sorted_), failures[kind], *at, cpu_seconds[kind])))
    return sorted(found, key=lambda each: -each.cpu_seconds)


@contextmanager
def _looked_into(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, while a run may be going on.

    Raises:
        NothingFound: There has been no run.
    """
    path = folder / FILE
    if not path.exists():
        raise NothingFound(f"There has been no run: {folder} holds no state.",
                           "Run `jixiao extract --year YEAR`, or name the folder (--state DIR).")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def last_runs(folder: Path, limit: int) -> list[Run]:
    """The last runs, newest first. May be called while a run is going on.

    Raises:
        NothingFound: There has been no run.
    """
    with _looked_into(folder) as connection:
        rows = connection.execute(
            "SELECT year, input, out, started, seconds, exit_code, summary FROM runs"
            " ORDER BY id DESC LIMIT ?", (limit,))
        return [Run._make((*row[:-1], row[-1] and json.loads(row[-1]))) for row in rows]
