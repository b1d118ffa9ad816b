"""The parts of a Word document and how they refer to each other: zipped, or flat in one XML file.

Source: ECMA-376 part 2 (packages); the flat form is Word's "Word XML Document".
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from lxml import etree

from parsers.container import Container
from parsers.errors import Damaged
from parsers.word_names import transitional
from parsers.xml import parse_xml

FLAT: Final = "{http://schemas.microsoft.com/office/2006/xmlPackage}"

_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN: Final = re.compile(r"(?:word/)?document[0-9]*\.xml\Z", re.IGNORECASE)
_DEFAULT_MAIN: Final = "word/document.xml"


class Relation(NamedTuple):
    """What a part refers to: the last word of the relationship's type, and the part's name."""

    kind: str
    target: str


class Package(NamedTuple):
    """The parts of a document. ``names`` are as in the file's relationships, without a leading slash."""

    names: frozenset[str]
    read: Callable[[str], bytes]
    tree: Callable[[str], etree._Element]

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to inside the package, by id; the whole package for an empty name."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", base + ".rels")
        if name not in self.names:
            return {}
        return {
            relation.get("Id", ""): Relation(
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in self.tree(name).iter(_RELATIONSHIP)
            if relation.get("TargetMode") != "External"
        }

    def main(self) -> str:
        """The name of the part that holds the text.

        Raises:
            Damaged: There is none.
        """
        named = [relation.target for relation in self.relations("").values()
                 if relation.kind == "officeDocument"]
        found = next((name for name in [*named, _DEFAULT_MAIN, *filter(_MAIN.match, sorted(self.names))]
                      if name in self.names), None)
        if found is None:
            raise Damaged("the archive holds no Word text (word/document.xml). Get the file anew, or rename"
                          " it if it is another kind of file.")
        return found

    def optional(self, name: str) -> etree._Element | None:
        """The tree of a part, None where there is no such part."""
        return self.tree(name) if name in self.names else None


def zipped(data: bytes) -> Package:
    """The package of a ``.docx``."""
    container = Container(data)
    # Some programs write \ for /, or a leading /.
    actual = {name.replace("\\", "/").lstrip("/"): name for name in container.members}

    def read(name: str) -> bytes:
        return container.read(actual[name])

    def tree(name: str) -> etree._Element:
        return parse_xml(transitional(read(name)), name)

    return Package(frozenset(actual), read, tree)


def flat(root: etree._Element) -> Package:
    """The package of a ``pkg:package`` element."""
    parts: Mapping[str, etree._Element] = {
        part.get(FLAT + "name", "").lstrip("/"): part for part in root.iter(FLAT + "part")
    }

    def tree(name: str) -> etree._Element:
        content = next(iter(parts[name].findall(f"{FLAT}xmlData/*")), None)
        if content is None:
            raise Damaged(f"{name} in the file is empty; get the file anew")
        return content

    def read(name: str) -> bytes:
        raise Damaged(f"{name} stands in the file in a form that is not read")

    return Package(frozenset(parts), read, tree)
