"""Signs that a seal made pale: print beside surer print of the same line.

What is left of a seal is as dark as some of the print that lay under it. By its darkness alone no sign can be
told from it, but print stands in lines: in the rows of the signs beside it, as high as they are.
"""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey

Flags = npt.NDArray[np.bool_]
_Marks = npt.NDArray[np.int64]
"""Shape (n, 4): left, top, right, bottom of each."""

PALE: Final = 0.34       # of print hereabouts: none under a seal is paler
SURE: Final = 0.4        # of full ink: print that tells how dark it is
TILE: Final = 0.04       # inches: the finest that it is told for
AROUND: Final = 0.5      # inches within which toner fades alike
UNKNOWN: Final = 1e-3    # how much the rest of the page says
SLACK: Final = 0.14      # of the height of the sign beside: so far its rows may be left
LOWEST: Final = 0.55     # of it: a figure is no lower
NEAR: Final = 1.1        # of it: the room between two signs, with a point there
TALLEST: Final = 17 / 72  # inches: what is higher is no sign, but rulings, or signs that grew together
SHORTEST: Final = 4 / 72  # inches: what is lower tells no rows


def darkness_beside(soft: Grey, sealed: Grey, dpi: float) -> Grey:
    """How dark print is around each place where no seal lies: thin toner fades print and seal alike.

    Args:
        soft: How dark the page is, its noise evened out and its rulings taken away.
        sealed: Where seals lie.
        dpi: The resolution.
    """
    height, width = soft.shape
    step = max(1, min(round(TILE * dpi), height, width))
    rows, cols = height // step, width // step
    peaks, seal = (   # over rows first, which lie together
        image[: rows * step, : cols * step].reshape(rows, step, -1).max(axis=1).reshape(rows, cols, step).max(axis=2)
        for image in (soft, sealed)
    )
    tells = np.logical_and(peaks > round(SURE * 255), seal == 0).astype(np.float32)
    dark = peaks * tells
    usual = float(dark.sum()) / max(1.0, float(tells.sum())) or 255.0
    sums, weights = (cv2.GaussianBlur(image, (0, 0), AROUND * dpi / step) for image in (dark, tells))
    level = (sums + UNKNOWN * usual) / (weights + UNKNOWN)
    return cv2.resize(np.rint(level).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)


def paled(soft: Grey, level: Grey, print_: Flags, sealed: Grey, dpi: float) -> Flags:
    """Pale marks under seals that stand in line with print.

    Args:
        soft: How dark the page is, its noise evened out.
        level: How dark print is around each place.
        print_: The marks that are dark enough to be print.
        sealed: Where seals lie.
        dpi: The resolution.
    """
    found = np.zeros_like(print_)
    count, _, areas, _ = cv2.connectedComponentsWithStats(sealed)
    reach = round(TALLEST * dpi)
    for x, y, width, height, _ in areas[1:count].tolist():
        part = np.s_[max(0, y - reach) : y + height + reach, max(0, x - reach) : x + width + reach]
        pale = np.logical_and(soft[part] > cv2.convertScaleAbs(level[part], alpha=PALE), sealed[part] > 0)
        found[part] |= _in_line(print_[part], np.logical_and(pale, ~print_[part]), dpi)
    return found


def _in_line(print_: Flags, pale: Flags, dpi: float) -> Flags:
    signs, _, _ = _marks(print_)
    tall = signs[:, 3] - signs[:, 1]
    signs = signs[(tall >= SHORTEST * dpi) & (tall <= TALLEST * dpi)]
    marks, labels, numbers = _marks(pale)
    taken = np.zeros(len(numbers) + 1, bool)
    while len(signs) and len(marks):
        new = _stand_beside(marks, signs)
        taken[numbers[new]] = True
        signs, marks, numbers_left = marks[new], marks[~new], numbers[~new]
        numbers = numbers_left
    return taken[labels]


def _marks(mask: Flags) -> tuple[_Marks, npt.NDArray[np.int32], _Marks]:
    """The boxes of marks, which pixel is of which, and the numbers of the marks there."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    x, y, wide, tall = (stats[1:count, at].astype(np.int64) for at in range(4))
    return np.stack([x, y, x + wide, y + tall], axis=1), labels, np.arange(1, count)


def _stand_beside(marks: _Marks, signs: _Marks) -> npt.NDArray[np.bool_]:
    """Which marks stand in the rows of a sign close by, and are about as high."""
    tall = (signs[:, 3] - signs[:, 1])[None, :]
    slack = np.maximum(1, SLACK * tall)
    inside = (marks[:, None, 1] >= signs[None, :, 1] - slack) & (marks[:, None, 3] <= signs[None, :, 3] + slack)
    high = (marks[:, 3] - marks[:, 1])[:, None] >= LOWEST * tall
    gap = np.maximum(marks[:, None, 0] - signs[None, :, 2], signs[None, :, 0] - marks[:, None, 2])
    return np.asarray(np.any(inside & high & (gap <= NEAR * tall), axis=1))
