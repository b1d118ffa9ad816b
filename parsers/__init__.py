"""Bytes to grids. Nothing in here knows what a project, a fund or an indicator is."""

from collections.abc import Callable, Mapping

from parsers.errors import Unsupported
from parsers.grid import Reading
from parsers.limits import refuse_long
from parsers.sniff import TEXT, kind_of
from parsers.text import read_text

__all__ = ["read"]

Reader = Callable[[bytes, str], Reading]

_PASTE = "open it, select all, and paste it into a .txt file"
_TYPE = "type its table into a .txt or .csv file"
_UNPACK = "unpack it and give the files inside"

_READERS: Mapping[str, Reader | tuple[str, str]] = {
    TEXT: read_text,
    "pdf": ("a PDF document", "save its text, for instance with pdftotext -layout"),
    "docx": ("a Word document (.docx)", _PASTE),
    "xlsx": ("an Excel workbook (.xlsx)", "save each sheet as CSV UTF-8"),
    "pptx": ("a presentation (.pptx)", _PASTE),
    "ofd": ("an OFD document", _PASTE),
    "ole": ("an old Office document (.doc .xls .wps .et)", _PASTE),
    "rtf": ("a rich text document (.rtf)", _PASTE),
    "html": ("a web page", _PASTE),
    "mht": ("a saved web page (.mht) or mail", _PASTE),
    "xml": ("an XML document", _PASTE),
    "png": ("a PNG image", _TYPE),
    "jpeg": ("a JPEG image", _TYPE),
    "tiff": ("a TIFF image", _TYPE),
    "gif": ("a GIF image", _TYPE),
    "webp": ("a WebP image", _TYPE),
    "bmp": ("a BMP image", _TYPE),
    "zip": ("a ZIP archive", _UNPACK),
    "gzip": ("a gzip archive", _UNPACK),
    "bzip2": ("a bzip2 archive", _UNPACK),
    "xz": ("an xz archive", _UNPACK),
    "tar": ("a tar archive", _UNPACK),
    "rar": ("a RAR archive", _UNPACK),
    "sevenzip": ("a 7z archive", _UNPACK),
}
"""The reader of each kind; for a kind that is not read, what it is and what to do."""


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
    reader = _READERS[kind_of(data)]
    if isinstance(reader, tuple):
        what, remedy = reader
        raise Unsupported(f"{what}, which this version does not read. As a way round: {remedy}.")
    return reader(data, name)
