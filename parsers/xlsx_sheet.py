"""The XML of one worksheet → its cells with text, merged ranges, hidden rows and columns.

``<dimension>`` is not looked at: many programs write it wrongly.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from parsers.errors import Damaged, TooLarge
from parsers.limits import MAX_CELLS
from parsers.number_format import GENERAL
from parsers.sheets import MAX_COLS, MAX_ROWS, Range, Room, Sheet, displayed
from parsers.stored_values import Text, number_text, plain_text, serial_of
from parsers.xlsx_values import unescaped
from parsers.xml_events import read_events

_LEAVES: Final = frozenset({"v", "t"})
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_RANGE: Final = re.compile(r"([A-Z$0-9]+):([A-Z$0-9]+)", re.IGNORECASE)
_TRUE: Final = frozenset({"1", "true", "on"})
_DIGITS: Final = re.compile(r"[0-9]+")
_ROW_DIGITS: Final = 8
_STYLE_DIGITS: Final = 7
_PICTURE: Final = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
"""How WPS stores a picture in a cell."""

_DATE: Final = "yyyy/m/d"


class Values(NamedTuple):
    """What the cells of all sheets refer to."""

    strings: Sequence[str]
    codes: Sequence[str]
    epoch_1904: bool


def read_sheet(data: bytes, name: str, title: str, values: Values, room: Room) -> Sheet:
    """A worksheet.

    Args:
        data: Its XML.
        name: The part that messages speak of.
        title: The text of its tab.
        values: Strings and formats of the workbook.
        room: What the workbook may still hold.

    Raises:
        Damaged: It is not well-formed, or has cells where no sheet has any.
        TooLarge: It holds more than a report.
    """
    sheet = _Worksheet(values, room)
    sheet.read(data, name)
    return Sheet(title, sheet.cells, sheet.merges, sheet.hidden_rows, sheet.hidden_cols, (), sheet.doubts)


def cell_of(text: str) -> tuple[int, int] | None:
    """Row and column, 0-based, of a reference; None for what is none.

    >>> cell_of("C4"), cell_of("$XFD$1"), cell_of("XFE1"), cell_of("R1C1")
    ((3, 2), (0, 16383), None, None)
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    col = 0
    for letter in found[1].upper():
        col = col * 26 + ord(letter) - 64
    row = int(found[2])
    return (row - 1, col - 1) if 0 < row <= MAX_ROWS and col <= MAX_COLS else None


def range_of(text: str) -> Range | None:
    """The range that a reference means; None where it means none, or a single cell."""
    found = _RANGE.fullmatch(text)
    first, last = (cell_of(found[1]), cell_of(found[2])) if found else (None, None)
    if first is None or last is None or first == last:
        return None
    (top, bottom), (left, right) = map(sorted, zip(first, last, strict=True))
    return Range(top, left, bottom, right)


class _Worksheet:
    """Collects what is told of a sheet while its XML goes by."""

    def __init__(self, values: Values, room: Room) -> None:
        self.cells: list[tuple[int, int, str]] = []
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self.doubts: dict[str, list[tuple[int, int]]] = {}
        self._values = values
        self._room = room
        self._row = self._col = -1
        self._columns: dict[str, int] = {}   # letters → column
        self._codes: dict[str, str] = {}     # style → number format
        self._cell: Mapping[str, str] | None = None
        self._value: str | None = None
        self._has_formula = self._phonetic = False
        self._runs: list[str] = []

    def read(self, data: bytes, name: str) -> None:
        """Reads the XML; raises as `read_sheet`."""
        starts = {
            "c": self._start_cell, "f": self._start_formula, "row": self._start_row, "is": self._start_inline,
            "rPh": self._start_phonetic, "mergeCell": self._merge, "col": self._hide_columns,
        }
        ends = {
            "v": self._end_value, "c": self._end_cell, "t": self._end_run,
            "rPh": self._end_phonetic, "is": self._end_inline,
        }
        read_events(data, name, _LEAVES, starts, ends)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._value, self._has_formula = attributes, None, False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._has_formula = True

    def _end_value(self, text: str) -> None:
        self._value = text

    def _start_inline(self, _: dict[str, str]) -> None:
        self._runs.clear()

    def _end_run(self, text: str) -> None:
        if not self._phonetic:
            self._runs.append(text)

    def _end_inline(self, _: str) -> None:
        self._value = "".join(self._runs)

    def _start_phonetic(self, _: dict[str, str]) -> None:
        self._phonetic = True

    def _end_phonetic(self, _: str) -> None:
        self._phonetic = False

    def _merge(self, attributes: dict[str, str]) -> None:
        merge = range_of(attributes.get("ref", ""))
        if merge:
            self.merges.append(merge)
            if len(self.merges) > MAX_CELLS:
                raise TooLarge(f"more than {MAX_CELLS:,} merged ranges. Split it into smaller files.")

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number[:_ROW_DIGITS]) - 1 if _DIGITS.fullmatch(number) else self._row + 1
        self._col = -1
        if not 0 <= self._row < MAX_ROWS:
            raise Damaged(f"a row has the number {number}, and there are {MAX_ROWS:,}; get the file anew")
        if attributes.get("hidden", "") in _TRUE or _is_zero(attributes.get("ht", "")):
            self.hidden_rows.add(self._row)

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        is_hidden = attributes.get("hidden", "") in _TRUE or _is_zero(attributes.get("width", ""))
        if not is_hidden or len(self.hidden_cols) == MAX_COLS:
            return
        if _DIGITS.fullmatch(first) and _DIGITS.fullmatch(last) and len(first + last) <= 2 * _ROW_DIGITS:
            self.hidden_cols.update(range(max(0, int(first) - 1), min(int(last), MAX_COLS)))

    def _end_cell(self, _: str) -> None:
        cell = self._cell
        if cell is None:
            return
        self._cell = None
        self._move_to(cell.get("r", ""))
        kind = cell.get("t", "n")
        value = self._value
        if self._has_formula and not value and kind != "str":
            self._doubt("formula_without_value")
        if not value:
            return
        text, doubt = self._shown(kind, value, self._code(cell.get("s", "")))
        if text and _PICTURE.match(text):
            text, doubt = "", "picture_in_cell"
        if doubt:
            self._doubt(doubt)
        if text:
            self._room.take(text)
            self.cells.append((self._row, self._col, text))

    def _move_to(self, reference: str) -> None:
        """The row comes from the row element; a missing or wrong reference means the next column."""
        letters = reference.rstrip("0123456789")
        col = self._columns.get(letters)
        if col is None:
            place = cell_of(letters + "1") if letters else None
            if place is None:
                self._col += 1
                if self._col >= MAX_COLS:
                    raise Damaged(f"a row has more than {MAX_COLS:,} cells; get the file anew")
                return
            col = self._columns[letters] = place[1]
        self._col = col

    def _code(self, style: str) -> str:
        code = self._codes.get(style)
        if code is None:
            number = int(style[:_STYLE_DIGITS]) if _DIGITS.fullmatch(style) else 0
            known = self._values.codes
            code = self._codes[style] = known[number] if number < len(known) else GENERAL
        return code

    def _shown(self, kind: str, value: str, code: str) -> Text:
        if kind == "s":
            number = int(value) if re.fullmatch(r"\s*[0-9]{1,9}\s*", value, re.ASCII) else -1
            if not 0 <= number < len(self._values.strings):
                return Text("", "missing_string")
            return plain_text(self._values.strings[number], code)
        if kind in {"str", "inlineStr"}:
            return plain_text(displayed(unescaped(value)), code)
        if kind == "b":
            return Text("TRUE" if value.strip() in _TRUE else "FALSE")
        if kind == "e":
            return Text(value.strip())
        if kind == "d":
            serial = serial_of(value.strip(), epoch_1904=self._values.epoch_1904)
            value, code = (value, code) if serial is None else (serial, _DATE if code == GENERAL else code)
        return number_text(value.strip(), code, epoch_1904=self._values.epoch_1904)

    def _doubt(self, kind: str) -> None:
        self.doubts.setdefault(kind, []).append((self._row, self._col))


def _is_zero(size: str) -> bool:
    return re.fullmatch(r"0+(?:\.0*)?", size) is not None
