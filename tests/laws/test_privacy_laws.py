"""No person's name and no number of one is in any row of any table, wherever header or foot print it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import families, golden
from fixtures.make import Line
from parsers import read
from pipeline.document import extract
from pipeline.privacy import SILENT, redacted, tell_of_persons, without_persons
from pipeline.rows import rows_of

NAMES = ("赵铁柱", "钱 秋", "孙立群", "欧阳克敏", "司马 丘", "麻小满", "闻人美", "买买提江")
SURE = NAMES[:-1]
NUMBERS = (
    "13912345678", "１３９１２３４５６７８", "139-1234-5678", "139 1234 5678", "+8613912345678", "0871-65123456",
    "(021)65123456", "021-65123456转803", "11010519491231002X", "110105194912310029", "zhang.san@163.com",
)  # fmt: skip
LABELS = (
    "项目负责人", "负责人及电话", "项目负责人及联系电话", "联系人", "填报人", "填表人（签字）", "经办人", "审核人",
    "单位负责人（签章）", "单位负责人(签字)", "财务负责人", "项目联系人", "复核人", "分管领导", "制表人",
)  # fmt: skip
NUMBER_LABELS = ("联系电话", "电话", "手机", "手机号码", "身份证号", "联系方式", "办公电话")
UNKNOWN = ("项目总协调人", "牵头人", "业务骨干", "本表由谁填写", "项目组成员")


def where_printed(rows, secrets):
    """Every column of every row in which one of the secrets stands, white space and widths aside."""
    plain = ["".join(secret.split()) for secret in secrets]
    found = []
    for table, lines in rows.items():
        for line in lines:
            for text in line:
                squeezed = "".join(text.split()) if isinstance(text, str) else ""
                found += [f"{table}: {text}" for secret in plain if secret in squeezed]
    return found


def tables(form, lines):
    text = families.text(form, lines)
    result = extract(read(text.encode(), "x.txt"), golden.DOCUMENT_ID)
    return rows_of(golden.DOCUMENT_ID, result.forms, result.findings), result


def own_cells(name, number, label, number_label):
    return [label, name, number_label, number]


def wide_cells(name, number, label, number_label):
    return [label, "", name, "", number_label, number]


def with_colons(name, number, label, number_label):
    return [f"{label}：{name}", "", f"{number_label}：{number}"]


def one_cell(name, number, label, number_label):
    return [f"{label}：{name}  {number_label}：{number}"]


def one_value(name, number, label, _):
    return [label, "", f"{name} {number}"]


def run_together(name, number, label, number_label):
    return [f"{label}：{name}{number_label}：{number}"]


LAYOUTS = (own_cells, wide_cells, with_colons, one_cell, one_value, run_together)


def placed(lines, cells, foot):
    """The lines with one more, in the header (before the funds) or at the very end."""
    at = len(lines) if foot else next(n for n, line in enumerate(lines) if line.kind == "fund")
    return [*lines[:at], Line("header", cells), *lines[at:]]


def persons(names, labels, number_labels):
    """A name, a number, and the labels before them."""
    return st.tuples(*map(st.sampled_from, (names, NUMBERS, labels, number_labels)))


def read_with(family, seed, cells, *, foot):
    form, lines = families.draw(family, random.Random(seed))
    return tables(form, placed(lines, cells, foot))


@pytest.mark.parametrize("family", families.FAMILIES)
@settings(max_examples=25)
@given(st.integers(0, 10_000), persons(NAMES, LABELS, NUMBER_LABELS), st.sampled_from(LAYOUTS), st.booleans())
def test_persons_under_known_labels(family, seed, person, layout, foot):
    rows, result = read_with(family, seed, layout(*person), foot=foot)
    assert where_printed(rows, person[:2]) == []
    assert "withheld_personal_data" in {one.rule for record in result.forms for one in record.findings}
    assert len(result.forms) == 1


@pytest.mark.parametrize("family", families.FAMILIES)
@settings(max_examples=25)
@given(st.integers(0, 10_000), persons(SURE, UNKNOWN, ["如何找到"]), st.sampled_from(LAYOUTS[:5]), st.booleans())
def test_persons_under_labels_that_nobody_knows(family, seed, person, layout, foot):
    """A number anywhere; a name where it stands in a cell of its own."""
    rows, _ = read_with(family, seed, layout(*person), foot=foot)
    alone = layout in (own_cells, wide_cells)
    assert where_printed(rows, person[:2] if alone else person[1:2]) == []


@pytest.mark.parametrize("joint", ["、", " ", "，", "/", "；"])
@settings(max_examples=15)
@given(
    st.sampled_from(families.FAMILIES), st.integers(0, 10_000),
    st.lists(st.sampled_from(SURE), min_size=2, max_size=2, unique=True), st.booleans(),
)  # fmt: skip
def test_two_persons(joint, family, seed, names, foot):
    both = joint.join(names)
    for cells in ([f"填表人：{both}"], ["联系人", both], [f"负责人：{names[0]}", f"审核人：{names[1]}"]):
        rows, _ = read_with(family, seed, cells, foot=foot)
        assert where_printed(rows, names) == []


@settings(max_examples=25)
@given(st.sampled_from(families.FAMILIES), st.integers(0, 10_000), st.sampled_from(NAMES), st.sampled_from(NUMBERS))
def test_persons_behind_other_print_of_a_header_cell(family, seed, name, number):
    form, lines = families.draw(family, random.Random(seed))
    project = form.project["project_name"] or form.project["implementing_unit"]
    for more in (f"（联系人：{name} {number}）", f" 负责人：{name}", f"；电话：{number}"):
        changed = [line._replace(cells=[cell + more if cell == project else cell for cell in line.cells])
                   for line in lines]  # fmt: skip
        rows, _ = tables(form, changed)
        assert where_printed(rows, (name, number) if more.startswith("（") else (more[4:],)) == []


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
PIECES = st.tuples(
    st.sampled_from((*LABELS, *NUMBER_LABELS, *UNKNOWN, "主任", "维修", "QQ", "")),
    st.sampled_from(("：", ":", " | ", "-", " ", "")),
    st.sampled_from((*NAMES, *NUMBERS, "95.00", "2023001", "教室 12 间", "")),
)


@settings(max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=3), st.booleans())
def test_one_look_at_many_texts_agrees_with_the_masks(pieces, wide):
    text = "".join(map("".join, pieces))
    text = text.translate(WIDE) if wide else text
    changed = redacted(text) != text or without_persons(text) != text
    assert tell_of_persons({"培训", text}) == changed
    assert tell_of_persons({text}) == changed  # and so where it is remembered
    assert not (changed and text in SILENT)
