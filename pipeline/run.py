"""The bulk run of one year: scan, read what is new, publish."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from pipeline import fingerprint, planning
from pipeline.dataset import PublishedFile
from pipeline.errors import ExitCode, Interrupted, JixiaoError, UsageProblem
from pipeline.event_log import EventLog
from pipeline.events import Event, OnEvent, Progress
from pipeline.fingerprint import Fingerprint
from pipeline.interrupts import Stop, stopping
from pipeline.means import Means, means_of
from pipeline.outcome import UNTOLD, Outcome, Result, Task, printable
from pipeline.parts import PART_BYTES
from pipeline.state import State, open_state
from pipeline.state_file import is_damaged, put_aside
from pipeline.storage import Place
from pipeline.summary import Contents, Summary, contents_of, exit_code
from pipeline.warehouse import Edition
from pipeline.worklist import Planned, Worklist

__all__ = ["Event", "Reader", "Settings", "Summary", "exit_code", "extract_year", "plan_year"]


class Settings(NamedTuple):
    """What a run is asked to do.

    Attributes:
        year: The partition that is written.
        input: The folder of the reports, or its address.
        out: The folder of the tables, or its address.
        state: The folder of the state.
        jobs: Documents that are read at the same time.
        timeout: Seconds that one document may take; `pipeline.kinds` gives large ones more.
        retry: Statuses, or first words of reasons, whose documents are read again though nothing
            about them has changed.
        part_bytes: Size at which a part file of the tables is closed.
    """

    year: int
    input: Place
    out: Place
    state: Path
    jobs: int = 1
    timeout: float = 120.0
    retry: frozenset[str] = planning.NO_RETRY
    part_bytes: int = PART_BYTES


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


class _Work(NamedTuple):
    """What every step of a run needs; ``stop`` is asked where a person wants it to end."""

    settings: Settings
    reader: Reader
    prints: Fingerprint
    state: State
    listed: Worklist
    stop: Stop
    means: Means


def extract_year(settings: Settings, reader: Reader, on_event: OnEvent = lambda _event: None,
                 means: Means | None = None) -> Summary:
    """Read all reports of a year and publish its tables.

    Args:
        settings: What to do.
        reader: How documents are read.
        on_event: Called with each step of progress.
        means: What to do it with; processes of this machine where none is given.

    Raises:
        JixiaoError: The run could not be done; each kind has its exit code. What had been
            read is kept, and nothing was published.
    """
    _check(settings)
    means = means or means_of(settings.input, settings.out, settings.year)
    with _named(), stopping(lambda: on_event(Event("stopping"))) as stop:
        try:
            return _extract(settings, reader, on_event, stop, means)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            put_aside(settings.state, "is damaged")
            return _extract(settings, reader, on_event, stop, means)


def retried(words: str) -> frozenset[str]:
    """What ``--retry`` names: statuses, or first words of reasons, with commas between them.

    >>> sorted(retried("timeout, crashed"))
    ['crashed', 'timeout']
    """
    return frozenset(filter(None, map(str.strip, words.split(","))))


def plan_year(settings: Settings, reader: Reader, means: Means | None = None) -> list[Planned]:
    """What `extract_year` would read, and why; nothing is read, and nothing published.

    Raises:
        JixiaoError: As `extract_year`.
    """
    _check(settings)
    means = means or means_of(settings.input, settings.out, settings.year)
    with _named(), _opened(settings, reader, Stop(), means) as work:
        planning.draw_up(work.state, work.listed, settings.retry)
        return work.listed.planned()


@contextmanager
def _named() -> Iterator[None]:
    """Errors of the system as errors of ours."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted("The run was stopped; nothing was published.",
                          "What had been read is kept: run the same command to go on.") from None
    except (OSError, sqlite3.OperationalError) as error:
        # a full disk, a folder without rights; what is wrong with a document never comes here
        raise UsageProblem(f"A folder of the run could not be used: {error}.",
                           "Check the rights to it and the free space; the same command then goes on"
                           " where this run ended.") from error


def _check(settings: Settings) -> None:
    """Raise where the settings make no sense."""
    if settings.jobs < 1 or settings.timeout <= 0 or settings.part_bytes < 1:
        raise UsageProblem("Jobs and timeout and part size must be above 0.", "Give another number.")
    for folder in (settings.out, settings.state):
        if _lies_inside(folder, settings.input):
            raise UsageProblem(f"{folder} lies inside the input folder {settings.input}.",
                               "Name one outside, or what is written would be read.")


def _lies_inside(place: Place, folder: Place) -> bool:
    """Whether a place is a folder, or under it."""
    if isinstance(place, Path) and isinstance(folder, Path):
        return place.resolve().is_relative_to(folder.resolve())
    return f"{place}/".startswith(f"{folder}/")


@contextmanager
def _opened(settings: Settings, reader: Reader, stop: Stop, means: Means) -> Iterator[_Work]:
    """The state and the files of a run."""
    scanned_ns = time.time_ns()
    found = means.scan()
    first = list(islice(found, 1))      # where there is nothing, no state is begun
    prints = Fingerprint(fingerprint.of_code(), reader.corrections_of)
    with open_state(settings.state, prints, scanned_ns) as state:
        listed = state.worklist(stop.guard(chain(first, found)))
        yield _Work(settings, reader, prints, state, listed, stop, means)


def _extract(settings: Settings, reader: Reader, on_event: OnEvent, stop: Stop, means: Means) -> Summary:
    started = time.perf_counter()
    with _opened(settings, reader, stop, means) as work, _noted(work) as (log, ended):
        state, listed = work.state, work.listed
        count = len(listed)
        on_event(Event("scanned", total=count))
        expected = planning.draw_up(state, listed, settings.retry, stop)
        progress = Progress(on_event, listed.queued, expected)
        progress.tell("planned")
        log.write("planned", files=count, to_read=listed.queued, expected_seconds=round(expected, 1))
        reused = sum(each.files for each in listed.planned() if each.why == "known")
        _read(work, progress, log)
        progress.tell("publishing")
        contents, published = _publish(work, log)
        removed = state.forget_unlisted(_root(settings.input))
        if published:
            state.prune()
        summary = Summary(settings.year, os.fspath(settings.out), contents, progress.done, reused,
                          removed, published, time.perf_counter() - started)
        ended(summary)
    return summary


def _root(folder: Place) -> Place:
    """What the paths of all its files begin with."""
    return folder.absolute() if isinstance(folder, Path) else folder


@contextmanager
def _noted(work: _Work) -> Iterator[tuple[EventLog, Callable[[Summary], None]]]:
    """Note that a run began and how it ended; yields the event log and what takes the summary."""
    started = time.perf_counter()
    settings = work.settings
    number = work.state.begin_run(settings.year, settings.input, settings.out)
    code = ExitCode.BUG
    summaries: list[Summary] = []
    with EventLog(settings.state, number) as log:
        log.write("run_started", year=settings.year, input=printable(os.fspath(settings.input)),
                  out=printable(os.fspath(settings.out)), jobs=settings.jobs, timeout=settings.timeout,
                  retry=sorted(settings.retry), process=os.getpid())
        try:
            yield log, summaries.append
            code = exit_code(summaries[-1])
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
            raise
        except JixiaoError as error:
            code = error.exit_code
            raise
        except (OSError, sqlite3.OperationalError):
            code = ExitCode.USAGE
            raise
        finally:
            seconds = time.perf_counter() - started
            with suppress(OSError, sqlite3.OperationalError):     # what ended the run is told, not this
                work.state.end_run(number, seconds, code, summaries[-1].plain() if summaries else None)
                log.write("run_ended", exit_code=int(code), seconds=round(seconds, 3))


def _read(work: _Work, progress: Progress, log: EventLog) -> None:
    """Read what is to be read; outcomes and rows go to the state, not to memory."""
    settings, listed = work.settings, work.listed
    with closing(work.means.engine(work.reader.process, listed.tasks(), settings.jobs, settings.timeout,
                               stop=work.stop, on_look=progress.reading)) as results:
        for result in results:
            kept = _keep(work, result)
            log.write("document", **_told(result, kept))
            progress.read(result.task.relative, kept, result.spent.seconds, listed.expected(result.task.relative))
    work.state.commit()     # whatever happens while the tables are written


def _keep(work: _Work, result: Result) -> Outcome:
    """Put an outcome where it outlasts the run; the outcome as it is kept."""
    task, outcome, spent = result
    document_id = outcome.document_id
    if document_id is None and planning.is_named(outcome, UNTOLD):
        document_id = planning.hashed(task.path)     # the reader did not live to tell
    kept = outcome._replace(document_id=document_id, reason=outcome.reason and printable(outcome.reason))
    if document_id is not None:
        work.state.save(kept, spent, task.size)
        work.state.remember(task.path, work.listed.stamp(task.relative), document_id)
    work.listed.finish(task.relative, kept)
    return kept


def _told(result: Result, kept: Outcome) -> dict[str, object]:
    """What the event log tells of a document."""
    spent = result.spent
    return {"path": result.task.relative, "document_id": kept.document_id, "status": kept.status,
            "reason": kept.reason, "kind": spent.kind, "bytes": result.task.size, "pages": kept.page_count,
            "forms": kept.form_count, "seconds": round(spent.seconds, 4),
            "cpu_seconds": round(spent.cpu_seconds, 4), "attempts": spent.attempts}


def _publish(work: _Work, log: EventLog) -> tuple[Contents, bool]:
    """Replace the tables of the year, unless the same ones stand there; whether it was done."""
    listed, state, warehouse = work.listed, work.state, work.means.warehouse
    guard = work.stop.guard
    edition = Edition(work.settings.year, lambda: guard(listed.outcomes()), listed.documents,
                      lambda: guard(listed.blobs()), listed.copies(), work.reader.units,
                      work.reader.extractor_version, work.prints, work.settings.part_bytes)
    signature = edition.signature
    contents = contents_of(listed.outcomes(), edition.copies)
    place = Path(warehouse.name)
    warehouse.recover()
    before = state.published(place, edition.year)
    if before is not None and before[0] == signature and warehouse.intact(
            edition, [PublishedFile(*each) for each in before[1]]):
        return contents, False
    result = warehouse.publish(edition)
    state.note_published(place, edition.year, signature, result.files)
    log.write("published", rows=result.rows, files=len(result.files),
              bytes=sum(file.size for file in result.files))
    return contents, True
