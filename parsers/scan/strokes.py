"""Long thin dark strokes: what of a page can be a ruling."""

from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey

SOLID: Final = 0.31      # inches: no stroke of print goes on so long
EVEN: Final = 0.03       # inches along a line that noise is evened over
ALONG: Final = 0.11      # inches along that dots and dashes even out over
OPEN: Final = 0.20       # inches that a dotted line goes on for, at least
BESIDE: Final = 0.035    # inches: so near to a line is paper
AGAINST: Final = 0.6     # of full ink: print beside a line counts against it up to so much
DOUBLE: Final = 0.047    # inches: lines that lie nearer are one, drawn twice
THICK: Final = 0.06      # inches: what is thicker is no ruling
FAINT: Final = 16        # of 255: the least darkness, averaged, of a ruling

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


class Stroke(NamedTuple):
    """One piece of a ruling.

    Attributes:
        along: Its pixels, in its direction.
        across: Where it runs at each of them.
        strength: How sure it is, the median answer.
        dark: How dark the page is at each of them.
        ridge: How much darker than beside it.
        plain: How dark the page is there, not evened.
    """

    along: Floats
    across: Floats
    strength: float
    dark: Grey
    ridge: Grey
    plain: Grey


FAINTER: Final = 0.3     # of the usual answer, or ridge, of rulings: nothing that is fainter is one
INKED: Final = 0.4       # of the usual darkness of rulings: ink


class Traces(NamedTuple):
    """What of horizontal rulings stands at each pixel of a page.

    Attributes:
        answer: How sure a ruling goes on there, 0 to 255.
        even: How dark it is there, evened a little along the line.
        ridge: How much darker than above and below, evened over several dots.
        plain: How dark it is there, double rulings filled.
        printed: How dark it is there without what is left of seals.
    """

    answer: Grey
    even: Grey
    ridge: Grey
    plain: Grey
    printed: Grey


def traces(dark: Grey, dpi: float, printed: Grey | None = None) -> Traces:
    """The traces of horizontal rulings; of vertical ones, give the transposed page.

    A solid line is dark without a break for longer than any stroke of print. One that is dotted,
    broken or noisy is dark on average, and has paper on both sides, which rows of print have not.
    ``printed`` is the page without its seals, where rulings are looked for with them.
    """
    along = cv2.blur(dark, (odd(EVEN * dpi), 1))
    solid = cv2.morphologyEx(along, cv2.MORPH_OPEN, np.ones((1, odd(SOLID * dpi)), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((odd(DOUBLE * dpi), 1), np.uint8))
    printed = dark if printed is None else printed
    dark, along = cv2.max(dark, solid), cv2.max(along, solid)
    thick = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((odd(THICK * dpi), 1), np.uint8))
    beside = max(2, round(BESIDE * dpi))
    line = cv2.blur(dark, (1, 2)).astype(np.int16)
    above, below = np.zeros_like(line), np.zeros_like(line)
    above[beside:] = line[:-beside]
    below[:-beside] = line[beside:]
    ridge = np.maximum(line - np.maximum(above, below), np.int16(-AGAINST * 255))
    alone = np.maximum(cv2.blur(ridge, (odd(ALONG * dpi), 1)), 0).astype(np.uint8)
    broken = cv2.morphologyEx(alone, cv2.MORPH_OPEN, np.ones((1, odd(OPEN * dpi)), np.uint8))
    return Traces(cv2.max(cv2.subtract(solid, thick), broken), along, alone, dark, printed)


def odd(length: float) -> int:
    """A number of pixels with a middle, three at least."""
    return max(3, round(length) | 1)


def strokes(seen: Traces, shortest: float, faintest: float) -> list[Stroke]:
    """The pieces of horizontal rulings, from their traces.

    Args:
        seen: The traces.
        shortest: Pixels that a piece is long at least.
        faintest: The answer of the faintest.
    """
    answer = seen.answer
    mask = cv2.threshold(answer, max(FAINT, faintest), 255, cv2.THRESH_BINARY)[1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for label in np.flatnonzero(stats[:count, cv2.CC_STAT_WIDTH] >= shortest):
        x, y, width, height, _ = stats[label]
        if label and height < max(6, width / 4):
            part = answer[y : y + height, x : x + width]
            weight = np.where(labels[y : y + height, x : x + width] == label, part, 0)
            total = weight.sum(axis=0, dtype=np.float32)
            held = np.flatnonzero(total)
            middle = (np.arange(height, dtype=np.float32) @ weight.astype(np.float32))[held] / total[held]
            strength = float(np.median(weight.max(axis=0)))
            line = np.round(middle + y).astype(int)
            both = (line, held + x), (np.maximum(line - 1, 0), held + x)
            views = [np.maximum(view[both[0]], view[both[1]]) for view in (seen.even, seen.ridge, seen.plain)]
            views[2] = np.maximum(views[2], seen.plain[np.minimum(line + 1, len(answer) - 1), held + x])
            found.append(Stroke((held + x).astype(np.float32), (middle + y).astype(np.float32), strength, *views))
    return found


def runs_of(flags: npt.NDArray[Any]) -> list[tuple[int, int]]:
    """Where flags are set, from-to."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(low), int(high)) for low, high in zip(steps[::2], steps[1::2], strict=True)]


def level_of(values: Grey, percent: float) -> float:
    """The percentile of a few values; `numpy.percentile` takes twenty times as long on so few."""
    ordered = np.sort(values)
    at = (len(ordered) - 1) * percent / 100
    low = int(at)
    lower, upper = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return lower + (upper - lower) * (at - low)
