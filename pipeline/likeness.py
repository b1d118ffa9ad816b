"""How like a misread text is to the words of the forms, and whether it is two of them."""

from functools import lru_cache
from itertools import combinations
from typing import Final

from pipeline.cell_kinds import look
from pipeline.labels import bare_label, wordings

LEAST_LIKENESS: Final = 0.5
"""Share of the signs of a word that must have been read."""

SHORTEST: Final = 2
"""Signs of a label."""


@lru_cache(maxsize=4096)
def alike(bare: str, group: str) -> tuple[tuple[str, float], ...]:
    """Labels of a group with the share of their likest wording that a text has."""
    found = []
    for label, words in wordings(group).items():
        share = max(likeness(bare, word) for word in words)
        if share >= LEAST_LIKENESS:
            found.append((label, share))
    return tuple(found)


def likeness(text: str, word: str) -> float:
    """The share of signs that two texts have in common at their places, 0 to 1.

    >>> likeness("得兮", "得分"), likeness("三级指标", "二级指标"), likeness("权权重", "权重")
    (0.5, 0.75, 0.6666666666666667)
    """
    longer = max(len(text), len(word))
    if not longer or abs(len(text) - len(word)) > longer * (1 - LEAST_LIKENESS):
        return 0.0
    return 1.0 - _edits(text, word) / longer


def _edits(text: str, word: str) -> int:
    """Signs to insert, drop or exchange to come from one text to the other."""
    row = list(range(len(word) + 1))
    for at, sign in enumerate(text, 1):
        left, row[0] = row[0], at
        for place, other in enumerate(word, 1):
            left, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, left + (sign != other))
    return row[-1]


@lru_cache(maxsize=4096)
def halves(text: str, group: str) -> tuple[str, str] | None:
    """Two labels whose cells were read as one, one behind the other or within it; None where a text is not two.

    >>> halves("实际完成值分值", "indicator_head"), halves("偏差原因分析及得分改进措施", "indicator_head")
    (('实际完成值', '分值'), ('偏差原因分析及改进措施', '得分'))
    >>> halves("三级指标名称", "indicator_head")
    """
    if len(text) < 2 * SHORTEST or _is_listed(text, group):
        return None
    for start, end in combinations(range(len(text) + 1), 2):
        part, rest = text[start:end], text[:start] + text[end:]
        if min(len(part), len(rest)) >= SHORTEST and group in look(part).labels and _is_listed(rest, group):
            return (part, rest) if start == 0 else (rest, part)
    return None


def _is_listed(text: str, group: str) -> bool:
    """Whether a text is a wording as it is listed; what only sounds like one is none to cut a cell for."""
    label = look(text).labels.get(group)
    return label is not None and bare_label(text) in wordings(group).get(label, ())
