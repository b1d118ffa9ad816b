"""Answers of an engine kept on disk by the hash of the line's image, and replayed.

An answer depends on nothing but the image and the engine (its name holds the version and the
model's hash), so it can be kept for good. 16 SQLite files an engine: several processes may write,
and a crash leaves no half answer.
"""

import hashlib
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from parsers.ocr.engine import Engine, Frames, Grey, ReadLine

MOST: Final = 2_000_000   # answers of an engine that are kept: about 2 GB
SHARDS: Final = 16
SECONDS: Final = 10.0     # to wait for another process that writes
_HEAD: Final = struct.Struct("<IIff")

Answer = Frames | str


class Answers:
    """The answers of one engine in a folder."""

    def __init__(self, folder: Path, engine: str, most: int = MOST) -> None:
        self._folder = folder / hashlib.sha256(engine.encode()).hexdigest()[:12]
        self._most = max(1, most // SHARDS)

    def get(self, image: Grey) -> Answer | None:
        """The answer to an image, if one is kept."""
        key = key_of(image)
        if not self._file(key).exists():
            return None
        try:
            with self._opened(key) as shard:
                row = shard.execute("SELECT answer FROM answers WHERE image = ?", (key,)).fetchone()
            return None if row is None else unpacked(row[0])
        except (sqlite3.Error, zlib.error, struct.error, ValueError, IndexError):   # a damaged file is no answer
            return None

    def put(self, image: Grey, answer: Answer) -> None:
        """Keep an answer; where a shard is full, the oldest tenth goes."""
        key = key_of(image)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._opened(key) as shard, shard:
                shard.execute("CREATE TABLE IF NOT EXISTS answers (image BLOB UNIQUE, answer BLOB)")
                shard.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (key, packed(answer)))
                last = shard.execute("SELECT max(rowid), count(*) FROM answers").fetchone()
                if last[1] > self._most:
                    oldest = "SELECT rowid FROM answers ORDER BY rowid LIMIT ?"
                    shard.execute(f"DELETE FROM answers WHERE rowid IN ({oldest})", (max(1, self._most // 10),))  # noqa: S608  a constant
        except (sqlite3.Error, OSError):   # a disk that is full or read-only must not stop reading
            return

    def _file(self, key: bytes) -> Path:
        return self._folder / f"{key[0] % SHARDS:x}.sqlite"

    @contextmanager
    def _opened(self, key: bytes) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file(key), timeout=SECONDS)) as shard:
            yield shard


class Kept:
    """An engine whose answers are kept: only images that were never seen are read."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._answers = Answers(folder, engine.name)
        self.name = engine.name

    def call(self, images: Sequence[Grey]) -> list[Any]:
        """The answers, those that are missing from the engine."""
        found = [self._answers.get(image) for image in images]
        missing = [number for number, answer in enumerate(found) if answer is None]
        for number, answer in zip(missing, self._engine.call([images[number] for number in missing]), strict=True):
            self._answers.put(images[number], answer)
            found[number] = answer
        return found

    def translate(self, answers: Sequence[Any]) -> list[ReadLine]:
        """What the answers say."""
        return self._engine.translate(answers)


class Recorded:
    """Answers without the model that gave them: ``engine`` only translates."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._answers = Answers(folder, engine.name)
        self.name = engine.name

    def call(self, images: Sequence[Grey]) -> list[Any]:
        """The answers that were recorded.

        Raises:
            LookupError: There is none for an image.
        """
        found = [self._answers.get(image) for image in images]
        if any(answer is None for answer in found):
            raise LookupError(f"no answer of {self.name} was recorded for this image; record it with Kept")
        return found

    def translate(self, answers: Sequence[Any]) -> list[ReadLine]:
        """What the answers say."""
        return self._engine.translate(answers)


def key_of(image: Grey) -> bytes:
    """The hash of an image."""
    return hashlib.sha256(struct.pack("<II", *image.shape) + np.ascontiguousarray(image).tobytes()).digest()[:16]


def packed(answer: Answer) -> bytes:
    """An answer as bytes, to be read back without loss."""
    if isinstance(answer, str):
        return b"t" + zlib.compress(answer.encode())
    head = _HEAD.pack(*answer.classes.shape, answer.start, answer.end)
    return b"f" + zlib.compress(head + answer.classes.astype("<u2").tobytes() + answer.odds.astype("<f4").tobytes())


def unpacked(data: bytes) -> Answer:
    """An answer from its bytes."""
    plain = zlib.decompress(data[1:])
    if data[:1] == b"t":
        return plain.decode()
    steps, kept, start, end = _HEAD.unpack_from(plain)
    count = steps * kept
    classes = np.frombuffer(plain, "<u2", count, _HEAD.size).reshape(steps, kept).astype(np.int32)
    odds = np.frombuffer(plain, "<f4", count, _HEAD.size + 2 * count).reshape(steps, kept).astype(np.float32)
    return Frames(classes, odds, start, end)
