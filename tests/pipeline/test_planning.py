"""What is read first, what a run is expected to take, and the files of a run in their table."""

import os
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.estimates import Estimates
from pipeline.fingerprint import Fingerprint
from pipeline.kinds import KINDS
from pipeline.outcome import Outcome, Spent
from pipeline.planning import draw_up
from pipeline.state import open_state, times

MIB = 1 << 20


@pytest.fixture
def state(tmp_path):
    with open_state(tmp_path / "state", Fingerprint("code", lambda _one: ""), 0) as state:
        yield state


def test_without_history_the_kind_tells():
    estimates = Estimates([])
    assert estimates.seconds("pdf", 2 * MIB) == KINDS["pdf"].seconds + 2 * KINDS["pdf"].rate
    assert estimates.seconds("picture", MIB) > estimates.seconds("text", MIB)


def test_with_history_half_is_kind_and_half_is_size():
    estimates = Estimates([("pdf", 60, 60 * MIB, 60.0), ("pdf+ocr", 40, 40 * MIB, 140.0)])      # 2 s each
    assert estimates.seconds("pdf", MIB) == pytest.approx(2)
    assert estimates.seconds("pdf", 3 * MIB) == pytest.approx(4)
    assert estimates.seconds("pdf", 0) == pytest.approx(1)


def test_a_short_history_counts_little():
    assumed = Estimates([]).seconds("text", MIB)
    assert Estimates([("text", 2, 2 * MIB, 2000.0)]).seconds("text", MIB) == pytest.approx(100 + 0.9 * assumed)


def folder_of(tmp_path, **sizes):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, size in sizes.items():
        (folder / name.replace("_", ".")).write_bytes(b"x" * size)
    return folder


def test_the_longest_are_read_first_and_the_like_in_order(tmp_path, state):
    folder = folder_of(tmp_path, b_txt=10, a_txt=11, large_txt=4 * MIB, one_png=10, two_pdf=10)
    listed = state.worklist(sources.walk(folder))
    seconds = draw_up(state, listed)
    assert [task.relative for task in listed.tasks()] == ["large.txt", "one.png", "two.pdf", "a.txt", "b.txt"]
    assert listed.queued == 5
    assert seconds == pytest.approx(sum(one.seconds for one in listed.planned()))


def test_what_a_document_took_before_is_what_it_will_take(tmp_path, state):
    folder = folder_of(tmp_path, a_txt=10, b_txt=12)
    identity = sources.content_hash(str(folder / "a.txt"))
    state.save(Outcome(identity, "extracted"), Spent("text", 77.0, 70.0), 10)
    state._db.execute("UPDATE outcomes SET fingerprint = 'older'")
    state._db.execute("INSERT INTO files VALUES (?, 10, 1, 1, 1, ?)", (os.fsencode(folder / "old.txt"), identity))
    listed = state.worklist(sources.walk(folder))
    draw_up(state, listed)
    plan = {one.why: one for one in listed.planned()}
    assert plan["code"].seconds == 77.0
    assert plan["new"].files == 1


def test_names_that_print_alike_are_told_apart_as_by_a_scan(tmp_path, state):
    folder = folder_of(tmp_path)
    for name in (b"\xb1.txt", rb"\udcb1.txt", rb"\udcb1.txt" + b"\\", b"a.txt"):
        (folder / os.fsdecode(name)).write_bytes(b"x")
    listed = state.worklist(sources.walk(folder))
    assert [file.relative for file in listed.files()] == [one.relative for one in sources.scan(folder)]
    assert {file.path for file in listed.files()} == {str(one.path) for one in sources.scan(folder)}
    assert len(listed) == 4


def test_percentiles_are_those_of_the_documents(tmp_path, state):
    for number in range(1, 101):
        status = "timeout" if number == 100 else "extracted"
        state.save(Outcome(f"{number:064d}", status), Spent("pdf", number / 10, 0.5), 10)
    state.commit()
    (found,) = times(tmp_path / "state")
    assert found[:3] == ("pdf", 100, 1)
    assert (found.p50, found.p90, found.p99, found.longest, found.cpu_seconds) == (5.1, 9.1, 10.0, 10.0, 50.0)


def test_copies_are_named_in_order_and_only_a_few(tmp_path, state):
    folder = folder_of(tmp_path)
    for number in range(8):
        (folder / f"{number}.txt").write_bytes(b"same")
    (folder / "other.txt").write_bytes(b"other!")
    listed = state.worklist(sources.walk(folder))
    for file in listed.files():
        outcome = Outcome(sources.content_hash(file.path), "no_forms")
        state.save(outcome, Spent("text", 0.1, 0.1), 4)
        listed.finish(file.relative, outcome)
    (copies,) = listed.copies().values()
    assert (copies.number, copies.paths) == (8, ("0.txt", "1.txt", "2.txt", "3.txt", "4.txt"))
    assert len(list(listed.documents())) == len(list(listed.blobs())) == 2
    names = [Path(path).name for path, _ in listed.outcomes()]
    assert names == [*(f"{number}.txt" for number in range(8)), "other.txt"]
