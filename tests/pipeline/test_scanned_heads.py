"""Heads, labels and cells of a scan that were misread, run together or lost: understood, or flagged."""

import pytest

from parsers.grid import Cell, Seen
from pipeline.document import extract
from tests.doubles.misreading import in_doubt
from tests.pipeline.test_scanned_form import CHOSEN, DOUBTFUL, FORM, Read, scan

UNDERSTOOD, LOST, NUMBER = "understood_label", "lost_value", "doubtful_number"


def changed(reading, change):
    """The reading with the cells of its grids as ``change`` gives them for each cell of its own."""
    grids = []
    for grid in reading.grids:
        cells = [new for cell in grid.cells for new in change(Cell(*cell))]
        grids.append(grid._replace(cells=tuple(cells)))
    return reading._replace(grids=tuple(grids))


def misread(word, text, confidence=0.999):
    """A word that was read wrong without a second reading."""
    return changed(
        scan(),
        lambda cell: [cell._replace(text=text, origin=cell.origin._replace(confidence=confidence))]
        if cell.text == word
        else [cell],
    )


def merged(first, second, text, *, span):
    """Two cells of one row that were read as one."""

    def change(cell):
        if cell.text == first:
            return [cell._replace(text=text, col_span=span)]
        return [] if cell.text == second else [cell]

    return changed(scan(), change)


def flagged(found):
    return [(one["table"], one["line_no"], one["field"]) for one in found.findings if one["severity"] != "info"]


WORDS = {
    "a sign misread": ("年度指标值", "年度捐标值", 0.999, "info"),
    "half of a word misread": ("二级指标", "二纸措标", 0.6, "warning"),
    "the level above it": ("二级指标", "三级指标", 0.97, "info"),
    "nothing read": ("实际完成值", "\ufffd", 0.0, "warning"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_head_is_understood_by_likeness_and_place(case):
    word, text, confidence, severity = WORDS[case]
    found = Read(misread(word, text, confidence))
    assert found.project["family"] == "A"
    assert found.rows["indicators"] == Read(scan()).rows["indicators"]
    (finding,) = [one for one in found.findings if one["rule"] == UNDERSTOOD]
    assert (finding["printed"], finding["expected"], finding["severity"]) == (text, word, severity)


def test_what_is_like_no_label_is_not_made_one():
    """A legible head that no list has may be a new one: the form is not forced, and a person looks."""
    found = Read(misread("实际完成值", "验收单编号"))
    assert found.project["family"] is None
    assert not found.rows["indicators"]
    assert found.project["review"]


def test_a_misread_head_makes_no_neighbour_of_a_form():
    """Without a result its head is that of a form of targets only; here a head was not understood."""
    reading = misread("得分", "验收编号")
    reading = changed(
        reading, lambda cell: [cell._replace(text="完工图纸号")] if cell.text == "实际完成值" else [cell]
    )
    assert extract(reading, "0" * 64).forms


def test_a_fund_head_is_understood_by_likeness():
    found = Read(misread("全年执行数", "全午执衍数"))
    assert found.rows["funds"] == Read(scan()).rows["funds"]


def test_a_fund_head_of_which_most_is_misread_is_none_of_indicators():
    """分值 and 得分 stand in both."""
    text = FORM.replace("项目资金（万元）\t\t年初", "项目资金（万元）\tè\t年初")
    misread = ("è", 0, ("è", 0.3)), ("年初预算数", 0, ("年初预改数", 0.07)), ("执行率(%)", 0, ("执行率(‰)", 0.25))
    found = Read(scan(("项目资金（万元）", 0, ("项目资金（万元）", 0.6)), *misread, text=text))
    assert found.project["family"] == "A"
    assert [len(found.rows[table]) for table in ("funds", "indicators")] == [3, 5]


def test_heads_that_were_read_as_one_are_parted():
    found = Read(merged("实际完成值", "分值", "实际完成值分值", span=2))
    assert found.project["family"] == "A"
    assert [row[-3:-1] for row in found.rows["indicators"]] == [row[-3:-1] for row in Read(scan()).rows["indicators"]]


def test_a_grade_read_with_its_label_is_parted():
    found = Read(merged("评分等级", "优", "评分等级优", span=8))
    assert found.value("projects", None, "grade") == "优"
    assert CHOSEN in found.rules("projects", None, "grade")


@pytest.mark.parametrize("text", ["24.96", "26"])
def test_a_number_that_was_lost_is_flagged(text):
    found = Read(changed(scan(), lambda cell: [] if cell.text == text else [cell]))
    field = "score" if text == "24.96" else "weight"
    assert LOST in found.rules("indicators", 1, field)


def test_a_lost_row_flags_all_that_it_was_added_up_with():
    lost = {"运行管理机制", "健全完善", "达成指标", "42", "42.00", "效益指标", "社会效益指标"}
    found = Read(changed(scan(), lambda cell: [] if cell.text in lost else [cell]))
    assert len(found.rows["indicators"]) == 4
    for line in range(4):
        assert NUMBER in found.rules("indicators", line, "weight")
        assert found.rules("indicators", line, "score") & {NUMBER, DOUBTFUL, "R7_indicator_score"}
    assert NUMBER in found.rules("funds", 0, "weight")
    assert "R5_total_score" in found.rules(None, None, "score_total")


def test_a_row_without_a_name_flags_the_numbers_of_all_below():
    """The rest of a row that a page break cut was read as one of its own."""
    text = FORM.replace("\t时效指标\t", "\t\t\t\t\t1\t\t续上页\n\t时效指标\t")
    found = Read(scan(text=text))
    for line in (2, 3, 5):
        assert NUMBER in found.rules("indicators", line, "weight")
    assert NUMBER in found.rules("indicators", 5, "target_text")
    assert NUMBER not in found.rules("indicators", 1, "target_text")


def test_a_target_without_the_operator_that_all_others_have():
    found = Read(misread("≥1493(平方米)", "1493(平方米)"))
    assert NUMBER in found.rules("indicators", 0, "target_text")


def test_specks_beside_a_number():
    """Behind it they hide nothing; before it they may be the rest of a digit, which only the sums tell."""
    behind = Read(in_doubt(scan(), "2090(平方米)", ("2090(平方米)•", 0.7), ("2090(平方米)·", 0.2)))
    assert behind.value("indicators", 0, "actual_value") == "2090"
    before = Read(in_doubt(scan(), "24.96", ("•24.96", 0.6), ("·24.96", 0.2)))
    assert before.value("indicators", 1, "score") == "24.96"
    alone = Read(in_doubt(scan(), "2090(平方米)", ("•090(平方米)", 0.7), ("·090(平方米)", 0.2)))
    assert ("indicators", 0, "actual_text") in flagged(alone)


def test_the_width_of_signs_is_no_doubt_of_the_value():
    seen = (("（2022年度）", 0.52), ("(2022年度)", 0.47))
    found = Read(in_doubt(scan(), "（2022年度）", *seen))
    assert not flagged(found)
    assert found.project["confidence"] > 0.98


def test_dirt_between_pages_ends_no_form():
    reading = scan()
    table = max(reading.grids, key=lambda grid: len(grid.cells))
    at = reading.grids.index(table)
    first = table._replace(cells=tuple([cell for cell in table.cells if cell.row < 9]), n_rows=9)
    second = table._replace(
        cells=tuple([cell._replace(row=cell.row - 9) for cell in table.cells if cell.row >= 9]), n_rows=table.n_rows - 9
    )
    origin = table.cells[0].origin._replace(confidence=0.1, place="page 2, dirt")
    speck = table._replace(cells=(Cell(0, 0, "U", origin, seen=(Seen("U", 0.1), Seen("1", 0.1))),), n_rows=1, n_cols=1)
    parts = (*reading.grids[:at], first, speck, second, *reading.grids[at + 1 :])
    found = Read(reading._replace(grids=parts))
    assert found.rows["indicators"] == Read(reading).rows["indicators"]


def test_the_label_of_a_total_that_was_cut():
    def change(cell):
        return [cell._replace(text="分", col_span=5)] if cell.text == "总分" else [cell]

    found = Read(changed(scan(), change))
    assert (found.value("projects", None, "weight_total"), found.value("projects", None, "score_total")) == (
        "100",
        "98.85",
    )
    assert UNDERSTOOD in {one["rule"] for one in found.findings}


def test_a_word_that_was_hardly_seen_is_not_taken_where_another_head_is_it():
    """执行数 is a word and 执行案 none, but no head has 全年执行数 and 执行数."""
    seen = (("执行案(%)", 0.12), ("执行崇(%)", 0.1), ("执行数(%)", 0.02))
    found = Read(in_doubt(scan(), "执行率(%)", *seen))
    assert found.rows["funds"] == Read(scan()).rows["funds"]


def test_numbers_below_a_head_that_was_taken_for_another_are_flagged():
    """What stands in no column is a value of one that the head was not understood to have."""
    found = Read(misread("执行率(%)", "执行数(%)"))
    for line in range(3):
        assert LOST in found.rules("funds", line, "execution_rate_pct")


def test_a_dash_before_a_number_is_flagged():
    found = Read(misread("2090(平方米)", "-2090(平方米)"))
    assert NUMBER in found.rules("indicators", 0, "actual_text")
