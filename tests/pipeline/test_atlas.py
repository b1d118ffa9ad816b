"""`jixiao atlas`: forms by the words of their heads, those of no known family first."""

import pyarrow.parquet as pq
import pytest

from tests.doubles.command import CASES, Desk, jixiao

KNOWN = (CASES / "01_plain_school_repair" / "source.txt").read_text("utf-8")
HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "年末兑现水平", "分值", "打分依据", "得分"]
NEW = f"""\
财政项目支出绩效自评表
（2023年度）
项目名称		{{name}}
主管部门		市档案局		实施单位	市档案馆
项目资金（万元）		年初预算数	全年预算数	全年执行数	分值	执行率(%)	得分
	年度资金总额	10	10	10	10	100	10
{"	".join(HEAD)}
产出指标	数量指标	培训期数	≥6(期)	6(期)	90	好	90
总分					100		100
评分等级		优
"""
BRACKETS = NEW.replace("年末兑现水平", "年末兑现水平（B）")
CUT = "财政项目支出绩效自评表\n项目名称\t\t没有指标\n主管部门\t\t市档案局\t\t实施单位\t市档案馆\n"
TARGETS = "项目支出绩效目标表\n项目名称\t目标\t\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t期数\t≥1期\n"
FILES = {
    "a/known.txt": KNOWN, "new.txt": NEW.format(name="甲") + "\n" + NEW.format(name="乙"),
    "other.txt": BRACKETS.format(name="丙"), "cut.txt": CUT, "target.txt": TARGETS,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("atlas"))
    for name, text in FILES.items():
        desk.put(name, text.encode())
    assert desk.extract().code == 0
    return desk


def asked(*arguments):
    ended = jixiao("atlas", *arguments)
    assert ended.code == 0, ended.stderr
    return ended


def test_the_unknown_come_first_and_say_which_words_differ(desk):
    found = asked("--out", desk.out, "--json").json
    assert (found["forms"], found["unknown_forms"]) == (5, 4)
    assert found["neighbours"] == {"neighbour_target_only": 1}
    new, cut, known = found["variants"]
    assert (new["family"], new["forms"], new["documents"], new["years"]) == (None, 3, 2, [2023])
    assert new["head"] == HEAD
    assert new["spellings"] == 2                       # with and without a bracket is one variant
    assert new["rule"] == "unknown_form"
    assert "nearest is A" in new["why"]
    assert "年末兑现水平、打分依据" in new["why"]
    assert (cut["family"], cut["head"], cut["rule"]) == (None, [], "incomplete_form")
    assert (known["family"], known["forms"]) == ("A", 1)
    assert [word for word in known["head"] if word.endswith("级指标")] == ["一级指标", "二级指标", "三级指标"]


def test_examples_lead_to_the_forms(desk):
    found = asked("--out", desk.out, "--json", "--examples", "2").json
    examples = found["variants"][0]["examples"]
    assert len(examples) == 2
    for one in examples:
        rows = desk.rows("SELECT source_path FROM projects JOIN documents USING (document_id) WHERE form_id = ?",
                         one["form_id"])
        assert rows == [(one["source_path"],)]
        assert (one["page"], one["year"]) == (1, 2023)
        assert jixiao("explain", one["form_id"], "--out", desk.out).code == 0
    assert asked("--out", desk.out, "--json", "--examples", "0").json["variants"][0]["examples"] == []


def test_fund_heads_are_counted_within_a_variant(desk):
    (funds,) = asked("--out", desk.out, "--json").json["variants"][0]["fund_heads"]
    assert funds["forms"] == 3
    assert funds["head"][1:4] == ["年初预算数", "全年预算数", "全年执行数"]


def test_people_read_the_same(desk):
    lines = asked("--out", desk.out).stdout.splitlines()
    assert lines[0] == "5 forms: 4 of no known family in 2 variants, the others in 1 variant"
    assert lines[1] == "refused beside them: 1 target_only"
    assert lines[3] == "unknown: 3 forms in 2 documents (2023)"
    assert lines[4] == "  head: " + " | ".join(HEAD)
    assert sum(line.startswith("  see ") for line in lines) == 5


def test_a_folder_is_read_without_a_trace(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(desk.input.rglob("*"))
    found = asked("--input", desk.input, "--json").json
    wanted = asked("--out", desk.out, "--json").json
    for variant in wanted["variants"]:
        variant["years"] = []
        for one in variant["examples"]:
            one["year"] = None
    assert found == wanted
    assert sorted(desk.input.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


def test_a_year_is_chosen(desk):
    assert asked("--out", desk.out, "--year", "2022", "--json").json["variants"] == []
    assert asked("--out", desk.out, "--year", "2023", "--json").json["forms"] == 5


@pytest.mark.parametrize("option", ["--out", "--input"])
def test_nothing_there(tmp_path, option):
    ended = jixiao("atlas", option, tmp_path)
    assert ended.code == 3
    assert ended.stderr


def test_tables_without_heads_are_named(desk, tmp_path):
    for path in desk.out.glob("*/**/*.parquet"):
        table = pq.ParquetFile(path).read()
        kept = tmp_path / path.relative_to(desk.out)
        kept.parent.mkdir(parents=True)
        names = [name for name in table.column_names if not name.endswith("_head")]
        pq.write_table(table.select(names), kept)
    ended = jixiao("atlas", "--out", tmp_path)
    assert ended.code == 2
    assert "kept no heads" in ended.stderr
