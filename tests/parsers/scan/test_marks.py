"""A sign with a line of its own, among characters one below the other, is told by where it stands in their column."""

import pytest

from parsers.ocr import ReadLine
from parsers.scan.crops import LineBox
from parsers.scan.marks import signs_in
from parsers.sign import Ink, Sign

SIGN = Sign(1, ("(", "（"), 3.5, 0.5, Ink(9.0, 2.0, 0.3, "元", 1.0, "0", 7.0, 1.0))


@pytest.mark.parametrize(("x0", "odds"), [(13, 3.875), (8, -2.375), (2, -4.0)])
def test_full_width_stands_right_of_the_column(x0, odds):
    parts = ((0, 0, 20, 20), (x0, 24, x0 + 5, 44), (0, 48, 20, 68))
    [sign] = signs_in(LineBox(0, 0, 20, 68, parts), ReadLine("金(元", 0.9, (), (), (SIGN,)), 0.5)
    assert sign.odds == pytest.approx(odds, abs=0.1)
    assert (sign.ink.high, sign.ink.gap, sign.ink.beside) == (4.5, 0.0, "")


def test_in_a_line_paper_counts():
    [sign] = signs_in(LineBox(0, 0, 60, 20), ReadLine("金(元", 0.9, (), (), (SIGN,)), 0.5)
    assert (sign.odds, sign.ink.gap) == (3.5, 0.15)
