"""The bulk run of one year: scan, read what is new, publish."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline import contract, dataset, executors, fingerprint, sources
from pipeline.errors import ExitCode, Interrupted, JixiaoError, NothingFound, UsageProblem
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import RETRIED, Outcome, Task, printable
from pipeline.sources import READ_LIMIT, Source
from pipeline.state import State, open_state
from pipeline.state_file import is_damaged, put_aside
from pipeline.summary import Summary, contents_of, exit_code


class Settings(NamedTuple):
    """What a run is asked to do.

    Attributes:
        year: The partition that is written.
        input: The folder of the reports.
        out: The folder of the tables.
        state: The folder of the state.
        jobs: Documents that are read at the same time.
        timeout: Seconds that one document may take.
    """

    year: int
    input: Path
    out: Path
    state: Path
    jobs: int = 1
    timeout: float = 120.0


class Reader(NamedTuple):
    """How documents are read.

    Attributes:
        process: The document stage. It opens and hashes the file itself, so that each new
            file is opened once, and hands rows over in the sort order of the contract.
        extractor_version: What stands in ``documents``.
        units: The rows of ``units``, sorted by unit.
        corrections_of: As in `Fingerprint`.
    """

    process: Callable[[Task], Outcome]
    extractor_version: str
    units: Sequence[tuple[object, ...]] = ()
    corrections_of: Callable[[str], str] = lambda _document_id: ""


class Event(NamedTuple):
    """Progress: ``scanned`` ``planned`` ``read`` ``publishing``, in this order.

    ``total`` counts the files found (``scanned``), then the files to read, of which ``done``
    have been read. ``name`` and ``status`` tell of the file that was just ``read``.
    """

    kind: str
    done: int = 0
    total: int = 0
    name: str | None = None
    status: str | None = None


OnEvent = Callable[[Event], None]


def extract_year(settings: Settings, reader: Reader,
                 on_event: OnEvent = lambda _event: None) -> Summary:
    """Read all reports of a year and publish its tables.

    Raises:
        JixiaoError: The run could not be done; each kind has its exit code. What had been
            read is kept, and nothing was published.
    """
    _check(settings)
    try:
        try:
            return _extract(settings, reader, on_event)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            put_aside(settings.state, "is damaged")
            return _extract(settings, reader, on_event)
    except KeyboardInterrupt:
        raise Interrupted("The run was stopped; nothing was published.",
                          "What had been read is kept: run the same command to go on.") from None
    except (OSError, sqlite3.OperationalError) as error:
        # a full disk, a folder without rights; what is wrong with a document never comes here
        raise UsageProblem(f"A folder of the run could not be used: {error}.",
                           "Check the rights to it and the free space.") from error


def _check(settings: Settings) -> None:
    """Raise where the settings make no sense."""
    if settings.jobs < 1 or settings.timeout <= 0:
        raise UsageProblem("Jobs and timeout must be above 0.", "Give another number.")
    inside = settings.input.resolve()
    for folder in (settings.out, settings.state):
        if folder.resolve().is_relative_to(inside):
            raise UsageProblem(f"{folder} lies inside the input folder {settings.input}.",
                               "Name one outside, or what is written would be read.")


def _extract(settings: Settings, reader: Reader, on_event: OnEvent) -> Summary:
    started = time.perf_counter()
    scanned_ns = time.time_ns()
    root = settings.input.absolute()
    found = sources.scan(root)
    if not found:
        raise NothingFound(f"There is no file in {settings.input}.",
                           "Put the reports there, or name another folder (--input DIR).")
    on_event(Event("scanned", total=len(found)))
    prints = Fingerprint(fingerprint.of_code(), reader.corrections_of)
    with open_state(settings.state, prints, scanned_ns) as state, _noted(state, settings) as ended:
        known, tasks = _plan(state, found)
        on_event(Event("planned", total=len(tasks)))
        outcomes = known | _read(state, tasks, settings, reader.process, on_event)
        on_event(Event("publishing", len(tasks), len(tasks)))
        documents = [(source.relative, outcomes[source.relative]) for source in found]
        published = _publish(state, settings, reader, prints, documents)
        removed = state.forget_others(os.fspath(root), {os.fspath(each.path) for each in found})
        if published:
            state.prune()
        summary = Summary(
            **vars(contents_of(documents)), year=settings.year, out=os.fspath(settings.out),
            read=len(tasks), reused=len(known), removed=removed, published=published,
            seconds=time.perf_counter() - started)
        ended(summary)
    return summary
