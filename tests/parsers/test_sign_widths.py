"""Signs whose width a line does not show are told by the document: by their pair, by likeness, by how lines are set."""

import pytest

from parsers.grid import Box, Seen
from parsers.page import Layout, Table, TableCell, TextLine
from parsers.sign import Ink, Sign
from parsers.sign_widths import settled

EM = 10.0
WIDE = {"(": "（", ")": "）", "=": "＝", ".": "．", "≥": "≧"}


def sign(text, at, odds=0.0, **measures):
    """The sign at a place of a text."""
    narrow = next(own for own, other in WIDE.items() if text[at] in (own, other))
    inner = at - 1 if narrow == ")" else at + 1
    beside = text[inner : inner + 1] if inner >= 0 else ""
    of = {"habit": 0.0, "high": 9.0, "wide": 2.0, "gap": 1.0, "foot": 1.0} | measures
    ink = Ink(of["high"], of["wide"], of["gap"], beside, of["foot"], "0", 7.0, 0.3)
    return Sign(at, (narrow, WIDE[narrow]), odds, of["habit"], ink)


def line(text, x0=100.0, wide=50.0, top=10.0, signs=()):
    return TextLine(text, Box(x0, top, x0 + wide, top + 9.5), 9.5, 0.9, (), signs)


def read(*cells, running=()):
    """The texts of cells, given as (box from-to, lines), and of lines outside."""
    made = [TableCell(row, 0, 1, 1, Box(x0, 20.0 * row, x1, 20.0 * row + 20), tuple(lines))
            for row, (x0, x1, lines) in enumerate(cells)]  # fmt: skip
    items = (*running, Table(tuple(made), (0.0, 300.0), (0.0, 100.0), closed_top=True, closed_bottom=True))
    [layout] = settled([Layout(1, 600, 800, items)])
    outside = [item for item in layout.items if isinstance(item, TextLine)]
    [table] = [item for item in layout.items if isinstance(item, Table)]
    return [list(cell.lines) for cell in table.cells], outside


def texts(lines):
    return [one.text for one in lines]


@pytest.mark.parametrize(("shift", "text"), [(0.06, "(件)"), (0.6, "（件）")])
def test_in_a_cell_set_to_the_left_a_full_width_sign_stands_farther_right(shift, text):
    signs = (sign("(件)", 0), sign("(件)", 2))
    cells, _ = read((90.0, 300.0, [line("数量指标"), line("(件)", 100 + shift * EM, 18, 22, signs)]))
    assert texts(cells[0]) == ["数量指标", text]


def test_in_the_middle_of_a_cell_a_lone_end_shifts_the_line():
    signs = (sign("9(件)", 1, odds=0.0), sign("9(件)", 3, odds=0.0))
    middle = [line("数量", 190, 20), line("质量", 190, 20)]
    near = read((0.0, 400.0, [*middle, line("9(件)", 190.0, 20, 30, signs)]))[0]
    far = read((0.0, 400.0, [*middle, line("9(件)", 187.0, 20, 30, signs)]))[0]
    assert texts(near[0])[-1] == "9(件)"
    assert texts(far[0])[-1] == "9（件）"


def alike(high, odds, number=3):
    """Cells that show what signs of one width look like."""
    text = "9(次)" if odds < 0 else "9（次）"
    return [(0.0, 400.0, [line(text, signs=(sign(text, 1, odds, high=high), sign(text, 3, 0.0, high=high)))])] * number


@pytest.mark.parametrize(("high", "text"), [(10.3, "(年)"), (9.4, "（年）")])
def test_a_sign_is_as_wide_as_those_that_look_like_it(high, text):
    lone = line("(年)", signs=(sign("(年)", 0, high=high), sign("(年)", 2, high=high)))
    _, [outside] = read(*alike(10.3, -5.0), *alike(9.4, 3.5), running=[lone])
    assert outside.text == text
    assert {"(年)", "（年）"} == set(texts(outside.seen))
    assert sum(one.probability for one in outside.seen) == pytest.approx(0.9, abs=0.01)


def test_what_looks_like_the_only_width_that_was_seen_may_still_be_the_other():
    lone = line("(年)", signs=(sign("(年)", 0, high=9.4), sign("(年)", 2, high=9.4)))
    _, [outside] = read(*alike(9.4, 3.5), running=[lone])
    assert outside.text == "（年）"
    assert outside.confidence < 0.9
    _, [outside] = read(*alike(9.4, -5.0), running=[lone])
    assert outside.text == "(年)"


def test_one_dirty_sign_is_no_example():
    spoilt = line("9(次)", signs=(sign("9(次)", 1, -5.0, high=7.0),))
    sure = line("9（次）", signs=(sign("9（次）", 1, 3.5, high=7.1), sign("9（次）", 3, 0.0, high=7.0)))
    cells, _ = read((0.0, 400.0, [spoilt]), (0.0, 400.0, [sure]), *alike(9.4, 3.5))
    assert cells[1][0].text == "9（次）"


def test_a_neighbour_that_stands_close_is_not_doubted_for_looks():
    close = line("9(次)", signs=(sign("9(次)", 1, -6.0, high=9.4), sign("9(次)", 3, 0.0, high=9.4)))
    cells, _ = read((0.0, 400.0, [close]), *alike(9.4, 3.5), *alike(10.3, -5.0))
    assert cells[0][0].text == "9(次)"


def test_the_parentheses_of_a_pair_are_of_one_width_over_lines():
    first = line("项目资金(", signs=(sign("项目资金(", 4, odds=3.5),))
    second = line("万元)", top=22, signs=(sign("万元)", 2),))
    cells, _ = read((0.0, 400.0, [first, second]))
    assert texts(cells[0]) == ["项目资金（", "万元）"]


def test_the_points_of_a_list_are_alike():
    first = line("1．完成", signs=(sign("1．完成", 1, odds=5.0),))
    second = line("任务。2.", top=22, signs=(sign("任务。2.", 4, habit=-0.3),))
    other = line("任务。2.", signs=second.signs)
    cells, _ = read((0.0, 400.0, [first, second]), (0.0, 400.0, [other]))
    assert texts(cells[0]) == ["1．完成", "任务。2．"]
    assert cells[1][0].text == "任务。2."


@pytest.mark.parametrize(("high", "text"), [(6.0, "≥9"), (7.8, "≧9"), (4.5, "≥9")])
def test_a_bound_higher_than_the_others_has_a_second_bar(high, text):
    others = [(0.0, 400.0, [line("≥8", signs=(sign("≥8", 0, odds=-2.8, high=6.0, wide=5.0),))])] * 3
    own = line("≥9", signs=(sign("≥9", 0, odds=-2.8, high=high, wide=5.0 * high / 6, foot=1 + (high - 6) / 2),))
    cells, _ = read((0.0, 400.0, [own]), *others)
    assert cells[0][0].text == text


def test_a_sign_wider_than_any_half_width_one_is_full_width():
    cells, _ = read((0.0, 400.0, [line("=", signs=(sign("=", 0, wide=7.2, gap=0.0),))]))
    assert cells[0][0].text == "＝"


def test_other_readings_keep_their_chance():
    seen = (Seen("8(年)", 0.5), Seen("8（年）", 0.2), Seen("3(年)", 0.2), Seen("年", 0.1))
    signs = (sign("8(年)", 1, odds=3.5), sign("8(年)", 3))
    cells, _ = read((0.0, 400.0, [line("8(年)", signs=signs)._replace(confidence=0.5, seen=seen)]))
    found = {one.text: one.probability for one in cells[0][0].seen}
    assert cells[0][0].text == "8（年）"
    assert found["8（年）"] + found["8(年)"] == pytest.approx(0.7, abs=0.01)
    assert found["3（年）"] + found["3(年)"] == pytest.approx(0.2, abs=0.01)
    assert found["年"] == pytest.approx(0.1)


def test_a_line_that_was_cut_off_stays_unsure():
    seen = (Seen("8(年)", 0.97), Seen("3(年)", 0.03))
    cut_off = line("8(年)", signs=(sign("8(年)", 1, odds=3.5),))._replace(confidence=0.3, seen=seen)
    cells, _ = read((0.0, 400.0, [cut_off]))
    assert cells[0][0].confidence == 0.3


def test_print_without_such_signs_stays():
    layout = Layout(1, 600, 800, (line("项目"),))
    assert settled([layout]) == [layout]
