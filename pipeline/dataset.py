"""Outcomes to Parquet: the tables of one year, whole or not at all, the same bytes each time.

``<out>/<table>/year=<YEAR>/part-00000.parquet``; ``units`` is the same for every year and
stands in ``<out>/units/``. Rows are streamed, so memory does not grow with the year.
"""

import filecmp
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline import batches, contract, journal
from pipeline.errors import ContractBreach
from pipeline.parts import PIECE_ROWS, OnPart, TableWriter

_PATHS_SHOWN: Final = 5

_Row = tuple[Any, ...]
"""A row in the contract's column order."""


class PublishedFile(NamedTuple):
    """A file that was published: its path inside ``<out>``, and how to know it again."""

    path: str
    size: int
    mtime_ns: int


class PublishResult(NamedTuple):
    """What was published: rows by table, and the files."""

    rows: dict[str, int]
    files: tuple[PublishedFile, ...]


def publish(
    out: Path,
    year: int,
    documents: Sequence[_Row],
    blobs: Iterable[tuple[str, bytes]],
    units: Sequence[_Row],
) -> PublishResult:
    """Replace the tables of a year.

    Args:
        out: The folder of the tables; made where it is missing.
        year: The partition.
        documents: The rows of ``documents``, sorted by source_path.
        blobs: ``(document_id, blob)`` of each different document, in the order of
            document_id; a blob is what `pipeline.batches.encode` made, its rows already in
            print order.
        units: The rows of ``units``, sorted by unit.

    Raises:
        ContractBreach: A table would break the contract. Nothing was published.
        StateBusy: Another run is publishing to ``out``.
        OSError: A file could not be written. Nothing was published.
    """
    places = {
        name: f"{name}/year={year}" if table.partitioned else name
        for name, table in contract.TABLES.items()
    }
    with journal.staging(out) as folder:
        rows = write(folder, documents, blobs, units)
        # units is shared by all years: the same bytes stay, so that no other year looks changed
        journal.commit(out, {
            name: place for name, place in places.items()
            if contract.TABLES[name].partitioned or not _same(folder / name, out / place)
        })
    files = tuple(_published(out, path) for place in places.values()
                  for path in _parts(out / place))
    return PublishResult(rows, files)


def intact(out: Path, files: Iterable[PublishedFile]) -> bool:
    """Whether published files stand as they were left."""
    try:
        return all(_published(out, out / file.path) == file for file in files)
    except OSError:
        return False


def write(
    folder: Path,
    documents: Sequence[_Row],
    blobs: Iterable[tuple[str, bytes]],
    units: Sequence[_Row],
    on_part: OnPart = lambda _name, _path: None,
) -> dict[str, int]:
    """Write all tables to a folder, ``<table>/part-*.parquet``; the number of rows of each.

    Args:
        folder: An empty folder.
        documents: As in `publish`, like the two that follow.
        blobs: As above.
        units: As above.
        on_part: Told of each part file that is whole; it may take the file away.

    Raises:
        ContractBreach: A table would break the contract.
    """
    twice = _paths_of_duplicates(documents)
    writers = {name: TableWriter(name, folder / name, on_part) for name in contract.TABLES}
    try:
        _add_plain(writers["documents"], documents, "source_path")
        _add_plain(writers["units"], units, "unit")
        last = ""
        for document_id, blob in blobs:
            # form_id holds 16 characters of it: equal ones would give two forms one name
            if document_id[:16] <= last:
                raise _disorder("documents", "document_id", document_id)
            last = document_id[:16]
            for name, rows in batches.decode(blob).items():
                writers[name].add(rows)
            if document_id in twice:
                finding = _duplicate_finding(document_id, twice[document_id])
                writers["findings"].add(batches.batch("findings", [finding]))
        for writer in writers.values():
            writer.finish()
    finally:
        for writer in writers.values():
            writer.close()
    return {name: writer.total for name, writer in writers.items()}


def _add_plain(writer: TableWriter, rows: Sequence[_Row], key: str) -> None:
    """Add rows that must come in strictly rising order of a text column."""
    column = contract.TABLES[writer.name].schema.names.index(key)
    for one, other in pairwise(rows):
        if one[column] >= other[column]:
            raise _disorder(writer.name, key, other[column])
    for start in range(0, len(rows), PIECE_ROWS):
        writer.add(batches.batch(writer.name, rows[start:start + PIECE_ROWS]))


def _disorder(table: str, column: str, value: object) -> ContractBreach:
    return ContractBreach(f"{table}.{column}: {value!r} stands out of order, or twice.",
                          "Nothing was published; please report it.")


def _paths_of_duplicates(documents: Sequence[_Row]) -> dict[str, list[str]]:
    """The paths of every document that stands under more than one."""
    names = contract.TABLES["documents"].schema.names
    identity, path = names.index("document_id"), names.index("source_path")
    counts = Counter(row[identity] for row in documents)
    twice: dict[str, list[str]] = {}
    for row in documents:
        if row[identity] is not None and counts[row[identity]] > 1:
            twice.setdefault(row[identity], []).append(row[path])
    return twice


def _duplicate_finding(document_id: str, paths: Sequence[str]) -> _Row:
    """The row of ``findings`` that names the other places of a document."""
    shown = ", ".join(paths[:_PATHS_SHOWN])
    more = f" and {len(paths) - _PATHS_SHOWN} more" if len(paths) > _PATHS_SHOWN else ""
    values = {
        "document_id": document_id, "rule": "duplicate_document", "severity": "info",
        "message": f"{len(paths)} files hold the same bytes and are published once:"
                   f" {shown}{more}.",
    }
    return tuple(values.get(name) for name in contract.TABLES["findings"].schema.names)


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.parquet"))


def _published(out: Path, path: Path) -> PublishedFile:
    found = path.stat()
    return PublishedFile(path.relative_to(out).as_posix(), found.st_size, found.st_mtime_ns)


def _same(staged: Path, published: Path) -> bool:
    """Whether two folders hold the same part files."""
    names = [path.name for path in _parts(staged)]
    return names == [path.name for path in _parts(published)] and all(
        filecmp.cmp(staged / name, published / name, shallow=False) for name in names)
