"""The reader of old Excel workbooks (.xls .et, BIFF 2 to 8): text as displayed, through xlrd.

xlrd and not calamine, for calamine gives neither number formats nor hidden rows: 95% would come as
0.95. LibreOffice knows both, but takes 1 s for a file that xlrd reads in 10 ms. Text boxes, pictures
and formulas without a stored result are not told by xlrd.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from typing import Final

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.compdoc import CompDocError
from xlrd.sheet import Sheet as XlrdSheet

from parsers.errors import Damaged, Encrypted, UnreadableSource, Unsupported
from parsers.grid import Reading
from parsers.number_format import GENERAL, code_of
from parsers.sheets import Range, Room, Sheet, displayed
from parsers.stored_values import Text, number_text, plain_text
from parsers.workbook import reading

MEDIA_TYPE: Final = "application/vnd.ms-excel"

_BROKEN: Final = (
    xlrd.XLRDError, CompDocError, struct.error, ArithmeticError, AssertionError, AttributeError,
    EOFError, LookupError, RecursionError, TypeError, ValueError,
)
"""What xlrd raises over damaged files: it reads them without looking."""

_REFUSALS: Final = (
    ("encrypted", Encrypted("the workbook is locked with a password; unlock it and give it again")),
    ("Can't find workbook", Unsupported("an old Office document that holds no workbook; save it as .xlsx")),
    ("not supported", Unsupported("a workbook of a kind that is not read; save it as .xlsx")),
)
"""Words of xlrd's messages, and what they mean."""

_HAS_CODEPAGE: Final = 80
_CHINESE: Final = 936


class _Silence(io.TextIOBase):
    """Where xlrd writes its warnings."""

    def write(self, text: str) -> int:
        return len(text)


def read_xls(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of all readers
    """Reads the visible sheets of an old workbook, as `parsers.xlsx.read_xlsx` reads a new one.

    Args:
        data: The bytes of the file.
        name: Its name, which nothing depends on.

    Raises:
        UnreadableSource: Damaged, Empty, Encrypted, TooLarge or Unsupported. LibreOffice reads some of
            what is Damaged or Unsupported here.
    """
    book = _opened(data)
    shown = [not state for state in book._sheet_visibility]  # noqa: SLF001  else each must be read to know
    names = book.sheet_names()
    visible = [index for index in range(book.nsheets) if index >= len(shown) or shown[index]]
    hidden = [names[index] for index in range(book.nsheets) if index not in visible]
    return reading(MEDIA_TYPE, _sheets(book, visible), hidden)


def _opened(data: bytes) -> Book:
    """The workbook; text of old ones that do not name a code page is Chinese."""
    try:
        book = _open(data, None)
        if book.biff_version < _HAS_CODEPAGE and book.codepage != _CHINESE:
            book = _open(data, "gb18030")
    except _BROKEN as error:
        raise _refusal(error) from error
    return book


def _open(data: bytes, encoding: str | None) -> Book:
    return xlrd.open_workbook(
        file_contents=data, logfile=_Silence(), encoding_override=encoding,
        formatting_info=True, on_demand=True, ragged_rows=True, ignore_workbook_corruption=True,
    )


def _refusal(error: Exception) -> UnreadableSource:
    words = str(error)
    found = next((refusal for sign, refusal in _REFUSALS if sign in words), None)
    what = words or type(error).__name__
    return found or Damaged(f"the workbook cannot be read ({what}); get the file anew")


def _sheets(book: Book, visible: Sequence[int]) -> Iterator[Sheet]:
    room = Room()
    given = {form.format_key: form.format_str for form in book.format_list}
    codes = [code_of(style.format_key, given) for style in book.xf_list]
    for index in visible:
        try:
            sheet = book.sheet_by_index(index)
        except _BROKEN as error:
            raise _refusal(error) from error
        yield _sheet(sheet, codes, room)
        book.unload_sheet(index)


def _sheet(sheet: XlrdSheet, codes: Sequence[str], room: Room) -> Sheet:
    cells: list[tuple[int, int, str]] = []
    doubts: dict[str, list[tuple[int, int]]] = {}
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for col, kind in enumerate(kinds):
            if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                continue
            style = sheet.cell_xf_index(row, col)
            code = codes[style] if 0 <= style < len(codes) else GENERAL
            text, doubt = _shown(kind, values[col], code, epoch_1904=sheet.book.datemode == 1)
            if doubt:
                doubts.setdefault(doubt, []).append((row, col))
            if text:
                room.take(text)
                cells.append((row, col, text))
    merges = {Range(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells}
    rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    cols = {col for col, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    return Sheet(sheet.name, cells, merges, rows, cols, (), doubts)


def _shown(kind: int, value: float | str, code: str, *, epoch_1904: bool) -> Text:
    if isinstance(value, str):
        return plain_text(displayed(value), code)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Text("TRUE" if value else "FALSE")
    if kind == xlrd.XL_CELL_ERROR:
        return Text(error_text_from_code.get(int(value), "#N/A"))
    return number_text(repr(value), code, epoch_1904=epoch_1904)
