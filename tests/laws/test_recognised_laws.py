"""What may come out of a scan, however a recogniser misreads it."""

import random
from collections import Counter
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import golden, make
from parsers import read
from parsers.grid import Cell, Seen
from pipeline.contract import TABLES
from pipeline.document import extract
from pipeline.prints import KINDS
from pipeline.recognised import chances
from pipeline.rows import rows_of
from pipeline.variants import variants, without_dirt, without_strays
from tests.doubles.misreading import Habits, best_only, misread, sure
from tests.laws.test_conservation import slots_of

HABITS = st.sampled_from(
    [
        Habits(0.03, 0.05, 2.5, 0.1, 0.0),
        Habits(0.1, 0.15, 1.5, 0.1, 0.0),
        Habits(0.3, 0.3, 1.5, 0.1, 0.001),
        Habits(0.5, 0.5, 0.8, 0.4, 0.01),
    ]
)
SCANS = st.tuples(st.integers(0, 10_000), HABITS)
PRINTED_IN = {
    "target_operator": "target_text", "target_value": "target_text", "target_high": "target_text",
    "target_unit": "target_text", "actual_value": "actual_text", "actual_unit": "actual_text",
}  # fmt: skip
few = settings(max_examples=10)


@lru_cache(maxsize=64)
def drawn(seed):
    return read(make.report(seed, 1).encode(), "x.txt")


def scan(question):
    seed, habits = question
    return misread(drawn(seed), random.Random(seed), habits)


def tables(reading):
    found = extract(reading, golden.DOCUMENT_ID)
    return rows_of(golden.DOCUMENT_ID, found.forms, found.findings)


def dicts(rows, table):
    return [dict(zip(TABLES[table].schema.names, row, strict=True)) for row in rows[table]]


def cells_of(reading):
    """Cells of a pasted text, by the place that names them and their order on it."""
    return [cell for grid in reading.grids for cell in grid.cells]


@few
@given(SCANS)
def test_only_what_was_seen_is_taken(question):
    reading = scan(question)
    seen = {}
    for cell in cells_of(reading):
        found = {cell.text}
        if cell.seen:
            found |= {text for text, _ in variants(chances(cell).readings)}
            found |= {text for text, _ in variants(chances(cell).readings, apart=True)}
            found |= {without_strays(text) for text in found} | {without_dirt(text)[0] for text in found}
        seen.setdefault(cell.origin.place, set()).update(found)
    for row in dicts(tables(reading), "cells"):
        assert row["text"] in seen[row["place"]]


@few
@given(SCANS)
def test_numbers_are_readings_as_they_were_seen(question):
    """But for specks beside them."""
    reading = scan(question)
    seen = {}
    for cell in cells_of(reading):
        texts = {cell.text, *(text for text, _ in cell.seen)}
        seen.setdefault(cell.origin.place, set()).update(texts, {without_dirt(text)[0] for text in texts})
    for row in dicts(tables(reading), "cells"):
        if row["field"] in KINDS.get(row["table"], ()) and any(sign.isdigit() for sign in row["text"]):
            assert row["text"] in seen[row["place"]]


@few
@given(SCANS)
def test_nothing_is_changed_without_a_word(question):
    """Every text that is not what was read best stands in a finding beside what was."""
    reading = scan(question)
    best = Counter((cell.origin.place, cell.text) for cell in cells_of(reading))
    rows = tables(reading)
    named = {
        (finding["table"], finding["line_no"], finding["field"], finding["expected"]): finding["printed"]
        for finding in dicts(rows, "findings")
        if finding["rule"] == "chosen_reading"
    }
    for row in dicts(rows, "cells"):
        if (row["place"], row["text"]) not in best and row["repair"] != "filled_down":
            placed = row["field"] != "unplaced_text"
            where = (row["table"], row["line_no"], row["field"]) if placed else (None, None, None)
            assert (row["place"], named[*where, row["text"]]) in best
            assert not placed or row["repair"] in {"vocabulary", "arithmetic"}


@few
@given(SCANS)
def test_no_cell_is_lost(question):
    result = extract(scan(question), golden.DOCUMENT_ID)
    rows = dicts(rows_of(golden.DOCUMENT_ID, result.forms, result.findings), "cells")
    places = {row["place"] for row in rows}
    for slot, number in slots_of(result):
        if slot.fate is None:
            assert number is not None
            assert any(slot is other for other in result.forms[number].unplaced)
        elif slot.fate == "value":
            assert slot.cell.origin.place in places


@few
@given(SCANS)
def test_the_same_scan_gives_the_same_rows(question):
    assert tables(scan(question)) == tables(scan(question))


@few
@given(SCANS)
def test_what_was_settled_stays_settled(question):
    """The taken texts, read without a doubt, give the same values, and nothing more is chosen."""
    reading = scan(question)
    first = tables(reading)
    taken = {
        (row["place"], finding["printed"]): finding["expected"]
        for finding in dicts(first, "findings")
        if finding["rule"] == "chosen_reading"
        for row in [{"place": place} for place in {cell.origin.place for cell in cells_of(reading)}]
    }
    grids = []
    for grid in reading.grids:
        cells = []
        for cell in grid.cells:
            text = taken.get((cell.origin.place, cell.text), cell.text) if cell.seen else cell.text
            cells.append(Cell(*cell)._replace(text=text, origin=cell.origin._replace(confidence=0.9999), seen=()))
        grids.append(grid._replace(cells=tuple(cells)))
    second = tables(reading._replace(grids=tuple(grids)))
    assert not [finding for finding in dicts(second, "findings") if finding["rule"] == "chosen_reading"]


ODDITIES = st.one_of(
    st.sampled_from(
        ("", " ", "\ufffd", "-", "一", "≥", "10.00", "1e5", "总分：", "总分：98", "（2022年度）", "得分", "3" * 90)
    ),
    st.text("0189.,%-≥（）(： 项目名称总分优得年度\ufffd", max_size=12),
)
CHANCES = st.sampled_from((0.0, 1e-9, 0.02, 0.3, 0.5, 0.97, 1.0))


@settings(max_examples=60)
@given(
    st.integers(0, 20),
    st.lists(
        st.tuples(st.integers(0, 200), CHANCES, st.lists(st.tuples(ODDITIES, CHANCES), max_size=4)), max_size=30
    ),
)
def test_whatever_was_seen_nothing_crashes(seed, oddities):
    reading = sure(drawn(seed))
    places = [(g, c) for g, grid in enumerate(reading.grids) for c in range(len(grid.cells))]
    grids = [list(grid.cells) for grid in reading.grids]
    for at, confidence, seen in oddities:
        g, c = places[at % len(places)]
        cell = grids[g][c]
        text = next((text for text, _ in seen if text.strip()), cell.text)
        origin = cell.origin._replace(confidence=confidence)
        grids[g][c] = cell._replace(text=text, origin=origin, seen=tuple([Seen(*one) for one in seen]))
    grids = [grid._replace(cells=tuple(cells)) for grid, cells in zip(reading.grids, grids, strict=True)]
    rows = tables(reading._replace(grids=tuple(grids)))
    assert all(0.0 <= row["confidence"] <= 1.0 for row in dicts(rows, "cells"))


@given(st.integers(0, 10_000))
def test_without_doubt_a_scan_gives_the_records_of_its_text(seed):
    text, scanned = tables(drawn(seed)), tables(sure(drawn(seed)))
    for table in ("funds", "indicators", "findings"):
        assert scanned[table] == text[table]


def values(rows):
    """The numbers of a document by their place; numbers that are missing are not in it."""
    found = {}
    for table, fields in KINDS.items():
        for row in dicts(rows, table):
            for column, value in row.items():
                if value is not None and PRINTED_IN.get(column, column) in fields and not column.endswith("_text"):
                    found[table, row.get("line_no"), column] = value
    return found


def test_over_many_forms_readings_get_better_and_wrong_numbers_are_flagged():
    """With honest chances: far fewer are wrong than as read best, and no wrong one goes without a flag."""
    total = before = after = unflagged = 0
    for seed in range(60):
        reading = misread(drawn(seed), random.Random(seed), Habits(0.1, 0.05, 1.5, 0.1, 0.0))
        truth, best = values(tables(drawn(seed))), values(tables(best_only(reading)))
        rows = tables(reading)
        found = values(rows)
        flagged = {
            (finding["table"], finding["line_no"], finding["field"])
            for finding in dicts(rows, "findings")
            if finding["severity"] != "info"
        }
        total += len(truth)
        before += sum(best.get(place) != value for place, value in truth.items())
        after += sum(found.get(place) != value for place, value in truth.items())
        unflagged += sum(
            place in found and (table, line, PRINTED_IN.get(column, column)) not in flagged
            for place, value in truth.items()
            if found.get(place) != value
            for table, line, column in [place]
        )
    assert total > 4_000
    assert after < before / 3
    assert unflagged == 0
