"""Automatic numbers of Word paragraphs: counted here as Word counts them, for they are printed.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from lxml import etree

from parsers.han_numerals import by_digit, of_calendar
from parsers.word_names import W, is_on, number_of, value_of
from parsers.word_symbols import printed

DEEPEST: Final = 8   # levels are 0 to 8

_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
                 (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_HIGHEST_ROMAN: Final = 3999
_LETTERS: Final = 26
_MOST_LETTERS: Final = 30


def _spoken(way: int) -> Callable[[int], str]:
    return lambda number: of_calendar(number, way) if number > 0 else str(number)


def _roman(number: int) -> str:
    if not 0 < number <= _HIGHEST_ROMAN:
        return str(number)
    written = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        written += letters * times
    return written


def _letters(number: int) -> str:
    """Letters from a to z, then aa, bb: Word repeats them."""
    if not 0 < number <= _LETTERS * _MOST_LETTERS:
        return str(number)
    times, letter = divmod(number - 1, _LETTERS)
    return chr(0x61 + letter) * (times + 1)


def _row_of(first: str, last: int) -> Callable[[int], str]:
    """Signs that follow each other in Unicode; numbers behind the last stay digits."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= last else str(number)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimalZero": "{:02d}".format,
    "decimalFullWidth": lambda number: by_digit(str(number), 3),
    "decimalFullWidth2": lambda number: by_digit(str(number), 3),
    "decimalEnclosedCircle": _row_of("①", 20),
    "decimalEnclosedCircleChinese": _row_of("①", 20),
    "decimalEnclosedParen": _row_of("⑴", 20),
    "decimalEnclosedFullstop": _row_of("⒈", 20),
    "ideographEnclosedCircle": _row_of("㊀", 10),
    "chineseCounting": _spoken(1),
    "chineseCountingThousand": _spoken(1),
    "taiwaneseCounting": _spoken(1),
    "taiwaneseCountingThousand": _spoken(1),
    "japaneseCounting": _spoken(1),
    "chineseLegalSimplified": _spoken(2),
    "ideographDigital": lambda number: by_digit(str(number), 1),
    "japaneseDigitalTenThousand": lambda number: by_digit(str(number), 1),
    "taiwaneseDigital": lambda number: by_digit(str(number), 1),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "none": lambda _: "",
}
"""How a number is written; decimal, and what is not listed, in plain digits."""

_SLOT: Final = re.compile("%([1-9])")


class Level(NamedTuple):
    """One level of a list: where it starts, how it is written, what stands behind it."""

    start: int
    form: str
    text: str
    suffix: str
    restarts: bool
    legal: bool
    font: str | None
    style: str | None


_PLAIN: Final = Level(1, "decimal", "", "tab", restarts=True, legal=False, font=None, style=None)


class _List(NamedTuple):
    """A ``w:num``: the list that it counts in, what it starts anew, and its levels."""

    abstract: str
    starts: Mapping[int, int]
    levels: Mapping[int, Level]


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: etree._Element | None) -> None:
        """Reads ``word/numbering.xml``; None where there is none."""
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        abstract = {
            entry.get(W + "abstractNumId", ""): dict(map(_level, entry.findall(W + "lvl")))
            for entry in root.findall(W + "abstractNum")
        }
        for entry in root.findall(W + "num"):
            name = value_of(entry, "abstractNumId")
            levels = dict(abstract.get(name, {}))
            starts = {}
            for override in entry.findall(W + "lvlOverride"):
                depth = number_of(override.get(W + "ilvl"), 0)
                levels.update(map(_level, override.findall(W + "lvl")))
                if override.find(W + "startOverride") is not None:
                    starts[depth] = number_of(value_of(override, "startOverride"), 1)
            self._lists[entry.get(W + "numId", "")] = _List(name, starts, levels)

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level of a list that paragraphs of this style stand on."""
        known = self._lists.get(num_id)
        levels = known.levels.items() if known else ()
        return next((depth for depth, level in levels if level.style == style), 0)

    def label(self, num_id: str, depth: int) -> str:
        """Counts one paragraph and gives the number that is printed before its text."""
        known = self._lists.get(num_id)
        if known is None or depth not in known.levels:
            return ""
        level = known.levels[depth]
        counts = self._counts.setdefault(known.abstract, {})
        if num_id not in self._begun:
            self._begun.add(num_id)
            counts.update({deep: start - 1 for deep, start in known.starts.items()})
        for deep in [deep for deep in counts if deep > depth]:
            if known.levels.get(deep, _PLAIN).restarts:
                counts[deep] = known.starts.get(deep, known.levels.get(deep, _PLAIN).start) - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        return self._written(known, level, counts)

    @staticmethod
    def _written(known: _List, level: Level, counts: dict[int, int]) -> str:
        def number(slot: re.Match[str]) -> str:
            deep = int(slot[1]) - 1
            other = known.levels.get(deep, _PLAIN)
            form = _FORMATS.get("decimal" if level.legal else other.form, str)
            return form(counts.get(deep, other.start))

        if level.form == "bullet":
            return _with_suffix(printed(level.text, level.font), level.suffix)
        return _with_suffix(_SLOT.sub(number, level.text), level.suffix)


def _with_suffix(label: str, suffix: str) -> str:
    # Behind 、 or ） Word's tab or space is no wider than the sign itself.
    return label + " " if label and label[-1] < "\x7f" and suffix != "nothing" else label


def _level(element: etree._Element) -> tuple[int, Level]:
    depth = min(max(number_of(element.get(W + "ilvl"), 0), 0), DEEPEST)
    legal = element.find(W + "isLgl")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    font = None if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
    return depth, Level(
        start=number_of(value_of(element, "start"), 1),
        form=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText"),
        suffix=value_of(element, "suff"),
        restarts=value_of(element, "lvlRestart") != "0",
        legal=is_on(legal),
        font=font,
        style=value_of(element, "pStyle") or None,
    )
