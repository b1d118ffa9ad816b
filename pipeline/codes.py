"""Codes of level names: one list over all places and years, from the words of codes.toml and labels.toml."""

import re
from functools import lru_cache
from typing import Final

from pipeline.labels import level_code, wordings
from pipeline.values.fold import fold
from pipeline.vocabulary import CODES

_ORDINAL: Final = re.compile(
    r"^(?:[(\[【]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:[)\]】][、.]?|[、.:])|[①-⑳])"
)
_POINTS: Final = re.compile(r"(?:[(\[【][^()\[\]【】]*[)\]】]?|:?[0-9]+(?:\.[0-9]+)?分?)+$")
_TAILS: Final = ("类指标", "指标", "指", "类")


@lru_cache(maxsize=4096)
def stem(name: str) -> str:
    """A level name without what tells nothing: ordinal, points, 指标.

    >>> stem("1.数量指标"), stem("质量指标（20分）"), stem("（一）产出类指标 50分"), stem("指标"), stem("③ 效益")
    ('数量', '质量', '产出', '指标', '效益')
    """
    bare = _POINTS.sub("", _ORDINAL.sub("", fold(name).rstrip(":")))
    return next((bare.removesuffix(tail) for tail in _TAILS if bare.endswith(tail) and bare != tail), bare)


@lru_cache(maxsize=1)
def _index() -> dict[tuple[int, str, str | None], str]:
    """(level, stem, level-1 code that it needs) → code."""
    index: dict[tuple[int, str, str | None], str] = {}
    for level in (1, 2):
        for code, words in wordings(f"level{level}").items():
            index |= {(level, stem(word), None): code for word in words}
        for code, entry in CODES[f"level{level}"].items():
            index |= {(level, stem(word), None): code for word in entry["names"]}
    for code, entry in CODES["level2"].items():
        for above, words in entry.get("only_under", {}).items():
            index |= {(2, stem(word), above): code for word in words}
            for word in words:
                if index.get((2, stem(word), None)) == code:
                    del index[2, stem(word), None]
    return index


@lru_cache(maxsize=4096)
def code_of(level: int, name: str | None, level1_code: str | None = None) -> str | None:
    """The code of a printed level name; None for names outside the code list.

    Args:
        level: 1 or 2.
        name: As printed.
        level1_code: The code of the level-1 name above a level-2 name; some names need it.

    >>> code_of(1, "效果指标（30分）"), code_of(2, "2.进度"), code_of(2, "环境效益指标"), code_of(2, "项目立项")
    ('benefit', 'timeliness', 'ecological', 'project_approval')
    >>> code_of(2, "其他", "satisfaction"), code_of(2, "其他", "output"), code_of(2, "社会", "cost")
    ('satisfaction_other', None, 'social_cost')
    >>> code_of(2, "培训指标"), code_of(1, "一级指标"), code_of(1, None)
    (None, None, None)
    """
    if name is None:
        return None
    key = stem(name)
    index = _index()
    found = index.get((level, key, level1_code)) or index.get((level, key, None))
    if found is None and not any((level, key, above) in index for above in CODES["level1"]):
        found = level_code(level, name)
    return found
