"""What numbers allow is added to the readings; what is sure stays."""

import numpy as np
import pytest

from parsers.ocr.ctc import read
from parsers.ocr.engine import Frames
from parsers.ocr.numerals import is_number, is_numeric

ALPHABET = ("", *"0123456789.,OlBs≥()（）次起-一")


def frames(*steps: dict[str, float]) -> Frames:
    """Steps given as characters with their odds, blanks between."""
    rows = []
    for step in steps:
        rows += [sorted(((ALPHABET.index(c), p) for c, p in step.items()), key=lambda one: -one[1]), [(0, 1.0)]]
    width = max(len(row) for row in rows)
    classes = np.array([[c for c, _ in row] + [0] * (width - len(row)) for row in rows], np.int32)
    odds = np.array([[p for _, p in row] + [0.0] * (width - len(row)) for row in rows], np.float32)
    return Frames(classes, odds)


def sure(text: str) -> list[dict[str, float]]:
    return [{character: 1.0} for character in text]


@pytest.mark.parametrize("text", ["0", "1,234.50", "≥20.00(次)", "≥3（台（套））", "-12.5", "-", "5-10天", "80%以上",
                                  "2023年12月", "0.5‰", ">=90", "10,000", "100%"])
def test_what_forms_print_is_a_number(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "12,05", "1,2345.0", "1..2", "≥", "7)", "数量", "1.2.3", "(次"])
def test_what_they_do_not_print_is_none(text):
    assert not is_number(text)


def test_look_alikes_count_as_one():
    said = read(frames(*sure("1"), {"0": 0.4, "O": 0.45, "8": 0.15}, *sure(".5")), ALPHABET)
    assert said.text == "10.5"
    assert said.confidence > 0.75


def test_a_unit_that_looks_like_a_figure_stays_a_unit():
    said = read(frames(*sure("5"), {"s": 0.9, "5": 0.1}), ALPHABET)
    assert said.text == "5s"


def test_a_comma_that_cannot_be_one_is_a_point():
    said = read(frames(*sure("8"), {",": 0.6, ".": 0.4}, *sure("00")), ALPHABET)
    assert [way.text for way in said.seen][:2] == ["8.00", "8,00"]


def test_a_comma_that_parts_no_thousands_is_odder_than_other_signs():
    stray = read(frames(*sure("8"), {",": 0.95, ".": 0.05}, *sure("00")), ALPHABET)
    assert stray.text == "8.00"
    parted = read(frames(*sure("8"), {",": 0.95, ".": 0.05}, *sure("000")), ALPHABET)
    assert parted.text == "8,000"


def test_a_sure_reading_stays_although_no_number_looks_so():
    said = read(frames(*sure("8"), {",": 0.985, ".": 0.015}, *sure("00")), ALPHABET)
    assert said.text == "8,00"


def test_any_unit_may_stand():
    said = read(frames({"≥": 0.9}, *sure("5("), {"起": 0.7, "次": 0.3}, *sure(")")), ALPHABET)
    assert said.text == "≥5(起)"


def test_nothing_is_added_that_no_step_saw():
    said = read(frames(*sure("8"), {",": 0.9}, *sure("00")), ALPHABET)
    assert {way.text for way in said.seen or ()} <= {"8,00", "800"}


@pytest.mark.parametrize(("text", "numeric"), [
    ("l2.50", True), ("一5", True), ("完成5", False), ("数量指标", False), ("", False),
])
def test_what_may_be_a_misread_number(text, numeric):
    assert is_numeric(text) is numeric


def test_probabilities_together_are_not_more_than_one():
    said = read(frames({"1": 0.5, "l": 0.5}, {"0": 0.5, "O": 0.5}, {"0": 0.6, "B": 0.4}), ALPHABET)
    assert sum(way.probability for way in said.seen) <= 1 + 1e-6
    assert said.text == "100"


def test_a_sure_reading_that_is_no_number_keeps_the_number_beside_it():
    steps = [*sure("316"), {".": 0.985, ",": 0.015}, *sure("994.00")]
    line = read(frames(*steps), ALPHABET)
    assert "316,994.00" in {way.text for way in line.seen}
    assert line.confidence < 0.9
