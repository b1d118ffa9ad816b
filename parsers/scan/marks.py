"""Signs of a line in points; where characters stand one below the other, by where each stands in their column."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from parsers.ocr import ReadLine
from parsers.scan.crops import LineBox
from parsers.sign import Sign

BESIDE: Final = 0.12      # ems right of the column: 0.2 to 0.32 for the ink of （, less than 0.05 for that of (
SPREAD: Final = 0.04      # ems
MOST: Final = 4.0         # log odds


def signs_in(line: LineBox, said: ReadLine, points: float) -> Iterator[Sign]:
    """The signs of a line; ``points`` is the size of a pixel."""
    for sign in said.signs:
        yield _upright(line, said.text, sign).scaled(points) if line.parts else sign.scaled(points)


def _upright(line: LineBox, text: str, sign: Sign) -> Sign:
    """A sign that has its own line: no paper beside it is that of a neighbour."""
    ink = sign.ink and sign.ink._replace(gap=0.0, beside="", foot=0.0, body="", tall=0.0)
    odds = 0.0
    if sign.ways[0] == "(" and len(line.parts) == len(text):
        han = [part for part, other in zip(line.parts, text, strict=True) if "\u4e00" <= other <= "\u9fff"]
        if han:
            em = max(x1 - x0 for x0, _, x1, _ in han)
            column = float(np.median([x0 + x1 for x0, _, x1, _ in han])) / 2
            own = line.parts[sign.at]
            odds = max(-MOST, min(MOST, (((own[0] + own[2]) / 2 - column) / em - BESIDE) / SPREAD))
    return sign._replace(odds=odds, ink=ink)
