"""Characters that fonts' maps give in place of the ideograph that is printed.

Subset fonts often map a glyph back to the radical (⽬ ⻔ ⺠) or to the compatibility ideograph that shares it
with the ideograph meant (目 门 民). Reports print no radicals, so each is read as its ideograph.

Source: Unicode 14, EquivalentUnifiedIdeograph.txt, for the CJK radicals supplement, which NFKC leaves
alone; NFKC for the Kangxi radicals and the compatibility ideographs.
"""

import re
import unicodedata
from typing import Final

_SUPPLEMENT: Final = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩"
    "⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑"
    "⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_SUPPLEMENT_MEANS: Final = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王"
    "𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長"
    "镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_FOLDED_BY_NFKC: Final = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA))
_LOOK_ALIKE: Final = re.compile("[\u2e80-\u2fd5\uf900-\ufad9]")

IDEOGRAPHS: Final = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _FOLDED_BY_NFKC},
    **{ord(radical): ideograph for radical, ideograph in zip(_SUPPLEMENT, _SUPPLEMENT_MEANS, strict=True)},
}
"""Code points that stand for an ideograph, and that ideograph."""


def unify(text: str) -> str:
    """The text with ideographs in place of radicals.

    >>> unify("项⽬，部⻔，居⺠")
    '项目，部门，居民'
    """
    return text.translate(IDEOGRAPHS) if _LOOK_ALIKE.search(text) else text
