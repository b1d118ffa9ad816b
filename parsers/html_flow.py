"""Running text of a page: inline pieces to lines and paragraphs, white space as CSS prints it."""

import re
from collections.abc import Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from parsers.joining import join_lines
from parsers.lines import tidy

Other = TypeVar("Other")

_WIDE: Final = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff“”‘’…—"
# CSS Text 3, 4.1.2: a line end in the source between two wide characters is no space.
_SOFT_BREAK: Final = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\f\n]*(?=[{_WIDE}])")
_RUN: Final = re.compile("[ \t\r\n\f\xa0]+")
_INDENT: Final = re.compile("[ \t\r\n\f]*[\xa0\u2002\u2003\u3000]{2}")

_HELD: Final = {ord(" "): "\ufdd1", ord("\t"): "\ufdd2"}   # noncharacters, free for internal use
_RELEASED: Final = {0xFDD1: " ", 0xFDD2: "\t"}


class Paragraph(NamedTuple):
    """The printed lines of a paragraph; at least one, none without print."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines joined."""
        return text_of(self.lines)


class Plain(NamedTuple):
    """Preformatted text, which may be a table set with tabs or spaces."""

    text: str


class Flow(Generic[Other]):
    """What stands in a cell or on the page, in print order: paragraphs, preformatted text and ``Other``.

    A line break within a block goes on with the same paragraph, unless an empty line or an indent tells
    that a new one begins: old pages hold a whole article in one block.
    """

    __slots__ = ("_held", "_lines", "_parts", "items")

    def __init__(self) -> None:
        self.items: list[Paragraph | Plain | Other] = []
        self._parts: list[str] = []
        self._lines: list[str] = []
        self._held = False

    def add(self, text: str) -> None:
        """Inline text, its white space as in the source."""
        self._parts.append(text)

    def add_kept(self, text: str) -> None:
        """Text whose white space and line ends are printed; each line is a paragraph."""
        first, *rest = text.split("\n")
        self._parts.append(first.translate(_HELD))
        self._held = True
        for line in rest:
            self.end_block()
            self._parts.append(line.translate(_HELD))

    def end_line(self) -> None:
        """A line break."""
        if not self._parts:
            self._end_paragraph()
            return
        raw = "".join(self._parts)
        self._parts.clear()
        line = _collapsed(raw)
        if self._held:
            line = line.translate(_RELEASED)
        if not line or line.isspace():
            self._end_paragraph()
            return
        if self._lines and _INDENT.match(raw):
            self._end_paragraph()
        self._lines.append(line)

    def end_block(self) -> None:
        """The beginning or end of a block: what follows is another paragraph."""
        if self._parts:
            self.end_line()
        self._end_paragraph()

    def put(self, items: list[Paragraph | Plain | Other]) -> None:
        """Blocks that were read elsewhere; the list is used up."""
        self.end_block()
        if self.items:
            self.items += items
        else:
            self.items = items   # tables nest deeply: nothing is copied on the way up

    def _end_paragraph(self) -> None:
        if self._lines:
            self.items.append(Paragraph(tuple(self._lines)))
            self._lines.clear()


def text_of(lines: Iterable[str]) -> str:
    """Lines joined to the text of one cell; empty where nothing is printed."""
    return tidy(join_lines(lines))


def _collapsed(raw: str) -> str:
    r"""White space as it is printed: one space for a run of them, none at the ends.

    >>> _collapsed(" 绩效\n  自评表 \xa0 2023\xa0\n年 "), _collapsed("Windows\nServer")
    ('绩效自评表 2023 年', 'Windows Server')
    """
    if "\n" in raw:
        raw = _SOFT_BREAK.sub("", raw)
    return _RUN.sub(" ", raw).strip(" ")
