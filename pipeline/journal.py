"""All folders of a publication take the place of the old ones, or none does.

New folders are made complete in ``<out>/_staging`` and on disk; then a journal says which folder takes
which place; then they are swapped in one after the other, with nothing between. Before the journal
nothing has happened; after it a run that was killed is brought to its end by the next one. A marker
file travels inside each new folder and is removed once all are in place: where the marker is shows what
is still to do, whatever was done before.

What a reader sees: of each table the old year or the new one, never a part of it or none, where the
system can swap two names in one step (Linux; elsewhere the place is empty for an instant). Two tables of
different runs only between the first swap and the last, 0.1 to 0.2 ms apart; `reading` keeps that out too.
"""

import ctypes
import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.errors import StateBusy

STAGING: Final = "_staging"
"""Inside ``<out>``, so that a rename never crosses file systems. Readers skip ``_`` names."""

_JOURNAL: Final = "journal.json"
_SWAPPING: Final = "_swapping"
_READERS_SECONDS: Final = 60.0
"""How long a publication waits for those who are reading; then it goes on."""
_MARKER: Final = "_incoming"

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NO_EXCHANGE: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}
"""What a kernel or file system answers that cannot swap two names in one step."""


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """An empty folder for new tables; nobody else publishes to ``out`` meanwhile.

    A publication that was cut off is brought to its end first. Whatever is still in the
    folder at the end is removed.

    Raises:
        StateBusy: Another run is publishing to the same folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    with _locked(out):
        _settle(out)
        folder = out / STAGING
        folder.mkdir()
        try:
            yield folder
        finally:
            if not (folder / _JOURNAL).exists():   # else the next run needs what is in it
                shutil.rmtree(folder)


def commit(out: Path, moves: Mapping[str, str]) -> None:
    """Put staged folders in their places: all of them, even if this process is killed.

    Args:
        out: The folder of the tables, inside `staging`.
        moves: Places by staged folder: ``projects`` → ``projects/year=2023``.
    """
    folder = out / STAGING
    for name in moves:
        (folder / name / _MARKER).touch()
        for part in (folder / name).iterdir():
            _sync(part)
        _sync(folder / name)
    _sync(folder)
    draft = folder / f"{_JOURNAL}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(dict(moves), file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / _JOURNAL)
    _sync(folder)
    _roll_forward(out)


def recover(out: Path) -> None:
    """Bring a publication that was cut off to its end, or clear away what it had begun.

    Raises:
        StateBusy: Another run is publishing to the same folder.
    """
    if (out / STAGING).exists():
        with _locked(out):
            _settle(out)


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Nobody else publishes to the folder meanwhile."""
    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StateBusy(f"Another run is publishing to {out}.",
                            "Wait for it to end, or give this one another --out.") from error
        yield
    finally:
        os.close(handle)


def _settle(out: Path) -> None:
    folder = out / STAGING
    if (folder / _JOURNAL).exists():
        _roll_forward(out)
    if folder.exists():
        shutil.rmtree(folder)


def _roll_forward(out: Path) -> None:
    journal = out / STAGING / _JOURNAL
    moves = [(out / STAGING / name, out / place)
             for name, place in json.loads(journal.read_text("utf-8")).items()]
    waiting = [(staged, target) for staged, target in moves if (staged / _MARKER).exists()]
    for _, target in waiting:
        target.parent.mkdir(parents=True, exist_ok=True)
    with _without_readers(out):
        for staged, target in waiting:
            _swap(staged, target)
    for folder in {target.parent for _, target in moves}:
        _sync(folder)
    for _, target in moves:
        (target / _MARKER).unlink(missing_ok=True)
        _sync(target)
    journal.unlink()


@contextmanager
def reading(out: Path) -> Iterator[None]:
    """No table is replaced meanwhile (for up to a minute): all of them are of one run.

    Whoever may not open the file that tells readers of publications reads without this.
    """
    try:
        handle = os.open(out / _SWAPPING, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextmanager
def _without_readers(out: Path) -> Iterator[None]:
    """Nobody is within `reading`, or they have been waited for long enough."""
    handle = os.open(out / _SWAPPING, os.O_RDWR | os.O_CREAT, 0o644)
    deadline = time.monotonic() + _READERS_SECONDS
    try:
        while time.monotonic() < deadline:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.01)
        yield
    finally:
        os.close(handle)


def _swap(staged: Path, target: Path) -> None:
    """Put ``staged`` in the place of ``target``; what was there goes the other way."""
    if not os.path.lexists(target):
        staged.rename(target)
    elif not _exchange(staged, target):
        target.rename(staged.with_name(f"{staged.name}.old"))
        staged.rename(target)


@cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step, where the system can do that; False where it cannot."""
    rename = _renameat2()
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), os.fspath(one), None, os.fspath(other))


def _sync(path: Path) -> None:
    """Make the bytes of a file, or the names in a folder, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
