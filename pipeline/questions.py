"""Commands that ask what is there, and read or publish nothing of a year's tables: schema, query, explain, atlas."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console, storage
from pipeline.options import WAREHOUSE, AsJson, Out, SchemaFormat, TableFormat, reported


@reported
def schema(
    form: Annotated[SchemaFormat, typer.Option("--format", help="How to write it.")] = SchemaFormat.MARKDOWN,
) -> None:
    """Print the tables, their columns, code lists and rules, made from the code.

    Example: jixiao schema --format ddl
    """
    from pipeline.schema_docs import render  # noqa: PLC0415  they load what --help need not wait for

    sys.stdout.write(render(form.value))


@reported
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


@reported
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


@reported
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
