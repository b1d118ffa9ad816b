"""Two tables on successive pages: one table, one row, one cell, or not.

Geometry comes first: the same outer edges, and the rules at the break. Browsers leave a cut row
open there; word processors close it on both pages, so that only its print tells it from two rows.
A wrong join shifts what follows without a sound, so whatever is not clear is said.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from parsers.cuts import CLEAR, Pair, Seam, going_on, odds_of_cut, odds_unaligned
from parsers.flow import SURE, Print, Vocabulary, is_number
from parsers.growing import Growing, Part, places_of

LONGEST_HEAD: Final = 4
"""Rows of a repeated head."""

HEAD_CELLS: Final = 3
"""Texts in a row that make it a head again, wherever it stood before."""

LOST: Final = "a row was cut by the page break, and behind it a ruling is missing; it was joined"

SLACK: Final = 60.0
"""Points that may stay free below a table although the next row would have had room."""


class Verdict(NamedTuple):
    """How the second table stands to the first.

    Attributes:
        joins: Whether it is the same table.
        head: How many of its first rows are the head again.
        cut: Whether the row behind them is the rest of the first table's last.
        pairs: The cells that go on over the break.
        doubt: Why the reading is not clear; empty where it is.
    """

    joins: bool
    head: int = 0
    cut: bool = False
    pairs: tuple[Pair, ...] = ()
    doubt: str = ""


APART: Final = Verdict(joins=False)


def judge(a: Growing, b: Growing, room: float, known: Vocabulary) -> Verdict:
    """Compares a table that may go on with the first one of the next page, which takes on its frame.

    Args:
        a: What there is of the table so far.
        b: The table of the next page.
        room: Points left free on the page below ``a``.
        known: The texts of the document.
    """
    places = places_of(a, b)
    if places is None or a.ruled != b.ruled:
        return APART
    b.moved(places)
    head = _repeated_head(a, b)
    lasts, firsts = a.last_front(), b.first_front(head)
    needed = b.ys[max([part.end for part in firsts], default=head)] - b.ys[head]
    if _starts_anew(a, b, head) or (room > needed + SLACK and not _share_columns(a, b)):
        return APART
    by_span = {part.span: part for part in lasts}
    pairs = [(by_span[part.span], part) for part in firsts if part.span in by_span]
    aligned = len(pairs) == len(lasts) == len(firsts)
    fronts = {id(part) for part in (*lasts, *firsts)}
    printed = Print([part for part in (*a.parts, *b.parts) if id(part) not in fronts], known)
    seam = Seam(a, b, head, pairs, printed)
    odds = odds_of_cut(seam) if aligned else odds_unaligned(seam)
    coarser = _coarser(lasts, firsts) if odds >= 0 and not aligned and (a.scanned or b.scanned) else []
    if coarser and odds_of_cut(seam._replace(pairs=coarser)) >= SURE:
        return Verdict(joins=True, head=head, cut=True, pairs=tuple(coarser), doubt=LOST)
    if odds > 0 and aligned:
        return Verdict(joins=True, head=head, cut=True, pairs=tuple(pairs), doubt=_doubt(odds))
    return Verdict(joins=True, head=head, pairs=tuple(going_on(seam)), doubt=_doubt(odds))


def _coarser(lasts: Sequence[Part], firsts: Sequence[Part]) -> list[Pair]:
    """The cells of a row that was cut, where a scan lost rulings of it behind the break; none where it is not that.

    What stands behind the break belongs to the cell that it stands below, which is no number. A row with print in
    all of its cells is whole: the total and the grade, whose cells are wider than those of the row above.
    """
    pairs = []
    for rest in firsts:
        covered = [part for part in lasts if rest.x0 <= part.x0 and part.x1 <= rest.x1]
        if not covered or (covered[0].x0, covered[-1].x1) != rest.span:
            return []
        above = max(covered, key=lambda part: _width_below(part, rest))
        if len(covered) > 1 and rest.lines and is_number(above.text):
            return []
        pairs.append((above, rest))
    return pairs if any(part.lines and not rest.lines for part, rest in pairs) else []


def _width_below(part: Part, rest: Part) -> float:
    """How much of the print of a cell stands below another; both are in one frame."""
    shift = rest.x0 - rest.pieces[0].box.x0
    return sum(
        max(0.0, min(part.x1, line.box.x1 + shift) - max(part.x0, line.box.x0 + shift)) for line in rest.lines
    )


def _doubt(odds: float) -> str:
    if abs(odds) >= CLEAR:
        return ""
    return "it is not clear whether a row was cut by the page break or ended there; " + (
        "it was joined" if odds > 0 else "two rows were read"
    )


# ── is it the same table, and where does it go on? ───────────────────────────


def _shape(parts: Sequence[Part]) -> list[tuple[float, float, int]]:
    return [(*part.span, part.end - part.row) for part in parts]


def _texts(parts: Sequence[Part]) -> list[str]:
    return [part.text for part in parts]


def _repeated_head(a: Growing, b: Growing) -> int:
    """How many first rows of ``b`` say again what rows of ``a`` said: its first ones, or a row of heads."""
    most = min(LONGEST_HEAD, b.n_rows - 1)
    rows = list(zip(a.rows(most), b.rows(most), strict=False))
    head = next((row for row, (first, second) in enumerate(rows) if not _same(first, second)), len(rows))
    while head and any(part.row < head < part.end for part in b.parts):
        head -= 1
    first = b.first_front()
    texts = [text for text in _texts(first) if text]
    if not most or any(map(is_number, texts)):
        return 0   # a row of the table that stands in it twice
    if head or len(texts) < HEAD_CELLS or any(part.end > 1 for part in first):
        return head
    return int(any(_same(row, first) for row in a.rows(a.n_rows)))


def _same(first: Sequence[Part], second: Sequence[Part]) -> bool:
    texts = _texts(first)
    return any(texts) and texts == _texts(second) and _shape(first) == _shape(second)


def _share_columns(a: Growing, b: Growing) -> bool:
    """Whether most of the inner edges of one are edges of the other too."""
    inner_a, inner_b = set(a.edges[1:-1]), set(b.edges[1:-1])
    return 2 * len(inner_a & inner_b) > min(len(inner_a), len(inner_b))


def _starts_anew(a: Growing, b: Growing, head: int) -> bool:
    """Whether ``b`` is another table of the kind of ``a``: the same labels, with other values behind them.

    Behind a title, which spans all columns, it is one even if a row alone agrees.
    """
    rows = list(zip(a.rows(head + 2), b.rows(head + 2), strict=False))
    titled = any(len(second) == 1 for _, second in rows[: max(head, 1)])
    agreeing = 0
    for first, second in rows[head:]:
        labels = [next((text for text in _texts(parts) if text), "") for parts in (first, second)]
        if [part.span for part in first] != [part.span for part in second] or labels[0] != labels[1]:
            break
        agreeing += bool(labels[0])
    return agreeing > (0 if titled and head else 1)
