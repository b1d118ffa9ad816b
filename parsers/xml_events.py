"""XML read as it goes by, for parts with millions of elements: nothing of it is kept.

expat and not a tree: a sheet of 160,000 cells takes three quarters of the time of lxml's iterparse, which
would hold a hostile row of millions of cells whole.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, NoReturn
from xml.parsers import expat

from parsers.errors import Damaged

Starts = Mapping[str, Callable[[dict[str, str]], None]]
Ends = Mapping[str, Callable[[str], None]]

_ENCODING: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)")
_READ_BY_EXPAT: Final = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"}
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")

# Careless programs write control characters, which are no XML; spreadsheet programs show a space or a box.
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\r"))
_TO_SPACES: Final = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_BAD_REFERENCE: Final = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f]..|fff[ef]));", re.IGNORECASE
)


class _LocalNames(dict[str, str]):
    """Tag → its name without the prefix."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition(":")[2]
        return name


def read_events(data: bytes | str, name: str, leaves: Collection[str], starts: Starts, ends: Ends) -> None:
    """Calls what is given for the begin and the end of elements, by their names without prefixes.

    Args:
        data: The document. Of text, the encoding that it declares is ignored.
        name: The part that messages speak of.
        leaves: Names of the elements whose text is wanted.
        starts: Get the attributes, whose names keep their prefixes.
        ends: Get all text inside a leaf, and "" of others.

    Raises:
        Damaged: It is not well-formed, or declares entities, which no honest part does.
    """
    parser = expat.ParserCreate("utf-8" if isinstance(data, str) else None)
    names = _LocalNames()
    text: list[str] = []

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        local = names[tag]
        if local in leaves:
            text.clear()
            parser.CharacterDataHandler = text.append
        call = starts.get(local)
        if call is not None:
            call(attributes)

    def on_end(tag: str) -> None:
        local = names[tag]
        inside = ""
        if local in leaves:
            parser.CharacterDataHandler = None
            inside = "".join(text)
        call = ends.get(local)
        if call is not None:
            call(inside)

    def on_entity(*_: object) -> NoReturn:
        raise Damaged(f"{name} declares XML entities, which are not read; save the file anew")

    parser.buffer_text = True
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.EntityDeclHandler = on_entity
    try:
        parser.Parse(_well_formed(data, name), True)  # noqa: FBT003  the call of the C library
    except expat.ExpatError as error:
        raise Damaged(f"{name} is not well-formed XML ({error}); get the file anew") from error


def _well_formed(data: bytes | str, name: str) -> bytes:
    """The document without leading white space and without characters that are not allowed."""
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    elif data.startswith(_UTF16):
        return data
    else:
        declared = _ENCODING.match(data[:256])
        if declared and declared[1].lower() not in _READ_BY_EXPAT:
            raise Damaged(f"{name} is in the encoding {declared[1].decode()}; save the file anew")
    data = data.translate(_TO_SPACES).lstrip()
    return _BAD_REFERENCE.sub(b" ", data) if b"&#" in data else data
