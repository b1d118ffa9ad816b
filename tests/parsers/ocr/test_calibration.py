"""Confidence after calibration: monotone, a probability, and the readings keep their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.grid import Seen
from parsers.ocr.calibration import SHARES_RIGHT, calibrated
from parsers.ocr.engine import ReadLine


@pytest.mark.parametrize("curve", SHARES_RIGHT.values(), ids=list(SHARES_RIGHT))
def test_curves_rise(curve):
    assert all(list(side) == sorted(set(side)) for side in curve)
    assert (curve[0][0], curve[1][0], curve[0][-1], curve[1][-1]) == (0, 0, 1, 1)


@given(st.floats(0.34, 1), st.floats(0, 1))
def test_readings_keep_their_order_and_sum_to_one_at_most(first, part):
    second = min(first, (1 - first) * part)
    line = ReadLine("1", first, (Seen("1", first), Seen("7", second)))
    found = calibrated(line, "rapidocr-3.10.0/x")
    assert [way.text for way in found.seen] == ["1", "7"]
    assert found.seen[0].probability == found.confidence >= found.seen[1].probability - 1e-9
    assert sum(way.probability for way in found.seen) <= 1 + 1e-9


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_surer_line_stays_the_surer(one, other):
    low, high = sorted((one, other))
    less, more = (calibrated(ReadLine("1", odds), "rapidocr-3").confidence for odds in (low, high))
    assert less <= more


def test_an_engine_without_a_curve_is_believed():
    assert calibrated(ReadLine("1", 0.65), "tesseract-5/eng") == ReadLine("1", 0.65)


def test_print_cut_off_keeps_its_readings():
    line = ReadLine("1", 0.5, (Seen("1", 0.9), Seen("7", 0.1)))
    assert calibrated(line, "rapidocr-3").seen == line.seen
