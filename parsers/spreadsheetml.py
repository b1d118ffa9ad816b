"""The reader of XML spreadsheets of Excel 2003, which web systems export under the name .xls.

Source: XML Spreadsheet Reference (urn:schemas-microsoft-com:office:spreadsheet). Attributes stand with
and without prefixes, encodings are declared wrongly: both are looked past.
"""

import re
from collections.abc import Mapping
from typing import Final

from parsers.encoding import decode
from parsers.errors import Damaged, TooLarge, Unsupported
from parsers.grid import Reading
from parsers.limits import MAX_CELLS
from parsers.number_format import GENERAL
from parsers.sheets import MAX_COLS, MAX_ROWS, Range, Room, Sheet, displayed
from parsers.stored_values import Text, number_text, plain_text, serial_of
from parsers.workbook import reading
from parsers.xml_events import read_events

MEDIA_TYPE: Final = "application/vnd.ms-excel"

Attributes = Mapping[str, str]
"""By names without prefixes."""

_NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_HEAD: Final = 65_536
_LEAVES: Final = frozenset({"Data", "Visible", "Date1904"})
_DIGITS: Final = re.compile(r"[0-9]{1,8}")
_ZERO: Final = re.compile(r"0+(?:\.0*)?")
_DATE: Final = "yyyy/m/d"

_NAMED_FORMATS: Final = {
    "General Number": GENERAL, "General Date": "yyyy/m/d h:mm", "Long Date": 'yyyy"年"m"月"d"日"',
    "Medium Date": "d-mmm-yy", "Short Date": "yyyy/m/d", "Long Time": "h:mm:ss",
    "Medium Time": "h:mm AM/PM", "Short Time": "h:mm", "Currency": '"¥"#,##0.00;"¥"\\-#,##0.00',
    "Euro Currency": "[$€-2] #,##0.00", "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%",
    "Scientific": "0.00E+00", "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
"""What stands for a format code, as a Chinese program shows it."""


def _is_workbook(data: bytes) -> bool:
    return _NAMESPACE.encode() in data[:_HEAD].replace(b"\0", b"")


def read_spreadsheetml(data: bytes, name: str = "") -> Reading:
    """Reads the visible sheets, as `parsers.xlsx.read_xlsx` reads those of a new workbook.

    Args:
        data: The bytes of the file.
        name: Its name, for messages.

    Raises:
        UnreadableSource: Damaged, Empty, TooLarge, Unsupported or WrongEncoding.
    """
    if not _is_workbook(data):
        raise Unsupported("an XML document that is no spreadsheet of Excel 2003; save it as .xlsx")
    decoded = decode(data)
    book = _Book()
    book.read(decoded.text.lstrip("\ufeff"), name or "the file")
    sheets = [table.sheet() for table in book.tables if table.visible]
    hidden = [table.sheet().name for table in book.tables if not table.visible]
    return reading(MEDIA_TYPE, sheets, hidden, decoded.notes)


class _Table:
    """Collects what is told of a sheet."""

    def __init__(self, name: str, room: Room) -> None:
        self.visible = True
        self._name = name
        self._room = room
        self._cells: list[tuple[int, int, str]] = []
        self._merges: list[Range] = []
        self._hidden_rows: set[int] = set()
        self._hidden_cols: set[int] = set()
        self._doubts: dict[str, list[tuple[int, int]]] = {}
        self._row = self._column = self._col = self._next = -1
        self._row_style = ""

    def sheet(self) -> Sheet:
        """The sheet, once all is told."""
        hidden = self._hidden_rows, self._hidden_cols
        return Sheet(self._name, self._cells, self._merges, *hidden, (), self._doubts)

    def column(self, attributes: Attributes) -> None:
        """A description of columns."""
        first = _whole(attributes, "Index", self._column + 2) - 1
        self._column = _within(first + _whole(attributes, "Span", 0), MAX_COLS)
        if _is_hidden(attributes, "Width"):
            self._hidden_cols.update(range(first, self._column + 1))

    def row(self, attributes: Attributes) -> None:
        """The beginning of a row, which may stand for more that are empty like it."""
        first = _whole(attributes, "Index", self._row + 2) - 1
        self._row = _within(first, MAX_ROWS)
        last = _within(first + _whole(attributes, "Span", 0), MAX_ROWS)
        self._next = 0
        self._row_style = attributes.get("StyleID", "")
        if _is_hidden(attributes, "Height"):
            self._hidden_rows.update(range(first, last + 1))

    def cell(self, attributes: Attributes) -> str:
        """The beginning of a cell; returns the name of its style."""
        self._col = _within(_whole(attributes, "Index", self._next + 1) - 1, MAX_COLS)
        right = min(self._col + _whole(attributes, "MergeAcross", 0), MAX_COLS - 1)
        bottom = min(self._row + _whole(attributes, "MergeDown", 0), MAX_ROWS - 1)
        self._next = right + 1
        if (bottom, right) != (self._row, self._col):
            self._merges.append(Range(self._row, self._col, bottom, right))
            if len(self._merges) > MAX_CELLS:
                raise TooLarge(f"more than {MAX_CELLS:,} merged ranges. Split it into smaller files.")
        return attributes.get("StyleID") or self._row_style

    def put(self, text: str, doubt: str) -> None:
        """What the cell displays."""
        if doubt:
            self._doubts.setdefault(doubt, []).append((self._row, self._col))
        if text:
            self._room.take(text)
            self._cells.append((self._row, self._col, text))


def _whole(attributes: Attributes, name: str, default: int) -> int:
    text = attributes.get(name, "")
    return int(text) if _DIGITS.fullmatch(text) else default


def _within(index: int, count: int) -> int:
    if not 0 <= index < count:
        raise Damaged(f"row or column {index + 1:,}, and there are {count:,}; get the file anew")
    return index


def _is_hidden(attributes: Attributes, size: str) -> bool:
    return attributes.get("Hidden") == "1" or _ZERO.fullmatch(attributes.get(size, "")) is not None


def _own(attributes: Attributes) -> Attributes:
    return {key.rpartition(":")[2]: value for key, value in attributes.items()}


class _Book:
    """Collects styles and sheets while the XML goes by."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self._room = Room()
        self._codes: dict[str, str] = {}
        self._style = ""
        self._epoch_1904 = False
        self._table = _Table("", self._room)
        self._code = self._kind = ""
        self._has_formula = self._in_comment = False
        self._data: str | None = None

    def read(self, text: str, name: str) -> None:
        """Reads the XML; raises as `read_spreadsheetml`."""
        starts = {
            "Cell": self._start_cell, "Data": self._start_data, "Row": self._start_row,
            "Column": self._start_column, "Worksheet": self._start_sheet, "Comment": self._start_comment,
            "Style": self._start_style, "NumberFormat": self._format,
        }
        ends = {
            "Cell": self._end_cell, "Data": self._end_data, "Comment": self._end_comment,
            "Visible": self._end_visible, "Date1904": self._end_epoch,
        }
        read_events(text, name, _LEAVES, starts, ends)

    def _start_cell(self, attributes: Attributes) -> None:
        own = _own(attributes)
        self._code = self._codes.get(self._table.cell(own) or "Default", GENERAL)
        self._has_formula, self._data = "Formula" in own, None

    def _start_data(self, attributes: Attributes) -> None:
        if not self._in_comment:
            self._kind = _own(attributes).get("Type", "String")

    def _end_data(self, text: str) -> None:
        if not self._in_comment:
            self._data = text

    def _end_cell(self, _: str) -> None:
        shown = self._shown()
        self._table.put(shown.text, shown.doubt)

    def _start_row(self, attributes: Attributes) -> None:
        self._table.row(_own(attributes))

    def _start_column(self, attributes: Attributes) -> None:
        self._table.column(_own(attributes))

    def _start_sheet(self, attributes: Attributes) -> None:
        self._table = _Table(_own(attributes).get("Name") or f"Sheet{len(self.tables) + 1}", self._room)
        self.tables.append(self._table)

    def _end_visible(self, text: str) -> None:
        self._table.visible = text.strip() not in {"SheetHidden", "SheetVeryHidden"}

    def _start_comment(self, _: Attributes) -> None:
        self._in_comment = True

    def _end_comment(self, _: str) -> None:
        self._in_comment = False

    def _end_epoch(self, text: str) -> None:
        self._epoch_1904 = text.strip() != "0"

    def _start_style(self, attributes: Attributes) -> None:
        own = _own(attributes)
        self._style = own.get("ID", "")
        self._codes[self._style] = self._codes.get(own.get("Parent") or "Default", GENERAL)

    def _format(self, attributes: Attributes) -> None:
        code = _own(attributes).get("Format") or GENERAL
        self._codes[self._style] = _NAMED_FORMATS.get(code, code)

    def _shown(self) -> Text:
        value, kind = self._data, self._kind
        if value is None or (not value and kind != "String"):
            return Text("", "formula_without_value" if self._has_formula else "")
        if kind == "Boolean":
            return Text("TRUE" if value.strip() in {"1", "true"} else "FALSE")
        if kind == "DateTime":
            serial = serial_of(value.strip(), epoch_1904=self._epoch_1904)
            if serial is None:
                return Text(displayed(value))
            code = _DATE if self._code == GENERAL else self._code
            return number_text(serial, code, epoch_1904=self._epoch_1904)
        if kind == "Number":
            return number_text(value.strip(), self._code, epoch_1904=self._epoch_1904)
        return plain_text(displayed(value), self._code if kind == "String" else GENERAL)
