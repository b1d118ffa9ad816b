"""Lines that are the rest of a seal: within one cell, much paler than the print beside them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from parsers.grid import Seen
from parsers.ocr import ReadLine
from parsers.scan.crops import LineBox
from parsers.scan.ink import Grey

PALER: Final = 0.66      # of the darkest print in the cell: print under a seal is at least 0.8 of it
INKED: Final = 97        # percentile of a line that is its ink
PRINT: Final = 0.5       # of the height of print: a line that is lower, or no wider than high, tells nothing
SURE: Final = 0.9        # how sure a cell is at most of which a line was left out

Cell = tuple[int, int]


def without_rests(
    places: Sequence[tuple[Cell, LineBox]], lines: Sequence[ReadLine], dark: Grey, sealed: Grey, height: float
) -> list[ReadLine | None]:
    """The lines of a page, None for those that are the rest of a seal; what stands beside these is in doubt.

    Args:
        places: The cell that each line stands in, and where.
        lines: What it says.
        dark: How dark the page is.
        sealed: Where seals lie.
        height: That of print.
    """
    by_cell: dict[Cell, list[int]] = defaultdict(list)
    for number, (cell, _) in enumerate(places):
        by_cell[cell].append(number)
    boxes = [box for _, box in places]
    found: list[ReadLine | None] = list(lines)
    for own in by_cell.values():
        if len(own) > 1 and any(_is_covered(boxes[number], sealed) for number in own):
            inks = {number: _darkness(boxes[number], dark) for number in own}
            darkest = max((inks[number] for number in own if _is_print(boxes[number], height)), default=0.0)
            rests = [n for n in own if inks[n] < PALER * darkest and _is_covered(boxes[n], sealed)]
            for number in own if rests else ():
                found[number] = None if number in rests else _in_doubt(lines[number])
    return found


def _is_covered(box: LineBox, sealed: Grey) -> bool:
    return bool(sealed[box.top : box.bottom, box.x0 : box.x1].all())


def _darkness(box: LineBox, dark: Grey) -> float:
    return float(np.percentile(dark[box.top : box.bottom, box.x0 : box.x1], INKED))


def _is_print(box: LineBox, height: float) -> bool:
    tall, wide = box.bottom - box.top, box.x1 - box.x0
    return tall >= PRINT * height and wide > tall


def _in_doubt(line: ReadLine) -> ReadLine:
    seen = tuple([Seen(text, min(odds, SURE)) for text, odds in line.seen])
    return line._replace(confidence=min(line.confidence, SURE), seen=seen)
