"""Where the tables of a year go: each kind of warehouse takes an edition, whole or not at all."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pipeline import contract, dataset, journal
from pipeline.dataset import PublishedFile
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome

__all__ = ["Edition", "ParquetFolder", "PublishedFile", "Warehouse", "document_rows", "signature"]


class Edition(NamedTuple):
    """What is published of a year.

    Attributes:
        year: The partition.
        signature: Hex; two editions that share it are the same.
        documents: The outcome of every path, without rows, sorted by path.
        rows: The rows of ``documents``, in the same order.
        blobs: ``(document_id, blob)`` of each different document, sorted; to be drawn once.
        units: The rows of ``units``, sorted by unit.
        version: The version of the program that read the documents.
        prints: What each outcome was kept under.
    """

    year: int
    signature: str
    documents: Sequence[tuple[str, Outcome]]
    rows: Sequence[tuple[Any, ...]]
    blobs: Iterable[tuple[str, bytes]]
    units: Sequence[tuple[Any, ...]]
    version: str
    prints: Fingerprint


def document_rows(documents: Iterable[tuple[str, Outcome]], version: str) -> list[tuple[Any, ...]]:
    """The rows of ``documents``."""
    columns = contract.TABLES["documents"].schema.names
    rows = []
    for path, outcome in documents:
        values = outcome._asdict() | {"source_path": path, "extractor_version": version}
        rows.append(tuple(values[name] for name in columns))
    return rows


def signature(prints: Fingerprint, units: Iterable[object], rows: Iterable[object], document_ids: Iterable[str]) -> str:
    """What tells one edition of a year from another, in hex."""
    digest = hashlib.sha256()
    for part in (prints.code, *units, *rows, *map(prints.of, document_ids)):
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


class Warehouse(Protocol):
    """A place for tables."""

    @property
    def name(self) -> str:
        """What the state remembers publications under; another name, another publication."""

    def recover(self) -> None:
        """Bring what a killed run had begun to its end, or clear it away."""

    def intact(self, year: int, signature: str, files: Iterable[PublishedFile]) -> bool:
        """Whether the published files stand as they were left."""

    def publish(self, edition: Edition) -> tuple[PublishedFile, ...]:
        """Replace the tables of the year; the files by which they are known again.

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

    def intact(self, year: int, signature: str, files: Iterable[PublishedFile]) -> bool:
        """As in `Warehouse`."""
        del year, signature     # size and time of each file say enough
        return dataset.intact(self._out, files)

    def publish(self, edition: Edition) -> tuple[PublishedFile, ...]:
        """As in `Warehouse`."""
        return dataset.publish(self._out, edition.year, edition.rows, edition.blobs, edition.units).files
