"""The readings of a line, weighed by what its document tells of its signs."""

from collections.abc import Iterable, Sequence
from itertools import product
from math import exp, prod
from typing import Final

from parsers.grid import Seen
from parsers.page import TextLine
from parsers.sign import Sign

READINGS: Final = 12
LEAST: Final = 5e-4       # probability of a reading that is kept
DOUBTFUL: Final = 5       # groups of a line that are varied

Odds = tuple[int, Sign, float]
"""A number, a sign, and the log odds that it is full-width; signs with one number are of one width."""


def weighed(line: TextLine, signs: Sequence[Odds]) -> TextLine:
    """A line with its readings as the log odds of its signs are; the other widths stay among them."""
    numbers = sorted({number for number, _, _ in signs}, key=lambda number: _doubt(signs, number))[:DOUBTFUL]
    sure = {number: odds > 0 for number, _, odds in signs}
    chances = {number: 1 / (1 + exp(-odds)) for number, _, odds in signs}
    found: dict[str, float] = {}
    for key, mass in _masses(line, signs).items():
        for ways in product((False, True), repeat=len(numbers) if len(key) == len(line.text) else 0):
            chosen = dict(zip(numbers, ways, strict=False))
            share = prod(chances[number] if wide else 1 - chances[number] for number, wide in chosen.items())
            text = _formed(key, signs, sure | chosen) if len(key) == len(line.text) else key
            found[text] = found.get(text, 0.0) + mass * share
    best = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:READINGS]
    kept = tuple([Seen(*one) for one in best if one[1] >= LEAST]) or (Seen(*best[0]),)
    said = next((chance for text, chance in line.seen if text == line.text), line.confidence)
    most = line.confidence if said != line.confidence else 1.0   # print cut off or unread
    text, chance = kept[0]
    return line._replace(text=text, confidence=min(chance, most), seen=kept if len(kept) > 1 else ())


def _masses(line: TextLine, signs: Sequence[Odds]) -> dict[str, float]:
    """The readings, those that differ in the signs alone as one; readings of another length are left as they are."""
    masses: dict[str, float] = {}
    narrow = dict.fromkeys([number for number, _, _ in signs], False)
    for text, chance in line.seen or (Seen(line.text, line.confidence),):
        key = _formed(text, signs, narrow) if len(text) == len(line.text) else text
        masses[key] = masses.get(key, 0.0) + chance
    return masses


def _doubt(signs: Iterable[Odds], number: int) -> float:
    return min(abs(odds) for other, _, odds in signs if other == number)


def _formed(text: str, signs: Iterable[Odds], wide: dict[int, bool]) -> str:
    """A text with its signs in the forms that are said."""
    made = list(text)
    for number, sign, _ in signs:
        if made[sign.at] in sign.ways:
            made[sign.at] = sign.ways[wide[number]]
    return "".join(made)
