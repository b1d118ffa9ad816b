"""The tables and lines of pages → grids: a table over page breaks is one grid."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from parsers.breaks import Verdict, judge
from parsers.flow import Vocabulary
from parsers.furniture import NOWHERE, Aside, furniture_of, is_continuation_mark, is_speck
from parsers.grid import Cell, Grid, Note, Origin
from parsers.growing import Growing, Part, grid_of, rounded
from parsers.page import Layout, Table, TextLine
from parsers.sign_widths import settled
from parsers.spill import with_spills

FURNITURE: Final = "page_furniture"
REPEATED: Final = "repeated_head"


class Stitched(NamedTuple):
    """The grids of a document in print order, and what was doubtful."""

    grids: tuple[Grid, ...]
    notes: tuple[Note, ...]


class _Entry:
    """A table in the making at its place among the grids, and the heads that were repeated in it."""

    def __init__(self, table: Growing, layout: Layout) -> None:
        self.table = table
        self.layout = layout   # of its last page
        self.heads: list[list[Part]] = []

    def grids(self, method: str) -> list[Grid]:
        edges = self.table.edges
        return [
            grid_of(self.table.parts, edges, method),
            *[grid_of(head, edges, method, REPEATED) for head in self.heads],
        ]


def stitch(layouts: Sequence[Layout], method: str = "pdf") -> Stitched:
    """Puts the pages of a document together.

    Args:
        layouts: Its pages in order; a page that could not be read is not among them.
        method: What the origin of the cells says of the reader.

    Returns:
        A grid for each table and for each line outside tables. Page furniture and heads that are
        repeated within a table stand behind it, under their role. Notes ``doubtful_page_break``.
    """
    return _Stitcher(settled(layouts), method).run()


class _Stitcher:
    def __init__(self, layouts: Sequence[Layout], method: str) -> None:
        self._method = method
        self._asides = furniture_of(layouts)
        self._layouts = [
            with_spills(layout, aside.sure | aside.likely)
            for layout, aside in zip(layouts, self._asides, strict=True)
        ]
        if any(new is not old for new, old in zip(self._layouts, layouts, strict=True)):
            self._asides = furniture_of(self._layouts)
        self._bottoms = _bottoms(self._layouts, self._asides)
        self._entries: list[_Entry | Grid] = []
        self._open: list[_Entry] = []   # the tables of the last page that may go on
        self._notes: list[Note] = []
        self._known = Vocabulary(self._layouts)
        self._before = 0   # items on the leaf before, of the same page

    def run(self) -> Stitched:
        before = 0
        last: Layout | None = None
        for layout, aside in zip(self._layouts, self._asides, strict=True):
            if layout.number not in (before, before + 1):   # two leaves of a spread are one page
                self._open = []   # a page between is not known
            self._before = self._before + len(last.items) if last and layout.number == before else 0
            self._page(layout, aside)
            before, last = layout.number, layout
        grids: list[Grid] = []
        for entry in self._entries:
            grids += entry.grids(self._method) if isinstance(entry, _Entry) else [entry]
        return Stitched(tuple([grid for grid in grids if grid.cells]), tuple(self._notes))

    def _page(self, layout: Layout, aside: Aside) -> None:
        marks = {
            index for index, item in enumerate(layout.items)
            if isinstance(item, TextLine) and (is_speck(item) or (self._open and is_continuation_mark(item.text)))
        }
        hidden = aside.sure | aside.likely | marks
        text = [(index, item) for index, item in enumerate(layout.items) if index not in hidden]
        going_on = self._open
        if text:
            self._open = []
        new: dict[int, _Entry] = {}
        goes_on = False
        for index, item in text:
            if isinstance(item, TextLine):
                continue
            number = self._before + sum(isinstance(other, Table) for other in layout.items[: index + 1])
            table = Growing(layout, item, number)
            first = not any(_overlaps(item, other) for before, other in text if before < index)
            entry = self._continued(table, going_on) if first else None
            if entry:
                goes_on = True
                entry.layout = layout
                going_on = [other for other in going_on if other is not entry]
            else:
                entry = new[index] = _Entry(table, layout)
            if not any(_overlaps(item, other) for behind, other in text if behind > index):
                self._open.append(entry)
        furniture = aside.sure | ((aside.likely | marks) if goes_on else set())
        for index, item in enumerate(layout.items):
            if isinstance(item, TextLine):
                is_aside = index in furniture
                self._entries.append(_line(item, layout, self._before + index, self._method, is_aside=is_aside))
            elif index in new:
                self._entries.append(new[index])

    def _continued(self, table: Growing, open_: Sequence[_Entry]) -> _Entry | None:
        """The table of the page before that this one goes on; it takes it in. Else None."""
        # of tables side by side each goes on below its own
        for entry in sorted(open_, key=lambda entry: abs(entry.table.left - table.left)):
            size = (entry.layout.width, entry.layout.height)
            verdict = judge(entry.table, table, self._bottoms[size] - entry.table.bottom.y, self._known)
            if verdict.joins:
                self._join(entry, table, verdict)
                return entry
        return None

    def _join(self, entry: _Entry, table: Growing, verdict: Verdict) -> None:
        if verdict.doubt:
            place = f"page {entry.table.page} to page {table.page}"
            self._notes.append(Note("doubtful_page_break", place, verdict.doubt))
        if verdict.head:
            entry.heads.append(table.split_off(verdict.head))
        entry.table.absorb(table, verdict.pairs, cut=verdict.cut)


def _bottoms(layouts: Sequence[Layout], asides: Sequence[Aside]) -> dict[tuple[float, float], float]:
    """How far down the text of any page of a size goes."""
    bottoms: dict[tuple[float, float], float] = {}
    for layout, aside in zip(layouts, asides, strict=True):
        size = (layout.width, layout.height)
        for index, item in enumerate(layout.items):
            if index not in aside.sure:
                bottom = item.ys[-1] if isinstance(item, Table) else item.box.bottom
                bottoms[size] = max(bottoms.get(size, 0.0), bottom)
    return bottoms


def _overlaps(table: Table, other: Table | TextLine) -> bool:
    """Whether one stands above the other, not beside it."""
    x0, x1 = (other.xs[0], other.xs[-1]) if isinstance(other, Table) else (other.box.x0, other.box.x1)
    return x0 < table.xs[-1] and table.xs[0] < x1


def _line(line: TextLine, layout: Layout, index: int, method: str, *, is_aside: bool) -> Grid:
    place = f"page {layout.number}, line {index + 1}"
    box = None if line.box == NOWHERE else rounded(line.box)
    origin = Origin(layout.number, place, layout.method or method, box, line.confidence)
    text = line.text.strip()
    return Grid((Cell(0, 0, text, origin, seen=line.seen),) if text else (), 1, 1, FURNITURE if is_aside else "")
