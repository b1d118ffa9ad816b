"""What kind of file the bytes are. The name of a file says nothing here."""

import re

TEXT = "text"

# How a file of each kind begins.
_MAGIC = {
    "ole": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "zip": rb"PK(?:\x03\x04|\x05\x06|\x07\x08)",
    "png": rb"\x89PNG\r\n\x1a\n",
    "jpeg": rb"\xff\xd8\xff",
    "tiff": rb"II\*\0|MM\0\*",
    "gif": rb"GIF8[79]a",
    "webp": rb"RIFF.{4}WEBP",
    "bmp": rb"BM.{4}\0{4}",
    "gzip": rb"\x1f\x8b",
    "bzip2": rb"BZh[1-9]1AY&SY",
    "xz": rb"\xfd7zXZ\0",
    "sevenzip": rb"7z\xbc\xaf\x27\x1c",
    "rar": rb"Rar!\x1a\x07",
    "tar": rb".{257}ustar",
    "rtf": rb"\{\\rtf",
}
_KIND = re.compile(
    b"|".join(b"(?P<%s>%s)" % (kind.encode(), magic) for kind, magic in _MAGIC.items()), re.DOTALL
)
_IN_ZIP = {b"word/": "docx", b"xl/": "xlsx", b"ppt/": "pptx", b"OFD.xml": "ofd"}

_HEAD = 1024     # a PDF may have that much before its mark
_TAIL = 65_536   # a zip's list of names stands at its end

_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\t\n\v\f\r "
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|style)[\s>/]")


def kind_of(data: bytes) -> str:
    """The kind of file: `TEXT` where nothing else is told, or a key such as ``pdf``, ``html``."""
    head = data[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    match = _KIND.match(head)
    if match is None:
        return _kind_of_markup(head)
    kind = str(match.lastgroup)
    return _kind_of_zip(data) if kind == "zip" else kind


def _kind_of_zip(data: bytes) -> str:
    names = data[:_HEAD] + data[-_TAIL:]
    return next((kind for name, kind in _IN_ZIP.items() if name in names), "zip")


def _kind_of_markup(head: bytes) -> str:
    # Markup is ASCII; without the NULs of UTF-16 it reads the same.
    start = head.replace(b"\0", b"").lstrip(_BEFORE_MARKUP).lower()
    if b"mime-version:" in start:
        return "mht"
    is_xml = start.startswith(b"<?xml")
    if _HTML.match(start) or (_HTML.search(start) and (is_xml or start.startswith(b"<!--"))):
        return "html"
    return "xml" if is_xml else TEXT
