"""Word 2003 XML, one flat file, in the names of the later formats.

Source: the WordprocessingML 2003 schema reference. Tables and runs are those of later files but
for a few names; revisions and comments are annotations, and a list's number stands printed in it.
"""

from typing import Final

from lxml import etree

from parsers.errors import Damaged
from parsers.word_names import W
from parsers.word_package import Package

DOCUMENT_2003: Final = "{http://schemas.microsoft.com/office/word/2003/wordml}wordDocument"

_OLD: Final = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_HINT: Final = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_ANNOTATION: Final = "{http://schemas.microsoft.com/aml/2001/core}annotation"
_RENAMED: Final = {"vmerge": "vMerge", "hmerge": "hMerge"}
_REVISIONS: Final = {"Word.Deletion": "del", "Word.Insertion": "ins", "Word.Comment": "rPr"}
_PART: Final = "word/document.xml"


def package_2003(root: etree._Element) -> Package:
    """The package of a ``w:wordDocument``; its tree is changed.

    Raises:
        Damaged: When a part is asked for that it does not hold.
    """
    for element in root.iter(f"{_OLD}*", _ANNOTATION):
        if element.tag == _ANNOTATION:
            name = _REVISIONS.get(element.get(_OLD + "type", ""))
        else:
            name = element.tag.removeprefix(_OLD)
            name = _RENAMED.get(name, name)
            _rename_attributes(element)
        if name is not None:
            element.tag = W + name
    for properties in list(root.iter(W + "listPr")):
        _print_label(properties)

    def tree(name: str) -> etree._Element:
        if name != _PART:
            raise Damaged(f"the file holds no {name}; get it anew")
        return root

    def read(name: str) -> bytes:
        raise Damaged(f"the file holds no {name}; get it anew")

    return Package(frozenset((_PART,)), read, tree)


def _rename_attributes(element: etree._Element) -> None:
    for name, value in element.items():
        if str(name).startswith(_OLD):
            element.set(W + str(name).removeprefix(_OLD), value)


def _print_label(properties: etree._Element) -> None:
    """Puts the number that Word printed before a paragraph into its first run."""
    hint = properties.find(_HINT + "t")
    label = "" if hint is None else hint.get(_HINT + "val", "")
    holder = properties.getparent()
    if holder is None or not label:
        return
    paragraph = holder.getparent()
    if paragraph is not None and paragraph.tag == W + "p":
        run = etree.Element(W + "r")
        etree.SubElement(run, W + "t").text = label
        paragraph.insert(paragraph.index(holder) + 1, run)
