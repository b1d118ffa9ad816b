"""Numbers in Chinese numerals, as the number formats [DBNum1] to [DBNum3] print them."""

from typing import Final

DIGITS: Final = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
"""The digits 0–9 of each of the three ways."""

_PLACES: Final = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟"), 3: ("", "十", "百", "千")}
_MYRIADS: Final = ("", "万", "亿", "万亿", "亿亿")
_GROUP: Final = 4


def by_digit(text: str, way: int) -> str:
    """Each digit by itself, all else unchanged.

    >>> by_digit("2024", 1), by_digit("12.50", 3)
    ('二〇二四', '１２.５０')
    """
    return text.translate(str.maketrans("0123456789", DIGITS[way]))


def spelled(digits: str, way: int) -> str:
    """A whole number of ASCII digits read aloud; one beyond 20 digits goes digit by digit.

    >>> spelled("1204", 1), spelled("12", 1), spelled("100050000", 2), spelled("0", 1)
    ('一千二百〇四', '一十二', '壹亿零伍万', '〇')
    """
    digits = digits.lstrip("0")
    if len(digits) > _GROUP * len(_MYRIADS):
        return by_digit(digits, way)
    zero = DIGITS[way][0]
    text, skipped = "", False
    for index, digit in enumerate(digits):
        place = len(digits) - 1 - index
        if digit == "0":
            skipped = True
        else:
            text += zero * (skipped and bool(text)) + DIGITS[way][int(digit)] + _PLACES[way][place % _GROUP]
            skipped = False
        group = place // _GROUP
        if place % _GROUP == 0 and digits[max(0, index - _GROUP + 1) : index + 1].strip("0"):
            text += _MYRIADS[group]
    return text or zero


def of_calendar(number: int, way: int) -> str:
    """A day, a month or an hour: ten to nineteen begin with ten, not with one-ten.

    >>> of_calendar(12, 1), of_calendar(30, 1), of_calendar(5, 2)
    ('十二', '三十', '伍')
    """
    text = spelled(str(number), way)
    one = DIGITS[way][1]
    return text.removeprefix(one) if text.startswith(one + _PLACES[way][1]) and way == 1 else text
