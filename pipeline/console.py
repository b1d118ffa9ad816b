"""What people see: progress and messages on stderr, data on stdout."""

import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipeline.errors import JixiaoError
from pipeline.query import Answer, shown

if TYPE_CHECKING:
    from pipeline.run import Event
    from pipeline.state import Run
    from pipeline.summary import Summary

MOST_LISTED = 10
"""Unreadable files that the summary names; the table documents has all."""

PLAIN_EVERY = 30.0
"""Seconds between progress lines where there is no terminal."""

UNBOUNDED = 1 << 16
"""Width of a table that goes to a file or a pipe, where folding would tear values apart."""

_stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(error: JixiaoError) -> None:
    """What is wrong and what to do about it."""
    _stderr.print(f"jixiao: {error.message}", style="bold red", markup=False)
    _stderr.print(error.next_step, markup=False)


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


# ── progress ─────────────────────────────────────────────────────────────────


@contextmanager
def progress() -> Iterator[Callable[["Event"], None]]:
    """A callback for the events of a run: a bar on a terminal, else a line now and then."""
    if not _stderr.is_terminal:
        yield _plain_progress()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_stderr, transient=True) as bar:
        task = bar.add_task("scanning", total=None)

        def on_event(event: "Event") -> None:
            words = {"planned": "reading", "read": "reading", "publishing": "publishing"}
            bar.update(
                task,
                description=words.get(event.kind, event.kind),
                completed=event.done,
                total=event.total or None,
            )

        yield on_event


def _plain_progress() -> Callable[["Event"], None]:
    last = time.monotonic()

    def on_event(event: "Event") -> None:
        nonlocal last
        if event.kind == "read" and time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            _stderr.print(f"read {event.done} of {event.total}")

    return on_event


# ── summaries ────────────────────────────────────────────────────────────────


def show_summary(summary: "Summary", what: str = "tables") -> None:
    """What a run did, for people; ``what`` it wrote."""
    held = summary.contents
    counts = f"{held.forms:,} forms, {held.funds:,} fund rows, {held.indicators:,} indicators"
    _stderr.print(f"{summary.year}: {held.files:,} files, {counts}")
    _stderr.print(
        f"  {summary.read:,} read now, {summary.reused:,} known from before, {summary.removed:,} removed"
        f" since, in {summary.seconds:.1f} s"
    )
    statuses = ", ".join(f"{number:,} {status}" for status, number in sorted(held.by_status.items()))
    findings = ", ".join(f"{number:,} {severity}" for severity, number in held.findings.items())
    _stderr.print(f"  documents: {statuses}")
    _stderr.print(f"  findings: {findings}")
    for unread in held.unreadable[:MOST_LISTED]:
        _stderr.print(f"  {unread.status}: {unread.path}: {unread.reason}", markup=False)
    if len(held.unreadable) > MOST_LISTED:
        _stderr.print(f"  … and {len(held.unreadable) - MOST_LISTED:,} more: see the table documents")
    words = "written to" if summary.published else "unchanged in"
    _stderr.print(f"  {what} {words} {summary.out}", markup=False)


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
        str(len(held.get("unreadable", ()))) if held else "",
    )
