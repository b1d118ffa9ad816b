"""Laws of the text reader: a table that is written in any way is read back as it was."""

import csv
import io
import unicodedata
from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import read
from parsers.joining import join_lines

HAN = "项目资金年度总额预算执行率指标值完成得分优良社会效益满意"
WORDS = st.text(HAN + "㎡镕≥≤（）：；。、《》", min_size=1, max_size=8) | st.sampled_from(
    [
        "15.42",
        "=100.00(%)",
        "≥20.00(次)",
        "-",
        "优",
        "R",
        "Windows",
        "7,000.00",
        "a,b",
        '"简讯"',
        '5"',
        "其中：",
        "绩　效",
        "年度 总体 目标",
    ]
)
CELLS = st.lists(WORDS, min_size=1, max_size=3).map("".join)
LINES = st.lists(CELLS, min_size=1, max_size=3).map("\n".join)


def tables(cells, min_rows=1):
    """Tables of two to seven columns; the first cell of a row is printed, any other may not be."""

    def of_width(width):
        row = st.tuples(cells, *[cells | st.just("")] * (width - 1))
        return st.lists(row, min_size=min_rows, max_size=8)

    return st.integers(2, 7).flatmap(of_width)


def printed(table):
    """What a reader must find: (row, column) to text."""
    return {
        (row, col): join_lines(text.split("\n"))
        for row, texts in enumerate(table)
        for col, text in enumerate(texts)
        if text
    }


def found(grid):
    return {(cell.row, cell.col): cell.text for cell in grid.cells}


def as_csv(table, delimiter, end="\n"):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(table)
    return stream.getvalue()


def as_markdown(table):
    rows = [
        "| " + " | ".join(text.replace("|", r"\|").replace("\n", "<br>") for text in row) + " |"
        for row in table
    ]
    return "\n".join([rows[0], "|" + "---|" * len(table[0]), *rows[1:]])


def shown_width(text):
    """Columns in a Chinese font, in which ambiguous characters are wide."""
    return sum(1 + (unicodedata.east_asian_width(char) in "WFA") for char in text)


def as_columns(table, width):
    widest = [max(map(width, column)) + 2 for column in zip(*table, strict=True)]
    return "\n".join(
        "".join(text + " " * (room - width(text)) for text, room in zip(row, widest, strict=True)).rstrip()
        for row in table
    )


@given(tables(LINES), st.sampled_from(["\n", "\r\n"]))
def test_tab_separated_tables_come_back(table, end):
    (grid,) = read(as_csv(table, "\t", end).encode()).grids
    assert found(grid) == printed(table)
    assert grid.n_rows == len(table)


@given(tables(LINES), st.sampled_from(["\n", "\r\n"]))
def test_comma_separated_tables_come_back(table, end):
    (grid,) = read(as_csv(table, ",", end).encode(), "table.csv").grids
    assert found(grid) == printed(table)
    assert grid.n_rows == len(table)


@given(tables(st.lists(CELLS | st.just("甲|乙"), min_size=1, max_size=3).map("\n".join)))
def test_markdown_tables_come_back(table):
    (grid,) = read(as_markdown(table).encode()).grids
    assert found(grid) == printed(table)
    assert grid.n_rows == len(table)


PIECES = st.text(HAN + "㎡≥（）", min_size=1, max_size=8) | st.just("15.42")


@given(tables(PIECES))
def test_aligned_tables_come_back_in_their_columns(table):
    head = tuple("一二三四五六七"[: len(table[0])])
    table = [head, *table, head]
    (grid,) = read(as_columns(table, shown_width).encode()).grids
    assert sorted(found(grid).items()) == sorted(printed(table).items())


@given(tables(PIECES), PIECES)
def test_tables_aligned_by_counting_characters_come_back_too(table, filler):
    table = [tuple(text or filler for text in row) for row in table]
    (grid,) = read(as_columns(table, len).encode()).grids
    assert sorted(found(grid).items()) == sorted(printed(table).items())


@given(tables(CELLS, min_rows=2))
def test_ragged_tables_come_back_in_order(table):
    texts = [[text for text in row if text] for row in table]
    reading = read("\n".join("   ".join(row) for row in texts).encode())
    cells = [cell for grid in reading.grids for cell in grid.cells]
    if any(len(row) > 1 for row in texts) and len(table) <= 4:
        assert [cell.text for cell in cells] == list(chain.from_iterable(texts))
    assert [cell.origin.place for cell in cells] == sorted(
        [cell.origin.place for cell in cells], key=lambda place: int(place.split()[1])
    )


@given(tables(LINES))
def test_places_name_the_line_where_the_row_begins(table):
    text = as_csv(table, "\t")
    (grid,) = read(text.encode()).grids
    lines = text.split("\n")
    for cell in grid.cells:
        number = int(cell.origin.place.removeprefix("line "))
        assert number == 1 + sum("\t".join(row).count("\n") + 1 for row in table[: cell.row])
        if cell.col == 0:
            assert lines[number - 1].lstrip('"')[0] == cell.text.lstrip('"')[0]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@given(table=tables(CELLS))
def test_the_encoding_leaves_no_trace(codec, table):
    text = as_csv([("项目资金总额", "年度预算执行率"), *table], "\t")
    assert read(text.encode(codec)) == read(text.encode())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2029"])
@given(table=tables(CELLS))
def test_line_ends_leave_no_trace(end, table):
    text = as_csv(table, "\t")
    assert read(text.replace("\n", end).encode()) == read(text.encode())


PUNCTUATION = frozenset('\t|,"\\-=+:')
PRINT = st.text(HAN[:9] + "0a. \u3000\n\f\r\v" + "".join(sorted(PUNCTUATION)), max_size=60)


@given(st.lists(PRINT, min_size=1, max_size=6).map("项".join), st.sampled_from(["", "a.csv"]))
def test_every_printed_character_is_in_one_cell_and_in_order(text, name):
    text = "目" + text
    grids = read(text.encode(), name).grids
    cells = [cell.text for grid in grids for cell in grid.cells]
    assert print_of("".join(cells)) == print_of(text)
    # Of what may be drawing, only the drawing is dropped: nothing is made up.
    assert not Counter("".join("".join(cells).split())) - Counter("".join(text.split()))


def print_of(text):
    return "".join(char for char in text if not char.isspace() and char not in PUNCTUATION)


@given(st.lists(PRINT, min_size=1, max_size=6).map("项".join), st.sampled_from(["", "a.csv"]))
def test_grids_are_well_formed(text, name):
    reading = read(("目" + text).encode(), name)
    assert reading.page_count >= 1
    for grid in reading.grids:
        assert grid.cells
        spots = [(cell.row, cell.col) for cell in grid.cells]
        assert spots == sorted(set(spots))
        for cell in grid.cells:
            assert cell.row < grid.n_rows
            assert cell.col < grid.n_cols
            assert cell.text
            assert cell.text == cell.text.strip()
            assert not {"\n", "\v", "\ufdd0"} & set(cell.text)
            assert 1 <= cell.origin.page <= reading.page_count
