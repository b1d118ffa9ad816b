"""Signs of a line that was read, as `parsers.sign` describes them: what the whole document then decides by."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from parsers.ocr.bounds import BARE, BARS, SAID_BARS, doubled
from parsers.ocr.shapes import Shape, Shares, looseness
from parsers.ocr.signs import NARROW, WIDE
from parsers.ocr.stands import run_of
from parsers.ocr.widths import habit, is_han, measured
from parsers.sign import Ink, Sign

MARKED: Final = "()=<>:."
EDGE: Final = 0.3         # of a sign's fullest ink: where it ends; parentheses end in thin strokes
FEWEST: Final = 2         # Han characters that show how high print is

Reach = tuple[float, float]


class _Body(NamedTuple):
    """What a line's signs stand beside: which kind, where its foot is, and how tall it is."""

    kind: str
    foot: float
    tall: float


def marks_of(shape: Shape, text: str, places: Sequence[float], heard: str) -> tuple[Sign, ...]:
    """The signs of a text whose width a document may tell; ``heard`` is what the recogniser made of it."""
    at_all = [at for at, sign in enumerate(text) if NARROW.get(sign, sign) in MARKED or sign in BARS or sign in BARE]
    if not at_all or len(places) != len(text):
        return ()
    loose = looseness(shape, text, places)
    body = _body(shape, text, places)
    signs = []
    for at in at_all:
        narrow = NARROW.get(text[at], text[at])
        one = BARE.get(narrow, narrow)
        if one in BARS:   # small print does not show the second bar: it is told as widths are
            said = SAID_BARS if heard[at : at + 1] == BARS[one] else 0.0
            ink = _ink(shape, text, places, at, body)
            signs.append(Sign(at, (one, BARS[one]), doubled(shape, places, at, one), said, ink))
            continue
        if narrow == "." and text[at + 1 : at + 2].isdigit():
            continue
        odds = measured(text, places, at, shape, loose)
        said = habit(text, at, heard[at] if len(heard) == len(text) else narrow)
        signs.append(Sign(at, (narrow, WIDE[narrow]), odds, said, _ink(shape, text, places, at, body)))
    return tuple(signs)


def _ink(shape: Shape, text: str, places: Sequence[float], at: int, body: _Body) -> Ink | None:
    """The ink of a sign that touches none of its neighbours."""
    if " " in text:   # it has no ink
        at -= text[:at].count(" ")
        places = [place for sign, place in zip(text, places, strict=True) if sign != " "]
        text = text.replace(" ", "")
    run = run_of(shape, places, at)
    if any(run_of(shape, places, other) == run for other in (at - 1, at + 1) if 0 <= other < len(text)):
        return None
    rows, cols = _reach(shape, run, axis=1), _reach(shape, run, axis=0)
    inner, beside = (at - 1, run - 1) if text[at] in ")）" else (at + 1, run + 1)
    gap, neighbour = 0.0, ""
    if 0 <= inner < len(text) and 0 <= beside < len(shape.runs):
        other = _reach(shape, beside, axis=0)
        gap, neighbour = (cols[0] - other[1] if inner < at else other[0] - cols[1]), text[inner]
    high = rows[1] - rows[0]
    return Ink(high, cols[1] - cols[0], gap, neighbour, rows[1] - body.foot, body.kind, body.tall, 1.0)


def _body(shape: Shape, text: str, places: Sequence[float]) -> _Body:
    """Where the figures of a line stand, or without such its Han characters."""
    for kind, fewest, is_one in (("0", 1, _is_figure), ("文", FEWEST, is_han)):
        at_all = [at for at, sign in enumerate(text) if is_one(sign)]
        if len(at_all) >= fewest:
            reaches = [_reach(shape, run_of(shape, places, at), axis=1) for at in at_all]
            head, foot = min(reach[0] for reach in reaches), max(reach[1] for reach in reaches)
            return _Body(kind, foot, foot - head)
    return _Body("", 0.0, 0.0)


def _is_figure(sign: str) -> bool:
    return sign.isascii() and sign.isdigit()


def _reach(shape: Shape, run: int, axis: int) -> Reach:
    """From where to where the ink of some columns reaches, in parts of a pixel; down for 1, across for 0."""
    start, end = shape.runs[run]
    low, high = max(0, start - 1), min(shape.ink.shape[1], end + 1)
    first, last = _edges(shape.ink[:, low:high].max(axis=axis) if axis == 0 else shape.ink[:, start:end].max(axis=1))
    return (first + low, last + low) if axis == 0 else (first, last)


def _edges(line: Shares) -> Reach:
    """Where a row of ink begins and ends, pixels taken for points between which it grows evenly."""
    level = EDGE * float(line.max(initial=0.0))
    above = np.flatnonzero(line >= level)
    if not level:
        return 0.0, float(len(line))
    first, last = int(above[0]), int(above[-1])
    before = (line[first] - level) / (line[first] - line[first - 1]) if first and line[first] > line[first - 1] else 0.5
    more = last + 1 < len(line) and line[last] > line[last + 1]
    behind = (line[last] - level) / (line[last] - line[last + 1]) if more else 0.5
    return first - float(before), last + float(behind)
