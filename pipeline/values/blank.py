"""Cells that say that nothing stands in them."""

import re

from pipeline.values.fold import LIMIT, fold
from pipeline.values.lexicon import LEXICON

_PUNCTUATION = re.compile(r"[-—~_/\\|.…·*,、。;:()\[\]]*")
_WORDS = frozenset(LEXICON["blank"]["words"].split())


def is_blank(text: str) -> bool:
    """Whether the cell holds nothing: marks alone, or a word that says so.

    >>> [is_blank(t) for t in ("", " ", "-", "——", "－", "/", "……", "无", "不适用", "N/A", "无。")]
    [True, True, True, True, True, True, True, True, True, True, True]
    >>> [is_blank(t) for t in ("0.00", "0", "无偏差", "一", "优")]
    [False, False, False, False, False]
    """
    return len(text) <= LIMIT and _is_blank(text)


def _is_blank(text: str) -> bool:
    folded = fold(text)
    return _PUNCTUATION.fullmatch(folded) is not None or folded.strip("()。;") in _WORDS
