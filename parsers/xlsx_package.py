"""The parts of an Excel workbook and how they refer to each other (ECMA-376 part 2)."""

import posixpath
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from parsers.container import Container
from parsers.errors import Damaged, Unsupported
from parsers.xml import local_name, parse_xml

_TRANSITIONAL_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Relation(NamedTuple):
    """What a part refers to: the last word of the relationship's type, and the part's path."""

    kind: str
    path: str


class Tab(NamedTuple):
    """A sheet as the workbook lists it; ``kind`` and ``path`` are empty where it leads nowhere."""

    name: str
    visible: bool
    kind: str
    path: str


class Workbook(NamedTuple):
    """The list of sheets, and whether days count from 1904."""

    tabs: tuple[Tab, ...]
    epoch_1904: bool


class Package:
    """The parts of a workbook by path; case, backslashes and a leading slash make no difference."""

    def __init__(self, data: bytes) -> None:
        """Opens the archive.

        Raises:
            UnreadableSource: As `Container`.
        """
        self._container = Container(data)
        self._names = {_key(name): name for name in self._container.members}

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._names

    def read(self, path: str) -> bytes:
        """The bytes of a part; raises as `Container.read`."""
        return self._container.read(self._names.get(_key(path), path))

    def relations(self, path: str) -> Mapping[str, Relation]:
        """What a part refers to inside the package, by id; the whole package for an empty path."""
        folder, base = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        if rels not in self:
            return {}
        return {
            element.get("Id", ""): Relation(
                element.get("Type", "").rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", folder, unquote(element.get("Target", "")).replace("\\", "/"))
                ).lstrip("/"),
            )
            for element in parse_xml(self.read(rels), rels).iter("{*}Relationship")
            if element.get("TargetMode") != "External"
        }

    def related(self, path: str, kind: str) -> str | None:
        """The first part of a kind that a part refers to and that is there."""
        return next((relation.path for relation in self.relations(path).values()
                     if relation.kind == kind and relation.path in self), None)

    def workbook_path(self) -> str:
        """The path of the list of sheets.

        Raises:
            Unsupported: It is a binary workbook (.xlsb).
            Damaged: There is none.
        """
        named = self.related("", "officeDocument")
        if "xl/workbook.bin" in self or (named or "").endswith(".bin"):
            raise Unsupported("a binary Excel workbook (.xlsb). Save it as .xlsx.")
        path = named or next((name for name in sorted(self._names) if name.endswith("workbook.xml")), None)
        if path is None:
            raise Damaged("the archive holds no Excel workbook (xl/workbook.xml); get the file anew")
        return path

    def worksheets(self) -> list[str]:
        """The paths of all parts that look like sheets, for workbooks whose references are lost."""
        found = [name for name in self._names if "worksheets/" in name and name.endswith(".xml")]
        return sorted(found, key=lambda name: (len(name), name))


def _key(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").lower()


def read_workbook(package: Package, path: str) -> Workbook:
    """The list of sheets; where its references are lost, the n-th sheet is the n-th part.

    Raises:
        UnreadableSource: Its XML cannot be read.
    """
    root = parse_xml(package.read(path), path)
    relations = package.relations(path)
    found = package.worksheets()
    tabs = []
    for number, element in enumerate(root.iterfind("{*}sheets/{*}sheet")):
        identity = element.get(_TRANSITIONAL_ID) or element.get(_STRICT_ID) or ""
        relation = relations.get(identity, Relation("", ""))
        if relation.path not in package:
            lost = found[number] if number < len(found) and not relations else ""
            relation = Relation("worksheet" if lost else "", lost)
        name = element.get("name") or f"Sheet{number + 1}"
        tabs.append(Tab(name, element.get("state", "visible") == "visible", *relation))
    if not tabs:
        tabs = [Tab(f"Sheet{number}", True, "worksheet", part) for number, part in enumerate(found, 1)]  # noqa: FBT003
    epochs = [element.get("date1904") for element in root if local_name(element) == "workbookPr"]
    return Workbook(tuple(tabs), epochs[:1] in (["1"], ["true"]))
