"""Personal data that must not reach the tables: names, telephone and identity-card numbers.

A label that `labels.toml` knows lets the header withhold what stands behind it. This module is for
all the rest: what is printed under labels that nobody has seen, or runs together with other print.
"""

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from importlib.resources import files

from pipeline.memo import MOST_KEPT, Memo

LONGEST_KEPT = 80
"""Characters of a text whose answer is remembered; longer ones are prose and do not repeat."""

HIDDEN = "***"
"""What stands in the place of a withheld text."""

_WORDS = tomllib.loads(files("pipeline.templates").joinpath("persons.toml").read_text("utf-8"))
_SURNAMES = frozenset("".join(_WORDS["surnames"].split()))
_COMPOUND = tuple(_WORDS["compound"].split())
_NO_NAMES = tuple(_WORDS["no_names"].split())
_LONGEST_SINGLE, _LONGEST_COMPOUND = 3, 4

# Full width and half width, one character for one, so that places stay the same.
_HALF = {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)} | {0x3000: " ", 0xA0: " "}

_SPACE = r"[-—–‑ ]?"
_START, _END = "(?<![0-9A-Za-z.])", "(?![0-9A-Za-z]|\\.[0-9]|[ ]?[千万亿]?元)"
_DATE_OF_BIRTH = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_MOBILE = rf"(?:\(?\+?86\)?{_SPACE})?1[3-9][0-9]{_SPACE}[0-9]{{4}}{_SPACE}[0-9]{{4}}"
_IDENTITY = rf"[1-8][0-9]{{5}}{_SPACE}{_DATE_OF_BIRTH}{_SPACE}[0-9]{{3}}[0-9Xx]"
_LAND_LINE = (
    rf"\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_SPACE}[2-8][0-9]{{2,3}}{_SPACE}[0-9]{{4}}"
    r"(?:(?:转|-)[0-9]{1,6})?"
)
_MAIL = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
_PERSONAL_NUMBERS = re.compile(f"{_START}(?:{_MOBILE}|{_IDENTITY}){_END}|{_MAIL}")
_NUMBERS = re.compile(f"{_START}(?:{_MOBILE}|{_IDENTITY}|{_LAND_LINE}){_END}|{_MAIL}")
# of print in any width, so that most texts need not be made half width
_MAY_HOLD_NUMBERS = re.compile("[0-9\uff10-\uff19]{3}[-\uff0d—–‑ \u3000\xa0]?[0-9\uff10-\uff19]{4}|[@\uff20]")


def _spaced(words: Iterable[str]) -> str:
    """Any of the words, with spaces between its characters or none."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(r"\s{0,4}".join(map(re.escape, word)) for word in ordered)


_WORD = f"(?:{_spaced(_WORDS['words'].split())})"
_JOINT = rf"(?:(?:{_spaced(_WORDS['joints'].split())})\s*){{0,8}}"
_APART = r"(?:[:：]|\s|\||[)）])[\s:：|]*"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?!{_WORD})(?:{_HAN}(?:\s{{1,4}}{_HAN}){{1,2}}|{_HAN}{{2,4}}(?:·{_HAN}{{1,6}})*)(?!{_HAN}|·)"
_SURNAME = f"(?:{'|'.join(_COMPOUND)}|[{''.join(sorted(_SURNAMES))}])"
_MORE = rf"(?:[\s、,，/;；|和及]{{1,3}}(?!{_WORD}){_SURNAME}\s{{0,4}}{_HAN}{{1,2}}(?!{_HAN}|\s*[:：]))*"
_GLUED = rf"{_HAN}{{2,4}}?(?={_WORD}\s*[:：(（|0-9])"
_PERSON = re.compile(
    rf"{_WORD}(?:(?P<direct>{_SURNAME}{_HAN}{{1,2}})(?!{_HAN})"
    rf"|{_JOINT}{_APART}(?:(?P<glued>{_GLUED})|(?P<names>{_NAME}{_MORE})"
    r"|(?P<number>[0-9A-Za-z][0-9A-Za-z@.() -]{4,}[0-9A-Za-z])))",
)
_STATED = re.compile(rf"{_WORD}{_JOINT}[:：]\s*(?:(?P<glued>{_GLUED})|(?P<names>{_NAME}{_MORE}))")
_APART_NAMES = re.compile(r"[\s、，,/;；]+")
_NEAR = r"[\s:：()（），,/]{0,4}"
_BESIDE = re.compile(
    rf"(?<!{_HAN})(?P<before>{_SURNAME}\s?{_HAN}{{1,2}})(?={_NEAR}(?:{_MOBILE}|{_IDENTITY}|{_LAND_LINE}){_END})"
    rf"|(?:{_MOBILE}|{_LAND_LINE}){_NEAR}(?P<behind>{_SURNAME}\s?{_HAN}{{1,2}})(?!{_HAN})",
)
_MAY_NAME = re.compile(r"[人员话机号件箱签任长导职管主计纳信QI传制复填姓志]")
_MAY_TELL = re.compile(f"{_MAY_NAME.pattern}|{_MAY_HOLD_NUMBERS.pattern}")


def redacted(text: str) -> str:
    """Print of a header, a foot or of no known place, without names and numbers of persons.

    >>> redacted("咨询电话13812345678，021-64220000")
    '咨询电话***，***'
    >>> redacted("填报单位：某局 填表人（签字）：张 三、李小四 电话：6422 0000")
    '填报单位：某局 填表人（签字）：*** 电话：***'
    >>> redacted("张三 13812345678 / 021-64220000（李四）")
    '*** *** / ***（***）'
    >>> redacted("项目负责人 | 欧阳小明 | 11010519491231002X")
    '项目负责人 | *** | ***'

    Codes, amounts and words for what persons do stay.

    >>> for kept in ("51000023Y000013812345678", "15000000000元", "项目负责人制度健全有效", "电话 线路租赁"):
    ...     assert redacted(kept) == kept
    """
    return _REDACTED[text] if len(text) <= LONGEST_KEPT else _redacted(text)


def without_persons(text: str) -> str:
    """Print of a goal, an indicator or a reason, where only what is plainly a person's is withheld.

    Lines of an office, printed for the public, stay; so does what only may be a name.

    >>> without_persons("开通热线021-64220000，联系人：王五13812345678"), without_persons("责任人：落实到位")
    ('开通热线021-64220000，联系人：******', '责任人：落实到位')
    """
    return _WITHOUT_PERSONS[text] if len(text) <= LONGEST_KEPT else _without_persons(text)


def _redacted(text: str) -> str:
    return _hidden(text, _NUMBERS, _PERSON)


def _without_persons(text: str) -> str:
    return _hidden(text, _PERSONAL_NUMBERS, _STATED, surely=True)


_REDACTED = Memo(_redacted)
_WITHOUT_PERSONS = Memo(_without_persons)


SILENT: set[str] = set()
"""Texts, as many as a `Memo` keeps, that were looked at and tell of no person: no mask changes them."""


def tell_of_persons(texts: AbstractSet[str]) -> bool:
    """Whether `redacted` or `without_persons` takes anything out of any of the texts.

    Hardly any form names a person, so one look at all its texts answers for most.

    >>> tell_of_persons({"培训", "15.00"}), tell_of_persons({"培训", "电话：13812345678"})
    (False, True)
    """
    for text in texts - SILENT:
        if _MAY_TELL.search(text) and not text == _redacted(text) == _without_persons(text):
            return True
        if len(text) <= LONGEST_KEPT:
            if len(SILENT) >= MOST_KEPT:
                SILENT.clear()
            SILENT.add(text)
    return False


def _hidden(text: str, numbers: re.Pattern[str], persons: re.Pattern[str], *, surely: bool = False) -> str:
    has_number = _MAY_HOLD_NUMBERS.search(text)
    has_name = _MAY_NAME.search(text)
    if not has_number and not has_name:
        return text
    half = _half(text)
    spans = [found.span() for found in numbers.finditer(half)] if has_number else []
    for found in persons.finditer(half) if has_name else ():
        for name, part in found.groupdict().items():
            if not part:
                continue
            told = name == "number" or any(mark in half[found.start() : found.start(name)] for mark in ":：|")
            if (told and not surely) or _begins_with_name(part):
                spans.append(found.span(name))
    if spans and not surely:
        for found in _BESIDE.finditer(half):
            spans += [found.span(name) for name, part in found.groupdict().items() if part and is_name(part)]
    end = len(text)
    for first, last in sorted(spans, reverse=True):
        if first < end:
            text = text[:first] + HIDDEN + text[min(last, end):]
            end = first
    return text


def _begins_with_name(text: str) -> bool:
    return is_names(text) or is_name(_APART_NAMES.split(text)[0])


def _half(text: str) -> str:
    return text if text.isascii() else text.translate(_HALF)


def holds_number(text: str) -> bool:
    """Whether a telephone or identity-card number, or an address of mail, stands in a text.

    >>> holds_number("王五 13812345678"), holds_number("13812345678元"), holds_number("7000.00")
    (True, False, False)
    """
    return bool(_MAY_HOLD_NUMBERS.search(text) and _NUMBERS.search(_half(text)))


def unplaced(text: str) -> str:
    """Print of a cell that stands in no field and under no known label.

    >>> unplaced("张三"), unplaced("张三、李四 王小五"), unplaced("项目组 李四 13812345678"), unplaced("张家沟村")
    ('***', '***', '项目组 *** ***', '张家沟村')
    """
    return HIDDEN if is_names(text) else redacted(text)


@lru_cache(maxsize=4096)
def is_names(text: str) -> bool:
    """Whether a text can be nothing but one or several names of persons.

    >>> is_names("张三、李小四"), is_names("王 五"), is_names("张三 13812345678"), is_names("培训、检查")
    (True, True, False, False)
    """
    return is_name(text) or all(map(is_name, _APART_NAMES.split(text.strip())))


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether a text can be nothing but a person's name: a surname and one or two characters.

    >>> is_name("张三"), is_name("李 小 四"), is_name("欧阳小明"), is_name("高效"), is_name("王家沟村")
    (True, True, True, False, False)
    """
    name = "".join(text.split())
    if any(word in name for word in _NO_NAMES) or not all("\u4e00" <= one <= "\u9fff" for one in name):
        return False
    if name.startswith(_COMPOUND):
        return len(_COMPOUND[0]) < len(name) <= _LONGEST_COMPOUND
    return 1 < len(name) <= _LONGEST_SINGLE and name[0] in _SURNAMES
