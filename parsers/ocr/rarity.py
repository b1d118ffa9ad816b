"""How seldom characters stand in the documents that are read: what a recogniser of many scripts should know of them.

A prior and no list of what may be printed: a character that the recogniser is sure of stays, and one
that it holds for hardly likelier than its everyday double gives way to that.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.ocr.engine import Frames

SELDOM: Final = 0.05      # of the odds of a character outside GB 2312, in which all but names is written
KNOWN: Final = frozenset("㎡㎥³²≧≦℃‰①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳…—–√×·•€￥<>≥≤ⅠⅡⅢⅣⅤ∶㎏㎞㎜㎝★☆■□▲●○◆☑☐✓")
FROM: Final = 0.02        # odds of a step that are worth weighing


def weights_of(alphabet: Sequence[str]) -> npt.NDArray[np.float32]:
    """What the odds of each character are multiplied by."""
    return np.array([_weight(character) for character in alphabet], np.float32)


def weighed(answer: Frames, weights: npt.NDArray[np.float32]) -> Frames:
    """An answer with the odds of rare characters lowered, those of each step together as they were."""
    factors = weights[answer.classes]
    doubtful = ((factors < 1) & (answer.odds > FROM)).any(axis=1)
    if not doubtful.any():
        return answer
    classes, odds = answer.classes.copy(), answer.odds.copy()
    some = odds[doubtful] * factors[doubtful]
    some *= odds[doubtful].sum(axis=1, keepdims=True) / some.sum(axis=1, keepdims=True)
    order = np.argsort(-some, axis=1, kind="stable")
    odds[doubtful] = np.take_along_axis(some, order, axis=1)
    classes[doubtful] = np.take_along_axis(classes[doubtful], order, axis=1)
    return answer._replace(classes=classes, odds=odds)


def _weight(character: str) -> float:
    if character.isascii() or character in KNOWN:
        return 1.0
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return SELDOM
    return SELDOM if code[0] in {0xA4, 0xA5, 0xA7, 0xA8, 0xA9} else 1.0   # kana, Cyrillic, phonetic signs, frames
