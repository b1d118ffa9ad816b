"""Characters that look alike, as data: what recognisers take for each other."""

import re
from typing import Final

DIGITS: Final = {
    **{wide: str(number) for number, wide in enumerate("０１２３４５６７８９")},
    **dict.fromkeys("OoＯｏ〇○ОоΟοQ", "0"),
    **dict.fromkeys("lI|丨｜Ⅰｌ!！", "1"),
}
"""To digits, where a digit must stand. B, S and Z are not among them: they begin units."""

POINTS: Final = dict.fromkeys("．。·・", ".")
COMMAS: Final = dict.fromkeys("，、‚", ",")
DASHES: Final = dict.fromkeys("—–－一―−_ー", "-")
"""To points, commas and dashes of numbers."""

SIGNS: Final = frozenset("≥≤≧≦<>=＜＞＝》《")
OPENING: Final = frozenset("(（")
CLOSING: Final = frozenset(")）")

SPELLED: Final = (
    (re.compile(
        r"(?<![A-Za-zⅤⅩ])(?:[IⅠ1l|]?Ⅲ[IⅠ1l|!！]{1,2}|[IⅠ]Ⅲ|[IⅠ]Ⅱ[IⅠ]?|Ⅱ[IⅠ]|川[IⅠ]{1,2}|III|II[!！1l|])(?![A-Za-zⅤⅩ])"
    ), "Ⅲ"),
    (re.compile(r"(?<=[0-9（( ])%(?:60|6o|00|0|o|O|%|σ|6|e|a)(?=[)）]|$)|°/oo"), "‰"),
    (re.compile(r"%\.(?=[)）])|(?<=[(（])[xX×](?=[)）])"), "%"),
    (re.compile(r"(?<=[0-9])[·•・](?=[\u4e00-\u9fff])"), "．"),
    (re.compile(r"[〜∼]"), "～"),
    (re.compile("塡"), "填"),
)
"""What recognisers make of one character that they do not know: no form prints what is found."""

STROKES: Final = frozenset("/／1lI|丨｜丿ノ八J7\ufffd")
"""What they make of a slash that stands alone."""

FLAT: Final = frozenset("_一—–－―-二=\ufffd")
"""What they make of a dash that stands alone."""

WIDE: Final = {"(": "（", ")": "）", "=": "＝", "<": "＜", ">": "＞", "%": "％", "~": "～", "/": "／",
               ":": "：", ";": "；",
               ",": "，", ".": "．", "+": "＋", "!": "！", "?": "？", **{str(n): chr(0xFF10 + n) for n in range(10)}}
"""Half-width characters and their full-width forms."""

NARROW: Final = {wide: narrow for narrow, wide in WIDE.items()}
