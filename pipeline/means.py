"""The means of a run put together from what a person asked for: where from, by what, where to."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import executors, remote_input
from pipeline.contract import TABLES
from pipeline.errors import UsageProblem
from pipeline.run import Engine, Means, Settings, scan_folder
from pipeline.shards import Shard, Share
from pipeline.sources import Source
from pipeline.storage import Place
from pipeline.warehouse import ParquetFolder, Warehouse


class Wanted(NamedTuple):
    """What a person asked for beyond the settings.

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


def means_of(settings: Settings, wanted: Wanted) -> Means:
    """The means of a run.

    Raises:
        MissingProgram: A package that they need is not installed.
        UsageProblem: They cannot be had together.
    """
    folder = settings.input

    def scan() -> Sequence[Source]:
        return scan_folder(folder) if isinstance(folder, Path) else remote_input.scan(folder)

    engine = _engine(wanted, remote=isinstance(folder, str))
    if wanted.shard is None:
        return Means(scan, engine, warehouse_of(settings.out, wanted.format))
    if wanted.format != "parquet":
        raise UsageProblem("A share is no table yet.", "Give --format to `jixiao merge`, not with --shard.")
    share = Share(Shard.parse(wanted.shard), settings.out, settings.year)
    return Means(lambda: share.of(scan()), engine, share)


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
        from pipeline.object_store import ObjectStore  # noqa: PLC0415  as above

        return ObjectStore(out)
    if any((out / table / "_delta_log").exists() for table in TABLES):
        raise UsageProblem(f"{out} holds Delta tables.", "Add --format delta, or name another --out.")
    return ParquetFolder(out)


def _engine(wanted: Wanted, *, remote: bool) -> Engine:
    if wanted.engine == "ray":
        from pipeline.cluster import Ray  # noqa: PLC0415  as above

        return Ray(wanted.ray_address)      # nodes fetch for themselves
    return remote_input.fetching(executors.run) if remote else executors.run
