"""Number format codes (``#,##0.00;[红色]-0%``) → sections of parts. ECMA-376 part 1, 18.8.31."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 255
"""Characters that a spreadsheet program takes in a code."""


class UnknownFormat(ValueError):
    """A code that is no number format, or a value that it cannot print."""


class Part(NamedTuple):
    """A piece of a section.

    ``kind`` is one of: literal digit point comma percent slash exponent general text date elapsed
    halfday. ``text`` is what stands in the code, lower-case for dates; of literals, what is printed.
    """

    kind: str
    text: str


class Section(NamedTuple):
    """The codes for some of the values.

    Attributes:
        parts: What to print, in order.
        condition: Operator and number that choose this section, or None.
        numerals: 1–3 for [DBNum1] to [DBNum3], else 0.
        han: Whether the names of days and months are Chinese.
    """

    parts: tuple[Part, ...]
    condition: tuple[str, Decimal] | None
    numerals: int
    han: bool

    def has(self, *kinds: str) -> bool:
        """Whether a part is of one of the kinds."""
        return any(part.kind in kinds for part in self.parts)


# "!" quotes the next character in Chinese and Japanese programs (0!.0, prints thousands of 万).
_TOKEN: Final = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?
    | [\\!](?P<escaped>.)
    | _(?P<space>.?)
    | \*(?P<fill>.?)
    | \[(?P<elapsed>h+|m+|s+)\]
    | \[(?P<bracket>[^\]]*)\]?
    | (?P<general>General|Standard|G?/?通用格式)
    | (?P<halfday>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,4}|e+)
    | (?P<digit>[0\#?])
    | (?P<text>@)
    | (?P<end>;)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_KINDS: Final = {".": "point", ",": "comma", "%": "percent", "/": "slash", "％": "percent"}
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,20}(?:\.\d{0,20})?)")
_CURRENCY: Final = re.compile(r"\$([^-]*)(?:-(.*))?", re.DOTALL)
_NUMERALS: Final = re.compile(r"DBNum([123])", re.IGNORECASE)
_HAN_LOCALE: Final = re.compile(r"(?:.*[048c]04|zh.*)", re.IGNORECASE)
_OF_SYSTEM: Final = {
    "f800": 'yyyy"年"m"月"d"日"', "x-sysdate": 'yyyy"年"m"月"d"日"',
    "f400": "h:mm:ss", "x-systime": "h:mm:ss",
}
"""Locales that stand for the long date and the time of the machine: those of a Chinese one."""

_DATED: Final = ("date", "elapsed", "halfday")


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code, one to four.

    Raises:
        UnknownFormat: It is none.
    """
    if len(code) > LONGEST:
        raise UnknownFormat(code[:LONGEST])
    for match in re.finditer(r"\[\$-([^\]]*)\]", code):
        if match[1].lower() in _OF_SYSTEM:
            code = _OF_SYSTEM[match[1].lower()]
            break
    groups: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code):
        if match.lastgroup == "end":
            groups.append([])
        else:
            groups[-1].append(match)
    if len(groups) > 4:  # noqa: PLR2004  positive, negative, zero, text
        raise UnknownFormat(code)
    return tuple(_section(group, code) for group in groups)


def _section(matches: Sequence[re.Match[str]], code: str) -> Section:
    parts: list[Part] = []
    condition, numerals, han = None, 0, False
    for match in matches:
        kind = str(match.lastgroup)
        text = match[kind]
        if kind != "bracket":
            parts.append(_part(kind, text, code))
        elif found := _CONDITION.fullmatch(text):
            condition = (found[1], Decimal(found[2]))
        elif found := _CURRENCY.fullmatch(text):
            parts.append(Part("literal", found[1]))
            han = han or _HAN_LOCALE.fullmatch(found[2] or "") is not None
        elif found := _NUMERALS.fullmatch(text):
            numerals = int(found[1])   # what else stands in brackets is a colour
    if any(part.kind in _DATED for part in parts):
        if any(part.kind in {"digit", "general"} for part in parts):
            raise UnknownFormat(code)
        parts = [part if part.kind in _DATED else Part("literal", part.text) for part in parts]
    return Section(tuple(part for part in parts if part.text), condition, numerals, han)


def _part(kind: str, text: str, code: str) -> Part:
    if kind == "space":
        return Part("literal", " " if text else "")
    if kind == "fill":
        return Part("literal", "")
    if kind in {"quoted", "escaped"}:
        return Part("literal", text)
    if kind != "other":
        return Part(kind, text.lower() if kind in _DATED else text)
    if text in _KINDS:
        return Part(_KINDS[text], text)
    if text.isascii() and text.isalpha():
        raise UnknownFormat(code)
    return Part("literal", text)
