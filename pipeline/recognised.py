"""What a recogniser saw in a cell: its readings as chances, which sum to 1 with what it did not see."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from parsers.grid import Cell, Grid, Seen
from pipeline.values.fold import fold

UNREAD: Final = "\ufffd"
"""Stands where there is ink that no recogniser could read."""

MOST_SURE: Final = 0.9999
"""No recogniser is taken to be surer than this."""

LEAST_UNSEEN: Final = 0.1
"""Share of a doubt that is kept for readings which were not seen, however few a recogniser leaves out."""

LEAST_BESIDE: Final = 0.005
"""The same of a doubt between the full and the half width of signs, which no reading that was not seen can share."""

_OCR: Final = "ocr:"
_OPERATORS: Final = str.maketrans("≧≦", "≥≤")


class Chances(NamedTuple):
    """The readings of a cell, its text first, with their chances; ``unseen`` is that of all others."""

    readings: tuple[Seen, ...]
    unseen: float


def is_recognised(cell: Cell) -> bool:
    """Whether the cell was read from a picture."""
    return cell.origin.method.startswith(_OCR)


def any_recognised(grids: Iterable[Grid]) -> bool:
    """Whether any cell of a document was read from a picture; a document may mix both."""
    # every document pays for this: a list is quicker than a generator, an index than a name
    return any([cell[3][2][:4] == _OCR for grid in grids for cell in grid.cells])  # noqa: C419  see above


def chances(cell: Cell) -> Chances:
    """The chances of a recognised cell's readings.

    The cell's confidence is that of its text; the other readings share the doubt as the recogniser
    weighs them, a part of it is always left to what was not seen.
    """
    sure = min(max(cell.origin.confidence, 0.0), MOST_SURE)
    if UNREAD in cell.text:
        sure = 0.0
    own = 0.0
    others: dict[str, float] = {}
    for text, probability in cell.seen:
        if text == cell.text:
            own += probability
        elif text.strip():
            others[text] = others.get(text, 0.0) + probability
    mass = sum(others.values())
    doubt = 1.0 - sure
    if mass <= 0.0:
        return Chances((Seen(cell.text, sure),), doubt)
    alike = _alike(cell.text, others)
    least = LEAST_BESIDE * alike + (mass - alike) * LEAST_UNSEEN / (1.0 - LEAST_UNSEEN)
    scale = doubt / (mass + max(0.0, 1.0 - own - mass, least))
    ranked = sorted(others.items(), key=lambda one: -one[1])
    readings = (Seen(cell.text, sure), *(Seen(text, weight * scale) for text, weight in ranked))
    return Chances(readings, doubt - mass * scale)


def _alike(best: str, others: Mapping[str, float]) -> float:
    """What those others have together that are the best reading but for the width of signs."""
    same = fold(best).translate(_OPERATORS)
    return sum(chance for text, chance in others.items() if fold(text).translate(_OPERATORS) == same)


# ── parts of a cell ──────────────────────────────────────────────────────────


def part_of(whole: str, part: str, reading: str) -> str | None:
    """What stands in another reading of a cell where ``part`` stands in its text; None if it is no part.

    >>> part_of("项目名称：维修", "维修", "项日名称:雏修"), part_of("产 出", "产出", "产 山")
    ('雏修', '产山')
    >>> part_of("总分：98", "98", "总分：98.5"), part_of("总分", "98", "总分")
    ('98.5', None)
    """
    if part == whole:
        return reading
    if "".join(whole.split()) == part:
        return "".join(reading.split())
    start = whole.rfind(part)
    if start < 0:
        return None
    steps = SequenceMatcher(None, whole, reading, autojunk=False).get_opcodes()
    end = start + len(part)
    first = next((_moved(step, start) for step in steps if step[1] <= start <= step[2]), 0)
    last = next((_moved(step, end, last=True) for step in reversed(steps) if step[1] <= end <= step[2]), 0)
    return reading[first:last].strip()


def _moved(step: tuple[str, int, int, int, int], at: int, *, last: bool = False) -> int:
    """Where a place of the text stands in the reading; of an insertion its far end if ``last``."""
    tag, low, high, into, until = step
    if tag == "insert":
        return until if last else into
    return until if at == high else into + min(at - low, until - into)


def with_part(whole: str, part: str, new: str) -> str:
    """The text of a cell with one part of it read another way.

    >>> with_part("总分：93", "93", "98"), with_part("产 出", "产出", "产山")
    ('总分：98', '产山')
    """
    start = whole.rfind(part)
    return new if start < 0 else whole[:start] + new + whole[start + len(part) :]


def percent(chance: float) -> str:
    """A chance for people; never 100 % and never 0 % where it is neither.

    >>> percent(0.624), percent(0.99996), percent(0.0004), percent(0.0)
    ('62 %', '99.9 %', '0.1 %', '0 %')
    """
    share = 100 * chance
    if 1 <= share <= 99 or not share:  # noqa: PLR2004  percent
        return f"{share:.0f} %"
    return f"{min(max(share, 0.1), 99.9):.1f} %"
