"""PDFs drawn by hand, with the pitfalls of real ones: both engines make the same page of them."""

import io
import random
from contextlib import suppress

import numpy as np
import pikepdf
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.errors import Damaged, Encrypted, TooLarge, UnreadableSource
from parsers.layout import lay_out
from parsers.page import Dropped, Table
from parsers.pdfium import open_document
from parsers.plumber import open_slowly

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

WIDTH, HEIGHT = 595, 842
XS, YS = (60, 160, 300, 420), (700, 660, 620, 580)
WORDS = (("项目名称", "新闻宣传", "15.42"), ("主管部门", "-", "100.00(%)"), ("得分", "≥20.00(次)", "优"))
WANTED = [(row, col, 1, 1, WORDS[row][col]) for row in range(3) for col in range(3)]


def drawn(*draws, size=(WIDTH, HEIGHT), change=None):
    """A PDF of one page that the functions draw on, each beginning anew; ``change`` edits its file."""
    target = io.BytesIO()
    canvas = Canvas(target, size, invariant=1)
    for draw in draws:
        canvas.saveState()
        canvas.setFont("STSong-Light", 10.5)
        draw(canvas)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return changed(target.getvalue(), change) if change else target.getvalue()


def changed(data, change):
    with pikepdf.open(io.BytesIO(data)) as document:
        change(document)
        target = io.BytesIO()
        document.save(target, static_id=True)
    return target.getvalue()


def words(canvas, dx=0.0, dy=0.0):
    for row, texts in enumerate(WORDS):
        for col, text in enumerate(texts):
            canvas.drawString(XS[col] + 6 + dx, YS[row] - 24 + dy, text)


def at(x, y, text, size=10.5):
    def draw(canvas):
        canvas.setFont("STSong-Light", size)
        canvas.drawString(x, y, text)

    return draw


def grid(canvas):
    for y in YS:
        canvas.line(XS[0], y, XS[-1], y)
    for x in XS:
        canvas.line(x, YS[0], x, YS[-1])


def read(data, index=0):
    with open_document(data) as document, document.page(index) as page:
        return page.read()


def read_slowly(data, index=0):
    with open_slowly(data) as document:
        return document.read(index)


ENGINES = pytest.mark.parametrize("engine", [read, read_slowly], ids=["pdfium", "pdfplumber"])


def printed(page):
    """Tables as lists of (row, col, row span, col span, text), lines as texts."""
    return [
        [(*cell[:4], "|".join([line.text for line in cell.lines])) for cell in item.cells]
        if isinstance(item, Table) else item.text
        for item in lay_out(page).items
    ]


# ── rules ────────────────────────────────────────────────────────────────────


def cells():
    return [
        (XS[col], YS[row + 1], XS[col + 1] - XS[col], YS[row] - YS[row + 1])
        for row in range(3) for col in range(3)
    ]


def boxes(canvas):
    for cell in cells():
        canvas.rect(*cell)


def thin_fills(canvas):
    for y in YS:
        canvas.rect(XS[0], y - 0.25, XS[-1] - XS[0], 0.5, stroke=0, fill=1)
    for x in XS:
        canvas.rect(x - 0.25, YS[-1], 0.5, YS[0] - YS[-1], stroke=0, fill=1)


def one_path(canvas):
    path = canvas.beginPath()
    for y in YS:
        path.moveTo(XS[0], y)
        path.lineTo(XS[-1], y)
    for x in XS:
        path.moveTo(x, YS[0])
        path.lineTo(x, YS[-1])
    canvas.drawPath(path)


def one_filled_path(canvas):
    path = canvas.beginPath()
    for y in YS:
        path.rect(XS[0], y - 0.25, XS[-1] - XS[0], 0.5)
    for x in XS:
        path.rect(x - 0.25, YS[-1], 0.5, YS[0] - YS[-1])
    canvas.drawPath(path, stroke=0, fill=1)


def rings(canvas):
    for x, y, width, height in cells():
        path = canvas.beginPath()
        path.rect(x, y, width, height)
        path.rect(x + 1, y + 1, width - 2, height - 2)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)


def dashed(canvas):
    canvas.setDash(3, 3)
    grid(canvas)


def dots(canvas):
    ends = [*[(XS[0], y, XS[-1], y) for y in YS], *[(x, YS[-1], x, YS[0]) for x in XS]]
    for x0, y0, x1, y1 in ends:
        steps = int(max(x1 - x0, y1 - y0) / 1.2)
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            canvas.rect(x - 0.3, y - 0.3, 0.6, 0.6, stroke=0, fill=1)


def white(canvas):
    canvas.setStrokeGray(1)
    grid(canvas)


def thick(canvas):
    canvas.setLineWidth(3)
    grid(canvas)


def shaded(canvas):
    canvas.setFillGray(0.9)
    canvas.rect(XS[0], YS[1], XS[-1] - XS[0], 40, stroke=0, fill=1)
    grid(canvas)


def shades_only(canvas):
    for number, cell in enumerate(cells()):
        canvas.setFillGray(0.85 if number % 2 else 0.95)
        canvas.rect(*cell, stroke=0, fill=1)


def gaps_on_black(canvas):
    """As web pages did: a black table, and white cells a point apart."""
    canvas.rect(XS[0] - 1, YS[-1] - 1, XS[-1] - XS[0] + 2, YS[0] - YS[-1] + 2, stroke=0, fill=1)
    canvas.setFillGray(1)
    for x, y, width, height in cells():
        canvas.rect(x + 0.5, y + 0.5, width - 1, height - 1, stroke=0, fill=1)


def in_form(canvas):
    canvas.beginForm("rules", 0, 0, 2 * WIDTH, 2 * HEIGHT)
    canvas.scale(2, 2)
    grid(canvas)
    canvas.endForm()
    canvas.scale(0.5, 0.5)
    canvas.doForm("rules")


def in_forms(canvas):
    canvas.beginForm("inner", 0, 0, WIDTH, HEIGHT)
    canvas.translate(-30, 20)
    grid(canvas)
    canvas.endForm()
    canvas.beginForm("outer", 0, 0, WIDTH, HEIGHT)
    canvas.translate(10, -10)
    canvas.doForm("inner")
    canvas.endForm()
    canvas.translate(20, -10)
    canvas.doForm("outer")


def scaled(canvas):
    """As Word does: in quarters of a pixel, y downwards, with wide strokes."""
    canvas.transform(0.24, 0, 0, -0.24, 0, HEIGHT)
    canvas.setLineWidth(12)
    one = 1 / 0.24
    path = canvas.beginPath()
    for y in YS:
        path.moveTo(XS[0] * one, (HEIGHT - y) * one)
        path.lineTo(XS[-1] * one, (HEIGHT - y) * one)
    for x in XS:
        path.moveTo(x * one, (HEIGHT - YS[0]) * one)
        path.lineTo(x * one, (HEIGHT - YS[-1]) * one)
    canvas.drawPath(path)


def beyond_the_page(canvas):
    grid(canvas)
    canvas.line(-500, 300, 5000, 300)


@ENGINES
@pytest.mark.parametrize("rules", [
    grid, boxes, thin_fills, one_path, one_filled_path, rings, dashed, dots, white, thick, shaded,
    shades_only, gaps_on_black, in_form, in_forms, scaled, beyond_the_page,
], ids=lambda rules: rules.__name__)
def test_rules_however_they_are_drawn(rules, engine):
    assert printed(engine(drawn(rules, words))) == [WANTED]


def test_rules_stay_on_the_page():
    page = read(drawn(beyond_the_page, words))
    assert page.rulings.horizontal[:, 1:].min() >= 0
    assert page.rulings.horizontal[:, 1:].max() <= page.width


def diagonal(canvas):
    canvas.line(XS[0], YS[0], XS[1], YS[1])
    path = canvas.beginPath()
    path.moveTo(300, 500)
    path.curveTo(350, 520, 380, 540, 420, 500)
    canvas.drawPath(path)


def clip_only(canvas):
    path = canvas.beginPath()
    path.rect(70, 590, 100, 100)
    canvas.clipPath(path, stroke=0, fill=0)


@ENGINES
@pytest.mark.parametrize("extra", [diagonal, clip_only], ids=lambda extra: extra.__name__)
def test_shapes_that_are_no_rules(extra, engine):
    assert printed(engine(drawn(grid, extra, words))) == [WANTED]


# ── how the page stands ──────────────────────────────────────────────────────

UPRIGHT = {
    0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, HEIGHT, 0),
    180: (-1, 0, 0, -1, WIDTH, HEIGHT), 270: (0, -1, 1, 0, 0, WIDTH),
}


def lying(angle, *draws, rotate=0):
    """A page whose print lies at an angle, in a file that may say by which rotation it is shown."""
    def turned(draw):
        def turn(canvas):
            canvas.transform(*UPRIGHT[angle])
            canvas.setFont("STSong-Light", 10.5)
            draw(canvas)

        return turn

    def rotated(document):
        document.pages[0].Rotate = rotate

    size = (HEIGHT, WIDTH) if angle % 180 else (WIDTH, HEIGHT)
    return drawn(*map(turned, draws), size=size, change=rotated)


@ENGINES
@pytest.mark.parametrize(("angle", "rotate", "turns"), [
    (0, 0, 0), (90, 90, 0), (180, 180, 0), (270, 270, 0), (90, -270, 0),
    (90, 0, 1), (180, 0, 2), (270, 0, 3), (0, 90, 3), (90, 180, 3),
])
def test_print_is_turned_upright(angle, rotate, turns, engine):
    page = engine(lying(angle, grid, words, rotate=rotate))
    assert printed(page) == [WANTED]
    assert (round(page.width), round(page.height), page.turned) == (WIDTH, HEIGHT, turns)
    first = page.chars.text.tolist().index("项")
    assert page.chars.x0[first] == pytest.approx(66, abs=1)
    assert page.chars.base[first] == pytest.approx(HEIGHT - 676, abs=1)
    assert page.rulings.vertical[:, 0].min() == pytest.approx(60, abs=1)


@ENGINES
@pytest.mark.parametrize(("name", "box", "size", "place"), [
    ("CropBox", (50, 560, 440, 720), (390, 160), (16, 44)),
    ("MediaBox", (30, 500, 500, 800), (470, 300), (36, 124)),
    ("CropBox", (-100, -100, 5000, 5000), (WIDTH, HEIGHT), (66, 166)),
    ("CropBox", (440, 720, 50, 560), (390, 160), (16, 44)),
])
def test_places_count_from_the_visible_corner(name, box, size, place, engine):
    page = engine(drawn(grid, words, change=lambda document: setattr(document.pages[0], name, list(box))))
    assert (round(page.width), round(page.height)) == size
    assert (page.chars.x0[0], page.chars.base[0]) == pytest.approx(place, abs=0.1)
    assert printed(page) == [WANTED]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_cropped_page_may_be_rotated(rotate):
    def change(document):
        document.pages[0].CropBox = [50, 560, 440, 720]
        document.pages[0].Rotate = rotate

    page = read(drawn(grid, words, change=change))
    assert printed(page) == [WANTED]
    assert {round(page.width), round(page.height)} == {390, 160}


@pytest.mark.parametrize("angle", [90, -90])
def test_lying_print_within_a_cell_is_read_from_its_first_character(angle):
    def side(canvas):
        canvas.translate(80 if angle > 0 else 72, 582 if angle > 0 else 655)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "绩效2023")

    rules = [(60, 660, 160, 660), (60, 580, 160, 580), (100, 620, 160, 620)]
    walls = [(x, 660, x, 580) for x in (60, 100, 160)]
    table, _ = printed(read(drawn(
        lambda canvas: canvas.lines([*rules, *walls]), side, at(105, 640, "数量"), at(105, 600, "质量"),
        at(60, 500, "其余的正文都是横着写的，因此这一页不必转过来"),
    )))
    assert table[0][4].replace("|", "") == "绩效2023"


# ── what is no print ─────────────────────────────────────────────────────────


def invisible(canvas):
    text = canvas.beginText(70, 690)
    text.setTextRenderMode(3)
    text.textOut("隐藏文字")
    canvas.drawText(text)


def pale(canvas):
    canvas.setFillGray(1)
    canvas.drawString(200, 690, "白字")


def slanted(canvas):
    canvas.translate(200, 560)
    canvas.rotate(45)
    canvas.setFillGray(0.8)
    at(0, 0, "内部资料", 60)(canvas)


def large_and_faint(canvas):
    canvas.setFillGray(0.85)
    at(100, 600, "上海", 50)(canvas)


def doubled(canvas):
    words(canvas, 0.3, 0)
    words(canvas, 0.3, -0.3)


def outside(canvas):
    canvas.drawString(-300, 300, "页外")
    canvas.drawString(900, 300, "页外")
    at(100, 600, "极小", 0.4)(canvas)


def clipped(canvas):
    path = canvas.beginPath()
    path.rect(60, 580, 360, 80)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(70, 690, "上一页的字")


COUNT = sum(len(text) for row in WORDS for text in row)


@pytest.mark.parametrize(("ghosts", "dropped"), [
    (invisible, Dropped(invisible=4)), (pale, Dropped(pale=2)), (slanted, Dropped(slanted=4)),
    (large_and_faint, Dropped(slanted=2)), (doubled, Dropped(doubled=2 * COUNT)),
    (outside, Dropped(outside=6)), (clipped, Dropped(clipped=5)),
], ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_no_print_is_dropped_and_counted(ghosts, dropped):
    page = read(drawn(grid, words, ghosts))
    assert printed(page) == [WANTED]
    assert page.dropped == dropped


@pytest.mark.parametrize("ghosts", [pale, slanted, doubled, outside], ids=lambda ghosts: ghosts.__name__)
def test_the_second_engine_drops_what_it_can_see(ghosts):
    assert printed(read_slowly(drawn(grid, words, ghosts))) == [WANTED]


def dark_head(canvas):
    canvas.setFillColorRGB(0.2, 0.3, 0.6)
    canvas.rect(XS[0], YS[1], XS[-1] - XS[0], 40, stroke=0, fill=1)


def white_words(canvas):
    canvas.setFillGray(1)
    words(canvas)


def on_picture(canvas):
    canvas.drawImage(ImageReader(pixels((20, 30, 90))), 50, 570, 400, 140)


def pixels(colour):
    image = io.BytesIO(b"P6 2 2 255\n" + bytes(colour) * 4)
    image.name = "pixels.ppm"
    return image


def test_white_print_on_a_dark_ground_is_print():
    page = read(drawn(on_picture, grid, white_words))
    assert printed(page) == [WANTED]
    page = read(drawn(dark_head, grid, white_words))
    assert printed(page)[0][:3] == WANTED[:3]
    assert page.dropped.pale == COUNT - len("".join(WORDS[0]))


def test_digits_side_by_side_are_no_doubles():
    page = read(drawn(grid, at(66, 676, "1111.111 一一 ……"), at(166, 676, "1111.111")))
    assert printed(page)[0][0][4] == "1111.111 一一 ……"
    assert page.dropped == Dropped()


# ── characters ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["-", "x-", "—", "0.5‰", "≥95%", "㎡", "①", "（%）", "𠮷", "10⁴"])
def test_characters_come_as_printed(text):
    assert printed(read(drawn(grid, at(66, 676, text))))[0][0][4] == text


def test_a_hyphen_at_the_end_of_a_line_is_kept():
    page = read(drawn(grid, at(66, 686, "self-"), at(66, 672, "check"), at(166, 676, "-")))
    assert printed(page)[0][0][4] == "self-|check"
    assert printed(page)[0][1][4] == "-"


@ENGINES
def test_radicals_are_read_as_their_ideographs(engine):
    data = drawn(grid, at(66, 676, "项⽬部⻔⻓"))
    assert printed(engine(data))[0][0][4] == "项目部门长"
    with open_document(data) as document, document.page(0) as page:
        assert "项目部门长" in page.text()


def test_actual_text_is_what_is_read():
    def marked(canvas):
        canvas._code.append("/Span <</ActualText <FEFF76EE>>> BDC")
        canvas.drawString(66, 676, "曰")
        canvas._code.append("EMC")

    assert printed(read(drawn(grid, marked)))[0][0][4] == "目"


def test_filled_fields_are_print():
    def field(canvas):
        canvas.acroForm.textfield(name="a", value="Filled 12", x=165, y=665, width=120, height=20)

    assert printed(read(drawn(grid, words, field)))[0][0][4] == "项目名称"
    assert "Filled 12" in printed(read(drawn(grid, field)))[0][1][4]


def test_text_in_forms_has_its_place_on_the_page():
    def form(canvas):
        canvas.beginForm("text", 0, 0, WIDTH, HEIGHT)
        canvas.setFont("STSong-Light", 10.5)
        words(canvas, 20, -50)
        canvas.endForm()
        canvas.translate(-20, 50)
        canvas.doForm("text")

    assert printed(read(drawn(grid, form))) == [WANTED]


def test_fonts_are_named_by_index():
    def latin(canvas):
        canvas.setFont("Helvetica", 10.5)
        canvas.drawString(66, 640, "Latin")

    page = read(drawn(grid, at(66, 676, "宋体"), latin))
    names = {char: page.fonts[font] for char, font in zip(page.chars.text, page.chars.font, strict=True)}
    assert (names["宋"], names["L"]) == ("STSong-Light", "Helvetica")


def test_characters_without_a_known_code_can_be_marked():
    data = drawn(grid, words)
    with open_document(data) as document, document.page(0) as page:
        count = page.handles().char_count
        assert printed(page.read(unmapped=np.arange(count) == 1))[0][0][4] == "项\ufffd名称"
        assert len(page.fonts) == 1


# ── signs ────────────────────────────────────────────────────────────────────


def test_signs_tell_the_kind_of_page():
    with open_document(drawn(grid, words)) as document, document.page(0) as page:
        plain = page.signs()
    assert plain.paths == 8
    assert plain.chars >= COUNT
    assert (plain.image_share, plain.invisible_share) == (0, 0)

    def scan(canvas):
        canvas.drawImage(ImageReader(pixels((200, 200, 200))), 0, 0, WIDTH, HEIGHT / 2)

    with open_document(drawn(scan, invisible)) as document, document.page(0) as page:
        signs = page.signs()
    assert signs.image_share == pytest.approx(0.5, abs=0.01)
    assert signs.invisible_share == 1
    assert signs.paths == 0


def test_a_page_of_nothing():
    page = read(drawn())
    assert (len(page.chars.text), len(page.rulings.horizontal), page.fonts) == (0, 0, ())
    assert lay_out(page).items == ()


# ── refusals ─────────────────────────────────────────────────────────────────


def locked(data):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(target, encryption=pikepdf.Encryption(user="秘密", owner="x"))
    return target.getvalue()


@pytest.mark.parametrize("engine", [open_document, open_slowly], ids=["pdfium", "pdfplumber"])
@pytest.mark.parametrize(("data", "error"), [
    (locked(drawn(grid, words)), Encrypted), (b"", Damaged), (b"%PDF-1.7\n", Damaged),
    (b"no PDF at all" * 99, Damaged),
])
def test_what_cannot_be_opened_is_refused_by_name(data, error, engine):
    with pytest.raises(error), engine(data):
        pass


def test_an_owner_password_alone_locks_nothing():
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn(grid, words))) as document:
        document.save(target, encryption=pikepdf.Encryption(user="", owner="x"))
    assert printed(read(target.getvalue())) == [WANTED]


def test_a_page_of_too_many_objects_is_refused_and_the_next_is_read():
    target = io.BytesIO()
    canvas = Canvas(target, (WIDTH, HEIGHT), invariant=1)
    canvas._code.append("0 0 m 9 9 l S\n" * 200_001)
    canvas.showPage()
    canvas.setFont("STSong-Light", 10.5)
    grid(canvas)
    words(canvas)
    canvas.showPage()
    canvas.save()
    with open_document(target.getvalue()) as document:
        with document.page(0) as page:
            for act in (page.read, page.signs, page.text):
                with pytest.raises(TooLarge, match="page 1"):
                    act()
        with document.page(1) as page:
            assert printed(page.read()) == [WANTED]


def damaged(data, rng):
    """One of the ways in which files are damaged."""
    at_ = rng.randrange(len(data))
    match rng.randrange(4):
        case 0:
            return data[:at_]
        case 1:
            return data[:at_] + rng.randbytes(20) + data[at_ + 20 :]
        case 2:
            return data[:at_] + data[at_ + rng.randrange(200) :]
        case _:
            digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
            noisy = bytearray(data)
            for place in rng.sample(digits, 8):
                noisy[place] = rng.randrange(48, 58)
            return bytes(noisy)


@pytest.mark.parametrize("seed", range(50))
def test_damaged_files_are_read_or_refused_by_name(seed):
    rng = random.Random(seed)
    broken = damaged(drawn(grid, words, slanted, in_form), rng)
    with suppress(UnreadableSource), open_document(broken) as document:
        for index in range(min(document.page_count, 3)):
            with document.page(index) as page:
                page.signs()
                page.text()
                lay_out(page.read())
    with suppress(UnreadableSource), open_slowly(broken) as slow:
        lay_out(slow.read(0))
