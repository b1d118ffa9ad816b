"""Printed values against the tables that stand beside this file."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from parsers.grid import Cell, Origin
from pipeline.normalise import normalise
from pipeline.records import Printed, PrintedForm, PrintedRow
from pipeline.values import (
    actual,
    amount,
    blank,
    damaged,
    grade,
    number,
    operator,
    outcome,
    percent,
    points,
    target,
    unit,
    year,
)

CELL = Cell(0, 0, "-", Origin(1, "line 1", "text"))
HERE = Path(__file__).parent
PARSERS: dict[str, Callable[[str], object]] = {
    "blank": lambda text: "yes" if blank.is_blank(text) else None,
    "grade": grade.parse,
    "number": number.parse,
    "operator": operator.parse,
    "outcome": outcome.parse,
    "percent": percent.parse,
    "points": points.parse,
    "unit": lambda text: (found := unit.parse(text)) and found.unit,
    "year": year.parse,
}


def table(name):
    """The rows of a table, empty cells as None; lines that begin with # and a space are remarks."""
    lines = (HERE / name).read_text("utf-8").split("\n")
    kept = [line for line in lines if line and not line.startswith("# ")]
    rows = csv.reader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)
    next(rows)
    return [tuple(cell or None for cell in row) for row in rows]


def printed(value):
    """A value as the tables write it: Decimals with their exponent."""
    return None if value is None else str(value)


def columns(values):
    return tuple(map(printed, values))


TARGETS = [row for path in sorted(HERE.glob("targets*.tsv")) for row in table(path.name)]
ACTUALS = table("actuals.tsv")
RESULTS = table("results.tsv")


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row[0])
def test_target(row):
    assert columns(target.parse(row[0])) == row[1:]


@pytest.mark.parametrize("row", ACTUALS, ids=lambda row: row[0])
def test_actual(row):
    assert columns(actual.parse(row[0])) == row[1:]


@pytest.mark.parametrize("row", RESULTS, ids=lambda row: row[0])
def test_result(row):
    """The number, if it is one, and the outcome, if the whole cell is a phrase for one."""
    assert columns((*actual.parse(row[0]), outcome.parse(row[0]))) == row[1:]


@pytest.mark.parametrize("row", table("damaged.tsv"), ids=lambda row: row[0])
def test_damaged(row):
    text, mended, *said, torn = row
    assert damaged.mended(text) == mended
    read = target.parse(mended or "")
    assert [printed(one) for one in (read.operator, read.value, read.unit)] == said
    assert damaged.may_be_torn(text) is (torn is not None)


@pytest.mark.parametrize("row", table("beside.tsv"), ids=lambda row: "|".join(map(str, row[:4])))
def test_beside(row):
    """What a target says with the cells beside it, and what is reported of it."""
    names = ("target_text", "level3", "target_operator", "target_unit")
    fields = {name: Printed(text, CELL) for name, text in zip(names, row[:4], strict=True) if text}
    form, findings = normalise(PrintedForm({}, (), (PrintedRow(fields),), {}), None)
    (read,) = form.indicators
    assert columns((read.target_operator, read.target_value, read.target_high, read.target_unit)) == row[4:8]
    shown = [f"{one.rule.partition('_')[0]} {one.field}" for one in findings]
    assert shown == ([] if row[8] is None else [row[8]])


@pytest.mark.parametrize(("text", "money_unit", "yuan"), table("amounts.tsv"))
def test_amount(text, money_unit, yuan):
    assert printed(amount.parse(text or "", money_unit)) == yuan


@pytest.mark.parametrize(("name", "sign", "symbol"), table("names.tsv"))
def test_name(name, sign, symbol):
    assert target.from_name(name) == (sign, symbol)


@pytest.mark.parametrize(("module", "text", "value"), table("values.tsv"))
def test_value(module, text, value):
    assert printed(PARSERS[module](text or "")) == value


@pytest.mark.parametrize("rows", [
    [row[0] for row in TARGETS],
    [row[0] for row in (*ACTUALS, *RESULTS)],
    [row[:2] for row in table("amounts.tsv")],
    [row[0] for row in table("names.tsv")],
    [row[0] for row in table("damaged.tsv")],
    [row[:4] for row in table("beside.tsv")],
], ids=["targets", "results", "amounts", "names", "damaged", "beside"])  # fmt: skip
def test_no_row_stands_twice(rows):
    assert len(rows) == len(set(rows))


def test_the_tables_are_large_and_a_third_of_them_is_prose():
    kinds = {row[0]: row[5] for row in TARGETS} | {row[0]: row[4] for row in (*ACTUALS, *RESULTS)}
    assert len(kinds) >= 1500
    assert 0.3 < sum(kind == "text" for kind in kinds.values()) / len(kinds) < 0.6


@pytest.mark.parametrize(("label", "expected"), [
    ("项目资金（万元）", "万元"),
    ("项目资金 (万元)", "万元"),
    ("项目 资金 (元)", "元"),
    ("预算执行情况(单位：元)", "元"),
    ("预算执行情况（单位：人民币元）", "元"),
    ("单位：元 币种：人民币", "元"),
    ("项目资金万元", "万元"),
    ("万元", "万元"),
    ("元", "元"),
    ("金额单位:亿元", "亿元"),
    ("资金（千元）", "千元"),
    ("资金（百万元）", "百万元"),
    ("年度资金总额（万元）：", "万元"),
    ("项目资金", None),
    ("元旦慰问项目", None),
    ("单元改造资金", None),
    ("多元化投入", None),
    ("补助标准（元/人）", None),
    ("资金（万元、元）", None),
    ("", None),
])
def test_money_unit(label, expected):
    assert amount.money_unit(label) == expected


@pytest.mark.parametrize(("numeral", "value"), [
    ("零", 0), ("一", 1), ("二", 2), ("两", 2), ("九", 9), ("十", 10), ("十一", 11), ("二十", 20),
    ("九十九", 99), ("一百", 100), ("一百零一", 101), ("一百一十", 110), ("两百", 200),
    ("二百五十", 250), ("九百九十九", 999), ("一千", 1000), ("两千", 2000),
    ("", None), ("百", None), ("千", None), ("一十", None), ("十十", None), ("三四", None),
    ("二百五", None), ("一百十", None), ("一百零十", None), ("零一", None), ("十两", None),
])
def test_han_numeral(numeral, value):
    assert number.han(numeral) == (None if value is None else Decimal(value))
