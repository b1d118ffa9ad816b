"""The second engine for pages that the first doubts, or cannot open."""

import re
from typing import Final

from parsers.errors import Damaged, TooLarge, UnreadableSource
from parsers.grid import Note
from parsers.layout import lay_out
from parsers.page import Layout, Table

MOST_PAGES: Final = 20
"""Pages that are read a second time: it is twenty times slower."""

_FAULT: Final = re.compile("\\(cid:|[\ufffd\ue000-\uf8ff]")
"""A code without a character, as one engine and the other print it; characters that mean something to one font."""


class SecondReader:
    """pdfplumber over one document, opened where it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Takes the bytes of the file."""
        self._data = data
        self._left = MOST_PAGES

    def instead(self, index: int, notes: list[Note]) -> Layout | None:
        """The page at ``index``, from 0, that the first engine cannot parse; None where neither can."""
        layout = self._read(index)
        if layout:
            notes.append(_note(index, "the first engine cannot parse the page"))
        return layout

    def better(self, layout: Layout, index: int, notes: list[Note]) -> Layout:
        """Of two readings of the page at ``index`` the one with fewer faults; where they tie, the first."""
        other = self._read(index)
        if other is None or _rank(other) >= _rank(layout):
            return layout
        notes.append(_note(index, "the first engine left characters unread or found no table between the rules"))
        return other

    def read_all(self) -> tuple[list[Layout], list[Note]]:
        """All pages of a document that the first engine cannot open.

        Raises:
            UnreadableSource: Neither can.
        """
        from parsers.plumber import open_slowly  # noqa: PLC0415  half a second, for few documents

        layouts: list[Layout] = []
        notes: list[Note] = []
        with open_slowly(self._data) as document:
            for index in range(MOST_PAGES):
                try:
                    layouts.append(lay_out(document.read(index)))
                except UnreadableSource:
                    break
        notes += [_note(layout.number - 1, "the first engine cannot open the file") for layout in layouts]
        if not layouts:
            raise Damaged("the PDF's structure cannot be read; get the file anew")
        return layouts, notes

    def _read(self, index: int) -> Layout | None:
        if not self._left:
            return None
        self._left -= 1
        from parsers.plumber import open_slowly  # noqa: PLC0415  half a second, for few documents

        try:
            with open_slowly(self._data) as document:
                return lay_out(document.read(index))
        except (Damaged, TooLarge):
            return None


def faults_of(layout: Layout) -> int:
    """How many characters of a page have no meaning."""
    lines = [
        line
        for item in layout.items
        for line in ([line for cell in item.cells for line in cell.lines] if isinstance(item, Table) else [item])
    ]
    return sum([len(_FAULT.findall(line.text)) for line in lines])


def _rank(layout: Layout) -> tuple[int, int]:
    return faults_of(layout), -sum(isinstance(item, Table) for item in layout.items)


def _note(index: int, why: str) -> Note:
    return Note("second_reader", f"page {index + 1}", f"read by pdfplumber: {why}")
