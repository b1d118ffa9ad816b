"""The sheets of a workbook → what was read from the file."""

from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter
from typing import Final

from parsers.errors import Empty, NoTextLayer
from parsers.grid import Grid, Note, Origin, Reading
from parsers.sheet_grids import METHOD, grids_of, paragraph, pieces
from parsers.sheet_places import Axis, placed_cells
from parsers.sheets import Sheet, TextBox, quoted, reference

_NAMED: Final = 5
"""Cells that a note names; of the others it gives the number."""

_MESSAGES: Final = {
    "hidden_cells": "texts in hidden rows or columns are not read",
    "covered_text": "texts under merged cells are not displayed, and not read",
    "broken_merge": "merged ranges overlap others and are taken as not merged",
    "formula_without_value": "formulas have no stored result and are read as empty; open the file in a"
                             " spreadsheet program and save it",
    "unknown_number_format": "numbers are shown plainly, their number format is not known",
    "missing_string": "texts are not in the file; get it anew",
    "picture_in_cell": "cells hold pictures, which are not read",
}


def reading(
    media_type: str, sheets: Iterable[Sheet], hidden: Sequence[str] = (), notes: Iterable[Note] = ()
) -> Reading:
    """All visible sheets of a workbook, in the order of their tabs; each is a page.

    Args:
        media_type: Of the file.
        sheets: The visible sheets.
        hidden: The names of the others.
        notes: What was noticed about the whole file; may grow while the sheets are read.

    Raises:
        Empty: No visible sheet holds text.
        NoTextLayer: They hold pictures alone.
    """
    grids: list[Grid] = []
    noted: list[Note] = []
    page, drawn = 0, False
    for page, sheet in enumerate(sheets, 1):
        found, more = _tabled(sheet, page)
        grids += found
        noted += more
        drawn = drawn or sheet.has_pictures
        if sheet.has_pictures and not found:
            noted.append(Note("page_picture", sheet.name, "the sheet holds pictures and no text"))
    if hidden:
        message = f"hidden sheets are not read ({len(hidden)}): {', '.join(hidden[:_NAMED])}"
        noted.append(Note("hidden_sheet", hidden[0], message))
    if not grids and drawn:
        raise NoTextLayer("the sheets hold pictures and no text; give the pictures, or the table typed")
    if not grids:
        advice = "show the hidden ones" if hidden else "get the file again from its source"
        raise Empty(f"no displayed sheet holds text; {advice}")
    return Reading(media_type, page, tuple(grids), (*notes, *noted))


def _tabled(sheet: Sheet, page: int) -> tuple[list[Grid], list[Note]]:
    doubts = {kind: list(cells) for kind, cells in sheet.doubts.items()}
    placed = placed_cells(sheet, doubts)
    left = min(map(attrgetter("col"), placed), default=0)
    grids: list[Grid] = []
    boxes = sorted(sheet.boxes, key=itemgetter(0), reverse=True)
    rows = Axis(sheet.hidden_rows)
    for piece, edge in pieces(placed, left):
        while boxes and rows.shown_before(boxes[-1].row) <= piece[0].row:
            grids.append(_box_grid(boxes.pop(), sheet.name, page))
        grids += grids_of(piece, edge, page)
    grids += [_box_grid(box, sheet.name, page) for box in reversed(boxes)]
    notes = [_note(kind, cells, sheet.name) for kind, cells in doubts.items() if cells]
    return grids, notes


def _note(kind: str, cells: Sequence[tuple[int, int]], name: str) -> Note:
    first = [reference(*cell) for cell in sorted(cells)[:_NAMED]]
    more = "" if len(cells) <= _NAMED else " …"
    message = f"{_MESSAGES[kind]} ({len(cells)}): {', '.join(first)}{more}"
    return Note(kind, f"{quoted(name)}!{first[0]}", message)


def _box_grid(box: TextBox, name: str, page: int) -> Grid:
    return paragraph(box.text, Origin(page, f"{quoted(name)}, text box", METHOD))
