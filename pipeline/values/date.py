"""A target that is a date, not a number: 2023年11月底前."""

import re
from typing import NamedTuple

from pipeline.values.fold import fold_value


class Date(NamedTuple):
    """A printed date; ``operator`` is ``<=`` for a deadline, ``>`` for after it, None for a plain date."""

    operator: str | None


_YEAR = "(?:19|20)[0-9]{2}"
_MONTH = "(?:1[0-2]|0?[1-9])"
_DAY = "(?:[12][0-9]|3[01]|0?[1-9])"
_QUARTER = "第?[1-4一二三四]季度"
_MONTH_DAY = f"{_MONTH}月(?:{_DAY}[日号]|份?(?:底|末|初|中|[上中下]旬)?)"
_POINT = (
    f"(?:{_YEAR}年(?:度|底|末|初|年[底末初中]|年(?=内)|[上下]半年|{_QUARTER}|{_MONTH_DAY}|{_MONTH}[-—~至到]{_MONTH}月)?"
    f"|{_YEAR}(?P<sep>[-./]){_MONTH}(?:(?P=sep){_DAY})?"
    f"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    f"|{_MONTH_DAY}|{_QUARTER}|[上下]半年|年[底末中]|[月季]度?[底末])"
)
_LATER = _POINT.replace("P<sep>", "P<sep2>").replace("P=sep", "P=sep2")
_LEAD = (
    "(?:于|在|到|至|应|须|力争|确保|当年|本年度?|次年|次月|下年度?|翌年|每年|每月|完成时间|时间|:)"
)
_BEFORE = "(?:之前|以前|前|之内|以内|内|止)"
_AFTER = "(?P<after>之后|以后|后)|(?P<from>起)"
_DONE = (
    "(?:全部|全面)?"
    "(?:完成|完工|竣工|开工|建成|交付|验收|投入使用|到位|启动|办结|发布|上线|印发)"
)
_DATE = re.compile(
    rf"{_LEAD}{{0,4}}(?P<until><=|不晚于|不迟于|最迟|截至|截止|截止到|截至到)?(?P<since>>=|不早于)?"
    r"(?P<sign>[<>])?=?"
    rf"(?:{_POINT}(?:[-—~至到]{{1,2}}(?:{_LATER}|{_MONTH}月|{_DAY}日))?|{_MONTH}[-—~至到]{_MONTH}月"
    rf"|{_YEAR}年?[-—~至到]{_YEAR}(?:年度?)?"
    rf"|{_DAY}[日号](?=之前|以前|前|止)|(?<=每月){_DAY}[日号])"
    rf"(?:(?P<before>{_BEFORE})[^0-9]*|(?:{_AFTER})?(?:{_DONE})?)[。;!]?",
)
_HINT = re.compile(r"[年月日号季底末]|[0-9][-./][0-9]|20[0-9]{6}")


def parse(text: str) -> Date | None:
    """The date that a text is, or that it is due by.

    >>> due = ("2023年11月底前", "12月31日前完成", "≤2023年12月", "每月10日前", "年底前完成")
    >>> {parse(printed) for printed in due}
    {Date(operator='<=')}
    >>> plain = ("2023年12月", "2023.12.31", "1-12月", "第四季度", "20231231", "2023年")
    >>> {parse(printed) for printed in plain}
    {Date(operator=None)}
    >>> parse("2023年7月以后"), parse("2023年3月起"), parse("≥2023年12月31日")
    (Date(operator='>'), Date(operator='>='), Date(operator='>='))
    >>> numbers = ("3个月", "10日内", "2023", "13月", "5年", "每年12次", "12.31", "显著提升")
    >>> {parse(printed) for printed in numbers}
    {None}
    """
    folded = fold_value(text)
    return read(folded) if folded is not None else None


def read(folded: str) -> Date | None:
    """`parse` for a text that is folded already.

    >>> read("2023年底前")
    Date(operator='<=')
    """
    if not _HINT.search(folded):
        return None
    found = _DATE.fullmatch(folded)
    if found is None:
        return None
    if found["sign"] or found["after"]:
        return Date(found["sign"] or ">")
    if found["since"] or found["from"]:
        return Date(">=")
    return Date("<=" if found["until"] or found["before"] else None)
