"""Archives: every file inside is read or noted, whatever its name, and nothing leaves memory."""

import bz2
import contextlib
import io
import lzma
import random
import tarfile
import zipfile

import pytest

from fixtures.hostile import archives
from fixtures.hostile.whole import gzip_of, html, tar_of, tarred, zip_of, zipped
from parsers import read
from parsers.archive import MAX_DEPTH, read_archive
from parsers.errors import Damaged, Empty, Encrypted, TooLarge, UnreadableSource

FILES = {"b/报告.txt": "项目一\n".encode(), "a.txt": "项目二\n".encode()}
BROKEN = bytes(100)  # NULs: damaged


def parts(reading):
    return [(grid.part, grid.cells[0].text) for grid in reading.grids]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (zip_of(FILES), "application/zip"),
        (zip_of(FILES, zipfile.ZIP_STORED), "application/zip"),
        (tar_of(FILES), "application/x-tar"),
        (gzip_of(tar_of(FILES)), "application/gzip"),
        (bz2.compress(tar_of(FILES)), "application/x-bzip2"),
        (lzma.compress(tar_of(FILES)), "application/x-xz"),
    ],
)
def test_files_are_read_in_the_order_of_the_archive(data, media_type):
    reading = read(data, "all.bin")
    assert reading.media_type == media_type
    assert parts(reading) == [("b/报告.txt", "项目一"), ("a.txt", "项目二")]
    assert reading.grids[0].cells[0].origin.place == "b/报告.txt: line 1"
    assert reading.page_count == 2
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("name", "part"),
    [("报告.txt.gz", "报告.txt"), ("dir/报告.GZ", "报告"), ("报告.tgz", "报告.tgz"), ("", "content")],
)
def test_a_packed_file_is_named_like_its_package(name, part):
    assert parts(read(gzip_of("项目\n".encode()), name)) == [(part, "项目")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_unicode_flag_are_decoded(encoding):
    raw = "附件：自评表.txt".encode(encoding)
    marked = "x" * len(raw) + "é"  # not ASCII, so that it is written as UTF-8: then replaced in place
    data = zip_of({marked: "项目\n"}).replace(marked.encode(), raw + b"xx")
    data = bytearray(data)
    data[7] &= ~8  # the flag in the header of the member
    at = data.index(b"PK\x01\x02")
    data[at + 9] &= ~8  # and in the list
    assert parts(read(bytes(data)))[0][0] == "附件：自评表.txtxx"


def test_names_in_tar_files_are_decoded_too():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT, encoding="gb18030") as archive:
        info = tarfile.TarInfo("自评表.txt")
        info.size = 6
        archive.addfile(info, io.BytesIO("项目".encode()))
    assert parts(read(file.getvalue())) == [("自评表.txt", "项目")]


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/._表.txt", "a/.DS_Store", "Thumbs.db", "a/~$表.docx", "desktop.ini", ".~lock.表.odt#", "a/"],
)
def test_what_systems_leave_behind_is_passed_over(name):
    reading = read(zip_of({name: b"\0\1junk", "表.txt": "项目"}))
    assert parts(reading) == [("表.txt", "项目")]
    assert reading.notes == ()


def test_a_file_that_cannot_be_read_is_noted_with_its_reason():
    reading = read(zip_of({"a.txt": BROKEN, "dir/b.png": b"\x89PNG\r\n\x1a\n", "c.txt": "项目"}))
    assert parts(reading) == [("c.txt", "项目")]
    assert [(note.kind, note.place) for note in reading.notes] == [
        ("unreadable_member", "a.txt"),
        ("unreadable_member", "dir/b.png"),
    ]
    assert "damaged: " in reading.notes[0].message
    assert "damaged: the picture" in reading.notes[1].message


def test_notes_of_a_file_inside_say_which():
    gbk = "项目支出绩效自评表\n".encode("gb18030") * 50
    outer, inner = read(zip_of({"a.txt": gbk})), read(gbk, "a.txt")
    assert [note.place for note in outer.notes] == [f"a.txt: {note.place}" for note in inner.notes]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (zip_of({}), Empty, "no document"),
        (zip_of({".DS_Store": "x"}), Empty, "no document"),
        (archives.locked(), Encrypted, "报告/表.html"),
        (zip_of({f"{n}.txt": BROKEN for n in range(5)}), Damaged, "; and 2 more"),
        (zip_of({"a.png": b"\x89PNG\r\n\x1a\n"}), Damaged, "a.png"),
        (archives.many_members(30_000), TooLarge, "30,000 files"),
        (archives.many_members(200_000), TooLarge, "200,000 files"),
        (zipped()[:100], Damaged, "cannot be opened"),
        (gzip_of(b"")[:15], Damaged, "unpack"),
        (gzip_of(bytes(300_000_000)), TooLarge, "64 MiB"),
    ],
)
def test_an_archive_of_nothing_readable_says_why(data, error, words):
    with pytest.raises(error, match=words):
        read(data, "x")


def nested(levels):
    data = zip_of({"表.txt": "项目"})
    for level in range(levels):
        data = zip_of({f"{level}.zip": data, f"{level}.txt": "旁"})
    return data


@pytest.mark.parametrize("levels", range(1, 5))
def test_archives_in_archives_are_read_so_deep(levels):
    reading = read(nested(levels))
    deep = [part for part, text in parts(reading) if text == "项目"]
    if levels < MAX_DEPTH:
        assert deep == ["/".join(f"{level}.zip" for level in reversed(range(levels))) + "/表.txt"]
        assert reading.grids[0].cells[0].origin.place == f"{deep[0]}: line 1"
    else:
        assert deep == []
        assert "too_large" in reading.notes[0].message


def test_all_archives_inside_share_one_limit_of_members(monkeypatch):
    monkeypatch.setattr("parsers.archive.MAX_MEMBERS", 5)
    inner = zip_of({f"{n}.txt": "项目" for n in range(4)})
    reading = read(zip_of({"a.zip": inner, "b.zip": inner}))
    assert [grid.part for grid in reading.grids] == [f"a.zip/{n}.txt" for n in range(4)]
    assert [note.place for note in reading.notes] == ["b.zip"]


def test_all_archives_inside_share_one_limit_of_bytes(monkeypatch):
    monkeypatch.setattr("parsers.archive._FREE_BYTES", 2000)
    monkeypatch.setattr("parsers.archive.MAX_RATIO", 1)
    inner = zip_of({f"{n}.txt": "项目" * 60 for n in range(2)}, zipfile.ZIP_STORED)
    reading = read(zip_of({"a.zip": inner, "b.zip": inner, "c.txt": "项目"}))
    assert [grid.part for grid in reading.grids] == ["a.zip/0.txt", "a.zip/1.txt"]
    assert [note.place for note in reading.notes] == ["b.zip"]
    assert "more than an honest one" in reading.notes[0].message


@pytest.mark.parametrize("make", [archives.odd_names, archives.odd_tar, archives.half_locked])
def test_odd_members_do_not_stop_the_others(make):
    grids = read(make()).grids
    assert any("表" in grid.part for grid in grids)
    assert all(grid.part.isprintable() for grid in grids)


def test_links_in_tar_files_are_not_followed():
    assert {grid.part for grid in read(archives.odd_tar()).grids} == {"../../表.html"}


def test_what_stands_before_the_damage_of_a_tar_file_is_kept():
    data = tar_of({"a.txt": "项目一".encode(), "b.txt": "项目二".encode() * 500})
    reading = read(data[:2000], "x.tar")
    assert parts(reading) == [("a.txt", "项目一")]
    assert [note.place for note in reading.notes] == ["b.txt", "x.tar"]


def test_the_reader_of_the_files_is_given_bytes_and_base_name():
    seen = []

    def reader(data, name):
        seen.append((data, name))
        return read(b"x", name)

    read_archive(zip_of({"d/表.txt": "1", "d/页.html": html()}), "x.zip", reader)
    assert seen == [(b"1", "表.txt"), (html(), "页.html")]


@pytest.mark.parametrize("whole", [zipped(), tarred(), tar_of(FILES), bz2.compress(tar_of(FILES))])
def test_damaged_archives_raise_nothing_else(whole):
    noise = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(noise.randint(1, 6)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        if noise.random() < 0.3:
            del data[noise.randrange(len(data)) :]
        with contextlib.suppress(UnreadableSource):
            read(bytes(data), "x")
