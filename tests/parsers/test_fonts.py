import ctypes
import io
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdfium2 import raw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from fixtures.drawing import chromium, lying
from fixtures.drawing.style import FONTS
from parsers.font_evidence import Claims, Shapes, kinds_of
from parsers.fonts import FontTrust, text_layer
from parsers.glyph_shapes import features_of_outlines, features_of_pictures, known, likeness
from parsers.pdfium_objects import read_painted
from parsers.scan_text import scan_text

LINES = [
    "项目支出绩效自评表（2023年度） 单位：万元",
    "年度资金总额 171.60 171.60 171.59 10.00 99.99 9.99",
    "产出指标 数量指标 新闻宣传次数 ≥20.00(次) 45 100% 达成预期指标",
    "满意度指标 服务对象满意度 ≥90% 98.76% 项目完成质量良好，社会效益显著提升",
    "Windows Server budget 0123456789",
]
SONG = "/usr/share/fonts/truetype/arphic/uming.ttc"
KAI = "/usr/share/fonts/truetype/arphic/ukai.ttc"


def html(families, lines=LINES):
    rows = "".join(f'<p style="font-family:{families}">{line}</p>' for line in lines)
    bold = f'<b style="font-family:{families}">{rows}</b>'
    return f'<meta charset="utf-8"><body style="font-size:10pt">{rows}{bold}'


@cache
def woven(families):
    return weasyprint.HTML(string=html(families)).write_pdf()


@cache
def chromed(families):
    return chromium.pdf(html(families))


@cache
def drawn(name, path=""):
    font = TTFont(name, path, subfontIndex=0) if path else UnicodeCIDFont(name)
    pdfmetrics.registerFont(font)
    sheet = canvas.Canvas(out := io.BytesIO(), invariant=True)
    sheet.setFont(name, 10)
    for at, line in enumerate(LINES):
        sheet.drawString(50, 780 - 14 * at, line)
    sheet.save()
    return out.getvalue()


def address(handle):
    return ctypes.cast(handle, ctypes.c_void_p).value


def judged(data):
    """Every page's trust, and its text."""
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    trust = FontTrust(address(document))
    pages = []
    for index in range(raw.FPDF_GetPageCount(document)):
        page = raw.FPDF_LoadPage(document, index)
        text_page = raw.FPDFText_LoadPage(page)
        layer = text_layer(address(page), address(text_page), raw.FPDFText_CountChars(text_page))
        pages.append((trust.judge(layer), "".join(map(chr, layer.codes.tolist()))))
        raw.FPDFText_ClosePage(text_page)
        raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)
    return pages


def reasons(data):
    return sorted(reason for trust, _ in judged(data) for reason in trust.reasons.values())


def changed(change):
    return lambda data, which=lying.every: lying.remapped(data, change, which)


LIES = {
    "no map": (lying.without_map, "no map to Unicode"),
    "shifted by one": (changed(lying.shifted(1)), "drawn otherwise|draws common|make no text"),
    "shifted by a lot": (changed(lying.shifted(1000)), "drawn otherwise|draws common|make no text"),
    "slipped table": (changed(lying.rotated), "drawn otherwise"),
    "permuted Han": (changed(lying.permuted(lying.is_han)), "Han glyphs are drawn otherwise"),
    "permuted digits": (changed(lying.permuted(lying.is_digit)), "digits are drawn otherwise"),
    "private use": (changed(lying.to_private), "private use"),
    "control characters": (changed(lying.to_controls), "control characters"),
    "replacement characters": (changed(lying.to_nothing), "control characters or U.FFFD"),
    "a third missing": (changed(lying.thinned(0.33)), "have no Unicode value"),
}


@pytest.mark.parametrize("family", FONTS.values())
def test_honest_fonts_of_weasyprint_are_trusted(family):
    (trust, _), *_ = judged(woven(f"'{family}'"))
    assert (trust.reasons, trust.untrusted.any(), trust.unmapped.any()) == ({}, False, False)


@pytest.mark.parametrize("family", ["Noto Sans CJK SC", "AR PL UKai CN"])
def test_honest_fonts_of_chromium_are_trusted(family):
    ((trust, text),) = judged(chromed(f"'{family}'"))
    assert (trust.reasons, "项目支出绩效自评表" in text) == ({}, True)


@pytest.mark.parametrize(("name", "path"), [("STSong-Light", ""), ("song", SONG), ("kai", KAI)])
def test_honest_fonts_of_reportlab_are_trusted(name, path):
    assert reasons(drawn(name, path)) == []


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("GBK-EUC-H", "gbk"), ("GB-EUC-H", "gb2312"), ("UniGB-UCS2-H", "utf-16-be"), ("GBKp-EUC-H", "gbk")],
)
def test_predefined_cmaps_need_no_map(encoding, codec):
    lines = ["项目支出绩效自评表 2023", "年度资金总额 171.60"] * 12
    ((trust, text),) = judged(lying.with_cmap(lines, encoding, codec))
    assert (trust.reasons, lines[0] in text) == ({}, True)


def test_a_known_collection_needs_no_map():
    ((trust, text),) = judged(lying.with_collection(["项目支出绩效自评表", "0123456789"], SONG))
    assert (trust.reasons, "绩效" in text) == ({}, True)


@pytest.mark.parametrize("differences", [False, True])
def test_simple_fonts_with_glyph_names_need_no_map(differences):
    ((trust, text),) = judged(lying.with_simple(["0123456789", "Budget executed 171.60"], differences))
    assert (trust.reasons, "171.60" in text) == ({}, True)


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("family", ["AR PL UMing CN", "AR PL UKai CN", "Noto Sans CJK SC"])
def test_lies_are_found_and_named(family, lie):
    tell, words = LIES[lie]
    found = reasons(tell(woven(f"'{family}'")))
    assert found
    assert any(part in reason for reason in found for part in words.replace("U.F", "U+F").split("|"))


@pytest.mark.parametrize("lie", ["slipped table", "permuted digits", "private use"])
def test_lies_of_fonts_drawn_in_the_file_are_found(lie):
    tell, _ = LIES[lie]
    assert reasons(tell(chromed("'Noto Sans CJK SC'")))


def test_two_digits_that_change_places_are_found_and_named():
    swapped = lying.remapped(
        woven("'AR PL UMing CN'"),
        lambda claims: {code: {"6": "8", "8": "6"}.get(text, text) for code, text in claims.items()},
    )
    assert any("6 looks like 8, 8 looks like 6" in reason for reason in reasons(swapped))


@pytest.mark.parametrize("lie", ["no map", "slipped table", "private use"])
def test_the_verdict_is_per_font(lie):
    honest = woven("'DejaVu Sans', 'AR PL UMing CN'")
    tell, _ = LIES[lie]
    ((trust, text),) = judged(tell(honest, lambda name: "DejaVu" in name))
    assert all("DejaVu" in reason for reason in trust.reasons.values())
    blamed = {char for char, is_blamed in zip(text, trust.untrusted, strict=True) if is_blamed}
    assert blamed
    assert not blamed & set("项目绩效年度资金")


def test_characters_missing_from_the_map_are_marked_one_by_one():
    honest = woven("'AR PL UMing CN'")
    without = lying.remapped(
        honest, lambda claims: {code: text for code, text in claims.items() if text != "绩"}
    )
    ((trust, text),) = judged(without)
    ((_, whole),) = judged(honest)
    assert trust.reasons == {}
    assert [char for char, is_made_up in zip(whole, trust.unmapped, strict=True) if is_made_up] == ["绩"] * 2
    assert "绩" not in text


def test_too_little_print_is_trusted():
    few = weasyprint.HTML(string=html("'AR PL UMing CN'", ["合计"])).write_pdf()
    assert reasons(lying.remapped(few, lying.rotated)) == []


def test_a_font_found_out_on_one_page_is_known_on_the_next():
    long = weasyprint.HTML(string=html("'AR PL UMing CN'", LINES * 6)).write_pdf()
    pages = judged(lying.remapped(long, lying.rotated))
    assert len(pages) > 1
    assert all(trust.reasons for trust, _ in pages)


def test_bullets_and_check_boxes_may_be_of_private_use():
    claims = Claims("ABCDEF+Wingdings-Regular")
    claims.add([0, 0, 0, 9], range(0xF0A0, 0xF0A9))
    assert claims.reason() == ""


def test_hyphens_and_white_space_are_no_control_characters():
    codes = np.array([0x02, 0x09, 0x0A, 0x0D, 0x20, 0x41])
    assert kinds_of(codes, np.zeros(6, bool)).tolist() == [0] * 6


def test_traditional_text_is_a_language_and_a_wrong_table_is_none():
    said, wrong = Claims("SimSun"), Claims("SimSun")
    said.add_text(np.array([ord(char) for char in "項目支出績效自評表預算執行情況財務資產管理" * 3]))
    wrong.add_text(np.array([ord(char) + 300 for char in "項目支出績效自評表預算執行情況財務資產管理" * 3]))
    assert (said.language_reason(), wrong.language_reason() == "") == ("", False)


def test_known_shapes_are_whole():
    there = known()
    chars = "".join(there.row_of)
    assert chars.startswith("0123456789")
    assert chars[10:62].isalpha()
    assert not any(char.isascii() for char in chars[62:])
    assert np.allclose(np.linalg.norm(there.shapes, axis=1), 1)


@given(st.integers(1, 5000), st.floats(-1e4, 1e4), st.sampled_from([1.0, 0.001, 1000.0]))
def test_shape_does_not_depend_on_size_or_place(seed, shift, size):
    draw = np.random.default_rng(seed)
    outline = np.column_stack([draw.random((12, 2)), [2, 0, 0, 1, 1, 1, 2, 0, 0, 0, 1, 1]])
    moved = outline.copy()
    moved[:, :2] = moved[:, :2] * size + shift * size
    one, two = features_of_outlines([outline]), features_of_outlines([moved])
    assert np.abs(one - two).max() < 0.05


def test_a_picture_and_an_outline_of_a_glyph_are_alike():
    outer, inner = [(0, 0, 2), (9, 0, 0), (9, 9, 0), (0, 9, 0)], [(3, 3, 2), (3, 6, 0), (6, 6, 0), (6, 3, 0)]
    square = np.array(outer + inner, float)
    picture = np.zeros((110, 110), np.uint8)
    picture[10:100, 10:100] = 255
    picture[40:70, 40:70] = 0
    assert float((features_of_outlines([square]) @ features_of_pictures([picture]).T)[0, 0]) > 0.95


@given(st.lists(st.sampled_from("0123456789AZ元项目㐀㐁㐂"), max_size=40), st.integers(0, 99))
def test_any_glyphs_can_be_looked_at(chars, seed):
    shapes = Shapes()
    wanted = shapes.wanted(list(dict.fromkeys(chars)))
    shapes.add(wanted, wanted, np.random.default_rng(seed).random((len(wanted), 100)))
    assert isinstance(shapes.reason(), str)
    assert shapes.wanted(wanted) == []


def test_likeness_of_a_known_shape_to_itself_is_one():
    there = known()
    assert np.allclose(np.diagonal(likeness(there.shapes + there.centre)), 1, atol=1e-6)


def scanned(mode=3, size=(595, 842), *, under=False):
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 42), np.uint8))
    sheet = canvas.Canvas(out := io.BytesIO(), pagesize=(595, 842), invariant=True)

    def write():
        text = sheet.beginText(50, 780)
        text.setFont("Helvetica", 10)
        text.setTextRenderMode(mode)
        text.textLines("Total 171.60\nBudget 10.00")
        sheet.drawText(text)

    if under:
        write()
    sheet.drawImage(ImageReader(picture), 0, 0, *size)
    if not under:
        write()
    sheet.save()
    return out.getvalue()


def told(data, fonts=("Helvetica",)):
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    page = raw.FPDF_LoadPage(document, 0)
    reason = scan_text(address(page), read_painted(address(page), 10_000), (0, 0, 595, 842), fonts)
    raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)
    return reason


@pytest.mark.parametrize(
    ("data", "fonts", "words"),
    [
        (scanned(), ["Helvetica"], "no ink"),
        (scanned(mode=0, under=True), ["Helvetica"], "behind"),
        (scanned(mode=0), ["GlyphLessFont"], "GlyphLessFont"),
        (scanned(mode=0), ["ABCDEF+HiddenHorzOCR"], "HiddenHorzOCR"),
        (scanned(mode=0), ["Helvetica"], ""),               # print on a background
        (scanned(size=(100, 100)), ["Helvetica"], ""),      # a stamp
    ],
)
def test_text_of_ocr_programs_is_told_from_print(data, fonts, words):
    reason = told(data, fonts)
    assert words in reason
    assert bool(reason) == bool(words)


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_damaged_fonts_do_no_harm(seed, hits):
    data = bytearray(woven("'AR PL UMing CN'"))
    draw = np.random.default_rng(seed)
    for at in draw.integers(0, len(data), hits):
        data[at] = draw.integers(0, 256)
    document = raw.FPDF_LoadMemDocument64(bytes(data), len(data), None)
    if document:
        raw.FPDF_CloseDocument(document)
        judged(bytes(data))


def test_the_shapes_file_is_part_of_the_package():
    import parsers

    assert Path(parsers.__file__).with_name("glyph_shapes.bin").stat().st_size < 100_000


def test_lying_keeps_the_print():
    honest = woven("'AR PL UMing CN'")
    with pikepdf.open(io.BytesIO(honest)) as one, pikepdf.open(io.BytesIO(lying.without_map(honest))) as two:
        assert one.pages[0].Contents.read_bytes() == two.pages[0].Contents.read_bytes()
