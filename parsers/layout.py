"""One page → its tables and lines: edges, cells, characters to cells, lines within cells.

The functions stand in the order in which `lay_out` calls them. Tolerances stand at the top of the module
that uses them.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.borderless import with_aligned_tables
from parsers.edges import joined_lines, touching_groups
from parsers.grid import Box
from parsers.lattice import Lattice, cells_between, is_closed
from parsers.page import Chars, Floats, Layout, Page, Rulings, Table, TableCell, TextLine
from parsers.spreads import leaves_of
from parsers.words import OUTSIDE, lines_in_cells, single_characters

MIDDLE: Final = 0.35       # the middle of print above its baseline (em): metrics of boxes may lie
SEAMLESS: Final = 0.02     # a gap no wider (em) is none: padding on both sides of a rule is wider
STRADDLE: Final = 0.15     # a character that crosses its cell's side by more (em) has run over it
RUN_GAP: Final = 0.12      # characters of one run leave no larger gap (em)
RUN_OVERLAP: Final = 0.5   # nor overlap by more (em)
FLUSH: Final = 0.6         # a run that starts this near to a side is set flush with it (em)

Indices = npt.NDArray[np.int64]


def lay_out(page: Page) -> Layout:
    """The tables and the running text of a page, from top to bottom; of a spread, page after page.

    A table has two cells at least, and print. A box around text alone is no table, unless it is the first or
    the last thing on the page: there it may be a piece of a table that the page break has cut.
    """
    items = [item for leaf in leaves_of(page) for item in _items(leaf)]
    return Layout(page.number, page.width, page.height, _without_boxes(items))


def _items(page: Page) -> list[Table | TextLine]:
    chars = single_characters(page.chars)
    lattices = ruled_lattices(page.rulings, chars)
    cell, first = cells_of(chars, lattices)
    boxes = np.concatenate([np.zeros((0, 4)), *[lattice.boxes() for lattice in lattices]])
    cell = with_overflow(chars, cell, boxes)
    lines: dict[int, list[TextLine]] = {}
    for owner, line in lines_in_cells(chars, cell):
        lines.setdefault(owner, []).append(line)
    running = lines.pop(OUTSIDE, [])
    places = boxes.tolist()
    tables = [_table(lattice, places, lines, start) for lattice, start in zip(lattices, first, strict=True)]
    tables = [table for table in tables if any(own.lines for own in table.cells)]
    return sorted([*tables, *with_aligned_tables(running, chars, cell == OUTSIDE)], key=_top)


def ruled_lattices(rulings: Rulings, chars: Chars) -> list[Lattice]:
    """The tables that rules make, the innermost first."""
    if not len(chars.text):
        return []
    found = [cells_between(group) for group in touching_groups(joined_lines(rulings))]
    lattices = sorted([lattice for lattice in found if lattice], key=_area)
    tables = [lattice for lattice in lattices if len(lattice.spans) > 1]
    return [   # a box around tables is the frame of the page, one within a cell a field or a check box
        lattice for lattice in lattices
        if len(lattice.spans) > 1 or not any(_overlap(lattice, table) for table in tables)
    ]


def cells_of(chars: Chars, lattices: list[Lattice]) -> tuple[Indices, list[int]]:
    """Which cell holds the middle of each character; cells count on from table to table.

    Returns:
        The cells, ``OUTSIDE`` where there is none, and the number of each table's first cell.
    """
    cell = np.full(len(chars.text), OUTSIDE, np.int64)
    x, y = _middle(chars)
    first: list[int] = []
    count = 0
    for xs, ys, spans, owner, _, _ in lattices:
        first.append(count)
        at = np.flatnonzero((cell == OUTSIDE) & (x >= xs[0]) & (x < xs[-1]) & (y >= ys[0]) & (y < ys[-1]))
        row = np.searchsorted(ys, y[at], side="right") - 1
        col = np.searchsorted(xs, x[at], side="right") - 1
        cell[at] = count + owner[row, col]
        count += len(spans)
    return cell, first


def with_overflow(chars: Chars, cell: Indices, boxes: Floats) -> Indices:
    """Gives runs of characters that cross the side of their cell, as sheets print them, to one cell whole."""
    if not len(boxes):
        return cell
    sides = boxes[:, [0, 2]]
    em = chars.bottom - chars.top
    inside = cell != OUTSIDE
    own = sides[np.where(inside, cell, 0)]
    over = inside & ((chars.x0 < own[:, 0] - STRADDLE * em) | (chars.x1 > own[:, 1] + STRADDLE * em))
    gap = chars.x0[1:] - chars.x1[:-1]
    over[1:] |= inside[1:] & (cell[1:] != cell[:-1]) & (np.abs(gap) < SEAMLESS * em[1:])
    if not over.any():
        return cell
    apart = (
        (np.abs(np.diff(chars.base)) > RUN_GAP * em[1:])
        | (gap > RUN_GAP * em[1:]) | (gap < -RUN_OVERLAP * em[1:])
        | ((cell[1:] != cell[:-1]) & (gap > SEAMLESS * em[1:]))   # full cells stand close to each other
    )
    run = np.concatenate([[0], np.cumsum(apart)])
    cell = cell.copy()
    for number in np.unique(run[over]):
        members = np.flatnonzero(run == number)
        if len(np.unique(cell[members])) > 1:
            cell[members] = _home(chars, members, cell, sides)
    return cell


def _home(chars: Chars, members: Indices, cell: Indices, sides: Floats) -> int:
    """The cell that a run belongs to: where it is flush with a side, else where its middle lies."""
    first, last = members[0], members[-1]
    em = float(chars.bottom[first] - chars.top[first])
    if cell[first] != OUTSIDE and chars.x0[first] - sides[cell[first], 0] < FLUSH * em:
        return int(cell[first])
    if cell[last] != OUTSIDE and sides[cell[last], 1] - chars.x1[last] < FLUSH * em:
        return int(cell[last])
    middle = (chars.x0[first] + chars.x1[last]) / 2
    nearest = np.abs((chars.x0[members] + chars.x1[members]) / 2 - middle).argmin()
    return int(cell[members[nearest]])


def _table(
    lattice: Lattice, boxes: list[list[float]], lines: dict[int, list[TextLine]], first: int
) -> Table:
    cells = tuple([
        TableCell(*span, Box(*boxes[number]), tuple(lines.get(number, ())))
        for number, span in enumerate(lattice.spans, first)
    ])
    return Table(
        cells, tuple(lattice.xs.tolist()), tuple(lattice.ys.tolist()),
        is_closed(lattice.top), is_closed(lattice.bottom), top_rules=lattice.top, bottom_rules=lattice.bottom,
    )


def _without_boxes(items: list[Table | TextLine]) -> tuple[Table | TextLine, ...]:
    """Takes the lines out of boxes around text, but for a box at either end of the page."""
    unboxed: list[Table | TextLine] = []
    for place, item in enumerate(items):
        if isinstance(item, Table) and len(item.cells) == 1 and 0 < place < len(items) - 1:
            unboxed += item.cells[0].lines
        else:
            unboxed.append(item)
    return tuple(unboxed)


def _middle(chars: Chars) -> tuple[Floats, Floats]:
    return (chars.x0 + chars.x1) / 2, chars.base - MIDDLE * (chars.bottom - chars.top)


def _overlap(one: Lattice, two: Lattice) -> bool:
    return bool(
        one.xs[0] < two.xs[-1] and two.xs[0] < one.xs[-1]
        and one.ys[0] < two.ys[-1] and two.ys[0] < one.ys[-1]
    )


def _area(lattice: Lattice) -> float:
    return float((lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0]))


def _top(item: Table | TextLine) -> tuple[float, float]:
    return (item.ys[0], item.xs[0]) if isinstance(item, Table) else (item.box.top, item.box.x0)
