"""The rows of one document as bytes: small, quick to make, and quick to put into a table.

A blob is one frame for each table that has rows: the table's number, two lengths, and an
Arrow record batch, compressed as a whole. Buffer-wise compression, Arrow's own, costs more
than the batch itself at this size. Frames name no columns, so a blob is only read by the code
that wrote it: `pipeline.state` keeps blobs under the fingerprint of that code.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NoReturn

import pyarrow as pa

from pipeline import contract
from pipeline.errors import ContractBreach

DOCUMENT_TABLES: Final = ("projects", "funds", "indicators", "findings", "cells")
"""The tables whose rows come out of a document, in the order of a blob."""

_FRAME: Final = struct.Struct("<BII")   # table number, bytes before and after compression
_CODEC: Final = pa.Codec("lz4_raw")

Rows = Mapping[str, Sequence[tuple[object, ...]]]
"""Rows by table name, each a plain tuple in the contract's column order."""


def encode(rows: Rows) -> bytes:
    """One blob of the rows of a document.

    Raises:
        ContractBreach: A value does not fit its column. Values are checked where they are
            read, so this is a fault of the program.
        KeyError: No such table comes out of a document.
    """
    pieces: list[bytes] = []
    for name, of_table in rows.items():
        number = _NUMBERS[name]
        if of_table:
            plain = batch(name, of_table).serialize()
            packed = _CODEC.compress(plain, asbytes=True)
            pieces += _FRAME.pack(number, plain.size, len(packed)), packed
    return b"".join(pieces)


def decode(blob: bytes) -> dict[str, pa.RecordBatch]:
    """The batches of a blob by table name; a table without rows is absent."""
    batches = {}
    view = memoryview(blob)
    at = 0
    while at < len(view):
        number, size, packed_size = _FRAME.unpack_from(view, at)
        at += _FRAME.size
        # a buffer for each table: a few rows that wait to be written keep no others alive
        buffer = _CODEC.decompress(view[at:at + packed_size], size)
        at += packed_size
        name = DOCUMENT_TABLES[number]
        batches[name] = pa.ipc.read_record_batch(buffer, contract.TABLES[name].schema)
    return batches


def batch(name: str, rows: Sequence[tuple[object, ...]]) -> pa.RecordBatch:
    """Rows of any table, in the contract's column order, as one batch.

    Raises:
        ContractBreach: A value does not fit its column.
    """
    try:
        # one call for the whole table: a call for each column costs twice as much
        array = pa.array(rows, type=_row_type(name))
    except (ValueError, TypeError, OverflowError) as error:
        _blame(name, rows, error)
    return pa.RecordBatch.from_struct_array(array)


_NUMBERS: Final = {name: number for number, name in enumerate(DOCUMENT_TABLES)}


@cache
def _row_type(name: str) -> pa.StructType:
    return pa.struct(list(contract.TABLES[name].schema))


def _blame(name: str, rows: Sequence[tuple[object, ...]], error: Exception) -> NoReturn:
    """Raise with the first value that does not fit."""
    schema = contract.TABLES[name].schema
    for number, row in enumerate(rows):
        if len(row) != len(schema):
            raise _breach(f"{name} row {number} has {len(row)} values, not {len(schema)}"
                          ) from error
        for field, value in zip(schema, row, strict=True):
            try:
                pa.array([value], type=field.type)
            except (ValueError, TypeError, OverflowError) as cause:
                raise _breach(f"{name}.{field.name} row {number}: {value!r} does not fit"
                              f" {field.type}") from cause
    raise _breach(f"{name}: {error}") from error


def _breach(message: str) -> ContractBreach:
    return ContractBreach(f"{message}.", "This is a fault of the program: please report it.")
