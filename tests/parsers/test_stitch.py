import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.flow import is_number
from parsers.grid import Box
from parsers.page import Layout, Table, TableCell, TextLine
from parsers.stitch import stitch

WIDTH, HEIGHT = 595.0, 842.0
EM, PITCH = 10.0, 12.0
XS = (50.0, 100.0, 160.0, 260.0, 330.0, 380.0, 430.0, 545.0)
TOP, BOTTOM = 60.0, 780.0


def width_of(text):
    return sum(5.5 if character.isascii() else EM for character in text)


def lines_in(text, x0, top):
    return tuple(
        TextLine(part, Box(x0 + 2, top + 2 + PITCH * at, x0 + 2 + width_of(part), top + 2 + PITCH * at + EM), EM)
        for at, part in enumerate(text.split("\n"))
        if part
    )


def table(rows, top=TOP, xs=XS, *, closed=(True, True), spans=(), rules=((), ())):  # noqa: PLR0913  all optional
    """Rows of texts, None under a merged cell; spans: (row, col): (rows, columns)."""
    heights = [4 + PITCH * max((text.count("\n") + 1 for text in row if text), default=1) for row in rows]
    ys = [top]
    for height in heights:
        ys.append(ys[-1] + height)
    spans = dict(spans)
    cells = []
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            if text is not None:
                down, across = spans.get((row, col), (1, 1))
                box = Box(xs[col], ys[row], xs[col + across], ys[row + down])
                cells.append(TableCell(row, col, down, across, box, lines_in(text, xs[col], ys[row])))
    return Table(tuple(cells), tuple(xs), tuple(ys), *closed, top_rules=rules[0], bottom_rules=rules[1])


def at_foot(rows, **how):
    height = table(rows, 0.0, **{key: value for key, value in how.items() if key != "top"}).ys[-1]
    return table(rows, BOTTOM - height, **how)


def line(text, top, x0=50.0, size=EM):
    return TextLine(text, Box(x0, top, x0 + width_of(text) * size / EM, top + size), size)


def page(number, *items):
    return Layout(number, WIDTH, HEIGHT, items)


def texts(grid):
    return {(cell.row, cell.col): cell.text for cell in grid.cells}


def tables_of(stitched):
    return [grid for grid in stitched.grids if grid.n_cols > 1 and not grid.role]


HEAD = ["一级", "二级", "三级指标", "指标值", "分值", "得分", "原因"]
ROWS = [
    ["产出", "数量", "培训人数", "≥30人", "10.00", "9.00", ""],
    ["效益", "社会", "受益人数", "≥99人", "20.00", "20.00", ""],
    ["满意", "对象", "群众满意度", "≥90%", "10.00", "10.00", ""],
]
NEXT = ["经济", "成本", "节约金额", "≥5万元", "5.00", "5.00", ""]


def after(*rows, **how):
    return table([*rows, ["总体", "其他", "其他指标", "完成", "1.00", "1.00", ""]], **how)


def test_rows_whole_on_both_pages_stay_rows():
    grids = tables_of(stitch([page(1, at_foot([HEAD, *ROWS])), page(2, after(NEXT))]))
    assert len(grids) == 1
    assert grids[0].n_rows == 6
    assert texts(grids[0])[4, 2] == "节约金额"


def test_a_cut_row_without_rules_is_one_row_and_a_cut_number_one_number():
    cut = ["质量", "合格", "工程验收合\n格率", "=100.0", "30.00", "30.00", "无"]
    rest = ["", "", "和优良率", "0（%）", "", "", ""]
    first = at_foot([HEAD, *ROWS, cut], closed=(True, False))
    stitched = stitch([page(1, first), page(2, after(rest, closed=(False, True)))])
    (grid,) = tables_of(stitched)
    assert grid.n_rows == 6
    assert texts(grid)[4, 2] == "工程验收合格率和优良率"
    assert texts(grid)[4, 3] == "=100.00（%）"
    assert not stitched.notes


def test_a_cut_cell_keeps_the_places_of_both_its_pieces():
    cut = ["质量", "合格", "合格率", "=100.0", "30.00", "30.00", ""]
    first = at_foot([HEAD, *ROWS, cut], closed=(True, False))
    stitched = stitch([page(1, first), page(2, after(["", "", "", "0（%）", "", "", ""], closed=(False, True)))])
    cell = next(cell for cell in tables_of(stitched)[0].cells if cell.text == "=100.00（%）")
    assert (cell.origin.page, cell.origin.box) == (1, (260.0, 764.0, 330.0, 780.0))
    assert [(also.page, also.box) for also in cell.also] == [(2, (260.0, 60.0, 330.0, 76.0))]
    assert cell.origin.place == "page 1, table 1, row 5, column 4"


CUT = ["质量", "合格", "工程验收合", "≥95%", "30.00", "30.00", "无"]


def with_a_ruling_lost(rest, spans, *, method="ocr:double"):
    """A row without rules at the break, behind which cells are wider: (column): columns."""
    below = after(rest, closed=(False, True), spans={(0, col): (1, across) for col, across in spans.items()})
    first = page(1, at_foot([HEAD, *ROWS, CUT], closed=(True, False)))._replace(method=method)
    stitched = stitch([first, page(2, below)._replace(method=method)])
    (grid,) = tables_of(stitched)
    return grid, stitched.notes


def test_a_cut_row_of_a_scan_is_one_row_where_a_ruling_behind_the_break_was_lost():
    grid, (note,) = with_a_ruling_lost(["", "", "优良率", None, "", "", ""], {2: 2})
    assert grid.n_rows == 6
    assert [texts(grid)[4, col] for col in range(2, 6)] == ["工程验收合优良率", "≥95%", "30.00", "30.00"]
    assert (note.kind, "ruling" in note.message) == ("doubtful_page_break", True)
    grid, _ = with_a_ruling_lost(["", "", "格率", "", "", None, ""], {4: 2})
    assert grid.n_rows == 6


WHOLE = {
    "in a digital page no ruling is lost": (["", "", "优良率", None, "", "", ""], {2: 2}, ""),
    "a number below numbers": (["", "", "格率", "", "1", None, ""], {4: 2}, "ocr:double"),
    "a number below a number": (["", None, "格率", "", "1", "", ""], {0: 2}, "ocr:double"),
    "the total": (["总分", None, None, None, "100.00", "98.50", None], {0: 4, 5: 2}, "ocr:double"),
    "the grade": (["评分等级", None, "优", None, None, None, None], {0: 2, 2: 5}, "ocr:double"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_row_with_wider_cells_stays_a_row(case):
    rest, spans, method = WHOLE[case]
    grid, _ = with_a_ruling_lost(rest, spans, method=method)
    assert grid.n_rows == 7


def test_a_cut_row_that_is_closed_on_both_pages_is_told_by_its_print():
    cut = ["质量", "合格", "工程合格率", "≥95%", "30.00", "28.00", "受天气影响，部分预\n算支出进度滞后，下"]
    rest = ["", "", "", "", "", "", "一步将加强统筹。"]
    stitched = stitch([page(1, at_foot([HEAD, *ROWS, cut])), page(2, after(rest))])
    (grid,) = tables_of(stitched)
    assert texts(grid)[4, 6] == "受天气影响，部分预算支出进度滞后，下一步将加强统筹。"
    assert grid.n_rows == 6
    assert not stitched.notes


@pytest.mark.parametrize("closed", [True, False])
def test_two_rows_with_numbers_are_never_one(closed):
    first = at_foot([HEAD, *ROWS], closed=(True, closed))
    (grid,) = tables_of(stitch([page(1, first), page(2, after(NEXT, closed=(closed, True)))]))
    assert grid.n_rows == 6
    assert texts(grid)[3, 4] == "10.00"
    assert texts(grid)[4, 4] == "5.00"


def test_where_nothing_tells_which_it_is_the_reader_says_so():
    xs = (50.0, 100.0, 160.0)
    first = at_foot([["甲乙", "丙"], ["丁" * 4, "戊" * 3]], xs=xs)
    second = table([["己庚", ""], ["辛", "壬"]], TOP, xs)
    stitched = stitch([page(1, first), page(2, second)])
    assert [note.kind for note in stitched.notes] == ["doubtful_page_break"]
    assert stitched.notes[0].place == "page 1 to page 2"


MERGED = [["产出", "数量", *ROWS[0][2:]], [None, "质量", *ROWS[1][2:]]]


def merged_pages(rest):
    spans = {(1, 0): (2, 1)}
    first = at_foot([HEAD, *MERGED], spans=spans)
    second = table([rest, ROWS[2]], spans={(0, 0): (1, 1)})
    return [page(1, first), page(2, second)]


@pytest.mark.parametrize(
    ("rest", "text", "span"),
    [
        ("", "产出", 3),      # empty: the name holds here too
        ("产出", "产出", 3),   # report tools print it again
        ("效益", "产出", 2),   # another name
    ],
)
def test_a_merged_name_goes_on_over_the_break(rest, text, span):
    (grid,) = tables_of(stitch(merged_pages([rest, "时效", *NEXT[2:]])))
    cell = next(cell for cell in grid.cells if (cell.row, cell.col) == (1, 0))
    assert (cell.text, cell.row_span) == (text, span)


def test_a_rule_left_out_under_a_merged_cell_alone_tells_that_it_goes_on():
    open_left = (False, *[True] * 6)
    first = at_foot([HEAD, *MERGED], spans={(1, 0): (2, 1)}, rules=((True,) * 7, open_left))
    second = table([["指标", "时效", *NEXT[2:]], ROWS[2]], rules=(open_left, (True,) * 7))
    (grid,) = tables_of(stitch([page(1, first), page(2, second)]))
    cell = next(cell for cell in grid.cells if (cell.row, cell.col) == (1, 0))
    assert (cell.text, cell.row_span) == ("产出指标", 3)


def test_the_total_row_takes_no_names_from_the_row_above():
    total = ["", "", "", "", "100", "97.00", ""]
    first = at_foot([HEAD, *MERGED], spans={(1, 0): (2, 1)})
    (grid,) = tables_of(stitch([page(1, first), page(2, after(total))]))
    assert {row for row, _ in texts(grid) if (row, 4) in texts(grid)} >= {3}
    assert max(cell.row + cell.row_span for cell in grid.cells if cell.text == "产出") == 3


# ── one table or two? ────────────────────────────────────────────────────────


def test_a_title_between_makes_two_tables():
    second = page(2, line("项目支出绩效自评表", 62), after(NEXT, top=90.0))
    assert len(tables_of(stitch([page(1, at_foot([HEAD, *ROWS])), second]))) == 2


def test_other_outer_edges_make_two_tables():
    other = tuple(x * 0.8 for x in XS)
    assert len(tables_of(stitch([page(1, at_foot([HEAD, *ROWS])), page(2, after(NEXT, xs=other))]))) == 2


def test_the_margins_of_left_and_right_pages_may_differ():
    shifted = tuple(x + 28 for x in XS)
    (grid,) = tables_of(stitch([page(1, at_foot([HEAD, *ROWS])), page(2, after(NEXT, xs=shifted))]))
    assert grid.n_cols == len(XS) - 1
    assert texts(grid)[4, 2] == "节约金额"


def test_a_page_that_shows_other_edges_adds_its_columns():
    first = at_foot([["项目名称", "道路养护"], ["主管部门", "市交通局"]], xs=(XS[0], XS[2], XS[-1]))
    (grid,) = tables_of(stitch([page(1, first), page(2, after(HEAD))]))
    assert grid.n_cols == len(XS) - 1
    wide = next(cell for cell in grid.cells if cell.text == "道路养护")
    assert (wide.col, wide.col_span) == (2, 5)


def form(name, unit):
    """A form of one page whose title is a row of its table."""
    names = [["项目名称", None, name, *[None] * 4], ["实施单位", None, unit, *[None] * 4]]
    rows = [["自评表", *[None] * 6], *names, HEAD, *ROWS]
    return rows, {(0, 0): (1, 7), (1, 0): (1, 2), (1, 2): (1, 5), (2, 0): (1, 2), (2, 2): (1, 5)}


def test_a_second_form_with_its_title_in_its_table_is_a_table_of_its_own():
    (rows, spans), (others, _) = form("道路养护", "市交通局"), form("河道整治", "市水务局")
    stitched = stitch([page(1, at_foot(rows, spans=spans)), page(2, table(others, spans=spans))])
    assert [grid.n_rows for grid in tables_of(stitched)] == [7, 7]


def test_a_repeated_head_stands_behind_its_table_under_its_role():
    stitched = stitch([page(1, at_foot([HEAD, *ROWS])), page(2, after(HEAD, NEXT))])
    assert [(grid.role, grid.n_rows) for grid in stitched.grids] == [("", 6), ("repeated_head", 1)]
    assert texts(stitched.grids[1])[0, 2] == "三级指标"


def test_a_title_row_that_is_printed_on_each_page_is_a_repeated_head():
    title = ["自评表", *[None] * 6]
    spans = {(0, 0): (1, 7)}
    first, second = at_foot([title, HEAD, *ROWS], spans=spans), after(title, HEAD, NEXT, spans=spans)
    stitched = stitch([page(1, first), page(2, second)])
    assert [(grid.role, grid.n_rows) for grid in stitched.grids] == [("", 7), ("repeated_head", 2)]


def test_what_stands_in_the_margins_does_not_part_a_table():
    head, foot = line("某市某局2023年度决算", 30.0, 200.0), [line(f"- {number} -", 805.0, 280.0) for number in (1, 2)]
    stitched = stitch([page(1, head, at_foot([HEAD, *ROWS]), foot[0]), page(2, head, after(NEXT), foot[1])])
    assert [grid.role for grid in stitched.grids] == ["page_furniture", "", *["page_furniture"] * 3]
    assert stitched.grids[1].n_rows == 6


def test_a_title_that_returns_above_each_table_is_a_title():
    pages = []
    for number, name in enumerate(("道路养护", "河道整治"), 1):
        rows, spans = form(name, "市水务局")
        rows, spans = rows[1:], {(row - 1, col): span for (row, col), span in spans.items() if row}
        pages.append(page(number, line("项目支出绩效自评表", 62.0, 200.0), table(rows, 80.0, spans=spans)))
    stitched = stitch(pages)
    assert [grid.role for grid in stitched.grids] == [""] * 4
    assert len(tables_of(stitched)) == 2


@pytest.mark.parametrize("mark", ["（续表）", "续表1", "（续上页）"])
def test_a_mark_of_continuation_is_furniture(mark):
    second = page(2, line(mark, 62.0, 300.0), after(NEXT, top=80.0))
    stitched = stitch([page(1, at_foot([HEAD, *ROWS])), second])
    assert [(grid.role, grid.n_rows) for grid in stitched.grids] == [("", 6), ("page_furniture", 1)]


@pytest.mark.parametrize("text", ["3", "- 3 -", "第 3 页", "第3页 共20页", "3 / 20", "Page 3 of 20", "— 3 —"])
def test_numbers_of_pages_are_furniture(text):
    stitched = stitch([page(3, line("正文。", 100.0), line(text, 800.0, 280.0))])
    assert [grid.role for grid in stitched.grids] == ["", "page_furniture"]


def test_a_number_inside_the_text_is_text():
    stitched = stitch([page(3, line("正文。", 100.0), line("3", 400.0), line("正文。", 500.0))])
    assert [grid.role for grid in stitched.grids] == [""] * 3


def test_an_unread_page_between_parts_the_table():
    assert len(tables_of(stitch([page(1, at_foot([HEAD, *ROWS])), page(3, after(NEXT))]))) == 2


def test_of_tables_side_by_side_each_goes_on_below_its_own():
    left, right = (50.0, 150.0, 250.0), (300.0, 400.0, 500.0)
    pages = [
        page(1, at_foot([["甲", "1.00"], ["乙", "2.00"]], xs=left),
             at_foot([["丙", "3.00"], ["丁", "4.00"]], xs=right)),
        page(2, table([["戊", "5.00"]], xs=left), table([["己", "6.00"]], xs=right)),
    ]
    found = tables_of(stitch(pages))
    assert [texts(grid)[2, 1] for grid in found] == ["5.00", "6.00"]


def test_print_that_ran_over_the_rim_goes_back_to_its_cell():
    first = at_foot([HEAD, ["产出", "数量", *ROWS[0][2:]]], spans={})
    spilled = line("指标", first.ys[-1] - 2, 52.0)
    (grid,) = tables_of(stitch([page(1, first, spilled), page(2, after(["", "质量", *NEXT[2:]]))]))
    assert texts(grid)[1, 0] == "产出指标"


def test_an_empty_strip_of_a_cut_row_is_no_row():
    stitched = stitch([page(1, at_foot([HEAD, *ROWS])), page(2, after(["", "", "", "", "", "", ""], NEXT))])
    assert tables_of(stitched)[0].n_rows == 6


# ── laws ─────────────────────────────────────────────────────────────────────

names = st.text("市区县项目培训宣传设备道路河道", min_size=1, max_size=4)
numbers = st.integers(0, 9999).map(lambda cents: f"{cents / 100:.2f}")
whole_rows = st.lists(st.tuples(names, names, names, names, numbers, numbers, st.just("")), min_size=6, max_size=20)


@settings(max_examples=60, deadline=None)
@given(whole_rows, st.data())
def test_a_table_of_whole_rows_is_the_same_wherever_it_is_parted(rows, data):
    cut = data.draw(st.integers(2, len(rows) - 2))
    first, second = [list(row) for row in rows[:cut]], [list(row) for row in rows[cut:]]
    found = tables_of(stitch([page(1, at_foot(first)), page(2, table(second))]))
    read = [tuple(texts(grid).get((row, col), "") for col in range(7)) for grid in found for row in range(grid.n_rows)]
    assert read == rows


@given(numbers)
def test_two_numbers_side_by_side_are_no_number(number):
    assert is_number(number)
    assert not is_number(number + number)
