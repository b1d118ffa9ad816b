"""Serial day numbers as dates and times: day 1 is 1900-01-01, or day 0 is 1904-01-01."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from parsers.format_codes import Part, Section, UnknownFormat
from parsers.han_numerals import by_digit, of_calendar

_LAST_DAY: Final = 2_958_465
"""9999-12-31 in the system of 1900."""

_LEAP_BUG: Final = 60
"""Lotus 1-2-3 had a 29 February 1900, and everyone kept it."""

_DAY: Final = 86_400_000
_HOUR: Final = 3_600_000
_MINUTE: Final = 60_000
_SECOND: Final = 1_000

_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
                  "October", "November", "December")
_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_HAN_MONTHS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_HAN_DAYS: Final = "日一二三四五六"


class _Moment(NamedTuple):
    year: int
    month: int
    day: int
    weekday: int    # 0 is Sunday
    clock: int      # milliseconds of the day
    elapsed: int    # milliseconds since the epoch


def dated(section: Section, serial: Decimal, *, epoch_1904: bool) -> str:
    """A serial number as the section prints it.

    Raises:
        UnknownFormat: It is before the first or behind the last day.
    """
    parts = section.parts
    units = [(number, part) for number, part in enumerate(parts) if part.kind in {"date", "elapsed"}]
    half = any(part.kind == "halfday" for part in parts)
    moment = _moment(serial, _finest(units), epoch_1904=epoch_1904)
    texts = [part.text for part in parts]
    for position, (number, part) in enumerate(units):
        before = units[position - 1][1].text[0] if position else ""
        after = units[position + 1][1].text[0] if position + 1 < len(units) else ""
        is_minute = part.text in {"m", "mm"} and (before == "h" or after == "s")
        if part.kind == "elapsed":
            texts[number] = _elapsed(part.text, moment)
        elif is_minute or part.text[0] in "hs":
            texts[number] = _clock(part.text, moment, section, half=half)
        else:
            texts[number] = _calendar(part.text, moment, section)
    for number, part in enumerate(parts):
        if part.kind == "halfday":
            texts[number] = _halfday(part.text, moment, section)
    return "".join(texts)


def _finest(units: Sequence[tuple[int, Part]]) -> int:
    """Milliseconds to which a time is rounded: what is shown of seconds, else nothing."""
    seconds = [part.text for _, part in units if part.text[0] == "s"]
    places = max((len(text.partition(".")[2]) for text in seconds), default=3)
    return int(10 ** max(0, 3 - places))


def _moment(serial: Decimal, finest: int, *, epoch_1904: bool) -> _Moment:
    last = _LAST_DAY - 1462 if epoch_1904 else _LAST_DAY
    if not 0 <= serial < last + 1:
        raise UnknownFormat(f"day {serial}")
    total = int((serial * _DAY / finest).quantize(Decimal(1), ROUND_HALF_UP)) * finest
    number, clock = divmod(total, _DAY)
    if number > last:
        raise UnknownFormat(f"day {serial}")
    if epoch_1904:
        day = dt.date(1904, 1, 1) + dt.timedelta(number)
        return _Moment(day.year, day.month, day.day, day.isoweekday() % 7, clock, total)
    weekday = (number - 1) % 7
    if number == 0:
        return _Moment(1900, 1, 0, weekday, clock, total)
    if number == _LEAP_BUG:
        return _Moment(1900, 2, 29, weekday, clock, total)
    day = dt.date(1899, 12, 31 if number < _LEAP_BUG else 30) + dt.timedelta(number)
    return _Moment(day.year, day.month, day.day, weekday, clock, total)


def _elapsed(code: str, moment: _Moment) -> str:
    unit = {"h": _HOUR, "m": _MINUTE, "s": _SECOND}[code[0]]
    return str(moment.elapsed // unit).zfill(len(code))


def _clock(code: str, moment: _Moment, section: Section, *, half: bool) -> str:
    hours, rest = divmod(moment.clock, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds, thousandths = divmod(rest, _SECOND)
    if half:
        hours = hours % 12 or 12
    whole, point, places = code.partition(".")
    number = {"h": hours, "m": minutes, "s": seconds}[code[0]]
    text = str(number).zfill(min(len(whole), 2))
    if section.numerals:
        text = of_calendar(number, section.numerals)
    return text + point + f"{thousandths:03d}".ljust(len(places), "0")[: len(places)]


def _calendar(code: str, moment: _Moment, section: Section) -> str:
    letter, width = code[0], len(code)
    if letter in "ye":
        year = str(moment.year) if width > 2 or letter == "e" else f"{moment.year % 100:02d}"  # noqa: PLR2004
        return by_digit(year, section.numerals) if section.numerals else year
    if letter == "a":
        return "星期" * (width - 3) + _HAN_DAYS[moment.weekday]
    number = moment.month if letter == "m" else moment.day
    if width <= 2:  # noqa: PLR2004  names have three letters and more
        return of_calendar(number, section.numerals) if section.numerals else str(number).zfill(width)
    return _name(letter, width, moment, section)


def _name(letter: str, width: int, moment: _Moment, section: Section) -> str:
    if letter == "d":
        if section.han:
            return ("周", "星期")[width > 3] + _HAN_DAYS[moment.weekday]  # noqa: PLR2004
        return _DAYS[moment.weekday][: 3 if width == 3 else None]  # noqa: PLR2004
    if section.han:
        return f"{moment.month}月" if width == 3 else _HAN_MONTHS[moment.month - 1] + "月"  # noqa: PLR2004
    return _MONTHS[moment.month - 1][: {3: 3, 4: None}.get(width, 1)]


def _halfday(code: str, moment: _Moment, section: Section) -> str:
    late = moment.clock >= 12 * _HOUR
    if code[0] == "上" or section.han:
        return "下午" if late else "上午"
    return code.upper().split("/")[late]
