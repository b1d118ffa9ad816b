"""What an OFD page draws, turned upright: the page type that every engine gives."""

from collections import Counter
from typing import Final

import numpy as np

from parsers.ofd_content import Sheet
from parsers.page import Chars, Dropped, Floats, Page, Rulings

_ASCENT: Final = 0.88     # of an em above the baseline, as CJK fonts have it
_STRAIGHT: Final = 0.02   # slope up to which a line counts as level or upright


def page_of(sheet: Sheet, lying: frozenset[str]) -> Page:
    """The page, turned so that most of its text stands upright.

    Args:
        sheet: What it draws, as drawn.
        lying: IDs of fonts whose characters are not what they draw; these are left out.
    """
    _, width, height, fonts, content, _ = sheet
    told = [glyph for glyph in content.glyphs if glyph.font not in lying]
    turns = Counter(glyph.turn for glyph in told if glyph.turn is not None)
    turn = max(turns, key=turns.__getitem__, default=0)
    upright = [glyph for glyph in told if glyph.turn == turn]
    names = list(dict.fromkeys(glyph.font for glyph in upright))
    index = {name: n for n, name in enumerate(names)}
    columns = np.array([glyph[1:5] for glyph in upright], np.float64).reshape(-1, 4)
    x, y = _turned(columns[:, 0], columns[:, 1], turn, width, height)
    advance, size = columns[:, 2], columns[:, 3]
    chars = Chars(np.array([glyph.text for glyph in upright], np.str_), x, y - _ASCENT * size,
                  x + advance, y + (1 - _ASCENT) * size, y,
                  np.array([index[glyph.font] for glyph in upright], np.int32))
    dropped = content.dropped + Counter(slanted=len(told) - len(upright))
    rulings = _rulings(content.lines, turn, width, height)
    if turn % 2:
        width, height = height, width
    return Page(sheet.number, width, height, chars, rulings, tuple(fonts.get(name, "") for name in names),
                Dropped(**dropped), -turn % 4)


def _turned(x: Floats, y: Floats, turn: int, width: float, height: float) -> tuple[Floats, Floats]:
    """Places on a page whose text runs ``turn`` quarter turns clockwise, after turning it back."""
    places = ((x, y), (y, width - x), (width - x, height - y), (height - y, x))
    return places[turn]


def _rulings(lines: Floats, turn: int, width: float, height: float) -> Rulings:
    x0, y0 = _turned(lines[:, 0], lines[:, 1], turn, width, height)
    x1, y1 = _turned(lines[:, 2], lines[:, 3], turn, width, height)
    if turn % 2:
        width, height = height, width
    wide, tall = np.abs(x1 - x0), np.abs(y1 - y0)
    left, right = np.clip(np.minimum(x0, x1), 0, width), np.clip(np.maximum(x0, x1), 0, width)
    top, bottom = np.clip(np.minimum(y0, y1), 0, height), np.clip(np.maximum(y0, y1), 0, height)
    level = (tall <= _STRAIGHT * wide) & (right > left)
    upright = (wide <= _STRAIGHT * tall) & (bottom > top)
    y, x = (y0 + y1) / 2, (x0 + x1) / 2
    return Rulings(np.column_stack((y, left, right))[level & (y >= 0) & (y <= height)],
                   np.column_stack((x, top, bottom))[upright & (x >= 0) & (x <= width)])
