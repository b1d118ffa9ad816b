"""The sample's four forms in every kind and by every engine: the same cells, the same records."""

import subprocess
from collections import Counter
from functools import lru_cache

import pytest

from fixtures import golden
from fixtures.drawing.sample import DRAWINGS, drawn
from fixtures.drawing.style import FONTS
from fixtures.sheet import sample_sheets, truth
from parsers import read
from pipeline.document import extract

WANTED = golden.expected(golden.CASES / "A" / "sample")

PRINTED = tuple(name for name in DRAWINGS if name.endswith((".pdf", ".ofd")))


@pytest.fixture(scope="session", autouse=True)
def _fonts():
    """Engines take another font where one is missing, and say nothing."""
    listed = subprocess.run(["fc-list", ":", "family"], check=True, capture_output=True, text=True).stdout
    missing = [font for font in FONTS.values() if font not in listed]
    assert not missing, (
        f"{missing}: apt-get install fonts-noto-cjk fonts-wqy-zenhei fonts-arphic-ukai fonts-arphic-uming"
    )


@lru_cache
def _reading(name):
    return read(drawn(name), name)


def _bare(text):
    """Text as print shows it: a blank at the end of a line leaves no trace."""
    return "".join(text.split())


def _wanted(name):
    """Placed cells of each table, the same in every kind: a title is no row of it, in a workbook either."""
    tidy = _bare if name in PRINTED else str
    tables = [cells for sheet in sample_sheets() for cells in truth(sheet).tables]
    return [tuple((*place, tidy(text)) for *place, text in cells) for cells in tables]


def _found(reading, name):
    grids = [grid for grid in reading.grids if not grid.role and (grid.n_rows, grid.n_cols) != (1, 1)]
    tidy = _bare if name in PRINTED else str
    return [
        tuple((cell.row, cell.col, cell.row_span, cell.col_span, tidy(cell.text)) for cell in grid.cells)
        for grid in grids
    ]


@pytest.mark.parametrize("name", DRAWINGS)
def test_cells_are_exact(name):
    wanted, found = _wanted(name), _found(_reading(name), name)
    assert [len(cells) for cells in found] == [len(cells) for cells in wanted]
    for index, (cells, others) in enumerate(zip(wanted, found, strict=True)):
        lost, invented = Counter(cells) - Counter(others), Counter(others) - Counter(cells)
        assert not lost, f"table {index}, not recalled, in their place {list(invented)}"
        assert not invented, f"table {index}"


@pytest.mark.parametrize("name", DRAWINGS)
def test_records_are_those_of_the_text(name):
    found = golden.described(extract(_reading(name), golden.DOCUMENT_ID))
    wanted, found = (_printed(WANTED), _printed(found)) if name in PRINTED else (WANTED, found)
    assert list(golden.differences(wanted, found)) == []


def _printed(described):
    """The same without the blanks inside texts."""
    forms = [
        {
            "project": _bare_values(form["project"]),
            "funds": [_bare_values(row) for row in form["funds"]],
            "indicators": [_bare_values(row) for row in form["indicators"]],
        }
        for form in described["forms"]
    ]
    return described | {"forms": forms}


def _bare_values(record):
    return {name: _bare(value) if isinstance(value, str) else value for name, value in record.items()}


@pytest.mark.parametrize("name", PRINTED)
def test_page_breaks_cut_the_drawings(name):
    """They are as hard as they are meant to be: rows are cut, in a printed workbook merged cells."""
    grids = _reading(name).grids
    if name.startswith("excel"):
        assert any(cell.row_span > 1 and len(_pages(cell, grid)) > 1 for grid in grids for cell in grid.cells)
    else:
        assert any(cell.row_span == 1 and cell.also for grid in grids for cell in grid.cells)


def _pages(cell, grid):
    """The pages on which the rows of a cell stand."""
    rows = range(cell.row, cell.row + cell.row_span)
    return {other.origin.page for other in grid.cells if other.row in rows}
