"""Readings that combine what several readings of one cell saw, each character at its place."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from parsers.grid import Seen

MOST_VARIANTS: Final = 64
"""Combinations that are looked at, the likeliest first."""

MOST_AT_PLACE: Final = 3


def variants(readings: Sequence[Seen], *, apart: bool = False) -> list[Seen]:
    """Every reading and what they combine to, the likeliest first.

    The first reading says where the places are: each of its characters is one, and so is what
    stands between two.

    Args:
        readings: What was seen, the best first.
        apart: Whether places are judged apart from each other; else what was seen whole keeps its chance.

    >>> seen = [Seen("项日名祢", 0.5), Seen("项目名祢", 0.3), Seen("项日名称", 0.2)]
    >>> [text for text, _ in variants(seen)]
    ['项日名祢', '项目名祢', '项日名称', '项目名称']
    """
    found = {text: chance for text, chance in _combined(readings) if text}
    if not apart:
        found |= dict(readings)
    return sorted((Seen(text, chance) for text, chance in found.items()), key=_chance, reverse=True)


def _chance(reading: Seen) -> float:
    return reading.probability


def _combined(readings: Sequence[Seen]) -> list[tuple[str, float]]:
    total = sum(chance for _, chance in readings)
    if total <= 0:
        return []
    places: list[dict[str, float]] = [{} for _ in range(2 * len(readings[0].text) + 1)]
    for text, chance in readings:
        for place, piece in zip(places, _pieces(readings[0].text, text), strict=True):
            place[piece] = place.get(piece, 0.0) + chance
    grown = [("", 1.0)]
    for place in places:
        if len(place) == 1:
            piece = next(iter(place))
            grown = [(text + piece, chance) for text, chance in grown] if piece else grown
            continue
        likely = sorted(place.items(), key=lambda one: -one[1])[:MOST_AT_PLACE]
        grown = sorted(
            ((text + piece, so_far * chance / total) for text, so_far in grown for piece, chance in likely),
            key=lambda one: -one[1],
        )[:MOST_VARIANTS]
    return [(text, chance * total) for text, chance in grown]


def _pieces(pivot: str, text: str) -> list[str]:
    """What a reading has at each place: before the first character, at it, behind it, and so on."""
    pieces = [""] * (2 * len(pivot) + 1)
    for _, low, high, into, until in SequenceMatcher(None, pivot, text, autojunk=False).get_opcodes():
        if high == low:
            pieces[2 * low] = text[into:until]
        elif high - low == until - into:
            for step in range(high - low):
                pieces[2 * (low + step) + 1] = text[into + step]
        else:
            pieces[2 * low + 1] = text[into:until]
    return pieces
