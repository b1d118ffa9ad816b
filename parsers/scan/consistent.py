"""Pieces of edges, each as likely drawn as it is → the likeliest that are the sides of rectangles.

At each crossing within a table no piece meets, two in line, three or four do: no line ends or turns there.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

TRIES: Final = 3000     # choices looked at for what is wrong around one crossing
FLIP: Final = 0.01      # odds that each change costs beyond its own: of two ways as likely the shorter
RIM: Final = 100.0      # odds of the rim of a table: it is closed in any case

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Piece = tuple[bool, int, int]
"""Whether it stands, its row and its column."""
Crossing = tuple[int, int]


class Edges(NamedTuple):
    """The odds (natural logarithms) that each piece of each edge is drawn: rows+1 × cols, and rows × cols+1."""

    across: Floats
    down: Floats


def consistent(edges: Edges) -> tuple[Flags, Flags]:
    """Which pieces are drawn, across and down."""
    board = _Board(edges)
    for crossing in board.crossings():
        if not board.is_possible(crossing, {}):
            board.mend(crossing)
    return board.drawn[0], board.drawn[1]


class _Board:
    """What is drawn so far, and what it costs to change it."""

    def __init__(self, edges: Edges) -> None:
        across, down = edges.across.copy(), edges.down.copy()
        across[[0, -1]] = RIM
        down[:, [0, -1]] = RIM
        self.odds = across, down
        self.drawn = across > 0, down > 0
        self.rows, self.cols = down.shape[0], across.shape[1]

    def crossings(self) -> Iterator[Crossing]:
        for row in range(self.rows + 1):
            for col in range(self.cols + 1):
                yield row, col

    def arms(self, crossing: Crossing) -> tuple[Piece | None, ...]:
        """Left, right, above and below a crossing; None beyond the table."""
        row, col = crossing
        return (
            (False, row, col - 1) if col else None, (False, row, col) if col < self.cols else None,
            (True, row - 1, col) if row else None, (True, row, col) if row < self.rows else None,
        )

    def is_drawn(self, piece: Piece | None, changed: dict[Piece, bool]) -> bool:
        if piece is None:
            return False
        return changed[piece] if piece in changed else bool(self.drawn[piece[0]][piece[1:]])

    def is_possible(self, crossing: Crossing, changed: dict[Piece, bool]) -> bool:
        left, right, above, below = [self.is_drawn(piece, changed) for piece in self.arms(crossing)]
        meeting = left + right + above + below
        return meeting == 0 or meeting > 2 or (left and right) or (above and below)  # noqa: PLR2004  three lines meet

    def cost(self, piece: Piece) -> float:
        """What it costs to change a piece."""
        return abs(float(self.odds[piece[0]][piece[1:]])) + FLIP

    def mend(self, crossing: Crossing) -> None:
        """Makes a crossing possible, and all that this changes, at the least cost."""
        order = count()
        heap: list[tuple[float, int, dict[Piece, bool], list[Crossing]]] = [(0.0, next(order), {}, [crossing])]
        for _ in range(TRIES):
            if not heap:
                return
            cost, _, decided, open_ = heappop(heap)
            wrong = next((one for one in open_ if not self.is_possible(one, decided)), None)
            if wrong is None:
                for (stands, *at), drawn in decided.items():
                    self.drawn[int(stands)][tuple(at)] = drawn
                return
            for more, pieces in self._ways(wrong, decided):
                flipped = [piece for piece, drawn in pieces.items() if drawn != self.is_drawn(piece, decided)]
                touched = [end for piece in flipped for end in _ends(piece)]
                heappush(heap, (cost + more, next(order), decided | pieces, open_ + touched))

    def _ways(self, crossing: Crossing, decided: dict[Piece, bool]) -> Iterator[tuple[float, dict[Piece, bool]]]:
        """How a crossing can be made possible, what it costs, and what is decided by it."""
        free = [piece for piece in self.arms(crossing) if piece is not None and piece not in decided
                and self.odds[int(piece[0])][piece[1:]] < RIM]
        for bits in range(1, 1 << len(free)):
            pieces = {piece: self.is_drawn(piece, {}) ^ bool(bits >> k & 1) for k, piece in enumerate(free)}
            if self.is_possible(crossing, decided | pieces):
                yield sum(self.cost(piece) for k, piece in enumerate(free) if bits >> k & 1), pieces


def _ends(piece: Piece) -> tuple[Crossing, Crossing]:
    stands, row, col = piece
    return (row, col), (row + 1, col) if stands else (row, col + 1)
