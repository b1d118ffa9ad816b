"""What the scan finds, in which order, and what it refuses to open."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExitCode, NothingFound, UsageProblem
from pipeline.sources import IGNORED_NAMES, IGNORED_PREFIXES, content_hash, scan
from tests.doubles.nobody import as_nobody


def write(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def found(root):
    return [source.relative for source in scan(root)]


def problems(root):
    return {source.relative: source.problem.split(":")[0] for source in scan(root)
            if source.problem is not None}


def test_any_depth_in_code_point_order(tmp_path):
    write(tmp_path, "b.txt", "a/z.txt", "a/b/c/d.pdf", "a.txt", "Z.txt", "报告.txt", "a-1.txt")
    assert found(tmp_path) == ["Z.txt", "a-1.txt", "a.txt", "a/b/c/d.pdf", "a/z.txt", "b.txt",
                               "报告.txt"]


def test_a_file_is_known_by_its_stamp(tmp_path):
    write(tmp_path, "a.txt")
    (source,) = scan(tmp_path)
    stat = (tmp_path / "a.txt").stat()
    assert source.path == tmp_path / "a.txt"
    assert source.problem is None
    assert source.stamp == (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


@pytest.mark.parametrize("name", [
    ".DS_Store", "sub/Thumbs.db", "~$报告.docx", "._a.pdf", ".~lock.a.xlsx#", ".gitkeep",
])
def test_what_programs_leave_behind_is_no_source(tmp_path, name):
    write(tmp_path, "a.txt", name)
    assert found(tmp_path) == ["a.txt"]


def test_a_link_to_a_file_is_a_file(tmp_path):
    write(tmp_path / "elsewhere", "a.txt")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link.txt").symlink_to("../elsewhere/a.txt")
    (source,) = scan(tmp_path / "in")
    assert (source.relative, source.size, source.problem) == ("link.txt", 5, None)


@pytest.mark.parametrize("link", ["aa", "zz"])
def test_a_folder_is_read_once_and_under_its_own_path(tmp_path, link):
    write(tmp_path, "real/a.txt")
    (tmp_path / link).symlink_to("real")
    assert found(tmp_path) == ["real/a.txt"]


def test_two_links_to_a_folder_outside_give_its_files_once(tmp_path):
    write(tmp_path / "elsewhere", "deep/a.txt")
    (tmp_path / "in").mkdir()
    for name in ("y", "x"):
        (tmp_path / "in" / name).symlink_to("../elsewhere")
    assert found(tmp_path / "in") == ["x/deep/a.txt"]


def test_loops_end(tmp_path):
    write(tmp_path, "a/b/c.txt")
    (tmp_path / "a/b/up").symlink_to("..")
    (tmp_path / "a/top").symlink_to(tmp_path)
    assert found(tmp_path) == ["a/b/c.txt"]


def test_what_cannot_be_a_document_is_reported_and_not_opened(tmp_path):
    write(tmp_path, "good.txt", "报告.PDF/inside.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    (tmp_path / "self.txt").symlink_to("self.txt")
    os.mkfifo(tmp_path / "pipe.txt")      # opening it would never return
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.txt"))
        assert problems(tmp_path) == {
            "gone.txt": "broken_link", "self.txt": "broken_link", "pipe.txt": "special_file",
            "s.txt": "special_file", "报告.PDF": "is_a_directory"}
    assert {"good.txt", "报告.PDF/inside.txt"} <= set(found(tmp_path))
    assert all(source.stamp is None for source in scan(tmp_path) if source.problem)


def test_a_folder_without_rights_is_reported():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:     # tmp_path is closed to others
        root = Path(name)
        write(root, "open/a.txt", "shut/b.txt")
        root.chmod(0o755)
        (root / "shut").chmod(0)
        with as_nobody():
            sources = scan(root)
        (root / "shut").chmod(0o755)
    assert [source.relative for source in sources] == ["open/a.txt", "shut"]
    assert sources[1].problem.startswith("unreadable_folder: ")
    assert "Permission denied" in sources[1].problem


def test_names_that_are_no_utf8_can_be_printed_and_opened(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xb1\xa8\xb8\xe6.txt"      # 报告 in GB18030
    with open(raw, "wb") as file:  # noqa: PTH123  bytes of a path
        file.write(b"x")
    write(tmp_path, r"\udcb1\udca8\udcb8\udce6.txt")     # the same name, once printed
    sources = scan(tmp_path)
    names = [source.relative for source in sources]
    printed = r"\udcb1\udca8\udcb8\udce6.txt"
    assert names == [printed, printed + "\\"]
    assert sorted(names) == names
    assert sorted(content_hash(os.fspath(source.path)) for source in sources) == sorted(
        hashlib.sha256(data).hexdigest() for data in (b"x", names[0].encode()))


@given(st.sets(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]),
                       min_size=1, max_size=8), min_size=1, max_size=8))
def test_every_name_comes_back(names):
    names = {name for name in names if name not in {".", ".."} | IGNORED_NAMES
             and not name.startswith(IGNORED_PREFIXES)}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), *names)
        assert found(Path(folder)) == sorted(names)


@pytest.mark.parametrize(("make", "error", "code"), [
    (lambda _path: None, NothingFound, ExitCode.NOTHING_FOUND),
    (lambda path: path.write_text("x"), UsageProblem, ExitCode.USAGE),
    (lambda path: path.symlink_to("nowhere"), NothingFound, ExitCode.NOTHING_FOUND),
])
def test_a_root_that_is_no_folder_says_what_to_do(tmp_path, make, error, code):
    root = tmp_path / "2023"
    make(root)
    with pytest.raises(error, match="2023") as caught:
        scan(root)
    assert caught.value.exit_code == code
    assert "--input DIR" in caught.value.next_step


def test_an_empty_folder_has_no_sources(tmp_path):
    assert scan(tmp_path) == []


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_the_hash_is_that_of_all_bytes(tmp_path, size):
    (tmp_path / "a").write_bytes(b"\x5a" * size)
    assert content_hash(str(tmp_path / "a")) == hashlib.sha256(b"\x5a" * size).hexdigest()
