"""Bad input of every kind in one folder beside good reports: each a row with its reason."""

import os
import random
import re
import stat
from pathlib import Path

import pytest

from tests.doubles.command import SAMPLE, SAMPLE_ID, Desk

REPORT = SAMPLE.read_bytes()
LINES = REPORT.splitlines(keepends=True)
NOISE = random.Random(20231231)
MEBIBYTE = 1 << 20

GOOD = {
    "good/sample.txt": REPORT,
    "good/gb18030.txt": REPORT.replace(b"\n", b"\r\n").decode().encode("gb18030"),
    "good/utf16.txt": REPORT.decode().encode("utf-16"),
}

READABLE = {
    # name: (content, status, key of the reason, forms)
    "half_a_form.txt": (b"".join(LINES[:43]), "extracted", "incomplete_form", 2),
    "cut_in_a_character.txt": (REPORT[:3001], "extracted", "incomplete_form", 2),
    "empty_columns.txt": (REPORT.replace(b"\n", b"\t" * 5000 + b"\n"), "extracted", None, 4),
    "other_quotes.txt": (REPORT.replace(b"\t\t", b'\t"'), "extracted", None, 4),
    "shift_jis.txt": ("事業評価の結果を報告する。\n".encode("shift_jis") * 40, "no_forms", "no_forms", 0),
    "one_line.txt": (("项目" * 450_000).encode(), "no_forms", "no_forms", 0),
    "many_lines.txt": ("行\n".encode() * 300_000, "no_forms", "no_forms", 0),
    "deep_quotes.txt": (b'"' * 50_000 + b"\n" + b'"a\t' * 5_000 + b"\n", "no_forms", "no_forms", 0),
    "page.html": ("<html><body>自评表</body></html>".encode(), "no_forms", "no_forms", 0),
    "wide_rows.txt": ((b"\t".join(b"%d" % n for n in range(5_000)) + b"\n") * 3, "no_forms", "no_forms", 0),
    "punctuation.txt": ("。，、；：！？（）《》\t——\n".encode() * 200, "no_forms", "no_forms", 0),
}

UNREADABLE = {
    # name: (content, key of the reason, a word of it)
    "empty.txt": (b"", "empty", "no printed character"),
    "white_space.txt": (b" \n\t\n\xe3\x80\x80\n", "empty", "no printed character"),
    "tabs.txt": (b"\t" * MEBIBYTE, "empty", "no printed character"),
    "program": (b"\x7fELF\x02\x01\x01" + NOISE.randbytes(5_000), "unsupported", "binary data"),
    "random.txt": (NOISE.randbytes(5_000), "unsupported", "binary data"),
    "header.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "damaged", "PDF"),
    "header.txt": (b"%PDF-1.4\n1 0 obj", "damaged", "PDF"),
    "word.docx": (b"PK\x03\x04" + bytes(26) + b"word/document.xml", "damaged", "ZIP"),
    "old.xls": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "damaged", "Office"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged", "picture cannot be decoded"),
    "mojibake.txt": (REPORT.decode("latin-1").encode(), "wrong_encoding", "Latin-1"),
    "mojibake_gbk.txt": (REPORT.decode("gbk", "replace").encode(), "wrong_encoding", "GBK"),
    "broken_bytes.txt": (REPORT[:2000] + b"\xff\xfe\x80" * 300 + REPORT[2000:], "wrong_encoding", "UTF-8"),
    "nuls.txt": (REPORT[:4000] + bytes(500) + REPORT[4000:], "damaged", "500 NUL bytes"),
    "only_nuls.txt": (bytes(5_000), "damaged", "NUL"),
    "endless_cell.txt": (b"x" * 1_100_000, "too_large", "1,100,000 characters"),
    "endless_rows.txt": (b"1\t2\n" * 600_000, "too_large", "cells"),
    os.fsdecode(b"\xbf\xd5.txt"): (b"\n", "empty", "no printed character"),
}

SPECIAL = {
    # name: (key of the reason, a word of it)
    "报告.txt": ("is_a_directory", "folder"),
    "broken_link.txt": ("broken_link", "target"),
    "pipe.txt": ("special_file", "pipe"),
    "secret.txt": ("no_permission", "right"),
    "eighty_mebibytes_of_tabs.txt": ("too_large", "80 MiB"),
    "three_hundred_mebibytes.txt": ("too_large", "314,572,800 bytes"),
}


def shown(name):
    """A name as it stands in ``documents``."""
    return name.encode("utf-8", "backslashreplace").decode()


def make_special(folder):
    """What no bytes alone can be; a report lies inside the folder that is named like one."""
    (folder / "报告.txt").mkdir()
    (folder / "报告.txt" / "inside.txt").write_bytes(REPORT.replace("新闻".encode(), "宣教".encode()))
    (folder / "broken_link.txt").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.txt")
    (folder / "secret.txt").write_bytes(b"secret")
    with (folder / "eighty_mebibytes_of_tabs.txt").open("wb") as file:
        for _ in range(80):
            file.write(b"\t" * MEBIBYTE)
    with (folder / "three_hundred_mebibytes.txt").open("wb") as file:
        file.truncate(300 * MEBIBYTE)


@pytest.fixture(scope="module")
def no_rights():
    """One file that may not be read, for root either."""
    read_bytes = Path.read_bytes

    def refusing(path):
        if path.name == "secret.txt":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", refusing)
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory, no_rights):  # noqa: ARG001  in force while the module is tested
    desk = Desk(tmp_path_factory.mktemp("bad"))
    contents = {name: row[0] for name, row in (READABLE | UNREADABLE).items()}
    for name, content in (GOOD | contents).items():
        desk.put(name, content)
    make_special(desk.input)
    return desk


@pytest.fixture(scope="module")
def ended(desk):
    """The run; a file that must not be opened would end as a timeout."""
    return desk.extract("--json", "--timeout", "60")


@pytest.fixture(scope="module")
def documents(desk, ended):
    assert ended.code == 4, ended.stderr
    rows = desk.rows("SELECT source_path, status, reason, form_count, document_id FROM documents")
    return {path: rest for path, *rest in rows}


def test_every_file_is_a_row(documents):
    names = {*GOOD, *READABLE, *UNREADABLE, *SPECIAL, "报告.txt/inside.txt"}
    assert set(documents) == {shown(name) for name in names}


def test_the_summary_counts_them(ended, documents):
    contents = ended.json["contents"]
    assert contents["files"] == len(documents)
    assert contents["by_status"] == {
        "unreadable": len(UNREADABLE) + len(SPECIAL),
        "no_forms": sum(row[1] == "no_forms" for row in READABLE.values()),
        "extracted": len(GOOD) + 1 + sum(row[1] == "extracted" for row in READABLE.values()),
    }
    assert {one["path"] for one in contents["unreadable"]} == {shown(name) for name in UNREADABLE | SPECIAL}


@pytest.mark.parametrize(("name", "key", "word"), [
    *((name, key, word) for name, (_, key, word) in UNREADABLE.items()),
    *((name, key, word) for name, (key, word) in SPECIAL.items())], ids=shown)
def test_what_cannot_be_read_says_why(documents, name, key, word):
    status, reason, forms, _ = documents[shown(name)]
    assert (status, forms) == ("unreadable", 0)
    assert reason.startswith(f"{key}: ")
    assert word in reason
    assert len(re.findall(r"[A-Za-z]{2,}", reason.removeprefix(key))) >= 5


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_read_as_far_as_it_goes(documents, name):
    _, status, key, forms = READABLE[name]
    found, reason, form_count, document_id = documents[name]
    assert (found, form_count, len(document_id)) == (status, forms, 64)
    assert (reason or "").partition(": ")[0] == (key or "")


def test_the_good_reports_are_published_whole(desk, documents):
    for name in GOOD:
        status, reason, forms, document_id = documents[name]
        assert (status, reason, forms) == ("extracted", None, 4)
        assert desk.rows(
            "SELECT project_name, score_total::text FROM projects WHERE document_id = ? ORDER BY form_id",
            document_id) == [("新闻宣传专项经费", "96.0000"), ("质量发展专项经费", "97.9700"),
                             ("业务受理工作经费", "96.5600"), ("政府聘用辅助人员经费", "98.0000")]
        assert desk.rows("SELECT count(*) FROM indicators WHERE form_id LIKE ?", f"{document_id[:16]}%") == [
            (38,)]


def test_a_report_inside_a_folder_that_is_named_like_one_is_read(documents):
    assert documents["报告.txt/inside.txt"][:3] == ["extracted", None, 4]


def test_half_a_form_keeps_the_whole_one_before_it_and_says_what_is_missing(desk, documents):
    _, reason, _, document_id = documents["half_a_form.txt"]
    assert "form 1: no total and no grade" in reason
    forms = desk.rows("SELECT form_index, score_total::int, grade FROM projects WHERE document_id = ? "
                      "ORDER BY form_index", document_id)
    assert forms == [(0, 96, "优"), (1, None, None)]
    assert desk.rows("SELECT count(*) FROM indicators WHERE form_id = ?", f"{document_id[:16]}-001") == [(7,)]


def test_the_next_run_reads_only_what_has_no_hash_and_changes_nothing(desk, ended):
    before = desk.bytes()
    again = desk.extract("--json", "--timeout", "60")
    assert again.code == ended.code
    assert (again.json["read"], again.json["published"]) == (1, False)
    assert again.json["contents"] == ended.json["contents"]
    assert desk.bytes() == before


def test_a_pipe_is_left_as_it_is(desk, ended):
    assert ended.code == 4
    assert stat.S_ISFIFO((desk.input / "pipe.txt").stat().st_mode)


# ── one kind at a time ───────────────────────────────────────────────────────


@pytest.fixture
def small(tmp_path):
    return Desk(tmp_path)


def test_the_same_bytes_under_two_names_are_published_once(small):
    small.put("a.txt")
    small.put("b/copy.txt")
    assert small.extract().code == 0
    assert small.rows("SELECT source_path, status, form_count FROM documents") == [
        ("a.txt", "extracted", 4), ("b/copy.txt", "extracted", 4)]
    assert small.rows("SELECT count(*), count(DISTINCT form_id) FROM projects") == [(4, 4)]
    ((message,),) = small.rows("SELECT message FROM findings WHERE rule = 'duplicate_document'")
    assert "a.txt, b/copy.txt" in message


def test_a_name_that_is_no_text_is_shown_and_its_report_read(small):
    small.put(os.fsdecode(b"\xb1\xa8\xb8\xe6.txt"))
    ended = small.extract("--json")
    assert ended.code == 0
    assert small.rows("SELECT source_path, status FROM documents") == [
        (r"\udcb1\udca8\udcb8\udce6.txt", "extracted")]
    assert small.rows("SELECT min(form_id) FROM projects") == [(f"{SAMPLE_ID}-000",)]


def test_a_folder_of_nothing_readable_is_published_too(small):
    small.put("empty.txt", b"")
    assert small.extract().code == 4
    assert small.rows("SELECT count(*) FROM documents") == [(1,)]
    for table in ("projects", "funds", "indicators", "findings", "cells"):
        assert small.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  names of ours


def test_a_report_that_becomes_unreadable_leaves_the_tables(small):
    small.put("a.txt")
    small.put("b.txt", GOOD["good/gb18030.txt"])
    assert small.extract().code == 0
    small.put("a.txt", REPORT[:2000] + bytes(100))
    assert small.extract().code == 4
    assert small.rows("SELECT source_path, status FROM documents") == [
        ("a.txt", "unreadable"), ("b.txt", "extracted")]
    assert small.rows("SELECT count(*) FROM projects") == [(4,)]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_files_do_not_disturb_forked_readers(small, jobs):
    for name, (content, *_) in UNREADABLE.items():
        if len(content) < MEBIBYTE:
            small.put(name, content)
    small.put("z.txt")
    ended = small.extract("--jobs", jobs, "--json")
    assert ended.code == 4
    assert ended.json["contents"]["by_status"]["extracted"] == 1
    assert "crashed" not in ended.json["contents"]["by_status"]
