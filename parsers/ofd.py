"""The reader of OFD documents (GB/T 33190-2016): their text and path objects to pages, and these to grids.

Provenance is the page and a rectangle in points. Annotations, which is where stamps stand, are not read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import attrgetter
from typing import Final, NamedTuple

from lxml import etree

from parsers.errors import Empty, NoTextLayer, OcrUnavailable, TooLarge, UnreadableSource
from parsers.grid import Grid, Note, Reading
from parsers.layout import lay_out
from parsers.ocr.engines import is_installed
from parsers.ofd_content import Sheet, content_of
from parsers.ofd_objects import POINTS, Budget, Drawn, drawn
from parsers.ofd_package import Area, Document, Package, Part, Resources, area_of, children
from parsers.ofd_upright import page_of
from parsers.page import Layout, Page
from parsers.pictures import read_shown
from parsers.stitch import stitch

MEDIA_TYPE: Final = "application/ofd"
METHOD: Final = "ofd"

_SYMBOLS: Final = ("wingdings", "webdings", "symbol", "zapfdingbats", "marlett")
"""Fonts whose characters have private codes by nature."""

_UNTOLD: Final = 3          # characters whose codes say nothing: fewer are ornaments
_UNTOLD_SHARE: Final = 0.2  # of a font's characters


def read_ofd(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads an OFD file, all of its documents one after the other.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Raises:
        UnreadableSource: Damaged, Encrypted, TooLarge; NoTextLayer where it holds pictures only, or
            fonts that do not tell what they draw; Empty.
    """
    notes: list[Note] = []
    grids: list[Grid] = []
    count = 0
    for pages, listed, scans in ofd_pages(data, notes):
        layouts = [lay_out(page) for page in pages]
        layouts += [layout for scan in scans for layout in _recognised(scan, notes)]
        whole = stitch(sorted(layouts, key=attrgetter("number")), METHOD)
        grids += whole.grids
        notes += whole.notes
        count += listed
    if not grids:
        raise _nothing(notes)
    return Reading(MEDIA_TYPE, count, tuple(grids), tuple(notes))


def _nothing(notes: Iterable[Note]) -> UnreadableSource:
    """Why no page has any print."""
    kinds = Counter(note.kind for note in notes)
    if kinds["unreadable_text_layer"]:
        return NoTextLayer("the fonts of the OFD file do not tell which characters they draw; "
                           "print its pages to images and have them recognised")
    if kinds["scanned_page"] and not is_installed():
        return OcrUnavailable()
    if kinds["scanned_page"]:
        return NoTextLayer("every page of the OFD file is a picture, and none shows print that could be read")
    return Empty("no page of the OFD file prints a character. Get the file again from its source.")


class Scan(NamedTuple):
    """A page that is a picture: its number, and the bytes of the picture's file, read when they are asked for."""

    number: int
    data: Callable[[], bytes] | None


def _recognised(scan: Scan, notes: list[Note]) -> tuple[Layout, ...]:
    """What stands on a page that is a picture."""
    place, what = f"page {scan.number}", "the page is a picture"
    if scan.data is None:
        notes.append(Note("scanned_page", place, f"{what}, which the file does not hold; its text was not read"))
        return ()
    try:
        layouts, more = read_shown(scan.data(), scan.number)
    except UnreadableSource as error:
        notes.append(Note("scanned_page", place, f"{what}; its text was not read: {error.message}"))
        return ()
    notes += [Note("scanned_page", place, f"{what}; it was read as a picture"), *more]
    return layouts


# ── documents and pages ──────────────────────────────────────────────────────


def ofd_pages(data: bytes, notes: list[Note]) -> Iterator[tuple[list[Page], int, list[Scan]]]:
    """The pages with print of each document in the file, how many it lists, and those that are pictures.

    Args:
        data: The bytes of the file.
        notes: Takes what a person should know of these pages.

    Raises:
        UnreadableSource: Damaged, Encrypted or TooLarge.
    """
    package = Package(data)
    budget = Budget()
    first = 1
    for document in package.documents():
        notes += [Note("embedded_object", name, f"the OFD file carries the file {name}, which is not read;"
                       " save it on its own if it may hold a form") for name in document.attachments]
        sheets = _Sheets(package, document, budget, notes).read(first)
        lying = _lying(sheets)
        pages = [page_of(sheet, lying) for sheet in sheets]
        for sheet in sheets:
            notes += _doubts(sheet, lying)
        scans = [
            Scan(sheet.number, partial(package.read, sheet.scan) if sheet.scan else None)
            for sheet, page in zip(sheets, pages, strict=True)
            if sheet.content.is_scan and not len(page.chars.text) and not _lost(sheet, lying)
        ]
        yield [page for page in pages if len(page.chars.text)], len(document.pages), scans
        first += len(document.pages)


class _Sheets:
    """The pages of one document, with the templates that they share."""

    def __init__(self, package: Package, document: Document, budget: Budget, notes: list[Note]) -> None:
        self._package, self._document = package, document
        self._budget, self._notes = budget, notes
        self._templates: dict[str, etree._Element | None] = {}

    def read(self, first: int) -> list[Sheet]:
        """All pages, numbered from ``first``; a damaged one is noted while others can be read."""
        sheets: list[Sheet] = []
        faults: list[UnreadableSource] = []
        for number, reference in enumerate(self._document.pages, first):
            try:
                sheets.append(self._sheet(reference, number))
            except TooLarge:
                raise
            except UnreadableSource as error:
                faults.append(error)
                self._notes.append(Note("unreadable_page", f"page {number}", error.message))
        if faults and not sheets:
            raise faults[0]
        return sheets

    def _sheet(self, reference: str, number: int) -> Sheet:
        part = self._package.part(reference, self._document.folder)
        fonts, units, pictures = self._resources(part)
        below, above = self._around(part.root)
        areas = map(area_of, (part.root, *below, *above))
        area = next((area for area in areas if area is not None), self._document.area)
        width, height = area[2] * POINTS, area[3] * POINTS
        objects = self._objects([*below, part.root, *above], area, units)
        content = content_of(objects, width, height)
        return Sheet(number, width, height, fonts, content, pictures.get(content.picture, ""))

    def _resources(self, part: Part) -> Resources:
        """What the page refers to, its own resources included."""
        resources = self._document.resources
        own = list(children(part.root, "PageRes"))
        if own:
            resources = resources.copied()
            for one in own:
                self._package.add_resources(one.text or "", part.folder, resources)
        return resources

    def _around(self, root: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
        """The templates that lie below the page's own content, and those above it."""
        below: list[etree._Element] = []
        above: list[etree._Element] = []
        for use in children(root, "Template"):
            key = use.get("TemplateID", "")
            if key not in self._document.templates:
                continue
            place, is_over = self._document.templates[key]
            if key not in self._templates:
                self._templates[key] = self._template(place)
            template = self._templates[key]
            if template is not None:
                order = use.get("ZOrder", "Foreground" if is_over else "Background")
                (above if order == "Foreground" else below).append(template)
        return below, above

    def _template(self, reference: str) -> etree._Element | None:
        """A template page; None where it is missing or damaged, for the page itself is not."""
        try:
            return self._package.part(reference, self._document.folder).root
        except TooLarge:
            raise
        except UnreadableSource:
            return None

    def _objects(self, roots: Iterable[etree._Element], area: Area,
                 units: dict[str, etree._Element]) -> Iterator[Drawn]:
        to_page = (POINTS, 0.0, 0.0, POINTS, -area[0] * POINTS, -area[1] * POINTS)
        for root in roots:
            for content in children(root, "Content"):
                for layer in children(content, "Layer"):
                    yield from drawn(layer, to_page, units, self._budget)


# ── fonts that lie ───────────────────────────────────────────────────────────


def _lying(sheets: Iterable[Sheet]) -> frozenset[str]:
    """IDs of fonts whose characters are not what they draw, by all pages of a document."""
    untold: Counter[str] = Counter()
    told: Counter[str] = Counter()
    names: dict[str, str] = {}
    for sheet in sheets:
        untold.update(sheet.content.untold)
        told.update(glyph.font for glyph in sheet.content.glyphs)
        names |= sheet.fonts
    return frozenset(
        font for font, count in untold.items()
        if count >= _UNTOLD and count >= _UNTOLD_SHARE * told[font]
        and not any(symbol in names.get(font, "").lower() for symbol in _SYMBOLS))


def _doubts(sheet: Sheet, lying: frozenset[str]) -> Iterator[Note]:
    lost = _lost(sheet, lying)
    if lost:
        yield Note("unreadable_text_layer", f"page {sheet.number}", "the text in the font"
                   f" {', '.join(lost)} is left out: its codes do not tell which characters it draws")


def _lost(sheet: Sheet, lying: frozenset[str]) -> list[str]:
    """The names of the fonts of a page that do not tell what they draw."""
    fonts = {font for font, count in sheet.content.untold.items() if count} | {
        glyph.font for glyph in sheet.content.glyphs}
    return sorted(sheet.fonts.get(font, "") or font for font in fonts & lying)
