"""A line of any size → the image that a recogniser was taught on: print of one height amid paper."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from parsers.ocr.engine import Grey

PRINT: Final = 32        # pixels that the line is high: as sure as 40, and a quarter less to compute
SIDE: Final = 8          # paper before and behind it: without, an unpadded / reads as 1
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


def fitted(line: Grey, height: int) -> Fitted:
    """A line at the model's height, with paper around it."""
    tall, width = line.shape
    scale = PRINT / max(1, tall)
    wide = int(np.clip(round(width * scale), 1, WIDEST - 2 * SIDE))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grain = GRAIN if wide + 2 * SIDE <= LONG else 4 * GRAIN
    room = max(-(-(wide + 2 * SIDE) // grain) * grain, NARROWEST)
    left, top = (room - wide) // 2, (height - PRINT) // 2
    image = np.full((height, room), PAPER, np.uint8)
    image[top : top + PRINT, left : left + wide] = cv2.resize(line, (wide, PRINT), interpolation=how)
    return Fitted(image, left, left + wide)
