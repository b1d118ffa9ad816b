"""Excel workbooks: hand-made XML for what programs write, drawn forms for what must come out."""

import io
import random
import re
import zipfile
from contextlib import suppress
from functools import cache

import openpyxl
import pytest

from fixtures.drawing.xlsx import workbook
from fixtures.golden import DOCUMENT_ID, described, differences
from fixtures.sheet import SAMPLE, Paragraph, sample_sheets, truth
from parsers import read
from parsers.errors import (
    Damaged,
    Empty,
    Encrypted,
    NoTextLayer,
    TooLarge,
    UnreadableSource,
    Unsupported,
)
from parsers.xlsx import read_xlsx
from pipeline.document import extract

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAW = 'xmlns:xdr="urn:xdr" xmlns:a="urn:a"'


def rels(*relations):
    items = "".join(
        f'<Relationship Id="{identity}" Type="{REL}/{kind}" Target="{target}"/>'
        for identity, kind, target in relations
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def book(*sheets, states=(), styles="", strings=None, parts=None, date1904=False):
    """A workbook of sheets given as the inside of <worksheet>; ``parts`` adds to, or replaces, members."""
    names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    states = [*states, *["visible"] * len(sheets)]
    tabs = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}" state="{states[n - 1]}"/>'
        for n, name in enumerate(names, 1)
    )
    members = {
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">'
                           f'<workbookPr date1904="{int(date1904)}"/><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
            ("rId90", "styles", "styles.xml"), ("rId91", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }  # fmt: skip
    if strings is not None:
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    for n, inside in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{inside}</worksheet>'
        )
    return packed({**members, **(parts or {})})


def packed(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text(reference, content):
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def rows(*lines, first=1, merges=(), attributes=None, before=""):
    """Rows of texts from column A, None where there is no cell."""
    body = "".join(
        f'<row r="{first + n}" {(attributes or {}).get(first + n, "")}>'
        + "".join(
            text(f"{chr(65 + col)}{first + n}", cell) for col, cell in enumerate(line) if cell is not None
        )
        + "</row>"
        for n, line in enumerate(lines)
    )
    merged = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    return f"{before}<sheetData>{body}</sheetData>" + (f"<mergeCells>{merged}</mergeCells>" if merges else "")


def data(inside):
    return f"<sheetData>{inside}</sheetData>"


def placed(grid):
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells]


def shapes(reading):
    return [(grid.n_rows, grid.n_cols) for grid in reading.grids]


def texts(reading):
    return [cell.text for grid in reading.grids for cell in grid.cells]


def kinds(reading):
    return [note.kind for note in reading.notes]


TABLE = [["一级指标", "二级指标", "三级指标"], ["产出", "数量", "次数"], ["效益", "社会", "率"]]


# ── what a cell displays ─────────────────────────────────────────────────────

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0&quot;分&quot;"/>'
    '<numFmt numFmtId="165" formatCode="nonsense"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 9, 31, 164, 165, 49, 10))
    + "</cellXfs>"
)
STRINGS = (
    "<si><t>项目</t></si>"
    '<si><r><t>年度</t></r><r><rPr/><t>总体目标</t></r><rPh sb="0" eb="1"><t>ニエン</t></rPh></si>'
    "<si><t>上\n下</t></si><si><t>a_x000D_\nb_x005F_x000D_</t></si>"
    '<si><t xml:space="preserve">　 值 </t></si>'
)


@pytest.mark.parametrize(("cell", "expected"), [
    ('<c r="A1" s="1"><v>0.95</v></c>', "95%"),
    ('<c r="A1" s="6"><v>0.99760000000000004</v></c>', "99.76%"),
    ('<c r="A1"><v>0.30000000000000004</v></c>', "0.3"),
    ('<c r="A1"><v>9.9765799999999998</v></c>', "9.97658"),
    ('<c r="A1" t="n"><v>1E3</v></c>', "1000"),
    ('<c r="A1" s="2"><v>45291</v></c>', "2023年12月31日"),
    ('<c r="A1" s="2" t="d"><v>2023-12-31T00:00:00Z</v></c>', "2023年12月31日"),
    ('<c r="A1" t="d"><v>2023-12-31</v></c>', "2023/12/31"),
    ('<c r="A1" s="3"><v>9.55</v></c>', "9.6分"),
    ('<c r="A1" s="4"><v>9.5</v></c>', "9.5"),
    ('<c r="A1" s="5" quotePrefix="1" t="s"><v>0</v></c>', "项目"),
    ('<c r="A1" s="999"><v>7</v></c>', "7"),
    ('<c r="A1" s="-1"><v>7</v></c>', "7"),
    ('<c r="A1" t="s"><v>1</v></c>', "年度总体目标"),
    ('<c r="A1" t="s"><v>2</v></c>', "上下"),
    ('<c r="A1" t="s"><v>3</v></c>', "a b_x000D_"),
    ('<c r="A1" t="s"><v>4</v></c>', "值"),
    ('<c t="inlineStr"><is><r><t>实施</t></r><r><t>单位</t></r><rPh><t>x</t></rPh></is></c>', "实施单位"),
    ('<c r="A1" t="str"><f>A2&amp;"年"</f><v>2023年</v></c>', "2023年"),
    ('<c r="A1" s="1"><f>B1/C1</f><v>0.5</v></c>', "50%"),
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE"),
    ('<c r="A1" t="b"><v>0</v></c>', "FALSE"),
    ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
    ('<c r="A1" t="n"><v>三</v></c>', "三"),
    ('<c r="A1"><v>NaN</v></c>', "NaN"),
    ('<c r="A1"><v>1E999</v></c>', "1E999"),
    ("<c><v>5</v></c>", "5"),
    ('<c r="a1"><v>5</v></c>', "5"),
    ('<c r="$A$1"><v>5</v></c>', "5"),
    ('<c r="A1" t="inlineStr"><is><t>甲&#1;乙</t></is></c>', "甲 乙"),
    ('<c r="A1" t="inlineStr"><is><t>甲\x0b乙</t></is></c>', "甲 乙"),
])  # fmt: skip
def test_a_cell_is_read_as_displayed(cell, expected):
    reading = read_xlsx(book(data(f'<row r="1">{cell}</row>'), styles=STYLES, strings=STRINGS))
    assert texts(reading) == [expected]


def test_days_count_from_1904_where_the_workbook_says_so():
    cell = data('<row r="1"><c r="A1" s="2"><v>43829</v></c></row>')
    assert texts(read_xlsx(book(cell, styles=STYLES, date1904=True))) == ["2023年12月31日"]


@pytest.mark.parametrize(("cell", "kind"), [
    ('<c r="B2"><f>SUM(A1:A2)</f></c>', "formula_without_value"),
    ('<c r="B2"><f>SUM(A1:A2)</f><v></v></c>', "formula_without_value"),
    ('<c r="B2" t="s"><v>77</v></c>', "missing_string"),
    ('<c r="B2" t="s"><v>x</v></c>', "missing_string"),
    ('<c r="B2" t="str"><f>x</f><v>=DISPIMG("ID_1",1)</v></c>', "picture_in_cell"),
])  # fmt: skip
def test_what_cannot_be_displayed_is_noted(cell, kind):
    reading = read_xlsx(book(data(f'<row r="1">{text("A1", "项目")}</row><row r="2">{cell}</row>')))
    assert texts(reading) == ["项目"]
    assert [(note.kind, note.place) for note in reading.notes] == [(kind, "Sheet1!B2")]


def test_a_formula_of_empty_text_is_no_doubt():
    cell = '<c r="B1" t="str"><f>IF(1,"")</f><v></v></c>'
    assert read_xlsx(book(data(f'<row r="1">{text("A1", "项目")}{cell}</row>'))).notes == ()


def test_an_unknown_format_shows_the_number_and_is_noted():
    reading = read_xlsx(book(data('<row r="1"><c r="A1" s="4"><v>9.5</v></c></row>'), styles=STYLES))
    assert (texts(reading), kinds(reading)) == (["9.5"], ["unknown_number_format"])


# ── where cells stand ────────────────────────────────────────────────────────


def test_merged_ranges_are_spans_and_places_are_references():
    sheet = rows(["标题", None, None], ["甲", "乙", "丙"], [None, "丁", "戊"], merges=["A1:C1", "A2:A3"])
    title, table = read_xlsx(book(sheet)).grids
    assert (placed(title), title.cells[0].origin.place) == ([(0, 0, 1, 1, "标题")], "Sheet1!A1:C1")
    assert placed(table) == [
        (0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (0, 2, 1, 1, "丙"), (1, 1, 1, 1, "丁"), (1, 2, 1, 1, "戊"),
    ]  # fmt: skip
    assert [cell.origin.place for cell in table.cells][:2] == ["Sheet1!A2:A3", "Sheet1!B2"]
    assert {(cell.origin.page, cell.origin.method) for cell in table.cells} == {(1, "xlsx")}


def test_leading_blanks_are_trimmed_but_not_from_the_place():
    sheet = data(f'<row r="3">{text("C3", "甲")}{text("D3", "乙")}</row><row r="4">{text("D4", "丙")}</row>')
    (grid,) = read_xlsx(book(sheet)).grids
    assert placed(grid) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 1, 1, 1, "丙")]
    assert grid.cells[0].origin.place == "Sheet1!C3"


@pytest.mark.parametrize(("merges", "lost", "noted"), [
    (["A1:B1"], {"乙"}, ["covered_text"]),
    (["A1:A1"], set(), []),
    (["A1:B1", "B1:C1"], {"乙"}, ["covered_text", "broken_merge"]),
    (["A1:B2", "A1:B2"], {"乙", "丁", "戊"}, ["covered_text"]),
    (["B1:A1"], {"乙"}, ["covered_text"]),
    (["", "A1", "nonsense", "A1:ZZZ9", "A0:B1", "A1:B99999999"], set(), []),
    (["A1:XFD1048576"], {"乙", "丙", "丁", "戊", "己"}, ["covered_text"]),
])  # fmt: skip
def test_odd_merged_ranges(merges, lost, noted):
    reading = read_xlsx(book(rows(["甲", "乙", "丙"], ["丁", "戊", "己"], merges=merges)))
    assert set(texts(reading)) == set("甲乙丙丁戊己") - lost
    assert kinds(reading) == noted


def test_a_range_filled_with_its_own_value_is_no_loss():
    reading = read_xlsx(book(rows(["甲", "乙"], ["甲", "丙"], ["甲", "丁"], merges=["A1:A3"])))
    assert (placed(reading.grids[0])[0], reading.notes) == ((0, 0, 3, 1, "甲"), ())


@pytest.mark.parametrize("sheet", [
    rows(["甲", "藏", "乙"], ["藏", "藏", "藏"], ["丙", "藏", "丁"], attributes={2: 'hidden="1"'},
         before='<cols><col min="2" max="2" hidden="1"/></cols>'),
    rows(["甲", "藏", "乙"], ["藏", "藏", "藏"], ["丙", "藏", "丁"], attributes={2: 'ht="0"'},
         before='<cols><col min="2" max="2" width="0" customWidth="1"/></cols>'),
])  # fmt: skip
def test_hidden_rows_and_columns_are_gone(sheet):
    reading = read_xlsx(book(sheet))
    assert [placed(grid) for grid in reading.grids] == [
        [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 1, "丙"), (1, 1, 1, 1, "丁")]
    ]
    assert [(note.kind, note.place) for note in reading.notes] == [("hidden_cells", "Sheet1!B1")]
    assert reading.notes[0].message.endswith("(5): B1, A2, B2, C2, B3")


def test_a_merged_cell_shows_in_what_is_left_of_its_range():
    hidden = '<cols><col min="1" max="1" hidden="1"/></cols>'
    lines = [["甲", None, "乙"], [None, None, "丙"], ["丁", "戊", "己"]]
    sheet = rows(*lines, merges=["A1:B2"], attributes={1: 'hidden="1"'}, before=hidden)
    (grid,) = read_xlsx(book(sheet)).grids
    assert placed(grid) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "丙"), (1, 0, 1, 1, "戊"), (1, 1, 1, 1, "己")]


def test_hidden_sheets_are_told_and_pages_count_the_others():
    states = ["visible", "hidden", "veryHidden", "visible"]
    reading = read_xlsx(book(*[rows([name]) for name in "甲乙丙丁"], states=states))
    assert texts(reading) == ["甲", "丁"]
    assert [grid.cells[0].origin.page for grid in reading.grids] == [1, 2]
    assert reading.page_count == 2
    assert [(note.kind, note.message) for note in reading.notes] == [
        ("hidden_sheet", "hidden sheets are not read (2): Sheet2, Sheet3")
    ]


def test_formats_without_text_are_no_cells():
    styled = "".join(f'<row r="{n}">' + '<c s="1"/>' * 50 + "</row>" for n in range(2, 60))
    first = f'<row r="1">{text("A1", "甲")}{text("B1", " ")}</row>'
    reading = read_xlsx(book(data(first + styled), styles=STYLES))
    assert shapes(reading) == [(1, 1)]


@pytest.mark.parametrize(("name", "place"), [
    ("自评表", "自评表!A1"), ("自评表 (2)", "'自评表 (2)'!A1"), ("2023年", "'2023年'!A1"),
    ("a'b", "'a''b'!A1"),
])  # fmt: skip
def test_names_of_sheets_are_quoted_as_in_references(name, place):
    members = unpacked(book(rows(["甲"])))
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b"Sheet1", name.encode())
    assert read_xlsx(packed(members)).grids[0].cells[0].origin.place == place


# ── pieces of a sheet ────────────────────────────────────────────────────────


def test_titles_are_paragraphs_and_an_empty_row_ends_a_table():
    sheet = rows(["标题", None, None], [None, None, "单位：万元"], *TABLE, [], ["注释"], [], *TABLE)
    assert shapes(read_xlsx(book(sheet))) == [(1, 1), (1, 1), (3, 3), (1, 1), (3, 3)]


def test_a_lone_cell_inside_a_table_stays_in_it():
    assert shapes(read_xlsx(book(rows(*TABLE, ["评价结论"], ["注：无"])))) == [(5, 3)]


def test_a_merged_cell_bridges_an_empty_row():
    sheet = rows(["产出", "数量", "次数"], [None, None, None], [None, "质量", "率"], merges=["A1:A3"])
    assert shapes(read_xlsx(book(sheet))) == [(3, 3)]


def test_the_pieces_of_a_table_keep_their_columns():
    sheet = rows(["甲", "乙", "丙"], [], [None, "丁", "戊"])
    assert [placed(grid)[0][1] for grid in read_xlsx(book(sheet)).grids] == [0, 1]


def beside(title, n_rows=6):
    table = [[title, None, None], *[[f"{title}{n}", str(n), "值"] for n in range(n_rows)]]
    return [[*line, None, *[cell and cell + "右" for cell in line]] for line in table]


def test_two_forms_side_by_side_are_two_tables():
    reading = read_xlsx(book(rows(*beside("标题"), merges=["A1:C1", "E1:G1"])))
    assert shapes(reading) == [(1, 1), (6, 3), (1, 1), (6, 3)]
    assert reading.grids[3].cells[0].origin.place == "Sheet1!E2"


@pytest.mark.parametrize("lines", [
    beside("标题", 3),                                             # too short
    [[line[0], None, None, None, *line[4:]] for line in beside("标题")],   # a column of labels
    [["共同标题"], *beside("标题")[1:]],                            # one title
])  # fmt: skip
def test_a_table_with_an_empty_column_stays_one(lines):
    assert len([grid for grid in read_xlsx(book(rows(*lines))).grids if grid.n_rows > 1]) == 1


def test_text_boxes_stand_where_they_are_drawn():
    def box(row, content, more=""):
        return (f"<xdr:twoCellAnchor><xdr:from><xdr:row>{row}</xdr:row></xdr:from><xdr:sp>{more}<xdr:txBody>"
                f"{content}</xdr:txBody></xdr:sp></xdr:twoCellAnchor>")  # fmt: skip

    hidden = '<xdr:nvSpPr><xdr:cNvPr id="1" name="x" hidden="1"/></xdr:nvSpPr>'
    drawing = f"<xdr:wsDr {DRAW}>" + (
        box(9, "<a:p><a:r><a:t>尾注</a:t></a:r></a:p>")
        + box(0, "<a:p><a:r><a:t>绩效</a:t></a:r><a:r><a:t>自评表</a:t></a:r></a:p>"
                 "<a:p><a:r><a:t>（2023年度）</a:t></a:r></a:p>")
        + box(0, "<a:p/>") + box(0, "<a:p><a:r><a:t>藏</a:t></a:r></a:p>", hidden)
    ) + "</xdr:wsDr>"  # fmt: skip
    reading = read_xlsx(book(rows(*TABLE, first=3), parts={
        "xl/worksheets/_rels/sheet1.xml.rels": rels(("rId1", "drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": drawing,
    }))  # fmt: skip
    assert [grid.cells[0].text for grid in reading.grids] == ["绩效自评表（2023年度）", "一级指标", "尾注"]
    assert reading.grids[0].cells[0].origin.place == "Sheet1, text box"


PICTURE = {
    "xl/worksheets/_rels/sheet1.xml.rels": rels(("rId1", "drawing", "../drawings/drawing1.xml")),
    "xl/drawings/drawing1.xml":
        f"<xdr:wsDr {DRAW}><xdr:oneCellAnchor><xdr:pic/></xdr:oneCellAnchor></xdr:wsDr>",
}


def test_a_sheet_of_pictures_is_told():
    assert kinds(read_xlsx(book("", rows(["甲"]), parts=PICTURE))) == ["page_picture"]
    with pytest.raises(NoTextLayer):
        read_xlsx(book("", parts=PICTURE))


# ── packages as they are found ───────────────────────────────────────────────


def renamed(change):
    return lambda members: {change(name): content for name, content in members.items()}


def edited(name, old, new):
    return lambda members: {**members, name: members[name].replace(old.encode(), new.encode())}


def without(*names):
    return lambda members: {name: content for name, content in members.items() if name not in names}


def strict(members):
    other = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    return {
        name: content.replace(MAIN.encode(), STRICT.encode()).replace(REL.encode(), other)
        for name, content in members.items()
    }


@pytest.mark.parametrize("change", [
    renamed(lambda name: name.replace("/", "\\")),
    renamed(lambda name: "/" + name),
    renamed(str.upper),
    edited("xl/_rels/workbook.xml.rels", 'Target="worksheets', 'Target="/xl/worksheets'),
    edited("xl/_rels/workbook.xml.rels", 'Target="worksheets/', 'Target=".\\worksheets\\'),
    edited("_rels/.rels", "xl/workbook.xml", "./xl/../xl/workbook.xml"),
    edited(SHEET, "<sheetData>", '<dimension ref="A1"/><sheetData>'),
    edited(SHEET, "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'),
    edited(SHEET, "<sheetData>", '<cols><col min="1" max="16384" width="9" style="1"/></cols><sheetData>'),
    edited(SHEET, "<worksheet", "\n<worksheet"),
    edited(SHEET, "<worksheet", '<?xml version="1.0" encoding="UTF-8"?><!-- x --><worksheet'),
    without("_rels/.rels"), without("xl/_rels/workbook.xml.rels"), without("xl/styles.xml", "_rels/.rels"),
    strict,
    lambda members: {**members, SHEET: members[SHEET].replace(
        b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet", b"</x:worksheet").replace(
        b"<sheetData", b"<x:sheetData").replace(b"</sheetData", b"</x:sheetData")},
    lambda members: {**members, SHEET: members[SHEET].decode().encode("utf-16")},
])  # fmt: skip
def test_packages_of_careless_programs(change):
    members = unpacked(book(rows(["甲", "乙"], ["丙", "丁"]), styles=STYLES))
    assert texts(read_xlsx(packed(change(members)))) == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize("styles", [b"<styleSheet><numFmts>", b"", None, b"\0\1\2"])
def test_broken_styles_leave_plain_numbers(styles):
    cells = data('<row r="1"><c r="A1" s="1"><v>0.95</v></c></row>')
    reading = read_xlsx(book(cells, parts={"xl/styles.xml": styles}))
    assert (texts(reading), kinds(reading)) == (["0.95"], ["unread_part"])


def test_a_chart_sheet_and_a_lost_sheet_are_told():
    parts = {"xl/_rels/workbook.xml.rels": rels(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "chartsheet", "worksheets/sheet2.xml"),
        ("rId3", "worksheet", "gone.xml"))}  # fmt: skip
    reading = read_xlsx(book(rows(["甲"]), "", "", parts=parts))
    assert (texts(reading), kinds(reading), reading.page_count) == (["甲"], ["unread_part", "unread_part"], 3)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(("make", "error"), [
    (lambda: b"", Damaged),
    (lambda: b"PK\x03\x04 not a zip", Damaged),
    (lambda: packed({"xl/x": "x"}), Damaged),
    (lambda: packed({"xl/workbook.bin": "x"}), Unsupported),
    (lambda: book(""), Empty),
    (lambda: book(rows(["藏"]), states=["hidden"]), Empty),
    (lambda: book("<sheetData><row>"), Damaged),
    (lambda: book(rows(["甲"]), parts={"xl/workbook.xml": "<workbook"}), Damaged),
    (lambda: book(rows(["甲"]), strings="<si>"), Damaged),
    (lambda: book(data('<row r="1048577"><c r="A1048577"><v>1</v></c></row>')), Damaged),
    (lambda: book(data('<row r="1">' + "<c/>" * 16_385 + "</row>")), Damaged),
    (lambda: book("", parts={SHEET: BOMB + "<worksheet>&b;</worksheet>"}), Damaged),
    (lambda: book("", parts={SHEET: OUTSIDE + "<worksheet>&a;</worksheet>"}), Damaged),
    (lambda: book("", parts={SHEET: '<?xml version="1.0" encoding="x-odd"?><worksheet/>'}), Damaged),
])  # fmt: skip
def test_what_cannot_be_read_says_so(make, error):
    with pytest.raises(error):
        read_xlsx(make())


def test_a_locked_package_is_refused():
    content = bytearray(book(rows(["甲"])))
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    with pytest.raises(Encrypted):
        read_xlsx(bytes(content))


@pytest.mark.parametrize(("limit", "value"), [("MAX_CELLS", 5), ("MAX_CHARS", 5), ("MAX_CELL_CHARS", 5)])
def test_limits_are_kept_before_anything_is_built(monkeypatch, limit, value):
    monkeypatch.setattr(f"parsers.sheets.{limit}", value)
    with pytest.raises(TooLarge):
        read_xlsx(book(rows(["一二三四五六", "乙", "丙"], ["丁", "戊", "己"])))


# ── the sample's forms ───────────────────────────────────────────────────────


@cache
def wanted():
    return described(extract(read(SAMPLE.read_bytes(), SAMPLE.name), DOCUMENT_ID))


def assert_same_records(reading):
    assert list(differences(wanted(), described(extract(reading, DOCUMENT_ID)))) == []


def assert_exact(reading):
    truths = [truth(sheet) for sheet in sample_sheets()]
    tables = [tuple(placed(grid)) for grid in reading.grids if grid.n_rows > 1]
    assert tables == [table for item in truths for table in item.tables]
    assert [grid.cells[0].text for grid in reading.grids if grid.n_rows == 1] == [
        line for item in truths for line in item.paragraphs
    ]


@pytest.mark.parametrize("one_each", [False, True])
def test_the_sample_drawn_as_a_workbook(one_each):
    reading = read_xlsx(workbook(sample_sheets(), one_each=one_each), "sample.xlsx")
    assert reading.page_count == (4 if one_each else 1)
    assert reading.notes == ()
    assert_exact(reading)
    assert_same_records(reading)


def sample_book(change):
    """The sample's workbook after a change of its first sheet."""
    file = openpyxl.load_workbook(io.BytesIO(workbook(sample_sheets())))
    change(file)
    stream = io.BytesIO()
    file.save(stream)
    return read_xlsx(stream.getvalue())


def test_forms_without_empty_rows_between_them():
    members = unpacked(workbook(sample_sheets()))
    sheet = members[SHEET].decode()
    assert_same_records(read_xlsx(packed({**members, SHEET: closed_up(sheet)})))


def closed_up(sheet):
    """The XML of a sheet without its entirely empty rows."""
    filled = sorted({int(row) for row in re.findall(r'<c r="[A-Z]+(\d+)"[^>]*>', sheet)})
    new = {row: number for number, row in enumerate(filled, 1)}
    sheet = re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{new.get(int(m[1]), m[1])}"', sheet)
    return re.sub(
        r'(?<=[":])([A-Z]+)([0-9]+)(?=[":])',
        lambda found: found[1] + str(new.get(int(found[2]), found[2])),
        sheet,
    )


def test_a_form_below_its_instructions_and_above_notes():
    def change(file):
        page = file.worksheets[0]
        page.cell(1, 1).value, page.cell(1, 12).value = page.cell(1, 1).value, None
        front = file.create_sheet("说明", 0)
        front["A1"] = "填报说明：本表由项目实施单位填写，如实反映项目执行情况。请于三月底前报送。"
        front["A3"] = "一、各单位应当认真组织开展自评。"

    reading = sample_book(change)
    assert shapes(reading)[:2] == [(1, 1), (1, 1)]
    assert_same_records(reading)


def test_hidden_helpers_do_not_disturb():
    def change(file):
        page = file.worksheets[0]
        for row in range(3, 12):
            page.cell(row, 14).value = "下拉选项"
        page.column_dimensions["N"].hidden = True
        file.create_sheet("字典")["A1"] = "项目名称"
        file.worksheets[1].sheet_state = "veryHidden"

    reading = sample_book(change)
    assert kinds(reading) == ["hidden_cells", "hidden_sheet"]
    found = described(extract(reading, DOCUMENT_ID))
    assert [line for line in differences(wanted(), found) if "hidden_" not in line] == []


def test_a_damaged_workbook_ends_typed():
    whole = workbook(sample_sheets())
    for broken in [*_parts_broken(unpacked(whole)), *_bytes_broken(whole)]:
        with suppress(UnreadableSource):
            read_xlsx(broken)


def _parts_broken(members):
    rng = random.Random(7)
    parts = [name for name in members if name.startswith("xl/")]
    for _ in range(60):
        name = rng.choice(parts)
        broken = bytearray(members[name])
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(broken))
            broken[place : place + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        yield packed({**members, name: bytes(broken)})


def _bytes_broken(whole):
    rng = random.Random(8)
    for _ in range(60):
        broken = bytearray(whole[: rng.randrange(4, len(whole))] if rng.random() < 0.5 else whole)
        for _ in range(3):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        yield bytes(broken)


def test_the_samples_forms_side_by_side():
    file = openpyxl.Workbook()
    page = file.active
    for number, sheet in enumerate(sample_sheets()):
        row, left = 1, 1 + 10 * number
        for line in (item for item in sheet if isinstance(item, Paragraph)):
            page.cell(row, left, line.text)
            page.merge_cells(start_row=row, end_row=row, start_column=left, end_column=left + 7)
            row += 1
        for cell in sheet[-1].cells:
            top, col = row + cell.row, left + cell.col
            page.cell(top, col, cell.text or None).data_type = "s" if cell.text else "n"
            page.merge_cells(None, top, col, top + cell.row_span - 1, col + cell.col_span - 1)
    stream = io.BytesIO()
    file.save(stream)
    reading = read_xlsx(stream.getvalue())
    assert_exact(reading)
    assert_same_records(reading)


@pytest.mark.parametrize("place", range(1, 28, 6))
def test_an_empty_row_inside_a_form(place):
    sheets = sample_sheets()
    *above, table = sheets[1]
    cells = tuple(
        cell._replace(row=cell.row + 1) if cell.row >= place
        else cell._replace(row_span=cell.row_span + (cell.row + cell.row_span > place))
        for cell in table.cells
    )  # fmt: skip
    sheets[1] = (*above, table._replace(cells=cells, n_rows=table.n_rows + 1))
    assert_same_records(read_xlsx(workbook(sheets)))
