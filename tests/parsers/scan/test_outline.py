"""The sheet of paper on an image is found and cut out; an image that is all paper stays as it is."""

import cv2
import numpy as np
import pytest

from parsers.scan.outline import paper_of

HIGH, WIDE = 1170, 827
DESKS = {"wood": (92, 64, 44), "slate": (60, 60, 66), "pale": (150, 140, 128)}


def sheet(paper=235):
    """A page of a hundred dpi: a ruled table, with rows of print in it."""
    page = np.full((HIGH, WIDE, 3), paper, np.uint8)
    for y in range(150, 800, 50):
        cv2.line(page, (80, y), (750, y), (30, 30, 30), 2)
        for x in range(100, 700, 14):
            cv2.rectangle(page, (x, y + 15), (x + 9, y + 26), (40, 40, 40), 1)
    for x in (80, 300, 750):
        cv2.line(page, (x, 150), (x, 750), (30, 30, 30), 2)
    return page


def on_desk(page, desk, corners, size):
    pixels = np.full((size[1], size[0], 3), desk, np.uint8)
    pixels = np.clip(pixels + np.random.default_rng(3).normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)
    start = np.array([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]], np.float32)
    matrix = cv2.getPerspectiveTransform(start, np.array(corners, np.float32))
    return cv2.warpPerspective(page, matrix, size, dst=pixels, borderMode=cv2.BORDER_TRANSPARENT)


def lit(page, darkest):
    return (page * np.linspace(1, darkest, page.shape[1])[None, :, None]).astype(np.uint8)


def bordered(page, sides):
    return cv2.copyMakeBorder(page, *sides, cv2.BORDER_CONSTANT, value=(20, 20, 20))


def with_filled_head(page):
    """A table cut out of a screen, its first row in a dark colour."""
    cut = page[150:800, 80:751].copy()
    cut[:50] = (30, 60, 140)
    cut[15:30, 60:600:9] = 255
    return cut


@pytest.mark.parametrize(
    "page",
    [
        sheet(), lit(sheet(), 0.75), sheet(200), np.full((HIGH, WIDE, 3), 255, np.uint8), with_filled_head(sheet()),
        sheet()[150:800, 80:751], np.zeros((HIGH, WIDE, 3), np.uint8), sheet()[:300, :200],
        np.random.default_rng(1).integers(0, 255, (HIGH, WIDE, 3), np.uint8), 255 - sheet(), sheet()[:3, :],
    ],
    ids=[
        "page", "light from one side", "grey paper", "blank", "filled head", "cut at its rulings", "black", "small",
        "noise", "negative", "a strip",
    ],
)  # fmt: skip
def test_an_image_without_surroundings_stays_as_it_is(page):
    page = np.ascontiguousarray(page)
    assert paper_of(page) is page


@pytest.mark.parametrize("border", [(40, 0, 0, 0), (0, 30, 0, 0), (0, 0, 60, 0), (30, 40, 50, 60)])
def test_a_black_border_is_cut_off_and_nothing_else_changes(border):
    page = sheet()
    found = paper_of(bordered(page, border))
    assert np.abs(np.subtract(found.shape[:2], page.shape[:2])).max() < 14
    assert (found[:, 5:40].min(), found[:, -40:-5].min()) > (180, 180)
    assert 0.97 < (found < 100).sum() / (page < 100).sum() < 1.03


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("darkest", [1, 0.75])
def test_a_photographed_sheet_becomes_a_rectangle(desk, darkest):
    corners = [(90, 70), (930, 110), (900, 1300), (60, 1260)]
    found = paper_of(lit(on_desk(sheet(), DESKS[desk], corners, (1000, 1400)), darkest))
    assert found.shape[0] == pytest.approx(1190, rel=0.015)
    assert found.shape[1] == pytest.approx(841, rel=0.015)
    dark = cv2.cvtColor(found, cv2.COLOR_RGB2GRAY) < 110
    wanted = cv2.resize(sheet(), found.shape[1::-1], interpolation=cv2.INTER_AREA)[:, :, 0] < 110
    for axis in (0, 1):   # the rulings lie where they were drawn
        place, real = (np.flatnonzero(np.convolve(mask.mean(axis=axis), np.ones(3) / 3, "same") > 0.3)
                       for mask in (dark, wanted))
        assert np.abs(place[[0, -1]] - real[[0, -1]]).max() <= 8


def test_a_sheet_far_away_is_found():
    corners = [(300, 250), (700, 280), (690, 850), (280, 830)]
    found = paper_of(on_desk(sheet(), DESKS["slate"], corners, (1200, 1200)))
    assert found.shape[0] == pytest.approx(575, rel=0.02)
    assert found.shape[1] == pytest.approx(405, rel=0.02)
