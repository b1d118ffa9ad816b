"""Fields of a Word paragraph: what they print, which is not what they say."""

import re
from typing import Final

from lxml import etree

from parsers.word_names import W, is_on, number_of, value_of

_OVERLAY: Final = re.compile(r"\\o\s*(?:\\a[clr]\s*)*\(([^()]*)\)", re.IGNORECASE)
_FRACTION: Final = re.compile(r"\\f\s*\(([^()]*)\)", re.IGNORECASE)
_COMMA: Final = re.compile("[,;，；]")
_TICKS: Final = "√✓✔"
_CROSSES: Final = "×✕✗✘xX"
_BOXES: Final = "□☐■"
_RINGS: Final = "○◯〇"
_CIRCLED: Final = 20
_DIGITS: Final = re.compile("[0-9]{1,2}")


class Field:
    """A complex field that is open.

    Attributes:
        code: The pieces of its instruction.
        in_result: Whether its result has begun; only that is printed.
        printed: How many pieces the paragraph had when its result began.
    """

    def __init__(self, begin: etree._Element) -> None:
        self.code: list[str] = []
        self.in_result = False
        self.printed = 0
        self._form = begin.find(W + "ffData")

    def without_result(self) -> str:
        """What a field prints that Word stores no result for: a box, a choice, an overlay."""
        if self._form is not None:
            return _form_field(self._form)
        return overlay("".join(self.code))


def _form_field(form: etree._Element) -> str:
    box = form.find(W + "checkBox")
    if box is not None:
        checked = box.find(W + "checked")
        return "☑" if is_on(box.find(W + "default") if checked is None else checked) else "□"
    choices = form.find(W + "ddList")
    if choices is None:
        return ""
    entries = [entry.get(W + "val", "") for entry in choices.findall(W + "listEntry")]
    chosen = number_of(value_of(choices, "result") or value_of(choices, "default"), 0)
    return entries[chosen] if 0 <= chosen < len(entries) else ""


def overlay(code: str) -> str:
    r"""What an EQ field draws: a tick in a box, a number in a ring, a fraction.

    >>> overlay(r"eq \o\ac(□,√)"), overlay(r"EQ \o\ac(○,3)"), overlay(r"EQ \f(1,2)"), overlay("PAGE")
    ('☑', '③', '1/2', '')
    """
    if not code.strip().upper().startswith("EQ"):
        return ""
    fraction = _FRACTION.search(code)
    if fraction is not None:
        return "/".join(map(str.strip, _COMMA.split(fraction[1])))
    drawn = _OVERLAY.search(code)
    if drawn is None:
        return ""
    parts = [part.strip() for part in _COMMA.split(drawn[1])]
    inner = "".join([part for part in parts if part and part not in _BOXES + _RINGS])
    if any(part and part in _BOXES for part in parts):
        return "☑" if inner and inner in _TICKS else "☒" if inner and inner in _CROSSES else "□" + inner
    if _DIGITS.fullmatch(inner) and 0 < int(inner) <= _CIRCLED:
        return chr(0x245F + int(inner))
    return inner or "".join(parts)
