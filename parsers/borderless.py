"""Tables without rules, told by alignment alone: the last resort, and a cautious one.

Several lines in a row must leave the same alleys blank, and fall into three columns or more. Prose has one
column, a table of contents and text in two columns have two.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.grid import Box
from parsers.page import Chars, Floats, Table, TableCell, TextLine
from parsers.words import line_of, lines_in_cells, part_of

ALLEY: Final = 0.8         # blank between two columns, on every line (em)
MIN_COLUMNS: Final = 3
MIN_LINES: Final = 4       # lines that fill three columns at least
LEADING: Final = 3.0       # a wider step between two lines ends a table (em)
MAX_MEAN: Final = 14.0     # characters of a cell on average: columns of prose have more
SPARSE: Final = 0.4        # part of a table's cells that hold print, at least

Row = list[TextLine]


def with_aligned_tables(
    running: list[TextLine], chars: Chars, outside: npt.NDArray[np.bool_]
) -> list[Table | TextLine]:
    """The running text of a page, with those lines that make a table as a table.

    Args:
        running: Its lines from top to bottom.
        chars: The characters of the page.
        outside: Which of them stand in no table.
    """
    if len(running) < MIN_LINES or not _may_hold_columns(running):
        return list(running)
    rows = _rows(part_of(chars, outside))
    items: list[Table | TextLine] = []
    at = 0
    while at < len(rows):
        run = _run(rows[at:]) if len(rows[at]) >= MIN_COLUMNS else []
        if _is_table(run):
            items.append(_table(run))
        else:
            run = rows[at : at + 1]
            items += [line for line in running if _is_part(run[0][0], line)]
        at += len(run)
    return items


def _may_hold_columns(running: list[TextLine]) -> bool:
    """A cheap first look: wide gaps are printed as spaces."""
    return sum([line.text.count(" ") + 1 >= MIN_COLUMNS for line in running]) >= MIN_LINES


def _rows(chars: Chars) -> list[Row]:
    """Lines in their segments, cut at every gap that might be an alley."""
    inked = chars.text.view(np.uint32) != ord(" ")
    inked &= chars.text.view(np.uint32) != 0x3000  # noqa: PLR2004  the full-width space
    chars = part_of(chars, inked)
    em = chars.bottom - chars.top
    line = line_of(chars.base, em, np.zeros(len(em), np.int64), np.ones(len(em), bool))
    order = np.lexsort((chars.x0, line))
    gap = chars.x0[order][1:] - chars.x1[order][:-1]
    new_line = np.diff(line[order]) != 0
    segment = np.concatenate([[0], np.cumsum(new_line | (gap > ALLEY * em[order][1:]))])
    chars = part_of(chars, order)
    rows: dict[int, Row] = {}
    first = np.searchsorted(segment, np.arange(segment[-1] + 1))
    for number, text in lines_in_cells(chars, segment):
        rows.setdefault(int(line[order][first[number]]), []).append(text)
    return list(rows.values())


def _run(rows: list[Row]) -> list[Row]:
    """The longest run of lines from the first that leaves alleys for as many columns as the rules ask."""
    run = [rows[0]]
    columns = _columns(run)
    for row in rows[1:]:
        step = row[0].box.bottom - run[-1][0].box.bottom
        more = _columns([*run, row])
        if step > LEADING * row[0].size or len(more) < max(MIN_COLUMNS, len(columns)) or len(row) == 1:
            break
        run.append(row)
        columns = more
    return run


def _columns(run: list[Row]) -> Floats:
    """Left and right of the columns that all lines of a run respect; shape (n, 2)."""
    sides = np.array([(text.box.x0, text.box.x1) for row in run for text in row])
    sides = sides[np.argsort(sides[:, 0])]
    reached = np.maximum.accumulate(sides[:, 1])
    alley = ALLEY * min([text.size for row in run for text in row])
    first = np.flatnonzero(np.concatenate([[True], sides[1:, 0] - reached[:-1] >= alley]))
    return np.stack([sides[first, 0], np.maximum.reduceat(sides[:, 1], first)], axis=1)


def _is_table(run: list[Row]) -> bool:
    texts = [text.text for row in run for text in row]
    return (
        sum([len(row) >= MIN_COLUMNS for row in run]) >= MIN_LINES
        and sum(map(len, texts)) <= MAX_MEAN * len(texts)
        and len(texts) >= SPARSE * len(run) * len(_columns(run))
    )


def _table(run: list[Row]) -> Table:
    columns = _columns(run)
    xs = _middles(columns[:, 0], columns[:, 1])
    ys = _middles(
        np.array([min([text.box.top for text in row]) for row in run]),
        np.array([max([text.box.bottom for text in row]) for row in run]),
    )
    cells: list[TableCell] = []
    for number, row in enumerate(run):
        held = np.searchsorted(xs, [(text.box.x0 + text.box.x1) / 2 for text in row]) - 1
        for col in range(len(columns)):
            lines = tuple([text for text, own in zip(row, held.tolist(), strict=True) if own == col])
            box = Box(xs[col], ys[number], xs[col + 1], ys[number + 1])
            cells.append(TableCell(number, col, 1, 1, box, lines))
    return Table(tuple(cells), tuple(xs), tuple(ys), closed_top=False, closed_bottom=False, ruled=False)


def _middles(starts: Floats, stops: Floats) -> list[float]:
    """Edges between neighbours, and at both ends."""
    between = (starts[1:] + stops[:-1]) / 2
    return [float(starts[0]), *between.tolist(), float(stops[-1])]


def _is_part(segment: TextLine, line: TextLine) -> bool:
    one, two = segment.box, line.box
    return abs(one.bottom - two.bottom) < segment.size / 2 and two.x0 - 1 <= one.x0 <= two.x1
