"""Signs of recognised print whose width their line does not show, by all that the document shows.

The parentheses of one pair are of one width; signs whose width is sure show how high and how wide such a sign
is in this document; and a line stands where the others of its cell stand. Each gives log odds.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

import numpy as np

from parsers.leaning import AT_BOTH, AT_ONE_END, COMPARING, Block, Set, outer_odds, set_of
from parsers.page import Layout, Table, TextLine
from parsers.sign_likeness import Group, Likeness, Spot
from parsers.sign_readings import Odds, weighed

CAP: Final = 6.0          # log odds that all together may give
FEWEST: Final = 2         # Han characters of a line that is as high as they are
HAN: Final = 0.95         # ems: the height of a line of Han characters
ENDS: Final = ("(（", ")）")
"""What makes a line's other end one of paper too: before a closing sign, behind an opening one."""


def settled(layouts: Sequence[Layout]) -> list[Layout]:
    """The layouts of a document with the widths of signs as all of them together show them."""
    blocks = [block for number, layout in enumerate(layouts) for block in _blocks(layout, number)]
    groups = [group for number, block in enumerate(blocks) for group in _groups(block, number)]
    if not groups:
        return list(layouts)
    em = _em(blocks)
    known, likeness = set_of(blocks, em), Likeness(groups, em)
    odds: dict[tuple[int, int], list[Odds]] = {}
    for number, group in enumerate(groups):
        more = likeness.odds(group) + _outer(blocks[group.block], group, known)
        whole = max(-CAP, min(CAP, group.own + more))
        for spot in group.spots:
            odds.setdefault((group.block, spot.line), []).append((number, spot.sign, whole))
    lines = {(block, line): weighed(blocks[block].lines[line], some) for (block, line), some in odds.items()}
    return _with(layouts, lines)


def _em(blocks: Sequence[Block]) -> float:
    """The size of most print."""
    lines = [line for block in blocks for line in block.lines]
    high = [line.size for line in lines if sum("\u4e00" <= sign <= "\u9fff" for sign in line.text) >= FEWEST]
    return float(np.median(high or [line.size for line in lines])) / HAN


# ── where signs stand ────────────────────────────────────────────────────────


def _blocks(layout: Layout, number: int) -> Iterator[Block]:
    for at, item in enumerate(layout.items):
        if isinstance(item, TextLine):
            yield Block((item,))
        else:
            for cell in item.cells:
                yield Block(cell.lines, cell.box, (number, at), (cell.col, cell.col_span))


def _with(layouts: Sequence[Layout], lines: dict[tuple[int, int], TextLine]) -> list[Layout]:
    """The layouts with other lines, by the number of their block and of the line in it."""
    numbers = count()

    def changed(own: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
        block = next(numbers)
        return tuple([lines.get((block, at), line) for at, line in enumerate(own)])

    made = []
    for layout in layouts:
        items: list[Table | TextLine] = []
        for item in layout.items:
            if isinstance(item, TextLine):
                items += changed((item,))
            else:
                cells = [cell._replace(lines=changed(cell.lines)) for cell in item.cells]
                items.append(item._replace(cells=tuple(cells)))
        made.append(layout._replace(items=tuple(items)))
    return made


def _groups(block: Block, number: int) -> Iterator[Group]:
    """Pairs of parentheses, over the lines of a cell, and single signs."""
    opened: list[Spot] = []
    for at, line in enumerate(block.lines):
        for sign in line.signs:
            spot = Spot(at, sign)
            if sign.ways[0] == "(":
                opened.append(spot)
            elif sign.ways[0] == ")" and opened:
                yield Group(number, (opened.pop(), spot))
            else:
                yield Group(number, (spot,))
    yield from (Group(number, (spot,)) for spot in opened)


def _outer(block: Block, group: Group, known: Set) -> float:
    """What the place of a line tells where a sign of the group is at one end of it alone."""
    odds = 0.0
    for line, sign in group.spots:
        text = block.lines[line].text
        opening, closing = sign.ways[0] in "(=<>" and sign.at == 0, sign.ways[0] == ")" and sign.at == len(text) - 1
        if opening or closing:
            shifts = AT_BOTH if text[-1 if opening else 0] in ENDS[opening] else AT_ONE_END
            odds += outer_odds(block, line, known, opening=opening,
                               shifts=shifts if sign.ways[0] in "()" else COMPARING)
    return odds
