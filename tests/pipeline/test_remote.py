"""Reports and tables elsewhere, in a store that lives in memory or behind ``file://``."""

import json
import sys

import fsspec
import pytest

from pipeline import object_store, remote_input, storage
from pipeline.errors import MissingProgram, NothingFound, StateBusy, UsageProblem
from pipeline.object_store import ObjectStore
from pipeline.query import query
from pipeline.run import Reader
from tests.doubles.stand_in import UNITS, VERSION, process
from tests.doubles.year import anonymous, join, run, tables, write_year


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A year of this machine, read by a run of this machine."""
    root = tmp_path_factory.mktemp("whole")
    write_year(root / "in")
    run(root / "in", root / "out", root / "state")
    return root


@pytest.fixture
def store():
    """A store in memory, empty."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    return system


def put(store, folder, at="raw/2023"):
    for path in sorted(folder.rglob("*.txt")):
        store.pipe_file(f"/{at}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def held(store, at="wh"):
    """The files of a store under a folder, but for its manifests."""
    names = [name for name in store.store if name.startswith(f"/{at}/") and "/_" not in name]
    return {name.removeprefix(f"/{at}/"): store.cat_file(name) for name in sorted(names)}


# ── a year from a store to a store ───────────────────────────────────────────


def test_the_tables_are_those_of_a_run_of_this_machine(whole, store, tmp_path):
    put(store, whole / "in")
    summary = run("memory://raw/2023", "memory://wh", tmp_path)
    assert summary.contents.by_status == {"extracted": 25, "unreadable": 2, "crashed": 1}
    assert anonymous(held(store)) == anonymous(tables(whole / "out"))
    again = run("memory://raw/2023", "memory://wh", tmp_path)
    assert (again.read, again.published) == (1, False)      # what may not be read is asked for again


def test_the_tables_can_be_asked_where_they_are(whole, tmp_path):
    out = f"file://{tmp_path}/wh"
    run(whole / "in", out, tmp_path / "state")
    sql = "SELECT count(*), sum(form_count), min(year), max(year) FROM documents"
    assert query(out, sql).rows == query(whole / "out", sql).rows
    assert query(out, "SELECT count(*) FROM units").rows == ((2,),)
    with pytest.raises(NothingFound, match="no table documents"):
        query(f"file://{tmp_path}/other", sql)


def test_tables_that_were_copied_to_a_store_can_be_asked(whole):
    assert query(f"file://{whole}/out", "SELECT count(*) FROM documents").rows == ((28,),)


def test_shares_meet_in_a_store(whole, store, tmp_path):
    put(store, whole / "in")
    for number in (1, 2):
        run("memory://raw/2023", "memory://wh", tmp_path / str(number), shard=f"{number}/2")
    assert held(store) == {}
    join("memory://wh")
    assert anonymous(held(store)) == anonymous(tables(whole / "out"))


# ── reports ──────────────────────────────────────────────────────────────────


def test_files_are_listed_as_those_of_a_folder_are(store):
    for name in ("b/2.txt", "a.txt", "b/.DS_Store", "~$a.docx", "b/._2.txt", "省/报告.pdf"):
        store.pipe_file(f"/in/{name}", b"12345")
    found = {source.relative: source for source in remote_input.walk("memory://in")}
    assert sorted(found) == ["a.txt", "b/2.txt", "省/报告.pdf"]
    assert found["b/2.txt"].path == "memory://in/b/2.txt"
    assert found["a.txt"].stamp.size == 5
    assert list(remote_input.walk("memory://nothing")) == []


def test_an_empty_place_is_nothing_found(store, tmp_path):
    with pytest.raises(NothingFound, match="no file in memory://nothing"):
        run("memory://nothing", tmp_path / "out", tmp_path / "state")
    assert store.store == {}


def test_only_what_has_changed_is_read_again(store, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.state._SETTLED_NS", 0)
    store.pipe_file("/in/a.txt", b"forms 1")
    store.pipe_file("/in/b.txt", b"forms 2")
    run("memory://in", tmp_path / "out", tmp_path / "state")
    store.pipe_file("/in/b.txt", b"forms 33")
    store.rm_file("/in/a.txt")
    summary = run("memory://in", tmp_path / "out", tmp_path / "state")
    assert (summary.read, summary.removed, summary.contents.forms) == (1, 1, 33)


def test_a_file_that_cannot_be_fetched_stops_no_other(store, tmp_path, monkeypatch):
    for name in "abc":
        store.pipe_file(f"/in/{name}.txt", f"forms 1 {name}".encode())
    whole_fetch = storage.fetch
    errors = {"memory://in/a.txt": OSError("the line is dead"), "memory://in/c.txt": PermissionError()}

    def fetch(address, target):
        if address in errors:
            raise errors[address]
        whole_fetch(address, target)

    monkeypatch.setattr(storage, "fetch", fetch)
    summary = run("memory://in", tmp_path / "out", tmp_path / "state")
    assert [(one.path, one.reason.partition(":")[0]) for one in summary.contents.unreadable] == [
        ("a.txt", "read_failed"), ("c.txt", "no_permission")]
    assert summary.contents.forms == 1


def test_few_files_are_here_at_a_time(store, tmp_path, monkeypatch):
    monkeypatch.setattr(remote_input, "_AHEAD", 3)
    for number in range(30):
        store.pipe_file(f"/in/{number:02d}.txt", f"forms 1 {number}".encode())
    most = tmp_path / "most"

    def read(task):
        with most.open("a") as log:
            log.write(f"{len(list(tmp_path.glob('jixiao-*/*')))}\n")
        return process(task)

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("memory://in", tmp_path / "out", tmp_path / "state", Reader(read, VERSION, UNITS))
    counts = list(map(int, most.read_text().split()))
    assert len(counts) == 30
    assert max(counts) <= 3 + 2 * 5      # ahead, and what two workers hold
    assert list(tmp_path.glob("jixiao-*")) == []


# ── tables ───────────────────────────────────────────────────────────────────


def listed(store, scope="year=2023"):
    return set(json.loads(store.cat_file(f"/wh/{object_store.MANIFESTS}/{scope}.json"))["files"])


def test_a_new_edition_takes_the_place_of_the_old_one(store, tmp_path):
    folder = write_year(tmp_path / "in", count=3)
    run(folder, "memory://wh", tmp_path / "state")
    first = held(store)
    (folder / "more.txt").write_text("forms 9 more")
    run(folder, "memory://wh", tmp_path / "state")
    second = held(store)
    assert {path for path in second if path in first} == {path for path in first if path.startswith("units/")}
    assert listed(store) | listed(store, "units") == set(second)
    assert not [name for name in store.store if "_staging" in name]


@pytest.mark.parametrize("step", ["_count", "mv", "rm_file", "pipe_file"])
def test_a_publication_that_is_cut_off_leaves_one_whole_edition_and_is_made_good(store, tmp_path, monkeypatch, step):
    folder = write_year(tmp_path / "in", count=3)
    run(folder, "memory://wh", tmp_path / "state")
    before = held(store)
    (folder / "more.txt").write_text("forms 9 more")
    with monkeypatch.context() as broken:
        def die(*_arguments, **_options):
            raise OSError("the line is dead")

        broken.setattr(ObjectStore if step == "_count" else type(store), step, die)
        with pytest.raises(UsageProblem, match="the line is dead"):
            run(folder, "memory://wh", tmp_path / "state")
    files = held(store)
    counting = listed(store)
    assert counting <= set(files)                                # what counts is there, and whole
    if step != "rm_file":                                        # the manifest was not yet replaced
        assert {path: files[path] for path in before} == before
    assert run(folder, "memory://wh", tmp_path / "state").published
    assert listed(store) | listed(store, "units") == set(held(store))


def test_other_years_stay_as_they_are(store, tmp_path):
    folder = write_year(tmp_path / "in", count=3)
    run(folder, "memory://wh", tmp_path / "state")
    for name, content in held(store).items():
        if "year=2023" in name:
            store.pipe_file(f"/wh/{name.replace('2023', '2022')}", content)
    (folder / "more.txt").write_text("forms 9 more")
    run(folder, "memory://wh", tmp_path / "state")
    assert {path.split("/")[1] for path in held(store) if path.startswith("cells")} == {"year=2022", "year=2023"}


def test_tables_that_were_lost_are_published_again_without_reading(store, tmp_path):
    folder = write_year(tmp_path / "in", count=3)
    run(folder, "memory://wh", tmp_path / "state")
    before = held(store)
    store.rm_file(f"/wh/{min(before)}")
    summary = run(folder, "memory://wh", tmp_path / "state")
    assert (summary.read, summary.published) == (1, True)     # what may not be read
    assert held(store) == before


@pytest.mark.usefixtures("store")
def test_two_runs_that_publish_at_once_find_it_out(tmp_path, monkeypatch):
    folder = write_year(tmp_path / "in", count=3)
    monkeypatch.setattr(object_store, "_edition", lambda *_: "another")
    with pytest.raises(StateBusy, match="Another run published 2023"):
        run(folder, "memory://wh", tmp_path / "state")


def test_what_is_written_must_not_be_read(store, tmp_path):
    store.pipe_file("/in/a.txt", b"forms 1")
    with pytest.raises(UsageProblem, match="inside the input folder"):
        run("memory://in", "memory://in/wh", tmp_path)
    assert run("memory://in", "memory://inside", tmp_path).published


# ── addresses ────────────────────────────────────────────────────────────────


def test_an_address_of_no_kind_is_a_usage_problem():
    with pytest.raises(UsageProblem, match="Protocol not known"):
        storage.filesystem("nonsense://bucket")


@pytest.mark.parametrize(("missing", "address"), [("fsspec.core", "memory://x"), ("gcsfs", "gs://bucket")])
def test_a_missing_package_is_named_with_the_command(monkeypatch, missing, address):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingProgram, match=r"jixiao\[remote\]") as caught:
        storage.filesystem(address)
    assert caught.value.exit_code == 6


def test_a_failure_of_a_client_names_the_address():
    with pytest.raises(OSError, match=r"s3://b: KeyError: 'x'"), storage.reaching("s3://b"):
        raise KeyError("x")


@pytest.mark.parametrize(("info", "settled"), [
    ({"size": 3, "LastModified": "2024-01-01T00:00:00+00:00"}, True), ({"size": 3, "mtime": 1.5e9}, True),
    ({"size": 3, "ETag": '"a"', "LastModified": "2024-01-01"}, True), ({"size": 3}, False),
])
def test_a_file_without_a_time_is_never_known_by_its_stamp(info, settled):
    one, other = storage.stamp(info), storage.stamp(info)
    assert (one == other) is settled
    assert storage.stamp(info | {"ETag": '"b"'}) != one
