"""What the words of a head say of a neighbour (neighbours.toml)."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.labels import bare_label


@lru_cache(maxsize=1)
def neighbour_words() -> Mapping[str, Any]:
    """The words of neighbours' heads (neighbours.toml)."""
    return tomllib.loads(files("pipeline.templates").joinpath("neighbours.toml").read_text("utf-8"))


@lru_cache(maxsize=2048)
def foresees(text: str) -> bool:
    """Whether a head cell stands over what is foreseen, or was reached by the middle of the year.

    >>> foresees("全年预计完成情况"), foresees("1－9月执行数"), foresees("1-12月执行数"), foresees("全年执行数")
    (True, True, False, False)
    """
    words = neighbour_words()["monitoring"]
    key = bare_label(text)
    return any(part in key for part in words["parts"]) and not any(part in key for part in words["none"])


@lru_cache(maxsize=2048)
def over_results(text: str) -> bool:
    """Whether an unknown head may stand over results.

    >>> over_results("全年实绩完成"), over_results("指标解释")
    (True, False)
    """
    return any(part in text for part in neighbour_words()["results"]["parts"])
