"""Pages of black and white alone, as fax machines send them: pixels made square, steps made smooth."""

from typing import Final

import cv2
import numpy as np

from parsers.scan.ink import Colours

EVEN: Final = 1.15       # pixels as unlike in length as that are not square
UNLIKE: Final = 2.6      # no machine makes less square ones
SAMPLE: Final = 5        # every so many rows are looked at
WIDTHS: Final = (1728, 2048, 2432)   # pixels of a line of ITU-T T.4, for A4, B4 and A3
STANDARD: Final = (204.0, 98.0)      # dpi across and down of its coarse pages
LYING: Final = 0.9       # of their width: their height in pixels, where a page of fine ones is higher
BLUR: Final = 0.8        # pixels: the steps of a slanting stroke


def squared(page: Colours, across: float, down: float) -> tuple[Colours, float]:
    """A page whose pixels are as wide as high, and its resolution; 0 where none is known.

    Args:
        page: Red, green and blue.
        across: Pixels to an inch of its lines, as its file says; 0 where it does not.
        down: The same of its columns.
    """
    height, width = page.shape[:2]
    if min(across, down) <= 1 and width in WIDTHS and height < LYING * width and is_two_toned(page):
        across, down = STANDARD
    finer, coarser = max(across, down), min(across, down)
    if coarser <= 0:
        return page, max(0.0, finer)
    if finer > UNLIKE * coarser:
        return page, 0.0
    if finer < EVEN * coarser:
        return page, across
    size = round(width * finer / across), round(height * finer / down)
    return cv2.resize(page, size, interpolation=cv2.INTER_CUBIC), finer


def smoothed(page: Colours) -> Colours:
    """The page, softened where it has no grey: recognisers know print with soft edges."""
    return cv2.GaussianBlur(page, (0, 0), BLUR) if is_two_toned(page) else page


def is_two_toned(page: Colours) -> bool:
    """Whether it is black and white, without any grey."""
    return not bool(np.any((page[::SAMPLE] > 0) & (page[::SAMPLE] < 255)))  # noqa: PLR2004  white
