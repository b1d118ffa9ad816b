"""What several commands of the command line share: their options, and how their errors are told."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from pipeline import console, storage
from pipeline.errors import ExitCode, Interrupted, JixiaoError, MissingProgram

Out = Annotated[
    str, typer.Option("--out", help="Folder of the tables, or its address (s3://…).", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]
Year = Annotated[
    int, typer.Option("--year", min=1990, max=2099, help="The year whose reports are read.")
]
Input = Annotated[
    str | None,
    typer.Option(
        "--input",
        help="Folder of the reports, any depth, or its address (s3://…).",
        show_default="data/raw/YEAR",
    ),
]
StateFolder = Annotated[
    Path | None,
    typer.Option(
        "--state",
        help="Folder of this machine that remembers what was read.",
        show_default="data/state; with --out DIR, DIR/_state; with an address, a folder in data/state",
    ),
]
Corrections = Annotated[
    Path, typer.Option("--corrections", help="Folder of people's corrections (*.toml).")
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Documents read at the same time.")]
Retry = Annotated[
    str,
    typer.Option(
        "--retry",
        help="Read these again too: timeout, crashed, unreadable, or first words of reasons, with commas.",
    ),
]
PartMib = Annotated[
    int, typer.Option("--part-mib", min=1, help="Size at which a part file of a table is closed, MiB.")
]
WAREHOUSE = "data/warehouse"
CORRECTIONS = Path("data/corrections")


class Engine(StrEnum):
    """What reads documents."""

    PROCESSES = "processes"
    RAY = "ray"


class LakeFormat(StrEnum):
    """Formats of the tables."""

    PARQUET = "parquet"
    DELTA = "delta"


Lake = Annotated[
    LakeFormat,
    typer.Option("--format", help="Plain Parquet files, or Delta Lake tables (extra \\[delta])."),
]


class SchemaFormat(StrEnum):
    """Formats of `jixiao schema`."""

    MARKDOWN = "markdown"
    JSONSCHEMA = "jsonschema"
    DDL = "ddl"
    DBT = "dbt"


class TableFormat(StrEnum):
    """Formats of `jixiao query`."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def state_folder(out: str, shard: str | None = None) -> Path:
    """Where a run over these tables keeps its state unless told otherwise."""
    share = f"shard-{shard.replace('/', '-of-')}" if shard else ""
    if storage.is_address(out):     # the state is a file of this machine
        return Path("data/state") / re.sub(r"[^\w.-]+", "-", out) / share
    return (Path("data/state") if Path(out) == Path(WAREHOUSE) else Path(out) / "_state") / share


_P = ParamSpec("_P")


def reported(command: Callable[_P, ExitCode | None]) -> Callable[_P, None]:
    """A command whose own errors become a message on stderr and their exit code."""

    @wraps(command)
    def run(*arguments: _P.args, **options: _P.kwargs) -> None:
        try:
            code = command(*arguments, **options) or ExitCode.OK
        except (JixiaoError, ModuleNotFoundError, KeyboardInterrupt) as caught:
            error = _named(caught)
            console.complain(error)
            code = error.exit_code
        if code:
            raise typer.Exit(code)

    return run


def _named(caught: JixiaoError | ModuleNotFoundError | KeyboardInterrupt) -> JixiaoError:
    """The error of ours that something caught is; a module of ours that is missing is a bug."""
    if isinstance(caught, JixiaoError):
        return caught
    if isinstance(caught, KeyboardInterrupt):
        return Interrupted("The command was stopped.", "Run it again.")
    if caught.name is None or caught.name.partition(".")[0] in {"parsers", "pipeline"}:
        raise caught
    return MissingProgram(
        f"The Python package {caught.name} is not installed.",
        "Install jixiao again with all that it needs: pip install . (in a checkout: make setup).",
    )
