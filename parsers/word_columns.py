"""Which columns of a Word table its cells span, as printed.

The spans that a file states count grid lines that nobody sees: lines that no cell ends at, and
pairs of lines a hair apart. Files of other programs leave spans out and state widths only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from parsers.word_blocks import Table

Span = tuple[int, int]
"""The grid lines that a cell begins and ends at."""

HAIR_TWIPS: Final = 60
"""Grid lines nearer than this (3 points) are one line: no character fits between them."""

SLACK_TWIPS: Final = 120
"""How far the same edge may lie apart in two rows that state widths."""

SLACK_SHARE: Final = 0.03
"""How much the widths of two rows of one table may differ, as a share."""


def columns_of(table: Table) -> tuple[list[list[Span]], int]:
    """The columns of each row's cells, from 0, and how many columns there are."""
    by_span = [[(cell.start, cell.end) for cell in row.cells] for row in table.rows]
    if len({row.spans for row in table.rows}) > 1:
        by_width = _by_width(table)
        if by_width is not None:
            return _renumbered(by_width, {})
    lines = max([row.spans for row in table.rows], default=0)
    return _renumbered(by_span, _hairs(by_span, table.widths) if len(table.widths) == lines else {})


def _by_width(table: Table) -> list[list[Span]] | None:
    """Spans between the edges that widths give, None where the widths do not agree."""
    edges = [_edges(row.before, [cell.width for cell in row.cells]) for row in table.rows]
    if any(cell.width <= 0 for row in table.rows for cell in row.cells):
        return None
    ends = [row[-1] for row in edges if len(row) > 1]
    if not ends or max(ends) - min(ends) > SLACK_SHARE * max(ends):
        return None
    lines: dict[int, int] = {}
    first = 0
    for edge in sorted({edge for row in edges for edge in row}):
        first = edge if edge - first > SLACK_TWIPS else first
        lines[edge] = first
    spans = [[(lines[left], lines[right]) for left, right in pairwise(row)] for row in edges]
    return None if any(left == right for row in spans for left, right in row) else spans


def _edges(before: int, widths: Iterable[int]) -> list[int]:
    edges = [before]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _hairs(spans: Sequence[Sequence[Span]], widths: Sequence[int]) -> dict[int, int]:
    """Lines that stand for another one a hair to their left, unless a cell lies between them."""
    cells = {span for row in spans for span in row}
    places = _edges(0, widths)
    same: dict[int, int] = {}
    group: list[int] = []
    for line in sorted({line for span in cells for line in span}):
        is_near = group and line < len(places) and places[line] - places[group[0]] < HAIR_TWIPS
        if is_near and not any((other, line) in cells for other in group):
            same[line] = group[0]
            group.append(line)
        else:
            group = [line]
    return same


def _renumbered(spans: list[list[Span]], same: Mapping[int, int]) -> tuple[list[list[Span]], int]:
    def merged(row: Iterable[Span]) -> Iterator[Span]:
        for left, right in row:
            yield same.get(left, left), same.get(right, right)

    moved = [list(merged(row)) for row in spans]
    lines = sorted({line for row in moved for span in row for line in span})
    number = {line: index for index, line in enumerate(lines)}
    return [[(number[left], number[right]) for left, right in row] for row in moved], max(len(lines) - 1, 0)
