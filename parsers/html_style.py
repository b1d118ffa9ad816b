"""What the attributes of an element say about print: hidden, part of a table, a font of signs."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from parsers.word_symbols import is_symbol_font

Attributes = Mapping[str, str | None]


class Look(NamedTuple):
    """What a style says; None where it is inherited.

    Attributes:
        hidden: The element and all within it is not printed.
        tiny: Its text has no height.
        symbol_font: The font of signs that its letters are printed in; empty for another font.
        keeps_lines: Line ends in the source are printed.
        part: ``table``, ``group``, ``row`` or ``cell`` where the element is laid out as such.
        unmerged: The column span only lets the text overflow.
    """

    hidden: bool = False
    tiny: bool | None = None
    symbol_font: str | None = None
    keeps_lines: bool | None = None
    part: str = ""
    unmerged: bool = False


PLAIN: Final = Look()

_DECLARATION: Final = re.compile(r"([a-z-]{1,40})\s{0,9}:([^;]{0,400})")
_NO_HEIGHT: Final = re.compile(r"(?:^|\s)0*\.?0+(?:px|pt|em|rem|%|cm|mm)?(?:$|\s|/)")
_RELATIVE: Final = re.compile(r"%|(?<!r)em|inherit|unset|larger|smaller")
_FAMILY_OF_FONT: Final = re.compile(r"(?:px|pt|em|%|cm|mm)(?:/\S+)?\s+(.*)")
_DISPLAYS: Final = {
    "table": "table", "inline-table": "table", "table-row": "row", "table-cell": "cell",
    "table-row-group": "group", "table-header-group": "group", "table-footer-group": "group",
}
_ROLES: Final = {
    "table": "table", "grid": "table", "treegrid": "table", "rowgroup": "group", "row": "row",
    "cell": "cell", "gridcell": "cell", "columnheader": "cell", "rowheader": "cell",
}
_KEEPING: Final = ("pre", "pre-wrap", "pre-line", "break-spaces")
_UNSEEN: Final = ("hidden", "collapse")


def look_of(attributes: Attributes) -> Look:
    """The look of an element by its attributes."""
    style = attributes.get("style")
    look = _styled(style) if style else PLAIN
    if "hidden" in attributes:
        look = look._replace(hidden=True)
    role = attributes.get("role")
    if role in _ROLES:
        look = look._replace(part=_ROLES[role])
    face = attributes.get("face")
    if face and look.symbol_font is None:
        look = look._replace(symbol_font=_symbol_font(face.lower()))
    return look


@lru_cache(4_096)   # a page repeats a few styles thousands of times
def _styled(style: str) -> Look:
    said = {name: value.strip() for name, value in _DECLARATION.findall(style[:10_000].lower())}
    display = said.get("display", "").removesuffix("!important").strip()
    unseen = display == "none" or said.get("visibility", "").startswith(_UNSEEN)
    size, font = said.get("font-size"), said.get("font")
    family = said.get("font-family")
    if font is not None:
        short = _FAMILY_OF_FONT.search(font)
        size = size or font
        family = family or (short[1] if short else None)
    return Look(
        unseen or said.get("mso-hide") == "all",
        _is_tiny(size) if size else None,
        None if family is None else _symbol_font(family),
        said["white-space"].startswith(_KEEPING) if "white-space" in said else None,
        _DISPLAYS.get(display, ""),
        said.get("mso-ignore", "").startswith("colspan"),
    )


def _is_tiny(size: str) -> bool | None:
    if _NO_HEIGHT.search(size):
        return True
    return None if _RELATIVE.search(size) else False


def _symbol_font(family: str) -> str:
    first = family.split(",", 1)[0].strip().strip("\"'")
    return first if is_symbol_font(first) else ""
