"""Whatever the bytes, a reading or a typed refusal, in time that grows with their number."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers import read
from parsers.errors import UnreadableSource
from parsers.grid import Reading

SAMPLE = (
    Path(__file__).parents[2] / "data/raw/2023/上海市市场监督管理局行政服务中心_2023.txt"
).read_bytes()[:3_000]
TEXT = SAMPLE.decode("utf-8", "ignore")
MARKS = [
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\0\0",
    b"\0\0\xfe\xff",
    b"\x84\x31\x95\x33",
    b"PK\x03\x04",
    b"%PDF-",
    b"<?xml",
    b"<!--",
    b"II*\0",
    b"BM",
    b'"',
    b"\t",
    b"|",
    b"\0",
    b"\x1a",
]
NAMES = st.sampled_from(["", "a.txt", "a.csv", "a.md", "目录/自评表.PDF", "\ud800"])


def outcome(data, name=""):
    """Reads, and looks at what came out: any error but a refusal ends the test."""
    try:
        result = read(data, name)
    except UnreadableSource as refusal:
        result = refusal
    if isinstance(result, Reading):
        assert result.grids
        assert all(cell.text.strip() for grid in result.grids for cell in grid.cells)
        "".join(cell.text for grid in result.grids for cell in grid.cells).encode()
    else:
        assert result.reason.startswith(result.key + ": ")
        assert len(result.message) > 10


@settings(max_examples=400)
@given(st.binary(max_size=400), NAMES)
@example(b"\xff\xfe\x00\xd8", "")
@example(b"\xff\xfe\0\0\0\0\x11\0", "")
@example(b"+/v8-\0", "")
def test_any_bytes(data, name):
    outcome(data, name)


@given(st.sampled_from(MARKS), st.binary(max_size=100), NAMES)
def test_any_bytes_after_a_mark(mark, data, name):
    outcome(mark + data, name)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "gb18030"]), NAMES)
def test_any_text(text, codec, name):
    outcome(text.encode(codec), name)


@given(st.text('"\t,|\n\r\f\v -\\a优\u3000\u2028\ufdd0\ufeff', max_size=80), NAMES)
def test_any_dialect(text, name):
    outcome(text.encode(), name)


@settings(max_examples=200)
@given(
    st.sampled_from(["utf-8", "utf-16-le", "gb18030", "utf-32"]),
    st.lists(
        st.tuples(st.integers(0, 12_000), st.integers(0, 40), st.binary(max_size=12)), max_size=8
    ),
)
def test_the_sample_with_pieces_cut_out_and_put_in(codec, edits):
    data = TEXT.encode(codec)
    for start, length, piece in edits:
        at = start % (len(data) + 1)
        data = data[:at] + piece + data[at + length :]
    outcome(data)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '""',
        '\t"',
        '"\t',
        '"\n',
        '"""\n',
        '\t""',
        ',"',
        '",',
        '","',
        '"""a,',
        '"a""b,',
        '\t"a\n',
        "|",
        "|\n",
        "\\|",
        "|-",
        "- ",
        "-|\n",
        "<br>|",
        ",",
        ",1",
        "1,000",
        "a  ",
        "  a",
        "\u3000",
        "a b  c\n",
        "甲  乙 \n",
        " a\n  b",
        "\v",
        "\v a\t",
        "\u2028",
        "\ufdd0",
        "\ufdd0\t",
        "\r",
        "\r\n",
        "\f",
        "\f\t",
        "\ufeff",
        "\u200b \u200b",
        "锟斤拷",
        "\ufffd",
        "é",
        "涓",
        "\x01",
        "\0",
        "\x1a",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_no_piece_of_text_takes_more_than_linear_time(piece, name):
    # In quadratic time, some 10^9 steps each, the suite would not end.
    outcome(("优" + piece * (40_000 // len(piece)) + "优").encode(), name)
