"""The rows of real and hand-made reports, slid at random: the same records, or a doubt."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import golden
from parsers import read
from pipeline.document import extract
from tests.laws.forms import doubts

FEWEST_CELLS = 4
HEADS = ("得分", "实际完成情况", "主管部门", "评分等级")


def tab_cases():
    """Cases whose source is plain tab-separated text."""
    for case in golden.cases():
        if case.parent.name == "A" and golden.source(case).suffix == ".txt":
            data = golden.source(case).read_bytes()
            if (
                data.count(b"\t") > 20
                and b'"' not in data
                and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
            ):
                yield case


CASES = list(tab_cases())


def is_row(cells) -> bool:
    """A fund or indicator row, by what it does not hold."""
    full = [cell for cell in cells if cell.strip()]
    return len(full) >= FEWEST_CELLS and not any(head in cell for cell in full for head in HEADS)


def slid(line: str, steps: int) -> str:
    cells = line.split("\t")
    if steps > 0:
        return "\t".join([""] * steps + cells)
    blanks = next((number for number, cell in enumerate(cells) if cell.strip()), 0)
    return "\t".join(cells[min(-steps, blanks) :])


def distorted(text: str, seed: int, share: float) -> str:
    rng = random.Random(seed)
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if is_row(line.split("\t")) and rng.random() < share:
            lines[number] = slid(line, rng.choice((-2, -1, 1, 2)))
    return "\n".join(lines)


def records(found):
    return [(form["project"], form["funds"], form["indicators"]) for form in found["forms"]]


def test_there_are_cases_to_distort():
    assert len(CASES) >= 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_slid_rows(case, seed):
    data = golden.source(case).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    before = golden.described(extract(read(data, "x.txt"), golden.DOCUMENT_ID))
    after = golden.described(extract(read(distorted(text, seed, 0.3).encode(), "x.txt"), golden.DOCUMENT_ID))
    new_doubts = [doubt for doubt in doubts(after) if doubt not in before["findings"]]
    assert records(after) == records(before) or new_doubts
