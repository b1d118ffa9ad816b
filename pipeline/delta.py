"""The tables of a year as Delta Lake tables: ``<out>/<table>``, partitioned by ``year``.

Each table's year is replaced in one transaction; what stood there before can still be read by its
version (time travel). The seven transactions come one after the other, ``documents`` last.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from pipeline import contract
from pipeline.errors import MissingProgram, UsageProblem
from pipeline.storage import Place
from pipeline.warehouse import Edition, PublishedFile, PublishResult

if TYPE_CHECKING:
    import pyarrow as pa

LOG: Final = "_delta_log"
_INSTALL: Final = "pip install 'jixiao[delta]' (in a checkout: .venv/bin/pip install -e '.[delta]')."


class DeltaTables:
    """Delta Lake tables in a folder or under an address. As in `pipeline.warehouse.Warehouse`.

    Raises:
        MissingProgram: deltalake is not installed.
        UsageProblem: Plain Parquet tables stand there.
    """

    def __init__(self, out: Place) -> None:
        _lake()
        self._out = os.fspath(out.absolute() if isinstance(out, Path) else out)
        if isinstance(out, Path):
            for table in contract.TABLES:
                if any(out.glob(f"{table}/**/part-*.parquet")) and not (out / table / LOG).exists():
                    raise UsageProblem(f"{out} holds plain Parquet tables.", "Name another --out for Delta tables.")

    @property
    def name(self) -> str:
        """The place, and that it holds Delta tables."""
        return f"delta:{self._out}"

    def recover(self) -> None:
        """Nothing: a transaction that was not committed counts for nobody."""

    def intact(self, _edition: Edition, files: Sequence[PublishedFile]) -> bool:
        """Whether each table still stands in the version that was written."""
        return all(_version(self._out, each.path) == each.mtime_ns for each in files)

    def publish(self, edition: Edition) -> PublishResult:
        """As in `Warehouse`, but for each table alone; a file stands for a table and its version."""
        with TemporaryDirectory(prefix="jixiao-") as folder:
            rows = edition.write(Path(folder))
            for table in reversed(contract.TABLES):
                _replace(self._out, table, Path(folder) / table, edition)
        stand = tuple(PublishedFile(table, 0, _version(self._out, table)) for table in contract.TABLES)
        return PublishResult(rows, stand)


def _replace(out: str, table: str, folder: Path, edition: Edition) -> None:
    """Replace a year of a table, in one transaction; ``units`` as a whole, where they have changed."""
    lake = _lake()
    uri = f"{out}/{table}"
    options = storage_options(uri)
    notes = lake.CommitProperties(custom_metadata={"year": str(edition.year), "edition": edition.signature})
    if contract.TABLES[table].partitioned:
        lake.write_deltalake(
            uri, _rows(table, folder, edition.year), mode="overwrite", partition_by=["year"],
            predicate=f"year = {edition.year}" if _version(out, table) >= 0 else None, schema_mode="merge",
            storage_options=options, commit_properties=notes)
    elif _version(out, table) < 0 or not _same(uri, folder):
        lake.write_deltalake(uri, _rows(table, folder, None), mode="overwrite", schema_mode="overwrite",
                             storage_options=options, commit_properties=notes)


def _rows(table: str, folder: Path, year: int | None) -> "pa.RecordBatchReader":
    """The rows of part files, in their order, read as they are drawn; ``year`` as the last column."""
    import pyarrow as pa  # noqa: PLC0415  it takes longer to import than `jixiao --help` may take
    import pyarrow.parquet as pq  # noqa: PLC0415  as above

    schema = contract.TABLES[table].schema
    wide = schema if year is None else schema.append(pa.field("year", pa.int32(), contract.YEAR.nullable))

    def drawn() -> Iterable["pa.RecordBatch"]:
        for path in sorted(folder.glob("part-*.parquet")):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(1 << 14):
                    more = () if year is None else (pa.array([year] * batch.num_rows, pa.int32()),)
                    yield pa.RecordBatch.from_arrays([*batch.columns, *more], schema=wide)

    return pa.RecordBatchReader.from_batches(wide, drawn())


def _same(uri: str, folder: Path) -> bool:
    """Whether a table holds the rows of part files."""
    import pyarrow as pa  # noqa: PLC0415  as above

    stands = pa.table(_lake().DeltaTable(uri, storage_options=storage_options(uri)).to_pyarrow_table())
    return bool(stands.to_pylist() == _rows("units", folder, None).read_all().to_pylist())


def _version(out: str, table: str) -> int:
    """The version that a table stands in; -1 where there is none."""
    lake = _lake()
    uri = f"{out}/{table}"
    try:
        return int(lake.DeltaTable(uri, storage_options=storage_options(uri)).version())
    except lake.exceptions.TableNotFoundError:
        return -1


def files_that_count(uri: str) -> list[str]:
    """The files of the newest version of a table."""
    return sorted(_lake().DeltaTable(uri, storage_options=storage_options(uri)).file_uris())


def storage_options(uri: str) -> dict[str, str]:
    """What the store must be told beyond its environment variables: that an endpoint without TLS is meant."""
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://") and uri.startswith("s3")
    return {"AWS_ALLOW_HTTP": "true"} if plain else {}


def _lake() -> Any:  # noqa: ANN401  the package is an extra
    try:
        import deltalake  # noqa: PLC0415  an extra, loaded only for --format delta
        import deltalake.exceptions  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise MissingProgram("The Python package deltalake is not installed.", f"Install it: {_INSTALL}") from error
    return deltalake
