"""WordprocessingML to blocks: the paragraphs and tables of one story, in print order.

Source: ECMA-376 part 1, 17.3 (paragraphs), 17.4 (tables), 17.5 (content controls).
"""

from collections.abc import Container, Iterator, Mapping
from typing import Final

from lxml import etree

from parsers.errors import TooLarge
from parsers.word_blocks import Around, Block, Inserted, Paragraph, Table, TableCell, TableRow, first_page
from parsers.word_names import MC, REL, W, is_on, number_of, value_of
from parsers.word_pages import Pages
from parsers.word_runs import DELETED, SILENT, Runs, chosen_of

DEEPEST: Final = 30
"""How many tables and text boxes may stand inside each other."""

_UNITS: Final[Mapping[str, int]] = {
    "dxa": 1,
    "pct": 2,   # fiftieths of a percent, of a table of 10,000 twips
}
_SAME_PAGE: Final = ("continuous", "nextColumn")
_BLOCKS: Final = frozenset((W + "p", W + "tbl", W + "altChunk"))


class Story:
    """Walks one story of a document: its body, a header, a footnote."""

    def __init__(self, around: Around, sections: tuple[str, ...] = ()) -> None:
        """``sections`` say how the sections behind the first begin, in order."""
        self.pages = Pages()
        self._around = around
        self._sections = iter(sections)
        self._depth = 0

    def blocks(self, parent: etree._Element) -> list[Block]:
        """The blocks of a body, a cell or a text box.

        Raises:
            TooLarge: They stand inside each other deeper than a report needs.
        """
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooLarge(f"tables stand inside each other more than {DEEPEST} deep. Copy the inner one"
                           " into a new document.")
        found: list[Block] = []
        for child in self._members(parent, _BLOCKS):
            if child.tag == W + "p":
                found += self._paragraph(child)
            elif child.tag == W + "tbl":
                found.append(self._table(child))
            else:
                found.append(Inserted(self._around.insert(child.get(REL + "id", ""))))
        self._depth -= 1
        return found

    def _members(self, parent: etree._Element, wanted: Container[str]) -> Iterator[etree._Element]:
        """The children of the wanted kinds, also those inside wrappers such as content controls."""
        for child in parent:
            tag = child.tag
            if tag in wanted:
                yield child
            elif tag in DELETED:
                self._around.seen.counts["deleted"] += 1
            elif tag == MC + "AlternateContent":
                chosen = chosen_of(child)
                if chosen is not None:
                    yield from self._members(chosen, wanted)
            elif tag not in SILENT:
                yield from self._members(child, wanted)

    def _paragraph(self, element: etree._Element) -> list[Block]:
        if not len(element):
            return []
        runs = Runs(self._around, self.pages, self.blocks)
        properties = element.find(W + "pPr")
        if properties is not None:
            runs.begin(properties)
        runs.walk(element)
        text = runs.text()
        found: list[Block] = []
        if text and not text.isspace():
            found.append(Paragraph(tuple(text.split("\n")), runs.page or self.pages.number))
        found += runs.boxes
        if properties is not None and properties.find(W + "sectPr") is not None and (
                next(self._sections, "nextPage") not in _SAME_PAGE):
            self.pages.turn()
        return found

    # ── tables ───────────────────────────────────────────────────────────────

    def _table(self, element: etree._Element) -> Table:
        grid = element.find(W + "tblGrid")
        columns = () if grid is None else grid.findall(W + "gridCol")
        rows = [row for child in self._members(element, (W + "tr",)) if (row := self._row(child))]
        return Table(tuple(rows), tuple([number_of(column.get(W + "w"), 0) for column in columns]))

    def _row(self, element: etree._Element) -> TableRow | None:
        properties = element.find(W + "trPr")
        before = after = width = 0
        if properties is not None:
            if properties.find(W + "del") is not None:
                self._around.seen.counts["deleted"] += 1
                return None
            if is_on(properties.find(W + "hidden")):
                self._around.seen.hidden.append(
                    "".join([text.text or "" for text in element.iter(W + "t")]))
                return None
            before = max(number_of(value_of(properties, "gridBefore"), 0), 0)
            after = max(number_of(value_of(properties, "gridAfter"), 0), 0)
            width = _width(properties.find(W + "wBefore")) if before else 0
        cells = self._cells(element, before)
        end = cells[-1].end if cells else before
        return TableRow(tuple(cells), width, end + after)

    def _cells(self, row: etree._Element, line: int) -> list[TableCell]:
        """The cells of a row. They stand side by side, so each begins on the page of the row."""
        pages, cells = self.pages, list[TableCell]()
        top, fresh, last, is_blank = pages.number, pages.is_fresh, pages.number, True
        for child in self._members(row, (W + "tc",)):
            pages.number, pages.is_fresh = top, fresh
            cell, is_across = self._cell(child, line)
            line = cell.end
            if not cell.opens:      # the text of one that does runs on beside the rows below
                last = max(last, pages.number)
            first = first_page(cell.blocks)
            if is_blank and first is not None:
                is_blank = False
                if first > top:     # a break before the first word moved the whole row
                    top, fresh, last = first, True, max(last, first)
            if is_across and cells:
                cells[-1] = cells[-1]._replace(end=cell.end, width=cells[-1].width + cell.width,
                                               blocks=cells[-1].blocks + cell.blocks)
            else:
                cells.append(cell)
        pages.number, pages.is_fresh = last, is_blank and fresh
        return cells

    def _cell(self, element: etree._Element, start: int) -> tuple[TableCell, bool]:
        """A cell, and whether it belongs to the one before it."""
        properties = element.find(W + "tcPr")
        span, width, across, down = 1, 0, None, None
        if properties is not None:
            known = {child.tag: child for child in properties}
            if W + "gridSpan" in known:
                span = max(number_of(known[W + "gridSpan"].get(W + "val"), 1), 1)
            width = _width(known.get(W + "tcW"))
            across, down = _merge(known.get(W + "hMerge")), _merge(known.get(W + "vMerge"))
        cell = TableCell(start, start + span, width, down == "continue", down == "restart",
                         tuple(self.blocks(element)))
        return cell, across == "continue"


def _merge(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    return "restart" if element.get(W + "val") == "restart" else "continue"


def _width(element: etree._Element | None) -> int:
    """A width in twips; 0 where the program chooses it."""
    if element is None:
        return 0
    width = max(number_of(element.get(W + "w"), 0), 0)
    return width * _UNITS.get(element.get(W + "type", "dxa"), 0)
