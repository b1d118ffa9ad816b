"""XML of packages (.docx, .ofd), parsed with nothing fetched and nothing expanded."""

import re
from typing import Final

from lxml import etree

from parsers.errors import Damaged, TooLarge

MAX_MARKS: Final = 4_000_000
"""Tags and attributes: each takes some 200 bytes of memory, whatever it takes in the file."""

_BOMB: Final = (
    "Maximum entity amplification", "entity reference loop", "Excessive depth", "XML_PARSE_HUGE",
)
_CARELESS: Final = ("Namespace prefix", "invalid Char", "invalid xmlChar")
_NO_CHARACTER: Final = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2\d|3[01]|"
                                  rb"x(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[ef]|[fF]{3}[EF]|[dD][89a-fA-F]..));")
_REPLACED: Final = "\ufffd".encode()


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML document; ``name`` is the part that messages speak of.

    Entities are left unexpanded and external ones are never fetched. What careless programs write is
    put right: prefixes that nobody declares, and control characters (each becomes U+FFFD).

    Raises:
        Damaged: It is not well-formed.
        TooLarge: It has more tags and attributes than `MAX_MARKS`, or nests deeper than, or grows
            beyond, what libxml2 takes for honest.
    """
    if len(data) > MAX_MARKS and data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise TooLarge(f"{name} has more than {MAX_MARKS:,} XML tags and attributes. Split the document.")
    data = data.lstrip(b"\t\n\r ")
    try:
        return _parsed(data, name)
    except etree.XMLSyntaxError as error:
        if not any(sign in str(error) for sign in _CARELESS):
            raise _refusal(error, name) from error
    try:
        return _parsed(_NO_CHARACTER.sub(_REPLACED, data), name, recover=True)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, name) from error


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, declared or not; empty for an entity."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _parsed(data: bytes, name: str, *, recover: bool = False) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True, huge_tree=False, recover=recover)
    root = etree.fromstring(data, parser)
    if root is None:
        raise Damaged(f"{name} is empty; get the file anew")
    for entry in parser.error_log:   # recovering, libxml2 goes on after any fault
        if entry.level_name == "FATAL":
            raise Damaged(f"{name} is not well-formed XML ({entry.message}); get the file anew")
    return root


def _refusal(error: etree.XMLSyntaxError, name: str) -> Damaged | TooLarge:
    words = " ".join(str(error).split())
    if any(sign in words for sign in _BOMB):
        return TooLarge(f"{name} nests too deep or grows too large ({words})")
    return Damaged(f"{name} is not well-formed XML ({words}); get the file anew")
