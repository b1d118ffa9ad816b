"""Values as a spreadsheet displays them: 0.95 under ``0%`` is ``95%``.

A small renderer of number format codes (ECMA-376 part 1, 18.8.30 and 18.8.31). All arithmetic is
decimal: what a file stores as 0.28499999999999998 is 0.285 to the fifteen digits that spreadsheet
programs calculate with, and halves are rounded away from zero. The width of columns is left out:
nothing is shown as ####.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from parsers.format_codes import Section, UnknownFormat, sections
from parsers.format_dates import dated
from parsers.format_digits import EXACT, filled
from parsers.han_numerals import by_digit, spelled

__all__ = ["BUILT_IN", "GENERAL", "UnknownFormat", "code_of", "general", "shown"]

GENERAL: Final = "General"

_STORED: Final = Context(prec=15, rounding=ROUND_HALF_UP)

_YUAN: Final = '"¥"#,##0{0};{1}"¥"\\-#,##0{0}'
_ACCOUNT: Final = '_ {1}* #,##0{0}_ ;_ {1}* \\-#,##0{0}_ ;_ {1}* "-"{2}_ ;_ @_ '
_YEAR_MONTH: Final = 'yyyy"年"m"月"'
_MONTH_DAY: Final = 'm"月"d"日"'
_HALF_TIME: Final = ('上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"')

BUILT_IN: Final[Mapping[int, str]] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: _YUAN.format("", ""), 6: _YUAN.format("", "[Red]"),
    7: _YUAN.format(".00", ""), 8: _YUAN.format(".00", "[Red]"),
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: _HALF_TIME[0], 35: _HALF_TIME[1], 36: _YEAR_MONTH,
    37: "#,##0;\\-#,##0", 38: "#,##0;[Red]\\-#,##0",
    39: "#,##0.00;\\-#,##0.00", 40: "#,##0.00;[Red]\\-#,##0.00",
    41: _ACCOUNT.format("", "", ""), 42: _ACCOUNT.format("", '"¥"', ""),
    43: _ACCOUNT.format(".00", "", "??"), 44: _ACCOUNT.format(".00", '"¥"', "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY,
    55: _HALF_TIME[0], 56: _HALF_TIME[1], 57: _YEAR_MONTH, 58: _MONTH_DAY,
}
"""Codes that files name by number alone, as a Chinese program shows them; all others are General."""

_OF_SYSTEM: Final = frozenset({14, 22, *range(27, 37), *range(50, 59)})
"""Those that follow the language of the machine, whatever the file says of them."""


def code_of(number: int, given: Mapping[int, str]) -> str:
    """The code of a format number, from those that the file gives and the built-in ones.

    >>> code_of(14, {14: "m/d/yy"}), code_of(164, {164: "0.0%"}), code_of(9, {}), code_of(200, {})
    ('yyyy/m/d', '0.0%', '0%', 'General')
    """
    own = None if number in _OF_SYSTEM else given.get(number)
    return own or BUILT_IN.get(number, GENERAL)


def shown(value: Decimal | str, code: str, *, epoch_1904: bool = False) -> str:
    """A number or text as the format displays it, with its outer white space.

    Args:
        value: A number, as exact as it is stored, below 1E+309; or text.
        code: The format code.
        epoch_1904: Whether days count from 1904.

    Raises:
        UnknownFormat: The code is no format, or cannot show this value.

    >>> shown(Decimal("0.95"), "0%"), shown(Decimal("-1234.5"), "#,##0.00;[红色]-#,##0.00")
    ('95%', '-1,234.50')
    >>> shown(Decimal(45291), 'yyyy"年"m"月"d"日";@'), shown(Decimal("0.1") + Decimal("0.2"), "General")
    ('2023年12月31日', '0.3')
    >>> shown("约", '0;-0;0;@"次"')
    '约次'
    """
    return _text(value, code) if isinstance(value, str) else _number(value, code, epoch_1904)


def general(value: Decimal) -> str:
    """A number as the format General shows it in a cell: eleven characters and a sign at most.

    >>> [general(Decimal(text)) for text in ("0.33333333333", "12345678901", "123456789012", "1.23456E-5")]
    ['0.333333333', '12345678901', '1.23457E+11', '1.23456E-05']
    """
    value = _STORED.plus(value)
    size = abs(value)
    sign = "-" if value < 0 else ""
    if not size:
        return "0"
    place = size.adjusted()
    if place < -4:  # noqa: PLR2004  smaller ones are written out only where no digit is lost
        exact = _trimmed(size)
        return sign + (exact if len(exact) <= 11 else _power(size))  # noqa: PLR2004
    places = 9 if place < 0 else max(0, 9 - place)
    rounded = size.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return sign + (_trimmed(rounded) if rounded.adjusted() <= 10 else _power(size))  # noqa: PLR2004


def _trimmed(size: Decimal) -> str:
    text = f"{size:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(size: Decimal) -> str:
    size = Context(prec=6, rounding=ROUND_HALF_UP).plus(size)
    place = size.adjusted()
    return f"{_trimmed(size.scaleb(-place))}E{'-' if place < 0 else '+'}{abs(place):02d}"


# ── which section ────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def _number(value: Decimal, code: str, epoch_1904: bool) -> str:  # noqa: FBT001  the key of the cache
    every = sections(code)
    numeric = every[:-1] if len(every) > 1 and _is_text(every[-1], len(every)) else every
    value = _STORED.plus(value)
    section, sign = _chosen(value, numeric)
    size = abs(value)
    if section.has("date", "elapsed", "halfday"):
        return dated(section, value, epoch_1904=epoch_1904)
    if section.has("digit"):
        text = filled(section.parts, size)
        return sign + (by_digit(text, section.numerals) if section.numerals else text)
    return sign + "".join(
        _general(size, section.numerals) if part.kind in {"general", "text"} else part.text
        for part in section.parts
    )


def _text(value: str, code: str) -> str:
    if code in {GENERAL, "@"}:
        return value
    every = sections(code)
    last = every[-1]
    if not _is_text(last, len(every)):
        return value
    return "".join(value if part.kind == "text" else part.text for part in last.parts)


def _is_text(last: Section, count: int) -> bool:
    """Whether the last section is that of text: the fourth, or one with @ behind others."""
    return count == 4 or (last.has("text") and not last.has("digit"))  # noqa: PLR2004


def _chosen(value: Decimal, numeric: Sequence[Section]) -> tuple[Section, str]:
    """The section for a value, and the sign that goes before it."""
    minus = "-" if value < 0 else ""
    if all(section.condition is None for section in numeric):
        if len(numeric) == 1:
            return numeric[0], minus
        index = 1 if value < 0 else 2 if not value and len(numeric) > 2 else 0  # noqa: PLR2004
        return numeric[index], ""
    for number, section in enumerate(numeric):
        condition = section.condition
        if condition is None and number == 1 and len(numeric) > 2:  # noqa: PLR2004
            condition = ("<", Decimal(0))
        if condition is None and number == 0:
            condition = (">", Decimal(0))
        if condition is None or _holds(value, *condition):
            only_negative = condition is not None and condition[0] in {"<", "<="} and condition[1] <= 0
            return section, "" if only_negative else minus
    raise UnknownFormat("no section for the value")


def _holds(value: Decimal, operator: str, bound: Decimal) -> bool:
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound,
        ">=": value >= bound, "=": value == bound, "<>": value != bound,
    }[operator]


def _general(size: Decimal, numerals: int) -> str:
    text = general(size)
    whole, point, places = text.partition(".")
    if not numerals or "E" in text:
        return text
    return spelled(whole, numerals) + point + by_digit(places, numerals)
