"""What the cells of an Excel workbook refer to: shared strings and the number formats of styles."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from parsers.errors import TooLarge
from parsers.number_format import code_of
from parsers.sheets import displayed
from parsers.xml_events import read_events

MAX_STRINGS: Final = 2_000_000
MAX_STYLES: Final = 1 << 18
"""Four times as many as Excel takes."""

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


def unescaped(text: str) -> str:
    r"""Text whose control characters stand as ``_x000D_``.

    >>> unescaped("目标_x000A_值_x005F_x000D_")
    '目标\n值_x000D_'
    """
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF or code == 0 else chr(code)  # noqa: PLR2004  halves of pairs


class _Strings:
    """The shared strings, phonetic readings left out, runs of rich text joined."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._runs: list[str] = []
        self._phonetic = False

    def start(self, _: Mapping[str, str]) -> None:
        self._runs.clear()

    def start_phonetic(self, _: Mapping[str, str]) -> None:
        self._phonetic = True

    def end_phonetic(self, _: str) -> None:
        self._phonetic = False

    def end_run(self, text: str) -> None:
        if not self._phonetic:
            self._runs.append(text)

    def end(self, _: str) -> None:
        self.strings.append(displayed(unescaped("".join(self._runs))))
        if len(self.strings) > MAX_STRINGS:
            raise TooLarge(f"more than {MAX_STRINGS:,} texts. Split it into smaller files.")


def shared_strings(data: bytes, name: str) -> Sequence[str]:
    """The texts that cells refer to by number, as displayed.

    Raises:
        Damaged: It is not well-formed.
        TooLarge: More than a report has.
    """
    strings = _Strings()
    starts = {"si": strings.start, "rPh": strings.start_phonetic}
    ends = {"t": strings.end_run, "rPh": strings.end_phonetic, "si": strings.end}
    read_events(data, name, {"t"}, starts, ends)
    return strings.strings


class _Formats:
    """Number formats by their numbers, and the number of each cell style."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.styles: list[int] = []
        self._in_cells = False

    def start_cells(self, _: Mapping[str, str]) -> None:
        self._in_cells = True

    def end_cells(self, _: str) -> None:
        self._in_cells = False

    def start_style(self, attributes: Mapping[str, str]) -> None:
        if self._in_cells:
            self.styles.append(_format_number(attributes))
            if len(self.styles) > MAX_STYLES:
                raise TooLarge(f"more than {MAX_STYLES:,} cell styles. Copy the sheets into a new workbook.")

    def start_format(self, attributes: Mapping[str, str]) -> None:
        self.codes.setdefault(_format_number(attributes), unescaped(attributes.get("formatCode", "")))


def _format_number(attributes: Mapping[str, str]) -> int:
    number = attributes.get("numFmtId", "")
    return int(number) if _DIGITS.fullmatch(number) else 0


def style_codes(data: bytes, name: str) -> Sequence[str]:
    """The number format code of each cell style.

    Raises:
        Damaged: It is not well-formed.
        TooLarge: More styles than a report has.
    """
    formats = _Formats()
    starts = {"cellXfs": formats.start_cells, "xf": formats.start_style, "numFmt": formats.start_format}
    read_events(data, name, (), starts, {"cellXfs": formats.end_cells})
    return [code_of(number, formats.codes) for number in formats.styles]
