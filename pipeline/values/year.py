"""The year that a title or a year line names."""

import re

from pipeline.values.fold import LIMIT, fold

_YEAR = re.compile(r"(?<![0-9.,])(?:199[0-9]|20[0-9]{2})(?![0-9])")
_NAMED = re.compile(r"(?<![0-9.,])(199[0-9]|20[0-9]{2})年")
_ALONE = re.compile(r"\(?[0-9]{4}年度?\)?")
_HAN = "〇○◯零Oo一二三四五六七八九"
_HAN_YEAR = re.compile(f"(?<![{_HAN}])([一二][{_HAN}]{{3}})(?=年)")
_DIGITS = str.maketrans(_HAN, "000000123456789")


def parse(text: str) -> int | None:
    """The one year from 1990 to 2099 that the text names with 年.

    >>> parse("(2023年度)"), parse("2 0 2 3 年度"), parse("二〇二三年度"), parse("二○二三年")
    (2023, 2023, 2023, 2023)
    >>> parse("2023年部门预算项目支出绩效自评表")
    2023

    Two different years, or none, name no year.

    >>> parse("2022-2023年度"), parse("2023年部门2024年公开"), parse("2023"), parse("23年度")
    (None, None, None, None)
    """
    if len(text) > LIMIT or "年" not in text:
        return None
    folded = _folded(text)
    named = set(_NAMED.findall(folded))
    if len(named) != 1 or named != set(_YEAR.findall(folded)):
        return None
    return int(named.pop())


def stands_alone(text: str) -> bool:
    """Whether the text is a year and nothing else.

    >>> stands_alone("（2023 年度）"), stands_alone("2023年"), stands_alone("二〇二三年度")
    (True, True, True)
    >>> stands_alone("某市2023年度"), stands_alone("2023年3月15日")
    (False, False)
    """
    return len(text) <= LIMIT and _ALONE.fullmatch(_folded(text)) is not None


def _folded(text: str) -> str:
    """The text with Han years as digits."""
    return _HAN_YEAR.sub(lambda year: year[1].translate(_DIGITS), fold(text))
