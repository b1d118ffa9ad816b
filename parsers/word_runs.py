"""The text of a Word paragraph as it is printed: no deleted or hidden text, no field codes.

Source: ECMA-376 part 1, 17.3 and 17.16. What is not known is walked through, so that text
inside a program's own element is not lost.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from lxml import etree

from parsers.word_blocks import Around, Block
from parsers.word_fields import Field
from parsers.word_names import MC, M, W, is_on, number_of, value_of
from parsers.word_pages import Pages
from parsers.word_pictures import FORM_SIZED_CM2, area, picture_names, pictures_in
from parsers.word_symbols import is_symbol_font, printed, symbol

DELETED: Final = (W + "del", W + "moveFrom")
SILENT: Final = frozenset(W + name for name in (
    "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "sdtPr", "sdtEndPr", "sectPr", "customXmlPr",
    "smartTagPr", "delText", "delInstrText", "fldData", "rt", "ffData", "annotationRef", "pgNum",
))
"""Elements that print nothing, and hold nothing that does."""

_OLE_OBJECT: Final = "{urn:schemas-microsoft-com:office:office}OLEObject"
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def _nothing(_: object, __: etree._Element) -> None:
    """Prints nothing."""


class Runs:
    """One paragraph being read.

    Attributes:
        page: The page of its first word, None until there is one.
        boxes: The blocks of the text boxes that hang on it.
    """

    def __init__(
        self, around: Around, pages: Pages, text_box: Callable[[etree._Element], list[Block]]
    ) -> None:
        self.page: int | None = None
        self.boxes: list[Block] = []
        self._around = around
        self._pages = pages
        self._text_box = text_box
        self._pieces: list[str] = []
        self._fields: list[Field] = []
        self._is_hidden = False     # by its style

    def text(self) -> str:
        """What was read so far; lines end with LF."""
        for field in self._fields:
            if not field.in_result:   # never closed: what it took for its code is text
                self._pieces += field.code
        self._fields.clear()
        return "".join(self._pieces)

    def begin(self, properties: etree._Element) -> None:
        """What the properties of the paragraph do before its text: a page break, a number."""
        known = {child.tag: child for child in properties}
        if is_on(known.get(W + "pageBreakBefore")):
            self._pages.turn_unless_fresh()
        style = known[W + "pStyle"].get(W + "val", "") if W + "pStyle" in known else ""
        self._is_hidden = bool(style) and self._around.styles.hides(style)
        mark = known.get(W + "rPr")
        if self._is_hidden or (mark is not None and (
                mark.find(W + "del") is not None or is_on(mark.find(W + "vanish")))):
            return
        number = known.get(W + "numPr")
        num_id, depth = ("", "") if number is None else (value_of(number, "numId"), value_of(number, "ilvl"))
        inherited = None if num_id or not style else self._around.styles.numbers(style)
        numbering = self._around.numbering
        if inherited is not None:
            num_id, deep, named = inherited
            depth = depth or deep or str(numbering.level_of_style(num_id, named))
        if num_id:
            self._put(numbering.label(num_id, number_of(depth, 0)))

    def walk(self, parent: etree._Element) -> None:
        """Reads what stands in an element."""
        for child in parent:
            handler = self._HANDLERS.get(child.tag)
            if handler is None:
                self.walk(child)
            else:
                handler(self, child)

    def _put(self, text: str) -> None:
        for field in reversed(self._fields):
            if not field.in_result:
                field.code.append(text)
                return
        if self.page is None and text.strip():
            self.page = self._pages.number
            self._pages.is_fresh = False
        self._pieces.append(text)

    # ── runs ─────────────────────────────────────────────────────────────────

    def _run(self, run: etree._Element) -> None:
        properties = run.find(W + "rPr")
        font: str | None = None
        if properties is not None and len(properties):
            if self._hides(properties):
                self._note_hidden(run)
                return
            fonts = properties.find(W + "rFonts")
            if fonts is not None:
                font = fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
        elif self._is_hidden:
            self._note_hidden(run)
            return
        for child in run:
            if child.tag == W + "t":
                text = _words(child)
                self._put(printed(text, font) if is_symbol_font(font) else printed(text))
            else:
                handler = self._HANDLERS.get(child.tag)
                if handler is None:
                    self.walk(child)
                else:
                    handler(self, child)

    def _hides(self, properties: etree._Element) -> bool:
        vanish = properties.find(W + "vanish")
        if vanish is not None:
            return is_on(vanish)
        style = properties.find(W + "rStyle")
        hidden_by_style = style is not None and self._around.styles.hides(style.get(W + "val", ""))
        return hidden_by_style or self._is_hidden

    def _note_hidden(self, run: etree._Element) -> None:
        for mark in run.iter(W + "fldChar", W + "instrText"):   # fields may hide their codes
            self._HANDLERS[mark.tag](self, mark)
        text = "".join([text.text or "" for text in run.iter(W + "t")])
        if text.strip():
            self._around.seen.hidden.append(text)

    def _literal(self, element: etree._Element) -> None:
        self._put(printed(_words(element)))

    def _tab(self, _: etree._Element) -> None:
        self._put("\t")

    def _line(self, _: etree._Element) -> None:
        self._put("\n")

    def _hyphen(self, _: etree._Element) -> None:
        self._put("-")

    def _br(self, element: etree._Element) -> None:
        self._put("\n")
        if element.get(W + "type") == "page":
            self._pages.turn()

    def _rendered_break(self, _: etree._Element) -> None:
        self._pages.turn_unless_fresh()

    def _symbol(self, element: etree._Element) -> None:
        self._put(symbol(element.get(W + "char", ""), element.get(W + "font")))

    def _fraction(self, element: etree._Element) -> None:
        for part in element.findall(M + "num"):
            self.walk(part)
        self._put("/")
        for part in element.findall(M + "den"):
            self.walk(part)

    # ── fields and revisions ─────────────────────────────────────────────────

    def _field_mark(self, element: etree._Element) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(Field(element))
        elif not self._fields:
            return
        elif kind == "separate":
            self._fields[-1].in_result = True
            self._fields[-1].printed = len(self._pieces)
        elif kind == "end":
            field = self._fields.pop()
            if not field.in_result or not "".join(self._pieces[field.printed:]).strip():
                self._put(field.without_result())

    def _instruction(self, element: etree._Element) -> None:
        if self._fields:
            self._fields[-1].code.append(element.text or "")

    def _deleted(self, element: etree._Element) -> None:
        if len(element):
            self._around.seen.counts["deleted"] += 1

    def _added(self, element: etree._Element) -> None:
        if len(element):
            self._around.seen.counts["added"] += 1
        self.walk(element)

    # ── drawings ─────────────────────────────────────────────────────────────

    def _alternative(self, element: etree._Element) -> None:
        chosen = chosen_of(element)
        if chosen is not None:
            self.walk(chosen)

    def _drawing(self, element: etree._Element) -> None:
        shown = pictures_in(element)
        if shown:
            self._pages.is_fresh = False
            self._around.seen.counts["picture"] += shown
            if area(element) >= FORM_SIZED_CM2:
                self._page_picture(element)
        self.walk(element)

    def _page_picture(self, element: etree._Element) -> None:
        read = [self._around.show(name, self._pages.number) for name in picture_names(element)]
        found = [one for one in read if one is not None]
        self.boxes += found
        self._around.seen.counts["picture" if found else "page_picture"] += -len(found) if found else 1

    def _object(self, element: etree._Element) -> None:
        found = element.find(_OLE_OBJECT)
        if found is None:
            self._drawing(element)
            return
        self._pages.is_fresh = False
        self._around.seen.embedded.append(found.get("ProgID", "unnamed"))

    def _content(self, element: etree._Element) -> None:
        self.boxes += self._text_box(element)

    _HANDLERS: ClassVar[Mapping[str, Callable[["Runs", etree._Element], None]]] = {
        W + "r": _run,
        W + "t": _literal,
        W + "tab": _tab,
        W + "ptab": _tab,
        W + "br": _br,
        W + "cr": _line,
        W + "sym": _symbol,
        W + "noBreakHyphen": _hyphen,
        W + "fldChar": _field_mark,
        W + "instrText": _instruction,
        W + "lastRenderedPageBreak": _rendered_break,
        W + "txbxContent": _content,
        W + "drawing": _drawing,
        W + "pict": _drawing,
        W + "object": _object,
        MC + "AlternateContent": _alternative,
        M + "t": _literal,
        M + "f": _fraction,
        **dict.fromkeys(DELETED, _deleted),
        **dict.fromkeys((W + "ins", W + "moveTo"), _added),
        **dict.fromkeys(SILENT, _nothing),
    }


def chosen_of(element: etree._Element) -> etree._Element | None:
    """The branch of an ``mc:AlternateContent`` that prints: its choice, unless only the fallback has text."""
    choice, fallback = element.find(MC + "Choice"), element.find(MC + "Fallback")
    if choice is None or (fallback is not None and next(choice.iter(W + "t"), None) is None
                          and next(fallback.iter(W + "t"), None) is not None):
        return fallback
    return choice


def _words(element: etree._Element) -> str:
    """The text of a ``w:t``; Word drops outer white space that is not marked as kept."""
    text = element.text or ""
    if element.get(_XML_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text.replace("\n", " ").replace("\r", "") if "\n" in text or "\r" in text else text
