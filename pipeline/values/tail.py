"""What stands after the number of a quantity: unit, operator, or a word that changes nothing."""

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.values import unit
from pipeline.values.lexicon import LEXICON, longest_first
from pipeline.values.operator import AFTER


class Tail(NamedTuple):
    """The operator and the unit that the words after a number give, each may be missing."""

    operator: str | None = None
    unit: str | None = None


_TABLE = LEXICON["tail"]
_LONGEST = 30   # characters; a longer tail is prose
_INCLUSIVE = ("(含)", "(含本数)", "(及)")
_ROUND = str.maketrans("[]【】〔〕", "()()()")
_TAIL = re.compile(
    r"(?P<bare>[^()]*?)(?:\((?P<inner>[^()]+)\))?"
    rf"(?:(?P<operator>{longest_first(*AFTER)})(?:{longest_first(*_TABLE['within'].split())})?"
    rf"|(?P<share>{longest_first(*_TABLE['share'].split())})|整)?",
)
_COMMENT = re.compile(_TABLE["comment"])
_PRINTED_UNIT = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff/]{0,5}")


@lru_cache(maxsize=4096)
def read(text: str) -> Tail | None:
    """The folded text after a number, understood in full, or None.

    >>> read("个工作日内办结")
    Tail(operator='<=', unit='工作日')
    >>> read("%(含)以上")[:], read("(次)").unit, read("万(元)").unit, read("").unit
    (('>=', '%'), '次', '万元', None)

    A unit that no table knows is taken as printed in brackets, and only there.

    >>> read("(起诉)").unit
    '起诉'
    >>> {read(after) for after in ("棚", "次左右", "(已完成)", "次(%)", ",", "%(含)", "余次")}
    {None}
    """
    rest = text.rstrip("。;!")
    if not rest:
        return Tail()
    if len(rest) > _LONGEST:
        return None
    if len(rest) > 1:
        rest = rest.rstrip(",、")   # right after the digits it may be a cut number
    known = unit.parse(rest)
    if known is not None:
        return Tail(None, known.unit)
    rest = rest.translate(_ROUND)
    plain = rest
    for mark in _INCLUSIVE:
        plain = plain.replace(mark, "")
    found = _TAIL.fullmatch(plain)
    if found is None or (plain != rest and not found["operator"]):
        return None
    sign = _unit(found["bare"], found["inner"])
    if sign is None or (found["share"] and sign != "%"):
        return None
    return Tail(AFTER[found["operator"]] if found["operator"] else None, sign or None)


def _unit(bare: str, inner: str | None) -> str | None:
    """The symbol of a unit printed bare, in brackets, or both; "" for no unit, None for unknown."""
    outside = unit.parse(bare) if bare else None
    if bare and outside is None:
        return None
    if inner is None:
        return outside.unit if outside else ""
    inside = unit.parse(inner)
    if outside is None:
        if inside is not None:
            return inside.unit
        return inner if _PRINTED_UNIT.fullmatch(inner) and not _COMMENT.search(inner) else None
    return _both(outside, inside, bare, inner)


def _both(outside: unit.Unit, inside: unit.Unit | None, bare: str, inner: str) -> str | None:
    """The symbol of a unit printed twice: the same, a multiple and its unit, or two counting words."""
    if inside == outside:
        return outside.unit
    both = unit.parse(bare + inner)   # 5万(人次)
    if both is not None and outside.unit in unit.MULTIPLES:
        return both.unit
    either = inside is not None and inside.dimension == outside.dimension == "count"
    return f"{bare}({inner})" if either else None   # 5个(套): which of them is not said
