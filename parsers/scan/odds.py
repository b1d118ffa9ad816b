"""The odds that a piece of an edge is drawn, from all that is seen of it and of the rest of its edge."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.scan.evidence import drawn
from parsers.scan.signs import Extent, Signs, View, signs_of
from parsers.scan.texture import Usual

UNSEEN: Final = -1.0       # odds of a piece that is too short to be seen
MOST: Final = 12.0         # odds that are certain
ALONE: Final = 0.99        # paper on both sides of a whole line: no print is that, nothing else need be asked
SAYING: Final = 4.0        # odds of which a piece that is surely drawn, or not, says little more

Floats = npt.NDArray[np.float64]


class Context(NamedTuple):
    """What the rest of an edge says of a piece; odds are made -1 to 1 before.

    Attributes:
        one: 1: most pieces of edges that there are are drawn.
        own: Its own odds.
        beside: Those of the pieces before and behind it, in all.
        both: The lesser of these.
        rest: Of all other pieces on average.
    """

    one: float
    own: float
    beside: float
    both: float
    rest: float


# Fitted to 79,000 pieces of edges, and strokes of print in their place, of 106 drawn forms on pages of 150 dpi
SOLID_WEIGHTS: Final = Signs(
    one=-3.38, thin=0.25, thin_twice=0.66, thick=-0.15, crossed=-0.47, beside=-0.93, end=-1.61, far_end=-0.29,
    gap=0.02, empty=-0.99, long=0.75, tuned=0.06, contrast=0.60, level=-0.12, both=-0.95, room=2.31, near=0.71,
    drawn=1.74, alone=0.31, hanging=1.38,
)
SOLID_TOGETHER: Final = (-0.25, 1.47, 0.79, -0.83, 0.06, 1.14, -1.70, -0.23, 1.09, 0.15, 0.03)
SOLID_CONTEXT: Final = Context(
    one=1.73, own=0.88, beside=0.26, both=0.23, rest=-0.02,
)
DOTTED_WEIGHTS: Final = Signs(
    one=-4.89, thin=0.75, thin_twice=0.49, thick=-0.24, crossed=-0.54, beside=-0.72, end=-0.90, far_end=-1.03,
    gap=0.15, empty=-0.61, long=0.18, tuned=0.86, contrast=1.04, level=0.18, both=0.01, room=1.85, near=1.56,
    drawn=0.78, alone=0.86, hanging=4.05,
)
DOTTED_TOGETHER: Final = (0.18, 0.60, 1.63, -0.38, 0.50, 0.33, -1.39, -0.59, 1.20, -0.42, 0.27)
DOTTED_CONTEXT: Final = Context(
    one=1.01, own=0.97, beside=-0.10, both=-0.10, rest=-0.03,
)
DASHED_WEIGHTS: Final = Signs(
    one=-3.37, thin=-0.13, thin_twice=-0.10, thick=-0.51, crossed=-1.08, beside=-0.45, end=-2.50, far_end=-0.89,
    gap=0.99, empty=-0.77, long=-1.83, tuned=0.16, contrast=0.91, level=-0.01, both=-0.87, room=2.22, near=1.06,
    drawn=-0.16, alone=1.09, hanging=1.59,
)
DASHED_TOGETHER: Final = (-3.88, -0.46, 2.87, -2.48, 1.48, 0.18, -1.39, 0.07, 1.47, 2.34, 0.75)
DASHED_CONTEXT: Final = Context(
    one=1.55, own=0.98, beside=0.48, both=0.35, rest=-0.01,
)
TOGETHER: Final = (
    ("end", "hanging"), ("thin", "drawn"), ("gap", "drawn"), ("thin", "end"), ("tuned", "level"),
    ("thin_twice", "thin_twice"), ("beside", "empty"), ("level", "level"), ("near", "drawn"),
    ("tuned", "hanging"), ("tuned", "thin"),
)
"""Signs that say more, or less, together: by their product."""


def odds_of(view: View, edges: Floats, marks: Floats, only: int | None = None) -> Floats:
    """The odds that each piece (between ``marks``) of each horizontal edge is drawn, by itself; edges are in points.

    ``only`` is the number of the one edge that is asked for.
    """
    seen, usual, dpi = view
    is_plain = usual.is_solid and not usual.ripple
    weights = _of(usual, (*SOLID_WEIGHTS, *SOLID_TOGETHER), (*DOTTED_WEIGHTS, *DOTTED_TOGETHER),
                  (*DASHED_WEIGHTS, *DASHED_TOGETHER))
    asked = slice(None) if only is None else slice(only, only + 1)
    sure, alone = np.zeros((2, len(edges), len(marks) - 1))
    sure[asked], alone[asked] = drawn(seen, edges[asked], marks, usual, dpi)
    edges, marks = edges * dpi / 72, marks * dpi / 72
    around = np.concatenate([edges[:1], edges, edges[-1:]])
    found = np.full(sure.shape, UNSEEN)
    for row, at in enumerate(edges.tolist()):
        if only not in (None, row):
            continue
        for col, piece in enumerate(pairwise(marks.tolist())):
            if is_plain and sure[row, col] >= 1 and alone[row, col] >= ALONE:
                found[row, col] = MOST
                continue
            signs = signs_of(view, at, piece, (around[row], around[row + 2]))
            if signs is not None:
                signs = signs._replace(drawn=sure[row, col], alone=alone[row, col])
                found[row, col] = np.clip(np.dot(weights, (*signs, *_together(signs))), -MOST, MOST)
    return found


def lone_odds(view: View, at: float, piece: Extent, edges: Floats) -> float:
    """The odds of a piece of an edge that is none of the ``edges`` yet; all are points."""
    place = int(np.searchsorted(edges, at))
    around = np.array([edges[max(0, place - 1)], at, edges[min(place, len(edges) - 1)]])
    return float(odds_of(view, around, np.array(piece), only=1)[1, 0])


def _of(
    usual: Usual, solid: tuple[float, ...], dotted: tuple[float, ...], dashed: tuple[float, ...]
) -> tuple[float, ...]:
    """The weights for rulings as those of the page."""
    return dashed if not usual.is_solid else dotted if usual.ripple else solid


def _together(signs: Signs) -> list[float]:
    return [getattr(signs, one) * getattr(signs, other) for one, other in TOGETHER]


def in_context(odds: Floats, usual: Usual) -> Floats:
    """The odds of the pieces of edges that there are, with what the other pieces of each edge say."""
    weights = _of(usual, SOLID_CONTEXT, DOTTED_CONTEXT, DASHED_CONTEXT)
    said = np.tanh(odds / SAYING)
    padded = np.pad(said, ((0, 0), (1, 1)))
    before, behind = padded[:, :-2], padded[:, 2:]
    others = max(1, odds.shape[1] - 1)
    rest = (said.sum(axis=1, keepdims=True) - said) / others
    signs = np.stack([np.ones_like(odds), odds, before + behind, np.minimum(before, behind), rest], axis=-1)
    found: Floats = signs @ np.array(weights)
    return found
