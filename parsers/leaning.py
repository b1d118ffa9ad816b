"""How the lines of cells are set, left, right or in the middle, and what that tells of the width of their outer signs.

A full-width parenthesis at the beginning of a line stands in more than half an em of paper, which the line
itself does not show. Beside the other lines of its cell, or of its table, it does.
"""

from collections import Counter
from collections.abc import Iterable
from math import exp, log
from typing import Final, NamedTuple

import numpy as np

from parsers.grid import Box
from parsers.page import TextLine

SLACK: Final = 1.2        # ems of a cell that a line leaves free, if it shows how the cell is set
MIDDLE: Final = 0.4       # ems between the paper on both sides of a line that is set in the middle
ASIDE: Final = 0.8        # the same of a line that is not
OWN: Final = 20.0         # what a cell's own line counts, against those of other cells
COLUMN: Final = 3.0       # what a cell of the same column counts, against those of other columns
RARE: Final = 0.3         # cells of each kind before any was seen
SHIFT: Final = (0.06, 0.60)   # ems by which a half-width, a full-width sign begins behind other characters
HALVED: Final = (0.02, 0.28)  # the same of the middle of the line
EVEN: Final = (0.02, 0.15)    # ems by which a sign of comparison begins so, with as much paper on its other side
SPREAD: Final = 0.06      # ems: faces differ, and so do characters
FARTHER: Final = 0.05     # the same where cells are compared, and not lines of one
STRAY: Final = 0.15       # chance of an em that a line stands anywhere
MOST: Final = 4.0         # log odds

WAYS: Final = ("left", "middle", "right")


class Shifts(NamedTuple):
    """By how many ems a sign at its end moves a line, half-width or full-width, that is set aside or in the middle."""

    edge: tuple[float, float]
    middle: tuple[float, float]


AT_ONE_END: Final = Shifts(SHIFT, HALVED)
AT_BOTH: Final = Shifts(SHIFT, (0.0, 0.0))
COMPARING: Final = Shifts(EVEN, (0.0, 0.0))


class Block(NamedTuple):
    """Lines that are set together: those of a cell, with its box, its table and its columns, or one of running text."""

    lines: tuple[TextLine, ...]
    box: Box | None = None
    table: tuple[int, int] = (0, 0)
    column: tuple[int, int] = (0, 0)


class Set(NamedTuple):
    """How the blocks of a document are set: how many each way, by table and column, and the paper beside them."""

    ways: Counter[tuple[object, ...]]
    paper: dict[tuple[str, tuple[int, int]], float]
    em: float


def set_of(blocks: Iterable[Block], em: float) -> Set:
    """What the lines that leave paper in their cell show."""
    ways: Counter[tuple[object, ...]] = Counter()
    papers: dict[tuple[str, tuple[int, int]], list[float]] = {}
    for block in blocks:
        way = _way(block, em)
        if way and block.box:
            ways[way, block.table] += 1
            ways[way, block.table, block.column] += 1
            line = next(line for line in block.lines if _begins(line) or _ends(line))
            if way == "left" and _begins(line):
                papers.setdefault((way, block.table), []).append(line.box.x0 - block.box.x0)
            if way == "right" and _ends(line):
                papers.setdefault((way, block.table), []).append(block.box.x1 - line.box.x1)
    return Set(ways, {key: float(np.median(found)) for key, found in papers.items()}, em)


def outer_odds(block: Block, number: int, known: Set, *, opening: bool, shifts: Shifts) -> float:
    """The log odds that the sign which opens a line, or closes it, is full-width, and so shifts the line."""
    if block.box is None:
        return 0.0
    chances = _chances(block, known)
    fits = [STRAY, STRAY]
    for way, chance in zip(WAYS, chances, strict=True):
        stand = _stand(block, number, known, way, opening=opening)
        if stand is None:
            fits = [fit + chance for fit in fits]
            continue
        off, spread = stand
        for width, mean in enumerate(shifts.middle if way == "middle" else shifts.edge):
            fits[width] += chance * exp(-(((off - mean) / spread) ** 2) / 2) / (spread * 2.5)
    return max(-MOST, min(MOST, log(fits[1] / fits[0])))


def _stand(
    block: Block, number: int, known: Set, way: str, *, opening: bool
) -> tuple[float, float] | None:
    """How far a line stands off its place, in ems, if set one way, and how surely.

    None where its sign's paper is on the other side, or nothing shows the place.
    """
    line, box = block.lines[number], block.box
    assert box is not None
    others = [other for at, other in enumerate(block.lines) if at != number]
    if way == "middle":
        own = [sum(other.box[::2]) / 2 for other in others if _begins(other) and _ends(other)]
        place = float(np.median(own)) if own else (box.x0 + box.x1) / 2
        off = ((line.box.x0 + line.box.x1) / 2 - place) * (1 if opening else -1)
        return off / known.em, SPREAD if own else SPREAD + FARTHER
    if (way == "left") != opening:
        return None
    edges = [other.box.x0 if opening else -other.box.x1 for other in others if (_begins if opening else _ends)(other)]
    if len(edges) > 1 and number:   # the first line of prose may be set in
        edges = edges[1:] if _begins(block.lines[0]) else edges
    paper = known.paper.get((way, block.table))
    if not edges and paper is None:
        return None
    place = float(np.median(edges)) if edges else (box.x0 if opening else -box.x1) + (paper or 0.0)
    off = (line.box.x0 if opening else -line.box.x1) - place
    return off / known.em, SPREAD if edges else SPREAD + FARTHER


def _chances(block: Block, known: Set) -> list[float]:
    """How likely a block is set each way."""
    own = _way(block, known.em)
    counts = [
        RARE + known.ways[way, block.table] + (COLUMN - 1) * known.ways[way, block.table, block.column]
        + (OWN * (1 + known.ways[way, block.table]) if way == own else 0.0)
        for way in WAYS
    ]
    return [count / sum(counts) for count in counts]


def _way(block: Block, em: float) -> str:
    """How a block is set, by the line of ordinary characters that leaves most paper; empty where none shows it."""
    if block.box is None:
        return ""
    free = [(line.box.x0 - block.box.x0, block.box.x1 - line.box.x1) for line in block.lines
            if _begins(line) and _ends(line)]  # fmt: skip
    before, behind = max(free, key=sum, default=(0.0, 0.0))
    if before + behind < SLACK * em:
        return ""
    if abs(before - behind) < MIDDLE * em:
        return "middle"
    return "left" if behind - before > ASIDE * em else "right" if before - behind > ASIDE * em else ""


def _begins(line: TextLine) -> bool:
    """Whether a line begins with a character that has hardly any paper before it."""
    return line.text[:1].isalnum()


def _ends(line: TextLine) -> bool:
    return line.text[-1:].isalnum() or line.text[-1:] == "%"
