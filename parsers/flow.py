"""Whether the text of a cell goes on in the cell below a page break: what its print says of that."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from parsers.growing import Part
from parsers.page import Layout, Table, TextLine

NUMBER: Final = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
DASHES: Final = frozenset("-—–－/")

_CLOSES = frozenset("，。；、：！？）》”’】〉」』,;:!?)%％‰℃")   # never begins a line, nor a text
_UNFINISHED = frozenset("，、（《“‘【〈(")   # never ends a text
_ENDS = frozenset("。；！？")
_PAIRS = (("（(", "）)"), ("《", "》"), ("“", "”"), ("【", "】"))

_OPEN, _CLOSE, _RUN = "（《“‘【〈「『(", "，。；、：！？）》”’】〉」』,;:!?)%％‰℃", "[0-9A-Za-z.,+-]+"
_TOKEN = re.compile(rf"[≥≤≧≦＞＜=＝><±￥$]*[{_OPEN}]*(?:{_RUN}|.)(?:[{_OPEN}]+(?:{_RUN}|.))?[{_CLOSE}]*")
"""What a line is not broken within while the line has room for it."""

_WIDE: Final = 1.0     # widths of characters in parts of their height
_NARROW: Final = 0.55
_SLACK: Final = 0.4    # justified lines end anywhere within
_KNOWN: Final = 4.0    # a text that stands whole elsewhere
_REMNANT: Final = 1.0  # a single character is no name
_LONGEST_NAME: Final = 24
_DIGITS = re.compile("[0-9０-９]+")


class Columns(NamedTuple):
    """What the cells of a table are like, by their edges.

    Attributes:
        cells: How many there are.
        filled: Share of them with print.
        numeric: Share of the filled cells that hold a number and nothing else.
        merged: Whether cells there are merged over rows.
        inner: The width that lines may take, in points.
    """

    cells: int
    filled: float
    numeric: float
    merged: bool
    inner: float


Span = tuple[float, float]


def is_number(text: str) -> bool:
    """Whether a text is one number, or the dash that stands for none.

    >>> [is_number(text) for text in ("1,234.50", "９.00", "-", "10.005.00", "≥3", "")]
    [True, True, True, False, False, False]
    """
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    return folded in DASHES or NUMBER.fullmatch(folded) is not None


def columns_of(parts: Iterable[Part]) -> dict[Span, Columns]:
    """The statistics of cells by their edges."""
    by_span: dict[Span, list[Part]] = {}
    for part in parts:
        by_span.setdefault(part.span, []).append(part)
    gap = _padding([part for cells in by_span.values() for part in cells])
    return {span: _column(span, cells, gap) for span, cells in by_span.items()}


def _column(span: Span, cells: Sequence[Part], gap: float) -> Columns:
    filled = [part for part in cells if part.lines]
    numeric = sum(is_number(part.text) for part in filled)
    merged = any(part.end - part.row > 1 for part in cells)
    inner = max(span[1] - span[0] - 2 * gap, 1.0)
    return Columns(len(cells), len(filled) / len(cells), numeric / max(len(filled), 1), merged, inner)


def _padding(parts: Iterable[Part]) -> float:
    """The least room between a line and the side of its cell."""
    rooms = [
        min(line.box.x0 - piece.box.x0, piece.box.x1 - line.box.x1)
        for part in parts
        for piece in part.pieces
        for line in piece.lines
    ]
    return max(min(rooms, default=0.0), 0.0)


# ── one cell over the break ──────────────────────────────────────────────────

SURE: Final = 8.0


class Vocabulary:
    """The short texts in the cells of a document, numbers made alike: a name cut in two is none of them."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        """The texts are looked at when they are first asked for."""
        self._layouts = layouts

    @cached_property
    def _counts(self) -> Counter[str]:
        texts = [
            "".join([line.text for line in cell.lines])
            for layout in self._layouts
            for item in layout.items if isinstance(item, Table)
            for cell in item.cells if cell.lines
        ]
        names = [text for text in texts if len(text) <= _LONGEST_NAME and not text.isascii()]
        return Counter(map(_pattern, names))

    def odds(self, head: str, tail: str) -> float:
        """How much speaks for one text where two pieces stand: the pieces are counted too, once each."""
        if len(head) + len(tail) > _LONGEST_NAME or is_number(head) or is_number(tail):
            return 0.0
        if self._counts[_pattern(head + tail)]:
            return _KNOWN
        if self._counts[_pattern(head)] > 1 and self._counts[_pattern(tail)] > 1:
            return -_KNOWN
        return 0.0


def _pattern(text: str) -> str:
    return _DIGITS.sub("0", "".join(text.split()))


class Print:
    """What a break is judged by beside its rules: the columns of the table, the texts of the document."""

    def __init__(self, parts: Sequence[Part], known: Vocabulary) -> None:
        """Takes the cells that columns are judged by: not those at the break."""
        self._parts = parts
        self.known = known

    @cached_property
    def _columns(self) -> dict[Span, Columns]:
        return columns_of(self._parts)

    def column(self, part: Part) -> Columns | None:
        """The column of a cell; None where no other cell of the table has its edges."""
        return self._columns.get(part.span)

    def flow(self, part: Part, rest: Part) -> float:
        """How much speaks for one text in two cells with print: log odds, below 0 for two texts."""
        head, tail = part.text, rest.text
        if tail[0] in _CLOSES:
            return SURE
        column = self.column(part)
        inner = column.inner if column else part.x1 - part.x0
        known, full = self.known.odds(head, tail), _fullness(part.lines, rest.lines[0], inner)
        score = known + (max(full, 0.0) if known > 0 else full)   # lines of a label may be broken by hand
        if len(tail) == 1:
            score += _REMNANT
        if head[-1] in _UNFINISHED:
            score += 3
        elif head[-1] in _ENDS:
            score -= 1
        if any(_depth(head, *pair) > 0 > _depth(tail, *pair) for pair in _PAIRS):
            score += 4
        return min(score, SURE)


def _depth(text: str, opens: str, closes: str) -> int:
    return sum(map(text.count, opens)) - sum(map(text.count, closes))


def _fullness(above: Sequence[TextLine], first: TextLine, inner: float) -> float:
    """A line is broken where the next word has no room; that it ends there by chance is rare."""
    em = _em(above[-1])
    width = above[-1].box.x1 - above[-1].box.x0
    widest = max(line.box.x1 - line.box.x0 for line in above)
    if len(above) > 1:
        inner = min(inner, widest + em)
    token = _TOKEN.match(first.text.strip())
    need = sum(_NARROW if character.isascii() else _WIDE for character in token.group()) * em if token else em
    if inner - width > need + _SLACK * em:
        return -4.0
    return math.log(max(inner / max(need, 0.5 * em), 1.2))


def _em(line: TextLine) -> float:
    """The width of a Han character in a line; boxes are as high as the font's own line."""
    widths = sum(_NARROW if character.isascii() else _WIDE for character in line.text)
    return min(line.size, (line.box.x1 - line.box.x0) / max(widths, 1.0))
