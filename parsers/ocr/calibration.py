"""What an engine's probabilities are worth, as lines of generated forms have shown (`tests.bench.reliability`)."""

from typing import Final

import numpy as np

from parsers.grid import Seen
from parsers.ocr.engine import ReadLine

SHARES_RIGHT: Final = {
    "rapidocr": ((0.0, 0.8, 0.97, 0.99, 1.0), (0.0, 0.8, 0.95, 0.985, 1.0)),
}
"""By engine: what it says, and the share of such lines that is right; others say what they are worth."""


def calibrated(line: ReadLine, engine: str) -> ReadLine:
    """A line with its confidence, and the probabilities of its readings, made shares of what is right."""
    curve = SHARES_RIGHT.get(engine.partition("-")[0])
    if curve is None:
        return line
    sure = float(np.interp(line.confidence, *curve))
    first = next((way.probability for way in line.seen if way.text == line.text), line.confidence)
    if not line.seen or first != line.confidence:   # print cut off or unread: its readings say nothing of that
        return line._replace(confidence=sure)
    share = (1 - sure) / (1 - first) if first < 1 else 1.0
    seen = [Seen(way.text, sure if way.text == line.text else way.probability * share) for way in line.seen]
    return line._replace(confidence=sure, seen=tuple(seen))
