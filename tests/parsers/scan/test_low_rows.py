"""What low rows, noise and narrow cells make hard: strokes near rulings, grain of paper, wrapped numbers."""

import numpy as np
import pytest

from parsers.ocr.shapes import tip_of_wedge
from parsers.scan.crops import Inked, inked, lines_in
from parsers.scan.evidence import is_detached
from parsers.scan.texture import Usual

USUAL = Usual(130.0, 150.0, 100.0, is_solid=True)
DPI = 150.0


def _piece(gap: int, length: int = 28) -> np.ndarray:
    """A stroke between two rulings, with so much paper between."""
    plain = np.full(length, 200, np.uint8)
    plain[:2] = plain[-2:] = 150
    plain[2 : 2 + gap] = plain[length - 2 - gap : length - 2] = 8
    return plain


@pytest.mark.parametrize(("gap", "apart"), [(0, False), (2, True), (3, True)])
def test_a_stroke_that_paper_parts_from_both_rulings_is_none(gap: int, apart: bool) -> None:  # noqa: FBT001
    assert is_detached(_piece(gap), USUAL, DPI) is apart


def test_a_line_broken_at_one_end_is_one() -> None:
    plain = _piece(0)
    plain[2:4] = 8
    assert not is_detached(plain, USUAL, DPI)


def test_noise_of_paper_is_no_print() -> None:
    rng = np.random.default_rng(5)
    page = np.clip(rng.normal(0, 38, (400, 400)), 0, 255).astype(np.uint8)
    page[200:216, 100:104] = 230
    signs = inked(page, None, DPI).signs
    assert signs[200:216, 100:104].mean() > 0.8
    signs[195:222, 95:110] = False
    assert signs.sum() < 40


def test_figures_below_each_other_are_lines_of_their_own() -> None:
    flags = np.zeros((60, 40), bool)
    for top in (4, 30):
        flags[top : top + 15, 8:15] = flags[top : top + 15, 18:25] = True
    assert [line.parts for line in lines_in(Inked(flags, flags), (0, 0, 40, 60), 20.0)] == [(), ()]


def test_han_below_each_other_is_one_line() -> None:
    flags = np.zeros((60, 40), bool)
    for top in (4, 30):
        flags[top : top + 19, 8:27] = True
    assert [len(line.parts) for line in lines_in(Inked(flags, flags), (0, 0, 40, 60), 20.0)] == [2]


@pytest.mark.parametrize(("tip_right", "side"), [(True, "right"), (False, "left")])
def test_a_wedge_over_two_bars_has_a_tip(tip_right: bool, side: str) -> None:  # noqa: FBT001
    sign = np.zeros((30, 28), np.float32)
    for row in range(17):
        x = round(3 * abs(row - 8))
        x = min(25, x)
        sign[row, x : x + 3] = 1
    sign[21:23] = sign[27:29] = 1
    assert tip_of_wedge(sign[:, ::-1] if tip_right else sign) == side


def test_a_frame_has_none() -> None:
    sign = np.zeros((30, 28), np.float32)
    sign[[0, 1, -2, -1]] = sign[:, [0, 1, -2, -1]] = 1
    assert not tip_of_wedge(sign)
