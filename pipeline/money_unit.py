"""The unit that money is in: which cell of a form says it, and how sure a scan is of it."""

from typing import Final

from parsers.grid import Cell
from pipeline.recognised import chances
from pipeline.records import Slot
from pipeline.shape import Shape
from pipeline.values import amount

FUND_LABELS: Final = frozenset({"fund_head", "fund_row"})
WITH_UNIT: Final = FUND_LABELS | {"unit_line"}
"""Labels of cells in which the unit of money may stand."""

BRACKETS: Final = 2
"""Signs round a unit."""

LEAST: Final = 1e-6
"""A chance is no smaller."""


def unit_slots(shape: Shape) -> list[Slot]:
    """The cells in the head of the table, and in the lines above it, that say which unit money is in."""
    slots = list(shape.fund_head_slots)
    for row in (*shape.header, *shape.funds):
        slots += [slot for slot in row.labelled if not WITH_UNIT.isdisjoint(slot.labels)]
    return [slot for slot in slots if amount.money_unit(slot.text) is not None]


def unit_chance(cell: Cell) -> tuple[float, str | None]:
    """How sure the unit in a label of a scan is, 0 to 1, and the likeliest reading with another.

    Of what was not seen that part counts which falls to the signs of the unit; what names none tells nothing.
    """
    read = chances(cell)
    unit = amount.money_unit(cell.text) or ""
    units = [(text, chance, amount.money_unit(text)) for text, chance in read.readings]
    same = sum(chance for _, chance, named in units if named == unit)
    others = [(text, chance) for text, chance, named in units if named not in (unit, None)]
    rest = sum(chance for _, chance in others) + read.unseen * min(1.0, (len(unit) + BRACKETS) / len(cell.text))
    return same / max(same + rest, LEAST), others[0][0] if others else None
