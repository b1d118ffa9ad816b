"""Signs told apart by their ink: widths, slashes, double bars, ㎡; what has ink and was not read is never sure."""

import cv2
import numpy as np
import pytest

from parsers.grid import Seen
from parsers.ocr.ctc import UNREAD
from parsers.ocr.engine import ReadLine
from parsers.ocr.settling import settled
from parsers.ocr.shapes import bars_apart, bowls, cut, shape_of, slant
from parsers.ocr.widths import narrowed

EM = 40


def page(ems: float) -> np.ndarray:
    """Paper of a line."""
    return np.full((EM + 8, round(ems * EM) + 8), 255, np.uint8)


def stroke(image: np.ndarray, start: tuple[float, float], end: tuple[float, float], thick: int = 3) -> None:
    """A stroke between two places, in ems from the line's top-left corner."""
    (x0, y0), (x1, y1) = start, end
    at = [(round(4 + x * EM), round(4 + y * EM)) for x, y in ((x0, y0), (x1, y1))]
    cv2.line(image, *at, 0, thick)


def han(image: np.ndarray, x: float) -> None:
    """A character that fills its em."""
    for y in (0.05, 0.5, 0.95):
        stroke(image, (x + 0.05, y), (x + 0.95, y))
    stroke(image, (x + 0.5, 0.05), (x + 0.5, 0.95))


def digit(image: np.ndarray, x: float) -> None:
    """A figure half an em wide."""
    cv2.rectangle(image, (round(4 + (x + 0.08) * EM), round(4 + 0.15 * EM)),
                  (round(4 + (x + 0.42) * EM), round(4 + 0.85 * EM)), 0, 3)


def opening(image: np.ndarray, x: float) -> None:
    """An opening parenthesis whose ink begins there."""
    stroke(image, (x + 0.2, 0.0), (x + 0.03, 0.5))
    stroke(image, (x + 0.03, 0.5), (x + 0.2, 1.0))


def closing(image: np.ndarray, x: float) -> None:
    """A closing one."""
    stroke(image, (x, 0.0), (x + 0.17, 0.5))
    stroke(image, (x + 0.17, 0.5), (x, 1.0))


def places(image, *ems):
    return tuple((4 + em * EM) / image.shape[1] for em in ems)


def with_unit(gap: float) -> tuple[np.ndarray, tuple[float, ...]]:
    """7( 次): a figure, a parenthesis behind so much paper, a Han character, a parenthesis."""
    image = page(3.5)
    digit(image, 0)
    opening(image, 0.45 + gap)
    han(image, 0.75 + gap)
    closing(image, 1.8 + gap)
    return image, places(image, 0.25, 0.55 + gap, 1.25 + gap, 1.9 + gap)


@pytest.mark.parametrize(("gap", "text"), [(0.1, "7(次)"), (0.15, "7(次)"), (0.65, "7（次）"), (0.8, "7（次）")])
@pytest.mark.parametrize("said", ["7(次)", "7（次）", "7(次）"])
def test_a_full_width_parenthesis_has_paper_before_it_and_its_partner_is_as_wide(gap, text, said):
    image, stand = with_unit(gap)
    line = settled(image, ReadLine(said, 0.99, (), stand))
    assert line.text == text
    assert {"7(次)", "7（次）"} <= {way.text for way in line.seen}


def test_at_the_ends_of_a_line_full_width_goes_with_han():
    image = page(2)
    opening(image, 0)
    han(image, 0.3)
    closing(image, 1.4)
    line = settled(image, ReadLine("(次)", 0.9, (), places(image, 0.1, 0.8, 1.5)))
    assert line.text == "（次）"
    assert 0.5 < line.confidence < 0.9


def test_readings_that_differ_in_width_only_are_one():
    image, stand = with_unit(0.7)
    seen = (Seen("7(次)", 0.5), Seen("7（次）", 0.3), Seen("1(次)", 0.2))
    line = settled(image, ReadLine("7(次)", 0.5, seen, stand))
    assert line.text == "7（次）"
    assert line.confidence == pytest.approx(0.8, abs=0.03)
    assert "1（次）" in [way.text for way in line.seen]


def leaning(lean: float) -> np.ndarray:
    image = page(1)
    stroke(image, (0.5 + lean / 2, 0.0), (0.5 - lean / 2, 1.0))
    return image


@pytest.mark.parametrize("said", ["1", "l", "/", "丿", UNREAD])
@pytest.mark.parametrize("lean", [0.3, 0.5, 0.8])
def test_a_stroke_that_leans_alone_is_a_slash(lean, said):
    line = settled(leaning(lean), ReadLine(said, 0.8, (), (0.5,)))
    assert line.text == "/"
    assert "1" in [way.text for way in line.seen]


@pytest.mark.parametrize("lean", [0.0, 0.05, -0.4])
def test_an_upright_stroke_stays_what_it_was_read_as(lean):
    assert settled(leaning(lean), ReadLine("1", 0.99, (), (0.5,))).text == "1"


def test_a_bent_stroke_does_not_lean():
    image = leaning(0.4)
    stroke(image, (0.1, 0.0), (0.7, 0.0))
    assert slant(cut(shape_of(image, "7").ink)) == 0.0


@pytest.mark.parametrize("said", ["一", "_", "__", UNREAD])
def test_a_flat_stroke_alone_may_be_any_dash(said):
    image = page(1)
    stroke(image, (0.1, 0.5), (0.8, 0.5))
    line = settled(image[16:34], ReadLine(said, 0.4, (Seen(said, 0.4), Seen("二", 0.1)), (0.5,) * len(said)))
    assert {"-", "—", "一", "－"} <= {way.text for way in line.seen}
    assert line.text == "—"


def compared(bars: tuple[float, ...]) -> np.ndarray:
    """≥ with bars at such heights below."""
    image = page(1.6)
    stroke(image, (0.1, 0.05), (0.7, 0.3))
    stroke(image, (0.7, 0.3), (0.1, 0.55))
    for y in bars:
        stroke(image, (0.1, y), (0.7, y))
    digit(image, 0.95)
    return image


@pytest.mark.parametrize(("bars", "text"), [((0.75,), "≥7"), ((0.7, 0.9), "≧7")])
@pytest.mark.parametrize("said", ["≥7", "≧7"])
def test_two_bars_make_another_sign_than_one(bars, text, said):
    image = compared(bars)
    line = settled(image, ReadLine(said, 0.99, (), places(image, 0.4, 1.2)))
    assert line.text == text
    assert bars_apart(cut(shape_of(image, said).ink[:, : round(0.85 * EM)]), tip_right=True) >= 0.0


def test_a_second_bowl_below_is_seen():
    image = page(1.2)
    stroke(image, (0.9, 0.0), (0.1, 1.0))
    for x, y in ((0.2, 0.2), (0.6, 0.8), (1.0, 0.8)):
        stroke(image, (x, y), (x, y), 12)
    assert bowls(cut(shape_of(image, "%").ink)) > 1.4


def squared() -> np.ndarray:
    """3㎡"""
    image = page(1.8)
    digit(image, 0)
    for x in (0.65, 0.85, 1.05):
        stroke(image, (x, 0.45), (x, 0.9))
    stroke(image, (0.65, 0.45), (1.05, 0.45))
    for y in (0.1, 0.2, 0.3):
        stroke(image, (1.2, y), (1.4, y), 2)
    return image


@pytest.mark.parametrize(("said", "ems"), [("3m", (0.25, 0.85)), ("3m²", (0.25, 0.85, 1.3)), ("3", (0.25,))])
def test_an_m_with_a_raised_figure_is_a_square_metre(said, ems):
    image = squared()
    line = settled(image, ReadLine(said, 0.9, (), places(image, *ems)))
    assert line.text == "3㎡"
    assert said in [way.text for way in line.seen]


def test_ink_that_no_character_stands_for_is_never_sure():
    image, stand = with_unit(0.1)
    assert settled(image, ReadLine("7", 0.999, (), stand[:1])).confidence <= 0.3
    assert settled(image, ReadLine("7(次)", 0.999, (), stand)).confidence > 0.9


@pytest.mark.parametrize("cut_off", [np.s_[:, 20:], np.s_[:, :112]])
def test_print_that_was_cut_off_is_never_sure(cut_off):
    image, stand = with_unit(0.7)
    assert settled(image[cut_off], ReadLine("7（次）", 0.999, (), stand)).confidence <= 0.5


@pytest.mark.parametrize(("bar", "text"), [(False, ">7"), (True, "≥7")])
@pytest.mark.parametrize("said", [">7", "≥7"])
def test_a_bar_below_makes_the_sign_heavier(bar, text, said):
    image = page(1.6)
    stroke(image, (0.1, 0.05), (0.5, 0.3))
    stroke(image, (0.5, 0.3), (0.1, 0.55))
    if bar:
        stroke(image, (0.1, 0.75), (0.5, 0.75), 5)
    digit(image, 0.7)
    line = settled(image, ReadLine(said, 0.6, (), places(image, 0.3, 0.95)))
    assert line.text == text or said == "≥7"
    assert text in [way.text for way in line.seen]


@pytest.mark.parametrize(("said", "text"), [
    ("达到IⅢI类", "达到Ⅲ类"), ("XIII类", "XIII类"), ("0.5%o", "0.5‰"), ("5 %0", "5‰"),
])
def test_what_stands_for_one_character_becomes_it(said, text):
    image = page(6)
    for x in range(6):
        han(image, x)
    stand = tuple((number + 0.5) / len(said) for number in range(len(said)))
    assert settled(image, ReadLine(said, 0.9, (), stand)).text.replace("％", "%") == text


def test_a_line_whose_places_are_not_known_stays():
    image, _ = with_unit(0.7)
    assert settled(image, ReadLine("7(次)", 0.99)) == ReadLine("7(次)", 0.99)


def test_blank_paper_has_no_shape():
    assert shape_of(page(2), "") is None
    assert settled(page(2), ReadLine(UNREAD, 0.0)) == ReadLine(UNREAD, 0.0)


def test_texts_of_any_width_have_one_plain_form():
    assert narrowed("≧５（％）") == narrowed("≥5(%)") == "≥5(%)"


@pytest.mark.parametrize(
    ("said", "text"),
    [("1·完", "1．完"), ("7·2完", "7·2完"), ("9(x)", "9(%)"), ("9（x）", "9（%）")],
)
def test_what_no_form_prints_is_spelled_as_it_is(said, text):
    image = page(len(said) + 1)
    for at in range(len(said)):
        han(image, at)
    stand = places(image, *[at + 0.5 for at in range(len(said))])
    assert narrowed(settled(image, ReadLine(said, 0.9, (), stand)).text) == narrowed(text)


def equals(gap: float) -> np.ndarray:
    """=7: two strokes, a figure behind so much paper."""
    image = page(1.6 + gap)
    for y in (0.42, 0.62):
        stroke(image, (0.1, y), (0.55, y))
    digit(image, 0.55 + gap)
    return image


@pytest.mark.parametrize(("gap", "text"), [(0.02, "=7"), (0.25, "＝7")])
def test_before_a_sign_of_comparison_stands_as_much_paper_as_behind(gap, text):
    image = equals(gap)
    line = settled(image, ReadLine("=7", 0.99, (), places(image, 0.3, 0.8 + gap)))
    assert line.text == text
    assert {"=7", "＝7"} <= {way.text for way in line.seen}


@pytest.mark.parametrize(("gap", "text"), [(0.1, "7.次"), (0.75, "7．次")])
@pytest.mark.parametrize("blank", ["", " "])
def test_the_point_of_a_list_is_full_width_where_its_paper_is(gap, text, blank):
    image = page(2.2 + gap)
    digit(image, 0)
    stroke(image, (0.6, 0.8), (0.6, 0.8), 6)
    han(image, 0.65 + gap)
    stand = (0.25, 0.6, *([0.6 + gap / 2] if blank else []), 1.15 + gap)
    line = settled(image, ReadLine(f"7.{blank}次", 0.99, (), places(image, *stand)))
    assert line.text.replace(". ", ".") == text
    assert len(line.places) == len(line.text)


def test_arms_without_a_bar_are_no_bound_however_heavy_the_lower_one_is():
    image = page(1.6)
    stroke(image, (0.1, 0.05), (0.7, 0.4), 2)
    stroke(image, (0.7, 0.4), (0.1, 0.8), 4)
    digit(image, 0.95)
    assert settled(image, ReadLine(">7", 0.99, (), places(image, 0.4, 1.2))).text in (">7", "＞7")


def test_a_sign_that_touches_a_figure_has_none_of_its_ink():
    image = page(1.4)
    stroke(image, (0.55, 0.25), (0.1, 0.45))
    stroke(image, (0.1, 0.45), (0.55, 0.65))
    stroke(image, (0.55, 0.65), (0.62, 0.7), 1)
    cv2.rectangle(image, (round(4 + 0.6 * EM), round(4 + 0.4 * EM)), (round(4 + EM), round(4 + 0.95 * EM)), 0, 5)
    line = settled(image, ReadLine("<7", 0.99, (), places(image, 0.3, 0.8)))
    assert narrowed(line.text) == "<7"


def test_signs_are_told_to_the_document():
    image, stand = with_unit(0.1)
    opened, closed = settled(image, ReadLine("7(次)", 0.99, (), stand)).signs
    assert (opened.at, closed.at, opened.ways, closed.ways) == (1, 3, ("(", "（"), (")", "）"))
    assert opened.odds < -3
    assert closed.odds == 0.0
    assert opened.ink.high == pytest.approx(EM, abs=6)
    assert (opened.ink.beside, opened.ink.body) == ("次", "0")
    assert opened.scaled(0.5).ink.high == opened.ink.high / 2


@pytest.mark.parametrize(("high", "text"), [(0.2, "7%。"), (0.42, "7‰")])
def test_a_stop_as_high_as_a_bowl_makes_the_sign_per_mille(high, text):
    image = page(2.4)
    digit(image, 0)
    stroke(image, (1.2, 0.15), (0.7, 0.85))
    for x, y in ((0.75, 0.28), (1.15, 0.7)):
        cv2.circle(image, (round(4 + x * EM), round(4 + y * EM)), 4, 0, 3)
    cv2.rectangle(image, (round(4 + 1.45 * EM), round(4 + (0.85 - high) * EM)),
                  (round(4 + 1.65 * EM), round(4 + 0.85 * EM)), 0, 1)
    line = settled(image, ReadLine("7%。", 0.8, (), places(image, 0.25, 0.85, 1.55)))
    assert line.text == text


def test_a_reading_that_leaves_a_mark_unread_is_less_likely():
    image = page(3.6)
    han(image, 0)
    stroke(image, (1.3, 0.7), (1.45, 0.85), 5)
    han(image, 2)
    said = ReadLine("建管", 0.7, (Seen("建管", 0.7), Seen("建、管", 0.3)), places(image, 0.5, 2.5))
    line = settled(image, said)
    assert line.text == "建、管"
    assert line.places == pytest.approx(places(image, 0.5, 1.5, 2.5), abs=1e-3)
    bare = page(2.1)
    han(bare, 0)
    han(bare, 1.05)
    said = said._replace(places=places(bare, 0.5, 1.55))
    assert settled(bare, said).text == "建管"


@pytest.mark.parametrize(("length", "text"), [(0.22, "8-8"), (0.4, "8-8"), (1.1, "8—8")])
def test_a_dash_whose_place_falls_into_a_wide_figure_is_measured_itself(length, text):
    image = page(1.7 + length)
    for x in (0.0, 0.95 + length):
        cv2.rectangle(image, (round(4 + x * EM), round(4 + 0.15 * EM)),
                      (round(4 + (x + 0.6) * EM), round(4 + 0.85 * EM)), 0, 3)  # fmt: skip
    stroke(image, (0.77, 0.5), (0.77 + length, 0.5))
    line = ReadLine("8-8", 0.9, (), places(image, 0.3, 0.58, 1.25 + length))
    assert settled(image, line).text == text


@pytest.mark.parametrize(("upper", "text"), [(0.6, "＝"), (0.58, "＝"), (0.42, "二"), (0.3, "二")])
def test_two_bars_alone_are_an_equals_sign_where_they_are_as_long(upper, text):
    image = page(0.7)
    stroke(image, (0.35 - upper / 2, 0.35), (0.35 + upper / 2, 0.35))
    stroke(image, (0.05, 0.65), (0.65, 0.65))
    line = settled(image, ReadLine("二", 0.6, (Seen("二", 0.6), Seen("三", 0.1)), (0.5,)))
    assert narrowed(line.text) == narrowed(text)
    assert "二" in {way.text for way in line.seen}
