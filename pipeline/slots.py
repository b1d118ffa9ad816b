"""Grids → rows of slots: each cell with what it is at first sight."""

from collections.abc import Iterable, Iterator, Sequence
from operator import and_

from parsers.grid import Grid
from pipeline.cell_kinds import LONGEST_KEPT, LOOKS, kind_among, look
from pipeline.labels import labels_of
from pipeline.records import Row, Seam, Slot

LONGEST_SPREAD = 24
"""Characters of a label that were told apart as cells; a row can hold thousands of such cells."""


def rows_of(grids: Iterable[Grid]) -> Iterator[Row]:
    """Every row of a document, in print order.

    What geometry says is no text of the report (`Grid.role`) is ignored by that name at once.
    """
    for number, grid in enumerate(grids):
        if grid.role:
            yield _ignored(grid, number)
            continue
        paragraph = grid.n_rows == 1 and grid.n_cols == 1
        by_row, hinted, single = _slots_of(grid)
        for index in sorted(by_row):
            slots = by_row[index]
            if index in single:
                slots = _with_spread_labels(slots)
            yield _row(slots, number, paragraph=paragraph, hinted=index in hinted)


def _ignored(grid: Grid, number: int) -> Row:
    """The cells of a grid that is no text of the report; no stage looks at them."""
    slots = [Slot(cell, cell.text, *look(cell.text)[:3]) for cell in grid.cells]
    for slot in slots:
        slot.fate = f"ignored:{grid.role}"
    return Row(tuple(slots), (), number, paragraph=False, hinted=False)


def _slots_of(grid: Grid) -> tuple[dict[int, list[Slot]], set[int], set[int]]:
    """Slots by row, and the rows in which a word of a title, or a single character, stands."""
    by_row: dict[int, list[Slot]] = {}
    hinted: set[int] = set()
    single: set[int] = set()
    spanned = False
    at = -1
    own: list[Slot] = []
    for cell in grid.cells:
        index, _, text, _, span, _, _, seen = cell
        kind, labels, value, hint = LOOKS[text] if len(text) <= LONGEST_KEPT else look(text)
        if seen:
            kind = kind_among(kind, seen)
        slot = Slot(cell, text, kind, labels, value)
        if index != at:
            at, own = index, by_row.setdefault(index, [])
        own.append(slot)
        if hint:
            hinted.add(index)
        if len(text) == 1:
            single.add(index)
        if span > 1:
            spanned = True
            for below in range(index + 1, index + span):
                by_row.setdefault(below, []).append(slot)
    if spanned:
        for slots in by_row.values():
            slots.sort(key=_column)
    return by_row, hinted, single


def _row(slots: Sequence[Slot], grid: int, *, paragraph: bool, hinted: bool) -> Row:
    return Row(tuple(slots), tuple([slot for slot in slots if slot.labels]), grid, paragraph, hinted)


def _with_spread_labels(slots: list[Slot]) -> list[Slot]:
    """The slots of a row, a label joined where its characters were told apart as cells (总  分)."""
    alone = [len(slot.text) == 1 for slot in slots]
    if not any(map(and_, alone, alone[1:])):
        return slots
    joined: list[Slot] = []
    start = 0
    while start < len(slots):
        end = start
        while end < min(len(slots), start + LONGEST_SPREAD) and len(slots[end].text) == 1:
            end += 1
        pieces = tuple(slots[start:end])
        text = "".join(piece.text for piece in pieces)
        if len(pieces) > 1 and labels_of(text):
            joined.append(Seam(pieces, *look(text)[:3]))
            start = end
        else:
            joined.append(slots[start])
            start += 1
    return joined


def _column(slot: Slot) -> int:
    return slot.cell.col


def part_of(row: Row, slots: Sequence[Slot]) -> Row:
    """A row of some slots of another; what stands in it has been looked at for titles."""
    return _row(slots, row.grid, paragraph=row.paragraph, hinted=False)
