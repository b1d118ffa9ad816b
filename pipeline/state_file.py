"""The file behind the state: who may use it, what tables it has, and when it is begun anew."""

import fcntl
import os
import sqlite3
import sys
from pathlib import Path
from typing import Final
from weakref import WeakSet

from pipeline.errors import StateBusy, UsageProblem

FILE: Final = "state.sqlite"
_LOCK: Final = "lock"
_SCHEMA_VERSION: Final = 2

_SCHEMA: Final = """
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    scanned_ns INTEGER NOT NULL,
    document_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE outcomes (
    document_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    code TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    media_type TEXT,
    page_count INTEGER,
    form_count INTEGER NOT NULL,
    stated_form_count INTEGER,
    stated_amount_yuan TEXT,
    stated_average_score TEXT,
    counts TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    seconds REAL NOT NULL,
    cpu_seconds REAL NOT NULL,
    attempts INTEGER NOT NULL,
    rows BLOB NOT NULL,
    PRIMARY KEY (document_id, fingerprint)
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL,
    input TEXT NOT NULL,
    out TEXT NOT NULL,
    started TEXT NOT NULL,
    seconds REAL,
    exit_code INTEGER,
    summary TEXT
);
CREATE TABLE published (
    out BLOB NOT NULL,
    year INTEGER NOT NULL,
    signature TEXT NOT NULL,
    files TEXT NOT NULL,
    PRIMARY KEY (out, year)
) WITHOUT ROWID;
"""

_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(folder: Path) -> sqlite3.Connection:
    """A connection to the state file in a folder, of this version; begun where there is none.

    A file that is damaged, or of another version, is put aside with a word on stderr.

    Raises:
        UsageProblem: The file cannot be opened.
    """
    path = folder / FILE
    try:
        connection = _open_file(path)
        why = "was written by another version"
    except sqlite3.DatabaseError as error:
        if not is_damaged(error):
            raise UsageProblem(f"The state {path} cannot be opened: {error}.",
                               "Check the folder, or name another (--state DIR).") from error
        connection, why = None, "is damaged"
    if connection is None:
        put_aside(folder, why)
        connection = _open_file(path)
        assert connection is not None
    return connection


def put_aside(folder: Path, why: str) -> None:
    """Move a state file out of the way, keeping one, and say so on stderr."""
    path = folder / FILE
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(path.with_name(f"{path.name}.aside{suffix}"))
    sys.stderr.write(f"The state {path} {why}. It was renamed to {path.name}.aside and a new one"
                     " was begun: all documents are read again.\n")


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether an error says that the state file is no whole SQLite file."""
    code = getattr(error, "sqlite_errorcode", 0)    # absent where Python itself raised
    return code & 0xFF in _DAMAGED                 # the higher bits are detail


def _open_file(path: Path) -> sqlite3.Connection | None:
    """A connection to a state file, new or old; None, the file untouched, where it is not ours."""
    connection = sqlite3.connect(path, timeout=30)
    try:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if tables and version != _SCHEMA_VERSION:
            connection.close()
            return None
        connection.execute("PRAGMA page_size = 16384")      # before the first table; a blob fits
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")     # NORMAL may forget what was committed, without power
        if not tables:
            connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class Lock:
    """The right to use a state folder: one process at a time has it.

    Raises:
        StateBusy: Another one has it.
        OSError: The folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._handle, 20).decode("ascii", "replace")
            os.close(self._handle)
            raise StateBusy(f"Another run (process {holder}) holds the state in {folder}.",
                            "Wait for it to end, or give this one another --state.") from error
        os.ftruncate(self._handle, 0)
        os.write(self._handle, str(os.getpid()).encode())
        _HELD.add(self)

    def close(self) -> None:
        """Let go, or, in a forked child, forget: the lock then stays with the parent."""
        _HELD.discard(self)
        os.close(self._handle)


_HELD: Final[WeakSet[Lock]] = WeakSet()


def _forget_locks() -> None:
    for lock in list(_HELD):
        lock.close()


# a child that outlives a killed run must not keep the next one out
os.register_at_fork(after_in_child=_forget_locks)
