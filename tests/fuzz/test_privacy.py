"""Any text at all into what withholds persons: no error, nothing but persons taken, nothing taken twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy import HIDDEN, holds_number, is_name, redacted, unplaced, without_persons

SOUP = """
负责人 联系人 填表人 审核人 电话 联系电话 手机 身份证号 （签字） 签章 姓名 及 和 、 ， ； ： : | / ( ) （ ）
张 王 欧阳 三 小 四 明 建国 张三 李四 欧阳小明
13812345678 １３８ 1234 5678 021 - 64220000 0871
11010519491231002X 2023 年 月 日 元 万元 ≥ 95% a b @ qq.com 项目 完成 满意度 责任人 局 *** +86 转 801
"""
PIECES = [*SOUP.split(), " ", "\u3000", "\t", "\n"]
anything = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
MASKS = (redacted, without_persons, unplaced)
LONG = (
    "张" * 10**5, "1" * 10**5, "负责人：" * 10**4, "负责人 " * 10**4, "138 " * 10**4, "人" * 10**5,
    "张 " * 10**4, "联系人：张三、" * 10**4, "a@" * 10**4, "负 责 人" * 10**4, "电话及" * 10**4, "(" * 10**5,
)  # fmt: skip


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.__name__)
@given(text=anything)
def test_masking_twice_takes_nothing_more_from_its_marks(mask, text):
    shown = mask(text)
    assert shown == mask(text)
    assert not holds_number(shown) or mask is without_persons
    assert len(mask(shown)) <= len(shown) + shown.count(HIDDEN)


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.__name__)
@given(text=anything)
def test_what_is_left_stood_there_in_its_order(mask, text):
    kept = [re.escape(piece) for piece in mask(text).split(HIDDEN)]
    assert re.fullmatch(".*".join(kept), text, re.DOTALL)


@given(anything)
def test_a_name_is_short_and_han(text):
    if is_name(text):
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", "".join(text.split()))


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.__name__)
def test_long_texts_end(mask, text):
    assert isinstance(mask(text), str)
