"""Readings that combine what several readings of one cell saw, each character at its place."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from parsers.grid import Seen

MOST_VARIANTS: Final = 64
"""Combinations that are looked at, the likeliest first."""

MOST_AT_PLACE: Final = 3

_STRAYS: Final = re.compile(r"""
    [^\u4e00-\u9fff（(《“〔]{0,2} ( [\u4e00-\u9fff] .* [\u4e00-\u9fff)）] ) [^\u4e00-\u9fff%）)》”〕]{0,2}
    """, re.VERBOSE)


_DIRTY: Final = re.compile(r"""
    ( [•·●★☆°。、‘’'`´.,，—_-]* ) ( [0-9≥≤≧≦＜＞<>＝=].*? ) ( [•·●★☆°。、‘’'`´.,，] | (?<=[^0-9.]) [—_-] )*
    """, re.VERBOSE | re.DOTALL)


def variants(readings: Sequence[Seen], *, apart: bool = False) -> list[Seen]:
    """Every reading and what they combine to, the likeliest first.

    The likeliest reading says where the places are: each of its characters is one, and so is what
    stands between two.

    Args:
        readings: What was seen.
        apart: Whether places are judged apart from each other; else what was seen whole keeps its chance.

    >>> seen = [Seen("项日名祢", 0.5), Seen("项目名祢", 0.3), Seen("项日名称", 0.2)]
    >>> [text for text, _ in variants(seen)]
    ['项日名祢', '项目名祢', '项日名称', '项目名称']
    """
    found = {text: chance for text, chance in _combined(readings) if text}
    if not apart:
        found |= dict(readings)
    return sorted((Seen(text, chance) for text, chance in found.items()), key=_chance, reverse=True)


def without_strays(text: str) -> str:
    """A reading without what dirt and rests of seals beside print are taken for: one sign or two, none of them Han.

    >>> [without_strays(text) for text in ("•三级指标", "4实际完成值★", "得分", "执行率(%)", "12")]
    ['三级指标', '实际完成值', '得分', '执行率(%)', '12']
    """
    found = _STRAYS.fullmatch(text)
    return found[1] if found else text


def without_dirt(text: str) -> tuple[str, bool]:
    """A number without the specks that were read beside it, and whether one was where it may hide a digit.

    >>> without_dirt("92,906.23•"), without_dirt("★22.00"), without_dirt("22.00"), without_dirt("·")
    (('92,906.23', False), ('22.00', True), ('22.00', False), ('·', False))
    >>> without_dirt("≤36分钟-"), without_dirt("2021-")
    (('≤36分钟', False), ('2021-', False))
    >>> without_dirt("•≤5.4‰"), without_dirt("-＝85%"), without_dirt("-8.00")
    (('≤5.4‰', False), ('＝85%', False), ('8.00', True))
    """
    found = _DIRTY.fullmatch(text)
    if found is None:
        return text, False
    return found[2], bool(found[1]) and found[2][0].isdigit()


def _chance(reading: Seen) -> float:
    return reading.probability


def _combined(readings: Sequence[Seen]) -> list[tuple[str, float]]:
    total = sum(chance for _, chance in readings)
    if total <= 0:
        return []
    pivot = max(readings, key=_chance).text
    places: list[dict[str, float]] = [{} for _ in range(2 * len(pivot) + 1)]
    for text, chance in readings:
        for place, piece in zip(places, _pieces(pivot, text), strict=True):
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
