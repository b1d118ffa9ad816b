r"""What ends a line, a page and a break inside a cell in plain text.

Lines end at LF, CR LF, CR and U+2029. ``str.splitlines`` would also cut at these, wrongly:

* ``\v`` and U+2028 are Word's and macOS's break *inside* a paragraph or cell; they are
  joined like any break inside a cell. Only a text that has no other line end is cut at
  U+2028.
* ``\f`` starts a page (``pdftotext``), it does not add a line for an editor to count.
* U+0085 is what is left of ``…`` in text that was once misread, and ``\x1c``-``\x1e`` are
  strays of a word processor (``\x1e``: its hard hyphen). They end nothing.
"""

import re
from collections.abc import Iterator

from parsers.joining import join_lines

QUOTED_BREAK = "\ufdd0"
"""Stands for a line end inside a quoted cell: a noncharacter, free for internal use."""

# Marks that hide at the ends of pasted cells: zero-width characters, byte order marks of
# files that were glued together, and the end mark of DOS files.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1a"
_BREAKS = "\v\u2028" + QUOTED_BREAK
_OUTER = "".join(filter(str.isspace, map(chr, range(0x3001)))) + _INVISIBLE
_BREAK = re.compile(f"[{_BREAKS}]")


def unify_line_ends(text: str) -> str:
    r"""Makes every line end ``\n``.

    >>> unify_line_ends("a\r\nb\rc\r\r\nd")
    'a\nb\nc\nd'
    """
    if "\r" in text:
        # CR CR LF is one line end that went through a text-mode conversion twice.
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if "\u2029" in text:
        text = text.replace("\u2029", "\n")
    if "\u2028" in text and "\n" not in text:
        text = text.replace("\u2028", "\n")
    return text


def numbered(text: str, first: int) -> Iterator[tuple[int, str]]:
    """The lines of a page with their numbers in the file, the page's first line being ``first``."""
    lines = text.split("\n")
    if QUOTED_BREAK not in text:
        return enumerate(lines, first)
    return _numbered_with_breaks(lines, first)


def _numbered_with_breaks(lines: list[str], number: int) -> Iterator[tuple[int, str]]:
    for line in lines:
        yield number, line
        number += 1 + line.count(QUOTED_BREAK)


def unfolded(chunk: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The numbered lines as they stand in the file, for text whose quotes are just print."""
    return [
        (number + step, part)
        for number, line in chunk
        for step, part in enumerate(line.split(QUOTED_BREAK))
    ]


def is_plain(text: str) -> bool:
    """Whether ``str.strip`` is all that the cells of ``text`` need; else `tidy`."""
    return not any(map(text.__contains__, _INVISIBLE + _BREAKS))


def tidy(cell: str) -> str:
    r"""Joins the lines of a cell and strips what nobody sees from its ends.

    >>> tidy("\ufeff　项目\v名称\u200b ")
    '项目名称'
    """
    if _BREAK.search(cell):
        cell = join_lines([part.strip(_OUTER) for part in _BREAK.split(cell)])
    return cell.strip(_OUTER)
