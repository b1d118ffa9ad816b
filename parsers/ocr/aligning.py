"""Where the characters of one reading of a line stand, from where those of another do."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np


def moved(places: Sequence[float], said: str, text: str) -> tuple[float, ...]:
    """The places of the characters of ``text``, those of ``said`` being known; what is more stands between the others.

    >>> moved((0.2, 0.4, 0.8), "全建管", "全建、管")
    (0.2, 0.4, 0.6, 0.8)
    >>> moved((0.2, 0.3, 0.8), "1 管", "1管")
    (0.2, 0.8)
    """
    if len(places) != len(said):
        return ()
    if said == text:
        return tuple(places)
    found: list[float] = []
    for _, low, high, first, last in SequenceMatcher(None, said, text, autojunk=False).get_opcodes():
        if high - low == last - first:
            found += places[low:high]
        elif last > first:
            before = places[low - 1] if low else 0.0
            behind = places[high] if high < len(places) else 1.0
            start, end = (places[low], places[high - 1]) if high > low + 1 else (before, behind)
            steps = np.linspace(start, end, last - first + 2)[1:-1]
            found += [round(float(step), 4) for step in steps]
    return tuple(found)
