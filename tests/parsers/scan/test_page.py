"""Pages drawn as pictures: cells, spans and print as they were drawn, however the page lies."""

import cv2
import numpy as np
import pypdfium2
import pytest

from fixtures.drawing import html, weasyprint
from fixtures.drawing.style import FONTS, Style
from fixtures.sheet import Paragraph, SheetCell, SheetTable
from parsers import read
from parsers.errors import Damaged, Empty, OcrUnavailable
from parsers.page import Table
from parsers.scan.page import read_page

TABLE = SheetTable(
    (
        SheetCell(0, 0, "项目名称", head=True), SheetCell(0, 1, "道路养护经费", col_span=3),
        SheetCell(1, 0, "项目资金", row_span=2, head=True), SheetCell(1, 1, "年初预算数", head=True),
        SheetCell(1, 2, "全年执行数", head=True), SheetCell(1, 3, "得分", head=True),
        SheetCell(2, 1, "1,234.50"), SheetCell(2, 2, "1,180.25"), SheetCell(2, 3, "—"),
    ), 3, 4, (10, 12, 12, 8),
)  # fmt: skip
SHEET = (Paragraph("项目支出绩效自评表", title=True), TABLE)
TRUTH = [(c.row, c.col, c.row_span, c.col_span, c.text) for c in TABLE.cells]


@pytest.fixture(scope="module")
def page():
    """The sheet as a page of 200 dpi."""
    drawn = weasyprint.pdf(html.page([SHEET], Style(FONTS["serif"], size=11, padding=4)))
    document = pypdfium2.PdfDocument(drawn)
    return np.ascontiguousarray(document[0].render(scale=200 / 72).to_numpy()[:, :, 2::-1])


def cells(layout):
    """The cells of the only table."""
    (table,) = [item for item in layout.items if isinstance(item, Table)]
    return [
        (cell.row, cell.col, cell.row_span, cell.col_span, "".join(line.text for line in cell.lines))
        for cell in table.cells
    ]


def skewed(page, degrees):
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def noisy(page):
    noise = np.random.default_rng(5).normal(0, 8, page.shape)
    return np.clip(page * 0.9 + 10 + noise, 0, 255).astype(np.uint8)


def sealed(page):
    stamped = page.copy()
    cv2.circle(stamped, (900, 450), 150, (230, 40, 40), 9)
    return np.minimum(stamped, page)


@pytest.mark.parametrize(
    ("wear", "notes"),
    [
        (lambda page: page, []),
        (lambda page: skewed(page, 1.2), []),
        (lambda page: skewed(page, -1.7), []),
        (noisy, []),
        (sealed, ["sealed_page"]),
        (lambda page: np.rot90(page, 2), ["turned_page"]),
        (lambda page: np.rot90(page, 1), ["turned_page"]),
        (lambda page: np.rot90(page, 3), ["turned_page"]),
    ],
    ids=["clean", "skew", "other skew", "noise", "seal", "upside down", "left", "right"],
)
def test_a_page_gives_its_cells_however_it_lies(page, wear, notes):
    scanned = read_page(np.ascontiguousarray(wear(page)), 200.0, 1)
    assert cells(scanned.layout) == TRUTH
    assert [note.kind for note in scanned.notes] == notes
    assert scanned.layout.method.startswith("ocr:rapidocr-")


def test_what_is_left_out_as_the_rest_of_a_seal_is_named(page, monkeypatch):
    monkeypatch.setattr("parsers.scan.page.without_rests", lambda _, lines, *__: [None, *lines[1:]])
    scanned = read_page(np.ascontiguousarray(sealed(page)), 200.0, 1)
    (note,) = scanned.notes
    (lost,) = {text for row in TRUTH for text in row[4:]} - {text for row in cells(scanned.layout) for text in row[4:]}
    assert f"“{lost}” was taken for the rest of it" in note.message


def test_boxes_are_points_of_the_page(page):
    layout = read_page(page, 200.0, 1).layout
    (table,) = [item for item in layout.items if isinstance(item, Table)]
    assert layout.width == pytest.approx(595.3, abs=1)
    assert 45 < table.xs[0] < 60
    assert 535 < table.xs[-1] < 550


def test_a_blank_page_has_nothing(page):
    assert read_page(np.full_like(page, 255), 200.0, 1).layout.items == ()


@pytest.mark.parametrize("kind", [".png", ".jpg", ".tif", ".webp", ".bmp"])
def test_picture_files_are_read_without_a_stated_resolution(page, kind):
    data = cv2.imencode(kind, page[:, :, ::-1])[1].tobytes()
    reading = read(data, "scan" + kind)
    table = max(reading.grids, key=lambda grid: len(grid.cells))
    assert [(*cell[:2], cell.row_span, cell.col_span, cell.text) for cell in table.cells] == TRUTH
    assert all(cell.origin.method.startswith("ocr:") for cell in table.cells)


def test_a_blank_picture_is_empty(page):
    with pytest.raises(Empty, match="no print"):
        read(cv2.imencode(".png", np.full_like(page, 255))[1].tobytes(), "blank.png")


def test_half_a_picture_is_damaged(page, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)   # WeasyPrint sets it for the process
    data = cv2.imencode(".png", page)[1].tobytes()
    with pytest.raises(Damaged):
        read(data[: len(data) // 2], "half.png")


def test_without_an_engine_the_message_names_the_extra(page, monkeypatch):
    monkeypatch.setattr("parsers.pictures.is_installed", lambda: False)
    with pytest.raises(OcrUnavailable, match=r"pip install 'jixiao\[ocr\]'"):
        read(cv2.imencode(".png", page)[1].tobytes(), "scan.png")
