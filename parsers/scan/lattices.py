"""Rulings of a straight page → lattices of cells, complete where lines are faint, dotted or broken.

Which edges there are is read from the longest strokes; whether a piece of an edge between two
others is drawn, from how much of its length is dark. A cell is a rectangle, so no line ends within
one: where that is violated the least certain piece gives way.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.edges import Lines, joined_lines, touching_groups
from parsers.lattice import Lattice, edges_at, flags, tiled, with_open_sides
from parsers.page import Rulings
from parsers.scan.ink import Grey
from parsers.scan.strokes import INKED, Stroke, Traces, Usual, strokes, traces, usual_rulings

LONG: Final = 0.45        # inches: a stroke that is a ruling whatever it meets
SHORT: Final = 0.14       # inches: one that is a ruling where it meets others at both ends
MEETS: Final = 0.05       # inches between the end of a stroke and what it meets
INSET: Final = 0.018      # inches left out at both ends of a piece of an edge
WOBBLE: Final = 0.014     # inches that an edge may lie beside its place
SURE: Final = 1.0         # inches: no row of print passes for so long a ruling
PART: Final = 0.55        # of the usual response of the page's rulings: a shorter stroke that is fainter is none
FAINTER: Final = 0.3      # of it: nothing that is fainter is one
DRAWN: Final = 0.6        # of a piece's length that a line goes on along: it is drawn
DOTTED: Final = 0.8       # the same of a dotted line
HANGING: Final = 1.4      # a line that is broken counts by so much of what hangs on its ends
UNBROKEN: Final = 0.85    # of a stroke that is inked, where rulings are solid
ROUNDS: Final = 12

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Edges(NamedTuple):
    """How much of each piece of each edge is drawn, 0 to 1: rows+1 × cols, and rows × cols+1."""

    across: Floats
    down: Floats


def lattices_of(dark: Grey, dpi: float) -> list[Lattice]:
    """The tables of a straight page, in points, the innermost first."""
    points = 72 / dpi
    both = traces(dark, dpi), traces(cv2.transpose(dark), dpi)
    usual = usual_rulings(both, SURE * dpi)
    h, v = [_lines(strokes(seen, SHORT * dpi, FAINTER * usual.strength), usual, points) for seen in both]
    h, v = _meeting(h, v, LONG if usual.is_solid else SURE)
    found = []
    for group in touching_groups(joined_lines(Rulings(h, v))):
        lattice = _lattice(group, both, usual, dpi)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda one: float((one.xs[-1] - one.xs[0]) * (one.ys[-1] - one.ys[0])))


def _lines(pieces: list[Stroke], usual: Usual, points: float) -> Floats:
    """Strokes as rows (place, start, end), in points; without those that are faint for their length."""
    rows = [
        (float(np.median(one.across)) + 0.5, one.along[0], one.along[-1] + 1.0) for one in pieces
        if len(one.along) * points >= 72 * SURE or (
            one.strength >= PART * usual.strength
            and (not usual.is_solid or np.mean(one.dark > INKED * usual.dark) >= UNBROKEN)
        )
    ]
    return np.array(rows, np.float64).reshape(-1, 3) * points


def _meeting(h: Floats, v: Floats, long: float) -> tuple[Floats, Floats]:
    """The strokes that are long, and of the short ones those that run from ruling to ruling.

    Print has strokes too, and those of one character meet each other.
    """
    sure_h, sure_v = _is_long(h, long), _is_long(v, long)
    while True:
        more_h = sure_h | _runs_between(h, v[sure_v])
        more_v = sure_v | _runs_between(v, h[more_h])
        if (more_h == sure_h).all() and (more_v == sure_v).all():
            return h[sure_h], v[sure_v]
        sure_h, sure_v = more_h, more_v


def _is_long(lines: Floats, long: float) -> Flags:
    held: Flags = lines[:, 2] - lines[:, 1] >= 72 * long
    return held


def _runs_between(lines: Floats, others: Floats) -> Flags:
    near = 72 * MEETS
    crossing = (others[None, :, 1] - near <= lines[:, :1]) & (lines[:, :1] <= others[None, :, 2] + near)
    starts = (crossing & (np.abs(others[None, :, 0] - lines[:, 1:2]) <= near)).any(axis=1)
    ends = (crossing & (np.abs(others[None, :, 0] - lines[:, 2:]) <= near)).any(axis=1)
    held: Flags = np.logical_and(starts, ends)
    return held


def _lattice(group: Lines, both: tuple[Traces, Traces], usual: Usual, dpi: float) -> Lattice | None:
    h, v = group
    ys = with_open_sides(edges_at(h[:, 0]), v[:, 1:], alike=1)
    xs = with_open_sides(edges_at(v[:, 0]), h[:, 1:], alike=min(2, len(h)))
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  a cell has two sides
        return None
    scale = dpi / 72
    edges = Edges(
        _drawn(both[0], ys * scale, xs * scale, usual, dpi),
        _drawn(both[1], xs * scale, ys * scale, usual, dpi).T,
    )
    across, down = settled(edges)
    rows, cols = len(ys) - 1, len(xs) - 1
    bits_across = [_bits(row) for row in across]
    bits_down = [_bits(row) for row in down]
    spans, owner = tiled(bits_across, bits_down, rows, cols)
    return Lattice(xs, ys, spans, owner, flags(bits_across[0], cols), flags(bits_across[-1], cols))


def _bits(row: npt.NDArray[np.bool_]) -> int:
    return sum(1 << int(place) for place in np.flatnonzero(row))


def _drawn(seen: Traces, ys: Floats, xs: Floats, usual: Usual, dpi: float) -> Floats:
    """How surely each piece (between ``xs``) of each edge (at ``ys``) is drawn."""
    reach = max(1, round(WOBBLE * dpi))
    sure = np.zeros((len(ys), len(xs) - 1))
    for row, y in enumerate(np.round(ys - 0.5).astype(int)):
        band = slice(max(0, y - reach), y + reach + 1)
        for col, (x0, x1) in enumerate(pairwise(xs)):
            inset = min(INSET * dpi, (x1 - x0) / 4)
            piece = slice(max(0, round(x0 + inset)), round(x1 - inset))
            strip = seen.even[band, piece]
            if strip.size:
                best = int(strip.mean(axis=1).argmax())
                near = slice(max(0, best - 1), best + 2)
                if usual.is_solid:
                    sure[row, col] = _solid(strip[near].max(axis=0) > INKED * usual.dark)
                else:
                    held = np.mean(seen.answer[band, piece][near].max(axis=0) > FAINTER * usual.strength)
                    sure[row, col] = held * DRAWN / DOTTED
    return sure


def _solid(inked: Flags) -> float:
    """How surely a solid line runs there: print does not reach from one ruling to the next.

    A line that is broken hangs on the rulings at its ends.
    """
    blank = np.flatnonzero(~inked)
    if not len(blank):
        return 1.0
    ends = blank[0] + len(inked) - 1 - blank[-1]
    share = float(np.mean(inked))
    attached = inked[0] and inked[-1]
    return max(share if attached else 0.0, min(1.0, HANGING * ends / len(inked)))


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
    for array, evidence, at, inside in (
        (across, edges.across, (row, col - 1), col > 0),
        (across, edges.across, (row, col), col < cols),
        (down, edges.down, (row - 1, col), row > 0),
        (down, edges.down, (row, col), row < rows),
    ):
        rim = row in (0, rows) if array is across else col in (0, cols)
        arms.append((array, at, float(evidence[at]) if inside else 0.0, inside and not rim))
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
