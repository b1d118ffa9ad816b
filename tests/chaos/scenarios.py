"""What is done to a run, and what is left of it: a row for each scenario."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import NamedTuple

from pipeline import journal, state
from pipeline.executors import ATTEMPTS
from tests.chaos.faults import IN_CHILD, POINTS, striking
from tests.chaos.field import Subject, paths_of

RETRY = frozenset({"timeout", "crashed", "too_large"})
SLOW = frozenset({"endless loop", "endless loop in a library", "SIGSTOP", "half an answer, then SIGSTOP"})


class Row(NamedTuple):
    """What came of a scenario.

    Attributes:
        fault: What was done.
        struck: To how many documents, or how often to the run.
        others: Documents that were not struck; all of them for what is done to the run.
        right: Of these, those whose rows were those of an undisturbed run.
        fates: What became of the struck ones.
        code: What the disturbed run exited with; negative for a signal.
        left: Processes that were still there after it.
        read_again: Documents that the next run read.
        identical: Whether its tables were those of an undisturbed run, byte for byte.
    """

    fault: str
    struck: int
    others: int
    right: int
    fates: dict
    code: int
    left: int
    read_again: int = 0
    identical: bool = False

    @property
    def falls_short(self):
        """Whether anything was lost or left."""
        return self.right < self.others or self.left > 0 or not self.identical


def in_child(field, root, name, seed, *, strikes=1):
    """A fault within the reading of some documents."""
    dice = random.Random(f"{name} {seed}")
    fault, _ = IN_CHILD[name]
    points = {path: dice.choice(POINTS) for path in dice.sample(field.names, strikes)}
    armed = root / "armed"
    armed.touch()
    subject = Subject(field, root / "run", timeout=4.0 if name in SLOW else 120.0,
                      reader=striking(field.reader, fault, points, armed))
    ended = subject.run()
    right, fates = _compared(field, subject, points)
    armed.unlink()
    return _mended(field, subject, Row(
        name, strikes, len(field.names) - strikes, right, fates, ended.code, ended.left))


def _compared(field, subject, struck):
    """How many documents that were not struck have the right rows, and what became of the others."""
    undisturbed, disturbed = paths_of(field.rows), paths_of(subject.rows())
    right = sum(disturbed.get(path) == undisturbed[path] for path in field.names if path not in struck)
    return right, dict(Counter(disturbed[path][0]["status"] for path in struck))


def _mended(field, subject, row, **settings):
    """The row with what the next run, undisturbed, makes of it."""
    told = subject.documents_told()
    again = subject.run(retry=RETRY, **settings)
    identical = again.code == 0 and subject.tables() == field.tables
    row = row._replace(read_again=subject.documents_told() - told, left=row.left + again.left,
                       identical=identical)
    if row.falls_short:
        sys.stderr.write(f"{row} then exit {again.code}\n")      # what is needed to find out why
        for event in subject.events("document"):
            if event["status"] != "extracted" or event["attempts"] > 1:
                sys.stderr.write(f"  {event}\n")
    return row


# ── from outside ─────────────────────────────────────────────────────────────


class Signal(NamedTuple):
    """A signal to workers: how often, and what may become of a document that met it so many times."""

    name: str
    number: signal.Signals
    strikes: int
    status: str
    times: int


KILL = Signal("worker or keeper killed from outside", signal.SIGKILL, 3, "crashed", ATTEMPTS)
STOP = Signal("worker or keeper stopped from outside", signal.SIGSTOP, 1, "timeout", 1)


def _signalled(field, subject, dice, sent):
    """Random processes of the run are sent a signal at random moments."""
    subject.start()
    struck = 0
    for documents in sorted(dice.sample(range(1, len(field.names) * 3 // 4), sent.strikes)):
        subject.wait_for(documents)
        processes = subject.offspring()
        if processes:
            os.kill(dice.choice(processes), sent.number)
            struck += 1
    ended = subject.wait()
    right, _ = _compared(field, subject, {})
    fates = dict(Counter(rows[0]["status"] for rows in subject.rows().values()))
    others = len(field.names) - min(fates.get(sent.status, 0), struck // sent.times)
    return _mended(field, subject, Row(sent.name, struck, others, right, fates, ended.code, ended.left))


def killed_workers(field, root, seed):
    """A worker, or the process above it, is killed: its documents are begun once more at once."""
    return _signalled(field, Subject(field, root / "run"), random.Random(f"kill {seed}"), KILL)


def stopped_workers(field, root, seed):
    """A worker, or the process above it, is stopped and never goes on."""
    return _signalled(field, Subject(field, root / "run", timeout=4.0), random.Random(f"stop {seed}"), STOP)


def killed_parent(field, root, seed):
    """The run itself is killed, three times, at random moments."""
    dice = random.Random(f"parent {seed}")
    subject = Subject(field, root / "run")
    code = left = struck = 0
    for share in (0.25, 0.5, 0.75):
        pid = subject.start(_commit_often)
        subject.wait_for(subject.documents_told() + int(share * dice.uniform(0.1, 0.5) * len(field.names)))
        time.sleep(dice.uniform(0, 0.05))
        os.kill(pid, signal.SIGKILL)
        ended = subject.wait()
        code, left, struck = ended.code, left + ended.left, struck + 1
    right = _whole_or_nothing(field, subject)
    return _mended(field, subject, Row("run killed (SIGKILL), three times", struck, len(field.names), right, {},
                                       code, left))


def killed_while_publishing(field, root, seed):
    """The run is killed before a random one of the seven swaps; what stands is whole all the same."""
    swaps = random.Random(f"publishing {seed}").randrange(7)
    subject = Subject(field, root / "run")

    def kill_at():
        left, swap = swaps, journal._swap

        def counted(staged, target):
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            swap(staged, target)

        journal._swap = counted

    ended = subject.run(kill_at)
    whole = sum(field.tables[path] == data for path, data in subject.tables().items()
                if not path.startswith(journal.STAGING))
    right = len(field.names) if whole == swaps else 0
    return _mended(field, subject, Row("run killed between two swaps of publishing", 1, len(field.names), right, {},
                                       ended.code, ended.left))


def asked_to_stop(field, root, seed):
    """Ctrl-C at a random moment: documents at hand end, the rest is left to the next run."""
    dice = random.Random(f"interrupt {seed}")
    subject = Subject(field, root / "run")
    pid = subject.start()
    subject.wait_for(dice.randrange(2, len(field.names) // 2))
    os.kill(pid, signal.SIGINT)
    ended = subject.wait()
    fates = dict(Counter(event["status"] for event in subject.events("document")))
    return _mended(field, subject, Row("Ctrl-C", 1, len(field.names), _whole_or_nothing(field, subject), fates,
                                       ended.code, ended.left))


def full_disk(field, root, seed):
    """State and tables stand on a disk that is full at a random moment of reading."""
    place = root / "run"
    place.mkdir()
    size = int(field.state_bytes * random.Random(f"disk {seed}").uniform(0.5, 0.9))
    is_mounted = _mounted(place, size >> 10)
    subject = Subject(field, place)
    try:
        ended = subject.run(lambda: (_commit_often(), None if is_mounted else _limit_files(size // 2)))
        row = Row("disk full while reading", 1, len(field.names), _whole_or_nothing(field, subject), {},
                  ended.code, ended.left)
        if is_mounted:
            subprocess.run(["mount", "-o", "remount,size=512m", place], check=True)
        return _mended(field, subject, row)
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", place], check=True)


def full_disk_while_publishing(field, root, seed):
    """As `full_disk`, but the tables meet it: the state has its room."""
    largest = max(map(len, field.tables.values()))
    allowed = random.Random(f"tables {seed}").randrange(largest // 4, largest)
    subject = Subject(field, root / "run")
    whole = journal.staging

    def limiting(out):
        _limit_files(allowed)
        return whole(out)

    ended = subject.run(lambda: setattr(journal, "staging", limiting))
    return _mended(field, subject, Row("disk full while publishing", 1, len(field.names),
                                       _whole_or_nothing(field, subject), {}, ended.code, ended.left))


def _whole_or_nothing(field, subject):
    """The documents that are right where tables stand whole, or none does."""
    tables = {path: data for path, data in subject.tables().items() if not path.startswith(journal.STAGING)}
    return len(field.names) if tables in ({}, field.tables) else 0


def _commit_often():
    """As a run of documents that take long commits: the last few are lost, not all of some seconds."""
    state._COMMIT_CHANGES = 20


def _limit_files(size):
    """No file may grow beyond so many bytes: what a full disk is to whoever cannot mount one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _mounted(place, kib):
    """Whether a small disk of its own could be put in the place."""
    if os.geteuid() != 0:
        return False
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", place],
                          check=False, capture_output=True)
    return done.returncode == 0


def jumping_clock(field, root, seed):
    """The wall clock of the run jumps by up to a year at each look at it."""
    subject = Subject(field, root / "run", timeout=60.0)

    def jump():
        dice = random.Random(f"clock {seed}")
        real, real_ns = time.time, time.time_ns
        time.time = lambda: real() + dice.uniform(-1, 1) * 366 * 86400
        time.time_ns = lambda: real_ns() + dice.randrange(-366 * 86400, 366 * 86400) * 10**9

    ended = subject.run(jump)
    right, fates = _compared(field, subject, {})
    return _mended(field, subject, Row("wall clock of the run jumps", 1, len(field.names), right, fates,
                                       ended.code, ended.left))


def paused_run(field, root, seed):
    """The run itself is stopped for longer than documents may take, and goes on (Ctrl-Z, fg)."""
    subject = Subject(field, root / "run", timeout=4.0)
    pid = subject.start()
    subject.wait_for(random.Random(f"pause {seed}").randrange(2, len(field.names) // 2))
    os.kill(pid, signal.SIGSTOP)
    time.sleep(5)
    os.kill(pid, signal.SIGCONT)
    ended = subject.wait()
    right, fates = _compared(field, subject, {})
    return _mended(field, subject, Row("run stopped for longer than the time limit", 1, len(field.names), right,
                                       fates, ended.code, ended.left))


AROUND = (killed_workers, stopped_workers, killed_parent, killed_while_publishing, asked_to_stop, full_disk,
          full_disk_while_publishing, jumping_clock, paused_run)
"""What is done to the run from outside."""
