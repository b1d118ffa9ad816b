"""The engines that are installed read a drawn line; which of them reads, and whether answers are kept."""

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytesseract
import pytest

from parsers.errors import OcrUnavailable
from parsers.ocr import engine_of, engines, read_lines
from parsers.ocr.answers import Kept
from parsers.ocr.ctc import UNREAD
from parsers.ocr.engine import LineImage, ReadLine
from parsers.ocr.fitting import NARROWEST, PRINT, WIDEST, fitted
from parsers.ocr.rapid import Rapid
from parsers.ocr.runtimes import LOW, TALL
from parsers.ocr.tesseract import Tesseract, _read


def drawn(text: str, pixels: int = 40) -> np.ndarray:
    image = np.full((60, 40 * len(text) + 40), 255, np.uint8)
    cv2.putText(image, text, (20, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3, cv2.LINE_AA)
    rows, cols = np.flatnonzero((image < 255).any(axis=1)), np.flatnonzero((image < 255).any(axis=0))
    image = image[rows[0] - 2 : rows[-1] + 3, cols[0] - 2 : cols[-1] + 3]
    scale = pixels / image.shape[0]
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("height", [LOW, TALL])
@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (40, 40), (300, 20), (5, 9000), (90, 700)])
def test_a_line_of_any_size_becomes_the_image_that_the_model_takes(shape, height):
    image, left, right = fitted(np.zeros(shape, np.uint8), height)
    assert image.shape[0] == height
    assert NARROWEST <= image.shape[1] <= WIDEST
    assert (image[:, :left] == 255).all()
    assert (image[:, right:] == 255).all()
    assert 0 < left < right < image.shape[1]
    assert (image[:, left:right] < 255).any(axis=1).sum() == PRINT


@pytest.fixture(scope="module")
def rapid():
    return Rapid()


def test_lines_of_all_widths_come_back_in_order(rapid):
    texts = ["7", "1234567.89", "20", "3.50", "2023-12-31", "100", "98.76", "45", "6", "88888888", "12", "9", "31", "4"]
    lines = read_lines([LineImage(drawn(text), drawn(text)) for text in texts], rapid)
    assert [line.text for line in lines] == texts
    assert all(0 <= place <= 1 for line in lines for place in line.places)
    assert all(list(line.places) == sorted(line.places) for line in lines)


def test_what_stands_beside_a_line_in_its_batch_does_not_change_it(rapid):
    alone = rapid.translate(rapid.call([drawn("12.50")]))
    among = rapid.translate(rapid.call([drawn("7"), drawn("12.50"), drawn("12345678")]))
    assert among[1].text == alone[0].text
    assert among[1].confidence == pytest.approx(alone[0].confidence, abs=1e-6)   # nor is it padded for it


def test_the_name_tells_version_model_and_runtime(rapid):
    assert rapid.name.startswith("rapidocr-")
    _, model, runtime, fit = rapid.name.split("/")
    assert len(model.partition("@")[2]) == 8
    assert runtime.split("-")[0] in {"onnxruntime", "openvino"}
    assert fit.endswith(f"-{PRINT}")


def test_both_runtimes_read_the_same(rapid, monkeypatch):
    monkeypatch.setattr("parsers.ocr.runtimes._suits_openvino", lambda: False)
    other = Rapid()
    assert "/onnxruntime/" in other.name
    images = [drawn("98.76"), drawn("2023")]
    said, also = rapid.translate(rapid.call(images)), other.translate(other.call(images))
    assert [line.text for line in said] == [line.text for line in also]
    assert [line.confidence for line in said] == pytest.approx([line.confidence for line in also], abs=0.02)


TABLE = (
    "level\tpage_num\tconf\ttext\n1\t1\t-1\t\n"
    '5\t1\t96.5\t123\n5\t1\t90\t45\n1\t2\t-1\t\n5\t3\t80.0\t"678\n5\t9\t80\tx\n'
)


def test_tesseract_is_started_once_for_all_lines(monkeypatch):
    given = []

    def table(path, languages, config, timeout):
        listed = Path(path).read_text().splitlines()
        given.append((languages, config, [cv2.imread(one, cv2.IMREAD_GRAYSCALE).shape[0] for one in listed], timeout))
        return TABLE

    monkeypatch.setattr("pytesseract.get_tesseract_version", lambda: "5.3.0")
    monkeypatch.setattr("pytesseract.get_languages", lambda: ["eng", "osd", "chi_sim"])
    monkeypatch.setattr("pytesseract.image_to_data", table)
    engine = Tesseract()
    said = engine.translate(engine.call([drawn("12345"), drawn("6", 9), drawn("678", 70)]))
    assert [line.text for line in said] == ["12345", UNREAD, '"678']
    assert [line.confidence for line in said] == pytest.approx([0.965 * 0.9, 0.0, 0.8])
    assert len(given) == 1
    assert given[0][:2] == ("chi_sim+eng", "--psm 7")
    assert len(set(given[0][2])) == 1
    assert engine.name == "tesseract-5.3.0/chi_sim+eng"
    assert engine.call([]) == []


@pytest.mark.parametrize("error", [RuntimeError("time"), pytesseract.TesseractError(1, "broken")])
def test_a_program_that_fails_leaves_lines_unread(monkeypatch, error):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr("pytesseract.get_tesseract_version", lambda: "5.3.0")
    monkeypatch.setattr("pytesseract.get_languages", lambda: ["eng"])
    monkeypatch.setattr("pytesseract.image_to_data", fails)
    engine = Tesseract()
    assert engine.translate(engine.call([drawn("1")])) == [ReadLine(UNREAD, 0.0)]


@pytest.mark.parametrize("languages", [[], ["osd"], None])
def test_without_the_program_or_its_languages_there_is_no_engine(monkeypatch, languages):
    def version():
        if languages is None:
            raise pytesseract.TesseractNotFoundError
        return "5.3.0"

    monkeypatch.setattr("pytesseract.get_tesseract_version", version)
    monkeypatch.setattr("pytesseract.get_languages", lambda: languages)
    with pytest.raises(OcrUnavailable):
        Tesseract()


def test_words_of_tesseract_are_joined_as_they_were_printed():
    line = _read("96.0\t数量\n90.0\t指标\n80.0\tIT\n100.0\tproject")
    assert (line.text, line.confidence) == ("数量指标IT project", pytest.approx(0.96 * 0.9 * 0.8))


@pytest.mark.parametrize(("rapid_is", "tesseract_is", "found"), [(True, True, "Rapid"), (False, True, "Tesseract")])
def test_the_best_that_is_installed_reads(monkeypatch, rapid_is, tesseract_is, found):
    monkeypatch.setattr(engines, "_has_rapid", lambda: rapid_is)
    monkeypatch.setattr(engines, "_has_tesseract", lambda: tesseract_is)
    monkeypatch.setattr("parsers.ocr.rapid.Rapid", lambda: "Rapid", raising=False)
    monkeypatch.setattr("parsers.ocr.tesseract.Tesseract", lambda: "Tesseract", raising=False)
    assert engines._loaded() == found
    assert engines.is_installed()


def test_without_an_engine_pictures_cannot_be_read(monkeypatch):
    monkeypatch.setattr(engines, "_has_rapid", lambda: False)
    monkeypatch.setattr(engines, "_has_tesseract", lambda: False)
    assert not engines.is_installed()
    with pytest.raises(OcrUnavailable):
        engines._loaded()


def test_answers_are_kept_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setattr(engines, "_loaded", lambda: SimpleNamespace(name="engine"))
    engine_of.cache_clear()
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path))
    kept = engine_of()
    engine_of.cache_clear()
    monkeypatch.delenv("JIXIAO_CACHE")
    plain = engine_of()
    engine_of.cache_clear()
    assert isinstance(kept, Kept)
    assert not isinstance(plain, Kept)
