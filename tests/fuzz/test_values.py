"""Any text at all into the value modules: a typed answer, never an error, never a guess."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values import (
    actual,
    amount,
    blank,
    box,
    damaged,
    date,
    grade,
    number,
    operator,
    outcome,
    percent,
    points,
    target,
    unit,
    year,
    zero,
)
from pipeline.values.fold import fold

OPERATORS = {None, ">=", "<=", "=", ">", "<"}
DECIMALS = (number.parse, percent.parse, points.parse, lambda text: amount.parse(text, "万元"))
# The pieces that values are printed from, so that random texts come near to the grammar.
SOUP = """
≥ ≤ ＞ ＜ ＝ >= 》 《 不少于 不超过 至少 超过 低于 以上 以内 及以上 （含） 每月 每年 每人 年均
完成 未 不 约 左右 满意度 合格率 培训人数 较上年 增长 第 次 人次 工作日 个 名 月 年 日 季度 2023年
12月 底前 前 内 万 万元 元/人 /年 ㎡ m2 s TB μg/m³ % ％ ‰ 百分之 企业 起诉 0 1 2 3 5 10 100
95.00 1,000 1,23 007 20231231 一 二 两 三 十 百 千 零 ( ) （ ） [ ] 【 】 . , ， 。 、 : ： ;
- － — ~ ～ / * + ± ① ² ½ ☑ □ √ 优 良 差 达成指标 ￥ ⻔
"""
PIECES = [*SOUP.split(), " ", "\u3000", "\t", "\n", "\u200b"]
anything = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Co", "Nd", "No", "Sm", "Zs"])),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
LONG = [
    *(one * 10**6 for one in ("9", "≥", "-", " ", "一", "(", "=")),
    *(some * 10**5 for some in ("9.", "1,000", "每年", "2023年", "显著提升，", "\u0301\u0323")),
]
# As long as is looked at, and shaped to send a careless expression into endless retries.
NASTY = [
    *(one * 59 for one in ("9", "一", "十", "(", "次", "》", "=", "优", "0", "率", "¥", "万")),
    *(some * 29 for some in ("1,", "9-", "9~", "()", "m2", "1月", "优☑", "已完成", "<>=")),
    *(some * 15 for some in ("每年", "百分之", "完成", "1,000,", "2023年", "2023-", "于在到至")),
    *(one * 59 + "9" for one in ("至", "-", "a", "率", "每", "不", "完")),
    *("9" + some * 14 for some in ("以上", "内", "(含)", "/年", "万", "·月", "整", "。")),
    "9m" + "2" * 58, "每月" * 4 + "1-1月" * 10, "于在到至" * 10 + "年", "\u0301\u0323" * 90,
]
TEXTS = (year.parse, outcome.parse, operator.parse, grade.parse, date.parse)


@given(anything)
def test_values_are_typed(text):
    for parse in DECIMALS:
        assert parse(text) is None or isinstance(parse(text), Decimal)
    assert points.parse(text) is None or points.parse(text) >= 0
    assert year.parse(text) is None or 1990 <= year.parse(text) <= 2099
    assert outcome.parse(text) in {None, "reached", "partly", "not_reached"}
    assert operator.parse(text) in OPERATORS
    assert isinstance(blank.is_blank(text), bool)
    assert grade.parse(text) is None or grade.parse(text) in fold(text)
    assert unit.parse(text) is None or unit.parse(unit.parse(text).unit) is not None
    assert amount.money_unit(text) is None or amount.parse("1", amount.money_unit(text)) >= 1
    assert date.parse(text) is None or date.parse(text).operator in OPERATORS


@given(anything)
def test_targets_are_whole(text):
    sign, value, high, symbol, kind = target.parse(text)
    assert sign in OPERATORS
    if kind in ("text", "date"):
        assert (value, high, symbol) == (None, None, None)
        assert kind == "date" or sign is None
    elif kind == "range":
        assert sign == ">="
        assert value < high
    else:
        assert kind == "number"
        assert isinstance(value, Decimal)
        assert high is None
    assert actual.parse(text) == (value, symbol, high, kind)


@given(anything)
def test_no_printed_digit_is_left_out(text):
    _, value, high, _, _ = target.parse(text)
    if value is not None:
        read = "".join(f"{one:f}" for one in (value, high) if one is not None)
        printed = re.sub(r"(?<=[mM])[23]", "", fold(text))
        assert re.findall("[0-9]", printed) in ([], re.findall("[0-9]", read))


@given(anything)
def test_the_same_text_says_the_same_again(text):
    """Whether it was remembered or is read anew."""
    first = (target.parse(text), outcome.parse(text), unit.parse(text))
    target.parse(text + "次")
    target._parse.cache_clear()
    assert (target.parse(text), outcome.parse(text), unit.parse(text)) == first


@given(anything)
def test_a_number_stands_in_the_print(text):
    """In its digits, or spelled in Han; a unit of a number is one that stands in the print or in the table."""
    _, value, high, symbol, _ = target.parse(text)
    folded = fold(text)
    for one in (value, high):
        if one is not None:
            digits = f"{abs(one):f}"
            assert digits in folded.replace(",", "") or re.search("[零一二两三四五六七八九十百千]", folded)
    assert symbol is None or symbol in folded or unit.parse(symbol) is not None


@given(st.one_of(anything, st.tuples(st.sampled_from("之芝乏zZsS2"), anything).map("".join)))
def test_mended_operators_add_nothing_but_a_sign(text):
    mended = damaged.mended(text)
    if mended is not None:
        read = target.parse(mended)
        assert (read.kind, mended[:2]) == ("number", read.operator)
        assert fold(text).endswith(fold(mended[2:]))
    assert damaged.operator(text) in OPERATORS
    assert isinstance(damaged.may_be_torn(text), bool)


@given(anything)
def test_boxes_and_noughts(text):
    chosen = box.chosen(text)
    assert chosen is None or chosen in fold(text)
    of = zero.read(fold(text))
    assert of is None or re.search("[0零]", fold(text))
    assert of is None or not re.search("[1-9]", fold(text))


@given(anything)
def test_names_give_operators_and_units(text):
    sign, symbol = target.from_name(text)
    assert sign in OPERATORS
    assert symbol is None or unit.parse(symbol) is not None


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_texts_are_prose(text):
    assert target.parse(text).kind == actual.parse(text).kind == "text"
    assert target.from_name(text) == (None, None)
    assert not blank.is_blank(text)
    for parse in (*DECIMALS, *TEXTS):
        assert parse(text) is None
    assert unit.parse(text) is None
    assert amount.money_unit(text) is None


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_end(text):
    for tail in ("", "x", "次", "!", "9"):
        assert target.parse(text + tail).kind in {"text", "date", "number"}
        assert target.parse(text + tail).high is None
        target.from_name(text + tail)
        for parse in (*DECIMALS, *TEXTS):
            parse(text + tail)
        unit.parse(text + tail)
        blank.is_blank(text + tail)
