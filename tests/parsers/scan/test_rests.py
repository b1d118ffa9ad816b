"""Lines within a cell that are the rest of a seal."""

import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr import ReadLine
from parsers.scan.crops import LineBox
from parsers.scan.rests import SURE, without_rests

UPPER, LOWER, OTHER = LineBox(10, 10, 50, 26), LineBox(10, 40, 50, 56), LineBox(110, 10, 150, 26)
LINES = (ReadLine("3.5", 0.99, (Seen("3.5", 0.99), Seen("8.5", 0.01))), ReadLine("RAC", 0.2), ReadLine("7", 0.98))


def kept(*, dark=(200, 90, 90), sealed=(40, 56), upper=UPPER):
    page = np.zeros((70, 200), np.uint8)
    for box, ink in zip((upper, LOWER, OTHER), dark, strict=True):
        page[box.top : box.bottom, box.x0 : box.x1 : 2] = ink
    seal = np.zeros_like(page)
    seal[slice(*sealed)] = 255
    return without_rests([((0, 0), upper), ((0, 0), LOWER), ((0, 1), OTHER)], LINES, page, seal, 20.0)


def test_a_line_much_paler_than_the_print_of_its_cell_is_left_out_and_said():
    first, rest, other = kept()
    assert rest is None
    assert (first.text, first.confidence, max(one.probability for one in first.seen)) == ("3.5", SURE, SURE)
    assert other == LINES[2]


@pytest.mark.parametrize(
    "case",
    [{"dark": (200, 170, 90)}, {"sealed": (50, 70)}, {"upper": LineBox(10, 10, 14, 14)}],
    ids=["hardly paler", "not all of it under the seal", "beside a speck"],
)
def test_other_lines_stay(case):
    assert kept(**case) == list(LINES)
