"""Readings of a line that looks like a number, over the steps of the recogniser: only what numbers can be.

A number is a sign, digits with commas and a point, and a unit of any characters, open or in
parentheses. Look-alikes (O and 0, 一 and -) count as one. Such readings are added to the free ones
and ranked among them; a free reading that is sure stays untouched, since no list of what may be
printed is ever complete.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from parsers.ocr.engine import Frames
from parsers.ocr.signs import CLOSING, COMMAS, DASHES, DIGITS, NARROW, OPENING, POINTS, SIGNS

CONFIDENT: Final = 0.98   # a free reading so sure is left alone
ODD: Final = 0.1          # a reading that is no number is less likely by so much
ASTRAY: Final = 0.03      # and by so much where a comma stands where none can: a point with a tail of dirt is one
MOSTLY: Final = 0.5       # of the characters are digits: a line that looks like a number
LIKELY: Final = 5e-4      # of a step
BEAM: Final = 20
READINGS: Final = 8

Found = list[tuple[str, float]]

_ASTRAY: Final = re.compile(r"(?<=\d)[,，](?!\d{3}(?!\d))(?=\d)")
"""A comma between digits that does not part thousands."""

_STATES: Final = {
    # state: what may come next, by kind: s sign, m minus, d digit, c comma, p point, o opening, e closing, u unit
    "start": {"s": "sign", "m": "minus", "d": "whole"},
    "sign": {"s": "sign", "m": "minus", "d": "whole"},
    "minus": {"m": "minus", "d": "whole"},
    "whole": {"d": "whole", "c": "comma", "p": "point", "o": "open", "u": "tail", "m": "tail"},
    "comma": {"d": "one"},
    "one": {"d": "two"},
    "two": {"d": "group"},
    "group": {"c": "comma", "p": "point", "o": "open", "u": "tail"},
    "point": {"d": "decimals"},
    "decimals": {"d": "decimals", "o": "open", "u": "tail"},
    "open": {"u": "unit", "d": "unit"},
    "unit": {"u": "unit", "d": "unit", "o": "unit", "e": "closed", "p": "unit", "m": "unit"},
    "closed": {"e": "closed"},
    "tail": {"u": "tail", "d": "tail", "o": "unit", "p": "tail", "m": "tail"},
}
_ENDS: Final = frozenset({"minus", "whole", "group", "point", "decimals", "unit", "closed", "tail"})
_VALUE: Final = frozenset({"start", "sign", "minus", "whole", "comma", "one", "two", "group", "point", "decimals"})


def kind_of(character: str) -> str:
    """What a character is in a number, one letter as above."""
    if character.isascii() and character.isdigit():
        return "d"
    for kind, alike in (("s", SIGNS), ("m", "-"), ("c", ","), ("p", "."), ("o", OPENING), ("e", CLOSING)):
        if character in alike:
            return kind
    return "u"


def folded(character: str) -> str:
    """A character as a number would have it."""
    for alike in (DIGITS, POINTS, COMMAS, DASHES):
        if character in alike:
            return alike[character]
    return character


def is_number(text: str) -> bool:
    """Whether a text is printed as numbers are.

    >>> [is_number(text) for text in ("≥1,205.00(次)", "12,05", "3个", "-", "数量")]
    [True, False, True, True, False]
    """
    state = "start"
    for character in text.replace(" ", ""):
        wide = character in NARROW
        following = _STATES[state].get(kind_of(folded(character) if wide else character))
        if following is None or (state in _VALUE and character in DIGITS and not wide):
            return False
        state = following
    return state in _ENDS


def is_numeric(text: str) -> bool:
    """Whether a text may be a number that was misread."""
    marks = [kind_of(folded(character)) for character in text if character != " "]
    begins = bool(marks) and marks[0] in "smd" and "d" in marks
    return begins and sum(mark != "u" for mark in marks) >= MOSTLY * len(marks)


def amended(answer: Frames, alphabet: Sequence[str], free: Found) -> Found:
    """The free readings of a line, the likeliest first, and those that numbers allow.

    The probabilities together stay what they were.
    """
    if not free or not is_numeric(free[0][0]) or (free[0][1] > CONFIDENT and is_number(free[0][0])):
        return free
    numbers = _numbers(answer, alphabet)
    found: dict[str, float] = defaultdict(float)
    for text, odds in free:
        if is_number(text):
            found[text.replace(" ", "")] += odds
        else:
            found[text] += odds * (ASTRAY if _ASTRAY.search(text) else ODD)
    for text, odds in numbers:
        found[text] = max(odds, found.get(text, 0.0))
    whole, before = sum(found.values()), min(1.0, sum(odds for _, odds in free))
    share = before / whole if whole else 0.0
    return sorted([(text, odds * share) for text, odds in found.items()], key=lambda one: (-one[1], one[0]))


def _numbers(answer: Frames, alphabet: Sequence[str]) -> Found:
    """The likeliest numbers; the probability of each sums over look-alikes."""
    ends: dict[tuple[str, str], tuple[float, float]] = {("", "start"): (1.0, 0.0)}   # ending in blank, in a character
    for classes, odds in zip(answer.classes.tolist(), answer.odds.tolist(), strict=True):
        blank, value, unit = _options(classes, odds, alphabet)
        after: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (text, state), (empty, last) in ends.items():
            both = empty + last
            after[text, state][0] += both * blank
            for character, chance in (value if state in _VALUE else unit).items():
                if text and text[-1] == character:
                    after[text, state][1] += last * chance
                    reach = empty
                else:
                    reach = both
                following = _STATES[state].get(kind_of(character))
                if following is not None and reach:
                    after[text + character, following][1] += reach * chance
        best = sorted(after.items(), key=lambda item: (-sum(item[1]), item[0]))[:BEAM]
        ends = {key: (empty, last) for key, (empty, last) in best}
    found: dict[str, float] = defaultdict(float)
    for (text, state), (empty, last) in ends.items():
        if state in _ENDS and empty + last > 0:
            found[text] += empty + last
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:READINGS]


def _options(
    classes: Sequence[int], odds: Sequence[float], alphabet: Sequence[str]
) -> tuple[float, dict[str, float], dict[str, float]]:
    """What a step may say: nothing, a part of the value, a part of the unit. A space is nothing."""
    blank = 0.0
    value: dict[str, float] = defaultdict(float)
    unit: dict[str, float] = defaultdict(float)
    for number, chance in zip(classes, odds, strict=True):
        character = alphabet[number]
        if number == 0 or character == " ":
            blank += chance
        elif chance >= LIKELY:
            value[folded(character)] += chance
            unit[character] += chance
    return blank, value, unit
