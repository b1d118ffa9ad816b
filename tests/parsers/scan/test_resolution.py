"""The resolution is that of the file where paper or print bear it out, else paper's or print's."""

import cv2
import numpy as np
import pytest

from parsers.scan.resolution import is_sheet, resolution_of


def page(dpi, inches=(8.27, 11.69), points=10.5, signs=200):
    """Signs of so many points on a page of so many inches."""
    pixels = np.full((round(inches[1] * dpi), round(inches[0] * dpi), 3), 245, np.uint8)
    side = points * 0.92 * dpi / 72
    per_row = int((pixels.shape[1] - 2 * side) / (1.4 * side))
    for number in range(signs):
        x, y = (number % per_row * 1.4 + 1) * side, (number // per_row * 2 + 2) * side
        corner = round(x), round(y)
        cv2.rectangle(pixels, corner, (round(x + side), round(y + side)), (30, 30, 30), max(1, round(side / 10)))
    return pixels


@pytest.mark.parametrize(
    ("pixels", "stated", "wanted"),
    [
        (page(200), 200, 200),
        (page(150, (11.69, 8.27)), 150, 150),
        (page(150, (11.69, 16.54)), 150, 150),
        (page(200), None, 200),
        (page(200), 100, 200),
        (page(200), 72, 200),
        (page(200), 96, 200),
        (page(200), 1, 200),
        (page(200), 9600, 200),
        (page(200), 300, 200),
        (page(150, (8.27, 5.2)), None, 150),
        (page(150, (8.27, 5.2)), 150, 150),
        (page(200, (8.27, 11.69), signs=3), None, 200),
        (page(100, (7.0, 4.0), points=10), None, 100),
    ],
    ids=["stated", "landscape", "A3", "not stated", "half", "72", "96", "1", "9600", "of another scan", "upper half",
         "upper half, stated", "few signs", "a part of a page"],
)  # fmt: skip
def test_resolution(pixels, stated, wanted):
    assert resolution_of(pixels, stated) == pytest.approx(wanted, rel=0.22)


def test_a_stated_one_that_fits_is_taken_to_the_digit():
    assert resolution_of(page(200), 200.0) == 200.0
    assert resolution_of(page(200), 200.5) == 200.5


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [(8.27, 11.69, True), (11.69, 8.27, True), (8.5, 11, True), (8.4, 11.6, True), (4, 9, False), (24, 34, False)],
)
def test_sheets(width, height, wanted):
    assert is_sheet(width, height) is wanted
