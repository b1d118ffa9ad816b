"""A line of any size → the image that a recogniser was taught on: print of one height amid paper."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from parsers.ocr.engine import Grey

HEIGHT: Final = 48       # pixels that the model takes
PRINT: Final = 34        # of them that the line fills: as sure as 40, and a sixth less to compute
SIDE: Final = 12         # paper before and behind it: without, an unpadded / reads as 1
NARROWEST: Final = 64    # the model misreads narrower images
WIDEST: Final = 3200
GRAIN: Final = 32        # pixels that widths are rounded up to: few widths, which a runtime has kernels for at hand,
LONG: Final = 512        # and fewer of longer lines
PAPER: Final = 255


class Fitted(NamedTuple):
    """An image at the model's height; the line lies between the columns ``left`` and ``right``."""

    image: Grey
    left: int
    right: int


def fitted(line: Grey) -> Fitted:
    """A line at the model's height, with paper around it."""
    height, width = line.shape
    scale = PRINT / max(1, height)
    wide = int(np.clip(round(width * scale), 1, WIDEST - 2 * SIDE))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grain = GRAIN if wide + 2 * SIDE <= LONG else 4 * GRAIN
    room = max(-(-(wide + 2 * SIDE) // grain) * grain, NARROWEST)
    left, top = (room - wide) // 2, (HEIGHT - PRINT) // 2
    image = np.full((HEIGHT, room), PAPER, np.uint8)
    image[top : top + PRINT, left : left + wide] = cv2.resize(line, (wide, PRINT), interpolation=how)
    return Fitted(image, left, left + wide)
