"""One table in every encoding that such files have, and text that was spoiled on its way."""

import pytest

from parsers import read
from parsers.encoding import decode
from parsers.errors import Unsupported, WrongEncoding

TABLE = (
    "财政项目支出绩效自评表\n\n"
    "项目名称\t政府聘用辅助人员经费\n"
    "实施单位\t镕㎡局朱\U00020000\n"
    "年度资金总额\t≥171.60（万元）\n"
)
TRADITIONAL = (
    "財政項目支出績效自評表\n\n"
    "項目名稱\t新聞宣傳專項經費\n"
    "主管部門\t市場監督管理局\n"
    "年度資金總額\t55.50\n"
)


def texts(data, name=""):
    return [cell.text for grid in read(data, name).grids for cell in grid.cells]


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
        (b"", "gb18030"),
        (b"\x84\x31\x95\x33", "gb18030"),
    ],
)
def test_the_same_table_in_every_encoding(mark, codec):
    decoded = decode(mark + TABLE.encode(codec))
    assert decoded == (TABLE, codec, ())


@pytest.mark.parametrize("codec", ["gb2312", "gbk", "hz"])
def test_what_calls_itself_otherwise(codec):
    plain = "项目名称\t质量发展专项经费\n"
    if codec == "hz":  # seven bits: nothing tells it from ASCII
        assert decode(plain.encode(codec)).encoding == "utf-8"
    else:
        assert decode(plain.encode(codec)) == (plain, "gb18030", ())


@pytest.mark.parametrize("codec", ["big5", "cp950", "big5hkscs"])
def test_big5(codec):
    assert decode(TRADITIONAL.encode(codec)) == (TRADITIONAL, "big5hkscs", ())
    assert texts(TRADITIONAL.encode(codec)) == texts(TRADITIONAL.encode())


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("优", "gb18030"),
        ("赵强\t黄磊\n徐涛\t孙明\n郭霞\t罗刚\n", "gb18030"),
        ("abc\t（12）\n", "gb18030"),
        ("a\tb\n", "utf-16-le"),
        ("a\tb\n", "utf-16-be"),
        ("优\n", "utf-16-le"),
        ("年度资金总额", "utf-16-le"),  # without any NUL
        ("年度资金总额", "utf-16-be"),
        ("report 2023\n", "utf-8"),
        ("café\n", "utf-8"),
        ("100 €\n", "utf-8"),
        ("Ã\n", "utf-8"),
    ],
)
def test_short_texts(text, codec):
    assert decode(text.encode(codec)) == (text, codec, ())


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("bom", [b"", b"\xff\xfe"])
def test_a_file_cut_within_a_character_keeps_the_rest(codec, bom):
    if (codec == "utf-16-le") != bool(bom):
        bom = b"\xff\xfe" if codec == "utf-16-le" else b""
    data = bom + TABLE.encode(codec) + "优".encode(codec)[:1]
    text, name, (note,) = decode(data)
    assert (text, name) == (TABLE, codec)
    assert (note.kind, note.place) == ("cut_character", "line 6")


@pytest.mark.parametrize(
    ("codec", "old", "new"),
    [
        ("utf-8", "辅助".encode(), b"\xe8\x90\x85\xe5\x8a\xa9"[:2] + b"?" + "助".encode()),
        ("utf-8", "聘".encode(), b"\xff"),
        ("gb18030", "聘".encode("gb18030"), b"\xff"),
        ("gb18030", "（万".encode("gb18030"), b"\xff\xff"),
    ],
)
def test_a_few_broken_bytes_are_replaced_with_a_note(codec, old, new):
    data = TABLE.encode(codec).replace(old, new)
    text, name, (note,) = decode(data)
    assert name == codec
    assert "\ufffd" in text
    line = text[: text.index("\ufffd")].count("\n") + 1
    assert (note.kind, note.place) == ("replaced_bytes", f"line {line}")
    assert "年度资金总额" in text


def test_a_note_names_a_few_lines_of_many():
    rows = ["年度资金总额\t15.42"] * 2_000
    data = "\r\n".join(rows).encode()
    line = len(rows[0].encode()) + 2
    broken = bytearray(data)
    for number in (2, 5, 9, 40, 41, 999, 1500):
        broken[(number - 1) * line] = 0xFF
    (note,) = decode(bytes(broken)).notes
    assert note.place == "lines 2, 5, 9, 40, 41 and 2 more"


def test_many_broken_bytes_are_not_text_in_any_encoding():
    data = bytearray(TABLE.encode() * 20)
    data[::40] = b"\xff" * len(data[::40])
    with pytest.raises(WrongEncoding, match=r"GB18030.*UTF-8"):
        decode(bytes(data))


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (TABLE.encode().decode("latin-1").encode(), "Latin-1"),
        (TABLE.encode().decode("cp1252", "ignore").encode(), "Latin-1"),
        (TABLE.encode().decode("gb18030", "replace").encode(), "GBK"),
        ("涓枃椤圭洰".encode(), "GBK"),
        ("项目é¡¹ç›®".encode()[6:], "Latin-1"),
        (("锟斤拷" * 10).encode(), "锟斤拷"),
        ("项目\ufffd\ufffd\ufffd\t\ufffd\ufffd\ufffd\ufffd".encode(), "lost 7"),
        (b"\xff\xfe" + b"\0\xd8" * 50, "utf-16-le"),  # half pairs
        ("élève déjà vu, là".encode("latin-1"), "UTF-8"),
        ("Все люди рождаются свободными и равными".encode("koi8-r"), "UTF-8"),
    ],
)
def test_spoiled_text_is_refused_by_name(data, named):
    with pytest.raises(WrongEncoding, match=named):
        decode(data)


def test_a_few_characters_lost_earlier_are_noted():
    text, _, (note,) = decode(("\n锟斤拷\n" + TABLE).encode())
    assert text.startswith("\n锟斤拷")
    assert (note.kind, note.place) == ("lost_characters", "line 2")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "gb18030"])
def test_binary_in_the_dress_of_an_encoding_is_no_text(codec):
    with pytest.raises(Unsupported, match="binary"):
        decode(("\x01\x02\x03\x04项目" * 20).encode(codec))


def test_a_stray_control_character_is_print():
    assert "\x1e" in decode((TABLE * 10 + "a\x1eb").encode()).text
