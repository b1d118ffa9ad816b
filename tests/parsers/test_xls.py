"""Old workbooks: BIFF drawn by xlwt, and XML spreadsheets of Excel 2003."""

import datetime as dt
import io
import random
from contextlib import suppress
from xml.sax.saxutils import escape, quoteattr

import pytest
import xlwt

from fixtures.drawing.xlsx import number_of
from fixtures.golden import DOCUMENT_ID, described, differences
from fixtures.sheet import SAMPLE, SheetCell, SheetTable, sample_sheets, truth
from parsers import read
from parsers.errors import Damaged, Empty, Encrypted, TooLarge, UnreadableSource, Unsupported
from parsers.spreadsheetml import read_spreadsheetml
from parsers.xls import read_xls
from pipeline.document import extract


def saved(file):
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def biff(*cells, change=None):
    """One sheet with cells (row, col, value, format code)."""
    file = xlwt.Workbook()
    sheet = file.add_sheet("Sheet1")
    for row, col, value, code in cells:
        sheet.write(row, col, value, xlwt.easyxf(num_format_str=code))
    if change:
        change(sheet)
    return saved(file)


def placed(grid):
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells]


def texts(reading):
    return [cell.text for grid in reading.grids for cell in grid.cells]


def kinds(reading):
    return [note.kind for note in reading.notes]


# ── BIFF ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("value", "code", "expected"), [
    (0.95, "0%", "95%"), (0.9976, "0.00%", "99.76%"), (0.1 + 0.2, "General", "0.3"), (55.5, "0.00", "55.50"),
    (1234.5, "#,##0.00", "1,234.50"), (9.55, '0.0"分"', "9.6分"), (9.5, "nonsense", "9.5"),
    (100, "General", "100"),
    (dt.date(2023, 12, 31), 'yyyy"年"m"月"d"日"', "2023年12月31日"), (45291, "M/D/YY", "2023/12/31"),
    ("≥20.00(次)", "@", "≥20.00(次)"), ("上\n下", "General", "上下"), (True, "General", "TRUE"),
    ("　值 ", "@", "值"),
])  # fmt: skip
def test_a_cell_is_read_as_displayed(value, code, expected):
    reading = read_xls(biff((0, 0, value, code)))
    assert texts(reading) == [expected]
    assert kinds(reading) == (["unknown_number_format"] if code == "nonsense" else [])
    assert reading.grids[0].cells[0].origin[:3] == (1, "Sheet1!A1", "xlsx")


def test_days_may_count_from_1904():
    file = xlwt.Workbook()
    file.dates_1904 = True
    file.add_sheet("一").write(0, 0, 43829, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    assert texts(read_xls(saved(file))) == ["2023-12-31"]


def test_merged_and_hidden():
    def change(sheet):
        sheet.write_merge(0, 0, 0, 3, "标题")
        sheet.write_merge(1, 2, 0, 0, "产出")
        for row, col in ((1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 3)):
            sheet.write(row, col, f"{row}{col}")
        sheet.row(3).hidden = True
        sheet.col(2).hidden = True

    reading = read_xls(biff(change=change))
    assert [placed(grid) for grid in reading.grids] == [
        [(0, 0, 1, 1, "标题")],
        [
            (0, 0, 2, 1, "产出"), (0, 1, 1, 1, "11"), (0, 2, 1, 1, "13"),
            (1, 1, 1, 1, "21"), (1, 2, 1, 1, "23"),
        ],
    ]
    assert [(note.kind, note.place) for note in reading.notes] == [("hidden_cells", "Sheet1!C2")]


def test_hidden_sheets_are_told():
    file = xlwt.Workbook()
    for name in "甲乙丙":
        file.add_sheet(name).write(0, 0, name)
    file.get_sheet(1).visibility = 1
    reading = read_xls(saved(file))
    assert (texts(reading), kinds(reading), reading.page_count) == (["甲", "丙"], ["hidden_sheet"], 2)


def test_formats_without_text_are_no_cells():
    def change(sheet):
        for row in range(50):
            for col in range(30):
                sheet.write(row, col + 1, "", xlwt.easyxf("pattern: pattern solid, fore_colour yellow"))

    (grid,) = read_xls(biff((0, 0, "甲", "@"), change=change)).grids
    assert (grid.n_rows, grid.n_cols) == (1, 1)


def record(kind, content):
    return kind.to_bytes(2, "little") + len(content).to_bytes(2, "little") + content


def old_biff(text):
    """What a DOS program wrote: BIFF 2 without a container and without a code page."""
    label = b"\0\0\0\0\0\0\0" + len(text).to_bytes(1, "little") + text
    return record(0x0009, b"\2\0\x10\0") + record(0x0004, label) + record(0x000A, b"")


def test_text_of_dos_programs_is_chinese():
    assert texts(read_xls(old_biff("项目名称".encode("gbk")))) == ["项目名称"]


@pytest.mark.parametrize(("make", "error"), [
    (lambda: b"", Damaged),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Damaged),
    (lambda: b"no workbook at all", Damaged),
    (biff, Empty),
    (lambda: biff((0, 0, "甲", "@")).replace(b"W\0o\0r\0k\0", b"W\0o\0r\0d\0"), Unsupported),
    (lambda: record(0x0809, b"\0\6\5\0" + bytes(12)) + record(0x002F, bytes(6)), Encrypted),
])  # fmt: skip
def test_what_cannot_be_read_says_so(make, error):
    with pytest.raises(error):
        read_xls(make())


def test_limits_are_kept(monkeypatch):
    monkeypatch.setattr("parsers.sheets.MAX_CELLS", 1)
    with pytest.raises(TooLarge):
        read_xls(biff((0, 0, "甲", "@"), (0, 1, "乙", "@")))


# ── the sample's forms ───────────────────────────────────────────────────────


def lines_of(sheets):
    """Item after item of sheets below one another, each with its first row; an empty row ends a table."""
    row = 0
    for sheet in sheets:
        for item in sheet:
            yield row, item
            row += item.n_rows if isinstance(item, SheetTable) else 1
        row += 1


def sample_as_biff():
    file = xlwt.Workbook()
    page = file.add_sheet("自评表")
    for row, item in lines_of(sample_sheets()):
        if not isinstance(item, SheetTable):
            page.write_merge(row, row, 0, 7, item.text)
            continue
        for cell in item.cells:
            value, code = number_of(cell.text) or (cell.text, "General")
            top, left = row + cell.row, cell.col
            style = xlwt.easyxf(num_format_str=code)
            page.write_merge(top, top + cell.row_span - 1, left, left + cell.col_span - 1, value, style)
    return saved(file)


def sample_as_xml():
    styles: dict[str, str] = {"General": "Default"}
    body = []
    for row, item in lines_of(sample_sheets()):
        if not isinstance(item, SheetTable):
            title = xml_cell(SheetCell(0, 0, item.text, 1, 8), styles)
            body.append(f'<Row ss:Index="{row + 1}">{title}</Row>')
            continue
        for number, cells in enumerate(item.by_row()):
            inside = "".join(xml_cell(cell, styles) for cell in cells)
            body.append(f'<Row ss:Index="{row + number + 1}">{inside}</Row>')
    formats = "".join(
        f'<Style ss:ID="{name}"><NumberFormat ss:Format={quoteattr(code)}/></Style>'
        for code, name in styles.items()
    )
    return excel_2003(f'<Worksheet ss:Name="自评表"><Table>{"".join(body)}</Table></Worksheet>', formats)


def xml_cell(cell, styles):
    value, code = number_of(cell.text) or (cell.text, "General")
    name = styles.setdefault(code, f"s{len(styles)}")
    kind = "String" if isinstance(value, str) else "Number"
    return (
        f'<Cell ss:Index="{cell.col + 1}" ss:MergeAcross="{cell.col_span - 1}"'
        f' ss:MergeDown="{cell.row_span - 1}" ss:StyleID="{name}">'
        f'<Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'
    )


DRAWN = [(sample_as_biff, read_xls), (sample_as_xml, read_spreadsheetml)]


@pytest.mark.parametrize(("draw", "read_it"), DRAWN)
def test_the_sample_drawn_as_an_old_workbook(draw, read_it):
    reading = read_it(draw(), "sample")
    truths = [truth(sheet) for sheet in sample_sheets()]
    assert [tuple(placed(grid)) for grid in reading.grids if grid.n_rows > 1] == [
        table for item in truths for table in item.tables
    ]
    wanted = described(extract(read(SAMPLE.read_bytes(), SAMPLE.name), DOCUMENT_ID))
    assert list(differences(wanted, described(extract(reading, DOCUMENT_ID)))) == []


@pytest.mark.parametrize(("draw", "read_it"), DRAWN)
def test_a_damaged_workbook_ends_typed(draw, read_it):
    whole = draw()
    rng = random.Random(9)
    for _ in range(120):
        broken = bytearray(whole[: rng.randrange(1, len(whole))] if rng.random() < 0.3 else whole)
        for _ in range(rng.randint(1, 8)):
            broken[rng.randrange(len(broken))] = rng.choice((0, 255, rng.randrange(256)))
        with suppress(UnreadableSource):
            read_it(bytes(broken))


# ── XML spreadsheets of Excel 2003 ───────────────────────────────────────────

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def excel_2003(inside, styles="", head='<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'):
    return (
        f'{head}<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}" xmlns:x="urn:x" xmlns:html="urn:html">'
        f"<Styles>{styles}</Styles>{inside}</Workbook>"
    ).encode()


def one_sheet(table, after="", **options):
    return excel_2003(f'<Worksheet ss:Name="表"><Table>{table}</Table>{after}</Worksheet>', **options)


FORMATS = "".join(
    f'<Style ss:ID="{name}">{inside}</Style>'
    for name, inside in (
        ("Default", ""),
        ("pc", '<NumberFormat ss:Format="Percent"/>'),
        ("d", '<NumberFormat ss:Format="Short Date"/>'),
        ("y", '<NumberFormat ss:Format="yyyy&quot;年&quot;"/>'),
        ("bad", '<NumberFormat ss:Format="nonsense"/>'),
    )
)  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), [
    ('<Cell ss:StyleID="pc"><Data ss:Type="Number">0.95</Data></Cell>', "95.00%"),
    ('<Cell><Data ss:Type="Number">0.30000000000000004</Data></Cell>', "0.3"),
    ('<Cell ss:StyleID="d"><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell>', "2023/12/31"),
    ('<Cell ss:StyleID="y"><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell>', "2023年"),
    ('<Cell><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell>', "2023/12/31"),
    ('<Cell><Data ss:Type="DateTime">年底</Data></Cell>', "年底"),
    ('<Cell><Data ss:Type="Boolean">1</Data></Cell>', "TRUE"),
    ('<Cell><Data ss:Type="Error">#REF!</Data></Cell>', "#REF!"),
    ('<Cell><Data ss:Type="String">上&#10;下</Data></Cell>', "上下"),
    ('<Cell><ss:Data ss:Type="String"><x:B>项目</x:B>资<x:I>金</x:I></ss:Data></Cell>', "项目资金"),
    ('<Cell><Data ss:Type="String">甲</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>', "甲"),
    ('<Cell><Data Type="String">没有前缀</Data></Cell>', "没有前缀"),
])  # fmt: skip
def test_a_cell_of_excel_2003(cell, expected):
    assert texts(read_spreadsheetml(one_sheet(f"<Row>{cell}</Row>", styles=FORMATS))) == [expected]


def test_places_in_excel_2003():
    table = (
        '<Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>'
        '<Row ss:Index="2"><Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>'
        '<Cell><Data ss:Type="String">藏</Data></Cell>'
        '<Cell ss:Index="5"><Data ss:Type="String">乙</Data></Cell></Row>'
        '<Row><Cell ss:Index="5"><Data ss:Type="String">丙</Data></Cell></Row>'
        '<Row ss:Hidden="1"><Cell><Data ss:Type="String">藏</Data></Cell></Row>'
    )
    reading = read_spreadsheetml(one_sheet(table))
    (grid,) = reading.grids
    assert placed(grid) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 1, 1, 1, "丙")]
    assert reading.grids[0].cells[0].origin.place == "表!B2:B3"
    assert [(note.kind, note.place) for note in reading.notes] == [("hidden_cells", "表!C2")]


def test_doubts_in_excel_2003():
    table = (
        '<Row><Cell ss:Formula="=R1C1"/><Cell ss:StyleID="bad"><Data ss:Type="Number">5</Data></Cell>'
        '<Cell><Data ss:Type="String"></Data></Cell></Row>'
    )
    reading = read_spreadsheetml(one_sheet(table, styles=FORMATS))
    assert texts(reading) == ["5"]
    assert sorted(kinds(reading)) == ["formula_without_value", "unknown_number_format"]


def test_hidden_sheets_of_excel_2003():
    hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    table = '<Row><Cell><Data ss:Type="String">藏</Data></Cell></Row>'
    with pytest.raises(Empty):
        read_spreadsheetml(one_sheet(table, hidden))


@pytest.mark.parametrize(("encoding", "declared"), [
    ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gb2312"), ("utf-16", "utf-16"),
    ("utf-8-sig", "utf-8"),
])  # fmt: skip
def test_encodings_are_judged_by_the_bytes(encoding, declared):
    words = ["项目名称", "单位：㎡", "镕"]
    cells = "".join(f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in words)
    content = one_sheet(f"<Row>{cells}</Row>", head=f'<?xml version="1.0" encoding="{declared}"?>').decode()
    assert texts(read_spreadsheetml(content.encode(encoding))) == words


@pytest.mark.parametrize(("content", "error"), [
    (b"<?xml version='1.0'?><other/>", Unsupported),
    (one_sheet("<Row>")[:-30], Damaged),
    (one_sheet(""), Empty),
    (one_sheet('<Row ss:Index="9999999"><Cell><Data>1</Data></Cell></Row>'), Damaged),
    (one_sheet("", head='<!DOCTYPE x [<!ENTITY a "b">]>'), Damaged),
])  # fmt: skip
def test_what_excel_2003_did_not_write(content, error):
    with pytest.raises(error):
        read_spreadsheetml(content)
