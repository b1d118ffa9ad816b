"""By how much the lines of a page slant, from the page alone."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey

WIDEST: Final = 9.0      # degrees either way
COARSE: Final = 0.25     # degrees of the first search
FINE: Final = 0.03       # and of the second
STRIPS: Final = 24       # the page is cut across its lines into so many strips
SIDE: Final = 1000       # pixels of the copy that is searched, across the lines
FINER: Final = 3         # places per pixel
SURER: Final = 1.15      # times as sharp: the page says otherwise

Floats = npt.NDArray[np.float32]


def slants(dark: Grey) -> tuple[float, float]:
    """How the horizontal and the vertical lines of a page run.

    Returns:
        The rise of horizontal lines (y per x, positive where they fall to the right), and the run
        of vertical ones (x per y, positive where they lean to the right below).
    """
    rise = _slant(dark, None)
    return rise, _slant(cv2.transpose(dark), -rise)


def _slant(dark: Grey, likely: float | None) -> float:
    """The rise of horizontal lines: where all strips, moved by it, give the sharpest profile.

    It is taken to be the ``likely`` one, unless the page says otherwise.
    """
    height, width = dark.shape
    scale = min(1.0, SIDE / height)
    rows = max(8, round(height * scale))
    strips = cv2.resize(dark, (STRIPS, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    strips = cv2.resize(strips, (STRIPS, rows * FINER), interpolation=cv2.INTER_LINEAR)
    strips = np.ascontiguousarray(strips.T)
    places = (np.arange(STRIPS) + 0.5) * (width / STRIPS) - width / 2
    step = FINER * rows / height   # places of a profile per pixel of the page
    def sharp(rise: float) -> float:
        return _sharpness(strips, places * rise * step)

    best = 0.0
    for reach, grain in ((WIDEST, COARSE), (2 * COARSE, FINE)):
        angles = np.arange(-reach, reach + grain / 2, grain)
        rises = np.tan(np.radians(angles)) + best if reach != WIDEST else np.tan(np.radians(angles))
        best = float(max(rises, key=sharp))
    return best if likely is None or sharp(best) > SURER * sharp(likely) else likely


def _sharpness(strips: Floats, shifts: npt.NDArray[np.float64]) -> float:
    """How sharp the sum of the strips, a row each, is, each moved up by its shift."""
    moved = np.zeros(strips.shape[1], np.float32)
    for strip, shift in zip(strips, np.round(shifts).astype(int).tolist(), strict=True):
        at = shift % len(strip)
        moved[: len(strip) - at] += strip[at:]
        moved[len(strip) - at :] += strip[:at]
    change = np.diff(moved)
    return float(np.dot(change, change))
