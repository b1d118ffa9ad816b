"""The part files of a table: rows in, row groups of one size out, each checked first."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import contract
from pipeline.errors import ContractBreach

GROUP_ROWS: Final = 1 << 15
GROUP_BYTES: Final = 16 << 20
"""A row group is closed by the first document that reaches one of the two. Each table holds one in memory;
twice the rows took 30 MB more for files 4 % smaller."""

PART_BYTES: Final = 128 << 20
"""A part file is closed by the first row group that reaches this."""

PIECE_ROWS: Final = 1 << 12
PIECE_BATCHES: Final = 1 << 8
"""A piece is copied together from so many rows or batches: a batch of one row takes some KiB."""

_PROSE: Final = {"text", "message", "reason", "goal_expected", "goal_actual", "deviation_reason"}
"""Columns of mostly different texts, for which a dictionary is built in vain."""

_SORTED: Final = {"document_id", "form_id", "source_path", "unit"}
"""Columns that the rows are sorted by: the others' least and greatest say nothing."""


OnPart = Callable[[str, Path], None]
"""Told the table and the file of each part once it is whole and closed."""


def keep(_table: str, _part: Path) -> None:
    """Leave a part where it was written."""


class _Part(NamedTuple):
    """A part file that is being written."""

    path: Path
    file: pa.OSFile
    writer: pq.ParquetWriter


class TableWriter:
    """The part files of one table, in a folder of its own.

    Batches become pieces, pieces row groups, row groups part files. Each ends where a document
    ends, and where it ends depends on the rows alone.
    """

    def __init__(self, name: str, folder: Path, part_bytes: int = PART_BYTES, on_part: OnPart = keep) -> None:
        self.name = name
        self._on_part = on_part
        self._part_bytes = part_bytes
        self.total = 0
        self._folder = folder
        self._schema = contract.TABLES[name].schema
        self._batches: list[pa.RecordBatch] = []
        self._batch_rows = 0
        self._pieces: list[pa.RecordBatch] = []
        self._piece_rows = self._piece_bytes = 0
        self._part: _Part | None = None
        self._parts = 0
        folder.mkdir()

    def add(self, rows: pa.RecordBatch) -> None:
        """Take further rows; those of one document that share a key come in one batch."""
        self._batches.append(rows)
        self._batch_rows += rows.num_rows
        if self._batch_rows >= PIECE_ROWS or len(self._batches) >= PIECE_BATCHES:
            self._gather()

    def finish(self) -> None:
        """Write the rest; a table without rows still has its one file."""
        self._gather()
        if self._pieces or not self._parts:
            self._flush()
        self._end_part()

    def close(self) -> None:
        """Close the part file, whole or not."""
        if self._part is not None:
            self._part.writer.close()
            self._part.file.close()
            self._part = None

    def _end_part(self) -> None:
        """Close the part file; the next rows go to another."""
        part = self._part
        self.close()
        if part is not None:
            self._on_part(self.name, part.path)

    def _gather(self) -> None:
        """Copy the waiting batches into one piece, while they are still in the processor's cache.

        Twice as fast as copying, or writing, a whole row group of batches.
        """
        table = pa.Table.from_batches(self._batches, self._schema).combine_chunks()
        self._batches.clear()
        self._batch_rows = 0
        self._pieces += table.to_batches()
        self._piece_rows += table.num_rows
        self._piece_bytes += table.nbytes
        if self._piece_rows >= GROUP_ROWS or self._piece_bytes >= GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Check the pieces and write them as one row group."""
        table = pa.Table.from_batches(self._pieces, self._schema)
        breaches = contract.validate(self.name, table)
        if breaches:
            raise ContractBreach(" ".join(breaches), "Nothing was published; please report it.")
        self._part = self._part or self._open()
        self._part.writer.write_table(table, row_group_size=2 * GROUP_ROWS)
        self.total += self._piece_rows
        self._pieces.clear()
        self._piece_rows = self._piece_bytes = 0
        if self._part.file.tell() >= self._part_bytes:
            self._end_part()

    def _open(self) -> _Part:
        path = self._folder / f"part-{self._parts:05d}.parquet"
        file = pa.OSFile(str(path), "wb")
        self._parts += 1
        names = self._schema.names
        return _Part(path, file, pq.ParquetWriter(
            file, self._schema, version="2.6", data_page_version="1.0",
            compression="zstd", compression_level=1,
            use_dictionary=[name for name in names if name not in _PROSE],
            write_statistics=[name for name in names if name in _SORTED],
        ))
