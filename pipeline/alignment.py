"""Which cell of a row stands in which column: understood from what the cells can be.

A row whose cells all stand under heads that they can stand under is taken as it stands. Rows are
also printed slid left or right, with blanks dropped or added, under heads that stand a column
off. Then every order-preserving assignment of the cells to the columns is scored by how well each
cell fits the column's kind, how far it stands from the column's place and how evenly the row is
displaced; the best one wins. Where a second assignment comes within `MARGIN`, the print is
ambiguous and the caller says so.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.cell_kinds import FIT
from pipeline.memo import Memo

IN_PLACE = 0.6
"""Reward of a cell that stands where the head says."""

PER_STEP = 0.1
FARTHEST = 4
"""Cost of each column of displacement, counted up to FARTHEST columns."""

UNEVEN = 1.0
"""Cost of a change of displacement from one cell to the next."""

MISSING = {"name": 4.0, "target": 1.5, "actual": 1.5, "points": 1.5, "money": 1.5}
"""Cost of a column of a kind that no cell fills; an indicator hardly ever lacks its name."""

PLAUSIBLE = -1.0
"""Least fit of a cell that place alone assigns."""

BARE_LEVEL = 1.0
"""Cost of a level 1 without a level 2 beside it: 成本指标 alone is most often a level 2."""

LEFT_OVER = -5.0
"""Score of a cell that is given no column."""

MARGIN = 1.0
"""Two assignments closer than this are told apart by nothing that is printed."""


class Column(NamedTuple):
    """A column of a table: label id, kind (a key of `FIT`), the grid columns it covers.

    ``repeated`` is true where a merged cell is printed in each of these.
    """

    label: str
    kind: str
    first: int
    last: int
    required: bool
    repeated: bool = False


class Layout:
    """The columns of one table. Compared by identity, so that it is a quick cache key.

    ``wide`` are the columns whose merged cells are repeated across.
    """

    __slots__ = ("columns", "wide")

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = tuple(columns)
        self.wide = tuple(column for column in self.columns if column.repeated)

    def share(self, one: int, other: int) -> bool:
        """Whether two grid columns are of one column, so that the same text in both is one merged cell."""
        return any(column.first <= one and other <= column.last for column in self.wide)


Pattern = tuple[tuple[str, ...], tuple[int, ...]]
"""The cells of a row from left to right: the kind of each, the grid column of each."""


class Alignment(NamedTuple):
    """For each cell the index of its column (None: left over), its label and its displacement.

    ``margin`` is the distance to the best different assignment. ``straight``: every cell
    stands under its head and no required column is empty.
    """

    columns: tuple[int | None, ...]
    labels: tuple[str | None, ...]
    displaced: tuple[int, ...]
    margin: float
    straight: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether the print allows another assignment just as well."""
        return self.margin < MARGIN


class _Path(NamedTuple):
    score: float
    columns: tuple[int | None, ...]
    displaced: tuple[int, ...]
    last: int
    shift: int | None


def align(pattern: Pattern, layout: Layout, shift: int = 0) -> Alignment:
    """The best assignment of a row's cells, ``shift`` being the displacement of the table."""
    return _ALIGNMENTS[pattern, layout, shift]


def _align(question: tuple[Pattern, Layout, int]) -> Alignment:
    pattern, layout, shift = question
    straight = _straight(pattern, layout, shift)
    if straight is not None:
        return straight
    paths = [_Path(0.0, (), (), -1, None)]
    for kind, position in zip(*pattern, strict=True):
        grown: dict[tuple[int, int | None], list[_Path]] = {}
        for path in paths:
            for step in _steps(path, kind, position, layout, shift):
                grown.setdefault((step.last, step.shift), []).append(step)
        paths = []
        for rivals in grown.values():
            rivals.sort(key=_score, reverse=True)
            paths += rivals[:2]
    ends = sorted((_closed(path, layout) for path in paths), key=_score, reverse=True)
    best = ends[0]
    margin = best.score - ends[1].score if len(ends) > 1 else float("inf")
    if _is_torn(best, layout):
        margin = 0.0
    elif _is_in_place(best, layout):
        margin = float("inf")
    return Alignment(best.columns, _labels(best.columns, layout), best.displaced, margin)


def _straight(pattern: Pattern, layout: Layout, shift: int) -> Alignment | None:
    """Every cell under its head, if each can be there and no required column is empty."""
    columns = []
    for kind, position in zip(*pattern, strict=True):
        index = next((i for i, c in enumerate(layout.columns) if c.first <= position - shift <= c.last), None)
        if index is None or index in columns or FIT[layout.columns[index].kind][kind] < PLAUSIBLE:
            return None
        columns.append(index)
    if any(column.required and index not in columns for index, column in enumerate(layout.columns)):
        return None
    labels = _labels(columns, layout)
    return Alignment(tuple(columns), labels, (0,) * len(columns), float("inf"), straight=True)


def _labels(columns: Sequence[int | None], layout: Layout) -> tuple[str | None, ...]:
    return tuple(None if index is None else layout.columns[index].label for index in columns)


def _score(path: _Path) -> float:
    return path.score


def _steps(path: _Path, kind: str, position: int, layout: Layout, shift: int) -> Iterable[_Path]:
    """The path with one more cell: left over, or in any column right of the last one."""
    yield path._replace(
        score=path.score + LEFT_OVER, columns=(*path.columns, None), displaced=(*path.displaced, 0)
    )
    for index in range(path.last + 1, len(layout.columns)):
        column = layout.columns[index]
        displaced = _displacement(position - shift, column)
        score = path.score + FIT[column.kind][kind] + (IN_PLACE if displaced == 0 else 0.0)
        score -= PER_STEP * min(abs(displaced), FARTHEST)
        if path.shift is not None and path.shift != displaced:
            score -= UNEVEN
        yield _Path(score, (*path.columns, index), (*path.displaced, displaced), index, displaced)


def _is_torn(path: _Path, layout: Layout) -> bool:
    """Unevenly displaced with a required column empty: which value is missing is a guess."""
    steps = {step for step, index in zip(path.displaced, path.columns, strict=True) if index is not None}
    return len(steps) > 1 and any(
        column.required and index not in path.columns for index, column in enumerate(layout.columns)
    )


def _is_in_place(path: _Path, layout: Layout) -> bool:
    """Every cell under its head, the name among them: place says which value is missing."""
    kinds = {layout.columns[index].kind for index in path.columns if index is not None}
    return "name" in kinds and None not in path.columns and not any(path.displaced)


def _displacement(position: int, column: Column) -> int:
    if position < column.first:
        return position - column.first
    return max(0, position - column.last)


def _closed(path: _Path, layout: Layout) -> _Path:
    kinds = {layout.columns[index].kind for index in path.columns if index is not None}
    cost = BARE_LEVEL if "level1" in kinds and "level2" not in kinds else 0.0
    cost += sum(
        MISSING.get(column.kind, 0.0)
        for index, column in enumerate(layout.columns)
        if index not in path.columns
    )
    return path._replace(score=path.score - cost)


_ALIGNMENTS = Memo(_align)


def align_all(patterns: Sequence[Pattern], layout: Layout) -> tuple[int, list[Alignment]]:
    """The rows of a table, and the displacement that most of its cells share.

    A displacement other than 0 is that of a head which stands off its data.
    """
    alignments = [align(pattern, layout) for pattern in patterns]
    if 2 * sum(alignment.straight for alignment in alignments) >= len(alignments):
        return 0, alignments
    votes: dict[int, int] = {}
    for alignment in alignments:
        for column, displaced in zip(alignment.columns, alignment.displaced, strict=True):
            if column is not None:
                votes[displaced] = votes.get(displaced, 0) + 1
    shift = max(votes, key=lambda step: (votes[step], -abs(step)), default=0)
    return shift, [align(pattern, layout, shift) for pattern in patterns] if shift else alignments
