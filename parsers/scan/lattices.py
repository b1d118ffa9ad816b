"""Rulings of a straight page → lattices of cells, complete where lines are faint, dotted or broken.

Which edges there are is read from the longest strokes; whether a piece of an edge between two
others is drawn, from all that is seen along it and beside it. A cell is a rectangle, so no line
ends within one: where that is violated the least certain pieces give way.
"""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.edges import Lines, joined_lines, touching_groups
from parsers.lattice import Lattice, edges_at, tiled, with_open_sides
from parsers.page import Rulings
from parsers.scan.candidates import LOW_ENOUGH, SURE, rulings_of, upright_in
from parsers.scan.consistent import Edges, consistent
from parsers.scan.evidence import proved
from parsers.scan.ink import Grey
from parsers.scan.odds import in_context, lone_odds, odds_of
from parsers.scan.placing import placing_odds
from parsers.scan.signs import View
from parsers.scan.strokes import traces
from parsers.scan.texture import usual_rulings

LONE: Final = 4.0         # odds of the only piece that is found of an edge: print has many strokes
NEEDED: Final = 1.5       # odds of the surest piece of an edge: there is one
SEEN_THROUGH: Final = 32  # of 255, full ink: rulings that are no darker shine through from the back
BLURRED: Final = 50       # the same of wide ones: what shines through is blurred
WIDE: Final = 4.0         # pixels
TITLE: Final = 36.0       # points: strokes of a title that is no higher look like a row of dashed cells, those
#                           of one of its signs like a table
SPARE: Final = 3.0        # points by which tables beside each other, or in each other, may overlap
BESIDE: Final = 1.5       # points: a line that lies no farther from an edge is its own
FRAMED: Final = 0.9       # of the width of a table: a line along its rim
LOWEST: Final = 7.0       # points: no row or column is narrower

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def lattices_of(dark: Grey, dpi: float, printed: Grey | None = None) -> list[Lattice]:
    """The tables of a straight page, in points, the innermost first; ``printed`` is it without the rest of seals."""
    printed = dark if printed is None else printed
    both = traces(dark, dpi, printed), traces(cv2.transpose(dark), dpi, cv2.transpose(printed))
    usual = usual_rulings(both, SURE * dpi, dpi)
    if usual.dark < (BLURRED if usual.width > WIDE else SEEN_THROUGH):
        return []
    h, v = rulings_of(both, usual, dpi)
    found = []
    views = View(both[0], usual, dpi), View(both[1], usual, dpi)
    for group in touching_groups(joined_lines(Rulings(h, v))):
        lattice = _lattice(group, views)
        if lattice is not None and max(np.ptp(lattice.xs), np.ptp(lattice.ys)) > TITLE:   # strokes of one sign
            found.append(lattice)
    if not usual.is_solid and any(len(one.ys) > 2 for one in found):  # noqa: PLR2004  more than one row
        found = [one for one in found if len(one.ys) > 2 or one.ys[-1] - one.ys[0] > TITLE]  # noqa: PLR2004  as above
    found.sort(key=lambda one: float((one.xs[-1] - one.xs[0]) * (one.ys[-1] - one.ys[0])))
    return [one for at, one in enumerate(found) if not any(is_across(one, larger) for larger in found[at + 1 :])]


def is_across(one: Lattice, larger: Lattice) -> bool:
    """Whether a lattice lies across the lines of a larger one: strokes of a seal; a table in a cell does not."""
    x0, top, x1, bottom = one.xs[0], one.ys[0], one.xs[-1], one.ys[-1]
    boxes = larger.boxes()
    within = (boxes[:, 0] < x1 - SPARE) & (boxes[:, 2] > x0 + SPARE)
    return int((within & (boxes[:, 1] < bottom - SPARE) & (boxes[:, 3] > top + SPARE)).sum()) > 1


def _lattice(group: Lines, views: tuple[View, View]) -> Lattice | None:
    h, v = group
    ys = _open_sides(edges_at(h[:, 0]), v[:, 1:], 1)
    xs = _open_sides(edges_at(v[:, 0]), h[:, 1:], min(2, len(h)))
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  a cell has two sides
        return None
    xs, ys = proved(xs, ys, (views[0].seen, views[1].seen), views[0].usual, views[0].dpi)
    xs = _with_short(xs, ys, views[1])
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  as above
        return None
    xs, ys, edges = _needed(xs, ys, h, views)
    across, down = consistent(edges)
    while not (across.any(axis=1).all() and down.any(axis=0).all()):   # edges that no cell has
        xs, ys, edges = _needed(xs[down.any(axis=0)], ys[across.any(axis=1)], h, views)
        across, down = consistent(edges)
    rows, cols = len(ys) - 1, len(xs) - 1
    bits_across = [_bits(row) for row in across]
    bits_down = [_bits(row) for row in down]
    spans, owner = tiled(bits_across, bits_down, rows, cols)
    top, bottom = [tuple([bool(odds > 0) for odds in edges.across[at]]) for at in (0, -1)]   # page breaks are open
    return Lattice(xs, ys, spans, owner, top, bottom)


def _needed(xs: Floats, ys: Floats, h: Floats, views: tuple[View, View]) -> tuple[Floats, Floats, Edges]:
    """The edges of which one piece is surely drawn, and the outermost; without the others pieces are longer.

    ``h`` are the lines across that were found.
    """
    while True:
        across, down = odds_of(views[0], ys, xs), odds_of(views[1], xs, ys)
        first, last = [
            int(_stands_out(across[at], down[:, at]) and not _is_line(h, float(ys[at]), xs)) for at in (0, -1)
        ]
        if (first or last) and len(ys) - first - last > 1:
            ys = ys[first : len(ys) - last]
            continue
        down = down + placing_odds(down.T, xs, ys, views[0]).T
        surest_y, surest_x = across.max(axis=1), down.max(axis=1)
        surest_y[[0, -1]] = surest_x[[0, -1]] = NEEDED
        surest_x[_too_near(xs, surest_x)] = -NEEDED
        least = min(surest_y.min(), surest_x.min())
        if least >= NEEDED:
            across, down = [in_context(odds, views[0].usual) for odds in (across, down)]
            return xs, ys, Edges(across, down.T)
        xs, ys = xs[surest_x > least], ys[surest_y > least]


def _is_line(h: Floats, y: float, xs: Floats) -> bool:
    """Whether a line was found all along an edge: dashed tables have frames that are none of their dashes."""
    own = h[np.abs(h[:, 0] - y) < BESIDE]
    return bool(len(own)) and float((own[:, 2] - own[:, 1]).max()) > FRAMED * float(xs[-1] - xs[0])


def _too_near(xs: Floats, surest: Floats) -> list[int]:
    """The less sure of two edges between which no sign has room; the outermost stay."""
    near = []
    for before in np.flatnonzero(np.diff(xs) < LOWEST).tolist():
        is_first = before > 0 and (surest[before] <= surest[before + 1] or before + 2 == len(xs))
        near.append(before if is_first else before + 1)
    return [edge for edge in near if 0 < edge < len(xs) - 1]


def _stands_out(rule: Floats, sides: Floats) -> bool:
    """Whether a row without a ``rule`` at its rim is none: where a page breaks, its sides are drawn, or some within."""
    is_open = rule.max() <= 0 and min(sides[0], sides[-1]) <= 0
    return bool(is_open and max(sides[1:-1], default=NEEDED - 1) < NEEDED)


def _open_sides(edges: Floats, extents: Floats, alike: int) -> Floats:
    """With the sides that no rule is drawn along; rules that stand out a little show none."""
    whole = with_open_sides(edges, extents, alike=alike)
    first = int(len(whole) > len(edges) > 0 and whole[0] < edges[0] < whole[0] + LOWEST)
    last = len(whole) - int(len(whole) > len(edges) > 0 and whole[-1] > edges[-1] > whole[-1] - LOWEST)
    return whole[first:last]


def _bits(row: npt.NDArray[np.bool_]) -> int:
    return sum(1 << int(place) for place in np.flatnonzero(row))


def _with_short(xs: Floats, ys: Floats, view: View) -> Floats:
    """Adds the edges that only cross a low row."""
    seen, usual, dpi = view
    new = [
        x for row in pairwise(ys.tolist()) if row[1] - row[0] < 72 * LOW_ENOUGH
        for x in upright_in(seen.plain, xs, row, usual, dpi) if lone_odds(view, x, row, xs) >= LONE
    ]
    return np.unique(np.concatenate([xs, edges_at(np.array(new, np.float64))]))
