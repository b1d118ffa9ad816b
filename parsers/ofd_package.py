"""The parts of an OFD package: its documents, their pages, fonts and composite units."""

import posixpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from parsers.container import Container
from parsers.errors import Damaged, Encrypted, TooLarge, UnreadableSource
from parsers.ofd_objects import numbers
from parsers.xml import local_name, parse_xml

MAX_PAGES: Final = 5_000
_A4: Final = (0.0, 0.0, 210.0, 297.0)   # millimetres
_AREAS: Final = ("PhysicalBox", "ApplicationBox", "ContentBox", "BleedBox")
_LOCKS: Final = ("encryptions.xml", "encryptinfo.xml", "decryptseed.dat")
_LARGEST: Final = 20_000.0              # millimetres; a larger page is none

Area = tuple[float, float, float, float]
"""x, y, width and height in millimetres."""


class Part(NamedTuple):
    """An XML part: its root, and the folder that its own references start from."""

    root: etree._Element
    folder: str


class Resources(NamedTuple):
    """What pages refer to, by ID: names of fonts, composite units, and members of the file that are pictures."""

    fonts: dict[str, str]
    units: dict[str, etree._Element]
    pictures: dict[str, str]

    def copied(self) -> "Resources":
        """The same, to be added to."""
        return Resources(dict(self.fonts), dict(self.units), dict(self.pictures))


class Document(NamedTuple):
    """One document of the package.

    Attributes:
        pages: Where its pages are, by reference, in order.
        folder: The folder that these references start from.
        area: Of a page that does not tell its own.
        resources: What its pages refer to.
        templates: Where its templates are, by ID, and whether they lie over the page by default.
        attachments: Names of attached files.
    """

    pages: tuple[str, ...]
    folder: str
    area: Area
    resources: Resources
    templates: dict[str, tuple[str, bool]]
    attachments: tuple[str, ...]


class Package:
    """An OFD file: parts by reference, however careless the reference."""

    def __init__(self, data: bytes) -> None:
        """Opens the file.

        Raises:
            Damaged, TooLarge: As of `Container`.
        """
        self._container = Container(data)
        self._names = {_plain(name): name for name in self._container.members}
        self._folders: tuple[str, ...] = ("",)

    @property
    def is_locked(self) -> bool:
        """Whether the package says that parts of it are encrypted (GM/T 0099)."""
        return any(posixpath.basename(name) in _LOCKS for name in self._names)

    def part(self, reference: str, folder: str) -> Part:
        """The part that a reference means, seen from a folder.

        Absolute references start at the root of the package; programs write relative ones from the
        part's own folder, from the document's, or from the root, in either case, with either slash.

        Raises:
            Damaged, Encrypted, TooLarge: It is not there or cannot be parsed.
        """
        name = self._member(reference, folder)
        if not name:
            raise Damaged(f"the OFD file lacks its part {reference}; get the file anew")
        here = posixpath.dirname(name.replace("\\", "/"))
        return Part(self._root(name), here)

    def _member(self, reference: str, *folders: str) -> str:
        """The member that a reference means, seen from one of some folders; empty where there is none."""
        places = [_plain(posixpath.join(start, reference.replace("\\", "/").strip()))
                  for start in (*folders, *self._folders)]
        return next((self._names[place] for place in places if place in self._names), "")

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises:
            Damaged, TooLarge: They cannot be unpacked.
        """
        return self._container.read(name)

    def _root(self, name: str) -> etree._Element:
        try:
            return parse_xml(self._container.read(name), name)
        except Damaged as error:
            if self.is_locked:
                words = f"{name} in the OFD file is encrypted; export it without a password"
                raise Encrypted(words) from error
            raise

    # ── documents ────────────────────────────────────────────────────────────

    def documents(self) -> Iterator[Document]:
        """The documents of the package in order, each in its current version.

        Raises:
            Damaged, Encrypted, TooLarge: One of them cannot be found or parsed.
        """
        top = self.part("OFD.xml", "")
        bodies = [element for element in top.root.iter() if local_name(element) == "DocBody"]
        if not bodies:
            raise Damaged("OFD.xml names no document; get the file anew")
        roots = dict.fromkeys(self._document_root(body) for body in bodies)
        for reference in roots:
            yield self._document(self.part(reference, ""))

    def _document_root(self, body: etree._Element) -> str:
        root = text_of(body, "DocRoot")
        for version in body.iter():
            if local_name(version) == "Version" and version.get("Current", "").lower() in {"true", "1"}:
                try:
                    part = self.part(version.get("BaseLoc", ""), "")
                except UnreadableSource:
                    break               # the first version still stands in DocRoot
                found = text_of(part.root, "DocRoot")
                return posixpath.join("/", part.folder, found) if found else root
        return root

    def _document(self, part: Part) -> Document:
        self._folders = (part.folder, "")
        pages = tuple(page.get("BaseLoc", "") for pages in children(part.root, "Pages")
                      for page in children(pages, "Page"))
        if len(pages) > MAX_PAGES:
            raise TooLarge(f"an OFD document of {len(pages):,} pages; {MAX_PAGES:,} are read. Split it.")
        common = next(children(part.root, "CommonData"), part.root)
        resources = Resources({}, {}, {})
        for kind in ("PublicRes", "DocumentRes"):
            for reference in children(common, kind):
                self.add_resources(reference.text or "", part.folder, resources)
        templates = {template.get("ID", ""): (template.get("BaseLoc", ""),
                                              template.get("ZOrder") == "Foreground")
                     for template in children(common, "TemplatePage")}
        return Document(pages, part.folder, area_of(common) or _A4, resources, templates,
                        self._attachments(part))

    def add_resources(self, reference: str, folder: str, to: Resources) -> None:
        """Adds what a resource part holds; one that is missing adds nothing."""
        try:
            part = self.part(reference, folder)
        except UnreadableSource:
            return                      # text needs no resource but the names of its fonts
        base = posixpath.join(part.folder, part.root.get("BaseLoc", ""))
        for element in part.root.iter():
            kind, name = local_name(element), element.get("ID", "")
            if kind == "Font":
                to.fonts[name] = element.get("FontName", "") or element.get("FamilyName", "")
            elif kind in {"CompositeGraphicUnit", "VectorG"}:
                to.units[name] = element
            elif kind == "MultiMedia":
                member = self._member(text_of(element, "MediaFile"), base, part.folder)
                if member:
                    to.pictures[name] = member

    def _attachments(self, part: Part) -> tuple[str, ...]:
        reference = text_of(part.root, "Attachments")
        if not reference:
            return ()
        try:
            root = self.part(reference, part.folder).root
        except UnreadableSource:
            return ()
        return tuple(one.get("Name", "") or text_of(one, "FileLoc") for one in children(root, "Attachment"))


def _plain(path: str) -> str:
    """A path as it is compared: from the root, with ``/``, in one case, without dots."""
    return posixpath.normpath("/" + path.replace("\\", "/").lower()).lstrip("/")


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name, whatever their namespace."""
    return (child for child in element if local_name(child) == name)


def text_of(element: etree._Element, name: str) -> str:
    """The text of the first child of that name; empty where there is none."""
    child = next(children(element, name), None)
    return "" if child is None else (child.text or "").strip()


def area_of(element: etree._Element) -> Area | None:
    """The area of a page that an element tells: its paper, or else what it tells instead."""
    for holder in (child for child in element if local_name(child) in {"PageArea", "Area"}):
        for name in _AREAS:
            values = numbers(text_of(holder, name))
            if len(values) == 4 and 0 < values[2] <= _LARGEST and 0 < values[3] <= _LARGEST:  # noqa: PLR2004
                return values[0], values[1], values[2], values[3]
    return None
