"""The words of the value grammar, read from `lexicon.toml`."""

import re
import tomllib
from importlib import resources
from typing import Any

LEXICON: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("lexicon.toml").read_text("utf-8"),
)
"""The tables of the file, one for each module that needs words."""


def longest_first(*words: str) -> str:
    r"""A regular expression for any of the words, where a longer one goes first.

    >>> longest_first("内", "以内", "(含)")
    '\\(含\\)|以内|内'
    """
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
