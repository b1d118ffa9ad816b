"""The source of a web page: how it names its encoding, and a tree made of it within limits.

The tree is Lexbor's (selectolax), which follows the HTML standard: it is what a browser shows. libxml2
(lxml.html) takes as long, gives no text at all of a page nested 10,000 levels deep, leaves text between
rows inside the table, and closes an open ``<a>`` or ``<font>`` before a table.
"""

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from parsers.errors import Damaged, TooLarge

MAX_TAGS: Final = 6_000_000       # start and end tags; an element takes 200 bytes in the tree
MAX_STEPS: Final = 5_000_000_000  # tags × depth: an end tag looks for its beginning in all open elements
MAX_FORMATTING: Final = 64        # each open one is made anew in every paragraph that follows it
MAX_TAG_CHARS: Final = 8_192      # attributes of a tag are compared with each other

_SHALLOW: Final = 256   # tags that cannot do harm
_HEAD: Final = 8_192    # bytes in which an encoding is named
_NAMED: Final = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)

# A saved answer of a server, or the clipboard's "HTML Format", has a head before the page.
_FOREIGN_HEAD: Final = re.compile(r"\A\s*(?:HTTP/\d|Version:\d).{0,4000}?(?=<!doctype|<html)",
                                  re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/><]{0,40})")
_TABLE: Final = re.compile(r"<table[\s>]", re.IGNORECASE)
_ROW: Final = re.compile(r"<(?:tr|td|th|tbody)[\s>]", re.IGNORECASE)
_SELF_CLOSED: Final = re.compile(r"<(title|script|style|textarea|iframe|a|div|span|td|p)\b([^<>]*)/>",
                                 re.IGNORECASE)
_XML: Final = re.compile(r"\s*<\?xml\b", re.IGNORECASE)

_EMPTY: Final = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_ENDS_AT_NEXT: Final = "p|li|td|th|tr|tbody|thead|tfoot|colgroup|option|dd|dt"
_FLAT: Final = frozenset(f"{_EMPTY}|{_ENDS_AT_NEXT}".split("|"))
_BOLD_AND_KIN: Final = "a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_FORMATTING: Final = frozenset(_BOLD_AND_KIN.split("|"))
_FORMATTING_TAG: Final = re.compile(rf"</?(?:{_BOLD_AND_KIN})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def named_encoding(data: bytes) -> str:
    """The encoding that a page names in its head, in lower case; empty where it names none.

    >>> named_encoding(b'<META http-equiv=Content-Type content="text/html; charset=GB2312">')
    'gb2312'
    """
    match = _NAMED.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii", "ignore").lower() if match else ""


def tree_of(text: str) -> LexborNode:
    """The root of the page as a browser builds it.

    Raises:
        TooLarge: More tags, or deeper nesting, than a page of a report has.
        Damaged: No tree can be built.
    """
    text = _FOREIGN_HEAD.sub("", text, count=1)
    if _XML.match(text):   # the standard knows no XML: "<title/>" would swallow the page
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    text = _tamed(_framed(text))
    try:
        root = LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS, scripting=True).root
    except SelectolaxError as error:
        raise Damaged(f"the web page cannot be parsed ({error}); get the file anew") from error
    if root is None:
        raise Damaged("the web page cannot be parsed; get the file anew")
    return root


def _framed(text: str) -> str:
    """Rows that were copied without their table get one: the standard drops them."""
    row = _ROW.search(text)
    if row is None:
        return text
    table = _TABLE.search(text, 0, row.start())
    return text if table else f"{text[:row.start()]}<table>{text[row.start():]}"


def _tamed(text: str) -> str:
    """The text, rid of what would take the parser more than linear time or memory."""
    count = text.count("<")
    if count > MAX_TAGS:
        raise TooLarge(f"the web page has {count:,} tags, and {MAX_TAGS:,} are read. Split it.")
    if len(text) > MAX_TAG_CHARS:
        text = _without_long_tags(text)
    if count <= _SHALLOW:
        return text
    depth, formatting = _depths(text)
    if depth * count > MAX_STEPS:
        raise TooLarge(f"the web page nests {depth:,} elements deep. Save it anew from a browser.")
    return _FORMATTING_TAG.sub("", text) if formatting > MAX_FORMATTING else text


def _without_long_tags(text: str) -> str:
    """Takes the attributes of very long tags away: pictures within the page, states of forms."""
    pieces = text.split(">")
    if max(map(len, pieces)) <= MAX_TAG_CHARS:
        return text
    for index, piece in enumerate(pieces[:-1]):
        if len(piece) > MAX_TAG_CHARS:
            start = piece.rfind("<")
            tag = _TAG.match(piece, start) if start >= 0 else None
            if tag and not tag[1] and len(piece) - start > MAX_TAG_CHARS:
                pieces[index] = piece[: tag.end()]
    return ">".join(pieces)


def _depths(text: str) -> tuple[int, int]:
    """The deepest that elements, and that elements of formatting, can be open at a time."""
    open_: Counter[str] = Counter()
    depth = deepest = formatting = most = 0
    for slash, written in _TAG.findall(text):
        name = written.lower()
        if name in _FLAT:
            continue
        if not slash:
            open_[name] += 1
            depth += 1
            deepest = max(deepest, depth)
            if name in _FORMATTING:
                formatting += 1
                most = max(most, formatting)
        elif open_[name]:
            open_[name] -= 1
            depth -= 1
            formatting -= name in _FORMATTING
    return deepest, most
