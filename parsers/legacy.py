"""Old Office files: .doc .wps .xls .et .rtf, mostly by way of LibreOffice, and XML of Word and Excel 2003."""

import struct
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from parsers.compound import Compound
from parsers.docx import DOCX, read_docx, read_package
from parsers.errors import Damaged, Encrypted, Unsupported
from parsers.grid import Note, Reading
from parsers.libreoffice import convert
from parsers.word_2003 import DOCUMENT_2003, package_2003
from parsers.word_package import FLAT, flat
from parsers.xls import read_xls
from parsers.xlsx import read_xlsx
from parsers.xml import parse_xml


class _Kind(NamedTuple):
    """A kind of old file: its suffix, what it is made into and by which filter, and its reader then."""

    suffix: str
    to: str
    read: Callable[[bytes, str], Reading]
    media_type: str


_TO_WORD: Final = "docx:MS Word 2007 XML"
_TO_EXCEL: Final = "xlsx:Calc MS Excel 2007 XML"
_DOC: Final = _Kind("doc", _TO_WORD, read_docx, "application/msword")
_RTF: Final = _Kind("rtf", _TO_WORD, read_docx, "application/rtf")
_XLS: Final = _Kind("xls", _TO_EXCEL, read_xlsx, "application/vnd.ms-excel")

_WORD: Final = "WordDocument"
_WORKBOOKS: Final = ("Workbook", "Book", "WORKBOOK", "BOOK")
_LOCKED: Final = ("EncryptedPackage", "EncryptionInfo", "\x09DRMContent")
_OTHERS: Final = {
    "PowerPoint Document": "a presentation (.ppt .dps)",
    "__properties_version1.0": "a saved mail (.msg)",
    "VisioDocument": "a drawing (.vsd)",
    "FileHeader": "a Hangul document (.hwp)",
    "Catalog": "a list of picture previews (Thumbs.db)",
}
_UNLOCK: Final = "opens with a password only. Open it, take the password off, and give it again."

_FIB_HEAD: Final = 12
_FIB_MAGIC: Final = (0xA5EC, 0xA5DC)       # Word 97 and later, Word 6 and 95
_FIB_ENCRYPTED: Final = 0x0100
_RECORDS_HEAD: Final = 4096                # FILEPASS stands among the first records of a workbook
_FILEPASS: Final = 0x2F
_END_OF_RECORDS: Final = 0x0A


def read_ole(data: bytes, name: str = "") -> Reading:
    """Reads an OLE compound file.

    Raises:
        UnreadableSource: Damaged, Encrypted or Unsupported by what the file is; ProgramMissing or
            ProgramFailed by what reads it; and all that `read_docx` and `read_xls` raise.
    """
    compound = Compound(data)
    streams = compound.streams
    if any(locked in streams for locked in _LOCKED):
        raise Encrypted(f"the document {_UNLOCK}")
    workbook = next((stream for stream in _WORKBOOKS if stream in streams), None)
    if _WORD in streams:
        _refuse_locked_word(compound.head(_WORD, _FIB_HEAD))
        return _converted(_DOC, data, name)
    if workbook is not None:
        if _FILEPASS in _records(compound.head(workbook, _RECORDS_HEAD)):
            raise Encrypted(f"the workbook {_UNLOCK}")
        return _workbook(data, name)
    known = (what for stream, what in _OTHERS.items() if stream in streams)
    what = next(known, "an old Office file of an unknown kind")
    raise Unsupported(f"{what}, which is not read. Save it as .docx, .xlsx or .pdf.")


def read_rtf(data: bytes, name: str = "") -> Reading:
    """Reads a rich text document.

    Raises:
        UnreadableSource: As `read_ole` does.
    """
    return _converted(_RTF, data, name)


def read_office_xml(data: bytes, name: str = "") -> Reading:
    """Reads an XML file of Word (flat, or of 2003) or of Excel 2003.

    Raises:
        UnreadableSource: As `read_ole` does.
    """
    root = parse_xml(data, name or "the file")
    tag = root.tag if isinstance(root.tag, str) else ""
    if tag == FLAT + "package":
        return read_package(flat(root), DOCX)
    if tag == DOCUMENT_2003:
        return read_package(package_2003(root), _DOC.media_type)
    raise Unsupported(f"an XML document of a kind that is not read ({tag[:80]}). Save it as .docx or"
                      " .xlsx.")


def _workbook(data: bytes, name: str) -> Reading:
    try:
        return read_xls(data, name)
    except (Unsupported, Damaged):
        return _converted(_XLS, data, name)


def _converted(kind: _Kind, data: bytes, name: str) -> Reading:
    reading = kind.read(convert(data, kind.suffix, kind.to), name)
    note = Note("converted", "file", f"a .{kind.suffix} file, which LibreOffice made into"
                f" .{kind.to.partition(':')[0]} to be read")
    return reading._replace(media_type=kind.media_type, notes=(*reading.notes, note))


def _refuse_locked_word(fib: bytes) -> None:
    if len(fib) < _FIB_HEAD:
        raise Damaged("the Word document is cut off; get the file anew")
    magic, flags = struct.unpack_from("<H8xH", fib)
    if magic in _FIB_MAGIC and flags & _FIB_ENCRYPTED:
        raise Encrypted(f"the Word document {_UNLOCK}")


def _records(stream: bytes) -> Iterator[int]:
    """The types of the first records of a workbook, up to the end of its globals."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind
        if kind == _END_OF_RECORDS:
            return
        at += 4 + length
