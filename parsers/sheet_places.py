"""Where the cells of a sheet stand once hidden rows and columns are gone and merged ranges are one cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import NamedTuple

from parsers.sheets import Range, Sheet, quoted, reference


class Placed(NamedTuple):
    """A cell with text, where it stands among the rows and columns that are displayed."""

    row: int
    col: int
    text: str
    place: str
    row_span: int
    col_span: int


class _Merges:
    """The merged ranges that one meets on the way down a sheet; of two that overlap, the upper one counts."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._waiting = sorted(set(ranges), reverse=True)
        self._lefts: list[int] = []
        self._open: list[Range] = []
        self.broken: list[tuple[int, int]] = []

    def at(self, row: int, col: int) -> Range | None:
        """The range over a cell; rows must not become less from call to call."""
        while self._waiting and self._waiting[-1].top <= row:
            self._add(self._waiting.pop())
        index = bisect_right(self._lefts, col) - 1
        if index >= 0 and self._open[index].right >= col and self._open[index].bottom >= row:
            return self._open[index]
        return None

    def _add(self, new: Range) -> None:
        start = bisect_right(self._lefts, new.left)
        if start and self._open[start - 1].right >= new.left:
            start -= 1
        end = bisect_right(self._lefts, new.right)
        if any(other.bottom >= new.top for other in self._open[start:end]):
            self.broken.append(new[:2])
        else:
            self._open[start:end] = [new]
            self._lefts[start:end] = [new.left]


class Axis:
    """Rows, or columns, of which some are hidden."""

    def __init__(self, hidden: Collection[int]) -> None:
        self._hidden = sorted(hidden)

    def shown_before(self, index: int) -> int:
        """How many before this one are displayed."""
        return index - bisect_left(self._hidden, index) if self._hidden else index


def placed_cells(sheet: Sheet, doubts: dict[str, list[tuple[int, int]]]) -> list[Placed]:
    """The cells that are displayed, in reading order; ``doubts`` gets those that are not."""
    rows, cols = Axis(sheet.hidden_rows), Axis(sheet.hidden_cols)
    merges = _Merges(sheet.merges)
    tab = quoted(sheet.name)
    hidden: list[tuple[int, int]] = []
    covered: list[tuple[int, int]] = []
    placed: list[Placed] = []
    above: dict[Range, str] = {}
    for (row, col), text in sorted({(row, col): text for row, col, text in sheet.cells}.items()):
        merge = merges.at(row, col)
        bottom, right = row, col
        place = f"{tab}!{reference(row, col)}"
        if merge:
            if (row, col) != merge[:2]:
                if above.get(merge) != text:   # programs that fill each cell of a range lose nothing
                    covered.append((row, col))
                continue
            above[merge] = text
            bottom, right = merge.bottom, merge.right
            place += f":{reference(bottom, right)}"
        top, first = rows.shown_before(row), cols.shown_before(col)
        height = rows.shown_before(bottom + 1) - top
        width = cols.shown_before(right + 1) - first
        if height and width:
            placed.append(Placed(top, first, text, place, height, width))
        else:
            hidden.append((row, col))
    doubts |= {"hidden_cells": hidden, "covered_text": covered, "broken_merge": merges.broken}
    placed.sort(key=itemgetter(0, 1))
    return placed
