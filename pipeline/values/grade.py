"""The grade of a form: a word, or the checked one of several boxes."""

import re

from pipeline.values.box import BOXED, CHECKED, MARKS
from pipeline.values.fold import LIMIT, fold
from pipeline.values.lexicon import LEXICON, longest_first

_TABLE = LEXICON["grade"]
_WORDS = longest_first(*_TABLE["words"].split())
_LABEL = re.compile(f"^(?:{longest_first(*_TABLE['labels'].split())}):?(?=.)")
_ITEM = re.compile(rf"(?P<mark>[{MARKS}])|(?P<word>{_WORDS})|[、,;/()]")
_SEPARATOR = re.compile(r"[\s、，,；;/]+")


def parse(text: str) -> str | None:
    """The grade word as printed.

    >>> parse("优"), parse("不合格"), parse("良好"), parse("评价等级：优"), parse("（优）")
    ('优', '不合格', '良好', '优', '优')

    Among boxes, the one that is checked; exported forms may print R and £ for ☑ and □.

    >>> parse("优☑ 良□ 中□ 差□"), parse("√优 □良"), parse("R优£良"), parse("优√ 良 中 差")
    ('优', '优', '优', '优')
    >>> parse("优（）良（√）中（）差（）")
    '良'

    None where no or more than one box is checked, or where a mark may belong to two words.

    >>> none = ("优□ 良□ 中□ 差□", "优☑良☑", "优√良中差", "优 良 中 差", "96", "优秀项目", "")
    >>> {parse(printed) for printed in none}
    {None}
    """
    if len(text) > LIMIT:
        return None
    return _read(fold(text)) or _read_apart(text)


def _read(folded: str) -> str | None:
    """The grade of a text whose marks are all before, or all after, their words."""
    bare = BOXED.sub(lambda box: box[1] or "□", _LABEL.sub("", folded))
    items = list(_ITEM.finditer(bare))
    if sum(len(item[0]) for item in items) != len(bare):
        return None
    words = [item["word"] for item in items if item["word"]]
    marks = [item["mark"] for item in items if item["mark"]]
    if len(words) == 1 and not marks:
        return str(words[0])
    order = [bool(item["word"]) for item in items if item["word"] or item["mark"]]
    if order not in ([True, False] * len(words), [False, True] * len(words)):
        return None
    chosen = [word for word, mark in zip(words, marks, strict=True) if mark in CHECKED]
    return str(chosen[0]) if len(chosen) == 1 else None


def _read_apart(text: str) -> str | None:
    """The grade where white space shows which word the only marks belong to: ``优√ 良 中``."""
    pieces = [fold(piece) for piece in _SEPARATOR.split(text.strip())]
    if len(pieces) < 2:   # noqa: PLR2004  one piece was read whole
        return None
    marked = [piece for piece in pieces if not CHECKED.isdisjoint(BOXED.sub(r"\1", piece))]
    plain = [piece for piece in pieces if piece not in marked]
    if len(marked) != 1 or not all(re.fullmatch(_WORDS, piece) for piece in plain):
        return None
    return _read(marked[0])
