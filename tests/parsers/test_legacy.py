"""Old Office files: which kind they are, what LibreOffice makes of them, and what it may not do."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import golden
from fixtures.drawing.docx import document
from fixtures.hostile import office, ole
from fixtures.sheet import sample_sheets, truth
from parsers import legacy, libreoffice
from parsers.compound import Compound
from parsers.errors import (
    Damaged,
    Encrypted,
    ProgramFailed,
    ProgramMissing,
    TooLarge,
    UnreadableSource,
    Unsupported,
)
from parsers.grid import Reading
from pipeline.document import extract
from tests.doubles.soffice import install

ROOT = Path(__file__).parents[2]
SHEETS = sample_sheets()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a stand-in in LibreOffice's place."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    def put(kind):
        monkeypatch.setenv(libreoffice.PROGRAM_VARIABLE, str(install(tmp_path, kind)))
        return tmp_path / "pids"

    yield put
    assert list(temporary.iterdir()) == []


# ── the real program ─────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def drawn():
    return document(SHEETS)


@pytest.mark.parametrize(
    ("to", "read", "media_type"),
    [
        ("doc:MS Word 97", legacy.read_ole, "application/msword"),
        ("rtf:Rich Text Format", legacy.read_rtf, "application/rtf"),
    ],
)
def test_sample_is_read_exactly(drawn, to, read, media_type):
    reading = read(libreoffice.convert(drawn, "docx", to), "自评表")
    tables = [
        tuple((c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells)
        for grid in reading.grids
        if grid.n_rows > 1
    ]
    assert tables == [table for sheet in SHEETS for table in truth(sheet).tables]
    assert reading.media_type == media_type
    assert [note.kind for note in reading.notes] == ["converted"]
    case = next(case for case in golden.cases() if case.name == "sample")
    found = golden.described(extract(reading._replace(notes=()), golden.DOCUMENT_ID))
    assert list(golden.differences(golden.expected(case), found)) == []


def test_what_libreoffice_cannot_read():
    with pytest.raises(ProgramFailed, match="gave no result"):
        legacy.read_ole(office.FILES["sector_cycle.doc"]())


# ── which kind ───────────────────────────────────────────────────────────────

KINDS = {
    "locked document": (ole.doc(locked=True), Encrypted),
    "locked workbook": (ole.xls(locked=True), Encrypted),
    "locked package": (ole.compound_of({"EncryptionInfo": b"", "EncryptedPackage": b""}), Encrypted),
    "rights management": (ole.compound_of({"\x09DRMContent": b""}), Encrypted),
    "presentation": (ole.compound_of({"PowerPoint Document": b""}), Unsupported),
    "mail": (ole.compound_of({"__properties_version1.0": b""}), Unsupported),
    "installer": (ole.compound_of({"\u4840\u3f7f": b""}), Unsupported),
    "header only": (ole.doc()[:512], Damaged),
    "half a header": (ole.doc()[:100], Damaged),
    "no header": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, Damaged),
}


@pytest.mark.parametrize("case", KINDS)
def test_kinds_that_are_refused(case, program):
    program("writes_nothing")
    data, error = KINDS[case]
    with pytest.raises(error):
        legacy.read_ole(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<?xml version='1.0'?><a/>", Unsupported),
        (b"<?xml version='1.0'?><a>", Damaged),
        (
            b"<?xml version='1.0'?><pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'/>",
            Damaged,
        ),
    ],
)
def test_xml_that_is_refused(data, error, program):
    program("writes_nothing")
    with pytest.raises(error):
        legacy.read_office_xml(data)


def test_embedded_documents_do_not_tell_the_kind():
    """Streams inside a storage are those of an embedded document."""
    data = bytearray(ole.compound_of({"Workbook": b"", "WordDocument": b""}))
    entry = data.index("Workbook\0".encode("utf-16-le"))
    data[entry + 72 : entry + 76] = b"\xff\xff\xff\xff"  # the second stream is no sibling of the first
    assert list(Compound(bytes(data)).streams) == ["Workbook"]


def test_short_streams_stand_in_the_mini_stream():
    root = ole.compound_of({"WordDocument": bytes(range(256))})
    assert Compound(root).head("WordDocument", 12) == bytes(range(12))
    short = bytearray(root)
    entry = short.index("WordDocument".encode("utf-16-le"))
    short[entry + 120 : entry + 124] = (100).to_bytes(4, "little")
    root_entry = short.index("Root Entry".encode("utf-16-le"))
    short[root_entry + 116 : root_entry + 124] = (0).to_bytes(4, "little") + (4096).to_bytes(4, "little")
    directory = int.from_bytes(short[48:52], "little")
    short[60:64] = (directory + 2).to_bytes(4, "little")  # a table of sectors: 0 → 1 → 2 …
    table = (directory + 3) * 512
    short[table : table + 512] = b"".join((n + 1).to_bytes(4, "little") for n in range(128))
    assert Compound(bytes(short)).head("WordDocument", 100)[:12] == bytes(range(12))


SMALL = ole.doc()


@settings(max_examples=200)
@given(st.data())
def test_any_directory_is_read_or_refused(data):
    """Bytes of the header, the directory and the table of sectors are changed; it ends."""
    mutated = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        where = data.draw(st.one_of(st.integers(0, 600), st.integers(len(SMALL) - 1200, len(SMALL) - 1)))
        mutated[where] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(SMALL)), st.integers(0, len(SMALL))))
    try:
        compound = Compound(bytes(mutated[:cut]))
    except UnreadableSource:
        return
    for name in compound.streams:
        assert len(compound.head(name, 100)) <= 100


# ── what a converter may not do ──────────────────────────────────────────────


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(pid):
    """Whether a process ends in ten seconds."""
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


def test_program_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(libreoffice.PROGRAM_VARIABLE, raising=False)
    with pytest.raises(ProgramMissing, match="apt-get install libreoffice-writer-nogui"):
        legacy.read_ole(ole.doc())


def test_hanging_program_ends_with_its_children(program, monkeypatch):
    pids = program("hangs")
    monkeypatch.setattr(libreoffice, "TIME_LIMIT", 2)
    with pytest.raises(ProgramFailed, match="no result in 2 s"):
        legacy.read_ole(ole.doc())
    assert ends(int(pids.read_text()))


def test_children_left_behind_end(program):
    pids = program("leaves_a_child")
    with pytest.raises(ProgramFailed):
        legacy.read_ole(ole.doc())
    assert ends(int(pids.read_text()))


def test_program_ends_after_a_killed_reader(tmp_path):
    """The worker that started it is killed and cannot end it; it ends by its own limit."""
    call = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom parsers import libreoffice\n"
        "libreoffice.TIME_LIMIT, libreoffice._GRACE = 3, 0\nlibreoffice.convert(b'', 'doc', 'docx')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", call, str(ROOT)],
        cwd=tmp_path,
        start_new_session=True,
        env={
            **os.environ,
            libreoffice.PROGRAM_VARIABLE: str(install(tmp_path, "hangs")),
            "TMPDIR": str(tmp_path),
        },
    ) as reader:
        pids = tmp_path / "pids"
        while not (pids.exists() and pids.read_text().strip()):
            assert reader.poll() is None
            time.sleep(0.02)
        os.killpg(reader.pid, signal.SIGKILL)
    assert ends(int(pids.read_text()))


@pytest.mark.parametrize("kind", ["crashes", "writes_nothing"])
def test_program_without_result(program, kind):
    program(kind)
    with pytest.raises(ProgramFailed, match="gave no result") as caught:
        legacy.read_ole(ole.doc())
    assert "/" not in caught.value.message.replace("and/or", "")


def test_result_too_large(program, monkeypatch):
    program("fills_the_disk")
    monkeypatch.setattr(libreoffice, "OUTPUT_LIMIT", 1 << 20)
    with pytest.raises(TooLarge, match="1 MiB"):
        legacy.read_ole(ole.doc())


def test_program_is_bounded_and_at_home_in_its_own_folder(program, monkeypatch):
    program("tells_its_limits")
    told = []
    monkeypatch.setattr(libreoffice, "_result", lambda _, said: told.extend(said.split()) or b"")
    libreoffice.convert(b"", "doc", "docx")
    assert told[:2] == [str(libreoffice.MEMORY_LIMIT_KIB), "0"]
    assert Path(told[2]) != Path.home()


def test_workbook_that_the_reader_refuses_goes_through_the_program(monkeypatch):
    def refuse(_, __):
        raise Unsupported("a workbook of Excel 2.0")

    monkeypatch.setattr(legacy, "read_xls", refuse)
    monkeypatch.setattr(
        legacy, "_XLS", legacy._XLS._replace(read=lambda data, _: Reading(data.decode(), 1, ()))
    )
    monkeypatch.setattr(legacy, "convert", lambda _, suffix, to: f"{suffix} {to}".encode())
    reading = legacy.read_ole(ole.xls())
    assert reading.media_type == "application/vnd.ms-excel"
    assert [note.kind for note in reading.notes] == ["converted"]
