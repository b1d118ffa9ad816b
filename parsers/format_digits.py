"""Numbers set into the digit places of a format: decimals, powers of ten, fractions."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from parsers.format_codes import Part

EXACT: Final = Context(prec=1200, rounding=ROUND_HALF_UP)
"""Holds 1E+309 under the longest code without rounding."""

_LONGEST_DENOMINATOR: Final = 7
"""Digits."""


def filled(parts: Sequence[Part], size: Decimal) -> str:
    """The parts with the digits of a number that is not negative."""
    slots = [index for index, part in enumerate(parts) if part.kind == "digit"]
    slash = next((index for index, part in enumerate(parts) if part.kind == "slash"), None)
    if slash is not None and slots[0] < slash and len(parts) > slash + 1:
        return _fraction(parts, slash, size)
    point = next((index for index, part in enumerate(parts) if part.kind == "point"), len(parts))
    power = next((index for index, part in enumerate(parts) if part.kind == "exponent"), None)
    if power is not None:
        return _scientific(parts, power, size)
    whole = [index for index in slots if index < point]
    commas = [index for index, part in enumerate(parts) if part.kind == "comma"]
    scaling = sum(
        index > slots[-1] or (bool(whole) and whole[-1] < index < point) for index in commas
    )
    grouped = bool(whole) and any(whole[0] < index < whole[-1] for index in commas)
    percents = sum(part.kind == "percent" for part in parts)
    return _decimal(parts, size.scaleb(2 * percents - 3 * scaling, EXACT), point, grouped=grouped)


def _decimal(parts: Sequence[Part], size: Decimal, point: int, *, grouped: bool) -> str:
    whole = [index for index, part in enumerate(parts) if part.kind == "digit" and index < point]
    places = [index for index, part in enumerate(parts) if part.kind == "digit" and index > point]
    rounded = size.quantize(Decimal(1).scaleb(-len(places)), context=EXACT)
    digits, _, decimals = f"{rounded:f}".partition(".")
    digits = "" if digits == "0" else digits
    texts = ["" if part.kind == "comma" else part.text for part in parts]
    kept = len(decimals.rstrip("0"))
    for number, index in enumerate(places):
        texts[index] = decimals[number] if number < kept else _pad(parts[index].text)
    if not whole and point < len(parts):
        texts[point] = digits + "."
    done = 0   # digits set, from the right
    for number, index in enumerate(reversed(whole)):
        last = number == len(whole) - 1
        taken = (digits or "") if last else digits[-1:]
        digits = digits[: len(digits) - len(taken)]
        text = taken or _pad(parts[index].text)
        if grouped and text.strip():
            text, done = _grouped(text, done), done + len(text)
        texts[index] = text
    return "".join(texts)


def _pad(placeholder: str) -> str:
    return {"0": "0", "?": " "}.get(placeholder, "")


def _grouped(digits: str, done: int) -> str:
    """Digits that stand left of so many others, with the commas that belong behind them."""
    text = ""
    for count, digit in enumerate(reversed(digits), done):
        text = digit + ("," if count and count % 3 == 0 else "") + text
    return text


def _scientific(parts: Sequence[Part], power: int, size: Decimal) -> str:
    point = next((index for index, part in enumerate(parts) if part.kind == "point"), power)
    step = max(1, sum(part.kind == "digit" for part in parts[: min(point, power)]))
    places = sum(part.kind == "digit" for part in parts[point:power])
    exponent = size.adjusted() // step * step if size else 0
    mantissa = size.scaleb(-exponent, EXACT).quantize(Decimal(1).scaleb(-places), context=EXACT)
    if mantissa.adjusted() >= step:
        exponent += step
        mantissa = size.scaleb(-exponent, EXACT)
    head = _decimal(parts[:power], mantissa, point, grouped=False)
    tail = _decimal(parts[power + 1 :], Decimal(abs(exponent)), len(parts), grouped=False)
    sign = "-" if exponent < 0 else "+" if parts[power].text[1] == "+" else ""
    return f"{head}E{sign}{tail or '0'}"


def _fraction(parts: Sequence[Part], slash: int, size: Decimal) -> str:
    """A whole number, if the format has a place for it, and the nearest fraction."""
    start = slash
    while start and parts[start - 1].kind == "digit":
        start -= 1
    end = slash + 1
    while end < len(parts) and _in_denominator(parts[end]):
        end += 1
    has_whole = any(part.kind == "digit" for part in parts[:start])
    whole = int(size) if has_whole else 0
    top, bottom = _nearest(Fraction(size) - whole, parts[slash + 1 : end])
    if has_whole and top == bottom:
        whole, top = whole + 1, 0
    head = ""
    if has_whole and (whole or not top):
        head = _decimal(parts[:start], Decimal(whole), start, grouped=False)
        head = head if head.strip() else "0"
    tail = "".join(part.text for part in parts[end:])
    return (f"{head}{top}/{bottom}" if top or not has_whole else head) + tail


def _in_denominator(part: Part) -> bool:
    return part.kind == "digit" or (part.kind == "literal" and part.text in set("123456789"))


def _nearest(share: Fraction, below: Sequence[Part]) -> tuple[int, int]:
    """Numerator and denominator: a fixed denominator, or the last convergent that has room.

    A convergent, not the best approximation: 3.14159 under ``# ??/??`` is 3 1/7, not 3 14/99.
    """
    if any(part.kind == "literal" for part in below):
        bottom = int("".join(part.text.replace("#", "0").replace("?", "0") for part in below))
        return int(share * bottom + Fraction(1, 2)), bottom
    most = 10 ** min(len(below), _LONGEST_DENOMINATOR) - 1
    top, bottom, top_before, bottom_before = int(share), 1, 1, 0
    rest = share - top
    while rest:
        step, rest = divmod(1 / rest, 1)
        if step * bottom + bottom_before > most:
            break
        top, top_before = step * top + top_before, top
        bottom, bottom_before = step * bottom + bottom_before, bottom
    return top, bottom
