"""Readings of lines in which a small mark was read as a sign: dashes that stand alone, and specks at a line's ends."""

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import cv2
import numpy as np

from parsers.grid import Seen
from parsers.ocr import ReadLine
from parsers.scan.dirt import FLATTISH, SMALL, form_of
from parsers.scan.ink import Grey

STROKE: Final = 0.28      # of the height of print: a stroke alone that is no higher is a dash
LONG_DASH: Final = 0.62   # of it: a longer one is a full-width dash
LONGEST: Final = 2.5      # of it: no dash is longer
DASH_SURE: Final = 0.997  # a stroke that lies flat may still be 一
HARDLY: Final = 0.7       # how sure a mark that lies hardly flat is a dash
INKED: Final = 0.45       # of the darkest place of a line: print
STRAYS: Final = frozenset("•·.-–—－―_*'`‘’´°^,，、:;~")
"""What they make of a speck before or behind a line."""
NEVER: Final = frozenset("•*`´^")
"""Of these what no line of a form begins or ends with."""
JOINED: Final = frozenset("，、")
"""Of these what a line may end with that goes on on the next page."""
STAYS: Final = 0.1        # how likely a round mark that was read as one of them at a cell's end is print all the same


class Ends(NamedTuple):
    """Whether a line is the first and the last of its cell."""

    first: bool
    last: bool


def as_dash(image: Grey, said: ReadLine, size: tuple[int, int], em: float) -> ReadLine | None:
    """A flat stroke alone as a dash, whatever the recogniser says: it knows 一 better, and of short ones •.

    Args:
        image: The line, 255 paper.
        said: What was read.
        size: The width and the height of the line.
        em: The height of print.
    """
    wide, tall = size
    if len(said.text) > 1 or wide > LONGEST * em:
        return None
    if tall <= STROKE * em and wide >= 1.5 * tall:
        return ReadLine("—" if wide > LONG_DASH * em else "-", max(said.confidence, DASH_SURE))
    if max(wide, tall) > SMALL * em:
        return None
    flat = form_of(255 - image, 0.0).flat
    if flat < FLATTISH:
        return None
    sure = float(np.interp(flat, (FLATTISH, FLATTISH + 1), (HARDLY, DASH_SURE)))
    return ReadLine("-", sure, (Seen("-", sure), Seen(said.text, 1 - sure)))


def without_strays(image: Grey, said: ReadLine, em: float, ends: Ends) -> ReadLine:
    """A line without the signs that were made of round marks before it and behind it.

    Both readings are kept. What stands at the end of a line that goes on in the next one may be a point.
    """
    line = said
    behind = STRAYS - JOINED if ends.last else NEVER
    if not ends.first:   # sentences may end so, and begin no number
        behind -= {"."}
    if len(line.text) > 1 and line.text[-1] in behind and _is_speck(image, em, last=True):
        line = _shorter(line, behind, last=True)
    before = STRAYS if ends.first else NEVER
    if len(line.text) > 1 and line.text[0] in before and _is_speck(image, em, last=False):
        line = _shorter(line, before, last=False)
    return line


def _shorter(said: ReadLine, strays: AbstractSet[str], *, last: bool) -> ReadLine:
    """The readings without their last, or their first sign where it is one of ``strays``, and as they were."""
    found: dict[str, float] = {}
    for way in said.seen or (Seen(said.text, said.confidence),):
        sign, bare = (way.text[-1:], way.text[:-1]) if last else (way.text[:1], way.text[1:])
        stays = STAYS if bare.strip() and sign in strays else 1.0
        found[way.text] = found.get(way.text, 0.0) + way.probability * stays
        if stays < 1:
            bare = bare.strip()
            found[bare] = found.get(bare, 0.0) + way.probability * (1 - stays)
    seen = tuple([Seen(*one) for one in sorted(found.items(), key=lambda one: (-one[1], one[0]))])
    places = said.places[:-1] if last else said.places[1:]
    text, sure = seen[0]
    return ReadLine(text, min(1.0, sure), seen, places if len(places) == len(text) else ())


def _is_speck(image: Grey, em: float, *, last: bool) -> bool:
    """Whether the ink at one end of a line is a small round mark, apart from the rest."""
    dark = 255 - image
    mask = (dark > max(INKED * float(dark.max(initial=0)), 1.0)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count < 3:  # noqa: PLR2004  paper, the mark, and what it stands beside
        return False
    starts, wide = stats[1:count, cv2.CC_STAT_LEFT], stats[1:count, cv2.CC_STAT_WIDTH]
    end = int((starts + wide).argmax() if last else starts.argmin()) + 1
    x, y, across, down, _ = stats[end].tolist()
    part = np.s_[max(0, y - 1) : y + down + 1, max(0, x - 1) : x + across + 1]
    own = np.where((labels[part] == end) | (labels[part] == 0), dark[part], 0)
    return bool(max(across, down) <= SMALL * em and form_of(own, 0.0).is_speck)
