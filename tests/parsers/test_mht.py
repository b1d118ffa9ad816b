"""Pages saved in one file, and mails."""

import random
from base64 import encodebytes
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from quopri import encodestring

import pytest

from fixtures.drawing.html import page
from fixtures.sheet import sample_sheets
from parsers import mime
from parsers.errors import Empty, NoTextLayer, TooLarge, UnreadableSource, WrongEncoding
from parsers.html import read_html
from parsers.mht import read_mht
from parsers.sniff import kind_of

SAMPLE = page(sample_sheets())
TABLE = "<table><tr><td>项目㎡镕</td><td>171.59</td></tr></table>"


def entity(kind, body, *headers):
    return "\r\n".join((f"Content-Type: {kind}", *headers, "", "")).encode() + body


def bundle(*parts, kind="related", mark="--=_NextPart_01", extra="", end=True):
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="{mark}"{extra}\r\n\r\nBefore.\r\n'
    return head.encode() + b"".join(f"\r\n--{mark}\r\n".encode() + part for part in parts) + (
        f"\r\n--{mark}--\r\nwords behind" if end else "").encode()


def located(place, source, codec="gb18030", named="gb2312"):
    body = encodestring(source.encode(codec)).replace(b"\n", b"\r\n")
    return entity(f'text/html; charset="{named}"', body,
                  "Content-Transfer-Encoding: quoted-printable", f"Content-Location: file:///C:/x/{place}")


def texts(data):
    return [[cell.text for cell in grid.cells] for grid in read_mht(data, "").grids]


WORKBOOK = bundle(
    located("Book1.htm", "<frameset><frame src=Book1.files/sheet001.htm><frame src=x/tabstrip.htm>"),
    located("Book1.files/sheet001.htm", TABLE),
    located("Book1.files/%E8%A1%A82.htm", TABLE.replace("171.59", "2")),
    located("Book1.files/tabstrip.htm", "<table><tr><td>表1<td>表2</table>"),
    entity("text/css", b"td{}", "Content-Location: file:///C:/x/Book1.files/stylesheet.css"),
    entity("application/octet-stream", b"x", "Content-Location: file:///C:/x/Book1.files/oledata.mso"),
)


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit", "7bit"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_saved_page_reads_as_the_page(transfer, codec):
    source = SAMPLE.replace("utf-8", "gb2312").encode(codec)
    body = {"base64": encodebytes, "quoted-printable": encodestring}.get(transfer, bytes)(source)
    headers = (f"Content-Transfer-Encoding: {transfer}", "Content-Location: http://x/a.htm")
    data = bundle(entity("text/html", body, *headers))
    assert kind_of(data) == "mht"
    found = read_mht(data, "")
    assert found.grids == read_html(source, "").grids
    assert (found.media_type, found.page_count, found.notes) == ("multipart/related", 1, ())


def test_every_sheet_of_a_workbook_is_read_in_its_order():
    found = read_mht(WORKBOOK, "")
    assert texts(WORKBOOK) == [["项目㎡镕", "171.59"], ["项目㎡镕", "2"]]
    assert [grid.cells[1].origin.place for grid in found.grids] == [
        "sheet001.htm: table 1, row 1, column 2", "表2.htm: table 1, row 1, column 2",
    ]
    assert [grid.part for grid in found.grids] == ["sheet001.htm", "表2.htm"]
    assert found.notes == ()


def test_the_part_named_as_the_start_is_read_first():
    parts = [entity("text/html", b"<p>b"), entity("text/html", b"<p>a", "Content-ID: <root@x>")]
    assert texts(bundle(*parts)) == [["b"], ["a"]]
    assert texts(bundle(*parts, extra='; start="<root@x>"')) == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("gb2312", "gb18030"), ("big5", "big5"), ("utf-8", "gb18030"), ("no-such", "utf-8")],
)
def test_the_head_of_a_part_names_its_encoding(charset, codec):
    source = "<table><tr><td>項目績效<td>a</table>".encode(codec)
    assert texts(bundle(entity(f"text/html; charset={charset}", source))) == [["項目績效", "a"]]


def test_a_mail_with_a_page_and_its_twin_in_plain_text_gives_the_page():
    mail = MIMEMultipart("mixed")
    twins = MIMEMultipart("alternative")
    twins.attach(MIMEText("项目\t1", "plain", "utf-8"))
    twins.attach(MIMEText(TABLE, "html", "utf-8"))
    mail.attach(twins)
    report = MIMEApplication(b"PK", "vnd.openxmlformats-officedocument.wordprocessingml.document")
    report.add_header("Content-Disposition", "attachment", filename="自评表.docx")
    mail.attach(report)
    page_sent_along = MIMEText("<p>x", "html", "utf-8")
    page_sent_along.add_header("Content-Disposition", "attachment", filename="b.html")
    mail.attach(page_sent_along)
    found = read_mht(mail.as_bytes(), "")
    assert found.media_type == "message/rfc822"
    assert texts(mail.as_bytes()) == [["项目㎡镕", "171.59"]]
    (note,) = found.notes
    assert note.kind == "embedded_object"
    assert note.message.startswith("2 attached")
    assert "自评表.docx, b.html" in note.message


def test_a_mail_without_a_page_is_read_as_text():
    mail = MIMEText("项目名称\t质量发展专项经费\n年度资金总额\t55.50\n", "plain", "gb2312")
    found = read_mht(mail.as_bytes(), "")
    assert texts(mail.as_bytes()) == [["项目名称", "质量发展专项经费", "年度资金总额", "55.50"]]
    assert found.grids[0].cells[3].origin.place == "line 2"


def test_a_mail_within_a_mail_is_read():
    inner = bundle(entity("text/html", TABLE.encode()), mark="in")
    assert texts(bundle(entity("message/rfc822", inner), kind="mixed")) == [["项目㎡镕", "171.59"]]


@pytest.mark.parametrize(
    "data",
    [
        bundle(entity("text/html", TABLE.encode()), end=False),
        bundle(entity("text/html", TABLE.encode())).replace(b"\r\n", b"\n"),
        bundle(entity("text/html", TABLE.encode()), extra="x").replace(b'boundary="--=_NextPart_01"x', b""),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + TABLE.encode(),
        b"MIME-Version: 1.0\r\n\r\n" + TABLE.encode(),
        b"\xef\xbb\xbf\r\nFrom: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + TABLE.encode(),
    ],
    ids=["open", "lf", "wrong boundary", "no boundary", "no kind", "single"],
)
def test_files_that_were_cut_or_edited(data):
    assert kind_of(data) == "mht"
    assert texts(data) == [["项目㎡镕", "171.59"]]


def test_files_outside_are_named_and_those_within_are_not():
    frames = "".join(f'<iframe src="{place}"></iframe>' for place in ("http://x/b.htm", "cid:f@x", "f/c.htm"))
    source = f"<p>a{frames}"
    found = read_mht(bundle(located("a.htm", source), located("f/c.htm", "<p>c")), "")
    (note,) = found.notes
    assert note.kind == "external_reference"
    assert note.message.endswith("(http://x/b.htm)")
    assert note.message.startswith("1 files")


def test_a_page_that_cannot_be_read_does_not_hide_the_others():
    spoiled = entity("text/html", ("<p>" + "锟斤拷" * 30).encode(), "Content-Location: bad.htm")
    found = read_mht(bundle(spoiled, located("good.htm", TABLE)), "")
    assert [(note.kind, note.place) for note in found.notes] == [("unread_part", "bad.htm")]
    assert len(found.grids) == 1
    with pytest.raises(WrongEncoding):
        read_mht(bundle(spoiled), "")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"MIME-Version: 1.0\r\n", Empty),
        (bundle(entity("text/html", b"<img src=cid:1>"), entity("image/png", b"x")), NoTextLayer),
        (bundle(entity("application/pdf", b"%PDF-"), kind="mixed"), Empty),
        (bundle(entity("text/html", b"====", "Content-Transfer-Encoding: base64")), Empty),
        (b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5_000, TooLarge),
        (bundle(*[entity("text/html", b"<p>1")] * (mime.MAX_PARTS + 1)), TooLarge),
    ],
    ids=["nothing", "picture", "attachment", "base64", "mails in mails", "many parts"],
)
def test_what_cannot_be_read(data, error):
    with pytest.raises(error):
        read_mht(data, "")


def test_any_cut_or_mixed_file_is_read_or_refused():
    choose = random.Random(11)
    pieces = [
        b"\r\n\r\n", b"----=_NextPart_01", b"charset=idna", b"filename*=x'y'%ff", b"=?gb2312?B?1?=",
        b"base64", b"\xff",
    ]
    for _ in range(400):
        data = bytearray(WORKBOOK)
        for _ in range(choose.randrange(8)):
            at = choose.randrange(len(data))
            data[at : at + choose.randrange(30)] = choose.choice(pieces)
        del data[choose.randrange(len(data)) :]
        try:
            found = read_mht(bytes(data), "")
        except UnreadableSource:
            continue
        assert all(cell.text.strip() == cell.text != "" for grid in found.grids for cell in grid.cells)
