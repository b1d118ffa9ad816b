"""The bulk run of one year: scan, read what is new, publish."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline import executors, fingerprint, sources
from pipeline.errors import ExitCode, Interrupted, JixiaoError, NothingFound, UsageProblem
from pipeline.executors import Results
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import RETRIED, Outcome, Stamp, Task, printable
from pipeline.sources import READ_LIMIT, Source, content_hash
from pipeline.state import State, open_state
from pipeline.state_file import is_damaged, put_aside
from pipeline.storage import Place
from pipeline.summary import Summary, contents_of, exit_code
from pipeline.warehouse import (
    Edition,
    ParquetFolder,
    PublishedFile,
    Warehouse,
    document_rows,
    signature,
)

__all__ = ["Event", "Means", "Reader", "Settings", "Summary", "exit_code", "extract_year"]


class Settings(NamedTuple):
    """What a run is asked to do.

    Attributes:
        year: The partition that is written.
        input: The folder of the reports, or its address.
        out: The folder of the tables, or its address.
        state: The folder of the state.
        jobs: Documents that are read at the same time.
        timeout: Seconds that one document may take.
    """

    year: int
    input: Place
    out: Place
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


Engine = Callable[[Callable[[Task], Outcome], Iterable[Task], int, float], Results]
"""What reads documents: as `pipeline.executors.run`, the arguments in its order."""


class Means(NamedTuple):
    """What a run is done with.

    Attributes:
        scan: Lists the files to read, sorted by path. Raises `NothingFound` where there are none
            at all; the share of one machine may be empty.
        engine: Reads them.
        warehouse: Takes the tables.
    """

    scan: Callable[[], Sequence[Source]]
    engine: Engine
    warehouse: Warehouse


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


def extract_year(settings: Settings, reader: Reader, on_event: OnEvent = lambda _event: None,
                 means: Means | None = None) -> Summary:
    """Read all reports of a year and publish its tables.

    Args:
        settings: What to do.
        reader: How documents are read.
        on_event: Called with each step of progress.
        means: What to do it with; folders and processes of this machine where none is given.

    Raises:
        JixiaoError: The run could not be done; each kind has its exit code. What had been
            read is kept, and nothing was published.
    """
    _check(settings)
    means = means or local_means(settings)
    try:
        try:
            return _extract(settings, reader, on_event, means)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            put_aside(settings.state, "is damaged")
            return _extract(settings, reader, on_event, means)
    except KeyboardInterrupt:
        raise Interrupted("The run was stopped; nothing was published.",
                          "What had been read is kept: run the same command to go on.") from None
    except (OSError, sqlite3.OperationalError) as error:
        # a full disk, a folder without rights; what is wrong with a document never comes here
        raise UsageProblem(f"A folder of the run could not be used: {error}.",
                           "Check the rights to it and the free space.") from error


def local_means(settings: Settings) -> Means:
    """The means of a run between two folders of this machine."""
    return Means(partial(scan_folder, Path(settings.input)), executors.run, ParquetFolder(Path(settings.out)))


def scan_folder(folder: Path) -> Sequence[Source]:
    """The files of a folder of this machine, as `Means` wants them.

    Raises:
        NothingFound: There are none.
    """
    found = sources.scan(folder.absolute())
    if not found:
        raise NothingFound(f"There is no file in {folder}.",
                           "Put the reports there, or name another folder (--input DIR).")
    return found


def _check(settings: Settings) -> None:
    """Raise where the settings make no sense."""
    if settings.jobs < 1 or settings.timeout <= 0:
        raise UsageProblem("Jobs and timeout must be above 0.", "Give another number.")
    for folder in (settings.out, settings.state):
        if _lies_inside(folder, settings.input):
            raise UsageProblem(f"{folder} lies inside the input folder {settings.input}.",
                               "Name one outside, or what is written would be read.")


def _lies_inside(place: Place, folder: Place) -> bool:
    """Whether a place is a folder, or under it."""
    if isinstance(place, Path) and isinstance(folder, Path):
        return place.resolve().is_relative_to(folder.resolve())
    return f"{place}/".startswith(f"{folder}/")


def _extract(settings: Settings, reader: Reader, on_event: OnEvent, means: Means) -> Summary:
    started = time.perf_counter()
    scanned_ns = time.time_ns()
    root = settings.input.absolute() if isinstance(settings.input, Path) else settings.input
    found = means.scan()
    on_event(Event("scanned", total=len(found)))
    prints = Fingerprint(fingerprint.of_code(), reader.corrections_of)
    with open_state(settings.state, prints, scanned_ns) as state, _noted(state, settings) as ended:
        known, tasks = _plan(state, found)
        on_event(Event("planned", total=len(tasks)))
        results = means.engine(reader.process, tasks, settings.jobs, settings.timeout)
        outcomes = known | _read(state, tasks, results, on_event)
        on_event(Event("publishing", len(tasks), len(tasks)))
        documents = [(source.relative, outcomes[source.relative]) for source in found]
        published = _publish(state, _edition(state, settings.year, reader, prints, documents), means.warehouse)
        removed = state.forget_others(os.fspath(root), {os.fspath(each.path) for each in found})
        if published:
            state.prune()
        reused = sum(outcome.document_id is not None for outcome in known.values())
        summary = Summary(settings.year, os.fspath(settings.out), contents_of(documents),
                          len(tasks), reused, removed, published, time.perf_counter() - started)
        ended(summary)
    return summary


@contextmanager
def _noted(state: State, settings: Settings) -> Iterator[Callable[[Summary], None]]:
    """Note in the state that a run began and how it ended; yields what takes its summary."""
    started = time.perf_counter()
    number = state.begin_run(settings.year, settings.input, settings.out)
    code = ExitCode.BUG
    summaries: list[Summary] = []
    try:
        yield summaries.append
        code = exit_code(summaries[-1])
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
        raise
    except JixiaoError as error:
        code = error.exit_code
        raise
    finally:
        state.end_run(number, time.perf_counter() - started, code,
                      summaries[-1].plain() if summaries else None)


def _plan(state: State, found: Sequence[Source]) -> tuple[dict[str, Outcome], dict[Task, Stamp]]:
    """Outcomes that are known, by relative path, and the files to read, each with its stamp."""
    sizes = state.sizes()
    known: dict[str, Outcome] = {}
    tasks: dict[Task, Stamp] = {}
    for source in found:
        stamp = source.stamp
        if stamp is None:
            known[source.relative] = Outcome(None, "unreadable", source.problem)
            continue
        path = os.fspath(source.path)
        document_id = state.document_id(path, stamp)
        if document_id is None and (stamp.size in sizes or stamp.size > READ_LIMIT):
            document_id = _hashed(path)
            if document_id is not None:
                state.remember(path, stamp, document_id)
        outcome = None if document_id is None else state.find(document_id)
        if outcome is None:
            tasks[Task(path, source.relative, document_id, stamp.size)] = stamp
        else:
            known[source.relative] = outcome
    return known, tasks


def _hashed(path: str) -> str | None:
    """The hash of a file; None where it cannot be read: reading it will say why."""
    try:
        return content_hash(path)
    except OSError:
        return None


def _read(state: State, tasks: Mapping[Task, Stamp], answers: Results, on_event: OnEvent
          ) -> dict[str, Outcome]:
    """The outcomes of files by relative path; their rows go to the state, not to memory."""
    outcomes: dict[str, Outcome] = {}
    with closing(answers) as results:
        for task, outcome, seconds in results:
            reason = outcome.reason and printable(outcome.reason)
            document_id = outcome.document_id
            if document_id is None and outcome.status in RETRIED:
                document_id = _hashed(task.path)     # the reader did not live to tell
            kept = outcome._replace(document_id=document_id, reason=reason)
            if document_id is not None:
                state.save(kept, seconds)
                state.remember(task.path, tasks[task], document_id)
            outcomes[task.relative] = kept._replace(rows=b"")
            on_event(Event("read", len(outcomes), len(tasks), task.relative, kept.status))
    state.commit()     # whatever happens while the tables are written
    return outcomes


def _edition(state: State, year: int, reader: Reader, prints: Fingerprint,
             documents: Sequence[tuple[str, Outcome]]) -> Edition:
    """What there is to publish."""
    rows = document_rows(documents, reader.extractor_version)
    identities = sorted({outcome.document_id for _, outcome in documents if outcome.document_id})
    sign = signature(prints, reader.units, rows, identities)
    return Edition(year, sign, documents, rows, state.rows(identities), reader.units,
                   reader.extractor_version, prints)


def _publish(state: State, edition: Edition, warehouse: Warehouse) -> bool:
    """Replace the tables of the year, unless the same ones stand there; whether it was done."""
    place = Path(warehouse.name)
    warehouse.recover()
    before = state.published(place, edition.year)
    if before is not None and before[0] == edition.signature and warehouse.intact(
            edition.year, edition.signature, (PublishedFile(*each) for each in before[1])):
        return False
    state.note_published(place, edition.year, edition.signature, warehouse.publish(edition))
    return True
