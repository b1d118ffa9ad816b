"""Rulings of a straight page → lattices of cells, complete where lines are faint, dotted or broken.

Which edges there are is read from the longest strokes; whether a piece of an edge between two
others is drawn, from how much of its length is dark. A cell is a rectangle, so no line ends within
one: where that is violated the least certain piece gives way.
"""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.edges import Lines, joined_lines, touching_groups
from parsers.lattice import Lattice, edges_at, tiled, with_open_sides
from parsers.page import Rulings
from parsers.scan.candidates import MEETS, SURE, crossing, rulings_of
from parsers.scan.evidence import DRAWN, Edges, evidence, proved
from parsers.scan.ink import Grey
from parsers.scan.strokes import Traces, traces
from parsers.scan.texture import Usual, usual_rulings

ROUNDS: Final = 12
SEEN_THROUGH: Final = 32  # of 255, full ink: rulings that are no darker shine through from the back
TITLE: Final = 36.0       # points: strokes of a title that is no higher look like a row of dashed cells
LOWEST: Final = 7.0       # points: no row or column is narrower

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def lattices_of(dark: Grey, dpi: float) -> list[Lattice]:
    """The tables of a straight page, in points, the innermost first."""
    both = traces(dark, dpi), traces(cv2.transpose(dark), dpi)
    usual = usual_rulings(both, SURE * dpi, dpi)
    if usual.dark < SEEN_THROUGH:
        return []
    h, v = rulings_of(both, usual, dpi)
    found = []
    for group in touching_groups(joined_lines(Rulings(h, v))):
        lattice = _lattice(group, both, usual, dpi)
        if lattice is not None:
            found.append(lattice)
    if not usual.is_solid and any(len(one.ys) > 2 for one in found):  # noqa: PLR2004  more than one row
        found = [one for one in found if len(one.ys) > 2 or one.ys[-1] - one.ys[0] > TITLE]  # noqa: PLR2004  as above
    return sorted(found, key=lambda one: float((one.xs[-1] - one.xs[0]) * (one.ys[-1] - one.ys[0])))


def _lattice(group: Lines, both: tuple[Traces, Traces], usual: Usual, dpi: float) -> Lattice | None:
    h, v = group
    ys = _open_sides(edges_at(h[:, 0]), v[:, 1:], 1)
    xs = _open_sides(edges_at(v[:, 0]), h[:, 1:], min(2, len(h)))
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  a cell has two sides
        return None
    xs, ys = proved(xs, ys, both, usual, dpi)
    xs = _with_short(xs, ys, both[1], usual, dpi)
    edges = evidence(xs, ys, both, usual, dpi)
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  as above
        return None
    across, down = settled(edges)
    rows, cols = len(ys) - 1, len(xs) - 1
    bits_across = [_bits(row) for row in across]
    bits_down = [_bits(row) for row in down]
    spans, owner = tiled(bits_across, bits_down, rows, cols)
    top, bottom = [tuple([bool(sure >= DRAWN) for sure in edges.across[at]]) for at in (0, -1)]   # page breaks are open
    return Lattice(xs, ys, spans, owner, top, bottom)


def _open_sides(edges: Floats, extents: Floats, alike: int) -> Floats:
    """With the sides that no rule is drawn along; rules that stand out a little show none."""
    whole = with_open_sides(edges, extents, alike=alike)
    first = int(len(whole) > len(edges) > 0 and whole[0] < edges[0] < whole[0] + LOWEST)
    last = len(whole) - int(len(whole) > len(edges) > 0 and whole[-1] > edges[-1] > whole[-1] - LOWEST)
    return whole[first:last]


def _bits(row: npt.NDArray[np.bool_]) -> int:
    return sum(1 << int(place) for place in np.flatnonzero(row))


def _with_short(xs: Floats, ys: Floats, seen: Traces, usual: Usual, dpi: float) -> Floats:
    """Adds the edges that only cross a low row."""
    points = 72 / dpi
    found = [
        x for top, bottom in pairwise(ys)
        for x in crossing(seen, (xs[0] / points, top / points, xs[-1] / points, bottom / points), usual, dpi)
    ]
    new = [x * points for x in found if np.abs(xs - x * points).min() > 72 * MEETS]
    return np.unique(np.concatenate([xs, edges_at(np.array(new, np.float64))]))


def settled(edges: Edges) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which pieces are drawn, such that no line ends or turns within the table.

    At each crossing within the table no piece meets, two in line, three or four do.
    """
    across, down = edges.across >= DRAWN, edges.down >= DRAWN
    rows, cols = down.shape[0], across.shape[1]
    across[[0, -1]] = True
    down[:, [0, -1]] = True
    for _ in range(ROUNDS):
        changed = False
        for row in range(rows + 1):
            for col in range(cols + 1):
                changed |= _settle(edges, across, down, row, col)
        if not changed:
            break
    return across, down


def _settle(
    edges: Edges, across: npt.NDArray[np.bool_], down: npt.NDArray[np.bool_], row: int, col: int
) -> bool:
    """Makes one crossing possible at the least cost; says whether it had to."""
    rows, cols = down.shape[0], across.shape[1]
    arms = []   # left, right, above, below: (array, index, evidence); fixed ones are the rim's
    for array, surely, at, inside in (
        (across, edges.across, (row, col - 1), col > 0),
        (across, edges.across, (row, col), col < cols),
        (down, edges.down, (row - 1, col), row > 0),
        (down, edges.down, (row, col), row < rows),
    ):
        rim = row in (0, rows) if array is across else col in (0, cols)
        arms.append((array, at, float(surely[at]) if inside else 0.0, inside and not rim))
    now = tuple([bool(array[at]) if _is_there(array, at) else False for array, at, _, _ in arms])
    if _is_possible(now):
        return False
    best: tuple[bool, ...] = now
    cost = float("inf")
    for bits in range(16):
        pick = tuple([bool(bits >> k & 1) for k in range(4)])
        fixed = any(p != n and not free for p, n, (_, _, _, free) in zip(pick, now, arms, strict=True))
        if fixed or not _is_possible(pick):
            continue
        price = sum(abs(e - DRAWN) + 0.01 for p, n, (_, _, e, _) in zip(pick, now, arms, strict=True) if p != n)
        if price < cost:
            best, cost = pick, price
    for is_drawn, was, (array, at, _, _) in zip(best, now, arms, strict=True):
        if is_drawn != was:
            array[at] = is_drawn
    return bool(best != now)


def _is_there(array: Flags, at: tuple[int, int]) -> bool:
    """Whether an arm lies within the table or on its rim."""
    return 0 <= at[0] < array.shape[0] and 0 <= at[1] < array.shape[1]


def _is_possible(arms: tuple[bool, ...]) -> bool:
    """Whether pieces of lines meet as between rectangles."""
    left, right, above, below = arms
    count = sum(arms)
    return count == 0 or count > 2 or (left and right) or (above and below)  # noqa: PLR2004  three lines meet
