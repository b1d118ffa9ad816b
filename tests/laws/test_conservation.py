"""Nothing is lost: every printed character is placed, ignored by name, or in a finding."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fixtures import golden, make
from parsers import read
from pipeline.contract import TABLES
from pipeline.document import extract
from pipeline.privacy import redacted, without_persons
from pipeline.rows import rows_of
from tests.laws.forms import drawn

FATES = ("value", "label")


def slots_of(result):
    """Every slot once, with the form that it belongs to (None: outside or refused)."""
    seen = {}
    for number, record in enumerate(result.forms):
        for row in record.block.rows:
            seen.update({id(slot): (slot, number) for slot in row.slots})
    for row in (*result.outside, *(row for block in result.refused for row in block.rows)):
        seen.update({id(slot): (slot, None) for slot in row.slots})
    return list(seen.values())


def lost(reading) -> list[str]:
    """What was printed in the grids and is neither placed, ignored by name nor reported."""
    result = extract(reading, golden.DOCUMENT_ID)
    slots = slots_of(result)
    printed = Counter(
        character
        for grid in reading.grids
        for cell in grid.cells
        for character in cell.text
        if not character.isspace()
    )
    kept = Counter(character for slot, _ in slots for character in slot.text if not character.isspace())
    problems = [f"no slot holds {character!r}" for character in printed - kept]
    rows = rows_of(golden.DOCUMENT_ID, result.forms, result.findings)["cells"]
    named = [dict(zip(TABLES["cells"].schema.names, row, strict=True)) for row in rows]
    places = {(row["text"], row["place"]) for row in named}
    for slot, number in slots:
        name = f"{slot.text!r} at {slot.cell.origin.place}"
        if slot.fate is None:
            reported = number is not None and any(slot is other for other in result.forms[number].unplaced)
            problems += [] if reported else [f"{name} has no fate"]
        elif slot.fate == "value":
            shown = {mask(slot.cell.text) for mask in (str, redacted, without_persons)}
            known = any((text, slot.cell.origin.place) in places for text in shown)
            problems += [] if known else [f"{name} stands in no row of cells"]
        elif slot.fate not in FATES and not slot.fate.startswith("ignored:"):
            problems.append(f"{name} has the unknown fate {slot.fate}")
    return problems


def test_sample():
    assert lost(read(golden.source(golden.CASES / "A" / "sample").read_bytes(), "sample.txt")) == []


def test_every_golden_case():
    for case in golden.cases():
        source = golden.source(case)
        if golden.expected(case)["status"] != "unreadable":
            assert lost(read(source.read_bytes(), source.name)) == [], case.name


@given(drawn(), st.integers(0, 2**32))
def test_forms_with_scrambled_cells(pair, seed):
    """Cells moved, doubled, blanked and foreign text put in: still nothing is lost."""
    form, lines = pair
    rng = random.Random(seed)
    scrambled = []
    for line in lines:
        cells = list(line.cells)
        if rng.random() < 0.3:
            place = rng.randrange(len(cells))
            other = rng.choice(
                ("", "经办", "备注内容", cells[0], "2.5", "说明：无", "联系电话：13800000000", "—")
            )
            cells[place] = other
        if rng.random() < 0.1:
            rng.shuffle(cells)
        if rng.random() < 0.9:
            scrambled.append(line._replace(cells=cells))
    assert lost(read(make.text([(form, scrambled)]).encode(), "x.txt")) == []


@given(
    st.lists(
        st.lists(st.text("项目名称产出指标得分绩效自评表年度总体100≥%.\t （）：", max_size=12), max_size=9),
        max_size=30,
    )
)
def test_rows_of_form_words(rows):
    text = "\n".join("\t".join(row) for row in rows)
    if text.strip():
        assert lost(read(("财政项目支出绩效自评表\n\n项目名称\tX\n" + text).encode(), "x.txt")) == []
