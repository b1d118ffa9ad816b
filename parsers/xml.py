"""XML of packages (.docx, .ofd), parsed with nothing fetched and nothing expanded."""

from typing import Final

from lxml import etree

from parsers.errors import Damaged, TooLarge

_BOMB: Final = (
    "Maximum entity amplification", "entity reference loop", "Excessive depth", "use XML_PARSE_HUGE",
)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML document; ``name`` is the part that messages speak of.

    Entities are left unexpanded and external ones are never fetched.

    Raises:
        Damaged: It is not well-formed.
        TooLarge: It nests deeper than, or grows beyond, what libxml2 takes for honest.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        words = str(error)
        if any(sign in words for sign in _BOMB):
            raise TooLarge(f"{name} nests too deep or grows too large ({words})") from error
        raise Damaged(f"{name} is not well-formed XML ({words}); get the file anew") from error
    if root is None:
        raise Damaged(f"{name} is empty; get the file anew")
    return root
