"""Signs that recognisers confuse, told apart by where their ink stands: full and half width, ≧ and ≥, ‰ and %.

A full-width sign stands in the box of a Han character and so has paper on one side of it. What the
line does not show (a parenthesis at its end) follows from the partner of the pair. The figures are
those of lines printed in five faces at 150 to 300 dpi.
"""

from collections.abc import Iterator, Sequence
from math import exp
from typing import Final, NamedTuple

from parsers.ocr.shapes import Room, Shape, bars_apart, bottom_heavy, bowls, cut, looseness
from parsers.ocr.signs import NARROW, WIDE

MOST: Final = 6.0         # log odds that one measure may give
KEPT: Final = 8           # readings of a text
LEAST: Final = 1e-3       # share of one that is kept
DOUBTFUL: Final = 5       # signs that are varied

GAP: Final = 0.40         # ems of paper on the empty side of a full-width parenthesis; of a half-width one 0.3 at most
SOFT: Final = 0.04        # ems over which a measure is in doubt
BESIDE_HAN: Final = 0.8   # log odds: full-width signs go with Han characters
SAID_WIDE: Final = 2.5    # a recogniser seldom says full width where it is not,
SAID_NARROW: Final = -0.3   # and often half width where it is not either
SHARP: Final = 17         # pixels: the bars of lower signs run into each other
BARS: Final = {"≥": "≧", "≤": "≦"}
COMPARED: Final = {"<": "<", ">": ">", "≤": "<", "≥": ">"}
BARE: Final = {"≧": "≥", "≦": "≤"}

Form = tuple[Sequence[str], float]


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
    **dict.fromkeys(":;,!?.", Measure(0.87, before=1, behind=1)),
}
SLIM: Final = 0.08        # ems of paper that 1 has on either side more than other figures
RARE: Final = -1.5        # log odds of ‰ where the recogniser says %
CLEAR: Final = 24.0       # pixels of an em: the bowls of smaller print run into each other
TOUCHING: Final = 0.6     # ems that a sign which touches its neighbour is taken for: full-width ones have paper
DASHES: Final = "-—–―一"
LONG: Final = 0.52        # ems: a longer dash is —


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
        narrow = NARROW.get(sign, sign)
        if at in sides:
            yield Site((at,), _ways(narrow, WIDE[narrow], sides[at] + habit(text, at)))
        elif narrow.isascii() and narrow.isdigit():
            if sign != narrow:
                yield Site((at,), _ways(narrow, sign, _pitch(text, places, at, shape)))
        elif narrow in COMPARED or sign in BARE:
            yield Site((at,), _compared(text, places, at, shape, loose))
        elif narrow == "%" or sign == "‰":
            yield _rate(text, places, at, shape)
        elif sign in DASHES and _is_dash(text, at):
            yield Site((at,), _dash(shape.room(places[at]), sign))
        elif narrow == ".":
            if at and text[at - 1].isdigit() and (at + 1 == len(text) or text[at + 1] == " " or _is_han(text[at + 1])):
                yield _point(text, places, at, shape, loose)
        elif narrow in SIGNS:
            yield Site((at,), _ways(narrow, WIDE[narrow], measured(text, places, at, shape, loose) + habit(text, at)))


def measured(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> float:
    """The log odds that a sign of `SIGNS`, or a parenthesis, is full-width, as the ink and the paper around it are."""
    narrow = NARROW.get(text[at], text[at])
    if narrow in "()":
        return _side(_room(shape, places, at), narrow, loose)
    return _extent(_between(text, places, at, shape), SIGNS[narrow], loose, _soft(shape))


def _point(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> Site:
    """The point behind the number of a list: with a blank behind it, or full-width, whose paper looks like a blank."""
    blank = text[at + 1 : at + 2] == " "
    bare, stand = (text[: at + 1] + text[at + 2 :], (*places[: at + 1], *places[at + 2 :])) if blank else (text, places)
    odds = measured(bare, stand, at, shape, loose) + habit(bare, at)
    return Site((at, at + 1), _ways(". ", ("．", ""), odds)) if blank else Site((at,), _ways(".", "．", odds))


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _ways(first: Sequence[str], second: Sequence[str], odds: float) -> tuple[Form, ...]:
    """Two ways, the likelier first; ``odds`` are the log odds of the second."""
    share = _share(odds)
    ways = ((first, 1 - share), (second, share))
    return ways if share <= 0.5 else ways[::-1]  # noqa: PLR2004  the likelier


def _share(odds: float) -> float:
    return 1 / (1 + exp(-_held(odds)))


def _held(odds: float, most: float = MOST) -> float:
    return max(-most, min(most, odds))


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


def _run(shape: Shape, places: Sequence[float], at: int) -> int:
    """The number of a character's inked columns: places are coarse, and two may seem to share what has two runs."""
    run = shape.run_at(places[at])
    before = shape.run_at(places[at - 1]) if at else -1
    behind = shape.run_at(places[at + 1]) if at + 1 < len(places) else len(shape.runs)
    if run == behind and run - 1 > before:
        return run - 1
    return run + 1 if run == before and run + 1 < behind else run


def _room(shape: Shape, places: Sequence[float], at: int) -> Room:
    """What stands around a character; none of the paper of a full-width one where it touches its neighbour."""
    run = _run(shape, places, at)
    room = shape.room_of(run)
    touches_before = at > 0 and shape.run_at(places[at - 1]) == run
    touches_behind = at + 1 < len(places) and shape.run_at(places[at + 1]) == run
    if not touches_before and not touches_behind:
        return room
    before, behind = (0.0 if touches_before else room.before), (0.0 if touches_behind else room.behind)
    return Room(before, min(room.width, TOUCHING), behind)


def _side(room: Room, sign: str, loose: float) -> float:
    gap = room.before if sign in "(（" else room.behind
    return 0.0 if gap is None else _held((gap - loose - GAP) / SOFT)


def _extent(room: Room, measure: Measure, loose: float, soft: float) -> float:
    """How far a sign's ink and its paper reach; at an end of the line only the recogniser can tell."""
    if (measure.before and room.before is None) or (measure.behind and room.behind is None):
        return measure.wide
    paper = measure.before * ((room.before or 0.0) - loose) + measure.behind * ((room.behind or 0.0) - loose)
    return _held((room.width + paper - measure.least) / soft, measure.most) + measure.wide


def _between(text: str, places: Sequence[float], at: int, shape: Shape) -> Room:
    """What stands around a sign, without the paper that a 1 beside it brings."""
    room = _room(shape, places, at)
    before = room.before if room.before is None or text[at - 1] != "1" else max(0.0, room.before - SLIM)
    behind = room.behind if room.behind is None or text[at + 1 : at + 2] != "1" else max(0.0, room.behind - SLIM)
    return Room(before, room.width, behind)


def _soft(shape: Shape) -> float:
    """Blur and pixels make small print wider."""
    return SOFT + 0.8 / shape.em


def _is_dash(text: str, at: int) -> bool:
    """Whether a stroke stands between numbers, where 一 does not."""
    return 0 < at < len(text) - 1 and text[at - 1].isascii() and text[at + 1].isascii() and (
        text[at - 1].isdigit() or text[at + 1].isdigit()
    )


def _dash(room: Room, said: str) -> tuple[Form, ...]:
    odds = _held((room.width - LONG) / 0.06, 3.0) + {"-": -2.0, "—": 1.5}.get(said, 0.0)
    share = _share(odds)
    ways = {"-": 1 - share, "—": share}
    ways[said] = max(ways.get(said, 0.0), 0.02)
    return tuple(sorted(ways.items(), key=lambda way: -way[1]))


def habit(text: str, at: int) -> float:
    """What the recogniser says and the neighbours make likely."""
    sign = text[at]
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    odds = BESIDE_HAN if any(character >= "\u2e80" and character not in NARROW for character in beside) else 0.0
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
    return _held((min(apart) - 0.78) / SOFT) - 1.0 if apart else -2.0


def _compared(text: str, places: Sequence[float], at: int, shape: Shape, loose: float) -> tuple[Form, ...]:
    """>, ＞, ≥ or ≧, and the same of <: by the bars below, and without one by the width."""
    said = NARROW.get(text[at], text[at])
    plain = COMPARED[BARE.get(said, said)]
    start, end = shape.runs[_run(shape, places, at)]
    sign = cut(shape.ink[:, start:end])
    bar = (bottom_heavy(sign) - 0.065) / 0.012
    of_bar = _share(_held(bar, 4.0) - 2.0 if said in NARROW.values() else max(-2.0, _held(bar, 4.0)) + 3.0)
    depth = bars_apart(sign, tip_right=plain == ">")
    least = 0.2 if sign.shape[0] >= SHARP else 0.28   # small signs are blurred, and ≧ is rare
    of_two = _share(_held((depth - least) / 0.03) + (1.5 if said in BARE else 0.0))
    narrow = text[:at] + plain + text[at + 1 :]
    of_wide = _share(measured(narrow, places, at, shape, loose) + habit(text, at))
    one = "≥" if plain == ">" else "≤"
    ways = ((plain, (1 - of_bar) * (1 - of_wide)), (WIDE[plain], (1 - of_bar) * of_wide),
            (one, of_bar * (1 - of_two)), (BARS[one], of_bar * of_two))
    return tuple(sorted(ways, key=lambda way: -way[1]))


def _rate(text: str, places: Sequence[float], at: int, shape: Shape) -> Site:
    """%, ％ or ‰."""
    wide = _extent(shape.room(places[at]), SIGNS["%"], 0.0, _soft(shape)) + (SAID_WIDE if text[at] == "％" else 0.0)
    sign = shape.between(places[at - 1] if at else None, places[at + 1] if at + 1 < len(text) else None)
    unsaid = RARE if shape.em >= CLEAR else 2 * RARE
    mille = _held((bowls(sign) - 1.3) / 0.06, 2.5) + (2.5 if text[at] == "‰" else unsaid)
    of_mille, of_wide = _share(mille), _share(wide)
    ways = (("%", (1 - of_mille) * (1 - of_wide)), ("％", (1 - of_mille) * of_wide), ("‰", of_mille))
    return Site((at,), tuple(sorted(ways, key=lambda way: -way[1])))
