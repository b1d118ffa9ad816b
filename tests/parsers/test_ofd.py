"""OFD: text and path objects become characters and rules, however carelessly the package is made."""

import contextlib
import random

import pytest

from fixtures.hostile.whole import OFD, XML, ofd, zip_of
from parsers.errors import Damaged, Empty, Encrypted, NoTextLayer, OcrUnavailable, TooLarge, UnreadableSource
from parsers.ofd import ofd_pages, read_ofd

POINTS = 72 / 25.4


def text(words="项目", boundary="20 10 100 6", code='X="0" Y="4"', inside="", **attributes):
    given = {"Boundary": boundary, "Font": "2", "Size": "4", **attributes}
    listed = " ".join(f'{name}="{value}"' for name, value in given.items())
    return f"<ofd:TextObject {listed}>{inside}<ofd:TextCode {code}>{words}</ofd:TextCode></ofd:TextObject>"


def path(data, boundary="20 30 100 50", **attributes):
    listed = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (
        f'<ofd:PathObject Boundary="{boundary}" {listed}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>'
        "</ofd:PathObject>"
    )


TOP = f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
IMAGE = '<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="9"/>'
TABLE = (
    "".join(path("M 0 0 L 100 0", f"20 {y} 100 0.1") for y in (30, 40, 50))
    + "".join(path("M 0 0 L 0 20", f"{x} 30 0.1 20") for x in (20, 70, 120))
    + "".join(
        text(words, f"{x} {y} 40 6")
        for words, x, y in (("甲", 22, 32), ("乙", 72, 32), ("丙", 22, 42), ("丁", 72, 42))
    )
)


def pages(data):
    notes = []
    return [page for found, *_ in ofd_pages(data, notes) for page in found], notes


def one(content):
    (page,), _ = pages(ofd(content))
    return page


def printed(page):
    return "".join(page.chars.text)


def places(page):
    """Left and baseline of each character, in millimetres."""
    return [
        (round(x / POINTS, 2), round(y / POINTS, 2))
        for x, y in zip(page.chars.x0, page.chars.base, strict=True)
    ]


def package(parts):
    """An OFD of our own parts, in place of those of a good one."""
    page = f"<ofd:Page {OFD}><ofd:Content><ofd:Layer>{text()}</ofd:Layer></ofd:Content></ofd:Page>"
    whole = {
        "OFD.xml": TOP,
        "Doc_0/Document.xml": f'<ofd:Document {OFD}><ofd:CommonData/><ofd:Pages><ofd:Page BaseLoc="P.xml"/>'
        "</ofd:Pages></ofd:Document>",
        "Doc_0/P.xml": page,
    }
    return zip_of({name: XML + part for name, part in (whole | parts).items() if part is not None})


def document(common="", pages='<ofd:Page BaseLoc="P.xml"/>', more=""):
    return (
        f"<ofd:Document {OFD}><ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages>{more}"
        "</ofd:Document>"
    )


def content(*objects, before=""):
    drawn = "".join(objects)
    return f"<ofd:Page {OFD}>{before}<ofd:Content><ofd:Layer>{drawn}</ofd:Layer></ofd:Content></ofd:Page>"


# ── a whole document ─────────────────────────────────────────────────────────


def test_a_table_becomes_a_grid_with_boxes_in_points():
    reading = read_ofd(ofd(text("自评表", "80 15 60 6") + TABLE), "x.ofd")
    assert (reading.media_type, reading.page_count, reading.notes) == ("application/ofd", 1, ())
    title, grid = reading.grids
    assert title.cells[0].text == "自评表"
    assert [(cell.row, cell.col, cell.text) for cell in grid.cells] == [
        (0, 0, "甲"),
        (0, 1, "乙"),
        (1, 0, "丙"),
        (1, 1, "丁"),
    ]
    origin = grid.cells[3].origin
    assert (origin.page, origin.method) == (1, "ofd")
    assert tuple(round(side / POINTS, 1) for side in origin.box) == (70.0, 40.0, 120.0, 50.0)


def test_pages_have_their_own_size_or_that_of_the_document():
    area = "<ofd:Area><ofd:PhysicalBox>10 20 297 210</ofd:PhysicalBox></ofd:Area>"
    found, _ = pages(
        package(
            {
                "Doc_0/Document.xml": document(
                    "<ofd:PageArea><ofd:PhysicalBox>0 0 100 50</ofd:PhysicalBox></ofd:PageArea>",
                    '<ofd:Page BaseLoc="P.xml"/><ofd:Page BaseLoc="Q.xml"/>',
                ),
                "Doc_0/Q.xml": content(text(boundary="30 40 9 9"), before=area),
            }
        )
    )
    sizes = [(round(page.width / POINTS), round(page.height / POINTS), page.number) for page in found]
    assert sizes == [(100, 50, 1), (297, 210, 2)]
    assert places(found[1])[0] == (20, 24)


# ── text ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "code", "wanted"),
    [
        ("项目支出", 'X="1" Y="4" DeltaX="4 5 6"', [(21, 14), (25, 14), (30, 14), (36, 14)]),
        ("项目支出", 'X="1" Y="4" DeltaX="g 3 5"', [(21, 14), (26, 14), (31, 14), (36, 14)]),
        ("项目支出", 'X="1" Y="4" DeltaX="2 g 2 5"', [(21, 14), (23, 14), (28, 14), (33, 14)]),
        ("项目支出", 'X="1" Y="4" DeltaX="g 1000000000 5"', [(21, 14), (26, 14), (31, 14), (36, 14)]),
        ("项目支出", 'X="1" Y="4" DeltaX="5"', [(21, 14), (26, 14), (31, 14), (36, 14)]),
        ("项目", 'X="1" Y="4" DeltaY="5"', [(21, 14), (21, 19)]),
        ("项1目", 'X="1" Y="4"', [(21, 14), (25, 14), (27, 14)]),
        ("项 目", 'X="0" Y="4" DeltaX="4 4"', [(20, 14), (28, 14)]),
        ("\n  项目\n ", 'X="0" Y="4" DeltaX="5"', [(20, 14), (25, 14)]),
        ("项目", 'X="0" Y="4" DeltaX="g x"', [(20, 14), (24, 14)]),
        ("项&amp;", 'X="0" Y="4" DeltaX="4"', [(20, 14), (24, 14)]),
    ],
)
def test_characters_stand_where_the_text_code_says(words, code, wanted):
    assert places(one(text(words, code=code))) == wanted


def test_a_text_code_without_a_place_goes_on_at_the_last():
    more = '</ofd:TextCode><ofd:TextCode Y="9">二'
    assert places(one(text("一" + more, code='X="3" Y="4"'))) == [(23, 14), (23, 19)]


@pytest.mark.parametrize(
    ("matrix", "wanted"),
    [
        ("1 0 0 1 5 6", [(25, 20), (29, 20)]),
        ("2 0 0 2 0 0", [(20, 18), (28, 18)]),
        ("1 0 0", [(20, 14), (24, 14)]),
    ],
)
def test_the_matrix_applies_before_the_boundary(matrix, wanted):
    page = one(text(code='X="0" Y="4" DeltaX="4"', CTM=matrix))
    assert places(page) == wanted


@pytest.mark.parametrize(
    ("word", "delta", "width"), [("项", 9, 4), ("项", 3, 3), ("1", 1.8, 1.8), ("W", 3.6, 3.6), ("1", 9, 4)]
)
def test_a_box_is_as_wide_as_the_advance_and_never_wider_than_an_em(word, delta, width):
    page = one(text(word * 2, code=f'X="0" Y="4" DeltaX="{delta}"'))
    assert round((page.chars.x1[0] - page.chars.x0[0]) / POINTS, 2) == width
    assert round((page.chars.bottom[0] - page.chars.top[0]) / POINTS, 2) == 4


@pytest.mark.parametrize(
    ("matrix", "turned"), [("0 1 -1 0 9 0", 3), ("0 -1 1 0 0 90", 1), ("-1 0 0 -1 90 9", 2)]
)
def test_a_page_of_turned_text_is_turned_upright(matrix, turned):
    page = one(text("项目支出", code='X="0" Y="4" DeltaX="g 3 4"', CTM=matrix))
    assert page.turned == turned
    assert (page.width > page.height) == (turned % 2 == 1)
    assert len({round(base, 3) for base in page.chars.base}) == 1
    assert list(page.chars.x0) == sorted(page.chars.x0)
    assert all(page.chars.top < page.chars.base)


def test_text_at_a_slant_is_a_watermark():
    page = one(text("项目支出") + text("水印", CTM="0.7 0.7 -0.7 0.7 0 0"))
    assert (printed(page), page.dropped.slanted) == ("项目支出", 2)


@pytest.mark.parametrize(
    ("hidden", "kind"),
    [
        (text("隐", Visible="false"), None),
        (text("隐", Alpha="0"), "invisible"),
        (text("隐", Fill="false"), "invisible"),
        (text("隐", inside='<ofd:FillColor Value="0 0 0" Alpha="0"/>'), "invisible"),
        (text("隐", inside='<ofd:FillColor Value="255 255 255"/>'), "pale"),
        (text("隐", boundary="500 500 9 9"), "outside"),
        (text("隐", Size="0"), "outside"),
    ],
)
def test_what_is_not_to_be_seen_is_left_out(hidden, kind):
    page = one(text("项目") + hidden)
    assert printed(page) == "项目"
    assert sum(page.dropped) == (kind is not None)
    assert kind is None or getattr(page.dropped, kind) == 1


def test_white_text_on_a_dark_field_is_print():
    field = path("M 0 0 L 100 0 L 100 20 L 0 20 C", "15 5 100 20", Fill="true", Stroke="false")
    assert printed(one(field + text("白", inside='<ofd:FillColor Value="255 255 255"/>'))) == "白"


def test_outlined_text_is_print():
    assert printed(one(text("空心", Fill="false", Stroke="true"))) == "空心"


# ── blocks, composite objects, templates ─────────────────────────────────────


def test_blocks_are_walked_in_order():
    block = f"<ofd:PageBlock>{text('二')}<ofd:PageBlock>{text('三')}</ofd:PageBlock></ofd:PageBlock>"
    assert printed(one(text("一") + block + text("四"))) == "一二三四"


def test_a_composite_object_is_drawn_where_it_is_placed():
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" Width="9" Height="9"><ofd:Content>'
        f"{text('组', '1 2 9 9')}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    (page,), _ = pages(
        package(
            {
                "Doc_0/Document.xml": document("<ofd:PublicRes>R.xml</ofd:PublicRes>"),
                "Doc_0/R.xml": f"<ofd:Res {OFD}>{unit}</ofd:Res>",
                "Doc_0/P.xml": content(
                    '<ofd:CompositeObject ResourceID="7" Boundary="10 10 9 9" CTM="2 0 0 2 0 0"/>'
                ),
            }
        )
    )
    assert places(page) == [(12, 22)]


@pytest.mark.parametrize(
    ("order", "default", "wanted"),
    [
        ('ZOrder="Background"', "", "模页"),
        ('ZOrder="Foreground"', "", "页模"),
        ("", "", "模页"),
        ("", 'ZOrder="Foreground"', "页模"),
    ],
)
def test_a_template_lies_below_or_above_the_page(order, default, wanted):
    (page,), _ = pages(
        package(
            {
                "Doc_0/Document.xml": document(f'<ofd:TemplatePage ID="5" BaseLoc="T.xml" {default}/>'),
                "Doc_0/T.xml": content(text("模")),
                "Doc_0/P.xml": content(text("页"), before=f'<ofd:Template TemplateID="5" {order}/>'),
            }
        )
    )
    assert printed(page) == wanted


@pytest.mark.parametrize("template", [None, "<broken"])
def test_a_page_is_read_without_a_lost_template(template):
    (page,), _ = pages(
        package(
            {
                "Doc_0/Document.xml": document('<ofd:TemplatePage ID="5" BaseLoc="T.xml"/>'),
                "Doc_0/T.xml": template,
                "Doc_0/P.xml": content(
                    text("页"), before='<ofd:Template TemplateID="5"/><ofd:Template TemplateID="6"/>'
                ),
            }
        )
    )
    assert printed(page) == "页"


# ── rules ────────────────────────────────────────────────────────────────────


def rules(*objects):
    """Level and upright rules in millimetres."""
    page = one(text() + "".join(objects))
    return tuple(
        sorted(tuple(round(float(value) / POINTS, 1) for value in row) for row in rows)
        for rows in page.rulings
    )


FRAME = ([(30, 20, 30), (50, 20, 30)], [(20, 30, 50), (30, 30, 50)])


@pytest.mark.parametrize(
    ("drawn", "wanted"),
    [
        (path("M 0 0 L 100 0"), ([(30, 20, 120)], [])),
        (path("S 0 5 L 100 5 M 3 0 L 3 9"), ([(35, 20, 120)], [(23, 30, 39)])),
        (path("M 0 0 L 10 0 L 10 20 L 0 20 C"), FRAME),
        (path("M 0 0 10 0 10 20 0 20 Z"), ([], [])),
        (path("M0,0L10,0L10,20L0,20C"), FRAME),
        (path("M 0 0 L 100 0.4", Fill="true", Stroke="false"), ([(30.2, 20, 120)], [])),
        (path("M 0 0 L 100 0 L 100 0.4 L 0 0.4 C", Fill="true", Stroke="false"), ([(30.2, 20, 120)], [])),
        (path("M 0 0 L 0.4 0 L 0.4 20 L 0 20 C", Fill="true", Stroke="false"), ([], [(20.2, 30, 50)])),
        (path("M 0 0 L 100 0 L 100 20 L 0 20 C", Fill="true", Stroke="false"), ([], [])),
        (path("M 0 0 L 100 60"), ([], [])),
        (path("M 0 0 B 1 1 2 2 100 0 L 100 20"), ([], [(120, 30, 50)])),
        (path("M 0 0 Q 1 1 2 0 A 1 1 0 0 1 5 0 L 9 0"), ([(30, 25, 29)], [])),
        (path("M 0 0 L 100 0 X 3 L 0 9"), ([(30, 20, 120)], [])),
        (path("M 0 0 L 100 0", CTM="0 1 -1 0 50 0"), ([], [(70, 30, 130)])),
        (path("M 0 0 L 100 0", Visible="false"), ([], [])),
        (path("M 0 0 L 100 0", Stroke="false"), ([], [])),
        (path("M -90 0 L 900 0"), ([(30, 0, 210)], [])),
        (path("M 0 0 L 5"), ([], [])),
        (path("nonsense"), ([], [])),
        (path(""), ([], [])),
    ],
)
def test_straight_lines_are_rules(drawn, wanted):
    assert rules(drawn) == wanted


# ── careless packages ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "reference",
    [
        "P.xml",
        "/Doc_0/P.xml",
        "Doc_0/P.xml",
        ".\\P.xml",
        "p.XML",
        "../Doc_0/P.xml",
        " P.xml ",
        "\\DOC_0\\P.xml",
    ],
)
def test_a_page_is_found_however_it_is_named(reference):
    (page,), _ = pages(package({"Doc_0/Document.xml": document(pages=f'<ofd:Page BaseLoc="{reference}"/>')}))
    assert printed(page) == "项目"


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.replace("ofd:", "").replace("xmlns:ofd", "xmlns"),
        lambda part: part.replace("ofd:", "").replace(' xmlns:ofd="http://www.ofdspec.org/2016"', ""),
        lambda part: part.replace("ofd:", "x:").replace("xmlns:ofd", "xmlns:x"),
        lambda part: part.replace(OFD, ""),
        lambda part: part.replace("www.ofdspec.org/2016", "www.ofdspec.org"),
    ],
    ids=["default", "none", "other", "undeclared", "old"],
)
def test_namespaces_do_not_matter(change):
    parts = {
        "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "</ofd:OFD>",
        "Doc_0/Document.xml": document(),
        "Doc_0/P.xml": content(text()),
    }
    (page,), _ = pages(package({name: change(part) for name, part in parts.items()}))
    assert printed(page) == "项目"


def test_backslashes_in_the_package_are_slashes():
    data = package({}).replace(b"Doc_0/", b"Doc_0\\")
    (page,), _ = pages(data)
    assert printed(page) == "项目"


def test_all_documents_are_read_and_their_pages_numbered_on():
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
        for root in ("Doc_0/Document.xml", "Doc_1/Document.xml")
    )
    data = package(
        {
            "OFD.xml": f"<ofd:OFD {OFD}>{bodies}</ofd:OFD>",
            "Doc_1/Document.xml": document(),
            "Doc_1/P.xml": content(text("二")),
        }
    )
    reading = read_ofd(data)
    assert reading.page_count == 2
    assert [(grid.cells[0].text, grid.cells[0].origin.page) for grid in reading.grids] == [
        ("项目", 1),
        ("二", 2),
    ]


def test_the_current_version_counts():
    body = (
        "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>"
        '<ofd:Version ID="1" Index="1" BaseLoc="V1.xml"/><ofd:Version ID="2" Index="2" Current="true"'
        ' BaseLoc="Doc_1/V2.xml"/></ofd:Versions></ofd:DocBody>'
    )
    data = package(
        {
            "OFD.xml": f"<ofd:OFD {OFD}>{body}</ofd:OFD>",
            "Doc_1/Document.xml": document(),
            "Doc_1/V2.xml": f"<ofd:DocVersion {OFD}><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:DocVersion>",
            "Doc_1/P.xml": content(text("新")),
        }
    )
    (page,), _ = pages(data)
    assert printed(page) == "新"


def test_attached_files_are_noted():
    data = package(
        {
            "Doc_0/Document.xml": document(more="<ofd:Attachments>A.xml</ofd:Attachments>"),
            "Doc_0/A.xml": f'<ofd:Attachments {OFD}><ofd:Attachment Name="自评表.xlsx"/></ofd:Attachments>',
        }
    )
    (note,) = read_ofd(data).notes
    assert (note.kind, note.place) == ("embedded_object", "自评表.xlsx")


def test_a_damaged_page_does_not_stop_the_others():
    data = package(
        {
            "Doc_0/Document.xml": document(
                pages='<ofd:Page BaseLoc="P.xml"/><ofd:Page BaseLoc="Q.xml"/><ofd:Page BaseLoc="P.xml"/>'
            ),
            "Doc_0/Q.xml": "<broken",
        }
    )
    reading = read_ofd(data)
    assert [note.kind for note in reading.notes if note.place == "page 2"] == ["unreadable_page"]
    assert [grid.cells[0].origin.page for grid in reading.grids] == [1, 3]


# ── pictures, and fonts that lie ─────────────────────────────────────────────


def test_a_scanned_page_among_others_is_noted():
    found = package(
        {
            "Doc_0/Document.xml": document(pages='<ofd:Page BaseLoc="P.xml"/><ofd:Page BaseLoc="Q.xml"/>'),
            "Doc_0/Q.xml": content(IMAGE),
        }
    )
    (note,) = read_ofd(found).notes
    assert (note.kind, note.place) == ("scanned_page", "page 2")


@pytest.mark.parametrize(
    "drawn",
    [
        IMAGE,
        text("识别") + IMAGE,
        IMAGE + text("识别", Alpha="0"),
        IMAGE.replace('CTM="210 0 0 297 0 0" ', ""),
    ],
)
def test_a_scan_with_recognised_text_behind_it_has_no_text_layer(drawn):
    with pytest.raises(NoTextLayer, match="picture"):
        read_ofd(ofd(drawn))


def test_without_an_engine_the_message_names_the_extra(monkeypatch):
    for module in ("ofd", "pictures"):
        monkeypatch.setattr(f"parsers.{module}.is_installed", lambda: False)
    with pytest.raises(OcrUnavailable, match=r"pip install 'jixiao\[ocr\]'"):
        read_ofd(ofd(IMAGE))


@pytest.mark.parametrize("base", ["", "Res", "/Doc_0/Res"])
@pytest.mark.parametrize("file", ["a.png", "/Doc_0/Res/a.png", "Res/A.PNG", "..\\Doc_0\\Res\\a.png"])
def test_the_picture_of_a_page_is_found(base, file, monkeypatch):
    asked = []
    monkeypatch.setattr("parsers.ofd.read_shown", lambda data, number: (asked.append((data, number)) or (), ()))
    media = f'<ofd:MultiMedia ID="9"><ofd:MediaFile>{file}</ofd:MediaFile></ofd:MultiMedia>'
    found = package(
        {
            "Doc_0/Document.xml": document("<ofd:DocumentRes>R.xml</ofd:DocumentRes>"),
            "Doc_0/R.xml": f'<ofd:Res {OFD} BaseLoc="{base}"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
            "Doc_0/P.xml": content(IMAGE),
            "Doc_0/Res/a.png": "picture",
            "Doc_0/a.png": "picture",
        }
    )
    with pytest.raises(NoTextLayer):
        read_ofd(found)
    assert asked == [((XML + "picture").encode(), 1)]


@pytest.mark.parametrize(
    "image", [IMAGE, IMAGE.replace("0 0 210 297", "0 0 60 60").replace("210 0 0 297", "60 0 0 60")]
)
def test_text_over_a_picture_is_print(image):
    assert printed(one(image + text("项目"))) == "项目"


GLYPHS = (
    '<ofd:CGTransform CodePosition="0" CodeCount="4" GlyphCount="4"><ofd:Glyphs>7 8 9 10</ofd:Glyphs>'
    "</ofd:CGTransform>"
)


@pytest.mark.parametrize("words", ["    ", "\ue001\ue002\ue003\ue004", "&#1;&#2;&#3;&#4;"])
def test_fonts_whose_codes_say_nothing_are_left_out_with_a_note(words):
    lying = text(words, Font="3", inside=GLYPHS)
    with pytest.raises(NoTextLayer, match="fonts"):
        read_ofd(ofd(lying))
    reading = read_ofd(ofd(text("项目") + lying + text("\ue005字", Font="3")))
    assert [(note.kind, note.place) for note in reading.notes] == [("unreadable_text_layer", "page 1")]
    assert "".join(cell.text for grid in reading.grids for cell in grid.cells) == "项目"


def test_glyphs_in_the_stead_of_real_codes_are_no_doubt():
    assert read_ofd(ofd(text("项目支出", inside=GLYPHS))).notes == ()


def test_check_boxes_of_a_symbol_font_stay():
    found = package(
        {
            "Doc_0/Document.xml": document("<ofd:PublicRes>R.xml</ofd:PublicRes>"),
            "Doc_0/R.xml": f'<ofd:Res {OFD}><ofd:Fonts><ofd:Font ID="3" FontName="Wingdings 2"/></ofd:Fonts>'
            "</ofd:Res>",
            "Doc_0/P.xml": content(text("\uf052\uf0a3\uf052", Font="3")),
        }
    )
    (page,), notes = pages(found)
    assert (printed(page), notes, page.fonts) == ("\uf052\uf0a3\uf052", [], ("Wingdings 2",))


# ── what cannot be read ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (ofd(""), Empty),
        (b"PK\x03\x04", Damaged),
        (package({"OFD.xml": None}), Damaged),
        (package({"OFD.xml": f"<ofd:OFD {OFD}/>"}), Damaged),
        (package({"Doc_0/Document.xml": None}), Damaged),
        (package({"Doc_0/P.xml": None}), Damaged),
        (package({"Doc_0/P.xml": "junk", "Doc_0/Encryptions.xml": "<x/>"}), Encrypted),
        (package({"Doc_0/Document.xml": document(pages='<ofd:Page BaseLoc="P.xml"/>' * 5_001)}), TooLarge),
        (ofd(path("M 0 0 L 9 0") * 10 + text("七" * 1_000_001)), TooLarge),
    ],
)
def test_what_cannot_be_read_says_why(data, error):
    with pytest.raises(error):
        read_ofd(data)


@pytest.mark.parametrize(
    "values", ["nan nan nan nan", "1e999 0 0 1", "x", "", "1", "-5 -5 -5 -5", "1e300 1 1 1"]
)
@pytest.mark.parametrize("attribute", ["Boundary", "CTM", "Size", "HScale", "CharDirection", "Alpha"])
def test_senseless_numbers_stop_nothing(attribute, values):
    reading = read_ofd(
        ofd(
            text("项目")
            + text("乱", **{"boundary": "20 60 9 9", attribute: values})
            + path("M 0 0 L 9 9", CTM=values)
        )
    )
    assert "项目" in "".join(cell.text for grid in reading.grids for cell in grid.cells)


WHOLE = {
    "OFD.xml": TOP,
    "Doc_0/Document.xml": document('<ofd:TemplatePage ID="5" BaseLoc="T.xml"/>'),
    "Doc_0/T.xml": content(text("模")),
    "Doc_0/P.xml": content(TABLE, IMAGE, before='<ofd:Template TemplateID="5"/>'),
}


@pytest.mark.parametrize("seed", range(200))
def test_damaged_parts_raise_nothing_else(seed):
    noise = random.Random(seed)
    parts = {name: bytearray((XML + part).encode()) for name, part in WHOLE.items()}
    for part in parts.values():
        for _ in range(noise.choice((0, 0, 1, 3))):
            at = noise.randrange(len(part))
            part[at : at + noise.randrange(4)] = noise.choice(
                (b"", b"<", b'"', b"9", b"-", b" ", b"e99", b"\xff")
            )
    data = bytearray(zip_of({name: bytes(part) for name, part in parts.items()}))
    for _ in range(noise.choice((0, 0, 4))):
        data[noise.randrange(len(data))] = noise.randrange(256)
    with contextlib.suppress(UnreadableSource):
        read_ofd(bytes(data[: noise.choice((len(data), noise.randrange(len(data))))]))
