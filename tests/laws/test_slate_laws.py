"""Law: what a worker writes for the run to see is seen whole, whenever the run looks."""

import os
import signal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.kinds import KINDS
from pipeline.slate import Begun, Slate, counted

BEGUN = st.builds(Begun, st.integers(1, 1 << 40), st.integers(0, 10**12).map(lambda ms: ms / 1000),
                  st.sampled_from(sorted(KINDS)))


class Looked:
    """Memory that is looked at after each step of whoever writes to it."""

    def __init__(self, words, look):
        self._words, self._look = words, look

    def __getitem__(self, at):
        return self._words[at]

    def __setitem__(self, at, word):
        self._words[at] = word
        self._look()


def held(begun):
    return begun._replace(number=counted(begun.number))


@given(BEGUN, BEGUN, st.integers(1, 1 << 22), st.integers(0, 0xffff))
def test_no_step_of_writing_shows_what_was_never_there(before, after, pid, status):
    slate, seen = Slate(), []
    slate.begin(before)
    slate._words = Looked(slate._words, lambda: seen.append((slate.begun, slate.worker, slate.status, slate.is_held)))
    slate.begin(after)
    slate.worker = pid
    slate.note_end(status)
    slate.hold()
    assert seen == [(held(after), 0, None, False), (held(after), pid, None, False),
                    (held(after), pid, status, False), (held(after), pid, status, True)]


def test_two_processes_at_once_see_whole_words():
    slate = Slate()
    slate.begin(Begun(1, 1.0, "text"))
    writer = os.fork()
    if writer == 0:
        number = 1
        while True:
            number += 1
            slate.begin(Begun(number, float(counted(number)), "text"))
    try:
        seen = {slate.begun for _ in range(200_000)}
    finally:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    assert len(seen) > 1
    assert all(begun.since == begun.number for begun in seen)
