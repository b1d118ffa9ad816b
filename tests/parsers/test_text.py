"""Text to grids: chunks, dialects, pages, quotes and what is left of print."""

from pathlib import Path

import pytest

from parsers import read

SAMPLE = Path(__file__).parents[2] / "data/raw/2023/上海市市场监督管理局行政服务中心_2023.txt"


def grids(text, name=""):
    """Each grid as rows of {column: text}."""
    found = []
    for grid in read(text.encode(), name).grids:
        rows = [{} for _ in range(grid.n_rows)]
        for cell in grid.cells:
            rows[cell.row][cell.col] = cell.text
        found.append(rows)
    return found


def table(text, name=""):
    """The one grid, each row as a list with "" for what is empty."""
    (rows,) = grids(text, name)
    return [[row.get(col, "") for col in range(max(row, default=-1) + 1)] for row in rows]


def places(text, name=""):
    return [
        (cell.text, cell.origin.place)
        for grid in read(text.encode(), name).grids
        for cell in grid.cells
    ]


TAB_TABLES = {
    "positions": ("\t\t总额\t15.42\t\n", [["", "", "总额", "15.42"]]),
    "one cell": ("甲\t乙\n标题\n", [["甲", "乙"], ["标题"]]),
    "spaces": (" 甲　\t　　\t 年度 总体　目标 \n", [["甲", "", "年度 总体　目标"]]),
    "invisible": ("\u200b甲\ufeff\t\u2060\t乙\n", [["甲", "", "乙"]]),
    "commas": ("a,b,c\t1,000.00\n", [["a,b,c", "1,000.00"]]),
    "pipes": ("| a | b |\t1\n", [["| a | b |", "1"]]),
    "runs": ("甲   乙\t丙\n", [["甲   乙", "丙"]]),
    "vertical tab": ("产出\v指标\ta\vb\n", [["产出指标", "a b"]]),
    "line separator": ("产出\u2028指标\t1\n甲\t乙\n", [["产出指标", "1"], ["甲", "乙"]]),
    "next line": ("完成\x85\t1\n甲\x85乙\t2\n", [["完成", "1"], ["甲\x85乙", "2"]]),
}

QUOTED = {
    "lines": ('甲\t"一行\n二行"\t乙\n', [["甲", "一行二行", "乙"]]),
    "blank line": ('"甲\n\n乙"\t1\n', [["甲乙", "1"]]),
    "crlf rows": ('"甲\n乙"\t1\r\n丙\t2\r\n', [["甲乙", "1"], ["丙", "2"]]),
    "latin": ('a\t"one\ntwo"\n', [["a", "one two"]]),
    "number": ('a\t"100.0\n0（%）"\n', [["a", "100.00（%）"]]),
    "doubled": ('a\t"""一网通办""改革"\n', [["a", '"一网通办"改革']]),
    "empty": ('a\t""\tb\n', [["a", "", "b"]]),
    "stray": ('a\t"十四五"规划\tb"\n', [["a", '"十四五"规划', 'b"']]),
    "stray over rows": ('a\t"b\t1\nc\td"\t2\n', [["a", '"b', "1"], ["c", 'd"', "2"]]),
    "alone": ('"甲\n乙"\n丙\t丁\n', [['"甲'], ['乙"'], ["丙", "丁"]]),
    "open": ('a\t"b\n', [["a", '"b']]),
    "inch": ('a\t5"\tb\n', [["a", '5"', "b"]]),
}


@pytest.mark.parametrize(("text", "rows"), (TAB_TABLES | QUOTED).values(), ids=TAB_TABLES | QUOTED)
def test_tabs(text, rows):
    assert table(text) == rows


CSV_TABLES = {
    "plain": (
        "一级,二级,分值\n产出,数量,10\n效益,社会,20\n",
        [["一级", "二级", "分值"], ["产出", "数量", "10"], ["效益", "社会", "20"]],
    ),
    "empty": ("标题,,\n,a,b\n,,\nc,,1\n", [["标题"], ["", "a", "b"], [], ["c", "", "1"]]),
    "quoted": (
        'a,b,c\n"1,000.00","x ""y""",2\n1,2,3\n',
        [["a", "b", "c"], ["1,000.00", 'x "y"', "2"], ["1", "2", "3"]],
    ),
    "stray": (
        'a,b,c\n"十四五"规划,2,3\n4,5",6\n',
        [["a", "b", "c"], ['"十四五"规划', "2", "3"], ["4", '5"', "6"]],
    ),
    "lines": (
        'a,b,c\n1,"二\n\n行",3\n4,5,6\n',
        [["a", "b", "c"], ["1", "二行", "3"], ["4", "5", "6"]],
    ),
    "thousands": (
        "a,b,c\n总额,1,优\n合计,7,000.00,良\nd,e,f\n",
        [["a", "b", "c"], ["总额", "1", "优"], ["合计", "7,000.00", "良"], ["d", "e", "f"]],
    ),
    "weights": (
        "a,b,c,d\n总分,,100,100\n指标,x,10,100\n",
        [["a", "b", "c", "d"], ["总分", "", "100", "100"], ["指标", "x", "10", "100"]],
    ),
}


@pytest.mark.parametrize("name", ["", "x.CSV"])
@pytest.mark.parametrize(("text", "rows"), CSV_TABLES.values(), ids=CSV_TABLES)
def test_commas(text, rows, name):
    assert table(text, name) == rows
    assert read(text.encode(), name).media_type == "text/csv"


@pytest.mark.parametrize(
    "text",
    [
        "全年支出7,000.00元\n其中7,000,000.00元\n余1,000元\n",
        "完成专项宣传工作,群众满意度达到百分之九十五,效果良好并持续\n" * 4,
        "Readers of the tables, auditors of the bureau, and vendors of platforms\n" * 3,
        "项目名称,新闻宣传专项经费\n项目资金,15.42\n",
        "甲、乙，丙；丁\n" * 3,
        '"第一行\n第二行",他说\n',
    ],
)
def test_commas_in_prose_divide_nothing(text):
    assert [text for text, _ in places(text)] == text.split("\n")[:-1]
    assert read(text.encode()).media_type == "text/plain"


def test_any_comma_divides_in_a_file_called_csv():
    assert table("标题\n项目名称,新闻宣传\n资金,15\n", "a.csv") == [
        ["标题"],
        ["项目名称", "新闻宣传"],
        ["资金", "15"],
    ]


PIPE_TABLES = {
    "framed": ("| a | b |\n|---|:--:|\n| 1 | 2 |\n", [["a", "b"], ["1", "2"]]),
    "bare": ("a | b\n--|--\n1 | 2\n", [["a", "b"], ["1", "2"]]),
    "escaped": ("| a\\|b | c |\n", [["a|b", "c"]]),
    "breaks": ("| 产出<br>指标 | one<BR />two |\n", [["产出指标", "one two"]]),
    "blanks": ("| a | b |\n|-|-|\n| - | - |\n|  | 优 |\n", [["a", "b"], ["-", "-"], ["", "优"]]),
    "ruled": ("+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n", [["a", "b"], ["1", "2"]]),
    "titled": ("标题\n| a | b |\n| 1 | 2 |\n", [["标题"], ["a", "b"], ["1", "2"]]),
}


@pytest.mark.parametrize(("text", "rows"), PIPE_TABLES.values(), ids=PIPE_TABLES)
def test_pipes(text, rows):
    assert table(text) == rows
    assert read(text.encode()).media_type == "text/markdown"


@pytest.mark.parametrize("text", ["甲|乙\n", "甲 | 乙\n丙\n丁\n", "---\n", "甲|乙\n---\n"])
def test_a_pipe_in_prose_divides_nothing(text):
    assert [text for text, _ in places(text)] == text.split("\n")[:-1]


ALIGNED = """\
项目名称        新闻宣传专项经费
项目资金(万元)                    年初预算数   全年预算数   执行率(%)
                年度资金总额        15.42                    100.00
                其他资金             0.00        0.00          0.00
"""
# poppler counts each character as one column, whatever its width
BY_CHARACTERS = """\
一级指标  二级指标  三级指标       分值
产出指标  数量指标  a1         10
            缺陷消费品宣贯    5
"""

SPACE_TABLES = {
    "aligned": (
        ALIGNED,
        [
            ["项目名称", "新闻宣传专项经费"],
            ["项目资金(万元)", "", "年初预算数", "全年预算数", "执行率(%)"],
            ["", "年度资金总额", "15.42", "", "100.00"],
            ["", "其他资金", "0.00", "0.00", "0.00"],
        ],
    ),
    "aligned by characters": (
        BY_CHARACTERS,
        [
            ["一级指标", "二级指标", "三级指标", "分值"],
            ["产出指标", "数量指标", "a1", "10"],
            ["", "", "缺陷消费品宣贯", "5"],
        ],
    ),
    "ragged": (
        "甲  乙  丙丙丙丙丙丙丙丙丙丙  丁\n子  丑丑丑丑丑丑丑丑丑丑  寅  卯\n",
        [["甲", "乙", "丙" * 10, "丁"], ["子", "丑" * 10, "寅", "卯"]],
    ),
    "wide spaces": ("甲\u3000\u3000乙\u00a0\u00a0丙 \u3000丁\n", [["甲", "乙", "丙", "丁"]]),
    "single spaces": ("绩　效  年度 总体 目标\n", [["绩　效", "年度 总体 目标"]]),
    "titled": (
        "标题\n(2023年度)\n项目名称   新闻宣传\n",
        [["标题"], ["(2023年度)"], ["项目名称", "新闻宣传"]],
    ),
}


@pytest.mark.parametrize(("text", "rows"), SPACE_TABLES.values(), ids=SPACE_TABLES)
def test_runs_of_spaces(text, rows):
    assert table(text) == rows


@pytest.mark.parametrize(
    "text",
    ["年度 总体　目标\n", "　　为了提高\n　　完成\n", "一\n二\n三\n四  五\n六\n", "甲 乙\n"],
)
def test_single_spaces_indents_and_slips_divide_nothing(text):
    assert [text for text, _ in places(text)] == [line.strip() for line in text.split("\n")[:-1]]


def test_each_chunk_has_its_own_dialect_and_most_cells_name_the_type():
    text = "标题\n\na\tb\n\n| c | d |\n\n甲  乙\n\ne,f,1\ng,h,2\ni,j,3\n"
    assert grids(text) == [
        [{0: "标题"}],
        [{0: "a", 1: "b"}],
        [{0: "c", 1: "d"}],
        [{0: "甲", 1: "乙"}],
        [{0: "e", 1: "f", 2: "1"}, {0: "g", 1: "h", 2: "2"}, {0: "i", 1: "j", 2: "3"}],
    ]
    assert read(text.encode()).media_type == "text/csv"
    assert read(text[:9].encode()).media_type == "text/tab-separated-values"


def test_a_line_of_prose_is_a_grid_of_one_cell():
    assert grids("一\n二\n\n三") == [[{0: "一"}], [{0: "二"}], [{0: "三"}]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2029", "\r\r\n"])
def test_lines_are_numbered_whatever_ends_them(end):
    text = end.join(["", "标题", "", "甲\t乙", "丙\t丁"])
    assert places(text) == [
        ("标题", "line 2"),
        ("甲", "line 4"),
        ("乙", "line 4"),
        ("丙", "line 5"),
        ("丁", "line 5"),
    ]


def test_line_separators_end_lines_where_nothing_else_does():
    assert places("甲\t1\u2028乙\t2") == [
        ("甲", "line 1"),
        ("1", "line 1"),
        ("乙", "line 2"),
        ("2", "line 2"),
    ]


@pytest.mark.parametrize("name", ["", "x.csv"])
def test_quoted_line_ends_count_as_lines(name):
    tabs = '甲\t"一\n二\n三"\n乙\t2\n\n末\n'
    text = tabs.replace("\t", ",") if name else tabs
    assert places(text, name) == [
        ("甲", "line 1"),
        ("一二三", "line 1"),
        ("乙", "line 4"),
        ("2", "line 4"),
        ("末", "line 6"),
    ]


def test_prose_that_only_looked_quoted_keeps_its_lines():
    assert places('他说,"甲\n乙",丙\n丁\n') == [
        ('他说,"甲', "line 1"),
        ('乙",丙', "line 2"),
        ("丁", "line 3"),
    ]


def test_form_feeds_start_pages_and_end_tables():
    reading = read("甲\t1\n乙\t2\n\f丙\t3\n\f\n\f末\f\n".encode())
    assert reading.page_count == 4
    assert [
        (cell.text, cell.origin.page, cell.origin.place)
        for grid in reading.grids
        for cell in grid.cells
        if cell.col == 0
    ] == [("甲", 1, "line 1"), ("乙", 1, "line 2"), ("丙", 2, "line 3"), ("末", 4, "line 5")]
    assert [grid.n_rows for grid in reading.grids] == [2, 1, 1]


def test_cells_of_a_line_share_their_origin():
    (grid,) = read("甲\t乙\n".encode()).grids
    first, second = grid.cells
    assert first.origin is second.origin
    assert first.origin == (1, "line 1", "text", None, 1.0)


def test_the_sample():
    reading = read(SAMPLE.read_bytes(), SAMPLE.name)
    assert reading.media_type == "text/tab-separated-values"
    assert reading.page_count == 1
    assert reading.notes == ()
    assert [grid.n_rows for grid in reading.grids] == [1, 1, 15, 1, 1, 28, 1, 1, 23, 1, 20]
    assert [grid.n_cols for grid in reading.grids] == [1, 1, 8, 1, 1, 8, 1, 1, 9, 1, 9]
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    for grid in reading.grids:
        for cell in grid.cells:
            line = lines[int(cell.origin.place.removeprefix("line ")) - 1]
            assert line.split("\t")[cell.col].strip() == cell.text
