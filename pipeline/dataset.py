"""Outcomes to Parquet: the tables of one year, whole or not at all, the same bytes each time.

``<out>/<table>/year=<YEAR>/part-00000.parquet``; ``units`` is the same for every year and
stands in ``<out>/units/``. Rows are streamed, so memory does not grow with the year.
"""

import filecmp
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline import batches, contract, journal
from pipeline.errors import ContractBreach
from pipeline.parts import PART_BYTES, PIECE_ROWS, TableWriter

_Row = tuple[Any, ...]
"""A row in the contract's column order."""


class Copies(NamedTuple):
    """How many paths a document stands under, and the first few of them."""

    number: int
    paths: tuple[str, ...]


NO_COPIES: Final[Mapping[str, Copies]] = {}


class PublishedFile(NamedTuple):
    """A file that was published: its path inside ``<out>``, and how to know it again."""

    path: str
    size: int
    mtime_ns: int


class PublishResult(NamedTuple):
    """What was published: rows by table, and the files."""

    rows: dict[str, int]
    files: tuple[PublishedFile, ...]


def publish(  # noqa: PLR0913, PLR0917  what a year's tables are made of
    out: Path,
    year: int,
    documents: Iterable[_Row],
    blobs: Iterable[tuple[str, bytes]],
    units: Iterable[_Row],
    copies: Mapping[str, Copies] = NO_COPIES,
    part_bytes: int = PART_BYTES,
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
        copies: The documents that stand under more than one path.
        part_bytes: Size at which a part file is closed.

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
        writers = {name: TableWriter(name, folder / name, part_bytes) for name in contract.TABLES}
        rows = write(writers, documents, blobs, units, copies)
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
    writers: Mapping[str, TableWriter],
    documents: Iterable[_Row],
    blobs: Iterable[tuple[str, bytes]],
    units: Iterable[_Row],
    copies: Mapping[str, Copies],
) -> dict[str, int]:
    """Write all tables; the number of rows of each.

    Args:
        writers: One for each table.
        documents: As in `publish`, like the three that follow.
        blobs: As above.
        units: As above.
        copies: As above.

    Raises:
        ContractBreach: A table would break the contract.
    """
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
            if document_id in copies:
                finding = _duplicate_finding(document_id, copies[document_id])
                writers["findings"].add(batches.batch("findings", [finding]))
        for name in batches.DOCUMENT_TABLES:
            writers[name].finish()
    finally:
        for writer in writers.values():
            writer.close()
    return {name: writer.total for name, writer in writers.items()}


def _add_plain(writer: TableWriter, rows: Iterable[_Row], key: str) -> None:
    """Add rows that must come in strictly rising order of a text column, and finish the table."""
    column = contract.TABLES[writer.name].schema.names.index(key)
    source = iter(rows)
    last = None
    while piece := list(islice(source, PIECE_ROWS)):
        for row in piece:
            if last is not None and row[column] <= last:
                raise _disorder(writer.name, key, row[column])
            last = row[column]
        writer.add(batches.batch(writer.name, piece))
    writer.finish()


def _disorder(table: str, column: str, value: object) -> ContractBreach:
    return ContractBreach(f"{table}.{column}: {value!r} stands out of order, or twice.",
                          "Nothing was published; please report it.")


def _duplicate_finding(document_id: str, copies: Copies) -> _Row:
    """The row of ``findings`` that names the other places of a document."""
    shown = ", ".join(copies.paths)
    more = f" and {copies.number - len(copies.paths)} more" if copies.number > len(copies.paths) else ""
    values = {
        "document_id": document_id, "rule": "duplicate_document", "severity": "info",
        "message": f"{copies.number} files hold the same bytes and are published once:"
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
