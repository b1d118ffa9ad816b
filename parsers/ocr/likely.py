"""Readings that recognisers confuse, weighed anew: % and the figures that look like it, letters and figures."""

import re
from collections.abc import Mapping, Sequence
from math import exp
from typing import Final

import numpy as np

from parsers.grid import Seen
from parsers.ocr.odds import held
from parsers.ocr.shapes import Shape, Shares, cut
from parsers.ocr.stands import alone

MIRRORED: Final = 0.3     # likeness to its own mirror image: % has 0.2 at most (0.4 in Kai at 150 dpi), figures that
SOFT: Final = 0.05        # are read for it 0.4 and more
MOST: Final = 3.0         # log odds that it may give
STRANGE: Final = 3.0      # log odds against a spelling that no word has
LOWEST: Final = 6         # pixels: smaller signs show nothing

_LIKE_PERCENT: Final = frozenset("0235689gqBS名")
_STRANGE: Final = re.compile(r"""
    (?<![0-9A-Za-z.,])0(?=[A-Z]{2}) | ([Ⅰ-Ⅻ])\1 | ^二(?=[0-9])
    | (?=I*[Ⅰ-Ⅻ川]) [Ⅰ-ⅫI川]{2,} (?=类) | (?<=[到达为于至及、]) [川田] (?=类)
    """, re.VERBOSE)
"""A nought that begins a word in capitals; one Roman figure twice, which is as wide as a Han character; 二 for ＝
before figures; 川 and 田 for the Ⅲ of a class of water. Spellings of any text: what stands in a form, and which units
there are, is known behind the door."""

Places = tuple[float, ...]


def weighed(ways: Sequence[Seen], stand: Mapping[str, Places], shape: Shape) -> list[Seen]:
    """Readings of a line, the likeliest first, which have together what they had.

    Args:
        ways: The readings.
        stand: Where the characters of each stand, as shares of the line's width; nothing where that is unknown.
        shape: The ink of the line.
    """
    ends = {way.text[-1:] for way in ways}
    percent = _percent(ways[0].text, stand, shape) if "%" in ends and not ends.isdisjoint(_LIKE_PERCENT) else 0.0
    odds = [way.probability * exp(_leaning(way.text, percent)) for way in ways]
    share = sum(way.probability for way in ways) / sum(odds)
    found = [Seen(way.text, chance * share) for way, chance in zip(ways, odds, strict=True)]
    return sorted(found, key=lambda way: (-way.probability, way.text))


def _leaning(text: str, percent: float) -> float:
    last = percent / 2 if text.endswith("%") else -percent / 2 if text[-1:] in _LIKE_PERCENT else 0.0
    return last - STRANGE * len(_STRANGE.findall(text))


def _percent(text: str, stand: Mapping[str, Places], shape: Shape) -> float:
    """The log odds that the last sign is % and no figure: these look like their mirror image."""
    places = stand[text]
    if len(places) != len(text):
        return 0.0
    sign = cut(alone(shape, places, len(text) - 1))
    if min(sign.shape) < LOWEST:
        return 0.0
    return held((MIRRORED - mirrored(sign)) / SOFT, MOST)


def mirrored(sign: Shares) -> float:
    """How like a sign is to its mirror image, 1 where it is the same."""
    ink = sign - float(sign.mean())
    whole = float(np.sum(ink * ink))
    return float(np.sum(ink * ink[:, ::-1])) / whole if whole else 1.0
