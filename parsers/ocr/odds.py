"""Log odds and shares of what a sign may be."""

from collections.abc import Sequence
from math import exp
from typing import Final

MOST: Final = 6.0         # log odds that one measure may give

Form = tuple[Sequence[str], float]
"""Characters for the places of a choice, and their share."""


def share_of(odds: float) -> float:
    """The share of what has such log odds."""
    return 1 / (1 + exp(-held(odds)))


def held(odds: float, most: float = MOST) -> float:
    """Log odds within what one measure may give."""
    return max(-most, min(most, odds))
