"""The reader of saved web pages in one file (MHTML, RFC 2557) and of mails.

Every page in the file is read in its order: an Excel workbook saved so has one for each sheet, which its
first page only frames. Where there is more than one, places begin with the name of the page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename
from typing import Final
from urllib.parse import unquote

from parsers.encoding import decode
from parsers.errors import Empty, UnreadableSource
from parsers.grid import Grid, Note, Reading
from parsers.html import nothing_printed, shown_elsewhere, web_page
from parsers.mime import MAIL, Part, parts_of
from parsers.text import read_text

SAVED_PAGE: Final = "multipart/related"

_PAGE_KINDS: Final = ("text/html", "application/xhtml+xml")
_TABS: Final = re.compile(r"tabstrip\.html?\Z", re.IGNORECASE)   # Excel's: sheet names to click on
_LISTED: Final = 5   # attachments in a message


def read_mht(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads a saved web page or a mail; the plain text of a mail that has no page.

    Args:
        data: The bytes of the file.
        name: Its name; nothing depends on it.

    Raises:
        UnreadableSource: Damaged, Empty, NoTextLayer, TooLarge, Unsupported or WrongEncoding.
    """
    parts = parts_of(data)
    grids, notes, others = _pages(parts)
    if not grids:
        grids, found = _texts(parts)
        notes += found
    if not grids:
        raise nothing_printed(others, sum(part.kind.startswith("image/") for part in parts))
    notes += [*shown_elsewhere(others), *_attachments(parts)]
    saved = any(part.location for part in parts)
    return Reading(SAVED_PAGE if saved else MAIL, 1, tuple(grids), tuple(notes))


def _pages(parts: Sequence[Part]) -> tuple[list[Grid], list[Note], list[str]]:
    """Grids and notes of all pages, and the files that they show and that are not among the parts."""
    shown = [part for part in parts if part.kind in _PAGE_KINDS and not part.attached
             and not _TABS.search(part.location)]
    grids: list[Grid] = []
    notes: list[Note] = []
    others: list[str] = []
    for part in shown:
        name = _name(part) if len(shown) > 1 else ""
        try:
            page = web_page(part.content(), part.encoding, name)
        except UnreadableSource as error:
            if len(shown) == 1:
                raise
            notes.append(Note("unread_part", name, f"a page of the file could not be read: {error.reason}"))
            continue
        grids += page.grids
        notes += page.notes
        others += page.others
    inside = {_file(part.location) for part in parts if part.location}
    return grids, notes, [other for other in others if not _is_inside(other, inside)]


def _texts(parts: Iterable[Part]) -> tuple[list[Grid], list[Note]]:
    """Grids and notes of all parts that are plain text."""
    grids: list[Grid] = []
    notes: list[Note] = []
    for part in parts:
        if part.kind == "text/plain" and not part.attached:
            decoded = decode(part.content(), part.encoding)
            try:
                grids += read_text(decoded.text.encode()).grids
            except Empty:
                continue
            notes += decoded.notes
    return grids, notes


def _attachments(parts: Iterable[Part]) -> Iterator[Note]:
    saved = [part for part in parts if part.attached or (not part.location and _is_file(part))]
    if saved:
        names = ", ".join(part.name for part in saved[:_LISTED])
        yield Note("embedded_object", "attachments", f"{len(saved)} attached files were not read; save each"
                   f" and give it ({names}{' and more' if len(saved) > _LISTED else ''})")


def _is_file(part: Part) -> bool:
    return part.kind.startswith("application/") and part.kind not in _PAGE_KINDS


def _is_inside(address: str, inside: set[str]) -> bool:
    return address.lower().startswith("cid:") or _file(address) in inside


def _name(part: Part) -> str:
    return _file(part.location) or part.name


def _file(address: str) -> str:
    return basename(unquote(address.split("#", 1)[0].split("?", 1)[0]).replace("\\", "/"))
