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
