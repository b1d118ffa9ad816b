"""The reader of Word documents (.docx .docm .dotx): every printed text with its spans.

Order of the grids: the body, foot- and endnotes, then running heads and feet once each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from lxml import etree

from parsers.errors import Damaged, Empty, NoTextLayer, OcrUnavailable, UnreadableSource, Unsupported
from parsers.grid import Grid, Note, Reading
from parsers.html import read_html
from parsers.mht import read_mht
from parsers.text import read_text
from parsers.word_blocks import Around, Block, Inserted, Table
from parsers.word_grid import Grids
from parsers.word_names import REL, W, is_on, number_of
from parsers.word_numbers import Numbering
from parsers.word_package import Package, Relation, zipped
from parsers.word_pages import section_types
from parsers.word_seen import Seen
from parsers.word_story import Story
from parsers.word_styles import Styles

MAX_PAGES: Final = 100_000
"""Pages that a file may claim; a higher number is a mistake."""

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    "document.macroEnabled": "application/vnd.ms-word.document.macroEnabled.12",
    "template.macroEnabled": "application/vnd.ms-word.template.macroEnabled.12",
    "wordprocessingml.template": "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
}
_PAGES: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"
_NOTES: Final[Mapping[str, str]] = {"footnotes": "footnote", "endnotes": "endnote"}
_INSERTED: Final[Mapping[str, Callable[[bytes, str], Reading]]] = {
    "txt": read_text, "htm": read_html, "html": read_html, "xhtml": read_html,
    "mht": read_mht, "mhtml": read_mht,
}
_FURNITURE: Final = "page_furniture"


def read_docx(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  every reader is called with it
    """Reads a Word document.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Returns:
        Grids whose pages follow the breaks that the file tells of; ``page_count`` is the highest
        of these, or what the program that saved it counted, whichever is more.

    Raises:
        UnreadableSource: Damaged, Empty, Encrypted, NoTextLayer or TooLarge.
    """
    package = zipped(data)
    return read_package(package, _media_type(package))


def read_package(package: Package, media_type: str) -> Reading:
    """Reads the parts of a Word document; errors as in `read_docx`."""
    return _Document(package).reading(media_type)


class _Document:
    """One document: its parts, and what is seen while they are read."""

    def __init__(self, package: Package, *, is_inserted: bool = False) -> None:
        self._package = package
        self._main = package.main()
        self._relations = package.relations(self._main)
        self._is_inserted = is_inserted
        self._noted: list[Note] = []    # of pages that are pictures
        self._is_without_engine = False
        self._seen = Seen()
        self._around = Around(Styles(self._part("styles")), Numbering(self._part("numbering")), self._seen,
                              self._inserted)

    def reading(self, media_type: str) -> Reading:
        body = self._package.tree(self._main).find(W + "body")
        if body is None:
            raise Damaged(f"{self._main} holds no text body; get the file anew")
        story = Story(self._around._replace(show=self._show), section_types(body))
        blocks = story.blocks(body)
        grids = Grids(self._seen).of(self._stitched(blocks) if self._noted else blocks)
        grids += self._notes()
        if not grids:
            self._refuse()
        grids += self._furniture(body)
        return Reading(media_type, max(story.pages.number, self._claimed_pages()), tuple(grids),
                       (*self._seen.notes(), *dict.fromkeys(self._noted)))

    def _refuse(self) -> None:
        counts = self._seen.counts
        if self._is_without_engine:
            raise OcrUnavailable
        if counts["picture"] or self._seen.embedded:
            pictures = counts["picture"] + len(self._seen.embedded)
            raise NoTextLayer(f"the document holds {pictures} pictures and no text. Save the pictures as"
                              " image files and give those.")
        if self._seen.unread:
            raise Damaged(f"nothing of its text can be read ({self._seen.unread[0]}). Get the file anew.")
        raise Empty("the document holds no printed character. Get the file again from its source.")

    # ── parts ────────────────────────────────────────────────────────────────

    def _part(self, kind: str) -> etree._Element | None:
        """The tree of the part that the body refers to as ``kind``; a damaged one is noted and left out."""
        targets = [relation.target for relation in self._relations.values() if relation.kind == kind]
        return self._tree(targets[0]) if targets else None

    def _tree(self, target: str) -> etree._Element | None:
        try:
            return self._package.optional(target)
        except UnreadableSource as error:
            self._seen.unread.append(error.message)
            return None

    def _notes(self) -> Iterator[Grid]:
        for kind, place in _NOTES.items():
            root = self._part(kind)
            texts = [] if root is None else [
                note for note in root.findall(W + place)
                if note.get(W + "type", "normal") == "normal"
            ]
            for number, note in enumerate(texts, 1):
                yield from Grids(self._seen, f"{place} {number}").of(Story(self._around).blocks(note))

    def _furniture(self, body: etree._Element) -> Iterator[Grid]:
        settings = self._part("settings")
        even = settings is not None and is_on(settings.find(W + "evenAndOddHeaders"))
        for kind in ("header", "footer"):
            for number, target in enumerate(self._running(body, kind, even=even), 1):
                root = self._tree(target)
                if root is None:
                    continue
                for grid in Grids(self._seen, f"{kind} {number}").of(Story(self._around).blocks(root)):
                    yield grid._replace(role=_FURNITURE)

    def _running(self, body: etree._Element, kind: str, *, even: bool) -> list[str]:
        """The parts of running heads, or feet, that are printed somewhere, once each."""
        targets: dict[str, None] = {}
        for section in body.iter(W + "sectPr"):
            printed = {"default": True, "first": is_on(section.find(W + "titlePg")), "even": even}
            for reference in section.findall(f"{W}{kind}Reference"):
                relation = self._relations.get(reference.get(REL + "id", ""))
                if relation is not None and printed.get(reference.get(W + "type", "default")):
                    targets[relation.target] = None
        return list(targets)

    def _inserted(self, relation_id: str) -> tuple[Grid, ...]:
        """The grids of a part in another format; one that cannot be read is noted."""
        target = self._relations.get(relation_id, Relation("", "an inserted part")).target
        try:
            if target not in self._package.names:
                raise Damaged(f"{target} is not in the file")
            return self._read_inserted(target)
        except UnreadableSource as error:
            self._seen.unread.append(error.message)
            return ()

    def _read_inserted(self, target: str) -> tuple[Grid, ...]:
        suffix = target.rpartition(".")[2].lower()
        if suffix in _INSERTED:
            return _INSERTED[suffix](self._package.read(target), target).grids
        if suffix == "docx" and not self._is_inserted:
            inner = _Document(zipped(self._package.read(target)), is_inserted=True)
            return inner.reading(DOCX).grids
        raise Unsupported(f"{target} is inserted in a format that is not read")

    # ── pages that are pictures ──────────────────────────────────────────────

    def _show(self, relation_id: str, page: int) -> Inserted | None:
        """What stands on a picture that is a page; None where it cannot be read."""
        target = self._relations.get(relation_id, Relation("", "")).target
        if target not in self._package.names:
            return None
        from parsers.pictures import read_shown  # noqa: PLC0415  slow to load, and few documents need it

        try:
            layouts, notes = read_shown(self._package.read(target), page)
        except OcrUnavailable:
            self._is_without_engine = True
            return None
        except UnreadableSource as error:
            self._seen.unread.append(f"{target}: {error.message}")
            return None
        if not any(layout.items for layout in layouts):
            return None
        self._noted += [Note("scanned_page", f"page {page}", "the page is a picture; it was read as a picture"), *notes]
        return Inserted((), layouts)

    def _stitched(self, blocks: Iterable[Block]) -> list[Block]:
        """The blocks, with tables that go on from picture to picture in one piece."""
        from parsers.stitch import stitch  # noqa: PLC0415  as above

        found: list[Block] = []
        for shows, run in groupby(blocks, lambda block: isinstance(block, Inserted) and bool(block.layouts)):
            if shows:
                whole = stitch([layout for one in run if isinstance(one, Inserted) for layout in one.layouts], "ocr")
                self._noted += whole.notes
                found.append(Inserted(whole.grids))
            else:
                found += [self._within(block) if isinstance(block, Table) else block for block in run]
        return found

    def _within(self, table: Table) -> Table:
        """The table, the same done in its cells."""
        return table._replace(rows=tuple([
            row._replace(cells=tuple([
                cell._replace(blocks=tuple(self._stitched(cell.blocks))) for cell in row.cells
            ])) for row in table.rows
        ]))

    # ── what is told ─────────────────────────────────────────────────────────

    def _claimed_pages(self) -> int:
        """What the program that saved the file counted."""
        root = self._tree("docProps/app.xml")
        pages = None if root is None else root.find(_PAGES)
        claimed = 0 if pages is None else number_of(pages.text, 0)
        return claimed if claimed <= MAX_PAGES else 0


def _media_type(package: Package) -> str:
    types = package.optional("[Content_Types].xml")
    for entry in () if types is None else types:
        for sign, media_type in _MEDIA_TYPES.items():
            if sign in entry.get("ContentType", "") and "main+xml" in entry.get("ContentType", ""):
                return media_type
    return DOCX
