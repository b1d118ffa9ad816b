"""Pages made of characters and rulings by hand: what `lay_out` makes of them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.edges import joined_lines, touching_groups
from parsers.lattice import cells_between
from parsers.layout import lay_out
from parsers.page import Chars, Page, Rulings, Table
from parsers.spreads import leaves_of

EM = 10.0
XS = (50.0, 150.0, 300.0, 400.0)
YS = (100.0, 130.0, 160.0, 190.0)
GRID = [*[("h", y, XS[0], XS[-1]) for y in YS], *[("v", x, YS[0], YS[-1]) for x in XS]]
PLAIN = [(row, col, 1, 1) for row in range(3) for col in range(3)]


def page(prints, rules, *, width=600.0, height=800.0):
    """A page of prints (x, baseline, text[, size]) and rules (``h`` or ``v``, place, start, stop)."""
    rows = []
    for left, base, text, *size in prints:
        em = size[0] if size else EM
        pen = left
        for char in text:
            wide = em if ord(char) >= 0x2E80 else em / 2
            rows.append((char, pen, base - 0.88 * em, pen + wide, base + 0.12 * em, base))
            pen += wide
    text, *numbers = zip(*rows, strict=True) if rows else [()] * 6
    places = [np.array(column, float) for column in numbers]
    chars = Chars(np.array(text, "<U1"), *places, np.zeros(len(text), np.int32))
    by_kind = {kind: [rule[1:] for rule in rules if rule[0] == kind] for kind in "hv"}
    rulings = Rulings(*[np.array(by_kind[kind], float).reshape(-1, 3) for kind in "hv"])
    return Page(1, width, height, chars, rulings)


def printed(items):
    """Tables as lists of (row, col, row span, col span, text), a cell's lines joined by |; lines as texts."""
    return [
        [(*cell[:4], "|".join([line.text for line in cell.lines])) for cell in item.cells]
        if isinstance(item, Table) else item.text
        for item in items
    ]


def only_table(prints, rules):
    (table,) = [item for item in lay_out(page(prints, rules)).items if isinstance(item, Table)]
    return table


def in_cells(rows=YS, cols=XS):
    """A word in each cell of a grid, and what must be read of it."""
    prints, wanted = [], []
    for row, top in enumerate(rows[:-1]):
        for col, left in enumerate(cols[:-1]):
            word = f"格{row}{col}"
            prints.append((left + 5, top + 18, word))
            wanted.append((row, col, 1, 1, word))
    return prints, wanted


def pieces(step, length, rules=GRID):
    return [
        (kind, place, start + at, min(start + at + length, stop))
        for kind, place, start, stop in rules
        for at in np.arange(0, stop - start, step)
    ]


def dots(rules=GRID, step=1.2):
    """Small squares are given in both directions."""
    found = []
    for kind, place, start, stop in rules:
        for at in np.arange(start, stop + 0.1, step):
            x, y = (at, place) if kind == "h" else (place, at)
            found += [("h", y, x - 0.3, x + 0.3), ("v", x, y - 0.3, y + 0.3)]
    return found


def boxes(inset=0.0):
    return [
        rule
        for (x0, x1) in pairwise(XS) for (y0, y1) in pairwise(YS)
        for rule in (
            ("h", y0 + inset, x0 + inset, x1 - inset), ("h", y1 - inset, x0 + inset, x1 - inset),
            ("v", x0 + inset, y0 + inset, y1 - inset), ("v", x1 - inset, y0 + inset, y1 - inset),
        )
    ]


@pytest.mark.parametrize("rules", [
    pytest.param(GRID, id="whole lines"),
    pytest.param(boxes(), id="four segments a cell"),
    pytest.param(boxes(0.8), id="cells with a gap between"),
    pytest.param([*GRID, *[(kind, place + 2.2, *ends) for kind, place, *ends in GRID]], id="doubled"),
    pytest.param(pieces(7, 4), id="dashes"),
    pytest.param(dots(), id="dots"),
    pytest.param([rule for rule in GRID if rule[1] not in {XS[0], XS[-1]}], id="no sides"),
    pytest.param([rule for rule in GRID if rule[1] not in {YS[0], YS[-1]}], id="no top, no foot"),
    pytest.param([rule for rule in GRID if rule[1] in {*XS[1:-1], *YS[1:-1]}], id="no frame"),
    pytest.param([(*rule[:2], rule[2] + 2, rule[3] - 2) for rule in GRID], id="corners missed"),
    pytest.param([(*rule[:2], rule[2] - 3, rule[3] + 3) for rule in GRID], id="overshot"),
    pytest.param([*GRID, *[("h", y + 20, x + 5, x + 30) for y in YS[:3] for x in XS[:3]]], id="underlined"),
    pytest.param([*GRID, ("h", 700, 50, 550), ("v", 20, 50, 60)], id="rules elsewhere"),
])
def test_a_grid_however_its_rules_are_drawn(rules):
    prints, wanted = in_cells()
    assert printed(lay_out(page(prints, rules)).items) == [wanted]


def test_merged_cells_stand_once_and_keep_their_spans():
    rules = [
        ("h", 100, 50, 400), ("h", 130, 150, 400), ("h", 160, 50, 300), ("h", 190, 50, 400),
        ("v", 50, 100, 190), ("v", 150, 100, 190), ("v", 300, 130, 190), ("v", 400, 100, 190),
    ]
    prints = [(60, 118, "甲"), (160, 118, "乙"), (160, 148, "丙"), (310, 148, "丁"), (60, 178, "戊")]
    table = only_table(prints, rules)
    assert printed([table]) == [[
        (0, 0, 2, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "丙"), (1, 2, 2, 1, "丁"), (2, 0, 1, 1, "戊"),
        (2, 1, 1, 1, ""),
    ]]
    assert table.xs == (50, 150, 300, 400)
    assert table.cells[3].box == (300, 130, 400, 190)


def test_a_rule_missing_within_a_row_merges_only_what_it_leaves_open():
    rules = [rule for rule in GRID if rule[:2] != ("h", 130)] + [("h", 130, 150, 400)]
    table = only_table(in_cells()[0], rules)
    assert [cell[:4] for cell in table.cells][:3] == [(0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1)]


@pytest.mark.parametrize(("gone", "closed_top", "closed_bottom"), [
    ([], True, True), ([YS[0]], False, True), ([YS[-1]], True, False), ([YS[0], YS[-1]], False, False),
])
def test_sides_without_a_rule_are_closed_but_say_so(gone, closed_top, closed_bottom):
    rules = [rule for rule in GRID if not (rule[0] == "h" and rule[1] in gone)]
    table = only_table(in_cells()[0], rules)
    assert (table.closed_top, table.closed_bottom) == (closed_top, closed_bottom)
    assert (all(table.top_rules), all(table.bottom_rules)) == (closed_top, closed_bottom)
    assert table.ys == YS


def test_a_row_that_goes_on_over_a_whole_page_has_sides_only():
    rules = [("v", x, 40, 760) for x in XS]
    table = only_table([(60, 90, "上"), (160, 90, "中"), (160, 108, "下")], rules)
    assert printed([table]) == [[(0, 0, 1, 1, "上"), (0, 1, 1, 1, "中|下"), (0, 2, 1, 1, "")]]
    assert (table.closed_top, table.closed_bottom) == (False, False)


@pytest.mark.parametrize("rules", [
    pytest.param([("h", 102, 60, 160), ("h", 132, 60, 160), ("h", 162, 60, 160)], id="underlines"),
    pytest.param([("h", 80, 40, 560), ("h", 200, 40, 560)], id="rules above and below"),
    pytest.param([("v", 300, 50, 250)], id="a rule between columns"),
    pytest.param([("v", 45, 50, 250), ("v", 500, 50, 250)], id="two sides"),
    pytest.param([("h", 300 + 2 * k, 50, 55) for k in range(40)], id="a hatched mark"),
])
def test_decoration_makes_no_table(rules):
    prints = [(60, 100, "项目名称"), (60, 130, "主管部门"), (60, 160, "实施单位")]
    assert printed(lay_out(page(prints, rules)).items) == ["项目名称", "主管部门", "实施单位"]


BOX = [("h", 100, 50, 400), ("h", 190, 50, 400), ("v", 50, 100, 190), ("v", 400, 100, 190)]


@pytest.mark.parametrize(("around", "wanted"), [
    ([(50, 60, "前文"), (50, 300, "后文")], ["前文", "框内", "后文"]),
    ([(50, 300, "后文")], [[(0, 0, 1, 1, "框内")], "后文"]),
    ([(50, 60, "前文")], ["前文", [(0, 0, 1, 1, "框内")]]),
])
def test_a_lone_box_is_a_table_only_where_a_page_break_may_have_cut_one(around, wanted):
    assert printed(lay_out(page([(60, 130, "框内"), *around], BOX)).items) == wanted


def test_a_frame_around_the_page_is_no_cell():
    prints, wanted = in_cells()
    frame = [("h", 20, 20, 580), ("h", 780, 20, 580), ("v", 20, 20, 780), ("v", 580, 20, 780)]
    assert printed(lay_out(page([(200, 60, "标题"), *prints], GRID + frame)).items) == ["标题", wanted]


def test_boxes_within_a_cell_are_fields_and_no_tables():
    prints, wanted = in_cells()
    field = [("h", 105, 158, 290), ("h", 125, 158, 290), ("v", 158, 105, 125), ("v", 290, 105, 125)]
    assert printed(lay_out(page(prints, GRID + field)).items) == [wanted]


def test_tables_side_by_side_and_within_a_cell():
    prints, wanted = in_cells()
    rules = [*GRID, *[("h", y, 430, 560) for y in (100, 150, 190)], *[("h", y, 170, 280) for y in (136, 156)]]
    rules += [("v", x, 100, 190) for x in (430, 500, 560)]
    rules += [("v", x, 136, 156) for x in (170, 220, 280)]
    prints = [print_ for print_ in prints if print_[2] != "格11"]
    prints += [(440, 120, "右甲"), (510, 120, "右乙"), (440, 170, "右丙")]
    prints += [(175, 150, "内甲"), (230, 150, "内乙")]
    first, right, nested = printed(lay_out(page(prints, rules)).items)
    assert first == [cell if cell[4] != "格11" else (*cell[:4], "") for cell in wanted]
    assert right == [(0, 0, 1, 1, "右甲"), (0, 1, 1, 1, "右乙"), (1, 0, 1, 1, "右丙"), (1, 1, 1, 1, "")]
    assert nested == [(0, 0, 1, 1, "内甲"), (0, 1, 1, 1, "内乙")]


@pytest.mark.parametrize(("prints", "wanted"), [
    pytest.param([(55, 115, "Windows"), (93, 115, "Server")], "Windows Server", id="a gap between words"),
    pytest.param([(55, 115, "15.42"), (81, 115, "%")], "15.42%", id="no gap"),
    pytest.param([(55, 115, "项"), (75, 115, "目")], "项目", id="Han set wide"),
    pytest.param([(55, 115, "共"), (70, 115, "80")], "共80", id="Han and a number set apart"),
    pytest.param([(55, 115, "时长："), (85, 115, " "), (90, 115, "9.19s")], "时长： 9.19s", id="printed"),
    pytest.param([(55, 115, "甲"), (65, 115, " "), (65.5, 115, "乙")], "甲乙", id="space without a gap"),
    pytest.param([(55, 115, "　　甲 ")], "甲", id="indents and trailing spaces"),
    pytest.param([(55, 115, "10"), (65, 111, "4", 6.0), (68.2, 115, "个")], "104个", id="a raised character"),
    pytest.param([(65, 115, "乙"), (55, 115, "甲")], "甲乙", id="drawn out of order"),
    pytest.param([(60, 112 + 11 * k, char) for k, char in enumerate("绩效指标")], "绩|效|指|标", id="down"),
    pytest.param([(55, 112, "上行"), (55, 123.5, "下行")], "上行|下行", id="two lines"),
    pytest.param([(55, 115, "   ")], "", id="blank"),
])
def test_lines_of_a_cell(prints, wanted):
    rules = [("h", y, 50, 400) for y in (100, 160, 190)] + [("v", x, 100, 190) for x in (50, 150, 400)]
    table = only_table([*prints, (160, 118, "邻")], rules)
    assert "|".join([line.text for line in table.cells[0].lines]) == wanted


def test_lines_carry_their_box_and_size():
    (line,) = only_table([(55, 115, "甲"), (65, 115, "乙 "), (160, 118, "邻")], GRID).cells[0].lines
    assert line.box == pytest.approx((55, 106.2, 75, 116.2))
    assert line.size == pytest.approx(10)


@pytest.mark.parametrize(("x", "wanted"), [
    (55, ["很长的项目名称超出了", "", "格"]),      # flush left: it ran over to the right
    (120, ["", "很长的项目名称超出了", "格"]),     # its middle lies in the second cell
])
def test_text_that_runs_over_a_rule_stays_whole(x, wanted):
    prints = [(x, 118, "很长的项目名称超出了"), (305, 118, "格")]
    rules = [(kind, 145 if place == 150 else place, *ends) for kind, place, *ends in GRID]
    table = only_table(prints, rules)
    assert ["".join([line.text for line in cell.lines]) for cell in table.cells[:3]] == wanted


def test_ligatures_count_as_their_characters():
    made = page([(55, 118, "ab"), (160, 118, "邻")], GRID)
    chars = made.chars._replace(text=np.array(["ffi", "b", "邻"]))
    (table,) = lay_out(made._replace(chars=chars)).items
    assert table.cells[0].lines[0].text == "ffib"


def test_running_text_keeps_wide_gaps_and_its_place():
    prints, wanted = in_cells()
    prints += [(50, 60, "填报单位"), (300, 60, "金额单位"), (50, 300, "注：")]
    assert printed(lay_out(page(prints, GRID)).items) == ["填报单位 金额单位", wanted, "注："]


def lines_of(*texts):
    """Lines of running text; each a list of (x, text)."""
    return [(x, 100 + 16 * row, text) for row, parts in enumerate(texts) for x, text in parts]


ALIGNED = lines_of(
    [(50, "项目"), (200, "预算"), (300, "执行"), (400, "得分")],
    *[[(50, f"资金{row}"), (200, "15.42"), (300, "10.00"), (400, "-")] for row in range(5)],
)


def test_columns_without_rules_are_a_table():
    (table, after) = lay_out(page([*ALIGNED, (50, 260, "本部门按照规定开展了绩效自评工作")], [])).items
    assert not table.ruled
    assert (len(table.xs), len(table.ys)) == (5, 7)
    assert printed([table])[0][5] == (1, 1, 1, 1, "15.42")
    assert after.text == "本部门按照规定开展了绩效自评工作"


@pytest.mark.parametrize("prints", [
    pytest.param(lines_of(*[[(50, "绩效自评工作按照规定开展，情况良好，达到预期")]] * 9), id="prose"),
    pytest.param(lines_of(*[[(50, "第一部分"), (120, "." * 60), (480, "3")]] * 9), id="contents"),
    pytest.param(lines_of(*[[(50, "左栏正文连续书写"), (300, "右栏正文连续书写")]] * 9), id="two columns"),
    pytest.param(ALIGNED[:12], id="too few lines"),
    pytest.param(
        lines_of(*[[(50 + 31 * k, "甲"), (200 + 17 * k, "乙"), (400 - 29 * k, "丙")] for k in range(6)]),
        id="no common alleys",
    ),
    pytest.param(
        lines_of(*[[(x, "三栏的正文每一行都写得很长很长") for x in (20, 200, 380)]] * 6),
        id="three columns of prose",
    ),
])
def test_no_table_is_made_of_chance(prints):
    assert not [item for item in lay_out(page(prints, [])).items if isinstance(item, Table)]


def test_a_spread_is_read_page_after_page():
    sides = ((300, "左"), (470, "右"))
    prints = [(x, 100 + 20 * row, f"{side}页第{row}行") for row in range(5) for x, side in sides]
    sheet = page(prints, [], width=840, height=590)
    assert printed(lay_out(sheet).items) == [f"{side}页第{row}行" for side in "左右" for row in range(5)]
    assert len(leaves_of(sheet._replace(width=500.0))) == 1


def test_a_page_of_nothing():
    assert lay_out(page([], [])).items == ()
    assert lay_out(page([], GRID)).items == ()
    assert lay_out(page([(50, 50, "文")], [])).items[0].text == "文"


def test_a_map_ends_in_time_and_memory():
    rng = np.random.default_rng(1)
    lines = rng.uniform(0, 600, (40_000, 3))
    lines[:, 2] = lines[:, 1] + 5
    made = page([(50, 50, "图")], [])
    lay_out(made._replace(rulings=Rulings(lines, lines)))


widths = st.lists(st.integers(20, 90), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(widths, widths, st.randoms(use_true_random=False))
def test_cells_tile_their_grid_and_every_character_is_placed(columns, rows, random):
    """Whatever rules are missing."""
    xs, ys = 10 + np.cumsum([0, *columns]), 10 + np.cumsum([0, *rows])
    rules = [("h", y, x0, x1) for y in ys for x0, x1 in pairwise(xs)]
    rules += [("v", x, y0, y1) for x in xs for y0, y1 in pairwise(ys)]
    rules = [rule for rule in rules if random.random() < 0.7 or rule[1] == 10]
    prints = [(x + 4, y + 12, chr(0x4E00 + random.randrange(99))) for x in xs[:-1] for y in ys[:-1]]
    items = lay_out(page(prints, rules, width=700, height=700)).items
    texts = [
        cell[-1] for item in printed(items) for cell in ([[item]] if isinstance(item, str) else item)
    ]
    shown = [char for char in "".join(texts) if char not in " |"]
    assert sorted(shown) == sorted(text for _, _, text in prints)
    for table in [item for item in items if isinstance(item, Table) and item.ruled]:
        covered = np.zeros((len(table.ys) - 1, len(table.xs) - 1), int)
        for row, col, row_span, col_span, box, _ in table.cells:
            covered[row : row + row_span, col : col + col_span] += 1
            assert box == (table.xs[col], table.ys[row], table.xs[col + col_span], table.ys[row + row_span])
        assert (covered == 1).all()


@settings(max_examples=60, deadline=None)
@given(widths, widths, st.randoms(use_true_random=False))
def test_whole_grids_are_found_whatever_order_and_pieces_they_come_in(columns, rows, random):
    xs, ys = 10 + np.cumsum([0, *columns]), 10 + np.cumsum([0, *rows])
    rules = [("h", y + random.uniform(-0.5, 0.5), x0, x1) for y in ys for x0, x1 in pairwise(xs)]
    rules += [("v", x + random.uniform(-0.5, 0.5), y0, y1) for x in xs for y0, y1 in pairwise(ys)]
    random.shuffle(rules)
    (group,) = touching_groups(joined_lines(page([], rules).rulings))
    lattice = cells_between(group)
    assert len(lattice.spans) == len(columns) * len(rows)
    assert np.allclose(lattice.xs, xs, atol=1)
    assert np.allclose(lattice.ys, ys, atol=1)


def test_a_side_that_a_scan_cut_off_at_a_corner_belongs_to_its_table():
    rules = [rule for rule in GRID if rule[:2] not in (("v", XS[0]), *[("h", y) for y in YS])]
    rules += [("h", YS[0], XS[0], XS[-1]), *[("h", y, XS[1], XS[-1]) for y in YS[1:]]]   # a merged cell at the left
    rules.append(("v", XS[0], YS[0] + 15, YS[-1]))
    (group,) = touching_groups(joined_lines(page([], rules).rulings))
    assert cells_between(group).xs.tolist() == list(XS)
