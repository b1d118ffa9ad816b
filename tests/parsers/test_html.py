"""Web pages: what a browser prints, cell by cell, of pages as they are published."""
# ruff: noqa: E501  pages stand here as they are published

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.drawing.html import page
from fixtures.golden import CASES, DOCUMENT_ID, described, differences, expected
from fixtures.sheet import sample_sheets, truth
from parsers import html_source, html_spans, html_walk
from parsers.errors import Empty, NoTextLayer, TooLarge, UnreadableSource, WrongEncoding
from parsers.html import read_html
from parsers.sniff import kind_of
from pipeline.document import extract

SAMPLE = page(sample_sheets())


def cells(source, codec="utf-8"):
    """All grids as lists of (row, column, text), spans added where there are any."""
    data = source if isinstance(source, bytes) else source.encode(codec)
    return [
        [
            (cell.row, cell.col, cell.text)
            + ((cell.row_span, cell.col_span) if (cell.row_span, cell.col_span) != (1, 1) else ())
            for cell in grid.cells
        ]
        for grid in read_html(data, "").grids
    ]


def texts(source, codec="utf-8"):
    return [[cell[2] for cell in grid] for grid in cells(source, codec)]


def rows(source):
    """The only table as rows of texts."""
    (grid,) = read_html(source.encode(), "").grids
    table = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell in grid.cells:
        table[cell.row][cell.col] = cell.text
    return table


def printed(source):
    return "".join(text for grid in texts(source) for text in grid)


def notes(source):
    return [(note.kind, note.message) for note in read_html(source.encode(), "").notes]


# ── the sample's forms ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"), ("utf-8", "gb2312"), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("gb18030", "x-gbk"),
        ("gb18030", "iso-8859-1"), ("gb18030", "big5"), ("utf-16", "gb2312"), ("utf-16-le", "utf-8"),
        ("utf-8-sig", "gbk"),
    ],
)
def test_the_forms_of_the_sample_are_exact_in_any_encoding_under_any_name(codec, named):
    grids = read_html(SAMPLE.replace("utf-8", named).encode(codec), "").grids
    wanted = [truth(sheet) for sheet in sample_sheets()]
    tables = [
        tuple((cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells)
        for grid in grids
        if grid.n_cols > 1
    ]
    assert tables == [table for one in wanted for table in one.tables]
    paragraphs = [grid.cells[0].text for grid in grids if grid.n_cols == 1]
    assert paragraphs == [text for one in wanted for text in one.paragraphs]


def test_the_forms_of_the_sample_give_the_records_of_the_text():
    found = described(extract(read_html(SAMPLE.encode(), ""), DOCUMENT_ID))
    assert [line for line in differences(expected(CASES / "A" / "sample"), found) if "find" not in line] == []


def test_places_are_counted_in_print_order():
    grids = read_html(b"<p>a</p><table><tr><td>b<td>c</table><p>d</p><table><tr><td>e<tr><td colspan=2>f<td>g", "").grids
    assert [cell.origin.place for grid in grids for cell in grid.cells] == [
        "paragraph 1", "table 1, row 1, column 1", "table 1, row 1, column 2", "paragraph 2",
        "table 2, row 1, column 1", "table 2, row 2, column 1", "table 2, row 2, column 3",
    ]
    assert {(cell.origin.page, cell.origin.method) for grid in grids for cell in grid.cells} == {(1, "html")}


# ── encodings ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=gb2312><p>㎡镕基".encode("gb18030"), "㎡镕基"),
        ("<META http-equiv='Content-Type' content='text/html; charset=GBK'><p>𠮷镕".encode("gb18030"), "𠮷镕"),
        ("<meta charset=big5><p>項目績效".encode("big5"), "項目績效"),
        ("<meta charset=gb2312><p>項目績效表".encode(), "項目績效表"),
        (b"<meta charset=hz-gb-2312><p>" + "项目".encode("hz"), "项目"),
        (b"<meta charset=windows-1252><p>&#39033;&#30446;\xa0\x93A\x94", "项目 “A”"),
        (b"<meta charset=iso-8859-1><p>caf\xe9 d\xe9j\xe0", "café déjà"),
        ("<meta charset=iso-8859-1><p>优".encode("gb18030"), "优"),
        ("<?xml version='1.0' encoding='big5'?><html><p>項目".encode("big5"), "項目"),
        (b"<style>" + b"p{a:b}" * 9_000 + b"</style>" + "<p>年度资金总额".encode("gb18030"), "年度资金总额"),
        ("<meta charset=no-such-thing><p>项目".encode(), "项目"),
    ],
)
def test_bytes_overrule_the_name_of_the_encoding(data, text):
    assert texts(data) == [[text]]


def test_spoiled_pages_are_refused():
    with pytest.raises(WrongEncoding):
        read_html(("<html><p>" + "锟斤拷" * 40).encode(), "")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&ge;20&le;3&#8805;&#x2264;", "≥20≤3≥≤"),
        ("&nbsp;&nbsp;a&nbsp; &nbsp;b&nbsp;", "a b"),
        ("&emsp;&ensp;项&emsp;目&emsp;", "项\u2003目"),
        ("&#128;&#146;&#150;", "€’–"),
        ("&lt;td&gt;&amp;nbsp;", "<td>&nbsp;"),
        ("\u3000\u3000m2㎡①½\u200b", "m2㎡①½"),
        ("20%&gt19", "20%>19"),
    ],
)
def test_character_references(source, text):
    assert texts(f"<p>{source}</p>") == [[text]]


# ── white space and line breaks ──────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("绩效\n   自评表", "绩效自评表"),
        ("<span>绩效\r\n</span><b> 自评</b>", "绩效自评"),
        ("Windows\n Server", "Windows Server"),
        ("a  \t b", "a b"),
        ("完成，\n“一次”\n办好", "完成，“一次”办好"),
        ("年度 总体 目标", "年度 总体 目标"),
        ("绩<br>效<br/>指<p>标</p>", "绩效指标"),
        ("<p>a</p><p>b</p>", "a b"),
        ("<p>=100.0<p>0（%）", "=100.00（%）"),
        ("<div>一</div>二<ul><li>三<li>四</ul>", "一二三四"),
        ("<pre>a  b\nc</pre>", "a  b c"),
        ("<span style='white-space: pre-wrap'>x  y</span>", "x  y"),
        ("<textarea>第一行\n第二行</textarea>", "第一行第二行"),
        ("<p>甲</p>\n\n&nbsp;\n<p>乙</p>", "甲乙"),
    ],
)
def test_the_text_of_a_cell(source, text):
    assert rows(f"<table><tr><td>{source}</td><td>z</td></tr></table>") == [[text, "z"]]


@pytest.mark.parametrize(
    ("source", "paragraphs"),
    [
        ("<p>a</p>b<div>c<p>d</p>e</div>", ["a", "b", "c", "d", "e"]),
        ("<p>项目支出<br>自评表</p>", ["项目支出自评表"]),
        ("自评表<br><br>2023年度", ["自评表", "2023年度"]),
        ("第一段。<br>&nbsp;&nbsp;&nbsp;&nbsp;第二段<br>　　第三段", ["第一段。", "第二段", "第三段"]),
        ("<h1>a</h1><hr>b<blockquote>c</blockquote>", ["a", "b", "c"]),
        ("<font size=3><center>a<p>b</p></font>c", ["a", "b", "c"]),
        ("<body>a</body></html>b", ["ab"]),
        ("<article><section>a</section><footer>b</footer></article>", ["a", "b"]),
    ],
)
def test_paragraphs(source, paragraphs):
    assert texts(source) == [[text] for text in paragraphs]


def test_preformatted_text_is_read_as_text_is():
    assert cells("<p>t</p><pre>项目\t金额\n甲\t1.00</pre>") == [
        [(0, 0, "t")], [(0, 0, "项目"), (0, 1, "金额"), (1, 0, "甲"), (1, 1, "1.00")],
    ]


# ── spans ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("<tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d",
         [(0, 0, "a", 2, 1), (0, 1, "b", 1, 2), (1, 1, "c"), (1, 2, "d")]),
        ("<tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d",
         [(0, 0, "a", 3, 1), (0, 1, "b"), (1, 1, "c"), (2, 1, "d")]),
        ("<tbody><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>d",
         [(0, 0, "a"), (0, 1, "b"), (1, 0, "c"), (1, 1, "d")]),
        ("<tr><td>a<td rowspan=2>b<tr><td colspan=2>c<td>d",
         [(0, 0, "a"), (0, 1, "b", 2, 1), (1, 0, "c"), (1, 2, "d")]),
        ("<tr><td colspan=99999>a<td>b", [(0, 0, "a", 1, 1000), (0, 1000, "b")]),
        ("<tr><td colspan=x>a<td rowspan=-1>b<td colspan='2px'>c<td colspan=0>d",
         [(0, 0, "a"), (0, 1, "b"), (0, 2, "c", 1, 2), (0, 4, "d")]),
        ("<tr><td colspan=2 style='mso-ignore:colspan'>a<td>b", [(0, 0, "a"), (0, 2, "b")]),
        ("<tr><td rowspan=2>a<td>b<tr style='display:none'><td>x<tr><td>c<td>d",
         [(0, 0, "a", 2, 1), (0, 1, "b"), (2, 0, "c"), (2, 1, "d")]),
        ("<tr><td>a<td>b<tr height=0 style='display:none'><td width=9>", [(0, 0, "a"), (0, 1, "b")]),
        ("<col><col style='display:none'><tr><td>a<td>x<td>c", [(0, 0, "a"), (0, 2, "c")]),
        ("<tfoot><tr><td>f<td>f<tbody><tr><td>b<td>b<thead><tr><td>h<td>h",
         [(0, 0, "h"), (0, 1, "h"), (1, 0, "b"), (1, 1, "b"), (2, 0, "f"), (2, 1, "f")]),
        ("<tr><td>a<td>b<tr><tr><td>c<td>d", [(0, 0, "a"), (0, 1, "b"), (2, 0, "c"), (2, 1, "d")]),
    ],
)
def test_spans_follow_the_standard(table, wanted):
    assert cells(f"<table>{table}</table>") == [wanted]


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=5), max_size=6))
def test_no_two_cells_cover_a_place(table):
    sources = [[html_spans.Source((), *spans) for spans in row] for row in table]
    tiling = html_spans.place([sources])
    covered = [
        (row, col)
        for cell in tiling.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    ]
    assert len(covered) == len(set(covered))
    assert all(row < tiling.n_rows == len(table) and col < tiling.n_cols for row, col in covered)
    assert len(tiling.cells) == sum(map(len, table))
    assert tiling.cells == sorted(tiling.cells)


def test_hundreds_of_empty_columns_cost_nothing():
    row = "<tr><td>a<td>b" + "<td></td>" * 600 + "</tr>"
    (grid,) = read_html(f"<table>{row * 40}</table>".encode(), "").grids
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (40, 602, 80)


# ── tables that are none, and tables that are not written as such ────────────


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
        "<table><tr><td>a</td></td><td>b</tr></td><tr><td>c</td><td>d</table></table>",
        "<table><form><tr><td>a</td><td>b</td></tr></form><tr><td>c<td>d</table>",
        "<center><font><table><tr><td><font>a<td><b>b<tr><td><center>c<td>d</table>",
        "<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>",
        "<td>a</td><td>b</td></tr><tr><td>c</td><td>d</td>",
        "<table><th>a<th>b<tr><td>c<td>d</table>",
        "<table><tr><a href=x><td>a</td><td>b</a></td></tr><tr><td>c<td>d</table>",
        "<div style='display:table'><p style='DISPLAY: table-row'><b style='display:table-cell'>a</b><b style='display:table-cell'>b</b></p><div style='display:table-row'><i style='display:table-cell'>c</i><i style='display:table-cell'>d</i></div></div>",
        "<div role=table><div role=rowgroup><div role=row><span role=columnheader>a</span> <span role=cell>b</span></div></div><div role=row><span role=cell>c</span><span role=cell>d</span></div></div>",
        "<table><tr><td><table><tr><td></td><td><table><tr><td>a<td>b<tr><td>c<td>d</table></td></tr></table></table>",
    ],
)
def test_a_table_however_it_is_written(source):
    assert rows(source) == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<table><tr><td>nav</td><td><p>t</p><table><tr><td>1<td>2<tr><td>3<td>4</table><p>e</table>",
         [["nav"], ["t"], ["1", "2", "3", "4"], ["e"]]),
        ("<table><tr><td>x<td>y<tr><td colspan=2><table><tr><td>1<td>2<tr><td>3<td>4</table><tr><td>z<td>w</table>",
         [["x", "y"], ["1", "2", "3", "4"], ["z", "w"]]),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", [["a"], ["b"]]),
        ("<table><tr><td>" + "<p>a</p>" * 40 + "<td>b</table>", [["a"]] * 40 + [["b"]]),
        ("<table><tr><td>1<td>2<tr><td>3<td><table><tr><td>l<tr><td>m</table></table>", [["1", "2", "3", "l m"]]),
        ("<table><tr><td>1<td>2<td>3<tr><td>4<td>5<table><tr><td>甲<td>乙</table><td>6</table>",
         [["1", "2", "3", "4", "5甲乙", "6"]]),
        ("<table><caption>表1</caption><tr><td>a<td>b</table>", [["表1"], ["a", "b"]]),
        ("<table>stray<tr><td>a<td>b</table>", [["stray"], ["a", "b"]]),
        ("<div><div>a</div><div>b</div></div>", [["a"], ["b"]]),
        ("<div role=row><div role=cell>a</div><div style='display:table-cell'>b</div></div>", [["a"], ["b"]]),
    ],
)
def test_layout_is_told_from_data(source, wanted):
    assert texts(source) == wanted


# ── what is printed and what is not ──────────────────────────────────────────


@pytest.mark.parametrize(
    "hidden",
    [
        "<b style='display:none'>x</b>", "<b style='DISPLAY : none !important'>x</b>", "<b hidden>x</b>",
        "<b style='visibility:hidden'>x</b>", "<b style='mso-hide:all'>x</b>", "<b style='font-size:0'>x</b>",
        "<b style='font-size:0.0pt'>x</b>", "<p style='display:none'><table><tr><td>x</table>", "<del>x</del>",
        "<div style='display:none'>x</div>", "<ruby><rp>(</rp><rt>x</rt></ruby>",
    ],
)
def test_hidden_text_is_left_out_with_a_note(hidden):
    source = f"<div>a{hidden}<p>b"
    assert printed(source) == "ab"
    assert notes(source) == [("hidden_text", "1 hidden texts are not printed and were left out, the first: x")]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>document.write('<td>x')</script>", "<style>x{}</style>", "<!-- x -->", "<template>x</template>",
        "<!--[if gte mso 9]><xml><w:x>x</w:x></xml><![endif]-->", "<noscript>x</noscript>", "<img alt=x src=x>",
        "<input type=hidden value=x>", "<input type=submit value=x>", "<title>x</title>", "<xml>x</xml>",
        "<link href=http://x><base href=http://x>", "<div style='display:none'><script>x</script></div>",
        "<select multiple><option>x</select>", "<svg><title>x</title></svg>", "<datalist><option>x</datalist>",
    ],
)
def test_what_is_no_print_is_left_out_without_a_note(unseen):
    assert printed(f"<p>a{unseen}b") == "ab"
    assert notes(f"<p>a{unseen}b") == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<input value=' 12.50 '>", "12.50"),
        ("<input type=text value=a>元", "a元"),
        ("<input type=checkbox checked>是<input type=radio>否", "☑是□否"),
        ("<select><option>请选择<option selected> 优 <option>良</select>", "优"),
        ("<select><option>优<option>良</select>", "优"),
        ("<span style='font-family:\"Wingdings 2\"'>R</span>是<font face=Wingdings>\xa8</font>否", "☑是□否"),
        ("<span style='font-family:Symbol'>\xb3</span>20", "≥20"),
        ("<span style='font-size:0'><b style='font-size:9pt'>a</b></span>", "a"),
        ("<![if !supportLists]>1.<span style='font:7.0pt \"Times\"'>&nbsp;&nbsp; </span><![endif]>完成<o:p></o:p>", "1. 完成"),
        ("10<sup>4</sup>吨", "104吨"),
        ("<ruby>绩<rp>(</rp></ruby>效", "绩效"),
    ],
)
def test_print_of_its_own(source, text):
    assert texts(f"<p>{source}</p>") == [[text]]


def test_files_shown_within_the_page_are_named_and_not_fetched():
    (found,) = notes("<p>a</p><iframe src='http://127.0.0.1:9/b.pdf'></iframe><embed src=c.pdf>")
    assert found[0] == "external_reference"
    assert "http://127.0.0.1:9/b.pdf, c.pdf" in found[1]


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("", Empty, "no character"),
        ("<p>&nbsp;</p><table><tr><td>　</table><script>x</script>", Empty, "no character"),
        ("<p><img src=a.png><img src=b.png>", NoTextLayer, "2 pictures"),
        ("<frameset><frame src=sheet001.htm></frameset>", Empty, "sheet001.htm"),
        ("<iframe src=a.pdf></iframe>", Empty, "a.pdf"),
    ],
)
def test_a_page_without_text(source, error, words):
    with pytest.raises(error, match=words):
        read_html(source.encode(), "")


# ── pages as they are published ──────────────────────────────────────────────

ROW = "<tr><td>项目名称</td><td>政府聘用辅助人员经费</td></tr><tr><td>全年执行数</td><td>171.59</td></tr>"
READ = [["项目名称", "政府聘用辅助人员经费", "全年执行数", "171.59"]]

PAGES = {
    "trs": f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html xmlns="http://www.w3.org/1999/xhtml">
<head><meta name="SiteName" content="某局"><title>公开</title><script>var a="<table><tr><td>";</script></head><body>
<table width=1000 align=center><tr><td><table><tr><td>首页</td><td>政务公开</td></tr></table></td></tr>
<tr><td valign=top><!--[if IE]><p>x</p><![endif]--><div class=TRS_Editor><style>.TRS_Editor P{{margin:0}}</style>
<table border=1><tbody>{ROW}</tbody></table></div></td></tr></table></body></html>""",
    "word": """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><!--[if gte mso 9]><xml><o:p/></xml><![endif]-->
<style><!-- /* Font */ @font-face {font-family:宋体;} --></style></head><body lang=ZH-CN><div class=WordSection1>
<table class=MsoNormalTable border=0 cellspacing=0>"""
    + "".join(
        f"<tr style='mso-yfti-irow:{n};height:1cm'>"
        + "".join(
            f"<td width=97\n  style='width:72.9pt;mso-border-alt:solid .5pt'>\n  <p class=MsoNormal align=center\n"
            f"  style='text-align:center'><span\n  style='font-size:9.0pt;font-family:宋体'>{text}</span><span lang=EN-US>"
            "<o:p></o:p></span></p>\n  </td>\n"
            for text in pair
        )
        + "</tr>\n"
        for n, pair in enumerate((("项目\n  名称", "政府聘用辅助\n人员经费"), ("全年执行数", "171.59")))
    )
    + "<![if !supportMisalignedColumns]><tr height=0><td width=9 style='border:none'></td></tr><![endif]></table>"
    "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p></div></body></html>",
    "excel": """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html;
charset=gb2312"><style>td{mso-number-format:General}</style></head><body link=blue><table x:str border=0>
<col width=72><tr height=19><td colspan=1 class=xl24>项目名称</td><td class=xl25>政府聘用辅助人员经费<span
style='mso-spacerun:yes'>&nbsp;</span></td></tr><tr><td>全年执行数</td><td x:num="171.59000000000003">171.59</td></tr>
<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=72></td></tr><![endif]></table></body></html>""",
    "wps": f"""<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 14"><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head>
<body style="tab-interval:21pt;"><!--StartFragment--><div class="Section0"><table class=MsoNormalTable>{ROW.replace("<td>", '<td valign=center><p class=MsoNormal><span style="mso-spacerun:yes;font-family:宋体;font-size:10.5000pt;"><font face="宋体">').replace("</td>", "</font></span></p></td>")}</table></div><!--EndFragment--></body></html>""",
    "clipboard": f"Version:0.9\r\nStartHTML:00000097\r\nEndHTML:00000300\r\n<html><body><!--StartFragment--><table>{ROW}</table>",
    "xhtml": f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a"/>'
    f"</head><body><a name='x'/><table>{ROW}</table></body></html>",
    "inputs": "<form><table><tr><td>项目名称<td><input name=a value=政府聘用辅助人员经费></tr><tr><td>全年执行数<td>"
    "<input type='text' readonly value='171.59'></table></form>",
    "picture in tag": f'<p><img src="data:image/png;base64,{"A" * 20_000}"></p><table>{ROW}</table>',
}


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_as_they_are_published(name, codec):
    data = PAGES[name].encode(codec)
    assert kind_of(data) == "html"
    found = texts(data)
    assert found == ([["首页", "政务公开"], *READ] if name == "trs" else READ)


# ── kinds ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("<!-- " + "saved " * 900 + "--><div>", "html"),
        ("<p>x", "html"),
        ("<b>a</b>", "html"),
        ("<b> 是粗体", "text"),
        ("<3个>\t1", "text"),
        ("自评表\n<table border=1>\n<tr><td>a</td></tr></table>", "html"),
        ("在<table>里写<tr>", "text"),
        ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<!DOCTYPE html>", "html"),
        ("<!DOCTYPE html>文字", "html"),
        ("<?xml version='1.0'?><report><table/></report>", "xml"),
        ("<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>\n<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "spreadsheetml"),
        ("<Workbook xmlns:x='y' xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "spreadsheetml"),
        ("<?xml version='1.0'?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'>",
         "word_xml"),
        ("<?xml version='1.0'?><pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>",
         "flat_opc"),
        ("<html xmlns:x='urn:schemas-microsoft-com:office:spreadsheet'>", "html"),
        ("Received: x\r\n" + "\ty\r\n" * 900 + "MIME-Version: 1.0\r\n", "mht"),
        ("Content-Type: multipart/related; boundary=b\r\n\r\n--b", "mht"),
        ("说明 MIME-Version: 1.0", "text"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-8-sig"])
def test_kinds_of_markup(start, kind, codec):
    assert kind_of(start.encode(codec)) == kind


# ── limits and damage ────────────────────────────────────────────────────────


@pytest.mark.parametrize("tag", ["<div>", "<font color=a>", "<table><tr><td>", "<ul><li>", "<span>", "<b><div>"])
def test_depth_neither_crashes_nor_takes_quadratic_time(tag):
    assert texts(tag * 300 + "a") == [["a"]]
    with pytest.raises(TooLarge, match="deep"):
        read_html(f"{tag * 100_000}a".encode(), "")


def test_formatting_left_open_is_not_made_anew_in_every_paragraph():
    source = "".join(f"<p><font color={n}>甲" for n in range(3_000))   # 4.5 million elements by the standard
    assert texts(source) == [["甲"]] * 3_000


def test_attributes_without_end_are_dropped():
    assert texts(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>1</p>2") == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("limited", "name", "source"),
    [
        (html_walk, "MAX_TABLE_CELLS", "<table><tr>" + "<td>1" * 101),
        (html_source, "MAX_TAGS", "<p>" * 101),
        (html_spans, "MAX_STEPS", "<table>" + "<tr><td rowspan=99>1<td rowspan=99>2" * 20),
    ],
)
def test_limits(monkeypatch, limited, name, source):
    monkeypatch.setattr(limited, name, 100)
    with pytest.raises(TooLarge):
        read_html(source.encode(), "")


def test_any_cut_or_mixed_page_is_read_or_refused():
    choose = random.Random(7)
    sources = [SAMPLE[:9_000].encode(), *(text.encode("gb18030") for text in PAGES.values())]
    for _ in range(400):
        data = bytearray(choose.choice(sources))
        for _ in range(choose.randrange(6)):
            at = choose.randrange(len(data))
            data[at : at + choose.randrange(30)] = choose.choice(sources)[at % 500 :][: choose.randrange(30)]
        del data[choose.randrange(len(data)) :]
        try:
            found = read_html(bytes(data), "")
        except UnreadableSource:
            continue
        assert all(cell.text.strip() == cell.text != "" for grid in found.grids for cell in grid.cells)


TAGS = ["<table>", "<tr>", "<td>", "<td rowspan=3>", "<td colspan=2>", "</td>", "</tr>", "</table>", "<p>", "</p>", "<br>",
        "<div role=table>", "<div role=row>", "<div role=cell>", "</div>", "<b hidden>", "</b>", "<select>", "<option>",
        "<pre>", "<textarea>", "<caption>", "<col hidden>", "<a>", "<svg>", "<template>", "<!--", "-->", "甲", " 乙 ", "&nbsp;"]


@given(st.lists(st.sampled_from(TAGS), max_size=40))
def test_any_heap_of_tags(tags):
    try:
        grids = read_html("".join(tags).encode(), "").grids
    except UnreadableSource:
        return
    for grid in grids:
        assert list(grid.cells) == sorted(grid.cells, key=lambda cell: (cell.row, cell.col))
        assert all(cell.row + cell.row_span <= grid.n_rows for cell in grid.cells)
        assert all(cell.col + cell.col_span <= grid.n_cols for cell in grid.cells)
