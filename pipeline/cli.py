"""The command line: arguments in, exit code out, no logic. Here are the commands of a run."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console, questions, storage
from pipeline.errors import ExitCode
from pipeline.options import (
    CORRECTIONS,
    WAREHOUSE,
    AsJson,
    Corrections,
    Engine,
    Input,
    Jobs,
    Lake,
    LakeFormat,
    Out,
    PartMib,
    Retry,
    StateFolder,
    Year,
    reported,
    state_folder,
)

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


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Options of the program itself."""
    if show_version:
        typer.echo(f"jixiao {version('jixiao')}")
        raise typer.Exit


@app.command()
@reported
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


@app.command()
@reported
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
@reported
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
@reported
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


for question in (questions.schema, questions.query, questions.explain, questions.atlas):
    app.command()(question)


def main() -> None:
    """The console script."""
    app()
