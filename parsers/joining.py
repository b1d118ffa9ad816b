"""One way to join the lines that were broken inside a cell."""

import re
from collections.abc import Iterable

# A Latin word may carry its punctuation over the break; a digit is no word, for numbers
# and their units are broken in the middle ("=100.0" | "0（%）").
_ENDS_IN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][,.;:!?)]?\Z")
_STARTS_WITH_WORD = re.compile(r"\(?[A-Za-z\u00c0-\u024f]")


def join_lines(parts: Iterable[str]) -> str:
    """Joins broken lines without a space, but for one between two Latin words.

    >>> join_lines(["部分达成指标并具有", " 一定效果"])
    '部分达成指标并具有一定效果'
    >>> join_lines(["=100.0", "0（%）"]), join_lines(["Windows", "Server 版"])
    ('=100.00（%）', 'Windows Server 版')
    """
    joined = ""
    for part in parts:
        line = part.strip()
        if _STARTS_WITH_WORD.match(line) and _ENDS_IN_WORD.search(joined[-2:]):
            joined += " "
        joined += line
    return joined
