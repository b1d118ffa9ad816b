"""Personal data that must not reach the tables."""

import re

_NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|0\d{2,3}[-—－]?\d{7,8})(?!\d)")
"""Mobile, identity-card and land-line numbers."""


def redacted(text: str) -> str:
    """The text without telephone and identity-card numbers.

    >>> redacted("咨询电话13812345678，021-64220000")
    '咨询电话***，***'
    """
    return _NUMBERS.sub("***", text)
