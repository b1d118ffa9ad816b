"""Readings that only ink or spelling tells apart: the likelier one comes first, and all have what they had together."""

import cv2
import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr.likely import MIRRORED, mirrored, weighed
from parsers.ocr.shapes import shape_of

STEP = 22


def drawn(text):
    """A line of figures, each in its own room, and where they stand as shares of its width."""
    image = np.full((44, STEP * len(text) + 8), 255, np.uint8)
    for at, sign in enumerate(text):
        cv2.putText(image, sign, (4 + STEP * at, 34), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    return image, tuple([(4 + STEP * (at + 0.4)) / image.shape[1] for at in range(len(text))])


def weighed_for(printed, *readings):
    image, places = drawn(printed)
    shape = shape_of(image, printed)
    return weighed([Seen(*one) for one in readings], {text: places for text, _ in readings}, shape)


PAIRS = [("95%", "958"), ("100.00%", "100.008"), ("98%", "989"), ("81%", "816"), ("%", "8")]


@pytest.mark.parametrize(("printed", "other"), PAIRS)
def test_a_percent_sign_is_no_figure_and_a_figure_no_percent_sign(printed, other):
    assert weighed_for(printed, (other, 0.5), (printed, 0.45))[0].text == printed
    assert weighed_for(other, (printed, 0.5), (other, 0.45))[0].text == other


def test_a_sure_reading_stands():
    assert weighed_for("95%", ("958", 0.99), ("95%", 0.01))[0].text == "958"


STRANGE = [("0CR率", "OCR率"), ("ⅢⅢ类", "Ⅲ类"), ("二100", "＝100"), ("到川类", "到Ⅲ类"), ("I川I类", "Ⅲ类")]


@pytest.mark.parametrize(("strange", "usual"), STRANGE)
def test_what_no_word_has_is_less_likely(strange, usual):
    ways = weighed_for("0", (strange, 0.6), (usual, 0.3))
    assert [way.text for way in ways] == [usual, strange]
    assert sum(way.probability for way in ways) == pytest.approx(0.9)


USUAL = ["0.5", "100", "A0CR", "Ⅱ、Ⅲ类", "20CR", "0C", "二级", "第二100", "元/人年", "V37", "四川类", "农田类", "III类"]


@pytest.mark.parametrize("text", USUAL)
def test_other_spellings_are_left_as_they_are(text):
    ways = weighed_for("0", (text, 0.6), ("x", 0.3))
    assert [(way.text, round(way.probability, 6)) for way in ways] == [(text, 0.6), ("x", 0.3)]


def test_a_sign_without_ink_is_its_own_mirror_image():
    assert mirrored(np.zeros((8, 8), np.float32)) == 1.0 > MIRRORED
