"""Kinds of files as far as a run must tell them apart: what they may take, and how long they will.

The suffix tells what to plan with; the first bytes, which a worker looks at, what limits hold.
"""

import os
from collections.abc import Mapping
from typing import Final, NamedTuple

from parsers.sniff import TEXT, kind_of

_GIB: Final = 1 << 30


class Kind(NamedTuple):
    """A kind of files.

    Attributes:
        resident: Bytes of memory that reading one may take, beyond what its process began with;
            with all processes that it starts.
        address: Bytes of address space, likewise: what no single request can pass.
        seconds_per_mib: Seconds of wall clock that are given beyond the limit for each MiB: a
            scanned page is 100 KiB at least and takes some seconds.
        seconds: What one is expected to take where nothing was measured yet, at no size …
        rate: … and for each MiB.
    """

    resident: int
    address: int
    seconds_per_mib: float
    seconds: float
    rate: float


KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind(1 * _GIB, 4 * _GIB, 0, 0.005, 0.9),
    "web": Kind(1 * _GIB, 4 * _GIB, 0, 0.01, 0.9),
    "sheet": Kind(1 * _GIB, 4 * _GIB, 0, 0.02, 3),
    "word": Kind(2 * _GIB, 16 * _GIB, 50, 0.02, 1),      # scans may stand in it
    "ofd": Kind(2 * _GIB, 16 * _GIB, 50, 0.05, 1),
    "office": Kind(3 * _GIB, 16 * _GIB, 50, 1.2, 1),     # old files, through LibreOffice
    "pdf": Kind(2 * _GIB, 16 * _GIB, 50, 0.1, 4),
    "picture": Kind(2 * _GIB, 16 * _GIB, 50, 2.5, 6),
    "archive": Kind(3 * _GIB, 16 * _GIB, 50, 0.1, 8),
}
OTHER: Final = "archive"
"""What a file of no known kind is treated as: it may hold anything."""

HEAD: Final = 1 << 16
"""Bytes that tell a kind."""

_OF_SUFFIX: Final = {
    ".txt": "text", ".csv": "text", ".tsv": "text", ".md": "text",
    ".html": "web", ".htm": "web", ".mht": "web", ".mhtml": "web",
    ".xlsx": "sheet", ".xls": "sheet", ".et": "sheet",
    ".docx": "word", ".doc": "office", ".wps": "office", ".rtf": "office",
    ".pdf": "pdf", ".ofd": "ofd",
    ".png": "picture", ".jpg": "picture", ".jpeg": "picture", ".tif": "picture", ".tiff": "picture",
    ".gif": "picture", ".webp": "picture", ".bmp": "picture",
}
_OF_BYTES: Final = {
    TEXT: "text", "html": "web", "mht": "web", "xml": "text", "xlsx": "sheet", "spreadsheetml": "sheet",
    "docx": "word", "word_xml": "word", "flat_opc": "word", "rtf": "office", "pdf": "pdf", "ofd": "ofd",
    **dict.fromkeys(("png", "jpeg", "tiff", "gif", "webp", "bmp"), "picture"),
}


def by_name(name: str) -> str:
    """The kind that a file's name speaks of.

    >>> by_name("a/报告.PDF"), by_name("a.zip"), by_name("README")
    ('pdf', 'archive', 'archive')
    """
    return _OF_SUFFIX.get(os.path.splitext(name)[1].lower(), OTHER)  # noqa: PTH122  Path costs more


def by_bytes(head: bytes, name: str) -> str:
    """The kind that a file's first bytes speak of; its name where they leave it open."""
    kind = kind_of(head)
    if kind == "ole":       # sheets are read without LibreOffice, but not told apart so early
        return "sheet" if by_name(name) == "sheet" else "office"
    if kind == "zip" and by_name(name) in {"sheet", "word", "ofd"}:
        return by_name(name)
    return _OF_BYTES.get(kind, OTHER)


def base(kind: str) -> str:
    """The kind without what was done to read it.

    >>> base("pdf+ocr")
    'pdf'
    """
    return kind.partition("+")[0]


def seconds_given(kind: str, size: int, timeout: float) -> float:
    """The limit of wall clock for a file of so many bytes, where ``timeout`` is that of a small one."""
    return timeout + KINDS[kind].seconds_per_mib * (size >> 10) / 1024
