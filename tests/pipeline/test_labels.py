"""The vocabulary is without contradictions."""

import tomllib
from importlib.resources import files

import pytest

from parsers import read
from pipeline import labels
from pipeline.blocks import split
from pipeline.titles import title_kind
from pipeline.values.fold import fold

DATA = tomllib.loads(files("pipeline.templates").joinpath("labels.toml").read_text("utf-8"))
TITLES = tomllib.loads(files("pipeline.templates").joinpath("titles.toml").read_text("utf-8"))
NO_WORDINGS = {"level2_parent", "personal_words", "reason_words", "rule_words", "hints", "notes"}
GROUPS = [name for name in DATA if name not in NO_WORDINGS]


@pytest.mark.parametrize("group", GROUPS)
def test_a_wording_is_one_label_of_its_group(group):
    owners = {}
    for label, wordings in DATA[group].items():
        for wording in wordings:
            owners.setdefault(fold(wording), set()).add(label)
    assert {wording: names for wording, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("group", GROUPS)
def test_every_wording_is_found_however_it_is_printed(group):
    for label, wordings in DATA[group].items():
        for wording in wordings:
            spaced = "　".join(wording)
            tailed = wording if wording.endswith(")") else f"{wording}（50分）"
            for printed in (
                wording,
                spaced,
                f"{wording}：",
                tailed,
                wording.replace("(", "（"),
            ):
                assert labels.labels_of(printed).get(group) == label, printed


def test_wordings_fit_the_longest_label():
    for group in GROUPS:
        for wordings in DATA[group].values():
            assert all(len(wording) <= labels.LONGEST_LABEL // 2 for wording in wordings)


def test_parents_name_known_codes():
    assert set(DATA["level2_parent"]) == set(DATA["level2"])
    for codes in DATA["level2_parent"].values():
        assert set(codes) <= set(DATA["level1"])


@pytest.mark.parametrize(
    "name", ["完成自评报告", "编制绩效目标表数量", "项目支出绩效自评表填报数量", "收入支出决算编制"]
)
def test_names_of_indicators_with_title_words_open_no_block(name):
    """A title's words may stand in a cell of a form; only its place makes it a title."""
    rows = (
        "财政项目支出绩效自评表",
        "",
        "项目名称\t\t报告编制",
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分",
        f"产出指标\t数量指标\t{name}\t≥1(份)\t1(份)\t50\t50",
        f"\t质量指标\t{name}",
        "总分\t\t\t\t\t100\t100",
        "评分等级\t\t优",
    )
    text = "\n".join(rows)
    assert [block.kind for block in split(read(text.encode(), "x.txt").grids).blocks] == ["form"]


@pytest.mark.parametrize("kind", [kind for kind in TITLES if kind != "words"])
def test_kinds_of_titles_exclude_one_another(kind):
    for word in TITLES[kind]["any"]:
        assert title_kind(word) in {kind, None}, word
