"""The chain gives what going through all combinations gives."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import trellis
from pipeline.trellis import Layer, Option, solve

WEIGHTS = st.floats(0.01, 1.0)
ROWS = st.lists(st.lists(st.tuples(st.integers(0, 4), WEIGHTS), min_size=1, max_size=4), min_size=1, max_size=5)


def add(state, option):
    return (state[0] + option.step[0],), 1.0


def layers_of(rows, wanted):
    def meet(state, _option):
        return (), 50.0 if state[0] == wanted else 0.03

    rows = [[Option((n,), weight, (number,)) for n, (number, weight) in enumerate(row)] for row in rows]
    return [*(Layer(row, add) for row in rows), Layer([Option((), 1.0, ())], meet)]


@given(ROWS, st.integers(0, 12))
def test_chances_are_those_of_all_combinations(rows, wanted):
    solution = solve((0,), layers_of(rows, wanted))
    sums = [[0.0] * len(row) for row in rows]
    best, most = None, 0.0
    for picks in product(*(range(len(row)) for row in rows)):
        weight = 50.0 if sum(rows[n][pick][0] for n, pick in enumerate(picks)) == wanted else 0.03
        for n, pick in enumerate(picks):
            weight *= rows[n][pick][1]
        for n, pick in enumerate(picks):
            sums[n][pick] += weight
        if weight > most * (1 + 1e-9):
            best, most = picks, weight
    for row, chances in zip(sums, solution.chances, strict=False):
        assert chances == pytest.approx([one / sum(row) for one in row])
    likeliest = 1.0
    for row, pick in zip(rows, solution.likeliest, strict=False):
        likeliest *= row[pick][1]
    number = sum(row[pick][0] for row, pick in zip(rows, solution.likeliest, strict=False))
    assert best is not None
    assert likeliest * (50.0 if number == wanted else 0.03) == pytest.approx(most)


def test_work_is_bounded(monkeypatch):
    """Forty rows that never add up the same would be 3 to the power of 40 states."""
    joins = 0

    def counted(state, option):
        nonlocal joins
        joins += 1
        return (state[0] + option.step[0],), 1.0

    monkeypatch.setattr(trellis, "MOST_JOINS", 20_000)
    layers = [
        Layer([Option((n,), 0.5, (n * 3**row,)) for n in range(3)], counted) for row in range(40)
    ]
    solution = solve((0,), layers)
    assert joins <= 20_000 + 40 * 3 * trellis.FEWEST_STATES
    assert len(solution.likeliest) == 40


def test_nothing_underflows_over_many_rows():
    layers = [Layer([Option((0,), 1e-30, (0,)), Option((1,), 1e-31, (1,))], add) for _ in range(60)]
    solution = solve((0,), layers)
    assert solution.chances[30] == pytest.approx([10 / 11, 1 / 11])
