"""Where print stands in its cells tells of the edges between them."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.scan.placing import MOST, placing_odds

XS = np.array([50.0, 150.0, 250.0, 350.0])
HIGH = 20.0   # points of a row
DPI = 144.0   # two pixels a point


class Seen(NamedTuple):
    printed: np.ndarray


class Usual(NamedTuple):
    dark: float = 255.0
    width: float = 2.0


class View(NamedTuple):
    seen: Seen
    usual: Usual
    dpi: float


def odds(*rows, doubt=(1, 0), pre=-1.0):
    """What print adds to one edge in doubt, by row and number; each row: from-to of its print in points."""
    page = np.zeros((round(2 * HIGH * len(rows)) + 2, 800), np.uint8)
    for row, prints in enumerate(rows):
        for x0, x1 in prints:
            page[round(2 * (row * HIGH + 6)) : round(2 * (row * HIGH + 14)), round(2 * x0) : round(2 * x1)] = 255
    down = np.full((len(rows), len(XS)), 12.0)
    down[doubt] = pre
    found = placing_odds(down, XS, HIGH * np.arange(len(rows) + 1), View(Seen(page), Usual(), DPI))
    assert found.shape == down.shape
    assert (np.abs(found) <= MOST).all()
    return found[doubt]


CENTRED = [(80, 120), (190, 210), (285, 315)]
LEFT = [(52.5, 90), (152.5, 180), (252.5, 290)]


@pytest.mark.parametrize("setting", [CENTRED, LEFT], ids=["centred", "left"])
def test_print_that_stands_in_its_own_cell_has_an_edge_beside_it(setting):
    assert odds(*[setting] * 6, doubt=(3, 1)) > 1


@pytest.mark.parametrize("pre", [-1.0, 3.0])
def test_print_in_the_middle_of_two_cells_has_none_between_its_halves(pre):
    assert odds(*[CENTRED] * 5, [(120, 180), (285, 315)], doubt=(5, 1), pre=pre) < -2


def test_print_in_the_middle_of_two_cells_beside_their_edge_has_none():
    """93.01 under a seal, to the left of it nothing."""
    assert odds(*[CENTRED] * 5, [(80, 120), (235, 265)], doubt=(5, 2), pre=2.0) < -2


def test_print_that_goes_on_over_an_edge_denies_it():
    assert odds(*[CENTRED] * 5, [(70, 230)], doubt=(5, 1)) < -1


def test_a_gap_where_an_edge_may_be_parts_no_print_that_is_centred_about_it():
    """A line of print with a speck behind it."""
    assert odds(*[CENTRED] * 5, [(100, 146.9), (152.8, 200), (224, 226)], doubt=(5, 1)) < -1


def test_a_speck_tells_nothing():
    with_speck = odds(*[CENTRED] * 5, [(120, 180), (249, 250.2), (285, 315)], doubt=(5, 1))
    assert with_speck < -1


def test_a_row_without_print_tells_nothing():
    assert odds(*[CENTRED] * 3, [], doubt=(3, 1)) == 0


@given(
    st.lists(st.lists(st.tuples(st.floats(40, 360), st.floats(0, 90)), max_size=5), min_size=1, max_size=4),
    st.floats(-12, 12),
)
def test_whatever_is_printed_tells_so_much_at_most(rows, pre):
    placed = [[(x0, min(x0 + wide, 390)) for x0, wide in row] for row in rows]
    assert abs(odds(*placed, doubt=(len(rows) - 1, 2), pre=pre)) <= MOST
