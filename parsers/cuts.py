"""A page break within a table: whether it cuts a row, and which cells go on behind it.

Browsers leave the rims of a cut row open. Word processors close them, so that only print tells
a cut row from two rows: the lines that are full, the numbers that a row lacks.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from parsers.flow import SURE, Columns, Print, is_number
from parsers.growing import Growing, Part

Pair = tuple[Part, Part]

CLEAR: Final = 2.0
"""Log odds from which a reading of a break is not doubtful."""

_BY_RULES: Final = {
    # (no rule below, no rule above the rest; None behind a repeated head)
    (True, True): SURE,
    (True, None): 4.0,     # or only a strip of the row's padding is left, hidden under the head
    (True, False): -4.0,   # only that strip is left
    (False, True): -4.0,   # only that strip was there
    (False, False): 0.0,
    (False, None): 0.0,
}
_CONTRADICTION: Final = -6.0   # a number of its own behind the break
_MISSING: Final = 2.5          # what every row has is missing in this one
_WHOLE: Final = -3.0           # all that every row has is there
_ALONE: Final = {False: -2.0, True: -1.0}   # print behind the break only: paragraphs are kept together

_FEW: Final = 3      # cells that a column must have to be judged by
_FULL: Final = 0.9
_HALF: Final = 0.5
_LIKELY: Final = 2.5  # log odds that need no lines at the rims
_NAMES: Final = 2    # columns of names that may be merged although none is seen to be
_IN_NUMBERS: Final = frozenset("0123456789.,０１２３４５６７８９．，≥≤＞＜=＝><")


class Seam(NamedTuple):
    """A table and its next page.

    Attributes:
        a: The table so far.
        b: The table of the next page, in the frame of the first.
        head: How many of its first rows are the head again.
        pairs: The cells above the break and behind it that have the same edges, left to right.
        printed: The print to judge by.
    """

    a: Growing
    b: Growing
    head: int
    pairs: Sequence[Pair]
    printed: Print


# ── is a row cut? ────────────────────────────────────────────────────────────


def odds_of_cut(seam: Seam) -> float:
    """Log odds that the first row of ``b`` is the rest of the last of ``a``, if all cells are paired."""
    pairs, printed = seam.pairs, seam.printed
    by_rules = _rules_at(seam)
    numbers = sum(_CONTRADICTION for pair in pairs if _two_numbers(*pair, printed))
    odds = by_rules + numbers
    if by_rules >= SURE or numbers < _CONTRADICTION:
        return odds
    if not any(rest.lines for _, rest in pairs):   # a strip of a cut row that all print stands above
        return SURE if any(part.lines for part, _ in pairs) else -SURE
    odds += sum(_text_odds(part, rest, printed) for part, rest in pairs)
    if by_rules > CLEAR:
        return odds   # browsers set the cells of a cut row on either page
    odds += sum(_ALONE[len(rest.lines) > 1] for part, rest in pairs if rest.lines and not part.lines)
    return odds + _row_odds(pairs, printed)


def odds_unaligned(seam: Seam) -> float:
    """The cells differ, so no row was cut; it is odd only where the rules say that one was."""
    return 0.0 if _rules_at(seam) >= SURE else -SURE


def _rules_at(seam: Seam) -> float:
    a, b = seam.a, seam.b
    if not a.top.closed and not b.bottom.closed:
        return 0.0   # a table that has no outer rules anywhere
    return _BY_RULES[not a.bottom.closed, None if seam.head else not b.top.closed]


def _two_numbers(part: Part, rest: Part, printed: Print) -> bool:
    """Whether a number stands behind the break that is not the rest of one broken between its digits."""
    if not (part.lines and is_number(rest.text)):
        return False
    if part.text[-1] not in _IN_NUMBERS:
        column = printed.column(part)
        return column is not None and column.numeric > _HALF
    if not is_number(part.text):
        return False
    return not is_number(part.text + rest.text) or printed.flow(part, rest) < 0


def _text_odds(part: Part, rest: Part, printed: Print) -> float:
    if not (part.lines and rest.lines) or (part.text == rest.text and _is_merged(part)):
        return 0.0   # a merged name may be printed on both pages
    return printed.flow(part, rest)


def _row_odds(pairs: Sequence[Pair], printed: Print) -> float:
    """What each row of the table has: does the row behind the break have it, or lack it?"""
    needed = [
        (part, rest)
        for part, rest in pairs
        if (column := printed.column(part))
        and column.cells >= _FEW and column.filled >= _FULL and not column.merged
    ]
    if not needed:
        return float(sum(is_number(part.text) and not rest.lines for part, rest in pairs))
    if len(needed) > 1 and all(rest.lines for _, rest in needed):
        return _WHOLE
    return min(sum(_MISSING for part, rest in needed if part.lines and not rest.lines), SURE)


# ── which cells go on behind a whole row? ────────────────────────────────────


def going_on(seam: Seam) -> Iterable[Pair]:
    """The merged cells that the break cuts although the rows beside them are whole."""
    a, b, head = seam.a, seam.b, seam.head
    if a.bottom.is_mixed or (b.top.is_mixed and not head):
        return [
            (part, rest) for part, rest in seam.pairs
            if a.bottom.is_open(part) and (head or b.top.is_open(rest))
        ]
    merges = any(_is_merged(part) for part in (*a.parts, *b.parts))
    enough = CLEAR if a.bottom.closed else 0.0   # below an open rim every cell goes on, if only as a strip
    return _by_print(seam.pairs, seam.printed, enough) if merges else []


def _by_print(pairs: Sequence[Pair], printed: Print, enough: float) -> list[Pair]:
    """From the left: names that are not repeated behind the break hold for the rows there too."""
    found: list[Pair] = []
    for number, (part, rest) in enumerate(pairs):
        if not (_is_empty_rest(part, rest, printed, number) or _is_one_name(part, rest, printed, enough)):
            if not rest.lines:
                found = [pair for pair in found if pair[1].lines]   # a row without names
            below = [pair for pair in pairs[len(found) :] if pair[0].lines and not pair[1].lines]
            return found + [pair for pair in below if _is_merged(pair[1])]
        found.append((part, rest))
    return found


def _is_empty_rest(part: Part, rest: Part, printed: Print, number: int) -> bool:
    """Whether an empty cell is the rest of the one above the break, if all cells left of it are."""
    if rest.lines:
        return False
    column: Columns | None = printed.column(part)
    if column is None or _is_merged(rest):
        return True
    return (column.merged or number < _NAMES) and column.filled >= _HALF


def _is_one_name(part: Part, rest: Part, printed: Print, enough: float) -> bool:
    """Whether a name was cut, or printed on the second page only, or on both."""
    if not rest.lines:
        return False
    merged = _is_merged(part) or _is_merged(rest)
    if not part.lines or part.text == rest.text:
        return merged
    column = printed.column(part)
    if not (merged or (column and column.merged) or printed.known.odds(part.text, rest.text) > 0):
        return False
    touching = _room_below(part) + _room_above(rest) < 2 * part.lines[-1].size
    odds = printed.flow(part, rest)
    return odds > enough and (touching or odds > _LIKELY)


def _is_merged(part: Part) -> bool:
    return part.end - part.row > 1


def _room_below(part: Part) -> float:
    piece = part.pieces[-1]
    return piece.box.bottom - piece.lines[-1].box.bottom if piece.lines else 0.0


def _room_above(part: Part) -> float:
    piece = part.pieces[0]
    return piece.lines[0].box.top - piece.box.top if piece.lines else 0.0
