"""What a column and a table of the contract are, and their Arrow schema."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1.0"

TEXT = "string"
TEXTS = "list<string>"
INT = "int32"
BOOL = "bool"
REAL = "double"
MONEY = "decimal(20,4)"
POINTS = "decimal(12,4)"
QUANTITY = "decimal(24,6)"
FACTOR = "decimal(38,12)"

NULL = True
NOT_NULL = False


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: The name, the same in every format.
        type: ``string``, ``list<string>``, ``int32``, ``bool``, ``double`` or
            ``decimal(precision,scale)``.
        nullable: False where the value is there in every row.
        meaning: One plain sentence without a full stop.
        unit: What a number counts, None where it counts nothing or a column beside it says.
        values: The words that may stand in it, each with its meaning; None for free text.
        closed: Whether no other word may stand in it.
    """

    name: str
    type: str
    nullable: bool
    meaning: str
    unit: str | None = None
    values: Mapping[str, str] | None = None
    closed: bool = True


@dataclass(frozen=True, eq=False)
class Table:
    """A table of the contract.

    Attributes:
        name: The name, also of its folder.
        meaning: What one row is.
        columns: The columns as they stand in the files.
        key: Columns that name one row within a year; empty where nothing does.
        sort: Columns that the rows are sorted by; rows equal in them keep print order.
        partitioned: Whether there is one folder for each year.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: tuple[str, ...]
    partitioned: bool = True

    @cached_property
    def schema(self) -> "pa.Schema":
        """The Arrow schema of the files; each field carries its meaning as ``description``."""
        # pyarrow takes longer to import than `jixiao --help` may take
        import pyarrow as pa  # noqa: PLC0415

        simple = {TEXT: pa.string(), TEXTS: pa.list_(pa.string()), INT: pa.int32(),
                  BOOL: pa.bool_(), REAL: pa.float64()}
        fields = []
        for column in self.columns:
            digits = decimal_digits(column.type)
            arrow = pa.decimal128(*digits) if digits else simple[column.type]
            notes = {"description": column.meaning}
            if column.unit:
                notes["unit"] = column.unit
            fields.append(pa.field(column.name, arrow, column.nullable, notes))
        return pa.schema(fields, {"description": self.meaning, "schema_version": SCHEMA_VERSION})


def decimal_digits(type_: str) -> tuple[int, int] | None:
    """Precision and scale of a decimal type, None for any other.

    >>> decimal_digits("decimal(20,4)")
    (20, 4)
    """
    found = re.fullmatch(r"decimal\((\d+),(\d+)\)", type_)
    return (int(found[1]), int(found[2])) if found else None
