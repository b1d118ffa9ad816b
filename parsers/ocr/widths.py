"""Signs that recognisers confuse, told apart by where their ink stands: full and half width, ≧ and ≥, ‰ and %.

A full-width sign stands in the box of a Han character and so has paper on one side of it. What the
line does not show (a parenthesis at its end) follows from the partner of the pair. The figures are
those of lines printed in five faces at 150 to 300 dpi.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from parsers.ocr.bounds import BARE, forms_of, plain_of
from parsers.ocr.odds import MOST, Form, held, share_of
from parsers.ocr.shapes import Room, Shape, bowls, looseness
from parsers.ocr.signs import NARROW, WIDE
from parsers.ocr.stands import room_at, room_beside

KEPT: Final = 8           # readings of a text
LEAST: Final = 1e-3       # share of one that is kept
DOUBTFUL: Final = 5       # signs that are varied

GAP: Final = 0.40         # ems of paper on the empty side of a full-width parenthesis; of a half-width one 0.3 at most
SPACED: Final = 3.5       # log odds that such paper gives at most: there may be a blank before a half-width one
SOFT: Final = 0.04        # ems over which a measure is in doubt
BESIDE_HAN: Final = 0.8   # log odds: full-width signs go with Han characters
SAID_WIDE: Final = 2.5    # a recogniser seldom says full width where it is not,
SAID_NARROW: Final = -0.3   # and often half width where it is not either

class Site(NamedTuple):
    """Characters of a text that are one choice; each way gives one, or none, to each place, with its share."""

    at: tuple[int, ...]
    ways: tuple[Form, ...]


class Measure(NamedTuple):
    """From how many ems on a sign is full-width, and which of the paper before and behind it counts, how often.

    ``wide`` are the log odds of full width before anything is measured, ``most`` what a measure may give.
    """

    least: float
    before: int
    behind: int
    wide: float = 0.0
    most: float = MOST


SIGNS: Final = {
    # before them stands as much paper as behind: twice that and their ink is 1 em of full-width ones, at most 0.77
    # of the others, however narrow a face draws the sign itself
    **dict.fromkeys("=<>+", Measure(0.81, before=0, behind=2, wide=-0.7, most=4.0)),
    "~": Measure(0.60, before=0, behind=0),
    "%": Measure(0.86, before=0, behind=0, wide=-2.7, most=2.0),   # as wide as ％ in some faces
    "/": Measure(0.64, before=0, behind=0, wide=-4.0, most=3.0),
    # 0.95 em and more of full-width ones, 0.82 and less of others, with the paper that their neighbours bring
    **dict.fromkeys(":;,!?.", Measure(0.84, before=1, behind=1)),
}
RARE: Final = -1.5        # log odds of ‰ where the recogniser says %
CLEAR: Final = 24.0       # pixels of an em: the bowls of smaller print run into each other
DASHES: Final = "-—–―一"
LONG: Final = 0.6         # ems: a longer dash is —; hyphens have 0.2 to 0.4, — 0.8 and more


def variants(text: str, places: Sequence[float], shape: Shape) -> list[tuple[str, float]]:
    """The texts that differ by such signs only, the likeliest first, with their shares."""
    found: list[tuple[list[str], float]] = [(list(text), 1.0)]
    sites = sorted(_sites(text, places, shape), key=lambda site: -site.ways[0][1])
    for number, site in enumerate(sites):
        ways = site.ways if number >= len(sites) - DOUBTFUL else ((site.ways[0][0], 1.0),)
        more = []
        for way, share in found:
            for forms, odds in ways:
                other = list(way)
                for at, form in zip(site.at, forms, strict=True):
                    other[at] = form
                more.append((other, share * odds))
        found = sorted(more, key=lambda way: -way[1])[:KEPT]
    return [("".join(way), share) for way, share in found if share >= LEAST]


def narrowed(text: str) -> str:
    """A text with every such sign in its plainest form: texts alike in that are one reading."""
    plain = "".join([BARE.get(character) or NARROW.get(character, character) for character in text])
    return plain.replace("‰", "%").replace(" ", "")


def _sites(text: str, places: Sequence[float], shape: Shape) -> Iterator[Site]:
    loose = looseness(shape, text, places)
    sides = {at: measured(text, places, at, shape, loose) for at, sign in enumerate(text) if sign in "()（）"}
    for first, second in pairs(text):
        odds = sides[first] + sides[second] + (habit(text, first) + habit(text, second)) / 2
        yield Site((first, second), _ways("()", "（）", odds))
        sides.pop(first)
        sides.pop(second)
    for at, sign in enumerate(text):
        if at in sides:
            narrow = NARROW.get(sign, sign)
            yield Site((at,), _ways(narrow, WIDE[narrow], sides[at] + habit(text, at)))
        elif sign not in "()（）":
            yield from _single(text, places, at, shape, loose)


def _single(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> Iterator[Site]:
    """The choice that a sign is which makes no pair; nothing for other characters."""
    sign, narrow = text[at], NARROW.get(text[at], text[at])
    if narrow.isascii() and narrow.isdigit():
        if sign != narrow:
            yield Site((at,), _ways(narrow, sign, _pitch(text, places, at, shape)))
    elif plain_of(sign):
        bare = text[:at] + plain_of(sign) + text[at + 1 :]
        of_wide = share_of(measured(bare, places, at, shape, loose) + habit(text, at))
        yield Site((at,), forms_of(shape, places, at, sign, of_wide))
    elif narrow == "%" or sign == "‰":
        yield _rate(text, places, at, shape)
    elif sign in DASHES and _is_dash(text, at):
        yield Site((at,), _dash(room_at(shape, places, at), sign))
    elif narrow == ".":
        if at and text[at - 1].isdigit() and (at + 1 == len(text) or text[at + 1] == " " or is_han(text[at + 1])):
            yield _point(text, places, at, shape, loose)
    elif narrow in SIGNS:
        yield Site((at,), _ways(narrow, WIDE[narrow], measured(text, places, at, shape, loose) + habit(text, at)))


def measured(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> float:
    """The log odds that a sign of `SIGNS`, or a parenthesis, is full-width, as the ink and the paper around it are."""
    narrow = NARROW.get(text[at], text[at])
    if " " in text:   # it has no ink
        at -= text[:at].count(" ")
        places = [place for sign, place in zip(text, places, strict=True) if sign != " "]
        text = text.replace(" ", "")
    if narrow in "()":
        return _side(room_at(shape, places, at), narrow, loose)
    return _extent(room_beside(text, places, at, shape), SIGNS[narrow], loose, _soft(shape))


def _point(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> Site:
    """The point behind the number of a list: with a blank behind it, or full-width, whose paper looks like a blank."""
    odds = measured(text, places, at, shape, loose)
    if text[at + 1 : at + 2] != " ":
        return Site((at,), _ways(".", "．", odds + habit(text, at)))
    return Site((at, at + 1), _ways(". ", ("．", ""), odds + habit(text[: at + 1] + text[at + 2 :], at)))


def is_han(character: str) -> bool:
    """Whether it is a Han character of everyday."""
    return "\u4e00" <= character <= "\u9fff"


def _ways(first: Sequence[str], second: Sequence[str], odds: float) -> tuple[Form, ...]:
    """Two ways, the likelier first; ``odds`` are the log odds of the second."""
    share = share_of(odds)
    ways = ((first, 1 - share), (second, share))
    return ways if share <= 0.5 else ways[::-1]  # noqa: PLR2004  the likelier


def pairs(text: str) -> list[tuple[int, int]]:
    """Parentheses that open and close each other, of whichever width."""
    opened: list[int] = []
    found = []
    for at, sign in enumerate(text):
        if sign in "(（":
            opened.append(at)
        elif sign in ")）" and opened:
            found.append((opened.pop(), at))
    return found


def _side(room: Room, sign: str, loose: float) -> float:
    gap = room.before if sign in "(（" else room.behind
    return 0.0 if gap is None else min(SPACED, held((gap - loose - GAP) / SOFT))


def _extent(room: Room, measure: Measure, loose: float, soft: float) -> float:
    """How far a sign's ink and its paper reach; at an end of the line only the recogniser can tell."""
    if (measure.before and room.before is None) or (measure.behind and room.behind is None):
        return measure.wide
    paper = measure.before * ((room.before or 0.0) - loose) + measure.behind * ((room.behind or 0.0) - loose)
    return held((room.width + paper - measure.least) / soft, measure.most) + measure.wide


def _soft(shape: Shape) -> float:
    """Blur and pixels make small print wider."""
    return SOFT / 2 + 0.4 / shape.em


def _is_dash(text: str, at: int) -> bool:
    """Whether a stroke stands between numbers, where 一 does not."""
    return 0 < at < len(text) - 1 and text[at - 1].isascii() and text[at + 1].isascii() and (
        text[at - 1].isdigit() or text[at + 1].isdigit()
    )


def _dash(room: Room, said: str) -> tuple[Form, ...]:
    odds = held((room.width - LONG) / 0.06, 3.0) + {"-": -2.0, "—": 1.5}.get(said, 0.0)
    share = share_of(odds)
    ways = {"-": 1 - share, "—": share}
    ways[said] = max(ways.get(said, 0.0), 0.02)
    return tuple(sorted(ways.items(), key=lambda way: -way[1]))


def habit(text: str, at: int, heard: str = "") -> float:
    """What the recogniser says, in ``text`` or by the name of ``heard``, and the neighbours make likely."""
    sign = heard or text[at]
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    odds = BESIDE_HAN if any(character >= "\u2e80" for character in beside) else 0.0
    if sign in ",:." and len(beside) == 2 and beside.isdigit():  # noqa: PLR2004  on both sides
        odds -= MOST   # 1,205 and 10:30
    if sign in "<>=" and any(other in "<>=" for other in beside):
        odds -= MOST   # >= is two half-width signs
    return odds + (SAID_WIDE if sign in NARROW else SAID_NARROW)


def _pitch(text: str, places: Sequence[float], at: int, shape: Shape) -> float:
    """Full-width digits stand an em apart; they are rare."""
    apart = [
        abs(places[at] - places[other]) * shape.ink.shape[1] / shape.em
        for other in (at - 1, at + 1)
        if 0 <= other < len(text) and NARROW.get(text[other], text[other]).isdigit()
    ]
    return held((min(apart) - 0.78) / SOFT) - 1.0 if apart else -2.0


def _rate(text: str, places: Sequence[float], at: int, shape: Shape) -> Site:
    """%, ％ or ‰."""
    wide = _extent(shape.room(places[at]), SIGNS["%"], 0.0, _soft(shape)) + (SAID_WIDE if text[at] == "％" else 0.0)
    sign = shape.between(places[at - 1] if at else None, places[at + 1] if at + 1 < len(text) else None)
    unsaid = RARE if shape.em >= CLEAR else 2 * RARE
    mille = held((bowls(sign) - 1.3) / 0.06, 2.5) + (2.5 if text[at] == "‰" else unsaid)
    of_mille, of_wide = share_of(mille), share_of(wide)
    ways = (("%", (1 - of_mille) * (1 - of_wide)), ("％", (1 - of_mille) * of_wide), ("‰", of_mille))
    return Site((at,), tuple(sorted(ways, key=lambda way: -way[1])))
