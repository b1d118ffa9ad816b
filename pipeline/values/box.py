"""Check boxes: the word whose box is checked. Forms exported from Word may print R and £ for ☑ and □."""

import re

from pipeline.values.fold import LIMIT, fold
from pipeline.values.lexicon import LEXICON

_TABLE = LEXICON["grade"]
CHECKED = frozenset(_TABLE["checked"])
MARKS = "".join(map(re.escape, _TABLE["checked"] + _TABLE["unchecked"]))
BOXED = re.compile(rf"\(([{MARKS}]?)\)")
_PIECES = re.compile(rf"([{MARKS}])")
_BETWEEN = "、,;/:"


def chosen(text: str) -> str | None:
    """The one word beside a checked box, folded; None where there is no box, or more than one is checked.

    >>> chosen("☑完成 □未完成"), chosen("R达成£部分达成£未达成"), chosen("是√ 否□"), chosen("完成（√）未完成（ ）")
    ('完成', '达成', '是', '完成')
    >>> chosen("☑是☑否"), chosen("□是 □否"), chosen("√"), chosen("完成"), chosen("是√否")
    (None, None, None, None, None)
    """
    if len(text) > LIMIT:
        return None
    bare = BOXED.sub(lambda box: box[1] or "□", fold(text))
    pieces = [piece for part in _PIECES.split(bare) if (piece := part.strip(_BETWEEN))]
    order = [piece in MARKS for piece in pieces]
    pairs = list(zip(pieces[::2], pieces[1::2], strict=False))
    if len(pieces) % 2 or order not in ([True, False] * len(pairs), [False, True] * len(pairs)):
        return None
    words = [(two, one) if one in MARKS else (one, two) for one, two in pairs]
    checked = [word for word, mark in words if mark in CHECKED]
    return checked[0] if len(checked) == 1 else None
