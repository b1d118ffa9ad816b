"""What each numeric field of a form can say, and how likely: the readings that are chosen among."""

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.records import Fields, Printed, PrintedForm

_OPERATORS: Final = frozenset("≥≤≧≦＞＜><")
_MISREAD: Final = frozenset("2之芝乏三Zz")


class Place(NamedTuple):
    """A field of a form; ``line_no`` is None for those of projects."""

    table: str
    line_no: int | None
    field: str


class Candidate(NamedTuple):
    """One value that a field can have.

    Attributes:
        text: Its likeliest print.
        key: Equal for prints that say the same, whatever their width.
        number: The number, where it is one of money, points or percent.
        readable: Whether the field's value module understands the print, or it is blank.
        seen: The recogniser's chance, 0 to 1.
        chance: The chance by all that is known so far.
    """

    text: str
    key: Hashable
    number: Decimal | None
    readable: bool
    seen: float
    chance: float


class Choice(NamedTuple):
    """A field and its candidates, the recogniser's likeliest first.

    Attributes:
        printed: The field as it was placed, before any of this.
        candidates: Never empty; their chances and ``unseen`` sum to 1.
        taken: The index of the candidate that is taken.
        unseen: The chance that the print says something that was not seen.
        repair: Why it is not the recogniser's best, as in ``cells.repair``; else None.
        fixed: Whether no other candidate may be taken: its print has several pieces or several fields.
        operator: Whether the candidate taken puts back an operator that was read as a digit or character.
    """

    printed: Printed
    candidates: tuple[Candidate, ...]
    taken: int
    unseen: float
    repair: str | None = None
    fixed: bool = False
    operator: bool = False

    @property
    def best(self) -> Candidate:
        """What the recogniser held likeliest."""
        return self.candidates[0]

    @property
    def value(self) -> Candidate:
        """What is taken."""
        return self.candidates[self.taken]


Choices = Mapping[Place, Choice]
"""Every numeric field of a form that is printed, in the order of the tables."""


def taking(choice: Choice, index: int, repair: str) -> Choice:
    """The choice with another candidate taken, and why; back to the recogniser's best needs no reason."""
    return choice._replace(
        taken=index,
        repair=repair if index else None,
        operator=bool(index) and is_misread(choice.best.text, choice.candidates[index].text),
    )


def is_misread(text: str, other: str) -> bool:
    """Whether the text is the other with its operator read as a digit or a character.

    >>> is_misread("280%", "≥80%"), is_misread("之80%", "≥80%"), is_misread("280%", "≥30%")
    (True, True, False)
    """
    return text[:1] in _MISREAD and other[:1] in _OPERATORS and text[1:] == other[1:]


def records_of(printed: PrintedForm) -> Iterator[tuple[str, int | None, Fields, str | None]]:
    """Table, line, fields and money unit of every record of a form."""
    yield "projects", None, {**printed.header, **printed.totals}, None
    for number, row in enumerate(printed.funds):
        yield "funds", number, row.fields, row.unit
    for number, row in enumerate(printed.indicators):
        yield "indicators", number, row.fields, None


def with_values(printed: PrintedForm, values: Mapping[Place, Printed]) -> PrintedForm:
    """The form with other prints in some of its fields."""

    def put(fields: Fields, table: str, line_no: int | None) -> Fields:
        return {name: values.get(Place(table, line_no, name), value) for name, value in fields.items()}

    return PrintedForm(
        put(printed.header, "projects", None),
        tuple([row._replace(fields=put(row.fields, "funds", n)) for n, row in enumerate(printed.funds)]),
        tuple([row._replace(fields=put(row.fields, "indicators", n)) for n, row in enumerate(printed.indicators)]),
        put(printed.totals, "projects", None),
        printed.reason,
    )
