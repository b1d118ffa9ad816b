"""A row that repeats the sum of its children is marked and never counted again, in every family with points."""

import random
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import families, golden
from fixtures.make import Line
from parsers import read
from pipeline.document import extract
from pipeline.labels import labels_of
from tests.laws.forms import problems

NUMERIC = ("weight", "score")
BLANKS = ("", "-", "/", "——")


def columns_of(lines):
    """Column of each label of the indicator head."""
    head = next(line for line in lines if is_head(line))
    return {
        labels["indicator_head"]: place
        for place, cell in enumerate(head.cells)
        if "indicator_head" in (labels := labels_of(cell))
    }


def is_head(line):
    return sum("indicator_head" in labels_of(cell) for cell in line.cells) > len(NUMERIC) + 1


def drawn(family, seed):
    """The first form from a seed on with a head of one row, no slid rows and no subtotals of its own."""
    while True:
        form, lines = families.draw(family, random.Random(seed))
        plain = all(is_head(line) or (line.kind != "slid" and "小计" not in line.cells) for line in lines)
        if plain and "level3" in columns_of(lines):
            return form, lines
        seed += 1


def rows_of(lines):
    """The lines of the indicators."""
    return [line for line in lines if line.kind in ("indicator", "block") and not is_head(line)]


def parent(name, place, rows, columns, blank):
    """The line of a parent: its name, and the sums of the points of its children where they have any."""
    width = max(max(columns.values()) + 1, place + 1)
    cells = [""] * width
    for label, column in columns.items():
        if label in ("target_text", "actual_text"):
            cells[column] = blank
        points = [row[label] for row in rows if row.get(label) is not None] if label in NUMERIC else []
        if points and len(points) == len(rows):
            cells[column] = f"{sum(points)}"
    cells[place] = name
    return Line("parent", cells)


def with_parents(form, lines, *, both, blank):
    """The lines with a parent above the rows of each level-1 name, and of each level-2 name below it if ``both``."""
    columns = columns_of(lines)
    rows = iter(zip(form.indicators, rows_of(lines), strict=True))
    above = {}
    groups = 0
    for _, group in groupby(rows, lambda pair: pair[0].get("level1") or pair[0].get("level3")[:0]):
        pairs = list(group)
        first = columns.get("level1", columns["level3"])
        name = pairs[0][0].get("level1") or "履职效能"
        above[id(pairs[0][1])] = [parent(name, first, [row for row, _ in pairs], columns, blank)]
        groups += 1
        for _, inner in groupby(pairs, lambda pair: pair[0].get("level2")) if both and "level2" in columns else ():
            below = list(inner)
            line = parent(below[0][0]["level2"], columns["level2"], [row for row, _ in below], columns, blank)
            above.setdefault(id(below[0][1]), []).append(line)
            groups += 1
    return [one for line in lines for one in (*above.get(id(line), ()), line)], groups


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("family", "ABCDFG")
@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from(BLANKS))
def test_parents_are_marked_and_not_counted(family, both, seed, blank):
    form, lines = drawn(family, seed)
    printed, groups = with_parents(form, lines, both=both, blank=blank)
    result = extract(read(families.text(form, printed).encode(), "x.txt"), golden.DOCUMENT_ID)
    found = golden.described(result)
    assert problems(form, found) == []
    assert [one for one in found["findings"] if one[1] == "error"] == []
    assert [one.rule for one in result.forms[0].findings].count("subtotal_row") == groups


@settings(max_examples=60)
@given(st.sampled_from("ABCDF"), st.integers(0, 10_000), st.integers(0, 100))
def test_an_indicator_left_unfilled_is_no_parent(family, seed, place):
    """A row with its name and points, without target and result, stays one."""
    form, lines = drawn(family, seed)
    columns = columns_of(lines)
    rows = rows_of(lines)
    chosen = rows[place % len(rows)]
    for label in ("target_text", "actual_text", "deviation_reason"):
        if label in columns:
            chosen.cells[columns[label]] = ""
    result = extract(read(families.text(form, lines).encode(), "x.txt"), golden.DOCUMENT_ID)
    assert len(result.forms[0].form.indicators) == len(form.indicators)
    assert "subtotal_row" not in [one.rule for one in result.forms[0].findings]
