"""Readings of lines → readings of the cell that they make."""

from collections.abc import Sequence
from math import prod
from typing import Final

from parsers.grid import Seen
from parsers.joining import join_lines
from parsers.page import TextLine

KEPT: Final = 16
"""Readings of a cell."""


def confidence_of(lines: Sequence[TextLine]) -> float:
    """How sure all lines are, 0 to 1."""
    return prod([line.confidence for line in lines])


def seen_of(lines: Sequence[TextLine]) -> tuple[Seen, ...]:
    """The likeliest readings of lines together, the best first; empty where none was in doubt."""
    if not any(line.seen for line in lines):
        return ()
    kept: list[tuple[tuple[str, ...], float]] = [((), 1.0)]
    for line in lines:
        ways = line.seen or (Seen(line.text, line.confidence),)
        more = [((*texts, way.text), odds * way.probability) for texts, odds in kept for way in ways]
        kept = sorted(more, key=lambda one: (-one[1], one[0]))[:KEPT]
    found: dict[str, float] = {}
    for texts, odds in kept:
        text = join_lines(list(texts))
        found[text] = found.get(text, 0.0) + odds
    return tuple([Seen(text, odds) for text, odds in found.items()])
