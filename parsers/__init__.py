"""Bytes to grids. Nothing in here knows what a project, a fund or an indicator is."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from parsers.errors import Unsupported
from parsers.grid import Reading
from parsers.limits import refuse_long, refuse_wide
from parsers.sniff import TEXT, kind_of

__all__ = ["read"]

Reader = Callable[[bytes, str], Reading]

_READERS: Final[Mapping[str, str]] = {
    TEXT: "parsers.text:read_text",
    "pdf": "parsers.pdf:read_pdf",
    "docx": "parsers.docx:read_docx",
    "xlsx": "parsers.xlsx:read_xlsx",
    "ole": "parsers.legacy:read_ole",
    "rtf": "parsers.legacy:read_rtf",
    "spreadsheetml": "parsers.spreadsheetml:read_spreadsheetml",
    "word_xml": "parsers.legacy:read_office_xml",
    "flat_opc": "parsers.legacy:read_office_xml",
    "html": "parsers.html:read_html",
    "mht": "parsers.mht:read_mht",
    "ofd": "parsers.ofd:read_ofd",
    "png": "parsers.pictures:read_picture",
    "jpeg": "parsers.pictures:read_picture",
    "tiff": "parsers.pictures:read_picture",
    "gif": "parsers.pictures:read_picture",
    "webp": "parsers.pictures:read_picture",
    "bmp": "parsers.pictures:read_picture",
}
"""The reader of each kind. Named, not imported: who reads text need not load what PDFs take."""

_ARCHIVES: Final = frozenset({"zip", "gzip", "bzip2", "xz", "tar"})

_UNPACK: Final = "unpack it and give the files inside"
_NOT_READ: Final[Mapping[str, tuple[str, str]]] = {
    "pptx": ("a presentation (.pptx)", "save it as PDF"),
    "xml": ("an XML document", "save it as .docx, .xlsx or .pdf"),
    "rar": ("a RAR archive", _UNPACK),
    "sevenzip": ("a 7z archive", _UNPACK),
}
"""What a kind that is not read is, and what to do."""


def read(data: bytes, name: str = "") -> Reading:
    """Reads one file.

    The bytes decide what kind of file it is.

    Args:
        data: The whole file.
        name: Its name, a hint where the bytes leave a doubt.

    Returns:
        The grids in print order, each cell with the place that it was read from.

    Raises:
        UnreadableSource: The only error, whatever the bytes. Its kind and message say what
            is wrong and what to do.
    """
    refuse_long(data)
    kind = kind_of(data)
    if kind in _NOT_READ:
        what, remedy = _NOT_READ[kind]
        raise Unsupported(f"{what}, which this version does not read. As a way round: {remedy}.")
    if kind in _ARCHIVES:
        from parsers.archive import read_archive  # noqa: PLC0415  as for _READERS

        return read_archive(data, name, read)
    reading = _reader(kind)(data, name)
    refuse_wide(reading.grids)
    return reading


@cache
def _reader(kind: str) -> Reader:
    module, _, function = _READERS[kind].partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader
