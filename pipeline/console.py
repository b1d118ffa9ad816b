"""What people see: progress and messages on stderr, data on stdout."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.errors import JixiaoError
from pipeline.query import Answer, shown
from pipeline.vocabulary import NOT_READ

if TYPE_CHECKING:
    from pipeline.state import Run, Times
    from pipeline.summary import Summary
    from pipeline.worklist import Planned

MOST_LISTED = 10
"""Unreadable files that the summary names; the table documents has all."""

UNBOUNDED = 1 << 16
"""Width of a table that goes to a file or a pipe, where folding would tear values apart."""

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(error: JixiaoError) -> None:
    """What is wrong and what to do about it."""
    stderr.print(f"jixiao: {error.message}", style="bold red", markup=False)
    stderr.print(error.next_step, markup=False)


# ── data ─────────────────────────────────────────────────────────────────────


def write_json(data: Any) -> None:  # noqa: ANN401  as above
    """One JSON object on stdout; decimals are written as numbers, exactly."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=_number) + "\n")


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        number = float(value)
        return int(value) if value == int(value) else number if Decimal(repr(number)) == value else str(value)
    return str(value)


def write_answer(answer: Answer, form: str) -> None:
    """The rows of a query on stdout."""
    if form == "json":
        write_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([shown(value) for value in row] for row in answer.rows)
    else:
        _print_table(answer.columns, ([shown(value) for value in row] for row in answer.rows))


def _print_table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns on stdout: folded to a terminal's width, else one line a row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # not str: a cell with [brackets] would be read as markup
    Console(highlight=False, width=None if sys.stdout.isatty() else UNBOUNDED).print(table)


# ── summaries ────────────────────────────────────────────────────────────────


def show_summary(summary: "Summary", what: str = "tables") -> None:
    """What a run did, for people; ``what`` it wrote."""
    held = summary.contents
    counts = f"{held.forms:,} forms, {held.funds:,} fund rows, {held.indicators:,} indicators"
    stderr.print(f"{summary.year}: {held.files:,} files, {counts}")
    stderr.print(
        f"  {summary.read:,} read now, {summary.reused:,} known from before, {summary.removed:,} removed"
        f" since, in {summary.seconds:.1f} s"
    )
    statuses = ", ".join(f"{number:,} {status}" for status, number in sorted(held.by_status.items()))
    findings = ", ".join(f"{number:,} {severity}" for severity, number in held.findings.items())
    stderr.print(f"  documents: {statuses}")
    stderr.print(f"  findings: {findings}")
    for unread in held.unreadable[:MOST_LISTED]:
        stderr.print(f"  {unread.status}: {unread.path}: {unread.reason}", markup=False)
    if len(held.unreadable) > MOST_LISTED:
        stderr.print(f"  … and {len(held.unreadable) - MOST_LISTED:,} more: see the table documents")
    words = "written to" if summary.published else "unchanged in"
    stderr.print(f"  {what} {words} {summary.out}", markup=False)


def show_runs(runs: Sequence["Run"]) -> None:
    """The last runs, newest first."""
    columns = ("started", "year", "input", "seconds", "exit", "files", "forms", "unreadable")
    _print_table(columns, map(_run_row, runs))


def _run_row(run: "Run") -> tuple[str, ...]:
    held = (run.summary or {}).get("contents", {})
    return (
        run.started,
        str(run.year),
        run.input,
        "not ended" if run.seconds is None else f"{run.seconds:.1f}",
        shown(run.exit_code),
        str(held.get("files", "")),
        str(held.get("forms", "")),
        str(sum(held["by_status"].get(each, 0) for each in NOT_READ)) if held else "",
    )


def show_times(times: Sequence["Times"]) -> None:
    """What documents took, by kind."""
    columns = ("kind", "documents", "p50 s", "p90 s", "p99 s", "longest s", "cpu s", "not read")
    _print_table(columns, (
        (each.kind, str(each.documents), *(f"{part:.3f}" for part in (each.p50, each.p90, each.p99, each.longest)),
         f"{each.cpu_seconds:.1f}", str(each.failures)) for each in times))


def show_plan(planned: Sequence["Planned"], jobs: int) -> None:
    """What a run would read, and why."""
    _print_table(("why", "kind", "files", "MiB", "seconds"), (
        (each.why, each.kind, str(each.files), f"{each.size / (1 << 20):.1f}", f"{each.seconds:.1f}")
        for each in planned))
    seconds = sum(each.seconds for each in planned)
    files = sum(each.files for each in planned if each.why not in {"known", "problem"})
    stderr.print(f"{files:,} files to read, {spoken(seconds)} of one process, about {spoken(seconds / jobs)} with"
                 f" --jobs {jobs}")


def spoken(seconds: float) -> str:
    """A time as people say it.

    >>> spoken(4.2), spoken(247), spoken(7300), spoken(400_000)
    ('4 s', '4 min 07 s', '2 h 01 min', '4 d 15 h')
    """
    whole = round(seconds)
    for unit, of_unit, smaller, of_smaller in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= of_unit:
            rest = whole % of_unit // of_smaller
            return f"{whole // of_unit} {unit} {rest:0{1 if unit == 'd' else 2}} {smaller}"
    return f"{whole} s"
