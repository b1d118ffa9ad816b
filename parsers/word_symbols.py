"""Characters that Word prints in symbol fonts: a letter in the file, a box with a tick on paper.

From the code charts of Symbol, Wingdings, Wingdings 2 and Webdings as Microsoft publishes them;
only what forms print is listed.
"""

import re
from collections.abc import Mapping
from typing import Final

_WINGDINGS: Final = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖",
    0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xFB: "×", 0xFC: "√",
    0xFD: "☒", 0xFE: "☑",
    **{0x81 + step: chr(0x2460 + step) for step in range(10)},
    **{0x8C + step: chr(0x2776 + step) for step in range(10)},
}
_WINGDINGS_2: Final = {
    0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●", 0x9E: "○",
    0xA2: "■", 0xA3: "□", 0xA4: "□", 0xA5: "□",
    **{0x6A + step: chr(0x2460 + step) for step in range(10)},
}
_WEBDINGS: Final = {0x61: "√", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "×"}
_GREEK: Final = dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)) | dict(
    zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)
)
_SYMBOL: Final = _GREEK | {
    0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD7: "·", 0xE5: "∑",
}
_FONTS: Final[Mapping[str, Mapping[int, str]]] = {
    "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS, "symbol": _SYMBOL,
}
# Where no font is named, the usual check boxes and bullets, which do not collide.
_ANY: Final = {
    **{code: _WINGDINGS[code] for code in (0x6C, 0x6E, 0x6F, 0x75, 0xA8, 0xD8, 0xFB, 0xFC, 0xFD, 0xFE)},
    0x50: "√", 0x52: "☑", 0x53: "☒", 0xA3: "□", 0xB3: "≥", 0xB7: "•",
}
_PRIVATE: Final = 0xF000   # symbol fonts repeat their 256 codes here
_IN_PRIVATE: Final = re.compile("[\uf020-\uf0ff]")
_CODE: Final = re.compile(r"[0-9A-Fa-f]{1,6}\Z")
_HIGHEST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def is_symbol_font(font: str | None) -> bool:
    """Whether letters in this font print as signs."""
    return font is not None and font.lower() in _FONTS


def printed(text: str, font: str | None = None) -> str:
    """The text as its font prints it; what is not listed stays.

    >>> printed("优R 良£", "Wingdings 2"), printed("\uf0fe是"), printed("R")
    ('优☑ 良□', '☑是', 'R')
    """
    glyphs = _FONTS.get(font.lower()) if font else None
    if glyphs is not None:
        return "".join([glyphs.get(ord(sign) & 0xFF if _IN_PRIVATE.match(sign) else ord(sign), sign)
                        for sign in text])
    if _IN_PRIVATE.search(text):
        return _IN_PRIVATE.sub(lambda sign: _ANY.get(ord(sign[0]) - _PRIVATE, sign[0]), text)
    return text


def symbol(code: str, font: str | None) -> str:
    """The sign of a ``w:sym`` element: its code in hexadecimal and its font.

    >>> symbol("F052", "Wingdings 2"), symbol("00A8", "Wingdings"), symbol("2611", None), symbol("?", None)
    ('☑', '□', '☑', '')
    """
    if not _CODE.match(code):
        return ""
    value = int(code, 16)
    if not value or value in _SURROGATES or value > _HIGHEST:
        return ""
    return printed(chr(value), font)
