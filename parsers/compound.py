"""OLE compound files (.doc .xls .ppt .wps .et): the names of their streams, and how a stream begins.

Source: [MS-CFB]. Only what tells one kind from another is read here; programs read the rest.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from parsers.errors import Damaged

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER: Final = 512
_ENTRY: Final = 128
_ROOT: Final = 5
_STREAM: Final = 2
_LAST: Final = 0xFFFFFFFA       # sector numbers from here on are marks
_MAX_ENTRIES: Final = 20_000
_DIFAT_IN_HEADER: Final = 109
_SHIFTS: Final = (9, 12)        # sectors of 512 and of 4096 bytes
_SMALL: Final = 64              # bytes in a sector of the mini stream


class Stream(NamedTuple):
    """A stream in the directory: where it begins and how long it is, in bytes."""

    start: int
    size: int


class _Entry(NamedTuple):
    """An entry of the directory: its neighbours in the tree of its storage, and its first child."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    stream: Stream


class Compound:
    """A compound file: its own streams by name, those of documents embedded in it aside."""

    def __init__(self, data: bytes) -> None:
        """Reads the directory.

        Raises:
            Damaged: It is cut off, or its chains of sectors lead nowhere.
        """
        if len(data) < _HEADER or not data.startswith(MAGIC):
            raise Damaged("the old Office file is cut off in its header; get the file anew")
        shift, = struct.unpack_from("<H", data, 30)
        if shift not in _SHIFTS:
            raise Damaged("the header of the old Office file makes no sense; get the file anew")
        directory, self._cutoff, mini_fat, _, more_fat = struct.unpack_from("<I4xIIII", data, 48)
        self._data = data
        self._sector_bytes = 1 << shift
        self._fat = self._allocation(more_fat)
        entries = self._entries(directory)
        root = next((entry for entry in entries if entry.kind == _ROOT), None)
        if root is None:
            raise Damaged("the old Office file has no directory; it is cut off. Get the file anew.")
        self._root = root.stream
        self.streams = {
            entry.name: entry.stream for entry in _siblings(entries, root.child) if entry.kind == _STREAM
        }
        self._mini_fat = self._table(self._chain(mini_fat, self._fat))

    def head(self, name: str, size: int) -> bytes:
        """The first ``size`` bytes of a stream, fewer where it is shorter or cut off."""
        stream = self.streams[name]
        size = min(size, stream.size)
        if stream.size >= self._cutoff:
            return self._first(self._chain(stream.start, self._fat), size)
        mini = self._first(self._chain(self._root.start, self._fat), self._root.size)
        found = b""
        for sector in self._chain(stream.start, self._mini_fat):
            found += mini[sector * _SMALL : (sector + 1) * _SMALL]
            if len(found) >= size:
                break
        return found[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        return self._data[start : start + self._sector_bytes]

    def _first(self, chain: Iterator[int], size: int) -> bytes:
        parts: list[bytes] = []
        left = size
        for number in chain:
            if left <= 0:
                break
            parts.append(self._sector(number))
            left -= self._sector_bytes
        return b"".join(parts)[:size]

    def _allocation(self, more: int) -> list[int]:
        """The table of sectors, from the list of its own sectors: 109 in the header, more in a chain."""
        listed = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self._data, 76))
        steps = 0
        while more < _LAST and steps <= len(self._data) // self._sector_bytes:
            numbers = self._numbers(more)
            listed += numbers[:-1]
            more = numbers[-1] if numbers else _LAST
            steps += 1
        return self._table(number for number in listed if number < _LAST)

    def _table(self, sectors: Iterator[int]) -> list[int]:
        return [number for sector in sectors for number in self._numbers(sector)]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        content = self._sector(sector)
        return struct.unpack_from(f"<{len(content) // 4}I", content)

    @staticmethod
    def _chain(start: int, table: list[int]) -> Iterator[int]:
        """The sectors of a chain, each once; one that leads out of the table ends there."""
        seen = 0
        while start < len(table) and seen < len(table):
            yield start
            start = table[start]
            seen += 1

    def _entries(self, start: int) -> list[_Entry]:
        content = self._first(self._chain(start, self._fat), _MAX_ENTRIES * _ENTRY)
        return [_entry(content[at : at + _ENTRY]) for at in range(0, len(content) - _ENTRY + 1, _ENTRY)]


def _entry(content: bytes) -> _Entry:
    length, kind, left, right, child = struct.unpack_from("<HBxIII", content, 64)
    start, size = struct.unpack_from("<II", content, 116)
    name = content[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, Stream(start, size))


def _siblings(entries: Sequence[_Entry], first: int) -> Iterator[_Entry]:
    """The entries of one storage, in no order."""
    waiting, seen = [first], set[int]()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            entry = entries[number]
            yield entry
            waiting += (entry.left, entry.right)
