"""Lines in doubt are read in other views; the others cost nothing more."""

import subprocess
import sys

import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr import LineImage, ReadLine, read_lines
from parsers.ocr.looks import averaged, looked_again
from parsers.ocr.views import UNDER_SEALS, VIEWS

BLANK = np.full((20, 60), 255, np.uint8)


class Changing:
    """Doubts the clean view and is sure of all others."""

    name = "changing"

    def __init__(self, first, others):
        self.first, self.others, self.asked = first, others, 0

    def call(self, images):
        self.asked += 1
        return [self.first if self.asked == 1 else self.others for _ in images]

    def translate(self, answers):
        return list(answers)


DOUBT = ReadLine("B", 0.6, (Seen("B", 0.6), Seen("8", 0.4)))


def test_what_other_views_say_counts_as_much():
    engine = Changing(DOUBT, ReadLine("8", 0.9))
    (line,) = read_lines([LineImage(BLANK, BLANK)], engine)
    assert line.text == "8"
    assert line.confidence == pytest.approx((0.4 + 3 * 0.9) / 4)
    assert [way.text for way in line.seen] == ["8", "B"]


def test_a_sure_line_is_read_once():
    engine = Changing(ReadLine("8", 0.99), DOUBT)
    assert read_lines([LineImage(BLANK, BLANK)], engine) == [ReadLine("8", 0.99)]
    assert engine.asked == 1


def test_doubt_about_the_width_of_signs_is_not_looked_at_again():
    engine = Changing(ReadLine("(8)", 0.6, (Seen("(8)", 0.6), Seen("（8）", 0.39))), DOUBT)
    read_lines([LineImage(BLANK, BLANK)], engine)
    assert engine.asked == 1


def test_all_views_are_images_of_the_line():
    rng = np.random.default_rng(1)
    for shape in ((3, 5), (20, 60), (60, 12)):
        image = LineImage(rng.integers(0, 256, shape, np.uint8), rng.integers(0, 256, shape, np.uint8))
        for view in {*VIEWS, *UNDER_SEALS}:
            seen = view(image)
            assert (seen.dtype, seen.shape[1]) == (np.uint8, shape[1])


def test_the_photograph_is_looked_at_under_seals():
    said = [DOUBT]
    shown = []
    engine = Changing(DOUBT, DOUBT)
    engine.call = lambda images: shown.extend(images) or [DOUBT for _ in images]
    raw = np.tile(np.array([90, 200], np.uint8), (20, 30))
    looked_again([LineImage(BLANK, raw, sealed=True)], said, engine)
    assert any((image == 0).any() for image in shown)


def test_means_are_of_all_looks():
    line = averaged([ReadLine("1", 0.5, (Seen("1", 0.5), Seen("7", 0.5))), ReadLine("7", 0.7, (), (0.5,))])
    assert (line.text, line.confidence, line.places) == ("7", pytest.approx(0.6), (0.5,))


def test_the_package_needs_none_of_its_extras_to_be_imported():
    extras = "cv2", "onnxruntime", "openvino", "pytesseract"
    code = f"import sys; sys.modules.update(dict.fromkeys({extras})); import parsers.ocr"
    subprocess.run([sys.executable, "-c", code], check=True)
