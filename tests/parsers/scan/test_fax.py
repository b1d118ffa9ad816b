"""Faxes: pixels are made square, steps smooth; other pages stay as they are."""

import numpy as np
import pytest

from parsers.scan.fax import is_two_toned, smoothed, squared


def fax(height, width):
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[height // 3 : height // 3 + 4, 50:-50] = 0
    return pixels


@pytest.mark.parametrize(
    ("shape", "stated", "wanted", "dpi"),
    [
        ((1145, 1728), (204, 98), (2383, 1728), 204),
        ((1145, 1728), (0, 0), (2383, 1728), 204),
        ((1169, 1654), (200, 100), (2338, 1654), 200),
        ((2287, 1728), (204, 196), (2287, 1728), 204),
        ((2287, 1728), (0, 0), (2287, 1728), 0),
        ((600, 400), (1, 9600), (600, 400), 0),
        ((600, 400), (1, 300), (600, 400), 0),
        ((600, 400), (300, 0), (600, 400), 300),
        ((600, 400), (200, 200), (600, 400), 200),
        ((1145, 1600), (0, 0), (1145, 1600), 0),
    ],
)
def test_squared(shape, stated, wanted, dpi):
    pixels, resolution = squared(fax(*shape), *stated)
    assert pixels.shape[:2] == wanted
    assert resolution == dpi


def test_only_pages_without_grey_are_smoothed():
    page = fax(300, 200)
    assert is_two_toned(page)
    assert len(np.unique(smoothed(page))) > 2
    grey = page.copy()
    grey[::5, 3] = 128
    assert smoothed(grey) is grey
