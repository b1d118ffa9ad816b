"""Rulings drawn as lines and dashes, whole and rubbed out → cells; rows of print are no rulings."""

import cv2
import numpy as np
import pytest

from parsers.scan.lattices import is_across, lattices_of
from parsers.scan.strokes import strokes, traces
from parsers.scan.texture import is_even, usual_rulings

DPI = 150.0
XS, YS = (100, 330, 560, 800), (120, 160, 200, 240, 280)


def ruled(on=0, off=0):
    """A table of 4 × 3 cells, dark for ink; its rules are dashes of ``on`` pixels, or lines."""
    page = np.zeros((420, 900), np.uint8)
    pattern = np.tile(np.r_[np.ones(on, bool), np.zeros(off, bool)], 2000) if on else np.ones(2000, bool)
    for y in YS:
        page[y : y + 2, XS[0] : XS[-1]] = np.where(pattern[: XS[-1] - XS[0]], 220, 0)
    for x in XS:
        page[YS[0] : YS[-1] + 2, x : x + 2] = np.where(pattern[: YS[-1] + 2 - YS[0]], 220, 0)[:, None]
    return page


def shapes(page):
    return [(len(one.ys) - 1, len(one.xs) - 1, len(one.spans)) for one in lattices_of(page, DPI)]


def row_of_print(page, y):
    """Strokes as those of dense bold print: uneven, in a row of 2 inches, with paper above and below."""
    rng = np.random.default_rng(3)
    for x in range(120, 420, 18):
        page[y : y + 2, x : x + 15] = 200
        for stroke in rng.integers(0, 14, 3):
            page[y : y + 14, x + stroke : x + stroke + 2] = 200
    return cv2.GaussianBlur(page, (0, 0), 0.6)


@pytest.mark.parametrize(("on", "off"), [(0, 0), (8, 8), (10, 7), (3, 3)])
def test_lines_dashes_and_dots(on, off):
    assert shapes(ruled(on, off)) == [(4, 3, 12)]


@pytest.mark.parametrize("left", [0.35, 0.5, 0.7])
def test_a_line_that_was_rubbed_out_but_for_a_stub_parts_cells(left):
    page = ruled()
    page[240 + round(40 * left) : 278, 330:332] = 0
    assert shapes(page) == [(4, 3, 12)]


def test_a_line_that_was_never_drawn_parts_none():
    page = ruled()
    page[242:280, 330:332] = 0
    assert shapes(page) == [(4, 3, 11)]


def test_a_line_that_leaves_no_room_for_a_sign_is_none():
    page = ruled()
    page[YS[1] : YS[3], XS[0] + 12 : XS[0] + 14] = 220   # under 6 points from the rim
    assert shapes(page)[0][:2] == (4, 3)


def test_a_dashed_table_in_a_frame_of_lines_keeps_its_outer_rows():
    page = ruled(10, 7)
    page[YS[0] + 2 : YS[1], XS[0] + 4 : XS[-1]] = page[YS[-2] + 2 : YS[-1], XS[0] + 4 : XS[-1]] = 0   # of one cell
    for y in (YS[0], YS[-1]):
        page[y : y + 2, XS[0] : XS[-1]] = 220
    for x in (XS[0], XS[-1]):
        page[YS[0] : YS[-1] + 2, x : x + 2] = 220
    assert shapes(page) == [(4, 3, 8)]


def test_the_strokes_of_a_large_sign_are_no_table():
    page = ruled()
    for x in (400, 430, 460):
        page[20:92, x : x + 2] = 220
    for y in (20, 90):
        page[y : y + 2, 400:462] = 220
    assert shapes(page) == [(4, 3, 12)]


def test_a_double_line_is_one():
    page = ruled()
    for y in YS:
        page[y + 5 : y + 7, XS[0] : XS[-1]] = 220
    assert shapes(page) == [(4, 3, 12)]


def test_a_row_of_print_is_no_line():
    page = row_of_print(ruled(), 320)
    both = traces(page, DPI), traces(cv2.transpose(page), DPI)
    lying = strokes(both[0], 0.45 * DPI, 0.0)
    even = {round(float(np.median(one.across))) for one in lying if is_even(one, DPI)}
    assert even <= {y + beside for y in YS for beside in (0, 1)}
    assert usual_rulings(both, DPI, DPI).is_solid
    assert shapes(page) == [(4, 3, 12)]


def stems(page, x, top):
    """A sign with an upright stroke from nearly ruling to ruling, and strokes across it, as 主 has."""
    page[top : top + 30, x : x + 2] = 220
    for y in (top + 3, top + 14, top + 28):
        page[y : y + 2, x - 9 : x + 11] = 220


@pytest.mark.parametrize(("on", "off"), [(8, 8), (10, 7), (2, 2)])
def test_print_where_an_edge_would_run_is_none_of_its_dashes(on, off):
    page = ruled(on, off)
    page[162:200, 329:334] = 0
    stems(page, 330, 165)
    assert shapes(cv2.GaussianBlur(page, (0, 0), 0.6)) == [(4, 3, 11)]


@pytest.mark.parametrize(("on", "off"), [(0, 0), (10, 7)])
def test_a_gap_in_print_alone_is_no_line(on, off):
    page = ruled(on, off)
    page[162:200, 329:334] = 0
    for x in (250, 270, 380, 400):
        stems(page, x, 165)
    assert shapes(page) == [(4, 3, 11)]


def test_an_edge_that_only_one_low_row_has_is_seen_where_half_of_it_is_rubbed_out():
    page = ruled()
    page[YS[3] : YS[4], 440:442] = 220
    page[YS[3] + 3 : YS[3] + 16, 440:442] = 0
    assert shapes(page) == [(4, 4, 13)]


@pytest.mark.parametrize(("box", "is_one"), [((110, 125, 180, 150), True), ((300, 125, 360, 150), False),
                                             ((300, 20, 340, 60), True)])
def test_strokes_across_the_lines_of_a_table_are_no_table(box, is_one):
    [table] = lattices_of(ruled(), DPI)
    x0, top, x1, bottom = [edge * 72 / DPI for edge in (box[0], box[1], box[2], box[3])]
    other = table._replace(xs=np.array([x0, x1]), ys=np.array([top, bottom]))
    assert is_across(other, table) is not is_one
