"""One spelling for every width and look-alike, so that the grammars stay small.

NFKC alone does too little (``≧`` ``—`` ``⻔`` stay) and too much: it turns a footnote mark
into a digit (``10①`` would read 101). Folding happens on a copy; cells keep print.
"""

import re
import unicodedata
from functools import lru_cache

LIMIT = 200
"""Characters. No printed value is longer; what is longer is prose and is not looked at."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SPELLINGS = {
    ">=": "≥≧⩾≮",
    "<=": "≤≦⩽≯",
    "-": "‐‑‒–−",
    "—": "―─━",   # kept apart from the minus: a dash before a number is no sign
    "~": "∼〜",
    "": _INVISIBLE,
}
_RADICALS = (   # PDF fonts map these glyphs to radicals that NFKC does not know
    "⺁厂⺄乙⺇几⺊卜⺎兀⺒巳⺓幺⺕彐⺛旡⺝月⺟母⺠民⺧牛⺩王⺫目⺬示⺮竹⺶羊⺻聿⺼月⻀艹⻁虎⻃覀⻄西⻅见⻆角"
    "⻇角⻉贝⻋车⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻲亀⻳龟"
)
_TABLE = (
    {sign: to for to, signs in _SPELLINGS.items() for sign in signs}
    | dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    | {chr(code): "" for code in range(0x3001) if chr(code).isspace()}
)
_OTHER_SPELLING = re.compile(f"[{''.join(map(re.escape, _TABLE))}]")
_COMMON = r"[0-9A-Za-z.%,()+/:;\u3001\u3002\u4e00-\u9fff-]*"
_SETTLED = re.compile(rf"{_COMMON}(?:(?:[<>]=?|=)(?![<>=]){_COMMON})*")   # folds to itself
# Numbers in disguise (², ①, ⑴, ½, ㈠, Ⅳ): as digits they would join the number before them.
_DISGUISED = re.compile(
    r"([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u2189\u2460-\u249b\u24ea-\u24ff"
    r"\u2776-\u2793\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\U0001f100-\U0001f10c]+)",
)
_EQUALS = re.compile(r"([<>]?)(=+)([<>]?)")
_SPLIT_NUMBER = re.compile(
    rf"[\d.,．，][\s{_INVISIBLE}]+[\d.,．，]|^\s*[-+－＋‐‑‒–−]\s",
)
_MARKS = {"《": "<", "〈": "<", "》": ">", "〉": ">"}
_MARK = re.compile(r"^[《》〈〉](?=[=0-9+-]|$)")


@lru_cache(maxsize=256)   # one print is folded by several modules in a row
def fold(text: str) -> str:
    """The text without white space, each sign in its one spelling.

    >>> fold("≧ ９５．００（％）"), fold("＞＝90%"), fold("=< 5"), fold("》5000份")
    ('>=95.00(%)', '>=90%', '<=5', '>5000份')
    >>> fold("《简讯》2期"), fold("部⻔ 名称"), fold("───"), fold("10～20㎡")
    ('《简讯》2期', '部门名称', '———', '10~20m2')

    Marks that NFKC would turn into digits stay as they are.

    >>> fold("100①"), fold("５m²")
    ('100①', '5m²')
    """
    folded = text
    while not _SETTLED.fullmatch(folded):
        before, folded = folded, _fold_once(folded)
        if folded == before:
            break
    return folded


def fold_value(text: str) -> str | None:
    """The folded text of a cell that may hold one value; None where it cannot.

    It cannot where it is longer than `LIMIT`, or where white space stands inside a number:
    ``10 20`` may be two numbers, a number in two lines, or a spaced one; ``- 5`` is a blank
    mark and a number, or a negative one.

    >>> fold_value("95.00 （%）"), fold_value("10 20"), fold_value("1, 200"), fold_value("- 5")
    ('95.00(%)', None, None, None)
    """
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return text if len(text) <= LIMIT else None   # a plain decimal, as most prints are
    if len(text) > LIMIT or _SPLIT_NUMBER.search(text):
        return None
    return fold(text)


def _fold_once(text: str) -> str:
    if _DISGUISED.search(text):
        pieces = _DISGUISED.split(text)
        pieces[::2] = [unicodedata.normalize("NFKC", piece) for piece in pieces[::2]]
        folded = "".join(pieces)
    else:
        folded = unicodedata.normalize("NFKC", text)
    folded = _OTHER_SPELLING.sub(lambda sign: _TABLE[sign[0]], folded)
    if ("《" in folded or "〈" in folded) != ("》" in folded or "〉" in folded):
        # Title marks come in pairs; a lone one that opens a value is a mistyped ＜ or ＞.
        folded = _MARK.sub(lambda mark: _MARKS[mark[0]], folded)
    if "=" in folded:
        folded = _EQUALS.sub(r"\1\3=", folded)
    return folded
