"""The files under the input folder, in an order that does not depend on the machine."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import storage
from pipeline.errors import NothingFound, UsageProblem
from pipeline.outcome import Stamp, printable

READ_LIMIT = 256 << 20
"""Bytes above which a file is hashed but not read: no report is that large."""

IGNORED_NAMES = frozenset({
    ".DS_Store", "Thumbs.db", "desktop.ini",       # folder views of macOS and Windows
    ".gitkeep", ".gitignore", ".gitattributes",
})
IGNORED_PREFIXES = (
    "~$",        # lock file of an office program
    ".~lock.",
    "._",        # resource fork that macOS leaves in archives
)

DOCUMENT_SUFFIXES = frozenset({
    ".txt", ".csv", ".tsv", ".md", ".html", ".htm", ".mht", ".mhtml", ".docx", ".doc", ".wps",
    ".xls", ".et", ".xlsx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".ofd", ".zip",
})
"""A folder named like a document is most likely one that was unpacked or broken on the way."""

_PROBLEMS = {
    "broken_link": "the link leads nowhere; restore its target or remove it",
    "unreadable_folder": "the folder cannot be listed; check its rights",
    "is_a_directory": "the name is a document's, but it is a folder; rename it",
    "special_file": "a pipe, socket or device holds no document; remove it",
}

_CHUNK = 1 << 20


class Source(NamedTuple):
    r"""A file of the input folder.

    Attributes:
        path: Where it is; a text where it is an address.
        relative: Its path inside the input folder, with ``/``. Bytes of the name that are
            not UTF-8 are written ``\udcNN``, so that it can be printed and stored.
        size: Bytes; None where there is a problem.
        mtime_ns: Time of the last change of the content, nanoseconds since the epoch.
        problem: Why it must not be opened, ``key: words``; None for a file to read.
        ctime_ns: Time of the last change of content, name or rights.
    """

    path: Path | str
    relative: str
    size: int | None
    mtime_ns: int | None
    problem: str | None
    ctime_ns: int | None = None

    @property
    def stamp(self) -> Stamp | None:
        """What tells whether the file has changed; None where there is a problem."""
        if self.size is None or self.mtime_ns is None or self.ctime_ns is None:
            return None
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


def scan(root: Path) -> list[Source]:
    """Every file under ``root`` at any depth, sorted by ``relative`` in code-point order.

    Links to files and folders are followed; a folder that several links lead to is read
    once, under its own path where that lies inside ``root``. What cannot be a document (a
    broken link, a pipe, a folder that cannot be listed) is returned with its ``problem``
    and is never opened.

    Raises:
        NothingFound: There is no such folder, or it cannot be listed.
        UsageProblem: ``root`` is not a folder.
    """
    return _distinct(list(walk(root)))


def walk(root: Path) -> Iterator[Source]:
    """The same files as `scan`, in no order, one after the other; names that print alike stay alike.

    Raises:
        NothingFound: As `scan`; when the first one is drawn.
        UsageProblem: As `scan`.
    """
    _require_folder(root)
    top = os.fspath(root)
    seen: set[tuple[int, int]] = set()
    folders: list[tuple[str, str]] = [(top, "")]
    links: list[tuple[str, str]] = []
    while folders or links:
        # all real folders go before any link, so that a link never takes their place
        path, relative = folders.pop() if folders else links.pop(0)
        try:
            inode = _inode(path)
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            yield _problem(path, relative, "unreadable_folder", error)
            continue
        if inode in seen:
            continue
        seen.add(inode)
        for entry in entries:
            name = entry.name
            if is_ignored(name):
                continue
            here = f"{relative}/{name}" if relative else name
            source, is_folder = _look(entry, here)
            if source:
                yield source
            if is_folder:
                (links if entry.is_symlink() else folders).append((entry.path, here))


def content_hash(path: str) -> str:
    """SHA-256 of a file's bytes in hex: its ``document_id``. Reads in pieces, addresses too.

    Raises:
        OSError: The file cannot be read.
    """
    digest = hashlib.sha256()
    with (
        storage.opened(path)
        if storage.is_address(path)
        else open(path, "rb", buffering=0)  # noqa: PTH123  Path costs more than the read
    ) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _require_folder(root: Path) -> None:
    """Raise what `scan` raises about its argument."""
    try:
        if root.is_dir():
            os.scandir(root).close()
            return
        exists = root.exists()
    except OSError as error:
        raise NothingFound(f"The input folder {root} cannot be listed: {error.strerror}.",
                           "Give yourself the right to read it.") from error
    if exists:
        raise UsageProblem(f"The input {root} is not a folder.",
                           "Name the folder that holds the reports (--input DIR).")
    raise NothingFound(f"There is no input folder {root}.",
                       "Create it and put the reports there, or name another (--input DIR).")


def _look(entry: os.DirEntry[str], relative: str) -> tuple[Source | None, bool]:
    """The source that an entry stands for, if any, and whether it is a folder to go into."""
    try:
        found = entry.stat()
    except OSError as error:
        if not entry.is_symlink():
            return None, False     # deleted while we were looking
        return _problem(entry.path, relative, "broken_link", error), False
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return Source(Path(entry.path), printable(relative), found.st_size, found.st_mtime_ns,
                      None, found.st_ctime_ns), False
    if stat.S_ISDIR(mode):
        named_so = os.path.splitext(entry.name)[1].lower() in DOCUMENT_SUFFIXES  # noqa: PTH122  as above
        return (_problem(entry.path, relative, "is_a_directory") if named_so else None), True
    return _problem(entry.path, relative, "special_file"), False


def _problem(path: str, relative: str, key: str, error: OSError | None = None) -> Source:
    """A source that must not be opened, and why."""
    cause = f" ({error.strerror})" if error else ""
    return Source(Path(path), printable(relative), None, None, f"{key}: {_PROBLEMS[key]}{cause}")


def _inode(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116  as above
    return found.st_dev, found.st_ino


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is no report, whatever is in it."""
    return name in IGNORED_NAMES or name.startswith(IGNORED_PREFIXES)


def _distinct(sources: list[Source]) -> list[Source]:
    r"""The sources in order; a name that printing made equal to another gets a ``\`` more."""
    sources.sort(key=lambda source: (source.relative, os.fsencode(source.path)))
    by_name: dict[str, Source] = {}
    for source in sources:
        name = source.relative
        while name in by_name:
            name += "\\"
        by_name[name] = source if name == source.relative else source._replace(relative=name)
    return [by_name[name] for name in sorted(by_name)]
