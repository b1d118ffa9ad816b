"""Print that a seal made pale, and what is left of the seal."""

import numpy as np
import pytest

from parsers.scan.crops import inked
from parsers.scan.paled import darkness_beside, paled

DPI = 150
HIGH = 14     # pixels of a figure
DARK, PALE = 150, 75


def signs(*columns, dark, top=60, high=HIGH):
    """A page with a sign at each of some columns."""
    page = np.zeros((150, 300), np.uint8)
    for x in columns:
        page[top : top + high, x : x + 8] = dark
    return page


def kept(pale, print_, sealed):
    level = np.full(pale.shape, DARK, np.uint8)
    return paled(np.maximum(pale, print_), level, print_ > 0, sealed, DPI)


@pytest.fixture
def sealed():
    seal = np.zeros((150, 300), np.uint8)
    seal[20:130, 90:250] = 255
    return seal


def test_pale_figures_go_on_the_line_of_dark_ones(sealed):
    """One after the other, and across the room of a point."""
    pale = signs(104, 116, 134, dark=PALE)
    assert (kept(pale, signs(80, 92, dark=DARK), sealed) == (pale > 0)).all()


@pytest.mark.parametrize(
    "rest",
    [signs(104, dark=PALE, top=68), signs(104, dark=PALE, high=5), signs(150, dark=PALE), signs(104, dark=40)],
    ids=["in other rows", "lower", "far off", "paler than any print"],
)
def test_what_does_not_stand_in_line_is_the_rest_of_a_seal(sealed, rest):
    assert not kept(rest, signs(80, 92, dark=DARK), sealed).any()


def test_nothing_is_added_where_no_seal_lies(sealed):
    assert not kept(signs(104, dark=PALE), signs(80, 92, dark=DARK), sealed * 0).any()


def test_print_beside_a_seal_tells_how_dark_it_is_beneath(sealed):
    page = signs(*range(0, 80, 12), dark=120) + signs(*range(100, 240, 12), dark=60) + signs(262, 280, dark=120)
    assert darkness_beside(page, sealed, DPI)[66, 170] == pytest.approx(120, abs=2)
    assert darkness_beside(page * 0, sealed, DPI)[66, 170] == pytest.approx(255)


def test_print_under_a_seal_is_print_though_that_beside_it_is_darker(sealed):
    dark = signs(*range(0, 80, 12), dark=250) + signs(150, 162, dark=105)
    assert inked(dark, sealed, DPI).signs[60:74, 152:156].all()
