"""Where the tables of a year go: each kind of warehouse takes an edition, whole or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from pipeline import contract, dataset, journal
from pipeline.dataset import Copies, PublishedFile, PublishResult
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome
from pipeline.parts import PART_BYTES, OnPart, TableWriter, keep

__all__ = ["Copies", "Edition", "ParquetFolder", "PublishResult", "PublishedFile", "Warehouse"]


@dataclass(frozen=True)
class Edition:
    """What is published of a year.

    Attributes:
        year: The partition.
        outcomes: Draws every path with its outcome, without rows, sorted by path.
        documents: Draws each different document_id, sorted.
        blobs: Draws ``(document_id, blob)`` of each of them, in the same order.
        copies: The documents that stand under more than one path.
        units: The rows of ``units``, sorted by unit.
        version: The version of the program that read the documents.
        prints: What each outcome was kept under.
        part_bytes: Size at which a part file is closed.
    """

    year: int
    outcomes: Callable[[], Iterable[tuple[str, Outcome]]]
    documents: Callable[[], Iterable[str]]
    blobs: Callable[[], Iterable[tuple[str, bytes]]]
    copies: Mapping[str, Copies]
    units: Sequence[tuple[Any, ...]]
    version: str
    prints: Fingerprint
    part_bytes: int = PART_BYTES

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of ``documents``."""
        columns = contract.TABLES["documents"].schema.names
        for path, outcome in self.outcomes():
            values = outcome._asdict() | {"source_path": path, "extractor_version": self.version}
            yield tuple(values[name] for name in columns)

    @cached_property
    def signature(self) -> str:
        """Hex that tells whether the tables would be the same."""
        digest = hashlib.sha256()
        parts: Iterable[object] = chain(
            (self.prints.code, self.part_bytes), self.units, self.rows(), map(self.prints.of, self.documents()))
        for part in parts:
            digest.update(f"{part}\n".encode())
        return digest.hexdigest()

    def write(self, folder: Path, on_part: OnPart = keep) -> dict[str, int]:
        """Write all tables to an empty folder, ``<table>/part-*.parquet``; the number of rows of each.

        Args:
            folder: Where to.
            on_part: Told of each part file that is whole; it may take the file away.

        Raises:
            ContractBreach: A table would break the contract.
        """
        writers = {name: TableWriter(name, folder / name, self.part_bytes, on_part) for name in contract.TABLES}
        return dataset.write(writers, self.rows(), self.blobs(), self.units, self.copies)


class Warehouse(Protocol):
    """A place for tables."""

    @property
    def name(self) -> str:
        """What the state remembers publications under; another name, another publication."""

    def recover(self) -> None:
        """Bring what a killed run had begun to its end, or clear it away."""

    def intact(self, edition: Edition, files: Sequence[PublishedFile]) -> bool:
        """Whether this edition was published in these files, and they stand as they were left."""

    def publish(self, edition: Edition) -> PublishResult:
        """Replace the tables of the year; rows by table, and the files by which they are known again.

        Raises:
            ContractBreach: A table would break the contract. Nothing was published.
            StateBusy: Another run is publishing to the same place.
            OSError: A file could not be written. Nothing was published.
        """


class ParquetFolder:
    """Parquet files in a folder of this machine."""

    def __init__(self, out: Path) -> None:
        self._out = out.absolute()

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._out)

    def recover(self) -> None:
        """As in `Warehouse`."""
        journal.recover(self._out)

    def intact(self, _edition: Edition, files: Sequence[PublishedFile]) -> bool:
        """As in `Warehouse`; size and time of each file say enough."""
        return dataset.intact(self._out, files)

    def publish(self, edition: Edition) -> PublishResult:
        """As in `Warehouse`."""
        return dataset.publish(self._out, edition.year, edition.rows(), edition.blobs(), edition.units, edition.copies,
                               edition.part_bytes)
