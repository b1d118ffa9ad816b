"""Where the ink of a character of a line stands: places are known to a step of the recogniser only."""

from collections.abc import Sequence
from typing import Final

from parsers.ocr.shapes import Room, Shape, Shares

TOUCHING: Final = 0.6     # ems that a sign which touches its neighbour is taken for: full-width ones have paper
SLIM: Final = 0.08        # ems of paper that 1 has on either side more than other figures


def run_of(shape: Shape, places: Sequence[float], at: int) -> int:
    """The number of a character's inked columns: places are coarse, and two may seem to share what has two runs."""
    run = shape.run_at(places[at])
    before = shape.run_at(places[at - 1]) if at else -1
    behind = shape.run_at(places[at + 1]) if at + 1 < len(places) else len(shape.runs)
    if run == behind and run - 1 > before:
        return run - 1
    return run + 1 if run == before and run + 1 < behind else run


def alone(shape: Shape, places: Sequence[float], at: int) -> Shares:
    """The ink of a character, parted where least ink stands from a neighbour that it touches."""
    run = run_of(shape, places, at)
    start, end = shape.runs[run]
    wide = shape.ink.shape[1]
    columns = shape.ink.sum(axis=0)
    for other in (at - 1, at + 1):
        if 0 <= other < len(places) and run_of(shape, places, other) == run:
            low, high = sorted((round(places[at] * wide), round(places[other] * wide)))
            parted = low + int(columns[low : high + 1].argmin())
            start, end = (max(start, parted), end) if other < at else (start, min(end, parted))
    return shape.ink[:, start:end]


def room_at(shape: Shape, places: Sequence[float], at: int) -> Room:
    """What stands around a character; none of the paper of a full-width one where it touches its neighbour."""
    run = run_of(shape, places, at)
    room = shape.room_of(run)
    touches_before = at > 0 and shape.run_at(places[at - 1]) == run
    touches_behind = at + 1 < len(places) and shape.run_at(places[at + 1]) == run
    if not touches_before and not touches_behind:
        return room
    before, behind = (0.0 if touches_before else room.before), (0.0 if touches_behind else room.behind)
    return Room(before, min(room.width, TOUCHING), behind)


def room_beside(text: str, places: Sequence[float], at: int, shape: Shape) -> Room:
    """What stands around a sign, without the paper that a 1 beside it brings."""
    room = room_at(shape, places, at)
    before = room.before if room.before is None or text[at - 1] != "1" else max(0.0, room.before - SLIM)
    behind = room.behind if room.behind is None or text[at + 1 : at + 2] != "1" else max(0.0, room.behind - SLIM)
    return Room(before, room.width, behind)
