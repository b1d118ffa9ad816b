"""Images as they come: photographs, borders, faxes, spreads, dirt; and pages that are pictures in other documents."""

import io
import zipfile

import cv2
import numpy as np
import pypdfium2
import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image

from fixtures.drawing import html, weasyprint
from fixtures.drawing.style import FONTS, Style
from fixtures.hostile.whole import OFD, zip_of
from fixtures.sheet import Paragraph, SheetCell, SheetTable
from parsers import read
from parsers.page import Table
from parsers.scan.image import read_image
from parsers.stitch import stitch

HEAD = (SheetCell(0, 0, "三级指标", head=True), SheetCell(0, 1, "年度指标值"), SheetCell(0, 2, "得分"))
UPPER = SheetTable(
    (*HEAD, SheetCell(1, 0, "道路养护里程"), SheetCell(1, 1, "≥120.50公里"), SheetCell(1, 2, "9.50")), 2, 3, (12, 12, 8)
)
LOWER = SheetTable(
    (SheetCell(0, 0, "群众满意度"), SheetCell(0, 1, "≥95.00%"), SheetCell(0, 2, "10.00")), 1, 3, (12, 12, 8)
)
DPI = 150


def drawn(*sheet):
    pdf = weasyprint.pdf(html.page([sheet], Style(FONTS["serif"], size=11, padding=4)))
    document = pypdfium2.PdfDocument(pdf)
    return np.ascontiguousarray(document[0].render(scale=DPI / 72).to_numpy()[:, :, 2::-1])


@pytest.fixture(scope="module")
def upper():
    return drawn(Paragraph("项目支出绩效自评表", title=True), UPPER)


@pytest.fixture(scope="module")
def lower():
    """A table, and prose enough to tell a full page."""
    return drawn(LOWER, Paragraph("项目资金全部按照规定使用，没有发现截留、挤占、挪用的情况。"))


def texts(layouts):
    return [
        [(cell.row, cell.col, "".join(line.text for line in cell.lines)) for cell in item.cells]
        for layout in layouts for item in layout.items if isinstance(item, Table)
    ]  # fmt: skip


def wanted(table):
    return [(cell.row, cell.col, cell.text) for cell in table.cells]


def on_desk(page):
    high, wide = page.shape[:2]
    size = wide + 200, high + 220
    corners = np.array([[70, 80], [wide + 120, 120], [wide + 100, high + 130], [50, high + 160]], np.float32)
    start = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    desk = np.full((size[1], size[0], 3), (92, 64, 44), np.uint8)
    matrix = cv2.getPerspectiveTransform(start, corners)
    return cv2.warpPerspective(page, matrix, size, dst=desk, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_TRANSPARENT)


def faxed(page):
    return np.repeat(np.where(page.mean(axis=2) > 140, 255, 0).astype(np.uint8)[..., None], 3, axis=2)


def punched(page):
    page = page.copy()
    for y in (400, 900, 1300):
        cv2.circle(page, (round(7 / 25.4 * DPI), y), round(3 / 25.4 * DPI), (30, 30, 30), -1, cv2.LINE_AA)
    return page


@pytest.mark.parametrize(
    ("change", "stated"),
    [
        (on_desk, DPI), (on_desk, None), (on_desk, 72), (faxed, DPI), (punched, DPI), (lambda page: page, 1),
        (lambda page: cv2.copyMakeBorder(page, 30, 0, 50, 20, cv2.BORDER_CONSTANT, value=(15, 15, 15)), DPI),
        (lambda page: page[:700], None),
    ],
    ids=["photo", "photo of unknown resolution", "photo of 72 dpi", "fax", "holes", "1 dpi", "border", "upper half"],
)  # fmt: skip
def test_the_table_is_read(upper, change, stated):
    found = read_image(np.ascontiguousarray(change(upper)), stated, 1)
    assert texts(found.layouts) == [wanted(UPPER)]
    assert found.notes == ()
    running = [item.text for item in found.layouts[0].items if not isinstance(item, Table)]
    assert running == ["项目支出绩效自评表"]


@pytest.mark.parametrize("turns", [0, 2])
def test_two_pages_on_an_image_are_read_left_first(upper, lower, turns):
    found = read_image(np.ascontiguousarray(np.rot90(np.concatenate([upper, lower], axis=1), turns)), DPI, 4)
    assert texts(found.layouts) == [wanted(UPPER), wanted(LOWER)]
    assert [layout.number for layout in found.layouts] == [4, 4]
    assert [note.kind for note in found.notes] == ["turned_page"] * (turns > 0) + ["double_page"]
    tables = [grid for grid in stitch(found.layouts, "ocr").grids if grid.n_cols > 1]
    assert tables[0].cells[0].origin.page == 4


def test_a_page_on_its_side_that_is_blank_across_its_middle_is_one(upper, lower):
    page = np.concatenate([upper[:600], lower[:654], np.full((500, upper.shape[1], 3), 255, np.uint8)])
    page[827 - 60 : 827 + 60] = 255
    found = read_image(np.ascontiguousarray(np.rot90(page)), DPI, 1)
    assert [note.kind for note in found.notes] == ["turned_page"]
    assert texts(found.layouts) == [wanted(UPPER), wanted(LOWER)]


def test_a_blank_page_with_dirt_and_what_shines_through_is_blank(upper):
    seeded = np.random.default_rng(4)
    through = cv2.GaussianBlur(upper[:, ::-1], (0, 0), 1.5).astype(np.float64) / 255
    page = 225 * (1 - 0.1 * (1 - through)) + seeded.normal(0, 5, upper.shape)
    page = np.clip(page, 0, 255).astype(np.uint8)
    for _ in range(60):
        centre = seeded.integers(0, upper.shape[1]), seeded.integers(0, upper.shape[0])
        cv2.circle(page, tuple(map(int, centre)), int(seeded.integers(0, 4)), (60, 60, 60), -1, cv2.LINE_AA)
    found = read_image(page, DPI, 1)
    assert [layout.items for layout in found.layouts] == [()]
    assert found.notes == ()


# ── pages that are pictures in other documents ───────────────────────────────


def png(page):
    target = io.BytesIO()
    Image.fromarray(page).save(target, "PNG", dpi=(DPI, DPI))
    return target.getvalue()


def word(*parts):
    document = Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            document.add_picture(io.BytesIO(part), width=Cm(15))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def ofd(*pictures):
    """A package whose pages are pictures; one that is None is missing."""
    listed = "".join(f'<ofd:Page BaseLoc="P{at}.xml"/>' for at in range(len(pictures)))
    media = "".join(
        f'<ofd:MultiMedia ID="{at}" Type="Image"><ofd:MediaFile>{at}.png</ofd:MediaFile></ofd:MultiMedia>'
        for at in range(len(pictures))
    )
    parts = {
        "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D/Document.xml": f"<ofd:Document {OFD}><ofd:CommonData><ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "D/Res.xml": f'<ofd:Res {OFD} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
    }
    for at, picture in enumerate(pictures):
        image = f'<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="{at}"/>'
        parts[f"D/P{at}.xml"] = (
            f"<ofd:Page {OFD}><ofd:Content><ofd:Layer>{image}</ofd:Layer></ofd:Content></ofd:Page>"
        )
        if picture:
            parts[f"D/Res/{at}.png"] = picture
    return zip_of(parts)


def tables_of(reading):
    return [[(*cell[:2], cell.text) for cell in grid.cells] for grid in reading.grids if grid.n_cols > 1]


def test_a_picture_of_a_page_in_a_word_document_is_read_in_its_place(upper):
    reading = read(word("见下表。", png(upper), "填表人：王芳"), "报告.docx")
    lines = [grid.cells[0].text for grid in reading.grids]
    assert lines == ["见下表。", "项目支出绩效自评表", "三级指标", "填表人：王芳"]
    assert tables_of(reading) == [wanted(UPPER)]
    methods = [grid.cells[0].origin.method.split(":")[0] for grid in reading.grids]
    assert methods == ["docx", "ocr", "ocr", "docx"]
    assert [note.kind for note in reading.notes] == ["scanned_page"]


def test_a_word_document_with_a_picture_that_cannot_be_read_still_gives_its_text(upper, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)   # WeasyPrint sets it for the process
    data = word("见下表。", png(upper))
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    broken = zip_of({name: part[:200] if name.endswith(".png") else part for name, part in parts.items()})
    reading = read(broken, "报告.docx")
    assert [grid.cells[0].text for grid in reading.grids] == ["见下表。"]
    assert [note.kind for note in reading.notes] == ["unread_part", "page_picture"]


def test_a_page_of_an_ofd_document_that_is_a_picture_is_read(upper):
    reading = read(ofd(png(upper), None), "报告.ofd")
    assert tables_of(reading) == [wanted(UPPER)]
    assert reading.page_count == 2
    assert [note[:2] for note in reading.notes] == [("scanned_page", "page 1"), ("scanned_page", "page 2")]
    assert [cell.origin.page for grid in reading.grids for cell in grid.cells] == [1] * 7
