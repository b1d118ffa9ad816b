"""Rows slid, blanked, repeated and padded: the same records, or a finding that says why not."""

import random

from hypothesis import given
from hypothesis import strategies as st

from fixtures.make import Line
from tests.laws.forms import doubts, drawn, problems, read_back

TABLE_ROWS = ("fund", "indicator")
seeds = st.integers(0, 2**32)


def slid(line: Line, steps: int) -> Line:
    """The row printed so many columns to the right, or to the left as far as it has blanks."""
    cells = list(line.cells)
    if steps > 0:
        return line._replace(cells=[""] * steps + cells)
    blanks = next((number for number, cell in enumerate(cells) if cell), 0)
    steps = min(-steps, blanks)
    return line._replace(cells=cells[steps:] + [""] * steps)


@given(drawn(), seeds, st.sampled_from((-3, -2, -1, 1, 2, 3)))
def test_slid_rows_give_the_same_records(pair, seed, steps):
    form, lines = pair
    rng = random.Random(seed)
    moved = [slid(line, steps) if line.kind in TABLE_ROWS and rng.random() < 0.3 else line for line in lines]
    found = read_back(form, moved)
    assert problems(form, found) == []


@given(drawn(), seeds)
def test_each_row_slid_by_its_own_steps(pair, seed):
    form, lines = pair
    rng = random.Random(seed)
    moved = [slid(line, rng.randint(-3, 3)) if line.kind in TABLE_ROWS else line for line in lines]
    found = read_back(form, moved)
    assert problems(form, found) == [] or doubts(found)


@given(drawn(), st.integers(1, 3))
def test_a_head_off_its_data_gives_the_same_records(pair, steps):
    form, lines = pair
    moved = [slid(line, steps) if line.kind in TABLE_ROWS else line for line in lines]
    assert problems(form, read_back(form, moved)) == []


@given(drawn(), st.integers(1, 4))
def test_blank_columns_behind_the_table_change_nothing(pair, columns):
    form, lines = pair
    padded = [line._replace(cells=line.cells + [""] * columns) for line in lines]
    assert problems(form, read_back(form, padded)) == []


@given(drawn(), st.lists(st.integers(0, 8), min_size=1, max_size=3))
def test_blank_columns_inside_the_table_change_nothing(pair, places):
    form, lines = pair
    padded = []
    for line in lines:
        cells = list(line.cells)
        for place in sorted(places, reverse=True):
            cells.insert(place, "")
        padded.append(line._replace(cells=cells))
    assert problems(form, read_back(form, padded)) == []


@given(drawn(), seeds)
def test_merged_levels_repeated_on_some_rows_give_the_same_records(pair, seed):
    form, lines = pair
    rng = random.Random(seed)
    repeated = []
    number = 0
    for line in lines:
        cells = list(line.cells)
        if line.kind == "indicator":
            record = form.indicators[number]
            number += 1
            if rng.random() < 0.5:
                cells[0], cells[1] = record["level1"], record["level2"]
        repeated.append(line._replace(cells=cells))
    assert problems(form, read_back(form, repeated)) == []


@given(drawn(), seeds)
def test_a_blanked_value_is_null_and_nothing_else_moves(pair, seed):
    """One value of one indicator row is not printed: it is null, the row keeps the others."""
    form, lines = pair
    rng = random.Random(seed)
    rows = [number for number, line in enumerate(lines) if line.kind == "indicator"]
    which = rng.randrange(len(rows))
    column = rng.choice((3, 4, 5, 6))
    blanked = list(lines)
    cells = list(lines[rows[which]].cells)
    cells[column] = ""
    blanked[rows[which]] = lines[rows[which]]._replace(cells=cells)
    found = read_back(form, blanked)
    lost = {
        3: ("target_text", "target_operator", "target_value", "target_unit"),
        4: ("actual_text", "actual_value", "actual_unit", "outcome"),
        5: ("weight",),
        6: ("score",),
    }[column]
    for name in lost:
        form.indicators[which].pop(name, None)
    assert problems(form, found) == [] or doubts(found)


@given(drawn(), seeds, st.sampled_from((-2, -1, 1, 2)))
def test_a_row_both_blanked_and_slid_is_right_or_doubted(pair, seed, steps):
    form, lines = pair
    rng = random.Random(seed)
    rows = [number for number, line in enumerate(lines) if line.kind == "indicator"]
    which = rng.randrange(len(rows))
    column = rng.choice((2, 3, 4, 5, 6))
    cells = list(lines[rows[which]].cells)
    cells[column] = ""
    distorted = list(lines)
    distorted[rows[which]] = slid(lines[rows[which]]._replace(cells=cells), steps)
    found = read_back(form, distorted)
    for name in {
        2: ("level3",),
        3: ("target_text", "target_operator", "target_value", "target_unit"),
        4: ("actual_text", "actual_value", "actual_unit", "outcome"),
        5: ("weight",),
        6: ("score",),
    }[column]:
        form.indicators[which].pop(name, None)
    assert problems(form, found) == [] or doubts(found)


@given(drawn(), st.sampled_from(("", "总分", "合计", "总计", "评分等级", "得分合计")))
def test_any_label_on_the_total_row(pair, label):
    form, lines = pair
    labelled = [
        line._replace(cells=[label, *line.cells[1:]]) if line.kind == "total" else line for line in lines
    ]
    assert problems(form, read_back(form, labelled)) == []
