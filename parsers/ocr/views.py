"""Ways to look at a line that was read with doubt."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from parsers.ocr.engine import Grey, LineImage

View = Callable[[LineImage], Grey]


def blurred(image: LineImage) -> Grey:
    """Noise evened out."""
    return cv2.GaussianBlur(image.clean, (0, 0), 0.9)


def nearer(image: LineImage) -> Grey:
    """Larger amid less paper."""
    less = round(LESS * image.clean.shape[0])
    return image.clean[less : image.clean.shape[0] - less] if less else image.clean


def stretched(image: LineImage) -> Grey:
    """As photographed, with paper and ink made white and black: what was taken for dirt is still there."""
    low, high = np.percentile(image.raw, 1), np.percentile(image.raw, 90)
    grey = (image.raw.astype(np.float32) - low) / max(float(high - low), 20.0) * 255
    return np.clip(grey, 0, 255).astype(np.uint8)


def smoothed(image: LineImage) -> Grey:
    """Grain taken away, edges left."""
    return cv2.fastNlMeansDenoising(image.clean, None, 18, 3, 11)


LESS: Final = 0.07         # of the height of a line: paper above and below

VIEWS: Final[tuple[View, ...]] = (blurred, smoothed, nearer)
UNDER_SEALS: Final[tuple[View, ...]] = (blurred, smoothed, stretched)
"""The seal may have been taken away with print."""
