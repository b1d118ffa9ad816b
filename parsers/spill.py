"""Print of a cut cell that ran over the rim of its table.

At a page break browsers give the name of a merged cell no more room than the rows beside it
take, and its last lines stand below the table. Spreadsheets print a line that the break halves
on both pages.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Final

from parsers.page import Layout, Table, TableCell, TextLine

OVER: Final = 0.12    # of a line's height: so far it reaches over a rim
CLOSE: Final = 0.5    # of a line's height: so near it follows the line above
STEP: Final = 0.1     # of the distance of lines: so exactly the next one follows
ASIDE: Final = 2.0    # points by which a line may reach over the side of its cell


def with_spills(layout: Layout, aside: Container[int]) -> Layout:
    """The layout, lines that run over the rim of a table given to the cells that they come from.

    Args:
        layout: A page.
        aside: Indices of items that are no text of the report.
    """
    gone: set[int] = set()
    tables: dict[int, Table] = {}
    for place, item in enumerate(layout.items):
        if isinstance(item, Table):
            lines = [
                (index, line) for index, line in enumerate(layout.items)
                if isinstance(line, TextLine) and index not in aside and index not in gone
            ]
            below = [entry for entry in lines if entry[0] > place]
            above = [entry for entry in reversed(lines) if entry[0] < place]
            taken: Spilled = {}
            gone |= _spill(item, below, taken, at_top=False) | _spill(item, above, taken, at_top=True)
            if taken:
                tables[place] = _filled(item, taken)
    if not gone:
        return layout
    items = [tables.get(index, item) for index, item in enumerate(layout.items) if index not in gone]
    return layout._replace(items=tuple(items))


Spilled = dict[TableCell, list[tuple[TextLine, str]]]


def _spill(table: Table, lines: Sequence[tuple[int, TextLine]], taken: Spilled, *, at_top: bool) -> set[int]:
    """Finds the lines beyond a rim, given nearest first, that belong to cells at the rim.

    Returns:
        Their indices. ``taken`` gets them by cell, with what of each belongs to it.
    """
    last = len(table.ys) - 1
    front = [
        cell for cell in table.cells
        if (cell.row == 0 if at_top else cell.row + cell.row_span == last) and cell.col_span < len(table.xs) - 1
    ]
    rules = table.top_rules if at_top else table.bottom_rules
    found: set[int] = set()
    edge = table.ys[0] if at_top else table.ys[-1]
    for index, line in lines:
        reach = (line.box.bottom - edge if at_top else edge - line.box.top) / line.size
        owners = list(_owners(line, front))
        follows = bool(found) or all(_is_open(cell, rules) or not cell.lines for cell, _ in owners)
        in_step = not at_top and any(_is_in_step(cell, line) for cell, _ in owners)
        if not owners or (reach < (-CLOSE if follows else OVER) and not in_step):
            break
        found.add(index)
        for cell, text in owners:
            taken.setdefault(cell, []).append((line, text))
        edge = line.box.top if at_top else line.box.bottom
    return found


def _is_open(cell: TableCell, rules: Sequence[bool]) -> bool:
    """Whether the rim is ruled, but not at this cell: the cell goes on."""
    return any(rules) and not any(rules[cell.col : cell.col + cell.col_span])


def _is_in_step(cell: TableCell, line: TextLine) -> bool:
    """Whether a line follows the last ones of a cell at their distance, aligned as they are."""
    if len(cell.lines) < 2:  # noqa: PLR2004  two lines have a distance
        return False
    before, last = cell.lines[-2:]
    pitch = last.box.top - before.box.top
    off = abs(line.box.top - last.box.top - pitch)
    left, middle = line.box.x0 - last.box.x0, (line.box.x0 + line.box.x1 - last.box.x0 - last.box.x1) / 2
    return off < STEP * pitch and min(abs(left), abs(middle)) < ASIDE


def _owners(line: TextLine, front: Sequence[TableCell]) -> Iterator[tuple[TableCell, str]]:
    """The cells that a line stands under, each with its share of the text."""
    x0, x1 = line.box.x0, line.box.x1
    over = [cell for cell in front if cell.box.x0 < x1 - ASIDE and x0 + ASIDE < cell.box.x1]
    parts = line.text.split()
    if len(over) == 1 and over[0].box.x0 - ASIDE < x0 and x1 < over[0].box.x1 + ASIDE:
        yield over[0], line.text
    elif len(over) == len(parts):
        yield from zip(over, parts, strict=True)


def _filled(table: Table, taken: Spilled) -> Table:
    cells = tuple(
        cell._replace(lines=_with(cell, taken[cell])) if cell in taken else cell for cell in table.cells
    )
    return table._replace(cells=cells)


def _with(cell: TableCell, spilled: Sequence[tuple[TextLine, str]]) -> tuple[TextLine, ...]:
    lines = [*cell.lines, *[line._replace(text=text) for line, text in spilled]]
    return tuple(sorted(lines, key=lambda line: line.box.top))
