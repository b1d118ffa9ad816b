"""Parentheses of one pair are of one width: where the line does not show it, the partner tells.

Before the first and behind the last sign of a line there is paper in either width.
"""

from collections.abc import Sequence
from typing import Final

from parsers.grid import Seen
from parsers.ocr import ReadLine

OPEN: Final = {"(": ")", "（": "）"}
CLOSE: Final = {")": "(", "）": "（"}
OTHER: Final = {"(": "（", "（": "(", ")": "）", "）": ")"}

Place = tuple[int, int]


def paired(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of a cell, from top to bottom, with parentheses that fit their partners."""
    changed = [list(line.text) for line in lines]
    begun: list[tuple[Place, str]] = []
    for number, line in enumerate(lines):
        for at, sign in enumerate(line.text):
            if sign in OPEN:
                begun.append(((number, at), sign))
            elif sign in CLOSE and begun:
                (before, start), opening = begun.pop()
                if OPEN[opening] == sign:
                    continue
                if at == len(line.text) - 1:
                    changed[number][at] = OTHER[sign]
                elif start == 0:
                    changed[before][start] = OTHER[opening]
    return [_with(line, "".join(text)) for line, text in zip(lines, changed, strict=True)]


def _with(line: ReadLine, text: str) -> ReadLine:
    """The line with another text: both readings count for it, the one that was best stays among them."""
    if text == line.text:
        return line
    seen = {one.text: one.probability for one in line.seen} or {line.text: line.confidence}
    sure = min(1.0, line.confidence + seen.get(text, 0.0))
    rest = [Seen(other, chance) for other, chance in seen.items() if other not in {text, line.text}]
    return line._replace(text=text, confidence=sure, seen=(Seen(text, sure), Seen(line.text, 0.0), *rest))
