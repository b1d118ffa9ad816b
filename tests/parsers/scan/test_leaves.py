"""Two pages on one image are parted at the gutter; whatever goes across the middle holds a page together."""

import cv2
import numpy as np
import pytest

from parsers.scan.leaves import leaves_of

HIGH, WIDE = 1654, 1169   # A4 at 141 dpi
DPI = 141.5


def leaf(x0=130, x1=1040):
    page = np.full((HIGH, WIDE, 3), 240, np.uint8)
    for y in range(150, 1500, 60):
        cv2.line(page, (x0, y), (x1, y), (30, 30, 30), 2)
        for x in range(x0 + 20, x1 - 40, 26):
            cv2.rectangle(page, (x, y + 16), (x + 18, y + 36), (40, 40, 40), 2)
    for x in (x0, x1):
        cv2.line(page, (x, 150), (x, 1470), (30, 30, 30), 2)
    return page


def spread(fold=0.0, noise=0.0):
    pixels = np.concatenate([leaf(), leaf()], axis=1).astype(np.float64)
    at = np.arange(pixels.shape[1]) - WIDE
    pixels *= 1 - fold * np.exp(-((at / 6) ** 2))[None, :, None]
    pixels += np.random.default_rng(2).normal(0, noise, pixels.shape) if noise else 0
    return np.clip(pixels, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("fold", "noise"), [(0, 0), (0.45, 0), (0.9, 0), (0, 9), (0.45, 9)])
def test_two_pages_are_parted(fold, noise):
    left, right = leaves_of(spread(fold, noise), DPI)
    assert abs(left.shape[1] - WIDE) < 30
    assert abs(right.shape[1] - WIDE) < 30
    assert left.shape[0] == right.shape[0] == HIGH


def across(grey, width=2):
    """A table over both halves, its rulings as dark as told."""
    pixels = spread()
    for y in range(150, 1500, 330):
        cv2.line(pixels, (1000, y), (1400, y), (grey,) * 3, width)
    return pixels


def with_title():
    pixels = spread()
    for x in range(WIDE - 120, WIDE + 120, 30):
        cv2.rectangle(pixels, (x, 60), (x + 20, 82), (40, 40, 40), 2)
    return pixels


def half_blank():
    pixels = spread()
    pixels[:, WIDE:] = 240
    return pixels


@pytest.mark.parametrize(
    "page",
    [
        across(30), across(150), across(150, 1), with_title(), half_blank(), leaf(),
        np.full((HIGH, 2 * WIDE, 3), 240, np.uint8), np.zeros((HIGH, 2 * WIDE, 3), np.uint8),
        np.ascontiguousarray(np.rot90(leaf())),
    ],
    ids=["one table", "faint rulings", "thin faint rulings", "title", "half blank", "one page", "blank", "black",
         "a page on its side"],
)  # fmt: skip
def test_one_page_stays_whole(page):
    assert len(leaves_of(page, DPI)) == 1


def test_dirt_in_the_gutter_does_not_join_pages():
    pixels = spread()
    for x, y in ((WIDE - 20, 400), (WIDE + 9, 900), (WIDE, 1300)):
        cv2.circle(pixels, (x, y), 2, (20, 20, 20), -1)
    assert len(leaves_of(pixels, DPI)) == 2
