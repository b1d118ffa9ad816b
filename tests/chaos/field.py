"""A run of many documents that can be disturbed, and what an undisturbed one would have left."""

import ctypes
import faulthandler
import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq

from fixtures import make
from pipeline import batches, contract
from pipeline.errors import JixiaoError
from pipeline.event_log import FILE
from pipeline.reader import reader
from pipeline.run import Settings, exit_code, extract_year
from pipeline.state_file import FILE as STATE

_SET_NAME = 15      # prctl
_CONTEXT = multiprocessing.get_context("fork")
YEAR = 2023


class Field:
    """An input of so many drawn reports of one form, and the tables of a run that nothing disturbed."""

    def __init__(self, root, count):
        self.root = root
        self.input = root / "in"
        self.names = []
        for seed in range(count):
            path = self.input / f"{seed // 50:02d}" / f"{seed:04d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make.report(seed, 1), encoding="utf-8")
            self.names.append(path.relative_to(self.input).as_posix())
        past = time.time_ns() - 10**10
        for path in self.input.rglob("*.txt"):
            os.utime(path, ns=(past, past))
        self.reader = reader(root / "no corrections")
        undisturbed = Subject(self, root / "undisturbed", jobs=2)
        assert undisturbed.run().code == 0
        self.tables = undisturbed.tables()
        self.rows = undisturbed.rows()
        self.state_bytes = (undisturbed.settings.state / STATE).stat().st_size


class Ended:
    """How a run ended; the processes of its that are still there; seconds that it took."""

    def __init__(self, code, left, seconds):
        self.code, self.left, self.seconds = code, left, seconds


class Subject:
    """A run in a process of its own, whose whole offspring bears one name."""

    def __init__(self, field, place, *, jobs=2, timeout=60.0, reader=None):
        place.mkdir(parents=True, exist_ok=True)
        self.place = place
        self.name = f"jx{os.getpid() % 100000}-{abs(hash(place)) % 100000}"
        self.settings = Settings(YEAR, field.input, place / "out", place / "state", jobs, timeout)
        self.message = place.with_name(f"{place.name}.message")
        self._reader = reader or field.reader
        self._process = None
        self._started = 0.0

    def start(self, before=lambda: None, **changes):
        """Begin a run; ``before`` is called in its process."""
        def body():
            os.setsid()
            faulthandler.disable()
            ctypes.CDLL(None).prctl(_SET_NAME, self.name.encode(), 0, 0, 0)
            before()
            try:
                code = exit_code(extract_year(self.settings._replace(**changes), self._reader))
            except JixiaoError as error:
                self.message.write_text(str(error))
                code = error.exit_code
            os._exit(code)

        self._started = time.monotonic()
        self._process = _CONTEXT.Process(target=body)
        self._process.start()
        return self._process.pid

    def wait(self):
        """Wait for the run's end."""
        self._process.join()
        seconds = time.monotonic() - self._started
        patience = time.monotonic() + 5
        while (left := self.offspring()) and time.monotonic() < patience:
            time.sleep(0.02)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return Ended(self._process.exitcode, len(left), seconds)

    def run(self, before=lambda: None, **changes):
        """A whole run."""
        self.start(before, **changes)
        return self.wait()

    @property
    def is_over(self):
        return not self._process.is_alive()

    def wait_for(self, documents):
        """Wait until so many documents were read by this and earlier runs, or the run is over."""
        while self.documents_told() < documents and not self.is_over:
            time.sleep(0.005)

    def documents_told(self):
        """Documents in the event log."""
        try:
            return (self.settings.state / FILE).read_bytes().count(b'"event": "document"')
        except FileNotFoundError:
            return 0

    def offspring(self):
        """The processes that bear its name, but for the run itself."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and (folder / "comm").read_text().strip() == self.name[:15]:
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    if int(folder.name) != self._process.pid and state not in "ZX":
                        found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
        return found

    # ── what it left ─────────────────────────────────────────────────────────

    def tables(self):
        """The published bytes by path."""
        out = self.settings.out
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("part-*"))}

    def rows(self):
        """The published rows by document: its row of ``documents`` first, then all others."""
        by_document = {}
        for name in ("documents", *batches.DOCUMENT_TABLES):
            paths = sorted((self.settings.out / name).rglob("part-*"))
            table = pq.ParquetDataset(paths, partitioning=None, schema=contract.TABLES[name].schema).read()
            for row in table.to_pylist():
                identity = (row.get("document_id") or row["form_id"])[:16]
                by_document.setdefault(identity, []).append(row)
        return by_document

    def events(self, kind):
        """The lines of the event log of one kind."""
        lines = (self.settings.state / FILE).read_text("utf-8").splitlines()
        return [event for line in lines if f'"event": "{kind}"' in line and (event := json.loads(line))]


def paths_of(rows):
    """The documents' own rows by path."""
    return {of_document[0]["source_path"]: of_document for of_document in rows.values()}
