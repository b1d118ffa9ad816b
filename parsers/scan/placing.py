"""How print stands in its cells, as a sign of the edges between them.

Print is centred, or stands at one side, and does so alike on a whole page. What stands in the middle of two cells,
and in neither's own, belongs to one; where each stands in its own middle there is an edge between, be it ever so faint.
"""

from itertools import pairwise
from math import exp, log, pi, sqrt
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.scan.signs import LEAST_PRINT, View, rim_of
from parsers.scan.strokes import runs_of

CLOSE: Final = 4.5        # points: print with a smaller gap hangs together
WIDE_GAP: Final = 8.0     # points: a line of one cell seldom has a wider one
SPECK: Final = 1.4        # points: narrower marks are no print
RIM: Final = 1.7          # points beside an edge that its own line may take
NEXT: Final = 0.8         # points from there: print that is so near on both sides goes on over the edge
ERROR: Final = 1.6        # points, one deviation: print stands no more exactly where it is to stand
INSET: Final = 2.5        # points between a side and print that stands at it, where a page does not tell
FARTHEST: Final = 9.0     # points: none leaves more; Word leaves 5.4, Excel 2
ROOM: Final = 8.0         # points that print must leave free to tell how it stands
ANYWHERE: Final = 0.15    # share of print that stands in no such way
STRAY: Final = 0.3        # share of cells with one more mark beside their print; of lines with one more wide gap
FEW: Final = 4            # cells that a page is thought to have of each way before one is seen
INKED: Final = 0.35       # of the usual darkness of rulings: print
MOST: Final = 5.0         # odds that the standing of print gives at most

Floats = npt.NDArray[np.float64]
Run = tuple[float, float]


class _Ways(NamedTuple):
    """How print stands on a page.

    Attributes:
        shares: How often in the middle of its cell, at its left and at its right side.
        inset: Points between a side and print that stands at it.
    """

    shares: tuple[float, ...]
    inset: float

    @property
    def near(self) -> float:
        """Points beside an edge: print that is so near on both sides goes on over it. 0 where print may begin there."""
        least = RIM + NEXT
        middle, left, _ = self.shares
        return max(least, self.inset - ERROR / 2) if middle > left or self.inset > least + ERROR / 2 else 0.0


def placing_odds(down: Floats, xs: Floats, ys: Floats, view: View) -> Floats:
    """What the standing of print adds to the odds of the pieces of upright edges; ``down`` are these, rows × edges."""
    rows = [_print_of(row, xs, view) for row in pairwise(ys.tolist())]
    ways = _ways_of(rows, down, xs)
    more = np.zeros_like(down)
    for row, prints in enumerate(rows):
        if prints and len(xs) > 2:  # noqa: PLR2004  an edge between two
            told = _table(prints, xs.tolist(), ways)
            more[row, 1:-1] = np.clip(_both_ways(down[row], told) - down[row, 1:-1], -MOST, MOST)
    return more


def _table(prints: list[Run], xs: list[float], ways: _Ways) -> Floats:
    """What print tells of each cell between two edges, before and behind it."""
    told = np.full((len(xs), len(xs)), -np.inf)
    for first, x0 in enumerate(xs):
        for last in range(first + 1, len(xs)):
            told[first, last] = _told(prints, (x0, xs[last]), ways)
    return told


def _both_ways(odds: Floats, told: Floats) -> Floats:
    """For each inner edge of a row how much better its cells are with it than without, all others as is best."""
    count = len(odds)
    odds = np.concatenate([[0.0], odds[1:-1], [0.0]])   # the outermost are drawn in any case
    before, behind = np.zeros(count), np.zeros(count)   # the best up to an edge that is drawn, and from it on
    for edge in range(1, count):
        before[edge] = (before[:edge] + told[:edge, edge]).max() + odds[edge]
    for edge in range(count - 2, -1, -1):
        behind[edge] = (told[edge, edge + 1 :] + odds[edge + 1 :] + behind[edge + 1 :]).max()
    found = np.zeros(count - 2)
    for edge in range(1, count - 1):
        across = before[:edge, None] + told[:edge, edge + 1 :] + (odds + behind)[None, edge + 1 :]
        found[edge - 1] = before[edge] + behind[edge] - across.max()
    return found


def _print_of(row: Run, xs: Floats, view: View) -> list[Run]:
    """From-to of what is printed in a row, in points, cut at the edges, whose own lines are left out."""
    page, usual, dpi = view.seen.printed, view.usual, view.dpi
    rim = rim_of(view)
    top, bottom = round(row[0] * dpi / 72) + rim, round(row[1] * dpi / 72) - rim
    if bottom - top < 2:  # noqa: PLR2004  no print is so low
        return []
    inked = (page[top:bottom] > max(LEAST_PRINT, INKED * usual.dark)).sum(axis=0) > 1
    for x in xs.tolist():
        inked[max(0, round((x - RIM) * dpi / 72)) : round((x + RIM) * dpi / 72) + 1] = False
    runs: list[Run] = []
    for low, high in runs_of(inked):
        first, last = low * 72 / dpi, high * 72 / dpi
        if runs and first - runs[-1][1] < CLOSE and not ((xs > runs[-1][1]) & (xs < first)).any():
            runs[-1] = runs[-1][0], last
        else:
            runs.append((first, last))
    return [one for one in runs if one[1] - one[0] >= SPECK]


def _ways_of(rows: list[list[Run]], down: Floats, xs: Floats) -> _Ways:
    """How print stands on this page, by the cells that are there as it seems."""
    cells = []
    for prints, odds in zip(rows, down, strict=True):
        for cell in pairwise(xs[odds > 0].tolist()):
            own = _within(prints, cell)
            if own:
                cells.append(((own[0][0], own[-1][1]), cell))
    inset = _inset_of([gap for (low, high), (x0, x1) in cells for gap in (low - x0, x1 - high)])
    counts = np.full(3, float(FEW))
    for (low, high), (x0, x1) in cells:
        if (x1 - x0) - (high - low) > ROOM:
            counts += np.abs(np.array(_offsets((low, high), (x0, x1), inset))) < 2 * ERROR
    return _Ways(tuple(((1 - ANYWHERE) * counts / counts.sum()).tolist()), inset)


def _inset_of(gaps: list[float]) -> float:
    """What print that stands at a side leaves free: the commonest gap between print and sides."""
    small = np.array([gap for gap in gaps if gap < FARTHEST])
    alike = (np.abs(small[:, None] - small[None, :]) < ERROR / 2).sum(axis=1)
    return float(np.median(small[alike == alike.max()])) if alike.max(initial=0) > FEW else INSET


def _told(prints: list[Run], cell: Run, ways: _Ways) -> float:
    """How much likelier the print in a cell stands as it does than anywhere (natural logarithm); 0 where none does."""
    own = _within(prints, cell)
    if not own:
        return 0.0
    if any(_goes_over(prints, x, ways.near) for x in cell):
        return log(ANYWHERE)
    stray = log(STRAY)
    gaps = sum(after[0] - before[1] > WIDE_GAP for before, after in pairwise(own))
    least = max(high - low for low, high in own) / 2   # what is much narrower is a speck beside the print
    alone = max(_likelihood(one, cell, ways) for one in own if one[1] - one[0] >= least) + stray * (len(own) - 1)
    return max(alone, _likelihood((own[0][0], own[-1][1]), cell, ways) + stray * gaps)


def _goes_over(prints: list[Run], x: float, near: float) -> bool:
    """Whether print goes on from one side of an edge to the other."""
    return any(x - near < high <= x for _, high in prints) and any(x <= low < x + near for low, _ in prints)


def _within(prints: list[Run], cell: Run) -> list[Run]:
    """The print in a cell, joined where it goes on over what may be an edge."""
    own: list[Run] = []
    for low, high in prints:
        if cell[0] < low and high < cell[1]:
            if own and low - own[-1][1] < CLOSE + 2 * RIM:
                own[-1] = own[-1][0], high
            else:
                own.append((low, high))
    return own


def _likelihood(one: Run, cell: Run, ways: _Ways) -> float:
    slack = (cell[1] - cell[0]) - (one[1] - one[0]) - 2 * ways.inset
    if slack < ROOM:
        return 0.0
    offsets = _offsets(one, cell, ways.inset)
    fits = sum(share * exp(-0.5 * (off / ERROR) ** 2) for share, off in zip(ways.shares, offsets, strict=True))
    return log(ANYWHERE + slack * fits / (ERROR * sqrt(2 * pi)))


def _offsets(one: Run, cell: Run, inset: float) -> tuple[float, float, float]:
    """How far print stands from the middle of a cell, from its left and from its right side."""
    return (one[0] + one[1] - cell[0] - cell[1]) / 2, one[0] - cell[0] - inset, cell[1] - one[1] - inset
