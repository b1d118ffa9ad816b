"""Shares of a year, and how they are joined."""

import shutil
from collections import Counter

import pytest

from pipeline import shards
from pipeline.errors import NothingFound, UsageProblem
from pipeline.run import Reader
from pipeline.shards import Shard
from tests.doubles.stand_in import UNITS, VERSION, process
from tests.doubles.year import join, run, tables, write_year


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A year that one run has read."""
    root = tmp_path_factory.mktemp("whole")
    write_year(root / "in")
    run(root / "in", root / "out", root / "state")
    return root


def shares(whole, root, of, reader=None):
    """Run every share of the year."""
    for number in range(1, of + 1):
        more = {} if reader is None else {"reader": reader}
        run(whole / "in", root / "out", root / f"state{number}", shard=f"{number}/{of}", **more)
    return root / "out"


def folder_of(out):
    return out / shards.FOLDER / "year=2023"


@pytest.mark.parametrize("of", [1, 3, 9])      # of 9 some are empty or nearly
def test_joined_shares_are_the_tables_of_one_run(whole, tmp_path, of):
    out = shares(whole, tmp_path, of)
    assert not (out / "documents").exists()
    summary = join(out)
    assert tables(out) == tables(whole / "out")
    assert (summary.contents.files, summary.published) == (28, True)
    assert summary.contents.by_status == {"extracted": 25, "unreadable": 2, "crashed": 1}
    assert len(list(folder_of(out).glob("*.arrow"))) == of


def test_every_path_belongs_to_one_share_whatever_else_there_is():
    paths = [f"省{number}/报告.txt" for number in range(2000)]
    counts = Counter(number for path in paths for number in range(1, 9) if Shard(number, 8).has(path))
    assert sum(counts.values()) == 2000
    assert all(180 < count < 320 for count in counts.values())
    assert [number for number in range(1, 9) if Shard(number, 8).has("a/b.pdf")] == [1]     # for ever


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/", "-1/3", "", "1/3/5"])
def test_what_names_no_share_is_refused(text):
    with pytest.raises(UsageProblem, match="--shard 1/8"):
        Shard.parse(text)


def test_a_second_run_of_a_share_reads_nothing_and_leaves_its_file(whole, tmp_path):
    out = shares(whole, tmp_path, 2)
    before = {path: path.stat().st_mtime_ns for path in folder_of(out).iterdir()}
    for number in (1, 2):
        summary = run(whole / "in", out, tmp_path / f"state{number}", shard=f"{number}/2")
        assert (summary.read <= 1, summary.published) == (True, False)     # what crashed is tried again
    assert before == {path: path.stat().st_mtime_ns for path in folder_of(out).iterdir()}


def test_a_missing_share_is_named(whole, tmp_path):
    out = shares(whole, tmp_path, 3)
    (folder_of(out) / "2-of-3.arrow").unlink()
    with pytest.raises(UsageProblem, match=r"1 of 3 shares are missing: 2/3\. .*--shard 2/3"):
        join(out)
    assert not (out / "documents").exists()


def test_no_share_at_all_is_nothing_found(tmp_path):
    with pytest.raises(NothingFound, match="no share of 2023"):
        join(tmp_path)


def test_shares_of_two_cuts_do_not_mix(whole, tmp_path):
    out = shares(whole, tmp_path, 3)
    run(whole / "in", out, tmp_path / "other", shard="1/2")
    with pytest.raises(UsageProblem, match=r"cut in different ways: 1-of-2\.arrow"):
        join(out)


def test_the_same_share_twice_is_refused(whole, tmp_path):
    out = shares(whole, tmp_path, 2)
    shutil.copy(folder_of(out) / "1-of-2.arrow", folder_of(out) / "3-of-2.arrow")
    with pytest.raises(UsageProblem, match=r"more than once: 1-of-2\.arrow, 3-of-2\.arrow"):
        join(out)


def test_shares_that_overlap_are_refused(whole, tmp_path, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(Shard, "has", lambda _self, _relative: True)
        out = shares(whole, tmp_path, 2)
    with pytest.raises(UsageProblem, match="belongs to another share"):
        join(out)


def test_shares_that_saw_different_files_are_refused(whole, tmp_path):
    shutil.copytree(whole / "in", tmp_path / "in")
    out = shares(whole, tmp_path, 3)
    (tmp_path / "in" / "late.txt").write_text("forms 1 late")
    run(tmp_path / "in", out, tmp_path / "state1", shard="1/3")
    with pytest.raises(UsageProblem, match=r"saw different files .*: 1-of-3\.arrow"):
        join(out)


def test_shares_of_different_code_are_refused(whole, tmp_path, monkeypatch):
    out = shares(whole, tmp_path, 3)
    monkeypatch.setattr("pipeline.fingerprint.of_code", lambda: "other")
    run(whole / "in", out, tmp_path / "state2", shard="2/3")
    with pytest.raises(UsageProblem, match=r"different code, .*: 2-of-3\.arrow"):
        join(out)


def test_shares_of_another_version_are_refused(whole, tmp_path):
    out = shares(whole, tmp_path, 2, Reader(process, "0.9", UNITS))
    with pytest.raises(UsageProblem, match=r"read by jixiao 0\.9"):
        join(out)


def test_shares_read_with_other_corrections_are_refused_until_they_are_read_again(whole, tmp_path):
    out = shares(whole, tmp_path, 2)
    corrected = Reader(process, VERSION, UNITS, lambda one: "x" if one < "1" else "")
    with pytest.raises(UsageProblem, match="read with other corrections"):
        join(out, corrected)
    shares(whole, tmp_path, 2, corrected)
    join(out, corrected)
    assert tables(out) == tables(whole / "out")


@pytest.mark.parametrize("damage", [
    lambda data: data[:len(data) // 2], lambda _data: b"", lambda data: data[::-1]])
def test_a_share_that_is_not_whole_is_named(whole, tmp_path, damage):
    out = shares(whole, tmp_path, 2)
    path = folder_of(out) / "2-of-2.arrow"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UsageProblem, match=r"2-of-2\.arrow is no whole file of a share"):
        join(out)


def test_the_year_of_the_shares_must_be_named(whole, tmp_path):
    out = shares(whole, tmp_path, 1)
    shutil.copytree(folder_of(out), folder_of(out).with_name("year=2022"))
    with pytest.raises(UsageProblem, match="are of 2023, not of 2022"):
        join(out, year=2022)


def test_a_copy_that_crashed_in_one_share_does_not_hide_what_another_read(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    names = {number: next(name for name in map(str, range(100)) if Shard(number, 2).has(f"{name}.txt"))
             for number in (1, 2)}
    for name in names.values():
        (folder / f"{name}.txt").write_text("forms 2")

    def read(task):
        if task.relative == f"{names[1]}.txt":
            raise ValueError("only here")
        return process(task)

    reader = Reader(read, VERSION, UNITS)
    run(folder, tmp_path / "one", tmp_path / "state", reader)
    for number in (1, 2):
        run(folder, tmp_path / "out", tmp_path / f"state{number}", reader, shard=f"{number}/2")
    assert join(tmp_path / "out").contents.forms == 2
    assert tables(tmp_path / "out") == tables(tmp_path / "one")
