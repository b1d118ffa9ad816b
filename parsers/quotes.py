r"""Quoted cells as Excel writes them, in tab- and in comma-separated text.

A cell is quoted where its first character is ``"`` and the next quote that is not doubled
stands before a delimiter or the end of the line. Such a cell may hold line ends and
doubled quotes. Any other quote is print: ``"十四五"规划``.
"""

import re

from parsers.lines import QUOTED_BREAK

# No tabs inside: Excel's cells have none, and so a stray quote never swallows a row.
# All repeats are possessive, which keeps hostile text in linear time.
_INNER = r'([^"\t]*(?:""[^"\t]*)*)'
_TAB_QUOTED = re.compile(rf'(?m)(?:(?<=\t)|^)"{_INNER}"(?=\t|$)')
_COMMA_QUOTED = re.compile(rf'(?m)(?:(?<=,)|^)"{_INNER}"(?=,|$)')
_COMMA_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=,|\Z)|([^,]*)')


def fold_quoted_lines(page: str) -> str:
    """Makes every row one line.

    Line ends inside quoted cells become `QUOTED_BREAK`. Cells beside a tab lose their
    quotes here; cells beside a comma keep them, because only `split_at_commas` knows
    where a cell ends, and because the page may turn out not to be comma-separated.
    """
    if '"' not in page:
        return page
    if '\t"' in page or '"\t' in page:
        page = _TAB_QUOTED.sub(_unquoted, page)
    if ',"' in page or '",' in page:
        page = _COMMA_QUOTED.sub(_folded, page)
    return page


def split_at_commas(line: str) -> list[str]:
    """The cells of one comma-separated line.

    >>> split_at_commas('总额,"7,000.00","刊印""简讯""册",a"b,')
    ['总额', '7,000.00', '刊印"简讯"册', 'a"b', '']
    """
    if '"' not in line:
        return line.split(",")
    cells = []
    start = 0
    while start <= len(line):
        match = _COMMA_CELL.match(line, start)
        assert match is not None, "the pattern matches the empty text"
        quoted, bare = match.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"'))
        start = match.end() + 1
    return cells


def _unquoted(match: re.Match[str]) -> str:
    if not _stands_beside("\t", match):
        return match[0]
    return match[1].replace('""', '"').replace("\n", QUOTED_BREAK)


def _folded(match: re.Match[str]) -> str:
    if not _stands_beside(",", match):
        return match[0]
    return match[0].replace("\n", QUOTED_BREAK)


def _stands_beside(delimiter: str, match: re.Match[str]) -> bool:
    """Whether a row goes on before or after the match: a lone quoted line is prose."""
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return delimiter in (before, after)
