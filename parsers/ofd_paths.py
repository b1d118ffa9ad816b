"""The path language of OFD (GB/T 33190-2016, 9.1, AbbreviatedData): which straight lines it draws."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Point = tuple[float, float]

MAX_CHARS: Final = 2_000_000
"""A longer path is a drawing: it rules no table."""

_TOKEN: Final = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS: Final = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0, "Z": 0}
"""Operands of each operator; S is the other name of M, and Z what programs write for C."""


class Subpath(NamedTuple):
    """A run of the pen.

    Attributes:
        points: Where its straight parts begin and end.
        lines: The straight parts themselves.
        curved: Whether it has parts that are not straight.
    """

    points: list[Point]
    lines: list[tuple[Point, Point]]
    curved: bool


def subpaths(data: str) -> Iterator[Subpath]:
    """The subpaths of a path up to the first operator that nobody knows.

    >>> [path.lines for path in subpaths("M 0 0 L 9 0 L 9 5 C M 1 1 B 1 2 3 4 5 6")]
    [[((0.0, 0.0), (9.0, 0.0)), ((9.0, 0.0), (9.0, 5.0)), ((9.0, 5.0), (0.0, 0.0))], []]
    """
    if len(data) > MAX_CHARS:
        return
    points: list[Point] = []
    lines: list[tuple[Point, Point]] = []
    curved = False
    start = here = (0.0, 0.0)
    for operator, numbers in _steps(data):
        if operator in "MS":
            if points:
                yield Subpath(points, lines, curved)
            start = here = (numbers[0], numbers[1])
            points, lines, curved = [here], [], False
            continue
        to = start if operator in "CZ" else (numbers[-2], numbers[-1])
        if operator in "LCZ":
            if to != here:
                lines.append((here, to))
        else:
            curved = True
        points.append(to)
        here = to
    if points:
        yield Subpath(points, lines, curved)


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each operator with its numbers; one that is written once may have several sets of them."""
    tokens = _TOKEN.findall(data)
    at, end = 0, len(tokens)
    while at < end:
        operator = tokens[at].upper()
        count = _NUMBERS.get(operator)
        if count is None:
            return
        at += 1
        if not count:
            yield operator, []
            continue
        while True:
            numbers = [token for token in tokens[at : at + count] if not token.isalpha()]
            if len(numbers) < count:
                return
            yield operator, [float(number) for number in numbers]
            at += count
            if at >= end or tokens[at].isalpha():
                break
