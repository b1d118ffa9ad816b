"""What a page prints beside its text: its number, and lines that return on page after page."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from parsers.grid import Box
from parsers.page import Layout, Table, TextLine

NOWHERE: Final = Box(0.0, 0.0, 0.0, 0.0)
"""The box of a line whose place on the page was not asked for."""

ZONE: Final = 0.13
"""Part of a page's height, at the top and at the bottom, in which such lines stand."""

DEPTH: Final = 3
"""Lines at either end of a page that may be such."""

LONGEST_TITLE: Final = 40
"""Characters of a running title."""

LONGEST_NUMBER: Final = 20
"""Characters of a page number: 第一百二十三页/共一百五十页."""

LONGEST_SPECK: Final = 2
SPECK_SURE: Final = 0.6
"""Signs of dirt that was read as print, and how sure a recogniser is of it at most."""

LONGEST_REST: Final = 8
REST_SURE: Final = 0.6
"""Signs of the rest of a seal that was read as print, and how sure a recogniser is of one sign at most."""

_FAR: Final = 2.5   # of its height: so far a running title keeps off the text, and a title does not

_NUMERAL = "[0-9一二三四五六七八九十百]{1,5}"
_PAGE_NUMBER = re.compile(
    rf"[-–—~·•]*(?:[0-9]{{1,4}}|[ivxlc]{{1,6}})[-–—~·•]*|第{_NUMERAL}页[,/(]*(?:共{_NUMERAL}页)?\)?"
    rf"|共{_NUMERAL}页[,/]?第{_NUMERAL}页|[0-9]{{1,4}}(?:/|of)[0-9]{{1,4}}|p(?:age)?\.?[0-9]{{1,4}}(?:of[0-9]{{1,4}})?"
)
_CONTINUED = re.compile(
    r"\(?(?:上|接上)?(?:页)?续[上前]?页?(?:表[0-9一二三四五六七八九十]{0,3}|页)\)?|\(?续\)|\(?continued\)?"
)
_DIGITS = re.compile("[0-9]+")


Size = tuple[float, float]


class Aside(NamedTuple):
    """Items of a page, by index, that are no text of the report.

    Attributes:
        sure: Page numbers, and lines that return well away from the text.
        likely: Lines that return close above the text: running titles, or titles of tables, each
            on a page of its own. Where a table goes on below one, it is a running title.
    """

    sure: set[int]
    likely: set[int]


class _Edge(NamedTuple):
    """A line near an end of a page.

    ``text`` is without white space and widths; the rest tells where it stands and how far it keeps
    off the text.
    """

    page: int
    item: int
    at_top: bool
    line: TextLine
    text: str
    gap: float

    @property
    def key(self) -> tuple[bool, str]:
        """What it has in common with such lines of other pages, whatever their numbers."""
        return self.at_top, _DIGITS.sub("#", self.text)


def furniture_of(layouts: Sequence[Layout]) -> list[Aside]:
    """For each page what stands on it beside the text."""
    edges = [edge for number, layout in enumerate(layouts) for edge in _edges(number, layout)]
    pages: dict[tuple[bool, str], set[int]] = {}
    for edge in edges:
        pages.setdefault(edge.key, set()).add(edge.page)
    running = {edge.key for edge in edges if edge.line.box == NOWHERE}   # on pages without a table
    returning = {key for key, numbers in pages.items() if len(numbers) > 1}
    bodies = _bodies(layouts, {
        (edge.page, edge.item) for edge in edges if edge.key in returning or _is_page_number(edge.text)
    })
    found = [Aside(set(), set()) for _ in layouts]
    for edge in edges:
        aside = found[edge.page]
        if _is_page_number(edge.text):
            aside.sure.add(edge.item)
        elif edge.key in returning and _is_beyond(edge, layouts[edge.page], bodies):
            (aside.sure if edge.key in running or _keeps_off(edge) else aside.likely).add(edge.item)
    for layout, aside in zip(layouts, found, strict=True):
        _keep_outermost(len(layout.items), aside)
    return found


def is_speck(line: TextLine) -> bool:
    """Whether a line is what a recogniser makes of dirt, or of the rest of a seal: it ends no table.

    >>> [is_speck(TextLine(text, NOWHERE, 9.0, sure)) for text, sure in (("N", 0.5), ("优", 0.9), ("合计附表", 0.5))]
    [True, False, False]
    >>> [is_speck(TextLine(text, NOWHERE, 9.0, sure)) for text, sure in (("A入点", 0.03), ("年月日", 0.3))]
    [True, False]
    """
    length = len(line.text.strip())
    if length <= LONGEST_SPECK:
        return line.confidence < SPECK_SURE
    return length <= LONGEST_REST and line.confidence < REST_SURE**length


def is_continuation_mark(text: str) -> bool:
    """Whether a line only says that the table below goes on from the page before.

    >>> [is_continuation_mark(text) for text in ("（续表）", "续表1", "（续上页）", "续聘人员表")]
    [True, True, True, False]
    """
    return _CONTINUED.fullmatch(_folded(text)) is not None


def _is_page_number(folded: str) -> bool:
    return len(folded) <= LONGEST_NUMBER and _PAGE_NUMBER.fullmatch(folded) is not None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _edges(number: int, layout: Layout) -> Iterator[_Edge]:
    """The lines at both ends of a page, as far as no table stands beyond them."""
    items = layout.items
    count = len(items)
    for at_top, order in ((True, range(min(DEPTH, count))), (False, range(count - 1, max(count - DEPTH, 0) - 1, -1))):
        for index in order:
            item = items[index]
            if isinstance(item, Table) or not _in_zone(item, layout, at_top=at_top):
                break
            beyond = index + 1 if at_top else index - 1
            gap = _gap(item, items[beyond]) if 0 <= beyond < count else float("inf")
            yield _Edge(number, index, at_top, item, _folded(item.text), gap)


def _in_zone(line: TextLine, layout: Layout, *, at_top: bool) -> bool:
    if len(line.text) > LONGEST_TITLE:
        return False
    if line.box == NOWHERE:
        return True
    depth = ZONE * layout.height
    return line.box.bottom < depth if at_top else line.box.top > layout.height - depth


def _gap(line: TextLine, other: Table | TextLine) -> float:
    top, bottom = _extent(other)
    return max(top - line.box.bottom, line.box.top - bottom)


def _extent(item: Table | TextLine) -> tuple[float, float]:
    return (item.ys[0], item.ys[-1]) if isinstance(item, Table) else (item.box.top, item.box.bottom)


def _bodies(layouts: Sequence[Layout], aside: set[tuple[int, int]]) -> dict[Size, tuple[float, float]]:
    """How high the text begins and how low it ends on any page of a size.

    Args:
        layouts: The pages.
        aside: Pages and items that may be no text.
    """
    bodies: dict[Size, tuple[float, float]] = {}
    for number, layout in enumerate(layouts):
        if not layout.height:
            continue   # its lines have no place
        size = (layout.width, layout.height)
        top, bottom = bodies.get(size, (layout.height, 0.0))
        for index, item in enumerate(layout.items):
            if (number, index) not in aside:
                first, last = _extent(item)
                top, bottom = min(top, first), max(bottom, last)
        bodies[size] = top, bottom
    return bodies


def _is_beyond(edge: _Edge, layout: Layout, bodies: dict[Size, tuple[float, float]]) -> bool:
    """Whether a line stands outside the room that the text takes on the pages of this size."""
    if edge.line.box == NOWHERE:
        return True
    top, bottom = bodies.get((layout.width, layout.height), (layout.height, 0.0))
    return edge.line.box.bottom <= top if edge.at_top else edge.line.box.top >= bottom


def _keeps_off(edge: _Edge) -> bool:
    """Whether a line cannot be the title of a table below it."""
    return not edge.at_top or edge.line.box == NOWHERE or edge.gap >= _FAR * edge.line.size


def _keep_outermost(count: int, aside: Aside) -> None:
    """A number is that of the page only where no text stands beyond it."""
    own = aside.sure | aside.likely
    for index in sorted(own):
        above = all(beyond in own for beyond in range(index))
        below = all(beyond in own for beyond in range(index + 1, count))
        if not (above or below):
            own.discard(index)
    aside.sure.intersection_update(own)
    aside.likely.intersection_update(own)
