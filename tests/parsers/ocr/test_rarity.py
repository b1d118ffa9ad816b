"""Rare characters give way where they are in doubt and stay where they are sure."""

import numpy as np
import pytest

from parsers.ocr.engine import Frames
from parsers.ocr.rarity import weighed, weights_of

ALPHABET = ("", "舆", "輿", "ア", "㎡", "A")


@pytest.mark.parametrize(("odds", "first"), [((0.7, 0.3), 1), ((0.999, 0.001), 2)])
def test_a_traditional_form_gives_way_only_in_doubt(odds, first):
    answer = Frames(np.array([[2, 1]], np.int32), np.array([odds], np.float32))
    found = weighed(answer, weights_of(ALPHABET))
    assert found.classes[0, 0] == first
    assert found.odds.sum() == pytest.approx(1.0)
    assert found.odds[0, 0] >= found.odds[0, 1]


def test_what_forms_print_keeps_its_weight():
    assert weights_of(ALPHABET).tolist() == pytest.approx([1, 1, 0.05, 0.05, 1, 1])


def test_an_answer_without_rare_characters_stays():
    answer = Frames(np.array([[1, 0]], np.int32), np.array([[0.9, 0.1]], np.float32))
    assert weighed(answer, weights_of(ALPHABET)) is answer
