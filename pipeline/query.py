"""SQL over the published tables: an embedded DuckDB with one view a table."""

import glob
import os
from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import storage
from pipeline.contract import TABLES
from pipeline.errors import NothingFound, UsageProblem
from pipeline.journal import reading
from pipeline.storage import Place

if TYPE_CHECKING:
    import duckdb


class Answer(NamedTuple):
    """Column names and rows of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def connect(out: Place) -> "duckdb.DuckDBPyConnection":
    """A connection with a view for each table under ``out``, named as the table.

    Raises:
        NothingFound: No tables have been published there.
        MissingProgram: A package to read them is not installed.
        duckdb.Error: A file of theirs is no Parquet.
    """
    # duckdb takes longer to import than `jixiao --help` may take
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    if isinstance(out, str):
        connection.register_filesystem(storage.filesystem(out)[0])
    for name, table in TABLES.items():
        files = _files(out, name)
        if not files:
            raise NothingFound(
                f"There is no table {name} under {out}.",
                "Run `jixiao extract --year YEAR` first, or name the folder of the tables (--out DIR).",
            )
        quoted = ", ".join(_quoted(file) for file in files)
        partition = "true" if table.partitioned else "false"
        # by name: a year that an earlier version published may lack the newest columns
        connection.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{quoted}], "  # noqa: S608  paths of ours
            f"hive_partitioning={partition}, union_by_name=true)"
        )
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _files(out: Place, table: str) -> list[str]:
    """What DuckDB is to read of a table: patterns, or files where only some of a folder count."""
    uri = f"{os.fspath(out)}/{table}"
    if _is_delta(uri):
        from pipeline import delta  # noqa: PLC0415  an extra, loaded only for its tables

        return [glob.escape(file) for file in delta.files_that_count(uri)]
    if isinstance(out, str):
        from pipeline import object_store  # noqa: PLC0415  only for addresses

        return object_store.files_that_count(out, table)
    if not any((out / table).glob("**/part-*.parquet")):
        return []
    folder = "/year=*/" if TABLES[table].partitioned else "/"
    return [f"{glob.escape(uri)}{folder}part-*.parquet"]  # DuckDB reads [ ] * ? as the shell does


def _is_delta(uri: str) -> bool:
    if storage.is_address(uri):
        return bool(storage.names(f"{uri}/_delta_log"))
    return os.path.exists(f"{uri}/_delta_log")  # noqa: PTH110  a place may be no path


def query(out: Place, sql: str, parameters: Sequence[object] = ()) -> Answer:
    """The answer to one SQL statement over the tables under ``out``.

    Raises:
        NothingFound: No tables have been published there.
        UsageProblem: The statement is wrong; the message says where.
    """
    import duckdb  # noqa: PLC0415  as above

    next_step = f"The tables are {', '.join(TABLES)}; `jixiao schema` lists their columns."
    try:
        with reading(out) if isinstance(out, Path) else nullcontext(), connect(out) as connection:
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise UsageProblem(f"The query holds {len(statements)} statements, not one.", next_step)
            result = connection.execute(statements[0], list(parameters))
            rows = result.fetchall()
            return Answer(tuple(column[0] for column in result.description or ()), tuple(rows))
    except duckdb.Error as error:
        raise UsageProblem(f"The query failed: {error}.", next_step) from error


def shown(value: object) -> str:
    """A value as people write it: no trailing zeros, nothing for null.

    >>> shown(Decimal("96.0000")), shown(Decimal("97.9700")), shown(Decimal("7000.000000")), shown(None)
    ('96', '97.97', '7000', '')
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
