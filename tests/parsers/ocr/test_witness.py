"""A second engine is asked about doubtful figures only, and chooses among what was seen."""

import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr.engine import LineImage, ReadLine
from parsers.ocr.witness import figures, witnessed

LINE = LineImage(np.full((9, 9), 255, np.uint8), np.full((9, 9), 255, np.uint8))


class Witness:
    name = "witness"

    def __init__(self, says):
        self.says, self.asked = says, 0

    def call(self, images):
        self.asked += len(images)
        return [self.says] * len(images)

    def translate(self, answers):
        return [ReadLine(answer, 0.5) for answer in answers]


def line(seen: dict[str, float]) -> ReadLine:
    ways = tuple(Seen(text, odds) for text, odds in seen.items())
    return ReadLine(ways[0].text, ways[0].probability, ways)


@pytest.mark.parametrize(("says", "text"), [
    ("8.00", "8.00"), ("8,00", "8,00"), ("7.00", "8,00"), ("", "8,00"), ("B.OO", "8,00"),
])
def test_the_witness_chooses_among_what_was_seen(says, text):
    (found,) = witnessed([LINE], [line({"8,00": 0.6, "8.00": 0.3})], Witness(says))
    assert found.text == text
    assert {way.text for way in found.seen} == {"8,00", "8.00"}
    assert sum(way.probability for way in found.seen) == pytest.approx(0.9)
    assert found.confidence == found.seen[0].probability


@pytest.mark.parametrize("sure", [
    ReadLine("8.00", 0.5), line({"8.00": 0.99, "8,00": 0.01}), line({"8.00（次）": 0.5, "8.00(次)": 0.5}),
    line({"数量": 0.5, "敖量": 0.5}),
])
def test_nothing_else_is_asked_about(sure):
    witness = Witness("1")
    assert witnessed([LINE], [sure], witness) == [sure]
    assert witness.asked == 0


def test_figures_of_a_text():
    assert figures("≥1，2O5.5（次）") == "1,205.5"
