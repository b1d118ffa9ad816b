"""From characters to printed lines, within the cells that hold them."""

from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.grid import Box
from parsers.page import Chars, Floats, TextLine

SAME_LINE: Final = 0.45    # raised and lowered characters stray so far from their line (em)
WORD_GAP: Final = 0.25     # a wider gap between two characters that are not Han is a space (em)
NO_GAP: Final = 0.1        # a space that leaves no wider gap was not printed (em)
COLUMN_GAP: Final = 1.5    # in running text, a wider gap divides any two characters (em)
NEVER: Final = 1e9         # em: no gap is so wide
FULL_WIDTH: Final = 0x2E80   # from this code point on, characters are set without spaces

OUTSIDE: Final = -1        # the cell of running text

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BLANK: Final = np.zeros(0x3001, bool)   # by code point
_BLANK[[0x09, 0x20, 0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000]] = True


def part_of(chars: Chars, at: Indices | Flags) -> Chars:
    """Those characters, by index or flag."""
    text, x0, top, x1, bottom, base, font = chars
    return Chars(text[at], x0[at], top[at], x1[at], bottom[at], base[at], font[at])


def single_characters(chars: Chars) -> Chars:
    """Splits elements of several code points (ligatures, surrogates) into one each, and drops empty ones."""
    if chars.text.dtype.itemsize == 4 and (chars.text != "").all():  # noqa: PLR2004  one code point of UTF-32
        return chars
    length = np.char.str_len(chars.text).astype(np.int64)
    at = np.repeat(np.arange(len(length)), length)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(length) - length, length)
    step = (chars.x1 - chars.x0)[at] / length[at]
    start = chars.x0[at] + nth * step
    text = np.frombuffer("".join(chars.text.tolist()).encode("utf-32-le"), "<U1")
    return Chars(
        text, start, chars.top[at], start + step, chars.bottom[at], chars.base[at], chars.font[at]
    )


def lines_in_cells(chars: Chars, cell: Indices) -> list[tuple[int, TextLine]]:
    """Printed lines from top to bottom, each with its cell.

    Args:
        chars: Characters of one code point each.
        cell: The cell of each; ``OUTSIDE`` for running text.

    Returns:
        Lines of the same cell stand together. Blank lines are left out.
    """
    code = chars.text.view(np.uint32)
    blank = _BLANK[np.where(code < len(_BLANK), code, 0)]
    line = line_of(chars.base, chars.bottom - chars.top, cell, ~blank)
    order = np.lexsort((np.round(chars.x0, 1), line))
    order = order[line[order] >= 0]
    if blank[order].all():
        return []
    chars, cell, line, blank = part_of(chars, order), cell[order], line[order], blank[order]
    kept, added = _spaces(chars, cell, line, blank)
    return _texts(chars, cell, line, kept, added)


def _spaces(chars: Chars, cell: Indices, line: Indices, blank: Flags) -> tuple[Flags, Indices]:
    """Which characters are shown, of spaces those that leave a gap, and before which a space is missing."""
    inked = np.flatnonzero(~blank)
    one, two = inked[:-1], inked[1:]
    em = chars.bottom - chars.top
    narrow = chars.text.view(np.uint32) < FULL_WIDTH
    tall = np.maximum(em[one], em[two])
    same = line[one] == line[two]
    gap = chars.x0[two] - chars.x1[one]
    column = np.where(cell[two] == OUTSIDE, COLUMN_GAP, NEVER)
    wide = np.where(narrow[one] & narrow[two], WORD_GAP, column)
    spaced = two - one > 1   # printed spaces stand between
    kept = ~blank
    shown = np.concatenate([[0], np.cumsum(same & spaced & (gap > NO_GAP * tall))])
    before = np.cumsum(kept)   # inked characters up to here
    at = np.flatnonzero(blank & (before > 0) & (before < len(inked)))
    kept[at] = shown[before[at]] > shown[before[at] - 1]
    return kept, two[same & ~spaced & (gap > wide * tall)]


def line_of(base: Floats, em: Floats, cell: Indices, inked: Flags) -> Indices:
    """The line of each character, numbered by cell and then downwards; -1 for blanks that lie on none."""
    line = np.full(len(base), -1, np.int64)
    at = np.flatnonzero(inked)
    at = at[np.lexsort((base[at], cell[at]))]
    high = np.maximum(em[at][1:], em[at][:-1])
    new = (np.diff(cell[at]) != 0) | (np.diff(base[at]) > SAME_LINE * high)
    line[at] = np.concatenate([[0], np.cumsum(new)]) if len(at) else 0
    spaces = np.flatnonzero(~inked)
    if len(at) and len(spaces):   # a space belongs to the line whose baseline it shares
        rank = np.unique(cell[at])   # cells as evenly spaced numbers, so that one key sorts both
        key = np.searchsorted(rank, cell) * 1e6 + base
        found = np.clip(np.searchsorted(key[at], key[spaces]), 0, len(at) - 1)
        prior = np.maximum(found - 1, 0)
        nearer = np.abs(key[at[prior]] - key[spaces]) < np.abs(key[at[found]] - key[spaces])
        mate = at[np.where(nearer, prior, found)]
        near = (np.abs(base[mate] - base[spaces]) <= SAME_LINE * em[mate]) & (cell[mate] == cell[spaces])
        line[spaces[near]] = line[mate[near]]
    return line


def _texts(
    chars: Chars, cell: Indices, line: Indices, kept: Flags, added: Indices
) -> list[tuple[int, TextLine]]:
    shown = np.insert(kept, added, True)
    code = np.insert(chars.text.view(np.uint32), added, ord(" "))[shown]
    of_line = np.insert(line, added, line[added])[shown]
    text = code.astype("<u4").tobytes().decode("utf-32-le", "replace")
    first = np.flatnonzero(np.diff(of_line, prepend=-2))
    stops = np.append(first[1:], len(of_line)).tolist()
    start = np.flatnonzero(np.diff(line[kept], prepend=-2))
    top, bottom = chars.top[kept], chars.bottom[kept]
    columns = zip(
        first.tolist(), stops, cell[kept][start].tolist(),
        np.minimum.reduceat(chars.x0[kept], start).tolist(), np.minimum.reduceat(top, start).tolist(),
        np.maximum.reduceat(chars.x1[kept], start).tolist(), np.maximum.reduceat(bottom, start).tolist(),
        np.maximum.reduceat(bottom - top, start).tolist(), strict=True,
    )
    return [
        (owner, TextLine(text[low:high], Box(x0, y0, x1, y1), size))
        for low, high, owner, x0, y0, x1, y1, size in columns
    ]
