"""The command line: arguments in, exit code out, no logic."""

import re
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from pipeline import console, storage
from pipeline.errors import ExitCode, Interrupted, JixiaoError, MissingProgram

app = typer.Typer(
    name="jixiao",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Read Chinese government expenditure self-evaluation forms (财政项目支出绩效自评表) into typed "
    "Parquet tables: projects, funds, indicators, with every value traceable to its print.",
    epilog="Start with: jixiao extract --year 2023. Exit codes: 0 all read, 1 a bug of ours, 2 usage, "
    "3 nothing to read, 4 some documents unreadable, 5 a table would break its contract, "
    "6 something is not installed, 130 interrupted.",
)

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


_P = ParamSpec("_P")


def _reported(command: Callable[_P, ExitCode | None]) -> Callable[_P, None]:
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


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Options of the program itself."""
    if show_version:
        typer.echo(f"jixiao {version('jixiao')}")
        raise typer.Exit


@app.command()
@_reported
def extract(
    year: Year,
    folder: Input = None,
    out: Out = WAREHOUSE,
    state: StateFolder = None,
    decisions: Corrections = CORRECTIONS,
    jobs: Jobs = 1,
    timeout: Annotated[
        float,
        typer.Option("--timeout", min=0.1, help="Seconds that one document may take; large ones get more."),
    ] = 120.0,
    retry: Retry = "",
    part_mib: PartMib = 128,
    form: Lake = LakeFormat.PARQUET,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            help="Read one share of the files only, I of N counted from 1 (1/8 to 8/8); no tables are "
            "written until `jixiao merge` joins all shares.",
            metavar="I/N",
        ),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine", help="Processes of this machine (--jobs), or all of a Ray cluster (extra \\[ray])."
        ),
    ] = Engine.PROCESSES,
    ray_address: Annotated[
        str | None,
        typer.Option("--ray-address", help="With --engine ray: HOST:PORT, or auto.", show_default="this machine alone"),
    ] = None,
    as_json: AsJson = False,
) -> ExitCode:
    """Read all reports of a year and publish its tables.

    Every file under the input folder becomes a row of [bold]documents[/]; one that
    cannot be read says why there and stops no other. Files that have not changed
    since the last run are not read again, those that timed out or crashed neither
    unless --retry names them. The year's tables are replaced as a whole, or not at
    all. Ctrl-C lets the documents at hand end, a second one stops at once; the same
    command then goes on where the run ended.

    Example: jixiao extract --year 2023 --input reports --out tables --jobs 4
    """
    from pipeline import run  # noqa: PLC0415  it loads pyarrow, which --help need not wait for
    from pipeline.means import Wanted, means_of  # noqa: PLC0415  as above
    from pipeline.progress import progress  # noqa: PLC0415  as above
    from pipeline.reader import reader  # noqa: PLC0415  as above
    from pipeline.summary import exit_code  # noqa: PLC0415  as above

    settings = run.Settings(
        year=year,
        input=storage.place(folder or f"data/raw/{year}"),
        out=storage.place(out),
        state=state or state_folder(out, shard),
        jobs=jobs,
        timeout=timeout,
        retry=run.retried(retry),
        part_bytes=part_mib << 20,
    )
    wanted = Wanted(engine.value, ray_address, form.value, shard)
    how = means_of(settings.input, settings.out, year, wanted)
    with progress() as on_event:
        summary = run.extract_year(settings, reader(decisions), on_event, how)
    if as_json:
        console.write_json(summary.plain())
    else:
        console.show_summary(summary, what=f"share {shard}" if shard else "tables")
    return exit_code(summary)


def state_folder(out: str, shard: str | None = None) -> Path:
    """Where a run over these tables keeps its state unless told otherwise."""
    share = f"shard-{shard.replace('/', '-of-')}" if shard else ""
    if storage.is_address(out):     # the state is a file of this machine
        return Path("data/state") / re.sub(r"[^\w.-]+", "-", out) / share
    return (Path("data/state") if Path(out) == Path(WAREHOUSE) else Path(out) / "_state") / share


@app.command()
@_reported
def merge(
    year: Year,
    out: Out = WAREHOUSE,
    decisions: Corrections = CORRECTIONS,
    form: Lake = LakeFormat.PARQUET,
    part_mib: PartMib = 128,
    as_json: AsJson = False,
) -> ExitCode:
    """Join the shares of a year (extract --shard) and publish its tables.

    All shares must be there, read from the same files by the same version. The tables are those
    that one run over all files would have written. For example, one after the other:
    for i in 1 2 3 4; do jixiao extract --year 2023 --shard $i/4; done

    Example: jixiao merge --year 2023
    """
    from pipeline.means import warehouse_of  # noqa: PLC0415  as above
    from pipeline.merge import merge as join  # noqa: PLC0415  as above
    from pipeline.reader import reader  # noqa: PLC0415  as above
    from pipeline.summary import exit_code  # noqa: PLC0415  as above

    place = storage.place(out)
    summary = join(year, place, warehouse_of(place, form.value), reader(decisions), part_mib << 20)
    if as_json:
        console.write_json(summary.plain())
    else:
        console.show_summary(summary)
    return exit_code(summary)


@app.command()
@_reported
def plan(
    year: Year,
    folder: Input = None,
    out: Out = WAREHOUSE,
    state: StateFolder = None,
    decisions: Corrections = CORRECTIONS,
    jobs: Jobs = 1,
    retry: Retry = "",
    as_json: AsJson = False,
) -> None:
    """Show what `jixiao extract` would read, why, and how long that should take.

    Nothing is read and nothing published. A file is [bold]new[/], [bold]changed[/], asked for again
    ([bold]retry[/]), read by other [bold]code[/] or under other corrections, [bold]known[/], or no
    document at all ([bold]problem[/]). Seconds come from what was read before, by kind and size.

    Example: jixiao plan --year 2023 --input reports --out tables --jobs 4
    """
    from pipeline import run  # noqa: PLC0415  as above
    from pipeline.reader import reader  # noqa: PLC0415  as above

    settings = run.Settings(year, storage.place(folder or f"data/raw/{year}"), storage.place(out),
                            state or state_folder(out), jobs, retry=run.retried(retry))
    planned = run.plan_year(settings, reader(decisions))
    if as_json:
        console.write_json({"plan": [one._asdict() for one in planned]})
    else:
        console.show_plan(planned, jobs)


@app.command()
@_reported
def status(
    out: Out = WAREHOUSE,
    state: Annotated[
        Path | None, typer.Option("--state", help="Folder that remembers what was read.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the last runs, and what documents took by kind.

    May be called while a run is going on. A run that does not end says "not ended".

    Example: jixiao status --out tables
    """
    from pipeline.state import last_runs, times  # noqa: PLC0415  as above

    folder = state or state_folder(out)
    runs = last_runs(folder, limit=10)
    taken = times(folder)
    if as_json:
        console.write_json({
            "runs": [one._asdict() for one in runs], "kinds": [one._asdict() for one in taken]})
    else:
        console.show_runs(runs)
        if taken:
            sys.stdout.write("\n")
            console.show_times(taken)


@app.command()
@_reported
def schema(
    form: Annotated[SchemaFormat, typer.Option("--format", help="How to write it.")] = SchemaFormat.MARKDOWN,
) -> None:
    """Print the tables, their columns, code lists and rules, made from the code.

    Example: jixiao schema --format ddl
    """
    from pipeline.schema_docs import render  # noqa: PLC0415  as above

    sys.stdout.write(render(form.value))


@app.command()
@_reported
def query(
    sql: Annotated[
        str, typer.Argument(help="One SQL statement over documents, projects, funds, indicators …")
    ],
    out: Out = WAREHOUSE,
    form: Annotated[
        TableFormat, typer.Option("--format", help="How to write the answer.")
    ] = TableFormat.TABLE,
) -> None:
    """Ask the published tables in SQL (DuckDB, embedded; one view for each table).

    Example: jixiao query --format csv "SELECT project_name, grade FROM projects"
    """
    from pipeline.query import query as ask  # noqa: PLC0415  as above

    console.write_answer(ask(storage.place(out), sql), form.value)


@app.command()
@_reported
def explain(
    form_id: Annotated[str, typer.Argument(help="A form, as in projects.form_id.")],
    field: Annotated[
        str | None,
        typer.Argument(help="score_total, funds.0.executed_yuan, indicators.3.target_value …"),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Argument(help="With --png: the file to write.", show_default="FORM_ID.FIELD.png"),
    ] = None,
    png: Annotated[
        bool, typer.Option("--png", help="Draw the part of the page, the cell outlined (PDF).")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--input", help="With --png: folder of the reports.", show_default="data/raw/YEAR"),
    ] = None,
    out: Out = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Show where values come from: print, place, every step to the value, checks that touched it.

    Without a field it shows all prints of the form. Lines are counted from 0.

    Example: jixiao explain 8c7ccb101cb4943a-002 indicators.7.target_value --png
    """
    from pipeline.explain import explain as why  # noqa: PLC0415  as above

    explanation = why(storage.place(out), form_id, field)
    if png or picture is not None:
        from pipeline.picture import write_picture  # noqa: PLC0415  as above

        file = write_picture(explanation, folder, picture or Path(f"{form_id}.{field}.png"))
        typer.echo(f"drawn: {file}", err=True)
    if as_json:
        console.write_json(explanation.data)
    else:
        sys.stdout.write("\n".join(explanation.lines) + "\n")


@app.command()
@_reported
def atlas(
    year: Annotated[
        int | None, typer.Option("--year", min=1990, max=2099, help="Only this year.", show_default="all years")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--input", help="Read this folder of reports instead of tables; nothing of it is kept.", show_default="none"
        ),
    ] = None,
    out: Out = WAREHOUSE,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Forms named for each variant.")] = 3,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="With --input: documents read at once.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Show which forms a corpus holds, grouped by the words of their heads.

    A variant is all forms over whose indicators the same words stand. Variants of
    [bold]no known family[/] come first, with the nearest family and the words that differ:
    that is how a new form is seen the day it appears. A wording is added in
    labels.toml, a shape as a template (docs/adding-a-form.md); then run again.

    Each variant has its number of forms and documents, the heads of its fund
    tables, and forms to look at (jixiao explain FORM_ID shows what was read).

    Example: jixiao atlas --input reports --json
    """
    from pipeline.atlas import atlas as survey  # noqa: PLC0415  as above
    from pipeline.atlas import atlas_of_reports  # noqa: PLC0415  as above
    from pipeline.progress import progress  # noqa: PLC0415  as above

    if folder is None:
        found = survey(storage.place(out), year, examples)
    else:
        with progress() as on_event:
            found = atlas_of_reports(folder, examples, jobs, on_event)
    if as_json:
        console.write_json(found.data)
    else:
        sys.stdout.write("\n".join(found.lines) + "\n")


def main() -> None:
    """The console script."""
    app()
