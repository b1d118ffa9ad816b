"""Readings of a recogniser → readings of the line: what the ink itself tells of its signs is put in."""

import re
from math import exp
from typing import Final

import numpy as np

from parsers.grid import Seen
from parsers.ocr.aligning import moved
from parsers.ocr.engine import Grey, ReadLine
from parsers.ocr.likely import weighed
from parsers.ocr.marks import marks_of
from parsers.ocr.numerals import is_numeric
from parsers.ocr.shapes import (
    INKED,
    Shape,
    Shares,
    bars_alike,
    bars_apart,
    cut,
    is_squared,
    shape_of,
    slant,
    strays,
    tip_of_wedge,
    unread,
)
from parsers.ocr.signs import FLAT, SPELLED, STROKES
from parsers.ocr.widths import narrowed, variants

READINGS: Final = 12
LEAST: Final = 5e-4       # probability of a reading that is kept
LEANING: Final = (0.15, 1.1)   # of / : width over height
LEANS: Final = 0.97       # a stroke that leans so is a slash
SHORT: Final = 2          # characters, less sure than
KNOWN: Final = 0.9        # this: may be what recognisers make of one stroke
LONGEST: Final = 8        # characters that recognisers make of one stroke
POINTS: Final = 0.95      # a wedge over bars is a bound
BARS_APART: Final = 0.1   # of full ink that lacks between two bars: they are two
ALIKE: Final = 0.9        # of the longer of two bars: they are ＝
FILLED: Final = 0.55      # of its rectangle that is inked: one stroke
LOW: Final = 0.4          # of its width: the height of a flat stroke
DASHED: Final = {"—": 0.5, "-": 0.35, "一": 0.1, "－": 0.05}
"""What a flat stroke alone may be: how long it is against print, the line alone does not show."""
MISSED: Final = 0.08      # ems of ink that was not read: the reading is not right
LEFT: Final = 2.5         # log odds against a reading for each mark that it leaves unread and others do not
SQUARED: Final = 0.9      # ink that looks like ㎡ is
CLEAR: Final = 22.0       # pixels of an em: in smaller print 。 is blurred to a bowl
STRETCHES: Final = 3      # of ink: figures, % and what stands behind it
BOWL: Final = 0.5         # of the height of figures, blurred: 。 has 0.35 to 0.46, a bowl of ‰ 0.55 and more
CUT: Final = 0.5          # nor can it be where ink runs out of the image: print was cut off
UNSURE: Final = 0.3       # how sure it then is at most

_STOPPED: Final = re.compile(r"[≥≤≧≦<>=＜＞＝]?[0-9][0-9.,]*%[。.]")
_SQUARE: Final = re.compile(r"""
    (?: ^ | (?<=[(（/0-9\u4e00-\u9fff]) )  ( m[²2'f]? | ² | (?<=[(（])(?=[)）]) | (?<=[0-9])(?=$) )  (?= [)）] | $ )
    """, re.VERBOSE)
"""What recognisers make of ㎡, where a unit stands; they may miss all of it."""

Places = tuple[float, ...]


def settled(image: Grey, said: ReadLine) -> ReadLine:
    """A line's readings with their signs as the ink has them.

    Args:
        image: The line; places of ``said`` are shares of its width.
        said: What the recogniser made of it.
    """
    shape = shape_of(image, said.text)
    if shape is None:
        return said
    line = _stroke(shape, said) or _wedge(shape, said) or _equals(shape, said)
    if line is None:
        line = _signed(shape, said) if len(said.places) == len(said.text) else said
    heard = said.text if len(said.text) == len(line.text) else narrowed(line.text)
    line = line._replace(signs=marks_of(shape, line.text, line.places, heard))
    if shape.runs[0][0] == 0 or shape.runs[-1][1] == image.shape[1]:
        return line._replace(confidence=min(line.confidence, CUT))
    return line


def _signed(shape: Shape, said: ReadLine) -> ReadLine:
    """Every reading with its signs as the ink has them; readings that differ in signs only are one."""
    text, places = _mille(*_spelled(said.text, said.places), shape)
    squared, places = _squared(text, places, shape)
    ways = _ways(said, text, squared)
    stand = {way.text: moved(places, squared, way.text) for way in ways}
    if len(ways) > 1 and not is_numeric(squared):   # dirt beside a number looks like a point
        ways = _by_ink(ways, stand, shape)
    if len(ways) > 1:
        ways = weighed(ways, stand, shape)
    masses: dict[str, float] = {}
    for way in ways:
        key = narrowed(way.text)
        masses[key] = masses.get(key, 0.0) + way.probability
    found: dict[str, float] = {}
    for way in ways:
        mass = masses.pop(narrowed(way.text), 0.0)
        if mass:
            own = stand[way.text]
            forms = variants(way.text, own, shape) if len(way.text) == len(own) else [(way.text, 1.0)]
            for form, share in forms:
                found[form] = found.get(form, 0.0) + mass * share
    line = _line(found, places, squared)
    squared, places = line.text, line.places
    if len(places) == len(squared) and unread(shape, squared, places) > MISSED:
        return line._replace(confidence=min(line.confidence, UNSURE))
    return line


def _line(found: dict[str, float], places: Places, stand: str) -> ReadLine:
    """The readings as a line; ``places`` are those of the characters of ``stand``."""
    whole = max(1.0, sum(found.values()))
    found = {text: odds / whole for text, odds in found.items()}
    best = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:READINGS]
    seen = tuple([Seen(text, min(1.0, odds)) for text, odds in best if odds >= LEAST]) or (Seen(*best[0]),)
    text, odds = seen[0]
    return ReadLine(text, odds, seen if len(seen) > 1 else (), moved(places, stand, text))


def _by_ink(ways: list[Seen], stand: dict[str, Places], shape: Shape) -> list[Seen]:
    """Readings that leave ink unread made less likely: 、 and 。 are small, and recognisers pass over them."""
    left = [strays(shape, way.text, stand[way.text]) for way in ways]
    odds = [way.probability * exp(-LEFT * (count - min(left))) for way, count in zip(ways, left, strict=True)]
    share = sum(way.probability for way in ways) / max(sum(odds), LEAST**2)
    found = [Seen(way.text, chance * share) for way, chance in zip(ways, odds, strict=True)]
    return sorted(found, key=lambda way: (-way.probability, way.text))


def _ways(said: ReadLine, text: str, squared: str) -> list[Seen]:
    """All readings, the first one as ``text`` has it; where it was ``squared``, with ㎡ as well as without."""
    ways: list[Seen] = []
    for way in said.seen or (Seen(said.text, said.confidence),):
        spelled = text if way.text == said.text else _spelled(way.text, (0.0,) * len(way.text))[0]
        found = _SQUARE.search(spelled) if squared != text else None
        if found is None:
            ways.append(Seen(spelled, way.probability))
        else:
            start, end = found.span(1)
            ways.append(Seen(spelled[:start] + "㎡" + spelled[end:], way.probability * SQUARED))
            ways.append(Seen(spelled, way.probability * (1 - SQUARED)))
    return sorted(ways, key=lambda way: (-way.probability, way.text))


def _spelled(text: str, places: Places) -> tuple[str, Places]:
    """One character for those that a recogniser makes of it; blanks beside parentheses are their own width."""
    for wrong, right in SPELLED:
        while (found := wrong.search(text)) and found.group() != right:
            start, end = found.span()
            middle = sum(places[start:end]) / (end - start)
            text = text[:start] + right + text[end:]
            places = (*places[:start], middle, *places[end:])
    kept = [at for at, sign in enumerate(text) if sign != " " or not _is_between_signs(text, at)]
    return "".join([text[at] for at in kept]), tuple([places[at] for at in kept])


def _mille(text: str, places: Places, shape: Shape) -> tuple[str, Places]:
    """‰ where a number is said to end in % and 。 that is as high as a bowl."""
    if not _STOPPED.fullmatch(text) or len(shape.runs) < STRETCHES or shape.em < CLEAR:
        return text, places
    before, last = shape.ink[:, : shape.runs[-2][0]], shape.ink[:, slice(*shape.runs[-1])]
    if cut(last).shape[0] < BOWL * cut(before).shape[0]:
        return text, places
    return text[:-2] + "‰", (*places[:-2], sum(places[-2:]) / 2)


def _is_between_signs(text: str, at: int) -> bool:
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return any(sign in "()（）<>=≥≤≧≦＝＜＞%％‰" for sign in beside)


def _stroke(shape: Shape, said: ReadLine) -> ReadLine | None:
    """A thin stroke alone: one that leans is a slash, which recognisers hold for 1; a flat one is some dash."""
    if len(shape.runs) > 1:
        return None
    sign = cut(shape.ink)
    rare = len(said.text) <= SHORT and said.confidence < KNOWN
    if (rare or set(said.text) <= FLAT) and len(said.text) <= LONGEST and _is_flat(sign):
        other = {way.text: way.probability * DASHED["一"] for way in said.seen}
        return _line({**other, **DASHED}, said.places, said.text)
    if not (rare or said.text in STROKES) or not LEANING[0] <= slant(sign) <= LEANING[1]:
        return None
    other = {way.text: way.probability for way in said.seen if way.text != "/"} or {"1": 1.0}
    whole = sum(other.values())
    rest = {text: (1 - LEANS) * odds / whole for text, odds in other.items()}
    return _line({"1": (1 - LEANS) / 2, **rest, "/": LEANS}, said.places, said.text)


def _wedge(shape: Shape, said: ReadLine) -> ReadLine | None:
    """A bound that stands alone, with which recognisers were not taught: they make M and W of ≦."""
    if len(shape.runs) > 1 or len(said.text) > SHORT or said.confidence >= KNOWN:
        return None
    sign = cut(shape.ink)
    tip = tip_of_wedge(sign)
    if not tip:
        return None
    single, double = ("≥", "≧") if tip == "right" else ("≤", "≦")
    share = float(np.interp(bars_apart(sign, tip == "right"), (0.0, 2 * BARS_APART), (0.0, 1.0)))
    other = sum(way.probability for way in said.seen if way.text not in (single, double))
    rest = {way.text: (1 - POINTS) * way.probability / max(other, LEAST) for way in said.seen}
    return _line({**rest, single: POINTS * (1 - share), double: POINTS * share}, said.places, said.text)


def _equals(shape: Shape, said: ReadLine) -> ReadLine | None:
    """Two bars of one length that stand alone: recognisers make 二 of ＝, whose upper stroke is shorter."""
    if said.text != "二" or said.confidence >= KNOWN or bars_alike(cut(shape.ink)) < ALIKE:
        return None
    rest = {way.text: (1 - POINTS) * way.probability for way in said.seen}
    return _line({**rest, "=": POINTS / 2, "＝": POINTS / 2}, said.places, said.text)


def _is_flat(sign: Shares) -> bool:
    """Whether it is one flat stroke, and no word that stands far apart."""
    return sign.shape[0] < LOW * sign.shape[1] and float(np.mean(sign > INKED)) >= FILLED


def _squared(text: str, places: Places, shape: Shape) -> tuple[str, Places]:
    """㎡ where m stands with a small raised figure in the room of one character."""
    for found in _SQUARE.finditer(text):
        start, end = found.span(1)
        before = places[start - 1] if start else None
        behind = places[end] if end < len(text) else None
        if is_squared(_sign(shape, before, behind, unread_end=start == end == len(text)), shape.em):
            middle = ((0.0 if before is None else before) + (1.0 if behind is None else behind)) / 2
            return text[:start] + "㎡" + text[end:], (*places[:start], middle, *places[end:])
    return text, places


def _sign(shape: Shape, before: float | None, behind: float | None, *, unread_end: bool) -> Shares:
    """The ink between two characters; at the unread end of a line, what stands too far behind the last one."""
    if not unread_end or before is None:
        return shape.between(before, behind)
    least = before * shape.ink.shape[1] + 0.45 * shape.em
    runs = [run for run in shape.runs if sum(run) / 2 > least]
    return cut(shape.ink[:, runs[0][0] :]) if runs else shape.ink[:0, :0]
