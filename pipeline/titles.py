"""Titles: which kind of block a printed line opens, told by its words (titles.toml)."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pipeline.values.fold import fold

LONGEST_TITLE = 60
"""Characters of a folded title line, the year and a bureau's name included."""

_SENTENCE = frozenset("。；;，,!")


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("pipeline.templates").joinpath("titles.toml").read_text("utf-8"))


@lru_cache(maxsize=4096)
def title_kind(text: str) -> str | None:
    """``form``, a neighbour's name, or None where the text is no title.

    >>> title_kind("财政项目支出绩效自评表"), title_kind("2023年度部门预算项目支出绩效自评价")
    ('form', 'form')
    >>> title_kind("项目支出绩效目标申报表"), title_kind("项目支出绩效自评结果汇总表")
    ('target_only', 'result_list')
    >>> title_kind("本单位已填写项目支出绩效自评表，并随决算公开。")
    """
    if len(text) > 2 * LONGEST_TITLE:
        return None
    key = fold(text)
    if len(key) > LONGEST_TITLE or not _SENTENCE.isdisjoint(key):
        return None
    for kind, words in _titles().items():
        if kind != "words" and _has(key, words["any"]) and not _has(key, words["none"]):
            return kind
    return None


def _has(key: str, words: list[str]) -> bool:
    return any(word in key for word in words)


def title_at_end(text: str) -> int | None:
    """Where a form's title begins in a cell that ends in one; a year may follow it.

    >>> text = "优 财政项目支出绩效自评表（2023年度）"
    >>> text[title_at_end(text):]
    '财政项目支出绩效自评表（2023年度）'
    >>> title_at_end("财政项目支出绩效自评表"), title_at_end("已填写绩效自评表并公开")
    (None, None)
    """
    starts = [text.rindex(word) for word in _titles()["form"]["any"] if word in text]
    if not starts:
        return None
    start = max(starts)
    if len(text) - start > LONGEST_TITLE // 2 or title_kind(text[start:]) is None:
        return None
    if fold(text[start:]).rstrip(")度年0123456789(") not in _titles()["form"]["any"]:
        return None
    leads = _titles()["words"]["leads"]
    while lead := next((lead for lead in leads if text.endswith(lead, 0, start)), None):
        start -= len(lead)
    return start or None
