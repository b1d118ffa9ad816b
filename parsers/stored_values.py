"""Values as files of workbooks store them → what their cells display."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from parsers.number_format import GENERAL, UnknownFormat, general, shown
from parsers.sheets import displayed

_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,330}\.?[0-9]{0,330}|\.[0-9]{1,330})(?:E[+-]?[0-9]{1,3})?", re.IGNORECASE
)
_PLAIN: Final = re.compile(r"-?[1-9][0-9]{0,5}(?:\.[0-9]{0,3}[1-9])?|0(?:\.[0-9]{0,3}[1-9])?")
"""Numbers that General displays as they are stored."""

_LARGEST: Final = 308
_DAY: Final = 86_400_000_000


class Text(NamedTuple):
    """What a cell displays; ``doubt`` is the kind of a note, or empty."""

    text: str
    doubt: str = ""


def number_text(stored: str, code: str, *, epoch_1904: bool = False) -> Text:
    """A number as it is stored → as it is displayed. What is no number stays as it is.

    >>> number_text("0.95", "0%"), number_text("7", "nonsense")
    (Text(text='95%', doubt=''), Text(text='7', doubt='unknown_number_format'))
    """
    if code == GENERAL and _PLAIN.fullmatch(stored):
        return Text(stored)
    found = _NUMBER.fullmatch(stored)
    value = Decimal(stored) if found else None
    if value is None or value.adjusted() > _LARGEST:
        return Text(stored)
    if code == GENERAL:
        return Text(general(value))
    try:
        return Text(shown(value, code, epoch_1904=epoch_1904).strip())
    except UnknownFormat:
        return Text(general(value), "unknown_number_format")


def plain_text(text: str, code: str) -> Text:
    """A text as its format displays it."""
    if code in {GENERAL, "@"}:
        return Text(text)
    try:
        return Text(displayed(shown(text, code)))
    except UnknownFormat:
        return Text(text)   # which formats of numbers are none does not concern it


def serial_of(iso: str, *, epoch_1904: bool = False) -> str | None:
    """A date and time in ISO 8601 as the number that stands for it; None for other text.

    >>> serial_of("2023-12-31T12:00:00.000"), serial_of("1900-01-01"), serial_of("soon")
    ('45291.5', '1', None)
    """
    try:
        moment = datetime.fromisoformat(iso).replace(tzinfo=None)
    except ValueError:
        return None
    span = moment - (datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30))  # noqa: DTZ001  printed time
    days = Decimal(span.days) + Decimal(span.seconds * 1_000_000 + span.microseconds) / _DAY
    if not epoch_1904 and days < 61:  # noqa: PLR2004  the first day behind the 29 February 1900 that never was
        days -= 1
    return f"{days:f}"
