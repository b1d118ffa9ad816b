"""The operator of a target: a sign or a word, before the number, after it, or in its own cell."""


from pipeline.values.fold import LIMIT, fold
from pipeline.values.lexicon import LEXICON

_TABLE = LEXICON["operator"]
BEFORE: dict[str, str] = {word: sign for sign, words in _TABLE["before"].items() for word in words}
"""Operator by the word that stands before a number."""

AFTER: dict[str, str] = {word: sign for sign, words in _TABLE["after"].items() for word in words}
"""Operator by the word that stands after a number or its unit."""

NO_OPERATOR = frozenset(_TABLE["none"])
"""What a column 指标性质 prints where a target has no operator."""

LONGEST = 8
"""Characters of an operator in a cell of its own."""

_NEGATABLE = frozenset(_TABLE["negation"]["negatable"])
_NEGATION = frozenset(_TABLE["negation"]["before"])


def parse(text: str) -> str | None:
    """The operator that is the whole text, as in a column 指标性质 or 计算符号.

    >>> [parse(t) for t in ("≥", "＝", "》=", "≦", "（＞）", "大于等于", "不超过", "以内")]
    ['>=', '=', '>=', '<=', '>', '>=', '<=', '<=']
    >>> parse("定性"), parse("正向指标"), parse("≥90"), parse("")
    (None, None, None, None)
    """
    if len(text) > LIMIT:
        return None
    word = fold(text)
    if word[:1] == "(" and word[-1:] == ")":
        word = fold(word[1:-1])
    return BEFORE.get(word) or AFTER.get(word)


def stands_alone(text: str) -> bool:
    """Whether the whole text is an operator, or the word for an indicator that has none.

    >>> stands_alone("≥"), stands_alone("定性"), stands_alone("≥90"), stands_alone("维修")
    (True, True, False, False)
    """
    return len(text) <= LONGEST and (parse(text) is not None or fold(text) in NO_OPERATOR)


def is_negated(word: str, before: str) -> bool:
    """Whether a positive operator word is turned round by what stands before it.

    >>> is_negated("超过", "不宜"), is_negated("不超过", "协会"), is_negated("超过", "误差")
    (True, False, False)
    """
    return word[0] in _NEGATABLE and before[-1:] in _NEGATION
