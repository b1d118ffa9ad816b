import io
import random
from functools import cache

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from fixtures.drawing import chromium, docx, html, libreoffice, lying, weasyprint, xlsx
from fixtures.drawing.style import FONTS, Style
from fixtures.sheet import sample_sheets
from parsers import pdfium
from parsers.errors import Damaged, Encrypted, NoTextLayer, TooLarge, UnreadableSource
from parsers.pdf import has_columns, read_pdf
from tests.bench.page_breaks import cases, drawn, judged

A4 = (595, 842)
SONG = "/usr/share/fonts/truetype/arphic/uming.ttc"
PROSE = "本年度部门决算收入总计较上年有所增加，主要原因是项目经费安排增加，支出总计相应增加。" * 3


@cache
def printed_by_office():
    sheets, style = sample_sheets(), Style(FONTS["hei"])
    files = {"word.docx": docx.document(sheets, style), "excel.xlsx": xlsx.workbook(sheets, style)}
    return {name.split(".")[0]: data for name, data in libreoffice.convert(files, "pdf").items()}


@cache
def sample(engine):
    if engine in {"word", "excel"}:
        return printed_by_office()[engine]
    page = html.page(sample_sheets(), Style(FONTS["hei"]))
    return {"weasyprint": weasyprint.pdf, "chromium": chromium.pdf}[engine](page)


@cache
def woven(body, css=""):
    return weasyprint.pdf(
        f'<meta charset="utf-8"><style>@page {{ size: A4; margin: 60pt }}'
        f'body {{ font: 10pt "{FONTS["hei"]}" }} table {{ border-collapse: collapse; width: 100% }}'
        f"td {{ border: 0.5pt solid; padding: 2pt }} {css}</style>{body}"
    )


def picture(width=400, height=560):
    return ImageReader(Image.effect_noise((width, height), 60))


def pages(*drawers):
    """A PDF of a page for each function that draws on a canvas."""
    pdfmetrics.registerFont(TTFont("song", SONG, subfontIndex=0))
    sheet = canvas.Canvas(target := io.BytesIO(), A4, invariant=True)
    for draw in drawers:
        sheet.setFont("song", 10)
        draw(sheet)
        sheet.showPage()
    sheet.save()
    return target.getvalue()


def print_text(sheet):
    for at in range(20):
        sheet.drawString(60, 760 - 15 * at, PROSE[:40])


def scan(sheet):
    sheet.drawImage(picture(), 0, 0, *A4)


def scan_with_hidden_text(sheet):
    scan(sheet)
    text = sheet.beginText(60, 700)
    text.setTextRenderMode(3)
    for _ in range(20):
        text.textLine(PROSE[:40])
    sheet.drawText(text)


def nothing(_sheet):
    pass


def texts(reading):
    return [cell.text for grid in reading.grids for cell in grid.cells]


# ── exact ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ["weasyprint", "chromium", "word", "excel"])
def test_the_sample_is_exact_from_every_engine(engine):
    reading = read_pdf(sample(engine), "a.pdf")
    assert [cause for cause, _ in judged(sample_sheets(), reading)] == [""] * 4


@pytest.mark.parametrize("case", list(cases(18, seed=42, shares={"weasyprint": 1.0})), ids=lambda case: str(case.seed))
def test_forms_cut_by_page_breaks_are_whole(case):
    reading = read_pdf(drawn(case))
    assert [cause for cause, _ in judged(case.sheets, reading)] == [""] * len(case.sheets)


def test_a_sweep_is_the_same_each_time():
    assert list(cases(40)) == list(cases(40))


def test_cells_know_their_page_and_rectangle():
    reading = read_pdf(sample("weasyprint"))
    cell = next(cell for grid in reading.grids for cell in grid.cells if cell.text == "公众号运作")
    x0, top, x1, bottom = cell.origin.box
    with pdfium.open_document(sample("weasyprint")) as document, document.page(cell.origin.page - 1) as page:
        chars = page.read().chars
    at = "".join(chars.text).index("公众号运作")
    assert x0 < chars.x0[at] < x1
    assert top < chars.base[at] < bottom
    assert (cell.origin.method, cell.origin.confidence) == ("pdf", 1.0)
    assert cell.origin.place.startswith(f"page {cell.origin.page}, table ")


def test_readings_are_the_same_each_time():
    assert read_pdf(sample("chromium")) == read_pdf(sample("chromium"))


# ── what a page can hold ─────────────────────────────────────────────────────


def test_prose_gives_its_lines_without_layout(monkeypatch):
    monkeypatch.setattr("parsers.pdf.lay_out", None)
    reading = read_pdf(woven(f"<p>{PROSE}</p>"))
    assert "".join(texts(reading)) == PROSE
    assert reading.grids[0].cells[0].origin.place == "page 1, line 1"
    assert reading.grids[0].cells[0].origin.box is None


def test_a_page_that_goes_on_with_long_text_alone_is_laid_out():
    body = f'<div style="height: 680pt"></div><table><tr><td>目标</td><td>{PROSE * 3}</td></tr></table>'
    reading = read_pdf(woven(body))
    assert reading.page_count == 2
    assert [cell.text for grid in reading.grids for cell in grid.cells] == ["目标", PROSE * 3]


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("项目 预算 决算\n培训费 3.00 2.95\n差旅费 8.00 7.10\n", True),
        ("一级指标\n二级指标\n三级指标\n指标值\n完成值\n分值\n得分\n" + PROSE, True),
        ("\n".join([PROSE[:40]] * 20), False),
        ("第一部分 概况\n" + PROSE, False),
        ("", False),
    ],
)
def test_columns_are_told_from_prose(text, can):
    assert has_columns(text) is can


def test_a_repeated_head_and_page_numbers_have_their_roles():
    rows = "".join(f"<tr><td>{n}</td><td>培训费</td><td>{n}.00</td></tr>" for n in range(60))
    head = "<thead><tr><td>序号</td><td>科目名称</td><td>决算数</td></tr></thead>"
    numbers = '@page { @bottom-center { content: "— " counter(page) " —" } }'
    reading = read_pdf(woven(f"<table>{head}{rows}</table>", numbers))
    assert [(grid.role, grid.n_rows) for grid in reading.grids] == [
        ("", 61), ("repeated_head", 1), ("page_furniture", 1), ("page_furniture", 1)
    ]


# ── pages that are not read ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bad", "kind"), [(scan, "scanned_page"), (scan_with_hidden_text, "ocr_text_layer")]
)
def test_a_page_that_is_a_picture_is_named_and_the_others_are_read(bad, kind):
    reading = read_pdf(pages(print_text, bad, nothing))
    assert (kind, "page 2") in [(note.kind, note.place) for note in reading.notes]
    methods = {cell.origin.page: cell.origin.method for grid in reading.grids for cell in grid.cells}
    assert methods[1] == "pdf"
    assert methods.get(2, "ocr:").startswith("ocr:")


def test_without_an_engine_pictures_are_refused_and_the_others_read(monkeypatch):
    monkeypatch.setattr("parsers.pdf.is_installed", lambda: False)
    reading = read_pdf(pages(print_text, scan, nothing))
    assert [(note.kind, note.place) for note in reading.notes] == [("scanned_page", "page 2")]
    assert {cell.origin.page for grid in reading.grids for cell in grid.cells} == {1}
    with pytest.raises(NoTextLayer, match="pip install"):
        read_pdf(pages(scan, scan))


def test_a_page_whose_fonts_lie_is_read_as_a_picture():
    honest = woven(f"<p>{PROSE * 3}</p><p>1234567890</p>")
    liar = lying.remapped(honest, lying.permuted(lying.is_han))
    seen = "".join(texts(read_pdf(liar)))
    assert seen.count(PROSE[:12]) >= 2   # as it looks, not as its text layer has it
    both = pikepdf.open(io.BytesIO(pages(print_text)))
    both.pages.extend(pikepdf.open(io.BytesIO(liar)).pages)
    both.save(target := io.BytesIO())
    reading = read_pdf(target.getvalue())
    assert [(note.kind, note.place) for note in reading.notes] == [("unreadable_text_layer", "page 2")]
    assert texts(reading)[:20] == [PROSE[:40]] * 20


def test_a_page_that_draws_too_much_is_named(monkeypatch):
    crowded = pages(print_text, lambda sheet: [sheet.line(n, 0, n, 5) for n in range(60)] and print_text(sheet))
    monkeypatch.setattr(pdfium, "MAX_OBJECTS", 50)
    reading = read_pdf(crowded)
    assert [(note.kind, note.place) for note in reading.notes] == [("page_too_large", "page 2")]
    monkeypatch.setattr(pdfium, "MAX_OBJECTS", 5)
    with pytest.raises(TooLarge):
        read_pdf(crowded)


@pytest.mark.parametrize(("user", "opens"), [("", True), ("geheim", False)])
def test_only_a_password_for_reading_locks(user, opens):
    with pikepdf.open(io.BytesIO(woven(f"<p>{PROSE}</p>"))) as pdf:
        pdf.save(target := io.BytesIO(), encryption=pikepdf.Encryption(owner="besitzer", user=user))
    if opens:
        assert "".join(texts(read_pdf(target.getvalue()))) == PROSE
    else:
        with pytest.raises(Encrypted):
            read_pdf(target.getvalue())


def test_a_page_that_the_first_engine_cannot_parse_is_read_by_the_second(monkeypatch):
    def fail(*_):
        raise Damaged("no")

    monkeypatch.setattr(pdfium.PdfDocument, "_load", fail)
    reading = read_pdf(pages(print_text))
    assert [(note.kind, note.place) for note in reading.notes] == [("second_reader", "page 1")]
    assert texts(reading) == [PROSE[:40]] * 20


def test_the_second_engine_is_kept_where_it_has_fewer_faults(monkeypatch):
    read = pdfium.PdfPage.read

    def half_read(page, unmapped=None):
        whole = read(page, unmapped)
        whole.chars.text[: len(whole.chars.text) // 2] = "\ufffd"
        return whole

    monkeypatch.setattr(pdfium.PdfPage, "read", half_read)
    reading = read_pdf(sample("word"))
    assert {note.kind for note in reading.notes} >= {"second_reader"}
    assert "\ufffd" not in "".join(texts(reading))


# ── damaged files ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"\0" * 500])
def test_what_is_no_pdf_is_damaged(data):
    with pytest.raises(Damaged):
        read_pdf(data)


@cache
def whole_file():
    return pages(print_text, scan_with_hidden_text)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_broken_files_raise_nothing_else(seed):
    rng = random.Random(seed)
    data = bytearray(whole_file())
    if rng.random() < 0.3:
        del data[rng.randrange(len(data)) :]
    for _ in range(rng.randrange(40)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    try:
        reading = read_pdf(bytes(data))
    except UnreadableSource:
        return
    assert all(cell.text.strip() for grid in reading.grids for cell in grid.cells)
