"""Rulings taken out of a page: double ones as a whole, and no print that stands close to a dashed one."""

import numpy as np
import pytest

from parsers.scan.rulings import Run, traced_along

DPI = 300.0
AT, LENGTH = 40, 70


def page(first, second):
    """A low row from the side: two lines, each a list of (start, end, row)."""
    dark = np.zeros((90, LENGTH), np.uint8)
    for start, end, row in (*first, *second):
        dark[row - 1 : row + 2, start:end] = 220
    return dark


def traced(dark):
    return [int(line.middle[0]) for line in traced_along(dark, Run(0, 0.0, float(LENGTH), float(AT)), DPI)]


def test_both_lines_of_a_double_ruling_are_found():
    first, second = traced(page([(0, LENGTH, AT)], [(0, LENGTH, AT + 7)]))
    assert abs(first - AT) <= 1
    assert abs(second - AT - 7) <= 1


@pytest.mark.parametrize("dash", [6, 12, 15])
def test_a_stroke_of_print_beside_a_dashed_ruling_is_no_second_line(dash):
    dashes = [(start, start + dash, AT) for start in range(0, LENGTH, 2 * dash)]
    assert traced(page(dashes, [(16, 52, AT + 8)])) == [AT]


COARSE = 150.0
LEVELS = (0.0, 0.5, 1.0, 0.5, 0.0)   # of a ruling from above to below it, blurred by the scanner


def strip(*, print_at=None, second_at=None):
    """A dashed ruling in the middle, and below it the upper ends of a line of digits, or a second ruling."""
    page = np.zeros((61, 300))
    dashes = np.arange(300) % 24 < 14
    for shift, level in enumerate(LEVELS, -2):
        page[30 + shift, dashes] = level
        if second_at is not None:
            page[30 + second_at + shift, dashes] = np.maximum(page[30 + second_at + shift, dashes], level)
    if print_at is not None:
        page[30 + print_at : 50, np.arange(300) % 12 < 4] = 0.8
    return (255 * page).astype(np.uint8)


@pytest.mark.parametrize("print_at", [None, 2, 3, 4])
def test_a_ruling_is_as_wide_to_the_side_where_print_stands_close(print_at):
    (alone,) = traced_along(strip(), Run(0, 0.0, 300.0, 30.0), COARSE)
    (found,) = traced_along(strip(print_at=print_at), Run(0, 0.0, 300.0, 30.0), COARSE)
    assert (found.over, found.under) == (alone.over, alone.under)


def test_a_double_ruling_is_taken_out_as_a_whole():
    found = traced_along(strip(second_at=3), Run(0, 0.0, 300.0, 30.0), COARSE)
    taken = {int(one.middle[150]) + shift for one in found for shift in range(-one.over, one.under + 1)}
    assert {29, 30, 31, 32, 33, 34} <= taken
