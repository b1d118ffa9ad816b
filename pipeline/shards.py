"""A year in shares: each machine reads one and writes it to a file; `pipeline.merge` joins them.

A share is told by the path alone, so that no machine must know of another. The file of a share,
``<out>/_shards/year=<YEAR>/2-of-8.arrow``, holds in its head what must be the same in all of them,
then a row for each path with its outcome, sorted by path, then one for each document with its rows,
sorted by document_id.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pyarrow as pa

from pipeline import contract, storage
from pipeline.errors import UsageProblem
from pipeline.outcome import Outcome
from pipeline.sources import Source
from pipeline.storage import Place
from pipeline.warehouse import Edition, PublishedFile, PublishResult

FOLDER: Final = "_shards"
FORMAT: Final = 1
_HEAD: Final = b"jixiao.shard"
_BATCH_BYTES: Final = 4 << 20
_BATCH_ROWS: Final = 1 << 12
_KEPT: Final = Outcome._fields[:-1]      # all but the rows
_DECIMALS: Final = ("stated_amount_yuan", "stated_average_score")
_TEXTS: Final = ("document_id", "status", "reason", "media_type", "counts", *_DECIMALS)
_SCHEMA: Final = pa.schema([
    ("source_path", pa.string()),
    *((name, pa.string() if name in _TEXTS else pa.int64()) for name in _KEPT),
    ("print", pa.string()),      # what the outcome was kept under
    ("rows", pa.binary()),       # of a document; null in the rows of paths
])


class Shard(NamedTuple):
    """A share: ``number`` of ``of``, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """The share that a person names.

        Raises:
            UsageProblem: It is none.

        >>> Shard.parse("2/8")
        Shard(number=2, of=8)
        """
        number, _, of = text.partition("/")
        if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
            return cls(int(number), int(of))
        raise UsageProblem(f"{text} names no share.", "Say which one of how many, counted from 1: --shard 1/8 to 8/8.")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def file(self) -> str:
        """The name of its file."""
        width = len(str(self.of))
        return f"{self.number:0{width}}-of-{self.of}.arrow"

    def has(self, relative: str) -> bool:
        """Whether a path belongs to it: the same on every machine, whatever else there is.

        >>> [Shard(number, 3).has("a/报告.txt") for number in (1, 2, 3)]
        [False, True, False]
        """
        # names that print alike are told apart by a backslash at the end: they stay together
        digest = hashlib.sha256(relative.rstrip("\\").encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1


class Head(NamedTuple):
    """What a share says of itself.

    Attributes:
        format: Of the file.
        year: The partition.
        number: Which share …
        of: … of how many.
        listing: Fingerprint of all paths and sizes of the whole input, as this share saw it.
        code: Fingerprint of the code, and what it read with.
        columns: Fingerprint of the columns of all tables.
        version: Of the program.
    """

    format: int
    year: int
    number: int
    of: int
    listing: str
    code: str
    columns: str
    version: str


class Share:
    """What a run over one share lists, and the warehouse that takes its outcomes."""

    def __init__(self, shard: Shard, out: Place, year: int) -> None:
        self._shard = shard
        self._file = f"{os.fspath(out.absolute() if isinstance(out, Path) else out)}/{FOLDER}/year={year}/{shard.file}"
        self._listing = ""

    def of(self, found: Iterable[Source]) -> Iterator[Source]:
        """The files of the share, of all that are found."""
        total = 0
        for source in found:
            digest = hashlib.sha256(f"{source.relative} {source.size}".encode()).digest()
            total = (total + int.from_bytes(digest, "big")) % (1 << 256)     # whatever the order
            if self._shard.has(source.relative):
                yield source
        self._listing = f"{total:064x}"

    @property
    def name(self) -> str:
        """The file; another listing of the whole is another publication."""
        return f"{self._file}?{self._listing}"

    def recover(self) -> None:
        """Nothing: a file that is not whole has another name."""

    def intact(self, _edition: Edition, files: Sequence[PublishedFile]) -> bool:
        """Whether the file stands as it was left."""
        return all(_published(self._file) == each for each in files)

    def publish(self, edition: Edition) -> PublishResult:
        """Write the outcomes of the share to its file."""
        head = Head(FORMAT, edition.year, *self._shard, self._listing, edition.prints.code, columns(), edition.version)
        schema = _SCHEMA.with_metadata({_HEAD: json.dumps(head._asdict()).encode()})
        with TemporaryDirectory(prefix="jixiao-") as folder:
            local = Path(folder) / "shard"
            with pa.OSFile(str(local), "wb") as file, pa.ipc.new_file(file, schema) as writer:
                for batch in _batches(_rows(edition), schema):
                    writer.write_batch(batch)
            _put(local, self._file)
        published = _published(self._file)
        return PublishResult({}, () if published is None else (published,))


def columns() -> str:
    """Fingerprint of the columns of all tables: rows that were kept name none."""
    text = "\n".join(f"{name} {table.schema}" for name, table in contract.TABLES.items())
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(edition: Edition) -> Iterator[dict[str, Any]]:
    """Every path of the share with its outcome, then every document with its rows."""
    for path, outcome in edition.outcomes():
        values = {name: _plain(value) for name, value in zip(_KEPT, outcome, strict=False)}
        document_id = outcome.document_id
        printed = None if document_id is None else edition.prints.of(document_id)
        yield {"source_path": path, **values, "print": printed, "rows": None}
    for document_id, blob in edition.blobs():
        yield {"document_id": document_id, "rows": blob}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(dict(value), sort_keys=True) if isinstance(value, dict) else value


def _batches(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    waiting: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row["rows"] or b"")
        if size >= _BATCH_BYTES or len(waiting) >= _BATCH_ROWS:
            yield pa.RecordBatch.from_pylist(waiting, schema=schema)
            waiting, size = [], 0
    if waiting:
        yield pa.RecordBatch.from_pylist(waiting, schema=schema)


def _put(local: Path, target: str) -> None:
    """Bring a file to its place, whole or not at all."""
    if storage.is_address(target):
        storage.send(local, target)
        return
    draft = Path(f"{target}.draft")
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(local, draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)


def _published(target: str) -> PublishedFile | None:
    """What tells that the file of a share stands as it was left; None where it is gone."""
    try:
        if storage.is_address(target):
            stamp = storage.stamp_of(target)
            return PublishedFile(target, stamp.size, stamp.ctime_ns)
        found = Path(target).stat()
    except FileNotFoundError:
        return None
    return PublishedFile(target, found.st_size, found.st_mtime_ns)


# ── reading ──────────────────────────────────────────────────────────────────


def read_head(path: Path) -> Head:
    """What the file of a share says of itself.

    Raises:
        UsageProblem: It is no whole file of a share.
    """
    try:
        with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
            head = json.loads(reader.schema.metadata[_HEAD])
            if head["format"] == FORMAT:
                return Head(**head)
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise UsageProblem(f"{path.name} is no whole file of a share: {error}.", "Run that share again.") from error
    raise UsageProblem(f"{path.name} was written by another version of jixiao.", "Run that share again with this one.")


def read_outcomes(path: Path) -> Iterator[tuple[str, Outcome, str | None]]:
    """Every path with its outcome and what that was kept under, sorted by path."""
    for row in _read(path, ("source_path", *_KEPT, "print")):
        if row["source_path"] is not None:
            yield row["source_path"], _outcome_of(row), row["print"]


def read_documents(path: Path) -> Iterator[str]:
    """Every document, sorted."""
    return (row["document_id"] for row in _read(path, ("source_path", "document_id")) if row["source_path"] is None)


def read_blobs(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every document with its rows, sorted by document_id."""
    return ((row["document_id"], row["rows"]) for row in _read(path, ("document_id", "rows"))
            if row["rows"] is not None)


def _read(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a share, in order, with these columns only."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        for number in range(reader.num_record_batches):
            yield from reader.get_batch(number).select(names).to_pylist()


def _outcome_of(row: dict[str, Any]) -> Outcome:
    """The outcome that a row holds, without its rows."""
    values = {name: row[name] for name in _KEPT}
    for name in _DECIMALS:
        values[name] = None if values[name] is None else Decimal(values[name])
    return Outcome(**values | {"counts": json.loads(values["counts"])})
