"""Readings of a recogniser's steps: their probabilities are sums over all spellings."""

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ocr.ctc import UNREAD, beams, read
from parsers.ocr.engine import Frames

ALPHABET = ("", "1", "0", ".")


def frames(rows: list[list[float]]) -> Frames:
    """Steps over the whole alphabet, the likeliest character first, as an engine gives them."""
    odds = np.array(rows, np.float32)
    order = np.argsort(-odds, axis=1, kind="stable").astype(np.int32)
    return Frames(order, np.take_along_axis(odds, order, axis=1))


def brute(rows: list[list[float]]) -> dict[tuple[int, ...], float]:
    """The probability of every text, path by path."""
    texts: dict[tuple[int, ...], float] = {}
    for path in product(range(len(ALPHABET)), repeat=len(rows)):
        text = tuple(number for number, _ in groupby(path) if number)
        odds = float(np.prod([row[number] for row, number in zip(rows, path, strict=True)]))
        texts[text] = texts.get(text, 0.0) + odds
    return texts


@given(st.lists(st.lists(st.integers(1, 100), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_probability_of_the_best_text_is_the_sum_over_its_paths(weights):
    rows = [[weight / sum(row) for weight in row] for row in weights]
    truth = brute(rows)
    for text, odds in beams(frames(rows)):
        assert odds <= truth[text] + 1e-5
    best, odds = beams(frames(rows))[0]
    assert odds == pytest.approx(truth[best], abs=0.02)
    assert odds == pytest.approx(max(truth.values()), abs=0.02)


def test_a_doubtful_character_leaves_both_readings():
    said = read(frames([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0.4, 0.6, 0]]), ALPHABET)
    assert said.text == "10"
    assert [one.text for one in said.seen] == ["10", "11"]
    assert said.confidence == pytest.approx(0.6, abs=1e-5)


def test_a_character_that_stands_twice_needs_a_blank_between():
    assert read(frames([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]), ALPHABET).text == "00"
    assert read(frames([[0, 0, 1, 0], [0, 0, 1, 0]]), ALPHABET).text == "0"


def test_a_sure_line_has_no_other_readings():
    said = read(frames([[0.001, 0.998, 0.001, 0]]), ALPHABET)
    assert (said.text, said.seen) == ("1", ())


def test_ink_that_says_nothing_is_never_empty():
    said = read(frames([[1, 0, 0, 0]]), ALPHABET)
    assert (said.text, said.confidence) == (UNREAD, 0.0)


def test_every_character_of_a_sure_line_has_its_place():
    rows = [[0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]   # 1 → 2 and 2 → 1 share no bit
    said = read(frames(rows)._replace(start=0.0, end=5.0), ALPHABET)
    assert (said.text, said.places) == ("101.", (0.0, 0.2, 0.4, 0.8))
