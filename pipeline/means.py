"""The means of a run: where its files are listed, by what they are read, where its tables go."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pipeline import executors, sources
from pipeline.contract import TABLES
from pipeline.errors import NothingFound, UsageProblem
from pipeline.executors import Engine
from pipeline.shards import Shard, Share
from pipeline.sources import Source
from pipeline.storage import Place
from pipeline.warehouse import ParquetFolder, Warehouse


class Means(NamedTuple):
    """What a run is done with.

    Attributes:
        scan: The files to read, in any order. Raises `NothingFound` where there are none at all;
            the share of one machine may be empty.
        engine: Reads them.
        warehouse: Takes the tables.
    """

    scan: Callable[[], Iterator[Source]]
    engine: Engine
    warehouse: Warehouse


class Wanted(NamedTuple):
    """What a person asked for.

    Attributes:
        engine: ``processes`` or ``ray``.
        ray_address: Of the cluster.
        format: ``parquet`` or ``delta``.
        shard: The share to read, as ``2/8``; None for all.
    """

    engine: str = "processes"
    ray_address: str | None = None
    format: str = "parquet"
    shard: str | None = None


PLAIN: Final = Wanted()
"""Processes of this machine, and Parquet files."""


def means_of(folder: Place, out: Place, year: int, wanted: Wanted = PLAIN) -> Means:
    """The means of a run between two places.

    Raises:
        MissingProgram: A package that they need is not installed.
        UsageProblem: They cannot be had together.
    """
    engine = _engine(wanted, remote=isinstance(folder, str))
    if wanted.shard is None:
        return Means(lambda: scan(folder), engine, warehouse_of(out, wanted.format))
    if wanted.format != "parquet":
        raise UsageProblem("A share is no table yet.", "Give --format to `jixiao merge`, not with --shard.")
    share = Share(Shard.parse(wanted.shard), out, year)
    return Means(lambda: share.of(scan(folder)), engine, share)


def scan(folder: Place) -> Iterator[Source]:
    """The files of a folder or address, as `Means` wants them."""
    if isinstance(folder, str):
        from pipeline import remote_input  # noqa: PLC0415  only for addresses

        found = remote_input.walk(folder)
    else:
        found = sources.walk(folder.absolute())
    first = next(found, None)
    if first is None:
        raise NothingFound(f"There is no file in {folder}.",
                           "Put the reports there, or name another folder (--input DIR).")
    yield first
    yield from found


def warehouse_of(out: Place, form: str) -> Warehouse:
    """The warehouse at a place.

    Raises:
        MissingProgram: A package that it needs is not installed.
        UsageProblem: Tables of another format stand there.
    """
    if form == "delta":
        from pipeline.delta import DeltaTables  # noqa: PLC0415  only where it is asked for

        return DeltaTables(out)
    if isinstance(out, str):
        from pipeline.object_store import ObjectStore  # noqa: PLC0415  only for addresses

        return ObjectStore(out)
    if any((out / table / "_delta_log").exists() for table in TABLES):
        raise UsageProblem(f"{out} holds Delta tables.", "Add --format delta, or name another --out.")
    return ParquetFolder(out)


def _engine(wanted: Wanted, *, remote: bool) -> Engine:
    if wanted.engine == "ray":
        from pipeline.cluster import Ray  # noqa: PLC0415  only where it is asked for

        return Ray(wanted.ray_address)      # nodes fetch for themselves
    if remote:
        from pipeline.remote_input import fetching  # noqa: PLC0415  only for addresses

        return fetching(executors.run)
    return executors.run
