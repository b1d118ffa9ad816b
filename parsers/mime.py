"""MIME entities (RFC 2045, 2046): the parts of a mail or of a web page saved in one file.

Written over the standard library's header parser alone: its body parser works line by line, which takes
seconds for the pictures of one page, and recurses into nested parts.
"""

import binascii
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from itertools import islice
from typing import Final, NamedTuple

from parsers.errors import TooLarge
from parsers.sniff import kind_of

MAIL: Final = "message/rfc822"

MAX_PARTS: Final = 5_000
MAX_DEPTH: Final = 20
MAX_HEAD_BYTES: Final = 65_536

_HEADERS: Final = BytesHeaderParser(policy=compat32)
_BLANK_LINE: Final = re.compile(rb"\r?\n[ \t]*\r?\n|\A[ \t]*\r?\n")
_NO_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_DELIMITER: Final = re.compile(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=[A-Za-z-]{1,40}:)", re.MULTILINE)
# What the standard library raises over malformed parameters and words.
_MALFORMED: Final = (LookupError, ValueError, TypeError, AttributeError, MessageError)


class Part(NamedTuple):
    """A part that holds no further parts.

    Attributes:
        kind: Its media type in lower case.
        encoding: The name that its head gives its character encoding; empty where it gives none.
        location: Its address within a saved page; empty in mails.
        name: Its file name, or what else it is called by.
        attached: Whether it is a file sent along, not something to be shown.
        body: Its bytes as they stand in the file; see `content`.
        transfer: How the bytes were made fit for mail.
    """

    kind: str
    encoding: str
    location: str
    name: str
    attached: bool
    body: bytes
    transfer: str

    def content(self) -> bytes:
        """Its bytes as they were before they were sent; what is broken is left out."""
        if self.transfer == "base64":
            letters = _NO_BASE64.sub(b"", self.body)
            letters = letters[: len(letters) - (len(letters) % 4 == 1)]
            return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
        if self.transfer == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body


class _Entity(NamedTuple):
    head: Message
    body: bytes
    depth: int


def parts_of(data: bytes) -> list[Part]:
    """The parts of a file in print order: in each group of related parts the first to be shown stands first.

    Raises:
        TooLarge: More parts, or deeper nesting, than an honest file has.
    """
    parts: list[Part] = []
    waiting = [_entity(data.lstrip(b"\xef\xbb\xbf\r\n"), 0)]
    while waiting:
        entity = waiting.pop()
        inner = list(islice(_inner(entity), MAX_PARTS + 1))
        if len(parts) + len(waiting) + len(inner) > MAX_PARTS:
            raise TooLarge(f"the file has more than {MAX_PARTS:,} parts. Save what is wanted by itself.")
        if not inner:
            parts.append(_part(entity, len(parts) + 1))
        elif entity.depth == MAX_DEPTH:
            raise TooLarge(f"the file nests more than {MAX_DEPTH} mails deep. Save the inner one by itself.")
        else:
            start = _parameter(entity.head, "start")
            if start:
                inner.sort(key=lambda part: str(part.head.get("Content-ID", "")).strip() != start)
            waiting += reversed(inner)
    return parts


def _entity(data: bytes, depth: int) -> _Entity:
    blank = _BLANK_LINE.search(data)
    head, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")
    return _Entity(_HEADERS.parsebytes(head[:MAX_HEAD_BYTES]), body, depth)


def _inner(entity: _Entity) -> Iterator[_Entity]:
    kind = entity.head.get_content_type()
    if kind == MAIL:
        yield _entity(entity.body, entity.depth + 1)
    elif kind.startswith("multipart/"):
        boundary = _parameter(entity.head, "boundary").rstrip().encode("utf-8", "surrogateescape")
        if not boundary or b"--" + boundary not in entity.body:
            named = _DELIMITER.search(entity.body)
            if named is None:
                return
            boundary = named[1]
        delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
        found = delimiter.finditer(entity.body)
        last = next(found, None)
        while last is not None and not last[1]:
            following = next(found, None)
            end = following.start() if following else len(entity.body)
            inner = entity.body[last.end() : end].removeprefix(b"\r").removeprefix(b"\n")
            yield _entity(inner, entity.depth + 1)
            last = following


def _part(entity: _Entity, number: int) -> Part:
    head = entity.head
    kind = head.get_content_type()
    if kind.startswith("multipart/") or "Content-Type" not in head:   # nothing tells what it is
        kind = "text/html" if kind_of(entity.body) == "html" else "text/plain"
    location = str(head.get("Content-Location", "")).strip()
    disposition = str(head.get("Content-Disposition", "")).split(";", 1)[0].strip().lower()
    return Part(
        kind,
        _parameter(head, "charset").lower(),
        location,
        _file_name(head) or str(head.get("Content-ID", "")).strip(" <>") or f"part {number}",
        disposition == "attachment" and not location,
        entity.body,
        str(head.get("Content-Transfer-Encoding", "")).strip().lower(),
    )


def _parameter(head: Message, name: str) -> str:
    try:
        value = head.get_param(name, "")
        return str(value[2] if isinstance(value, tuple) else value).strip()
    except _MALFORMED:
        return ""


def _file_name(head: Message) -> str:
    try:
        return str(make_header(decode_header(head.get_filename("")))).strip()
    except _MALFORMED:
        return ""
