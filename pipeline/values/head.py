"""What stands before the number of a quantity: operator, rate, or a label that changes nothing."""

from functools import lru_cache
from typing import NamedTuple

from pipeline.values import unit
from pipeline.values.lexicon import LEXICON
from pipeline.values.operator import BEFORE, is_negated


class Head(NamedTuple):
    """What the words before a number say.

    Attributes:
        operator: As in `Target`.
        per: What the quantity is a rate of, as after a slash: 月 for 每月, 人·月 for 每人每月.
        money: Whether a ¥ stands there.
        label: What is left, known to change nothing: 合格率.
    """

    operator: str | None = None
    per: str | None = None
    money: bool = False
    label: str = ""


def _per_words() -> dict[str, str]:
    spelled = {
        spelling: symbol
        for symbol in unit.PER
        for known in [unit.parse(symbol)]
        if known is not None
        for spelling in (known.unit, *known.aliases)
        if not spelling.isascii()
    }
    words = {f"每{many}{sign}": symbol for sign, symbol in spelled.items() for many in ("", "个")}
    averages: dict[str, str] = LEXICON["per"]["averages"]
    return words | averages


_TABLE = LEXICON["head"]
_PER = _per_words()
_NEUTRAL = frozenset(_TABLE["neutral"].split())
_WORDS = {*BEFORE, *_PER, *_NEUTRAL, "¥"}
_LONGEST_WORD = max(map(len, _WORDS))
_LONGEST = 30   # characters; a longer head is prose
_LONGEST_LABEL = 12
_SHARE = tuple(_TABLE["share"].split())
_MEASURE = tuple(_TABLE["measure"].split())
_OTHER = tuple(_TABLE["other"].split())
_CHANGE = tuple(_TABLE["change"].split())
_DELTA = tuple(_TABLE["delta"].split())
_DELTA_MEASURES = {delta + measure for delta in _DELTA for measure in ("率", "幅度", "比例")}
_NEGATIVE = frozenset(_TABLE["negative"])
_APPROXIMATE = tuple(_TABLE["approximate"].split())


@lru_cache(maxsize=4096)
def read(text: str) -> Head | None:
    """The folded text before a number, understood in full, or None.

    >>> read("满意度不低于")
    Head(operator='>=', per=None, money=False, label='满意度')
    >>> read("每年不少于")[:2], read("每人每月").per, read("实际完成").label, read("¥").money
    (('>=', '年'), '人·月', '', True)

    What is no exact value, a change, or not known, is none.

    >>> none = ("约", "降低投诉率", "不宜超过", "一般故障", "未完成:", "较上年增长>=", "第", "不>=")
    >>> {read(before) for before in none}
    {None}
    """
    if len(text) > _LONGEST:
        return None
    operators: list[str] = []
    per: list[str] = []
    money = False
    rest = text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text
    has_colon = rest.endswith(":")
    rest = rest.removesuffix(":")
    while word := _last_word(rest):
        rest = rest[: -len(word)]
        if word in BEFORE:
            operators.append(word)
        elif word in _PER:
            per.insert(0, _PER[word])
        else:
            money = money or word == "¥"
    operator = operators[0] if operators else None
    label = rest.removesuffix(":")
    has_colon = has_colon or rest != label
    if len(operators) > 1 or len(set(per)) < len(per):
        return None
    if rest and not _is_label(label, operator, has_colon=has_colon):
        return None
    return Head(BEFORE[operator] if operator else None, "·".join(per) or None, money, label)


def _last_word(text: str) -> str | None:
    for length in range(min(len(text), _LONGEST_WORD), 0, -1):
        if text[-length:] in _WORDS:
            return text[-length:]
    return None


def _is_label(label: str, operator: str | None, *, has_colon: bool) -> bool:
    """Whether a quantity after this text is the value of what the text names."""
    if not 0 < len(label) <= _LONGEST_LABEL or not label.isalpha() or _is_doubtful(label):
        return False
    if operator:
        return label[-1] not in _NEGATIVE and not is_negated(operator, label)
    if len(label) > 1 and label.endswith(_SHARE):
        return True
    if len(label) == 1 or label.startswith(_OTHER) or any(word in label for word in _DELTA):
        return False
    return has_colon or label.endswith(_MEASURE)


def _is_doubtful(label: str) -> bool:
    """Whether the number after the label is a change, a part, or not exact."""
    by_how_much = label.startswith(_DELTA) and label not in _DELTA_MEASURES
    return by_how_much or label.endswith(_APPROXIMATE) or any(word in label for word in _CHANGE)
