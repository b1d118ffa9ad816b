"""Bounds told apart by their strokes: > from ≥ by the bar below, ≥ from ≧ by the second one."""

from collections.abc import Sequence
from typing import Final

from parsers.ocr.odds import Form, held, share_of
from parsers.ocr.shapes import Shape, Shares, bars_apart, bottom_heavy, crossings, cut
from parsers.ocr.signs import NARROW, WIDE
from parsers.ocr.stands import alone

SHARP: Final = 17         # pixels: the bars of lower signs run into each other,
PARTED: Final = 20        # and the bars and arms of lower ones do
HEAVY: Final = 0.065      # more ink below than above, as a share: a bar
CROSSED: Final = 2.35     # strokes one below the other: the two arms of >, and with a bar below them three
UNBARRED: Final = -2.0    # log odds of a bar where the recogniser says none; of 390 signs it was wrong of 2
BARRED: Final = 3.0       # and where it says one
UNPARTED: Final = -2.8    # of two bars where the sign is so low and they are not seen, which are rarer
SAID_BARS: Final = 1.5    # and where it says so
BARS: Final = {"≥": "≧", "≤": "≦"}
BARE: Final = {"≧": "≥", "≦": "≤"}
COMPARED: Final = {"<": "<", ">": ">", "≤": "<", "≥": ">"}


def plain_of(sign: str) -> str:
    """> or <, whatever of them a sign is; empty for other signs."""
    narrow = NARROW.get(sign, sign)
    return COMPARED.get(BARE.get(narrow, narrow), "")


def forms_of(shape: Shape, places: Sequence[float], at: int, said: str, of_wide: float) -> tuple[Form, ...]:
    """>, ＞, ≥ and ≧, or the same of <, with their shares; ``of_wide`` is that of ＞ where there is no bar."""
    plain, said = plain_of(said), NARROW.get(said, said)
    sign = cut(alone(shape, places, at))
    bar = held((bottom_heavy(sign) - HEAVY) / 0.012, 4.0)
    strokes = held((crossings(sign, tip_right=plain == ">") - CROSSED) / 0.08, 4.0)
    bar += strokes if sign.shape[0] >= PARTED else max(0.0, strokes)
    of_bar = share_of(bar + UNBARRED if said == plain else max(-2.0, bar) + BARRED)
    of_two = share_of(_two_bars(sign, tip_right=plain == ">") + (SAID_BARS if said in BARE else 0.0))
    one = "≥" if plain == ">" else "≤"
    ways = ((plain, (1 - of_bar) * (1 - of_wide)), (WIDE[plain], (1 - of_bar) * of_wide),
            (one, of_bar * (1 - of_two)), (BARS[one], of_bar * of_two))
    return tuple(sorted(ways, key=lambda way: -way[1]))


def doubled(shape: Shape, places: Sequence[float], at: int, sign: str) -> float:
    """The log odds that a bound has two bars, as its ink is."""
    return _two_bars(cut(alone(shape, places, at)), tip_right=sign in "≥≧")


def _two_bars(sign: Shares, tip_right: bool) -> float:  # noqa: FBT001  a side, not a mode
    depth = bars_apart(sign, tip_right=tip_right)
    if sign.shape[0] >= SHARP:
        return held((depth - 0.2) / 0.03)
    return max(UNPARTED, held((depth - 0.28) / 0.03))
