"""What a printed number can stand for.

A number printed with two decimals may have been rounded half-up (half of the last place
either side) or truncated (up to a whole last place more). Callers try equality first:
most forms are exact, and only the rest pay for intervals.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HALF: Final = Decimal("0.5")
HUNDRED: Final = Decimal(100)
_WIDEST_TEXT: Final = 40   # digits; beyond it, positional notation is noise


class Span(NamedTuple):
    """All values from ``low`` to ``high``, both included."""

    low: Decimal
    high: Decimal


class Derived(NamedTuple):
    """A printed number that follows from other printed numbers, but not exactly.

    Attributes:
        noun: ``rate``, ``budget score`` or ``total``.
        printed: The number as printed.
        value: What the printed inputs give, unrounded.
        half_up: Whether the printed inputs, rounded half-up, give the print.
        truncated: The same for truncation.
        explained: Whether any convention gives the print, once the inputs are intervals too.
        spans: What the inputs give as intervals; to be read once.
    """

    noun: str
    printed: Decimal
    value: Decimal
    half_up: bool
    truncated: bool
    explained: bool
    spans: Iterable[Span]


def place(printed: Decimal) -> Decimal:
    """The last printed place, as a number: 0.01 for ``9.97``, 1 for ``98``."""
    return Decimal((0, (1,), int(printed.as_tuple().exponent)))


def is_whole(number: Decimal) -> bool:
    """Whether the number has no fraction, however many zeros are printed."""
    return number == number.to_integral_value()


def rounds_to(value: Decimal, printed: Decimal) -> bool:
    """Whether half-up rounding at the printed place gives the print."""
    return value.quantize(printed, ROUND_HALF_UP) == printed


def truncates_to(value: Decimal, printed: Decimal) -> bool:
    """Whether cutting at the printed place gives the print."""
    return value.quantize(printed, ROUND_DOWN) == printed


def half_up_meets(printed: Decimal, span: Span, step: Decimal) -> bool:
    """Whether some value of the span rounds half-up to the print; ``step`` is its last place."""
    half = step * HALF
    return span.low <= printed + half and span.high >= printed - half


def meets(printed: Decimal, span: Span, step: Decimal) -> bool:
    """Whether some value of the span prints so, half-up or truncated."""
    return half_up_meets(printed, span, step) or (
        span.low < printed + step and span.high >= printed
    )


def number_spans(printed: Decimal) -> Iterator[Span]:
    """What one printed number stands for: rounded half-up, then truncated."""
    step = place(printed)
    yield Span(printed - step * HALF, printed + step * HALF)
    yield Span(printed, printed + step)


def quotient_spans(over: Decimal, under: Decimal) -> Iterator[Span]:
    """100 × over / under for two printed amounts: both rounded half-up, then both truncated.

    ``under`` is above zero and a multiple of its last place, so no bound divides by zero.
    """
    up, un = place(over), place(under)
    yield Span(
        HUNDRED * (over - up * HALF) / (under + un * HALF),
        HUNDRED * (over + up * HALF) / (under - un * HALF),
    )
    yield Span(HUNDRED * over / (under + un), HUNDRED * (over + up) / under)


def derive(
    noun: str, printed: Decimal, values: tuple[Decimal, ...], spans: Iterable[Span]
) -> Derived:
    """How a print relates to what its inputs give.

    Args:
        noun: What is judged.
        printed: The number as printed.
        values: What the inputs give as printed, the most direct way of computing it first.
        spans: What they give as intervals; read only where rounding ``values`` fails.
    """
    truncated = any(truncates_to(value, printed) for value in values)
    for value in values:
        if rounds_to(value, printed):
            return Derived(
                noun, printed, value, half_up=True, truncated=truncated, explained=True, spans=()
            )
    explained = truncated
    if not truncated:
        spans = tuple(spans)
        step = place(printed)
        explained = any(meets(printed, span, step) for span in spans)
    return Derived(
        noun, printed, values[0], half_up=False, truncated=truncated, explained=explained,
        spans=spans,
    )


def half_up_explains(one: Derived) -> bool:
    """Whether half-up gives the print, the inputs taken as intervals where need be."""
    step = place(one.printed)
    return one.half_up or any(half_up_meets(one.printed, span, step) for span in one.spans)


def sum_meets(printed: Decimal, step: Decimal, computed: Decimal, slack: Decimal) -> bool:
    """Whether a printed sum agrees with the sum of printed parts.

    Args:
        printed: The sum as printed.
        step: Its last place; 0 where it is exact.
        computed: The sum of the parts as printed.
        slack: The last places of the rounded parts, added up.
    """
    difference = printed - computed
    return abs(difference) * 2 <= step + slack or -step < difference < slack


def total(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where a number is missing or there is none at all."""
    result = None
    for number in numbers:
        if number is None:
            return None
        result = number if result is None else result + number
    return result


def plain(number: Decimal) -> str:
    """The number without an exponent: ``555000`` for ``5.550E+5``."""
    if abs(number.adjusted()) > _WIDEST_TEXT:
        return str(number)
    return format(number, "f")


def beside(value: Decimal, printed: Decimal) -> str:
    """A computed value to stand beside a print: to its places, or to two more if inexact."""
    same = value.quantize(printed, ROUND_HALF_UP)
    finer = value.quantize(min(place(printed), ONE).scaleb(-2), ROUND_HALF_UP)
    if same == finer:
        return plain(same)
    if not finer.is_finite():   # more digits than the context holds
        return plain(value)
    return plain(finer.normalize() if finer == value else finer)
