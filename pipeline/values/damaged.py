"""Operators that a recogniser misread: 之95% and 芝95% for ≥95%, s30天 for ≤30天.

What is read so is a guess, however likely: whoever takes it must say so in a finding.
"""

import re

from pipeline.values import target
from pipeline.values.fold import LIMIT, fold
from pipeline.values.lexicon import LEXICON

_SIGNS: dict[str, str] = {
    sign: operator for operator, signs in LEXICON["damaged"].items() for sign in signs.split()
}
_AT_LEAST, _TWO = ">=", "2"
# A 2 may be a digit of the number: it is a sign only where white space parts it from the number.
_APART = re.compile(r"\s*[2２]\s+([0-9０-９][0-9０-９.．]*\s*[^0-9０-９.．,，\s].*)", re.DOTALL)
_FULL_SHARE = 100


def mended(text: str) -> str | None:
    """The text with the operator that was probably printed; None where nothing speaks for damage.

    >>> mended("之95%"), mended("芝 20（次）"), mended("s30天"), mended("2 95%")
    ('>=95%', '>=20(次)', '<=30天', '>=95%')

    What reads well as it stands, and what would still be no number with a unit, is not touched.

    >>> [mended(t) for t in ("之前", "295%", "2 95", "s级", "之一", "2次", "S5", "10 20次", "≥95%", "")]
    [None, None, None, None, None, None, None, None, None, None]
    """
    if len(text) > LIMIT:
        return None
    apart = _APART.fullmatch(text)
    operator, rest = (_AT_LEAST, fold(apart[1])) if apart else _torn(fold(text))
    if operator is None:
        return None
    read = target.parse(operator + rest)
    if read.kind != "number" or read.unit is None or read.operator != operator:
        return None
    return operator + rest


def _torn(folded: str) -> tuple[str | None, str]:
    rest = folded[1:]
    if folded[:1] == "(" and folded[2:3] == ")":   # (之)95%
        folded, rest = folded[1:], folded[3:]
    sign = _SIGNS.get(folded[:1])
    return (sign, rest) if sign is not None and rest[:1].isdigit() else (None, "")


def operator(text: str) -> str | None:
    """The operator that a cell of its own probably printed (指标性质, 计算符号).

    >>> operator("之"), operator("2"), operator("s"), operator("≥"), operator("定性")
    ('>=', '>=', '<=', None, None)
    """
    sign = fold(text) if len(text) <= LIMIT else ""
    return _AT_LEAST if sign == _TWO else _SIGNS.get(sign)


def may_be_torn(text: str) -> bool:
    """Whether a share above 100 may be ≥ and a share: 295% for ≥95%. It is read as printed.

    >>> may_be_torn("295%"), may_be_torn("2100（%）"), may_be_torn("200%"), may_be_torn("150%"), may_be_torn("295次")
    (True, True, False, False, False)
    """
    read = target.parse(text)
    if read.kind != "number" or read.unit != "%" or read.operator is not None or read.value is None:
        return False
    digits = f"{read.value:f}"
    if digits[:1] != _TWO or digits[1:2] in ("", "0", "."):
        return False
    return float(digits[1:]) <= _FULL_SHARE
