"""Likelihoods over a chain of rows whose sums are known at its end: exact, in bounded work.

Each layer is a row with its options (one combination of readings of its fields). A state is what
the rows so far add up to. Going forward, states that add up to the same are one; going backward,
every option learns what the end thinks of it. So a form with dozens of doubtful numbers is solved
without going through their combinations. Work is counted in joins and never in time, so that the
same form always gives the same answer.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

MOST_JOINS: Final = 200_000
"""Joins of a state with an option for one form, about half a second; the unlikeliest states are dropped for it."""

FEWEST_STATES: Final = 32

HOPELESS: Final = 1e-9
"""Share of a layer's likeliest state below which a state is dropped."""

State = tuple[Any, ...]
"""What the rows so far add up to; hashable. Only who joins knows what its parts are."""


class Option(NamedTuple):
    """One combination of readings of a row.

    Attributes:
        picks: The candidate of each of its fields by index, -1 for what was not seen.
        weight: Its likelihood by itself.
        step: What the row brings to the sums.
    """

    picks: tuple[int, ...]
    weight: float
    step: tuple[Any, ...]


class Layer(NamedTuple):
    """A row: its options, and how a state goes on with one; the second value weighs the meeting."""

    options: Sequence[Option]
    join: Callable[[State, Option], tuple[State, float]]


class Solution(NamedTuple):
    """For each layer the chance of each option, and the option of the likeliest whole."""

    chances: tuple[tuple[float, ...], ...]
    likeliest: tuple[int, ...]


_Move = tuple[State, int, State, float]
"""From a state with an option to another state, and the gain; a plain tuple, there are many."""


def solve(start: State, layers: Sequence[Layer]) -> Solution:
    """The chances of all options, the meetings along the chain and at its end considered."""
    forward: dict[State, float] = {start: 1.0}
    peaks: dict[State, float] = {start: 1.0}
    history: list[tuple[dict[State, float], list[_Move], dict[State, tuple[State, int]]]] = []
    for layer in layers:
        room = max(FEWEST_STATES, MOST_JOINS // (len(layers) * max(1, len(layer.options))))
        forward, peaks = _kept(forward, peaks, room)
        moves, grown, tops, back = _advanced(layer, forward, peaks)
        history.append((forward, moves, back))
        forward, peaks = grown, tops
    return Solution(_chances(layers, history, forward), _likeliest(history, peaks))


def _kept(
    forward: dict[State, float], peaks: dict[State, float], room: int
) -> tuple[dict[State, float], dict[State, float]]:
    """The likeliest states, scaled so that nothing under- or overflows."""
    most = max(forward.values(), default=0.0) or 1.0
    peak = max(peaks.values(), default=0.0) or 1.0
    states = [state for state, weight in forward.items() if weight > most * HOPELESS]
    if len(states) > room:
        states = sorted(states, key=forward.__getitem__, reverse=True)[:room]
    return {state: forward[state] / most for state in states}, {state: peaks[state] / peak for state in states}


def _advanced(
    layer: Layer, forward: dict[State, float], peaks: dict[State, float]
) -> tuple[list[_Move], dict[State, float], dict[State, float], dict[State, tuple[State, int]]]:
    moves: list[_Move] = []
    grown: dict[State, float] = {}
    tops: dict[State, float] = {}
    back: dict[State, tuple[State, int]] = {}
    options = [(number, option, option.weight) for number, option in enumerate(layer.options)]
    join = layer.join
    for state, weight in forward.items():
        top = peaks[state]
        for number, option, own in options:
            onward, factor = join(state, option)
            gain = own * factor
            moves.append((state, number, onward, gain))
            if onward in grown:
                grown[onward] += weight * gain
                if top * gain <= tops[onward]:
                    continue
            else:
                grown[onward] = weight * gain
            tops[onward] = top * gain
            back[onward] = (state, number)
    return moves, grown, tops, back


def _chances(
    layers: Sequence[Layer],
    history: Sequence[tuple[dict[State, float], list[_Move], dict[State, tuple[State, int]]]],
    ends: dict[State, float],
) -> tuple[tuple[float, ...], ...]:
    after = dict.fromkeys(ends, 1.0)
    found: list[tuple[float, ...]] = []
    for layer, (forward, moves, _) in zip(reversed(layers), reversed(history), strict=True):
        sums = [0.0] * len(layer.options)
        before = dict.fromkeys(forward, 0.0)
        for state, option, onward, gain in moves:
            onwards = gain * after.get(onward, 0.0)
            sums[option] += forward[state] * onwards
            before[state] += onwards
        total = sum(sums) or 1.0
        found.append(tuple([one / total for one in sums]))
        most = max(before.values(), default=0.0) or 1.0
        after = {state: weight / most for state, weight in before.items()}
    return tuple(reversed(found))


def _likeliest(
    history: Sequence[tuple[dict[State, float], list[_Move], dict[State, tuple[State, int]]]],
    peaks: dict[State, float],
) -> tuple[int, ...]:
    state = max(peaks, key=peaks.__getitem__)
    path: list[int] = []
    for _, _, back in reversed(history):
        state, option = back[state]
        path.append(option)
    return tuple(reversed(path))
