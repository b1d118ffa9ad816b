"""Text that is drawn beyond the rectangle that it is clipped to, and so is no print.

Sheets print a cell that a page break cuts on both pages whole, each clipped to its part.
"""

from itertools import repeat
from typing import Final

import numpy as np

from parsers.page import Floats
from parsers.pdfium_calls import (
    Address,
    bounds,
    clip_of,
    clip_path_count,
    clip_segment_count,
    clip_segment_of,
    points,
)
from parsers.upright import Flags

SHOWN: Final = 0.45            # of a line's height: what a page break halves is print on one page at least
MAX_CLIPS: Final = 8           # clips within clips that are looked at
_RECTANGLE: Final = (4, 5)     # points of a rectangle, with or without its start again


def hidden_by_clips(texts: list[Address], own: list[int]) -> Flags:
    """Which text objects lie for the most part above or below their clip, or beside it whole.

    Args:
        texts: Text objects.
        own: Indices of those that stand on the page itself: the space of forms is another.
    """
    hidden = np.zeros(len(texts), bool)
    clips = [clip_of(texts[k]) for k in own]
    counts = [clip_path_count(clip) if clip else 0 for clip in clips]
    held = [(k, clip, count) for k, clip, count in zip(own, clips, counts, strict=True) if count > 0]
    if not held:
        return hidden
    at = [k for k, _, _ in held]
    box = bounds([texts[k] for k in at]).astype(float)
    area = np.array([_area(clip, min(count, MAX_CLIPS)) for _, clip, count in held])
    shown = np.minimum(box[:, 3], area[:, 3]) - np.maximum(box[:, 1], area[:, 1])
    hidden[at] = (
        (shown < SHOWN * (box[:, 3] - box[:, 1])) | (box[:, 2] < area[:, 0]) | (box[:, 0] > area[:, 2])
    )
    return hidden


def _area(clip: Address, count: int) -> Floats:
    """What the rectangles of a clip leave: left, bottom, right, top."""
    area = np.array([-np.inf, -np.inf, np.inf, np.inf])
    for path in range(count):
        if clip_segment_count(clip, path) in _RECTANGLE:
            corners = points(list(map(clip_segment_of, repeat(clip), repeat(path), (0, 2))))
            area[:2] = np.maximum(area[:2], corners.min(axis=0))
            area[2:] = np.minimum(area[2:], corners.max(axis=0))
    return area
