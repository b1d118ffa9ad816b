"""Word documents: what is printed, where, once; and what is not printed."""

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import golden
from fixtures.drawing.docx import document
from fixtures.sheet import sample_sheets, truth
from parsers.docx import read_docx
from parsers.errors import Damaged, Empty, NoTextLayer, TooLarge, UnreadableSource
from parsers.legacy import read_office_xml
from pipeline.document import extract

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
XMLNS = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
STRICT = XMLNS.replace(NAMES["w"], "http://purl.oclc.org/ooxml/wordprocessingml/main")
OFFICE = NAMES["r"]


def part(root, content, names=XMLNS):
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {names}>{content}</{root}>'


def docx(body, parts=None, names=XMLNS, main="word/document.xml"):
    """A package of a body and further parts, each named by its relationship's kind and its name."""
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{name}"/>'
        for n, (kind, name) in enumerate(parts or {})
    )
    members = {
        main: part("w:document", f"<w:body>{body}</w:body>", names),
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{relations}</Relationships>',
        **{f"word/{name}": content for (_, name), content in (parts or {}).items()},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs, properties=""):
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def tc(content="", properties=""):
    inner = content if content.startswith("<") else p(content) if content else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells, properties=""):
    inner = "".join(cell if cell.startswith("<w:tc") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows, grid=()):
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def span(n):
    return f'<w:gridSpan w:val="{n}"/>'


def width(n):
    return f'<w:tcW w:w="{n}" w:type="dxa"/>'


RESTART = '<w:vMerge w:val="restart"/>'
GO_ON = "<w:vMerge/>"
BREAK = '<w:r><w:br w:type="page"/></w:r>'
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def lines(body, parts=None):
    """The texts of paragraphs; each grid must be a paragraph."""
    return [
        grid.cells[0].text for grid in read_docx(docx(body, parts)).grids if grid.n_rows * grid.n_cols == 1
    ]


def placed(grid):
    """Each cell as "row,col[+row_span x col_span] text"."""
    return [
        f"{cell.row},{cell.col}"
        + (f"+{cell.row_span}x{cell.col_span}" if (cell.row_span, cell.col_span) != (1, 1) else "")
        + f" {cell.text}"
        for cell in grid.cells
    ]


def table(body):
    (grid,) = read_docx(docx(body)).grids
    return placed(grid)


def kinds(body, parts=None):
    return [note.kind for note in read_docx(docx(body, parts)).notes]


# ── the sample ───────────────────────────────────────────────────────────────


def test_sample_is_read_exactly():
    sheets = sample_sheets()
    reading = read_docx(document(sheets))
    tables = [
        tuple((c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells)
        for grid in reading.grids
        if grid.n_rows > 1
    ]
    assert tables == [table for sheet in sheets for table in truth(sheet).tables]
    paragraphs = [grid.cells[0].text for grid in reading.grids if grid.n_rows == 1]
    assert paragraphs == [text for sheet in sheets for text in truth(sheet).paragraphs]
    assert reading.notes == ()
    case = next(case for case in golden.cases() if case.name == "sample")
    found = golden.described(extract(reading, golden.DOCUMENT_ID))
    assert list(golden.differences(golden.expected(case), found)) == []


# ── text ─────────────────────────────────────────────────────────────────────

WINGDINGS_2 = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, SEPARATE, END = map(FIELD.format, ("begin", "separate", "end"))


def code(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def box(content):
    return f"<w:txbxContent>{content}</w:txbxContent>"


def alternative(choice, fallback):
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><wps:txbx>{choice}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{fallback}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def check_box(mark):
    return (
        '<w:r><w:fldChar w:fldCharType="begin">'
        f"<w:ffData><w:checkBox>{mark}</w:checkBox></w:ffData></w:fldChar></w:r>{code('FORMCHECKBOX')}{END}"
    )


TEXTS = {
    "runs": (p("项目", "名称"), ["项目名称"]),
    "outer space": (p("　 甲 \u200b"), ["甲"]),
    "unmarked space": ("<w:p><w:r><w:t>\n  甲\n </w:t></w:r></w:p>", ["甲"]),
    "tab": (p("甲", "<w:r><w:tab/></w:r>", "乙"), ["甲 乙"]),
    "tab stops": (p("甲", properties='<w:tabs><w:tab w:val="left"/></w:tabs>'), ["甲"]),
    "lines": (p("甲", "<w:r><w:br/></w:r>", "乙"), ["甲", "乙"]),
    "hyphens": (p("A", "<w:r><w:noBreakHyphen/></w:r>", "B", "<w:r><w:softHyphen/></w:r>", "C"), ["A-BC"]),
    "symbol": (
        p(
            "优",
            '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>',
            "良",
            '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>',
        ),
        ["优☑良□"],
    ),
    "symbol at least": (p('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "20"), ["≥20"]),
    "symbol broken": (p("甲", '<w:r><w:sym w:font="Symbol" w:char="zz"/></w:r>'), ["甲"]),
    "symbol font": (p("优", r("R", WINGDINGS_2), "良", r("£", WINGDINGS_2)), ["优☑良□"]),
    "private use": (p("是\uf0fe否\uf0a8"), ["是☑否□"]),
    "hyperlink": (p('<w:hyperlink r:id="x">' + r("网址") + "</w:hyperlink>"), ["网址"]),
    "inline wrappers": (
        p(
            "<w:smartTag><w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>"
            + r("甲")
            + "</w:sdtContent></w:sdt></w:smartTag>",
            "<w:customXml>" + r("乙") + "</w:customXml>",
        ),
        ["甲乙"],
    ),
    "block wrappers": (
        "<w:sdt><w:sdtContent>"
        + p("甲")
        + "</w:sdtContent></w:sdt><w:customXml>"
        + p("乙")
        + "</w:customXml>",
        ["甲", "乙"],
    ),
    "simple field": (p('<w:fldSimple w:instr="DATE">' + r("2024年") + "</w:fldSimple>"), ["2024年"]),
    "field": (p("第", BEGIN, code("PAGE"), SEPARATE, "3", END, "页"), ["第3页"]),
    "nested fields": (
        p(BEGIN, code("IF "), BEGIN, code("X"), SEPARATE, "1", END, code("=1"), SEPARATE, "甲", END),
        ["甲"],
    ),
    "field over paragraphs": (
        p(BEGIN, code("TOC"), SEPARATE, "一、概况") + p("二、情况") + p(END) + p("正文"),
        ["一、概况", "二、情况", "正文"],
    ),
    "field without end": (p("甲", BEGIN, "乙") + p("丙"), ["甲乙", "丙"]),
    "end without field": (p(END, SEPARATE, "甲"), ["甲"]),
    "tick in box": (p(BEGIN, code("eq \\o\\ac("), "□", code(",√)"), END, "是"), ["☑是"]),
    "check boxes": (
        p(check_box("<w:checked/>"), "是", check_box('<w:default w:val="0"/>'), "否"),
        ["☑是□否"],
    ),
    "choice": (
        p(
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry'
            ' w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData></w:fldChar></w:r>',
            END,
        ),
        ["良"],
    ),
    "equation": (
        p(
            "<m:oMath><m:r><m:t>≥</m:t></m:r><m:f><m:fPr/><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r>"
            "<m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        ),
        ["≥1/2"],
    ),
    "ruby": (
        p(
            "<w:r><w:ruby><w:rt>"
            + r("pin")
            + "</w:rt><w:rubyBase>"
            + r("拼")
            + "</w:rubyBase></w:ruby></w:r>"
        ),
        ["拼"],
    ),
    "hidden": (p("甲", r("乙", "<w:vanish/>"), r("丙", '<w:vanish w:val="0"/>')), ["甲丙"]),
    "deleted": (
        p("甲", "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", "<w:ins>" + r("8") + "</w:ins>"),
        ["甲8"],
    ),
    "moved": (
        p("<w:moveFrom>" + r("甲") + "</w:moveFrom>", "乙", "<w:moveTo>" + r("甲") + "</w:moveTo>"),
        ["乙甲"],
    ),
    "text box": (p("甲", alternative(box(p("框")), box(p("框")))), ["甲", "框"]),
    "text box in the fallback": (p(alternative(box(""), box(p("框")))), ["框"]),
    "VML box": (
        p("<w:r><w:pict><v:shape><v:textbox>" + box(p("框")) + "</v:textbox></v:shape></w:pict></w:r>"),
        ["框"],
    ),
    "blank": ("<w:p/>" + p(" 　") + p("甲"), ["甲"]),
    "frame": (tbl(tr(tc(p("甲") + p("乙")))), ["甲", "乙"]),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(case):
    body, wanted = TEXTS[case]
    assert lines(body) == wanted


@pytest.mark.parametrize("case", TEXTS)
def test_text_under_strict_names(case):
    body, wanted = TEXTS[case]
    found = read_docx(docx(body, names=STRICT)).grids
    assert [grid.cells[0].text for grid in found] == wanted


def test_places_of_paragraphs():
    grids = read_docx(
        docx(p("甲") + "<w:p/>" + p("乙", "<w:r><w:br/></w:r>", "丙") + tbl(tr("1", "2")) + p("丁"))
    ).grids
    places = [
        "paragraph 1",
        "paragraph 2, line 1",
        "paragraph 2, line 2",
        "table 1, row 1, column 1",
        "paragraph 3",
    ]
    assert [grid.cells[0].origin.place for grid in grids] == places
    assert {cell.origin.method for grid in grids for cell in grid.cells} == {"docx"}


def test_tabbed_lines_are_a_table():
    row = "<w:r><w:t>{}</w:t><w:tab/><w:tab/><w:t>{}</w:t></w:r>"
    body = p("标题") + "".join(p(row.format(a, b)) for a, b in ("甲1", "乙2", "丙3"))
    _, grid = read_docx(docx(body)).grids
    assert placed(grid) == ["0,0 甲", "0,2 1", "1,0 乙", "1,2 2", "2,0 丙", "2,2 3"]


# ── tables ───────────────────────────────────────────────────────────────────

DEEP = tbl(tr("a", "b"), tr("c", "d"))

TABLES = {
    "spans": (
        tbl(tr(tc("甲", span(2)), "乙"), tr("1", "2", "3")),
        ["0,0+1x2 甲", "0,2 乙", "1,0 1", "1,1 2", "1,2 3"],
    ),
    "lines in a cell": (tbl(tr(tc(p("部分") + p("达成")), "b")), ["0,0 部分达成", "0,1 b"]),
    "merged down": (
        tbl(tr(tc("甲", RESTART), "1"), tr(tc("", GO_ON), "2"), tr(tc("乙", RESTART), "3")),
        ["0,0+2x1 甲", "0,1 1", "1,1 2", "2,0 乙", "2,1 3"],
    ),
    "merged both ways": (
        tbl(tr(tc("甲", span(2) + RESTART), "1"), tr(tc("", span(2) + GO_ON), "2"), tr("3", "4", "5")),
        ["0,0+2x2 甲", "0,2 1", "1,2 2", "2,0 3", "2,1 4", "2,2 5"],
    ),
    "goes on from nothing": (
        tbl(tr("甲", "1"), tr(tc("乙", GO_ON), "2")),
        ["0,0 甲", "0,1 1", "1,0+1x1 乙", "1,1 2"],
    ),
    "goes on in another column": (
        tbl(tr(tc("甲", RESTART), "1", "2"), tr(tc("乙", span(2) + GO_ON), "3")),
        ["0,0 甲", "0,1 1", "0,2 2", "1,0+1x2 乙", "1,2 3"],
    ),
    "merged across": (
        tbl(tr(tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), "1"), tr("2", "3", "4")),
        ["0,0+1x2 甲", "0,2 1", "1,0 2", "1,1 3", "1,2 4"],
    ),
    "before and after": (
        tbl(tr("1", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'), tr("a", "b", "c")),
        ["0,1 1", "1,0 a", "1,1 b", "1,2 c"],
    ),
    "short rows": (tbl(tr("a", "b", "c"), tr("d")), ["0,0 a", "0,1 b", "0,2 c", "1,0 d"]),
    "lines that no cell ends at": (
        tbl(tr(tc("a", span(3)), tc("b", span(2))), tr(tc("c", span(3)), tc("d", span(2))), grid=(1000,) * 5),
        ["0,0 a", "0,1 b", "1,0 c", "1,1 d"],
    ),
    "lines a hair apart": (
        tbl(tr(tc("a", span(2)), "b"), tr("c", tc("d", span(2))), grid=(2000, 15, 2000)),
        ["0,0 a", "0,1 b", "1,0 c", "1,1 d"],
    ),
    "narrow but printed": (
        tbl(tr("a", "·", "b"), tr("c", tc("d", span(2))), grid=(2000, 15, 2000)),
        ["0,0 a", "0,1 ·", "0,2 b", "1,0 c", "1,1+1x2 d"],
    ),
    "widths without spans": (
        tbl(tr(tc("a", width(4000)), tc("b", width(4000))), tr(*(tc(text, width(2000)) for text in "cdef"))),
        ["0,0+1x2 a", "0,2+1x2 b", "1,0 c", "1,1 d", "1,2 e", "1,3 f"],
    ),
    "widths that disagree": (
        tbl(tr(tc("a", width(900)), tc("b", width(900))), tr(*(tc(text, width(2000)) for text in "cde"))),
        ["0,0 a", "0,1 b", "1,0 c", "1,1 d", "1,2 e"],
    ),
    "wrapped rows and cells": (
        "<w:tbl><w:sdt><w:sdtContent>"
        + tr("a", "<w:tc/>")
        + "</w:sdtContent></w:sdt><w:tr><w:sdt><w:sdtContent>"
        + tc("b")
        + "</w:sdtContent></w:sdt>"
        + tc("c")
        + "</w:tr></w:tbl>",
        ["0,0 a", "1,0 b", "1,1 c"],
    ),
    "deleted row": (
        tbl(tr("a", "b"), tr("c", "d", properties="<w:del/>"), tr("e", "f")),
        ["0,0 a", "0,1 b", "1,0 e", "1,1 f"],
    ),
    "list in a cell": (tbl(tr("a", tc(tbl(tr("优□"), tr("良□")) + p("中")))), ["0,0 a", "0,1 优□良□中"]),
    "line in a cell": (tbl(tr("a", tc(tbl(tr("优□", "良□")) + "<w:p/>"))), ["0,0 a", "0,1 优□ 良□"]),
    "text box in a cell": (tbl(tr("a", tc(p(alternative(box(p("框")), box(p("框"))))))), ["0,0 a", "0,1 框"]),
    "unused old properties": (
        tbl(
            tr(
                tc("a", span(2) + "<w:tcPrChange><w:tcPr><w:gridSpan w:val='5'/></w:tcPr></w:tcPrChange>"),
                "b",
            ),
            tr("c", "d", "e"),
        ),
        ["0,0+1x2 a", "0,2 b", "1,0 c", "1,1 d", "1,2 e"],
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_table(case):
    body, wanted = TABLES[case]
    assert table(body) == [cell.replace("+1x1", "") for cell in wanted]


def test_table_in_a_frame_is_the_table():
    frame = tbl(tr(tc(p("标题") + DEEP + "<w:p/>")))
    title, grid = read_docx(docx(frame)).grids
    assert (title.cells[0].text, placed(grid)) == ("标题", ["0,0 a", "0,1 b", "1,0 c", "1,1 d"])
    assert grid.cells[3].origin.place == "table 1, table 1, row 2, column 2"


def test_table_across_a_row_stands_between_the_rows():
    outer = tbl(tr("1", "2"), tr(tc(DEEP, span(2))), tr("3", "4"))
    grids = read_docx(docx(outer)).grids
    assert [placed(grid) for grid in grids] == [
        ["0,0 1", "0,1 2"],
        ["0,0 a", "0,1 b", "1,0 c", "1,1 d"],
        ["0,0 3", "0,1 4"],
    ]
    assert grids[1].cells[0].origin.place == "table 1, row 2, column 1, table 1, row 1, column 1"
    assert grids[2].cells[0].origin.place == "table 1, row 3, column 1"


def test_table_beside_text_stands_behind_its_row():
    outer = tbl(tr("1", "2"), tr("甲", tc(p("乙") + DEEP)), tr("3", "4"))
    grids = read_docx(docx(outer)).grids
    assert [placed(grid)[0] for grid in grids] == ["0,0 1", "0,0 a", "0,0 3"]
    assert placed(grids[0])[2:] == ["1,0 甲", "1,1 乙"]


def test_merge_ends_where_the_table_is_cut():
    outer = tbl(tr(tc("甲", RESTART), "1"), tr(tc("", GO_ON), tc(DEEP)), tr(tc("", GO_ON), "2"))
    grids = read_docx(docx(outer)).grids
    assert [placed(grid)[0] for grid in grids] == ["0,0 甲", "0,0 a", "0,1 2"]


def test_text_under_a_merged_cell_is_not_printed_and_told_of():
    body = tbl(tr(tc("甲", RESTART), "1"), tr(tc("甲", GO_ON), "2"), tr(tc("乙", GO_ON), "3"))
    reading = read_docx(docx(body))
    assert placed(reading.grids[0])[0] == "0,0+3x1 甲"
    (note,) = reading.notes
    assert note.kind == "covered_text"
    assert note.message.startswith("1 ")
    assert note.message.endswith("乙")


# ── numbers ──────────────────────────────────────────────────────────────────


def numbering(*levels, extra=""):
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return {
        ("numbering", "numbering.xml"): part(
            "w:numbering",
            f'<w:abstractNum w:abstractNumId="0">{inner}</w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{extra}',
        )
    }


def item(text="", depth=0, num=1):
    return p(
        *([text] if text else []),
        properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>',
    )


FORMATS = {
    "decimal": ("%1.", "12."),
    "decimalZero": ("%1", "12"),
    "chineseCounting": ("%1、", "十二、"),
    "chineseCountingThousand": ("（%1）", "（十二）"),
    "chineseLegalSimplified": ("%1、", "壹拾贰、"),
    "decimalEnclosedCircleChinese": ("%1", "⑫"),
    "ideographTraditional": ("%1、", "12、"),
    "ideographZodiac": ("%1、", "亥、"),
    "upperRoman": ("%1.", "XII."),
    "lowerLetter": ("%1)", "l)"),
    "decimalFullWidth": ("%1．", "１２．"),
    "none": ("第", "第"),
    "bullet": ("\uf06c", "●"),
}


@pytest.mark.parametrize("form", FORMATS)
def test_number_formats(form):
    text, wanted = FORMATS[form]
    assert lines(item() * 12, numbering((form, text)))[-1] == wanted


def test_numbers_of_levels_begin_anew():
    levels = numbering(("chineseCounting", "%1、"), ("decimal", "%2."), ("decimal", "%2.%3"))
    body = (
        item("甲") + item("a", 1) + item("b", 1) + item("x", 2) + item("乙") + item("c", 1) + item("丙", 0, 0)
    )
    assert lines(body, levels) == ["一、甲", "1. a", "2. b", "2.1 x", "二、乙", "1. c", "丙"]


def test_numbers_that_start_over():
    second = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = item("a") + item("b") + item("c", num=2) + item("d", num=2)
    assert lines(body, numbering(("decimal", "%1、"), extra=second)) == ["1、a", "2、b", "5、c", "6、d"]


def test_cells_that_hold_only_a_number():
    body = tbl(*(tr(tc(item()), text) for text in "甲乙"))
    (grid,) = read_docx(docx(body, numbering(("decimal", "%1")))).grids
    assert placed(grid) == ["0,0 1", "0,1 甲", "1,0 2", "1,1 乙"]


def test_styles_number_and_hide():
    styles = part(
        "w:styles",
        '<w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:basedOn w:val="c"/><w:rPr><w:vanish/></w:rPr></w:style>',
    )
    parts = {("styles", "styles.xml"): styles, **numbering(("decimal", "%1、"))}
    body = (
        p("甲", properties='<w:pStyle w:val="b"/>')
        + p("乙", properties='<w:pStyle w:val="c"/>')
        + p("丙", r("丁", '<w:rStyle w:val="c"/>'))
    )
    assert lines(body, parts) == ["1、甲", "丙"]
    assert kinds(body, parts) == ["hidden_text"]


# ── pages ────────────────────────────────────────────────────────────────────


def pages(body):
    return [[cell.origin.page for cell in grid.cells] for grid in read_docx(docx(body)).grids]


SECTION = '<w:sectPr><w:type w:val="{}"/></w:sectPr>'

PAGES = {
    "explicit": (p("a", BREAK) + p("b"), [[1], [2]]),
    "explicit and rendered": (p("a") + p(BREAK) + p(RENDERED, "b") + p(RENDERED, "c"), [[1], [2], [3]]),
    "before a paragraph": (p("a") + p(RENDERED, "b", properties="<w:pageBreakBefore/>"), [[1], [2]]),
    "sections": (
        p("a", properties=SECTION.format("nextPage"))
        + p("b", properties=SECTION.format("continuous"))
        + p("c")
        + SECTION.format("nextPage"),
        [[1], [1], [2]],
    ),
    "moved row": (
        tbl(tr("a", "b"), tr(tc(p(RENDERED, "c")), tc(p(RENDERED, "d"))), tr("e", "f")),
        [[1, 1, 2, 2, 2, 2]],
    ),
    "moved row told of once": (tbl(tr(tc(p(RENDERED, "c")), "d"), tr("e", "f")), [[1, 1, 1, 1]]),
    "cut row": (tbl(tr(tc(p("a", RENDERED, "a")), tc(p("b", RENDERED, "b"))), tr("c", "d")), [[1, 1, 2, 2]]),
    "merged cell runs on": (
        tbl(
            tr(tc(p("a", RENDERED, "a"), RESTART), "b"),
            tr(tc("", GO_ON), "c"),
            tr(tc("", GO_ON), tc(p(RENDERED, "d"))),
        ),
        [[1, 1, 1, 2]],
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_pages(case):
    body, wanted = PAGES[case]
    assert pages(body) == wanted


@pytest.mark.parametrize(("claimed", "count"), [("7", 7), ("1", 2), ("999999999", 2), ("x", 2)])
def test_page_count_is_no_less_than_what_was_counted(claimed, count):
    file = io.BytesIO(docx(p("a", BREAK) + p("b")))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "docProps/app.xml",
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'extended-properties"><Pages>{claimed}</Pages></Properties>',
        )
    assert read_docx(file.getvalue()).page_count == count


# ── other parts ──────────────────────────────────────────────────────────────


def test_notes_then_running_heads_once():
    parts = {
        ("header", "header1.xml"): part("w:hdr", p("页眉")),
        ("footer", "footer1.xml"): part("w:ftr", p("第", BEGIN, code("PAGE"), SEPARATE, "1", END, "页")),
        ("header", "header2.xml"): part("w:hdr", p("首页")),
        ("footnotes", "footnotes.xml"): part(
            "w:footnotes",
            '<w:footnote w:type="separator">'
            + p("--")
            + "</w:footnote><w:footnote>"
            + p("注")
            + "</w:footnote>",
        ),
    }
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="r0"/><w:footerReference r:id="r1"/>'
        '<w:headerReference w:type="first" r:id="r2"/></w:sectPr>'
    )
    grids = read_docx(docx(p("甲", properties=section) + p("乙") + section, parts)).grids
    assert [(grid.cells[0].text, grid.role, grid.cells[0].origin.place) for grid in grids] == [
        ("甲", "", "paragraph 1"),
        ("乙", "", "paragraph 2"),
        ("注", "", "footnote 1, paragraph 1"),
        ("页眉", "page_furniture", "header 1, paragraph 1"),
        ("第1页", "page_furniture", "footer 1, paragraph 1"),
    ]


INNER = docx(p("附文") + '<w:altChunk r:id="r0"/>', {("aFChunk", "again.docx"): docx(p("太深"))})

INSERTED = {
    "text": ("chunk.txt", "甲文".encode(), ["甲", "甲文", "乙"], []),
    "page": ("chunk.html", "<html><body><p>甲页</p></body></html>".encode(), ["甲", "甲页", "乙"], []),
    "document": ("chunk.docx", INNER, ["甲", "附文", "乙"], []),
    "saved page": (
        "chunk.mht",
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>" + "甲页</p>".encode(),
        ["甲", "甲页", "乙"],
        [],
    ),
    "unknown": ("chunk.rtf", b"{\\rtf1}", ["甲", "乙"], ["unread_part"]),
    "broken": ("chunk.docx", b"PK", ["甲", "乙"], ["unread_part"]),
}


@pytest.mark.parametrize("case", INSERTED)
def test_inserted_parts(case):
    name, content, wanted, notes = INSERTED[case]
    body, parts = p("甲") + '<w:altChunk r:id="r0"/>' + p("乙"), {("aFChunk", name): content}
    assert lines(body, parts) == wanted
    assert kinds(body, parts) == notes


def test_damaged_side_parts_do_not_stop_the_text():
    assert kinds(p("甲"), {("styles", "styles.xml"): "<w:styles", ("numbering", "n.xml"): ""}) == [
        "unread_part"
    ]


PICTURE = '<w:r><w:drawing><wp:inline><wp:extent cx="{0}" cy="{0}"/><a:blip/></wp:inline></w:drawing></w:r>'
SMALL, LARGE = PICTURE.format(720_000), PICTURE.format(5_400_000)
VML_LARGE = (
    '<w:r><w:pict><v:shape style="position:absolute;width:415.3pt;height:590pt">'
    "<v:imagedata/></v:shape></w:pict></w:r>"
)
SHEET = (
    "<w:r><w:object><v:shape><v:imagedata/></v:shape>"
    '<o:OLEObject Type="Embed" ProgID="Excel.Sheet.12"/></w:object></w:r>'
)

NOTED = {
    "tracked changes": ("<w:ins>" + r("8") + "</w:ins>", ["tracked_changes"]),
    "changed paragraph mark": ("", []),
    "hidden text": (r("乙", "<w:vanish/>"), ["hidden_text"]),
    "small picture": (SMALL, ["picture"]),
    "large picture": (LARGE, ["page_picture"]),
    "both": (SMALL + LARGE, ["page_picture", "picture"]),
    "old picture": (VML_LARGE, ["page_picture"]),
    "embedded workbook": (SHEET, ["embedded_object"]),
}


@pytest.mark.parametrize("case", NOTED)
def test_notes(case):
    runs, wanted = NOTED[case]
    assert kinds(p("甲", runs or r(""))) == wanted


# ── refusals ─────────────────────────────────────────────────────────────────

REFUSED = {
    "pictures only": (docx(p(LARGE)), NoTextLayer),
    "workbook only": (docx(p(SHEET)), NoTextLayer),
    "nothing": (docx("<w:p/>"), Empty),
    "no body": (docx("").replace(b"w:body", b"w:bodi"), Damaged),
    "no text part": (docx("", main="word/other.xml"), Damaged),
    "not XML": (docx("<w:p>"), Damaged),
    "no archive": (b"PK\x03\x04", Damaged),
    "too deep": (docx(40 * "<w:tbl><w:tr><w:tc>" + p("甲") + 40 * "</w:tc></w:tr></w:tbl>"), TooLarge),
    "long cell": (docx(p("甲" * 1_000_001)), TooLarge),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case):
    data, error = REFUSED[case]
    with pytest.raises(error) as caught:
        read_docx(data)
    assert caught.value.message.endswith((".", "?")) or error is Damaged


def test_other_names_of_the_text_part():
    for name in ("word/document2.xml", "word\\document.xml", "/word/document.xml"):
        assert [grid.cells[0].text for grid in read_docx(docx(p("甲"), main=name)).grids] == ["甲"]


# ── one XML file ─────────────────────────────────────────────────────────────


def test_flat_package():
    body = part("w:document", f"<w:body>{p('甲')}{TABLES['spans'][0]}</w:body>").partition("?>")[2]
    data = (
        '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{body}</pkg:xmlData></pkg:part></pkg:package>'
    )
    reading = read_office_xml(data.encode())
    assert reading.media_type.endswith("wordprocessingml.document")
    assert placed(reading.grids[1]) == TABLES["spans"][1]


def test_word_2003():
    old = "http://schemas.microsoft.com/office/word/2003/wordml"
    hint = '<w:listPr><wx:t wx:val="1."/></w:listPr>'
    body = (
        p("题", properties=hint)
        + '<aml:annotation w:type="Word.Deletion"><aml:content>'
        + p("删")
        + "</aml:content></aml:annotation>"
        + tbl(tr(tc("甲", RESTART.lower()), "1"), tr(tc("", GO_ON.lower()), "2")).replace("vMerge", "vmerge")
    )
    data = part(
        "w:wordDocument",
        f"<w:body><wx:sect>{body}</wx:sect></w:body>",
        XMLNS.replace(NAMES["w"], old) + ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
        ' xmlns:aml="http://schemas.microsoft.com/aml/2001/core"',
    )
    reading = read_office_xml(data.encode())
    assert reading.grids[0].cells[0].text == "1.题"
    assert placed(reading.grids[1]) == ["0,0+2x1 甲", "0,1 1", "1,1 2"]


# ── whatever the bytes ───────────────────────────────────────────────────────

FIRST = document(sample_sheets()[:1])


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_mutated_bytes_are_read_or_refused(rng):
    data = bytearray(FIRST)
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    outcome(bytes(data[: rng.choice((len(data), rng.randrange(len(data))))]))


PIECES = [
    "<w:p>",
    "</w:p>",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:r>",
    "</w:r>",
    "<w:t>甲</w:t>",
    "<w:t>\uf052</w:t>",
    "<w:tcPr><w:gridSpan w:val='-3'/></w:tcPr>",
    "<w:tcPr><w:gridSpan w:val='99999999999'/></w:tcPr>",
    "<w:tcPr><w:vMerge/><w:hMerge/></w:tcPr>",
    "<w:sdt>",
    "</w:sdt>",
    "<w:del>",
    "</w:del>",
    BEGIN,
    SEPARATE,
    END,
    code("EQ \\o(,)"),
    "<w:trPr><w:gridBefore/><w:del w:val='x'/></w:trPr>",
    "<w:tblGrid><w:gridCol/></w:tblGrid>",
    "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:sectPr/></w:pPr>",
    "<w:lastRenderedPageBreak/>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>",
    "<w:altChunk/>",
    "<w:sym/>",
    SMALL,
    SHEET,
    "<m:f/>",
    "<w:t/>",
    "<!-- c -->",
    "<?x y?>",
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_markup_is_read_or_refused(pieces):
    opened, body = [], ""
    for piece in pieces:  # well-formed: what closes nothing is left out, what stays open is closed
        name = piece.strip("</>")
        if piece.startswith("</"):
            if name not in opened:
                continue
            while opened[-1] != name:
                body += f"</{opened.pop()}>"
            opened.pop()
        elif piece == f"<{name}>":
            opened.append(name)
        body += piece
    outcome(docx(body + "".join(f"</{name}>" for name in reversed(opened)), numbering(("decimal", "%1"))))


def outcome(data):
    """Any error but a refusal ends the test; what is read is in order."""
    try:
        reading = read_docx(data)
    except UnreadableSource:
        return
    assert reading.grids
    for grid in reading.grids:
        places = [(cell.row, cell.col) for cell in grid.cells]
        assert places == sorted(set(places))
        for cell in grid.cells:
            assert cell.text == cell.text.strip() != ""
            assert 1 <= cell.origin.page <= reading.page_count
            assert cell.row + cell.row_span <= grid.n_rows
            assert cell.col + cell.col_span <= grid.n_cols


def test_random_tables_tile():
    """Cells of random merges come back as they were drawn."""
    rng = random.Random(7)
    for _ in range(30):
        n_rows, n_cols = rng.randint(2, 6), rng.randint(2, 6)
        owner = {}
        for row in range(n_rows):
            for col in range(n_cols):
                if (row, col) not in owner:
                    tall, wide = rng.randint(1, min(3, n_rows - row)), rng.randint(1, min(3, n_cols - col))
                    while any((row, right) in owner for right in range(col, col + wide)):
                        wide -= 1
                    owner |= {
                        (row + down, col + right): (row, col, tall, wide)
                        for down in range(tall)
                        for right in range(wide)
                    }
        rows = []
        for row in range(n_rows):
            cells, col = [], 0
            while col < n_cols:
                top, left, tall, wide = owner[row, col]
                merge = "" if tall == 1 else RESTART if top == row else GO_ON
                cells.append(tc(f"{top}-{left}" if top == row else "", span(wide) + merge))
                col += wide
            rows.append(tr(*cells))
        (grid,) = read_docx(docx(p("题") + tbl(*rows))).grids[1:]
        used = sorted({edge for _, left, _, wide in owner.values() for edge in (left, left + wide)})
        wanted = {
            (top, used.index(left), tall, used.index(left + wide) - used.index(left), f"{top}-{left}")
            for top, left, tall, wide in owner.values()
        }
        assert {(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells} == wanted
