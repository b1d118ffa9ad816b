"""The door: what is recognised by its bytes, and what each refusal says."""

import io
import pickle
import zipfile

import pytest

from parsers import read
from parsers.errors import (
    Damaged,
    Empty,
    TooLarge,
    UnreadableSource,
    Unsupported,
    WrongEncoding,
)
from parsers.limits import MAX_BYTES
from parsers.sniff import kind_of

TEXT = "项目名称\t质量发展专项经费\n年度资金总额\t55.50\n"


def zip_of(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")   # no clock: the bytes name the tests
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
        (b"\r\n\r\n%PDF-1.4 after blank lines", "pdf"),
        (zip_of("[Content_Types].xml", "word/document.xml"), "docx"),
        (zip_of("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (zip_of("[Content_Types].xml", "xl\\workbook.xml"), "xlsx"),
        (zip_of("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (zip_of("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (zip_of("OFD.xml", "Doc_0/Document.xml")[:60], "ofd"),
        (zip_of("自评表.txt"), "zip"),
        (zip_of("word/自评表.docx", "xl/自评表.xlsx"), "zip"),
        (zip_of(), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "ole"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"II*\0\x08\0\0\0", "tiff"),
        (b"MM\0*\0\0\0\x08", "tiff"),
        (b"GIF89a\x01\0\x01\0", "gif"),
        (b"RIFF\x1a\0\0\0WEBPVP8 ", "webp"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "bmp"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0\0\x04", "xz"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "sevenzip"),
        (b"Rar!\x1a\x07\x01\0", "rar"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\x0000", "tar"),
        (rb"{\rtf1\ansi\deff0 }", "rtf"),
        (b"<!DOCTYPE html>\n<html></html>", "html"),
        ("\ufeff \r\n<HTML><body>自评表".encode(), "html"),
        ("<table border=1><tr><td>自评表".encode("gb18030"), "html"),
        ("\ufeff<html>自评表</html>".encode("utf-16-le"), "html"),
        (b"<!-- saved from url --><html>", "html"),
        (b'<?xml version="1.0"?><html xmlns="x">', "html"),
        (b'<?xml version="1.0"?><Workbook>', "xml"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
         "spreadsheetml"),
        (b"From: <Saved by WPS>\r\nMIME-Version: 1.0\r\n", "mht"),
        ("自评表\t优".encode(), "text"),
    ],
)
def test_the_bytes_tell_the_kind(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (zip_of("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b'<?xml version="1.0"?><feed>', "XML"),
        (bytes(range(1, 256)) * 8, "binary"),
    ],
)
def test_a_kind_that_is_not_read_is_named_with_a_way_round(data, named):
    with pytest.raises(Unsupported) as caught:
        read(data, "自评表.txt")
    assert named in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.reason.startswith("unsupported: ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \t\r\n\x0c\n",
        "\u3000\u00a0\n\u200b".encode(),
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        "\ufeff\n\n".encode("utf-16-le"),
        b"\t" * 5_000_000,
    ],
    ids=["nothing", "white", "wide-white", "bom", "bom16", "lines16", "tabs"],
)
def test_nothing_printed_is_empty(data):
    with pytest.raises(Empty):
        read(data)


@pytest.mark.parametrize(
    "data", [TEXT.encode() + bytes(512), bytes(4096), TEXT.encode("gb18030") + b"\0"]
)
def test_nul_bytes_that_are_not_utf16_are_damage(data):
    with pytest.raises(Damaged, match="NUL"):
        read(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bytes(MAX_BYTES + 1), "MiB"),
        (b"\n" * 2_000_001 + b"a", "lines"),
        (b"a\t" * 2_000_001, "cells"),
        (b"a" + b"\t" * 20_000_000 + b"b", "cells"),
        (b"a," * 2_000_001, "cells"),
        (b"a  " * 2_000_001, "cells"),
        (b"|" * 2_000_002 + b"a|", "cells"),
        (b"a\t" + b"b" * 1_000_001, "line 1"),
        (b"\n\na\n" + b"b" * 1_000_001, "line 4"),
        (b'a\t"' + b"b\n" * 600_000 + b'"\n', "line 1"),
    ],
)
def test_more_than_a_report_can_have_is_refused(data, what):
    with pytest.raises(TooLarge, match=what):
        read(data)


def test_whole_sheets_pasted_with_all_their_empty_columns_are_read():
    rows = "\n".join(f"{number}\t优" + "\t" * 16_382 for number in range(300))
    (grid,) = read(rows.encode()).grids
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (300, 2, 600)


def test_the_name_does_not_decide_the_kind():
    assert read(TEXT.encode(), "report.pdf") == read(TEXT.encode())
    with pytest.raises(Damaged):
        read(b"%PDF-1.7", "report.txt")


@pytest.mark.parametrize("first", ["BM", "GIF8", "PK", "MM*", "Rar!", "<3个>", "<?xm", "BZh9"])
def test_text_that_begins_like_another_kind_is_text(first):
    assert read(f"{first}\t1\n".encode()).grids[0].cells[0].text == first


@pytest.mark.parametrize("kind", [Damaged, Empty, TooLarge, Unsupported, WrongEncoding])
def test_refusals_survive_pickling(kind):
    back = pickle.loads(pickle.dumps(kind("why")))  # noqa: S301  made on the line itself
    assert isinstance(back, UnreadableSource)
    assert back.reason == f"{kind.key}: why"
