"""What kind of file the bytes are. The name of a file says nothing here."""

import io
import re
import struct
import zipfile

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
_IN_ZIP = {
    "docx": re.compile(r"word/.*\.xml"),
    "xlsx": re.compile(r"xl/.*\.(?:xml|bin)"),
    "pptx": re.compile(r"ppt/.*\.xml"),
    "ofd": re.compile(r"ofd\.xml"),
}
"""A part that each package has; a plain archive may hold such packages as files."""

_HEAD = 1024     # a PDF may have that much before its mark

_NAME = re.compile(rb"PK\x03\x04[\0-\xff]{26}([\[\]\w./-]{1,80}?\.(?:xml|rels|bin))")

# ── markup ───────────────────────────────────────────────────────────────────

_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\t\n\v\f\r "
_PAGE_HEAD = 65_536   # a page may begin with long comments
_PREAMBLE = re.compile(rb"(?:\s|<!--.*?-->|<\?[^>]*>|<!\[[^>]*>|<!doctype\b[^>\[]*>)*", re.DOTALL)
_ROOT = re.compile(rb"<([\w.:-]{1,40})(?=[\s/>])")
_HTML_DOCTYPE = re.compile(rb"<!doctype\s+html\b")
_HTML_ROOT = re.compile(rb"<(?:html|head|body|frameset)[\s>]")
_BLOCKS = frozenset(
    b"html head body meta title base link style script frameset iframe table caption colgroup thead tbody tr"
    b" td th div p pre h1 h2 h3 h4 h5 h6 ul ol li dl dt dd form fieldset center section article main header"
    b" footer nav blockquote hr".split()
)
_INLINE = frozenset(b"a b i u em strong font span br img s sub sup small big input label o:p v:shape".split())
_CLOSED = re.compile(rb"</[a-z][\w:]{0,20}>|<(?:br|p|div|td)[\s/>]")
_TABLE = re.compile(rb"<table[\s>].{0,2000}?<t[rdh][\s>]", re.DOTALL)
_CELL_END = re.compile(rb"</t(?:d|r|able)>")
# The head of a server's answer, or of a clipboard, before the page.
_COPIED_HEAD = re.compile(rb"(?:http/\d|version:\d)[^<]{0,4000}<(?:!doctype|html)")

# What an XML document is, by a name space that its root declares.
_XML_KINDS = {
    "spreadsheetml": b"urn:schemas-microsoft-com:office:spreadsheet",
    "word_xml": b"http://schemas.microsoft.com/office/word/2003/wordml",
    "flat_opc": b"http://schemas.microsoft.com/office/2006/xmlpackage",
}
_XML_ROOTS = {"spreadsheetml": b"workbook", "word_xml": b"worddocument", "flat_opc": b"package"}
_ROOT_TAG = 8_192   # Word declares dozens of name spaces

_MAIL = re.compile(rb"(?:^|\n)(?:mime-version:|content-type:\s*(?:multipart/|message/))")
_MAIL_HEAD = 16_384   # relays write at length before it
_HEADER = re.compile(rb"(?:from |[a-z][a-z0-9-]{1,40}:)")


def kind_of(data: bytes) -> str:
    """The kind of file: `TEXT` where nothing else is told, or a key such as ``pdf``, ``html``."""
    head = data[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    match = _KIND.match(head)
    if match is None:
        return _kind_of_markup(data)
    kind = str(match.lastgroup)
    return _kind_of_zip(data) if kind == "zip" else kind


def _kind_of_zip(data: bytes) -> str:
    names = [name.replace("\\", "/").lstrip("/").lower() for name in _names(data)]
    return next((kind for kind, part in _IN_ZIP.items() if any(map(part.fullmatch, names))), "zip")


def _names(data: bytes) -> list[str]:
    """The files in a ZIP; of a damaged one those that its first bytes name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError, struct.error):
        return [name.decode("ascii") for name in _NAME.findall(data[:_HEAD])]


def _kind_of_markup(data: bytes) -> str:
    # Markup is ASCII; without the NULs of UTF-16 it reads the same.
    start = data[:_PAGE_HEAD].replace(b"\0", b"").lstrip(_BEFORE_MARKUP).lower()
    if not start.startswith(b"<"):
        return _kind_of_words(start)
    preamble = _PREAMBLE.match(start)
    end = preamble.end() if preamble else 0
    root = _ROOT.match(start, end)
    name = root[1] if root else b""
    local = name.rpartition(b":")[2]
    tag = start[end : end + _ROOT_TAG]
    for kind, space in _XML_KINDS.items():
        if local == _XML_ROOTS[kind] and space in tag:
            return kind
    if _HTML_DOCTYPE.search(start, 0, end) or _HTML_ROOT.search(start):
        return "html"
    if start.startswith(b"<?xml"):
        return "xml"
    if name in _BLOCKS or (name in _INLINE and _CLOSED.search(start, end)):
        return "html"
    return "html" if _holds_table(start) else TEXT


def _kind_of_words(start: bytes) -> str:
    """Markup that begins with something else: mails, and pages or tables copied with words before them."""
    if _HEADER.match(start) and _MAIL.search(start, 0, _MAIL_HEAD):
        return "mht"
    return "html" if _COPIED_HEAD.match(start) or _holds_table(start) else TEXT


def _holds_table(start: bytes) -> bool:
    table = _TABLE.search(start)
    return table is not None and _CELL_END.search(start, table.end()) is not None
