"""Specks, points and dashes: what is dirt is told by the line it stands at, and by its form."""

import cv2
import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr import ReadLine
from parsers.scan.crops import Inked
from parsers.scan.dirt import without_dirt
from parsers.scan.strays import Ends, as_dash, without_strays

EM = 20.0
CELL = (4, 4, 216, 76)
WHOLE = Ends(first=True, last=True)


def paper() -> np.ndarray:
    return np.zeros((80, 220), np.uint8)


def line(page: np.ndarray, x: int = 80, top: int = 30, signs: int = 3) -> None:
    """Characters of 20 by 20 pixels, 4 apart, the last one up to the pixel before ``x + 24 * signs - 4``."""
    for number in range(signs):
        cv2.rectangle(page, (x + 24 * number, top), (x + 24 * number + 19, top + 19), 220, 2)


def speck(page: np.ndarray, x: int, y: int, radius: int = 2) -> None:
    """A round mark."""
    cv2.circle(page, (x, y), radius, 200, -1, cv2.LINE_AA)


def left(page: np.ndarray, box: tuple[int, int, int, int] = CELL) -> np.ndarray:
    """Which ink is print; ``all`` of it is weighed."""
    ink = page > 60
    return without_dirt(Inked(ink, ink), cv2.GaussianBlur(page, (3, 3), 0.8), [box], EM).all


@pytest.mark.parametrize(
    ("x", "y", "stays"),
    [
        (154, 46, True),     # behind the line, at its foot: a point
        (175, 46, False),    # too far behind
        (157, 40, False),    # half-way up: no font of this page has points there
        (120, 24, False),    # above the line
        (120, 60, False),    # below it
        (68, 40, False),     # before it
        (20, 20, False),     # anywhere
    ],
)
def test_a_round_mark_is_print_where_points_stand(x: int, y: int, stays: bool) -> None:  # noqa: FBT001
    page = paper()
    line(page)
    speck(page, x, y)
    assert bool(left(page)[y, x]) is stays
    assert left(page)[30:50, 80:148].any()


def test_two_marks_beside_each_other_are_a_quote() -> None:
    page = paper()
    line(page)
    for x in (66, 72):
        cv2.rectangle(page, (x, 30), (x + 2, 36), 200, -1)
    assert left(page)[33, 67]
    assert left(page)[33, 73]


def test_a_comma_behind_a_quote_is_seen_once_the_quote_is() -> None:
    page = paper()
    line(page, 40)
    for x in (110, 116):
        cv2.rectangle(page, (x, 30), (x + 2, 36), 200, -1)
    cv2.rectangle(page, (128, 45), (131, 52), 200, -1)
    assert left(page)[33, 111]
    assert left(page)[48, 130]


def test_points_in_the_middle_of_their_room_are_kept_where_the_page_has_them() -> None:
    page = paper()
    for x in (10, 54, 98):
        line(page, x, signs=1)
        speck(page, x + 32, 40)
    assert left(page)[40, 130]
    page[30:52, 31:53] = 0
    assert not left(page)[40, 130]


def test_a_mark_that_lies_flat_alone_is_a_dash_and_a_round_one_dirt() -> None:
    page = paper()
    cv2.rectangle(page, (100, 39), (106, 41), 160, -1)
    speck(page, 40, 60)
    ink = page > 60
    found = without_dirt(Inked(np.zeros_like(ink), ink), cv2.GaussianBlur(page, (3, 3), 0.8), [CELL], EM)
    assert found.signs[40, 103]
    assert not found.all[60, 40]


def test_hardly_flat_marks_are_dashes_where_they_stand_in_a_row() -> None:
    page = paper()
    boxes = [(4, 4, 100, 76), (104, 4, 216, 76)]
    for x in (50, 150):
        cv2.rectangle(page, (x, 39), (x + 3, 41), 90, -1)
    ink, dark = page > 60, cv2.GaussianBlur(page, (3, 3), 0.8)
    assert without_dirt(Inked(ink, ink), dark, boxes, EM).signs[40, 51]
    page[:, 140:] = 0
    ink, dark = page > 60, cv2.GaussianBlur(page, (3, 3), 0.8)
    assert not without_dirt(Inked(ink, ink), dark, boxes, EM).signs[40, 51]


def test_what_stands_alone_and_is_high_is_no_dirt() -> None:
    page = paper()
    cv2.rectangle(page, (100, 36), (102, 43), 160, -1)
    assert left(page)[40, 101]


def test_marks_of_another_cell_are_no_neighbours() -> None:
    page = paper()
    line(page)
    speck(page, 154, 46)
    assert not left(page, (4, 4, 150, 76))[46, 154]


# ── readings ─────────────────────────────────────────────────────────────────


def number(dot: tuple[int, int]) -> np.ndarray:
    """An image of a line, 255 paper, with a round mark."""
    page = paper()
    line(page)
    speck(page, *dot)
    return 255 - page[26:54, 60:180]


def test_a_round_mark_behind_a_cell_is_read_as_dirt_and_kept_beside() -> None:
    said = ReadLine("3,172.26.", 0.9, (Seen("3,172.26.", 0.9), Seen("3,172.26", 0.1)))
    found = without_strays(number((154, 46)), said, EM, WHOLE)
    assert found.text == "3,172.26"
    assert "3,172.26." in [way.text for way in found.seen]
    assert sum(way.probability for way in found.seen) == pytest.approx(1.0)


def test_a_point_before_a_line_is_none_at_the_start_of_a_cell() -> None:
    said = ReadLine(".100", 0.9)
    assert without_strays(number((72, 46)), said, EM, WHOLE).text == "100"
    assert without_strays(number((72, 46)), said, EM, Ends(first=False, last=True)).text == ".100"


def test_a_line_that_goes_on_keeps_its_point() -> None:
    said = ReadLine("2020.01.", 0.9)
    assert without_strays(number((154, 46)), said, EM, Ends(first=True, last=False)) == said


def test_a_comma_of_han_stays_behind_the_last_line() -> None:
    said = ReadLine("45%），", 0.8, (Seen("45%），", 0.8), Seen("45%）,", 0.2)))
    assert without_strays(number((154, 46)), said, EM, WHOLE) == said


def test_a_long_mark_behind_a_line_stays() -> None:
    page = paper()
    line(page)
    cv2.rectangle(page, (154, 40), (166, 42), 200, -1)
    said = ReadLine("12-", 0.9)
    assert without_strays(255 - page[26:54, 60:180], said, EM, WHOLE) == said


@pytest.mark.parametrize(("size", "text"), [((7, 2), "-"), ((5, 5), None)])
def test_a_short_flat_mark_is_a_dash_whatever_was_read(size: tuple[int, int], text: str | None) -> None:
    page = paper()
    cv2.rectangle(page, (100, 40), (99 + size[0], 39 + size[1]), 160, -1)
    image = 255 - cv2.GaussianBlur(page, (3, 3), 0.8)[34:48, 90:116]
    found = as_dash(image, ReadLine("•", 0.6), (size[0] + 2, size[1] + 2), EM)
    assert (found and found.text) == text
