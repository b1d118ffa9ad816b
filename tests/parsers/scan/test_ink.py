"""What of a page under a seal is print, and what may be a ruling."""

import cv2
import numpy as np
import pytest

from parsers.scan.ink import ink_of, seals

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


def stamped(*middles: tuple[int, int]) -> np.ndarray:
    """A page of 150 dpi with red rings of 1.5 inches around these places."""
    page = np.full((900, 900, 3), 245, np.uint8)
    for middle in middles:
        cv2.circle(page, middle, 112, (200, 40, 50), 6, cv2.LINE_AA)
        cv2.putText(page, "*", (middle[0] - 20, middle[1] + 20), cv2.FONT_HERSHEY_SIMPLEX, 3, (200, 40, 50), 8)
    return page


@pytest.mark.parametrize("middles", [[(300, 300)], [(300, 300), (500, 310)], [(300, 860)], [(300, 840), (510, 850)]])
def test_seals_that_overlap_or_that_the_page_cuts_are_seals(middles):
    found = seals(stamped(*middles), 150.0)
    assert found is not None
    assert all(found[y - 60, x] for x, y in middles)


def test_a_red_headline_is_no_seal():
    page = np.full((900, 900, 3), 245, np.uint8)
    cv2.rectangle(page, (80, 100), (820, 190), (200, 40, 50), 6)
    cv2.putText(page, "HEADLINE", (100, 180), cv2.FONT_HERSHEY_SIMPLEX, 3, (200, 40, 50), 10)
    assert seals(page, 150.0) is None
