"""What was read of a scanned form against what was printed: cells as read, and the records made of them."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from fixtures import golden
from fixtures.sheet import Paragraph, Sheet, SheetTable
from parsers.grid import Cell, Grid, Origin, Reading
from parsers.joining import join_lines
from pipeline.contract import TABLES
from pipeline.document import Extract, extract
from pipeline.rows import rows_of

_NUMERIC = re.compile(
    r"""[≥≤≧≦<>=＜＞＝]? [-+]? [0-9][0-9,.]* (?: [%‰] | [（(][^（()）]{1,6}[)）] | [^0-9（()）]{0,6} )  |  [-—/－]""",
    re.VERBOSE,
)
_OPERATORS = str.maketrans("≧≦＜＞＝", "≥≤<>=")
_ALIKE = str.maketrans(
    "≧≦＜＞＝—－–一“”‘’·．。，；：（）〇Ｏｏoｌl丨〔〕［］～〜×", "≥≤<>=----\"\"''...,;:()0000111[][]~~x"
)
_PUNCTUATION = re.compile(r"[^\w%‰≥≤≧≦<>=＜＞＝+]|_")


def bare(text: str) -> str:
    """Text without white space: where a line was broken at a space, no reader can know of it."""
    return "".join(text.split())


def is_numeric(text: str) -> bool:
    """Whether a cell holds a number with its operator and unit, or a mark for none.

    >>> [is_numeric(text) for text in ("0.5‰", "≥20.00(次)", "-", "≤3个月", "2023年12月底前", "执行率(%)")]
    [True, True, True, True, False, False]
    """
    return _NUMERIC.fullmatch(bare(text)) is not None


def distance(first: str, second: str) -> int:
    """Characters to insert, drop or exchange to come from one text to the other."""
    row = list(range(len(second) + 1))
    for at, sign in enumerate(first, 1):
        left, row[0] = row[0], at
        for place, other in enumerate(second, 1):
            left, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, left + (sign != other))
    return row[-1]


def cause(wanted: str, found: str) -> str:
    """What kind of difference it is, in a word."""
    folded = [unicodedata.normalize("NFKC", text) for text in (wanted, found)]
    alike = [text.translate(_ALIKE) for text in folded]
    digits = [re.sub(r"[^0-9]", "", text) for text in folded]
    if not found:
        return "lost"
    if folded[0] == folded[1]:
        return "folding"
    if alike[0] == alike[1] or folded[0].translate(_OPERATORS) == folded[1].translate(_OPERATORS):
        return "look-alike"
    if digits[0] != digits[1]:
        return "digits"
    words = [_PUNCTUATION.sub("", text) for text in folded]
    if words[0] == words[1]:
        return "punctuation"
    return "operator" if re.sub("[≥≤<>=]", "", words[0]) == re.sub("[≥≤<>=]", "", words[1]) else "signs"


# ── cells ────────────────────────────────────────────────────────────────────


class Fault(NamedTuple):
    """One thing read wrong.

    Attributes:
        what: ``grid``, ``number``, ``text``, ``paragraph``, ``field``.
        cause: As `cause` says; of grids which shape was found.
        place: Row and column, or table, line and field.
        page: 1-based.
        wanted: What is printed.
        found: What was read.
        confidence: Of what was read.
        flagged: For fields how near a finding of warning or error is: ``field``, ``row``, ``form``, empty for none.
        seen: Whether the recogniser's alternatives hold the truth.
    """

    what: str
    cause: str
    place: str
    page: int
    wanted: str
    found: str
    confidence: float = 1.0
    flagged: str = ""
    seen: bool = False


class CellScore(NamedTuple):
    """Counts over one form."""

    grid: bool
    numbers: int
    numbers_exact: int
    texts: int
    texts_exact: int
    folded: int
    """Wrong in nothing but the width of signs."""
    characters: int
    edits: int
    faults: tuple[Fault, ...]
    confidences: tuple[tuple[float, bool], ...]
    """Of each cell that was read: how sure, and whether rightly."""


def cell_score(sheet: Sheet, reading: Reading) -> CellScore:
    """The cells of the form's table, and its paragraphs, against the grids."""
    [table] = [item for item in sheet if isinstance(item, SheetTable)]
    grids = [grid for grid in reading.grids if not grid.role and (grid.n_rows, grid.n_cols) != (1, 1)]
    grid = max(grids, key=lambda grid: len(grid.cells), default=Grid((), 0, 0))
    faults = list(_grid_faults(table, grid, len(grids)))
    pairs = list(_pairs(table, grid, aligned=not faults))
    lines = {bare(cell.text) for grid in reading.grids if grid.n_cols == 1 for cell in grid.cells}
    for item in sheet:
        if isinstance(item, Paragraph) and bare(item.text) not in lines:
            near = max(lines, key=lambda line: difflib.SequenceMatcher(None, line, bare(item.text)).ratio(), default="")
            faults.append(Fault("paragraph", cause(bare(item.text), near), "", 0, item.text, near))
    texts = [pair for pair in pairs if not is_numeric(pair[0])]
    numbers = [pair for pair in pairs if is_numeric(pair[0])]
    wrong = [pair for pair in pairs if pair[0] != _text(pair[2])]
    faults += [_fault(*pair) for pair in wrong]
    return CellScore(
        grid=not any(fault.what == "grid" for fault in faults),
        numbers=len(numbers),
        numbers_exact=sum(wanted == _text(cell) for wanted, _, cell in numbers),
        texts=len(texts),
        texts_exact=sum(wanted == _text(cell) for wanted, _, cell in texts),
        folded=sum(fault.cause == "folding" for fault in faults),
        characters=sum(len(wanted) for wanted, _, _ in pairs),
        edits=sum(distance(wanted, _text(cell)) for wanted, _, cell in wrong),
        faults=tuple(faults),
        confidences=tuple((cell.origin.confidence, wanted == _text(cell)) for wanted, _, cell in pairs if cell),
    )


def _text(cell: Cell | None) -> str:
    return bare(cell.text) if cell else ""


def _fault(wanted: str, place: str, cell: Cell | None) -> Fault:
    what = "number" if is_numeric(wanted) else "text"
    if cell is None:
        return Fault(what, "lost", place, 0, wanted, "", 0.0)
    found = _text(cell)
    seen = any(bare(one.text) == wanted for one in tuple(cell)[7:8] and cell.seen)
    return Fault(what, cause(wanted, found), place, cell.origin.page, wanted, found, cell.origin.confidence, "", seen)


def _grid_faults(table: SheetTable, grid: Grid, count: int) -> Iterator[Fault]:
    """Whether places and spans are those that were drawn; a cell without print leaves none."""
    wanted = f"{table.n_rows}×{table.n_cols}"
    if count != 1:
        yield Fault("grid", f"{count} tables", "", 0, wanted, f"{grid.n_rows}×{grid.n_cols}")
    elif (table.n_rows, table.n_cols) != (grid.n_rows, grid.n_cols):
        yield Fault("grid", "shape", "", 0, wanted, f"{grid.n_rows}×{grid.n_cols}")
    else:
        places = {(cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells}
        for cell in grid.cells:
            place = (cell.row, cell.col, cell.row_span, cell.col_span)
            if place not in places:
                near = [other for other in places if other[:2] == place[:2]]
                yield Fault("grid", "spans", f"{place[:2]}", cell.origin.page, f"{near}", f"{place} {bare(cell.text)}")


def _pairs(table: SheetTable, grid: Grid, *, aligned: bool) -> Iterator[tuple[str, str, Cell | None]]:
    """Each printed cell with what was read: by its place, or by text in print order where the grid is another."""
    wanted = [(bare(cell.text), f"{cell.row},{cell.col}") for cell in table.cells if bare(cell.text)]
    if aligned:
        at = {f"{cell.row},{cell.col}": cell for cell in grid.cells}
        yield from ((text, place, at.get(place)) for text, place in wanted)
        return
    found = [bare(cell.text) for cell in grid.cells]
    matcher = difflib.SequenceMatcher(None, [text for text, _ in wanted], found, autojunk=False)
    for _, low, high, first, last in matcher.get_opcodes():
        for step in range(high - low):
            yield (*wanted[low + step], grid.cells[first + step] if first + step < last else None)


# ── records ──────────────────────────────────────────────────────────────────


class FieldScore(NamedTuple):
    """Counts over the fields of one form's records."""

    forms: int
    numbers: int
    numbers_exact: int
    texts: int
    texts_exact: int
    repaired: int
    """Fields that arithmetic or vocabulary chose."""
    wrongly_repaired: int
    faults: tuple[Fault, ...]
    confidences: tuple[tuple[float, bool], ...]


def perfect(sheet: Sheet) -> Reading:
    """The reading that makes no mistake."""
    grids = []
    for number, item in enumerate(sheet):
        if isinstance(item, Paragraph):
            cells, shape = [(0, 0, 1, 1, item.text)], (1, 1)
        else:
            cells = [(c.row, c.col, c.row_span, c.col_span, c.text) for c in item.cells if c.text]
            shape = (item.n_rows, item.n_cols)
        origin = Origin(1, f"item {number}", "pdf")
        made = [
            Cell(row, col, join_lines(text.split("\n")), origin, tall, wide) for row, col, tall, wide, text in cells
        ]
        grids.append(Grid(tuple(made), *shape))
    return Reading("application/pdf", 1, tuple(grids))


_IS_NUMBER = {
    (table, column.name)
    for table in ("projects", "funds", "indicators")
    for column in TABLES[table].columns
    if column.type.startswith(("decimal", "int")) or column.name == "target_operator"
}


def field_score(sheet: Sheet, reading: Reading) -> FieldScore:
    """The records of a reading against those of the reading that makes no mistake."""
    wanted = extract(perfect(sheet), golden.DOCUMENT_ID)
    found = extract(reading, golden.DOCUMENT_ID)
    truths, values = _fields(wanted), _fields(found)
    origins = _origins(found)
    flags = [(f.table, f.line_no, f.field) for record in found.forms for f in record.findings if f.severity != "info"]
    faults, counts, sure, repairs = [], {True: [0, 0], False: [0, 0]}, [], []
    for key in truths.keys() | values.keys():
        truth, value = truths.get(key), values.get(key)
        number = (key[0], key[2]) in _IS_NUMBER
        confidence, page, repair = origins.get(key, (0.0, 0, None))
        counts[number][0] += 1
        counts[number][1] += truth == value
        if key in origins:
            sure.append((confidence, truth == value))
        if repair in ("arithmetic", "vocabulary"):
            repairs.append(truth == value)
        if truth != value:
            kind = cause(f"{truth or ''}", f"{value or ''}") if number else "text"
            place = f"{key[0]} {key[1]} {key[2]}"
            flagged = _flagged(key, flags)
            faults.append(Fault("field" if number else "field text", kind, place, page, f"{truth}", f"{value}",
                                confidence, flagged))
    return FieldScore(
        len(found.forms), *counts[True], *counts[False], len(repairs), repairs.count(False), tuple(faults), tuple(sure)
    )


def _fields(result: Extract) -> dict[tuple[str, int, str], Any]:
    """The fields of the first form by table, line and name; numbers by value."""
    described = golden.described(result)["forms"][:1]
    fields: dict[tuple[str, int, str], Any] = {}
    for form in described:
        named = {"projects": [form["project"]], "funds": form["funds"], "indicators": form["indicators"]}
        for table, records in named.items():
            for line, record in enumerate(records):
                for name, value in record.items():
                    fields[table, line, name] = _comparable(table, name, value)
    return fields


def _comparable(table: str, name: str, value: Any) -> Any:
    if (table, name) in _IS_NUMBER and name != "target_operator":
        return Decimal(str(value)).normalize()
    return bare(value) if isinstance(value, str) else value


def _origins(result: Extract) -> Mapping[tuple[str, int, str], tuple[float, int, str | None]]:
    """Confidence, page and repair of each printed field of the first form; a value is as sure as its text."""
    names = TABLES["cells"].schema.names
    found: dict[tuple[str, int, str], tuple[float, int, str | None]] = {}
    for row in rows_of(golden.DOCUMENT_ID, result.forms[:1], ())["cells"]:
        cell = dict(zip(names, row, strict=True))
        origin = (float(cell["confidence"]), cell["page"], cell["repair"])
        for name in (cell["field"], *_MADE_OF.get(cell["field"], ())):
            found[cell["table"], cell["line_no"] or 0, name] = origin
    return found


_MADE_OF = {
    "target_text": ("target_operator", "target_value", "target_unit"),
    "actual_text": ("actual_value", "actual_unit", "outcome"),
}


def _flagged(key: tuple[str, int, str], flags: Sequence[tuple[str | None, int | None, str | None]]) -> str:
    """How near the nearest warning is to a field."""
    table, line, name = key
    words = {name, *(text for text, parts in _MADE_OF.items() if name in parts)}
    rows = [(where, at, field) for where, at, field in flags if where == table and (at or 0) == line]
    if any(field in words for _, _, field in rows):
        return "field"
    if rows:
        return "row"
    return "form" if flags else ""
