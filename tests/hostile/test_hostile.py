"""Hostile files of every kind beside a good report: each is a row with its reason, and the run goes on."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import NamedTuple

import pytest

from fixtures import hostile
from tests.doubles.command import ROOT, SAMPLE, Desk

SECONDS = 60
"""What one file may take; the suite fails for a file that takes longer."""

SAFETY_NET = 1_500
"""After so many seconds the whole run is killed: it hangs."""

PEAK = 2 << 30     # of a PDF, which may need the recogniser of scans
BEGINNING = 300 << 20
"""Bytes that the program and its libraries take before they read anything, and what grows unseen."""

LOCAL = "file:///etc/passwd"
LOCKED = tuple(name for name in hostile.FILES if name.startswith("locked."))
SWELLING = (
    "form_draws_itself.pdf",
    "forms_ten_to_the_ten.pdf",
    "content_of_text.pdf",
    "double_bomb.pdf",
    "object_stream_bomb.pdf",
)
"""Files over which a library takes all the memory that there is, in one call."""


class Run(NamedTuple):
    """A run over a folder: its exit code, its rows in ``documents``, its peak memory, who called."""

    desk: Desk
    code: int
    stderr: str
    documents: dict
    peak: int
    calls: int


class Listener:
    """A server that nobody should ask for anything."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        self.calls = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self):
        self._socket.close()


def extract(desk, *options):
    """Run the command over a folder in a process of its own: exit code, stderr, peak memory in bytes."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", "--year", "2023"]
    folders = ["--input", desk.input, "--out", desk.out, "--corrections", desk.decisions]
    with (desk.input.parent / "log").open("w+") as log:
        child = subprocess.Popen(
            [*command, *folders, *options], stdout=log, stderr=log, cwd=ROOT, start_new_session=True
        )
        alarm = threading.Timer(SAFETY_NET, os.killpg, (child.pid, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(child.pid, 0)  # of it and of all that it waited for
        child.returncode = os.waitstatus_to_exitcode(status)
        alarm.cancel()
        log.seek(0)
        return child.returncode, log.read(), usage.ru_maxrss * 1024


def documents_of(desk):
    rows = desk.rows("SELECT source_path, status, reason, form_count FROM documents")
    return {path: rest for path, *rest in rows}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    desk, listener = Desk(tmp_path_factory.mktemp("hostile")), Listener()
    desk.put("good.txt")
    for name, make in hostile.FILES.items():
        desk.put(name, make())
    for folder, target in (("http", listener.address), ("file", LOCAL)):
        for name, make in hostile.links(target).items():
            desk.put(f"{folder}/{name}", make())
    code, stderr, peak = extract(desk, "--jobs", "2", "--timeout", str(SECONDS))
    listener.close()
    return Run(desk, code, stderr, documents_of(desk) if code == 4 else {}, peak, listener.calls)


def test_the_run_goes_on(run):
    assert run.code == 4, run.stderr
    assert "good.txt" in run.documents
    digests = {hashlib.sha256(path.read_bytes()).digest() for path in run.desk.input.rglob("*.*")}
    assert len(run.documents) == len(digests)


def test_the_good_report_is_published_whole(run):
    assert run.documents["good.txt"] == ["extracted", None, 4]
    assert run.desk.rows("SELECT count(*) FROM indicators") == [(38,)]


@pytest.mark.parametrize("name", hostile.FILES)
def test_every_file_ends_typed(run, name):
    path = name if name in run.documents else hostile_twin(name, run.documents)
    status, reason, forms = run.documents[path]
    assert status in {"no_forms", "unreadable"}, reason
    assert forms == 0
    key, _, words = reason.partition(": ")
    assert key.replace("_", "").isalpha()
    assert len(words) > 20
    assert reason.isprintable()


def hostile_twin(name, documents):
    """The same bytes under the name that they are published by."""
    content = hostile.FILES[name]()
    return next(other for other, make in hostile.FILES.items() if other in documents and make() == content)


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_locked_with_a_password_says_so(run, name):
    assert run.documents[name][1].startswith("encrypted: ")


@pytest.mark.parametrize("name", [name for name in hostile.FILES if "bomb" in name or "laughs." in name])
def test_bombs_are_refused_or_harmless(run, name):
    assert run.documents[name][0] == "unreadable" or run.documents[name][2] == 0


def test_memory_stays_within_its_limit(run):
    assert run.peak < PEAK + BEGINNING


def test_nothing_is_fetched(run):
    assert run.calls == 0
    assert run.desk.rows("SELECT count(*) FROM documents WHERE source_path LIKE 'http/%'") == [
        (len(hostile.links("")),)
    ]


def test_nothing_local_is_read(run):
    for table in ("cells", "findings", "projects", "documents"):
        rows = run.desk.rows(f"SELECT * FROM {table}")  # noqa: S608  names of ours
        assert "root:x:0" not in json.dumps(rows, default=str)


def test_one_job_is_protected_too(tmp_path):
    desk = Desk(tmp_path)
    for name in SWELLING:
        desk.put(name, hostile.FILES[name]())
    desk.put("zz.txt", SAMPLE.read_bytes())
    code, stderr, peak = extract(desk, "--jobs", "1", "--timeout", str(SECONDS))
    assert code == 4, stderr
    documents = documents_of(desk)
    assert documents["zz.txt"][0] == "extracted"
    reasons = {documents[name][1].partition(":")[0] for name in SWELLING}
    assert "too_large" in reasons
    assert reasons <= {"too_large", "empty"}     # what stays just below the limit is read, and says nothing
    assert peak < PEAK + BEGINNING
