"""Level names that a page cuts in two."""

import pytest

from fixtures import golden
from parsers import read
from pipeline.document import extract

FORM = """项目支出绩效自评表
项目名称\t修缮
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t10\t10\t10\t10\t100%\t10
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分
产出指标\t数量指标\t修缮\t≥5处\t5处\t30\t30
满意度指标\t{}\t师生满意度\t≥90%\t95%\t30\t30
\t{}\t家长满意度\t≥90%\t95%\t30\t30
总分\t\t\t\t\t100\t100
"""


@pytest.mark.parametrize(
    ("first", "rest"), [("服务对象满意", "度指标"), ("服务对象满意度", "指标"), ("服务对", "象满意度指标")]
)
def test_a_name_that_is_cut_is_put_together_on_both_rows(first, rest):
    (record,) = extract(read(FORM.format(first, rest).encode(), "x.txt"), golden.DOCUMENT_ID).forms
    assert [row.level2 for row in record.form.indicators[1:]] == ["服务对象满意度指标"] * 2
    assert {row.fields["level2"].repair for row in record.printed.indicators[1:]} == {"joined_page_break"}
    assert [finding.printed for finding in record.findings if finding.rule == "layout_broken_row"] == [
        "服务对象满意度指标"
    ]


@pytest.mark.parametrize(("first", "second"), [("服务对象满意度指标", "其他满意度指标"), ("师生指标", "家长指标")])
def test_two_names_stay_two(first, second):
    (record,) = extract(read(FORM.format(first, second).encode(), "x.txt"), golden.DOCUMENT_ID).forms
    assert [row.level2 for row in record.form.indicators[1:]] == [first, second]


def test_a_name_down_its_column_is_one_name():
    names = zip("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标"), strict=True)
    rows = "\n".join(f"{piece}\t{name}\t事项\t≥5处\t5处\t20\t20" for piece, name in names)
    text = FORM.partition("产出指标")[0] + rows + "\n总分\t\t\t\t\t100\t90\n"
    (record,) = extract(read(text.encode(), "x.txt"), golden.DOCUMENT_ID).forms
    assert [row.level1 for row in record.form.indicators] == ["产出指标"] * 4
