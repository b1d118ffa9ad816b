"""What signs of each width look like in a document, from those whose width is sure, and how like them others are.

Faces differ in what they make of （ and (: in some it is higher, in some lower, in few both are drawn alike.
So only a document's own print can tell.
"""

from collections.abc import Iterable, Sequence
from math import exp, log
from typing import Final, NamedTuple

import numpy as np

from parsers.sign import Ink, Sign

SURE: Final = 2.5         # log odds of what lies around a sign, from which on it is an example of its width
SURE_BARS: Final = 1.0    # the same of bounds: most that seem to have one bar do
LIKE: Final = 4.0         # log odds that one sign may give
FITS: Final = 2.5         # and one measure of it
SPOILT: Final = 0.2       # chance of an em that a measure lies anywhere: the sign is blurred or dirty
DOUBTED: Final = 2.0      # log odds against a neighbour that stands close, as none does beside a full-width sign
SAME: Final = 0.4         # log odds that the width is the only one which the document surely has
SAME_LIST: Final = 3.0    # the points of one list are alike
EXAMPLES: Final = 2       # signs that show what theirs look like
FEW: Final = 4.0          # how much less sure one example is: it may be dirty
USUAL: Final = 0.08       # of the usual height: print that differs by less is of the usual size
ALIKE: Final = 0.2        # of faces draw a sign alike in both widths
DRAWN: Final = 0.56       # ems: no half-width sign of comparison is wider, and few full-width ones are narrower
DRAWN_SPREAD: Final = 0.02
NARROWER: Final = -1.0    # log odds of full width where it is


class Trait(NamedTuple):
    """A measure of ink: how far examples of one width lie apart, and how far the two widths may, in ems.

    ``rises`` says that only more of it speaks for the other width where that was never seen.
    """

    spread: float
    apart: float
    rises: bool = False


TRAITS: Final = {
    "high": Trait(0.02, 0.07), "wide": Trait(0.03, 0.05), "foot": Trait(0.025, 0.08),
    "gap": Trait(0.02, 0.06), "gaps 0": Trait(0.025, 0.06), "gaps 文": Trait(0.06, 0.06),
}  # fmt: skip
BOUND: Final = {
    "high": Trait(0.02, 0.15, rises=True), "wide": Trait(0.03, 0.15), "foot": Trait(0.025, 0.08, rises=True),
}  # fmt: skip
"""≥ and ≧ differ more, and it is the second bar that makes the difference."""
GAPS: Final = ("gap", "gaps")
"""The paper towards the neighbour: beside the same character, beside one of its kind. Han characters bring more."""
MIRRORED: Final = {")": "(", "≤": "≥"}

_Examples = Sequence[dict[str, float]]


class Spot(NamedTuple):
    """A sign, and the line of its block."""

    line: int
    sign: Sign


class Group(NamedTuple):
    """Signs of one width: a pair, or one."""

    block: int
    spots: tuple[Spot, ...]

    @property
    def measured(self) -> float:
        """The log odds of full width from the paper around them."""
        return sum(spot.sign.odds for spot in self.spots)

    @property
    def own(self) -> float:
        """The same with what the recogniser says."""
        return self.measured + sum(spot.sign.habit for spot in self.spots) / len(self.spots)

    @property
    def kind(self) -> str:
        """The sign in its half-width form, parentheses and bounds as those that open to the right."""
        return MIRRORED.get(self.spots[0].sign.ways[0], self.spots[0].sign.ways[0])


class Likeness:
    """What signs of each width look like, from those that are sure."""

    def __init__(self, groups: Sequence[Group], em: float) -> None:
        self._em = em
        inks = [spot.sign.ink for group in groups for spot in group.spots if spot.sign.ink]
        talls: dict[str, list[float]] = {}
        for ink in inks:
            talls.setdefault(ink.body, []).append(ink.tall)
        self._usual = {body: float(np.median(tall)) for body, tall in talls.items()}
        self._examples: dict[tuple[str, bool], list[tuple[Group, dict[str, float]]]] = {}
        for group in groups:
            if abs(group.measured) >= (SURE if group.kind != "≥" else SURE_BARS):
                some = self._examples.setdefault((group.kind, group.measured > 0), [])
                some += [(group, self._traits(spot.sign.ink)) for spot in group.spots if spot.sign.ink]

    def odds(self, group: Group) -> float:
        """The log odds that a group is full-width, from its likeness to the others of its kind."""
        narrow, wide = (
            [traits for other, traits in self._examples.get((group.kind, is_wide), []) if other is not group]
            for is_wide in (False, True)
        )
        narrow, wide = (some if len(some) >= EXAMPLES else [] for some in (narrow, wide))
        odds = 0.0 if narrow and wide else SAME if wide else -SAME if narrow else 0.0
        if group.kind == ".":
            odds += self._listed(group)
        for ink in [spot.sign.ink for spot in group.spots if spot.sign.ink]:
            odds += self._alike(group.kind, ink, narrow, wide)
            if group.kind in "=<>":
                least = NARROWER if not ink.beside and not narrow and not wide else 0.0
                odds += max(least, min(LIKE, (ink.wide / self._em - DRAWN) / DRAWN_SPREAD))
        return min(odds, DOUBTED) if group.kind != "≥" and group.measured <= -SURE else odds

    def _alike(self, kind: str, ink: Ink, narrow: _Examples, wide: _Examples) -> float:
        """The log odds from the form of one sign, and from the paper on its inner side."""
        traits = self._traits(ink)
        fits = {
            name: _fit(name, value, (narrow, wide), ink.grain / self._em, _trait(kind, name))
            for name, value in traits.items()
        }
        form = sum(fit for name, fit in fits.items() if not _is_gap(name))
        if not narrow or not wide:
            form = _unless_alike(form, seen_wide=bool(wide))
        return max(-LIKE, min(LIKE, form + sum(fits[name] for name in _gaps(traits, narrow, wide))))

    def _listed(self, group: Group) -> float:
        """What the other points of the same cell tell of one."""
        cell = [
            [other for other, _ in self._examples.get((".", is_wide), []) if other.block == group.block]
            for is_wide in (False, True)
        ]
        narrow, wide = (sum(other is not group for other in some) for some in cell)
        return SAME_LIST * ((wide > narrow) - (narrow > wide))

    def _traits(self, ink: Ink) -> dict[str, float]:
        """Its measures in ems, by what they can be compared with."""
        usual = self._usual.get(ink.body, 0.0)
        scale = ink.tall / usual if ink.body and usual else 1.0
        scale = self._em * (scale if abs(scale - 1) > USUAL else 1.0)
        traits = {"high": ink.high / scale, "wide": ink.wide / scale}
        if ink.body:
            traits[f"foot {ink.body}"] = ink.foot / scale
        if ink.beside:
            for beside in (f"gap {ink.beside}", f"gaps {_kind(ink.beside)}"):
                traits[beside] = ink.gap / scale
        return traits


def _kind(beside: str) -> str:
    return "0" if beside.isdigit() or beside in "%‰" else "文"


def _is_gap(name: str) -> bool:
    return name.partition(" ")[0] in GAPS


def _gaps(traits: Iterable[str], narrow: _Examples, wide: _Examples) -> list[str]:
    """The one measure of the paper towards the neighbour that is most like: best if both widths of it were seen."""
    known = [(name, [any(name in other for other in some) for some in (narrow, wide)])
             for name in traits if _is_gap(name)]  # fmt: skip
    return ([name for name, both in known if all(both)] or [name for name, both in known if any(both)])[:1]


def _unless_alike(odds: float, *, seen_wide: bool) -> float:
    """The log odds of a form like, or unlike, that of the one width which was seen: the other may look the same."""
    way = -1 if seen_wide else 1
    return way * log(ALIKE + (1 - ALIKE) * exp(way * odds))


def _trait(kind: str, name: str) -> Trait:
    measure = name.partition(" ")[0]
    return BOUND[measure] if kind == "≥" and measure in BOUND else TRAITS.get(name) or TRAITS[measure]


def _fit(name: str, value: float, examples: tuple[_Examples, _Examples], grain: float, trait: Trait) -> float:
    """The log odds of full width from one measure; where one width was never seen, it lies somewhere near the other."""
    spread = (trait.spread**2 + (0.5 * grain) ** 2) ** 0.5
    known = [[traits[name] for traits in some if name in traits] for some in examples]
    if not any(known) or (trait.rises and not known[1] and value < float(np.median(known[0]))):
        return 0.0
    fewest = min(len(own) for own in known if own)
    near = spread * (1 + FEW / fewest) ** 0.5
    chances = []
    for own, other in (known, known[::-1]):
        mean, wider = float(np.median(own or other)), near if own else (near**2 + trait.apart**2) ** 0.5
        chances.append(SPOILT + exp(-(((value - mean) / wider) ** 2) / 2) / (wider * 2.5))
    return max(-FITS, min(FITS, log(chances[1] / chances[0])))
