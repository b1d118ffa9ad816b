"""The reader of archives: the files in a ZIP or tar file, one after the other, in memory only.

Nothing is ever written to the disk, so no name can lead outside.
"""

import bz2
import gzip
import io
import lzma
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from parsers.container import MAX_EXPANDED_BYTES, MAX_MEMBERS, Container
from parsers.errors import Damaged, Empty, TooLarge, UnreadableSource, Unsupported
from parsers.grid import Cell, Grid, Note, Origin, Reading
from parsers.limits import MAX_BYTES
from parsers.sniff import kind_of

MAX_DEPTH: Final = 3
"""Archives in archives in an archive."""

MAX_RATIO: Final = 200
"""Bytes unpacked to a byte packed, above `_FREE_BYTES`; documents are packed already."""

MAX_PATH: Final = 1_000
_FREE_BYTES: Final = MAX_BYTES
_LISTED: Final = 3   # members that the reason names where nothing could be read

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "zip": "application/zip", "tar": "application/x-tar", "gzip": "application/gzip",
    "bzip2": "application/x-bzip2", "xz": "application/x-xz",
}
_STREAMS: Final[Mapping[str, Callable[[io.BytesIO], io.BufferedIOBase]]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file), "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile,
}
_SUFFIXES: Final = (".gz", ".bz2", ".xz")
_BROKEN: Final = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, ValueError, IndexError,
                  OverflowError)
"""What the standard library raises over damaged archives."""

_NO_DOCUMENTS: Final = (".ds_store", "thumbs.db", "desktop.ini")
_NO_DOCUMENT_STARTS: Final = ("~$", ".~lock.", "._")

Read = Callable[[bytes, str], Reading]


class Member(NamedTuple):
    """A file in an archive: its path as a person may see it, and what fetches its bytes."""

    path: str
    fetch: Callable[[], bytes]


class _Walk:
    """Through an archive and those inside: what was read so far, and the limits that all of them share."""

    def __init__(self, packed: int, read: Read) -> None:
        self.grids: list[Grid] = []
        self.notes: list[Note] = []
        self.pages = 0
        self.faults: list[tuple[str, UnreadableSource]] = []
        self._read = read
        self._bytes_left = min(MAX_EXPANDED_BYTES, max(_FREE_BYTES, MAX_RATIO * packed))
        self._members_left = MAX_MEMBERS

    def through(self, data: bytes, name: str, inside: str = "", depth: int = 1) -> None:
        """Reads the members of an archive; ``inside`` is its own path in the outermost one, with a slash.

        Raises:
            UnreadableSource: Its list of members cannot be read.
        """
        for member in _members(data, name, self._bytes_left):
            if self._members_left < 0 or self._bytes_left < 0:
                return                # said once for all that would follow
            if _is_no_document(member.path):
                continue
            path = inside + member.path
            try:
                self._member(member, path, depth)
            except UnreadableSource as error:
                path = path if len(path) <= MAX_PATH else f"{path[:60]}…{path[-60:]}"
                self.faults.append((path, error))
                self.notes.append(Note("unreadable_member", path, f"the file was not read: {error.reason}"))

    def _member(self, member: Member, path: str, depth: int) -> None:
        self._members_left -= 1
        if self._members_left < 0:
            raise TooLarge(f"it is one of more than {MAX_MEMBERS:,} files in the archive. Split it.")
        if len(path) > MAX_PATH:
            raise Unsupported(f"its path is longer than {MAX_PATH:,} characters. Shorten it.")
        content = member.fetch()
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            raise TooLarge("with it, the archive unpacks to more than an honest one holds;"
                           " unpack it and give the files inside")
        if kind_of(content) not in MEDIA_TYPES:
            self._add(path, self._read(content, posixpath.basename(member.path)))
        elif depth < MAX_DEPTH:
            self.through(content, path, f"{path}/", depth + 1)
        else:
            raise TooLarge(f"archives in archives are read {MAX_DEPTH} deep;"
                           " unpack it and give the files inside")

    def _add(self, path: str, reading: Reading) -> None:
        self.grids += [_within(path, grid) for grid in reading.grids]
        self.notes += [note._replace(place=f"{path}: {note.place}") for note in reading.notes]
        self.pages += reading.page_count


def read_archive(data: bytes, name: str, read: Read) -> Reading:
    """Reads every file in an archive (ZIP, tar, gzip, bzip2, xz, and tar in one of these).

    A file that cannot be read is noted and does not stop the others. Pages are numbered within each
    file; `Grid.part` and every place name it.

    Args:
        data: The bytes of the archive.
        name: Its name; a packed single file is called like it, without the last suffix.
        read: What reads the files inside, with their bytes and name.

    Raises:
        UnreadableSource: Damaged, TooLarge or Empty; where no file inside could be read, the kind
            of the first fault, with the first few of them in the message.
    """
    walk = _Walk(len(data), read)
    try:
        walk.through(data, name)
    except UnreadableSource as error:     # the list itself: what was read before stays
        if not walk.grids:
            raise
        walk.notes.append(Note("unreadable_member", name, f"the rest of it was not read: {error.reason}"))
    if not walk.grids:
        raise _nothing(walk.faults)
    return Reading(MEDIA_TYPES[kind_of(data)], walk.pages, tuple(walk.grids), tuple(walk.notes))


def _nothing(faults: list[tuple[str, UnreadableSource]]) -> UnreadableSource:
    if not faults:
        return Empty("the archive holds no document. Get it again from its source.")
    listed = "; ".join(f"{path}: {error.reason}" for path, error in faults[:_LISTED])
    more = f"; and {len(faults) - _LISTED:,} more" if len(faults) > _LISTED else ""
    kind = type(faults[0][1])
    return kind(f"nothing in the archive could be read ({listed}{more})")


def _within(path: str, grid: Grid) -> Grid:
    """The grid as part of an archive."""
    def place(origin: Origin) -> Origin:
        return origin._replace(place=f"{path}: {origin.place}")

    def moved(cell: Cell) -> Cell:
        return cell._replace(origin=place(cell.origin), also=tuple(place(origin) for origin in cell.also))

    return grid._replace(cells=tuple(moved(cell) for cell in grid.cells),
                         part=f"{path}/{grid.part}" if grid.part else path)


def _is_no_document(path: str) -> bool:
    """Whether a file is what systems and office programs leave beside documents."""
    parts = path.lower().split("/")
    return ("__macosx" in parts or parts[-1] in _NO_DOCUMENTS or parts[-1].startswith(_NO_DOCUMENT_STARTS))


# ── members ──────────────────────────────────────────────────────────────────


def _members(data: bytes, name: str, limit: int) -> Iterator[Member]:
    kind = kind_of(data)
    if kind == "zip":
        yield from _zip_members(data)
    elif kind == "tar":
        yield from _tar_members(data)
    else:
        content = _unpacked(data, kind, limit)
        if kind_of(content) == "tar":
            yield from _tar_members(content)
        else:
            stem = posixpath.basename(name.replace("\\", "/"))
            stem = stem.rpartition(".")[0] if stem.lower().endswith(_SUFFIXES) else stem
            yield Member(shown(stem) or "content", lambda: content)


def _zip_members(data: bytes) -> Iterator[Member]:
    container = Container(data)
    for key, info in container.members.items():
        yield Member(shown(_zip_name(info)), partial(_zip_content, container, key, info.file_size))


def _zip_content(container: Container, key: str, size: int) -> bytes:
    _refuse_large(size)
    return container.read(key)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name, which old programs write in GBK and macOS in UTF-8, both without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    return _decoded(info.filename.encode("cp437", "replace"))


def _tar_members(data: bytes) -> Iterator[Member]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            last = -1
            while (info := archive.next()) is not None:
                if info.offset <= last:      # a size below zero: the next header would be the same again
                    raise Damaged("the tar archive does not go on after a header; get the file anew")
                last = info.offset
                archive.members = []         # type: ignore[attr-defined]  # or it would keep them all
                if info.isreg() and not info.issparse():
                    path = shown(_decoded(info.name.encode("utf-8", "surrogateescape")))
                    yield Member(path, partial(_tar_content, archive, info))
    except _BROKEN as error:
        raise Damaged(f"the tar archive cannot be read ({error}); get the file anew") from error


def _tar_content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    _refuse_large(info.size)
    try:
        file = archive.extractfile(info)
        content = b"" if file is None else file.read()
    except _BROKEN as error:
        raise Damaged(f"it cannot be read ({error}); get the archive anew") from error
    if len(content) < info.size:
        raise Damaged("the archive ends in the middle of it; get the archive anew")
    return content


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge(f"{size >> 20:,} MiB, and files of up to {MAX_BYTES >> 20} MiB are read. Split it.")


def _unpacked(data: bytes, kind: str, limit: int) -> bytes:
    """What a packed file holds.

    Raises:
        Damaged: It does not unpack.
        TooLarge: It unpacks to more than ``limit`` bytes.
    """
    try:
        with _STREAMS[kind](io.BytesIO(data)) as stream:
            content = stream.read(limit + 1)
    except _BROKEN as error:
        raise Damaged(f"the packed file does not unpack ({error}); get it anew") from error
    if len(content) > limit:
        raise TooLarge(f"it unpacks to more than {limit >> 20} MiB. Unpack it and split what is inside.")
    return content


# ── names ────────────────────────────────────────────────────────────────────


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def shown(path: str) -> str:
    r"""A member's path as it is printed: with ``/``, and what cannot be printed written out.

    >>> shown("报告\\表.docx"), shown("a\nb")
    ('报告/表.docx', 'a\\nb')
    """
    plain = path.replace("\\", "/")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in plain)
