"""What of a page under a seal is print, and what may be a ruling."""

import cv2
import numpy as np

from parsers.scan.ink import ink_of

DPI = 150.0


def sealed_page():
    """A thin grey ruling beside and under the strokes of a red seal, its colours kept coarser than its light."""
    page = np.full((500, 500, 3), 235, np.uint8)
    cover = np.zeros((500, 500), np.uint8)
    cv2.circle(cover, (250, 250), 110, 255, 7)
    for x in range(190, 320, 14):
        cv2.line(cover, (x, 205), (x + 8, 300), 255, 5)
    ink = (cover[..., None] / 255.0) * 0.8 * (1 - np.array([205, 40, 45]) / 255)
    page[:, 250:252] = 120
    page = (page * (1 - ink)).astype(np.uint8)
    _, data = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 40])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1].copy()


def test_a_thin_ruling_stays_whole_under_a_seal():
    ink = ink_of(sealed_page(), DPI)
    assert ink.sealed is not None
    rows = slice(200, 305)
    line = ink.ruled[rows, 249:253].max(axis=1)
    beside = np.maximum(ink.ruled[rows, 244:247].max(axis=1), ink.ruled[rows, 255:258].max(axis=1))
    assert np.mean(line > 60) > 0.95
    assert np.median(line.astype(int) - beside) > 40


def test_a_page_without_seal_is_looked_at_once():
    ink = ink_of(np.full((300, 300, 3), 240, np.uint8), DPI)
    assert ink.sealed is None
    assert ink.ruled is ink.dark
