"""What a page prints beside its text: numbers of pages, forms and annexes."""

import re

from pipeline.values.fold import fold

LONGEST = 20
"""Characters of such a line."""

_NUMERAL = "[0-9一二三四五六七八九十]{1,4}"
_FURNITURE = re.compile(
    rf"(?:公开|附件?|附表|续?表|样表){_NUMERAL}(?:-{_NUMERAL})?表?:?|附件:?|\(?续表\)?"
    rf"|第{_NUMERAL}页[,/]?(?:共{_NUMERAL}页)?|[-—–－]+{_NUMERAL}[-—–－]+"
)


def is_furniture(text: str) -> bool:
    """Whether a line by itself is no text of the report.

    >>> [is_furniture(text) for text in ("— 12 —", "第3页 共10页", "附件2：", "公开14表", "（续表）")]
    [True, True, True, True, True]
    >>> [is_furniture(text) for text in ("12", "附件已报送", "100/100", "-")]
    [False, False, False, False]
    """
    return len(text) <= LONGEST and _FURNITURE.fullmatch(fold(text)) is not None
