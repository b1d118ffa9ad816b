"""Forms cut by page breaks at every height: how many come out whole, by engine.

A form is whole if all its cells, with their spans, are those that were drawn. A wrong join is a
cell that holds the print of two; it must not happen without a ``doubtful_page_break``.

    python -m tests.bench.page_breaks --forms 500 --keep DIR

``--keep`` leaves the drawn files in a folder, and takes them from there the next time.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fixtures.drawing import chromium, docx, html, libreoffice, weasyprint, xlsx
from fixtures.drawing.style import FONTS, Style
from fixtures.make import draw
from fixtures.sheet import Placed, Sheet, form_sheet, sample_sheets, truth
from parsers.grid import Grid, Reading
from parsers.pdf import read_pdf
from parsers.pdfium import open_document

FORMS_PER_FILE = (1, 1, 2, 3, 5, 8)
LOWEST_WHOLE = 0.995
NOT_DRAWN = "not drawn"
SHARES = {"weasyprint": 0.5, "chromium": 0.15, "word": 0.25, "excel": 0.1}
"""Part of the forms that each engine draws. Word and Excel files are printed by LibreOffice."""

_FURNITURE = """@page { @bottom-center { content: "— " counter(page) " —"; font-size: 8pt }
@top-center { content: "某市某局2023年度部门决算公开"; font-size: 8pt } }</style>"""


class Case(NamedTuple):
    """One file: its engine, its forms and how they are set."""

    engine: str
    seed: int
    style: Style
    furniture: bool
    sheets: tuple[Sheet, ...]


class Outcome(NamedTuple):
    """What became of one form: empty ``cause`` if it is whole.

    LibreOffice loses rows of some tables whose head is repeated: what is not on the pages is ``NOT_DRAWN``
    and counts for nothing.
    """

    engine: str
    seed: int
    form: int
    cause: str
    silent: bool


def cases(forms: int, seed: int = 0, shares: dict[str, float] = SHARES) -> Iterator[Case]:
    """Files of at least so many forms together, the same for the same seed."""
    for place, (engine, share) in enumerate(shares.items()):
        left = round(forms * share)
        number = 0
        while left > 0:
            number += 1
            case = _case(engine, seed * 1_000_003 + place * 10_007 + number)
            left -= len(case.sheets)
            yield case


def _case(engine: str, seed: int) -> Case:
    rng = random.Random(seed)
    fonts = [name for key, name in FONTS.items() if engine != "excel" or key != "kai"]
    page = rng.choice(("A4", "A4", "A4", "A5", "A3"))
    style = Style(
        font=rng.choice(fonts),
        size=rng.choice(_SIZES[page]),
        padding=rng.choice((0.5, 1.0, 2.0) if page == "A5" else (0.5, 1.0, 2.0, 3.0, 5.0)),
        page=page,
        landscape=rng.random() < 0.25,
        margin=rng.choice((12.0, 18.0, 25.0, 30.0)),
        line_height=rng.choice((1.2, 1.3, 1.5, 1.8)),
        rows_break=rng.random() < 0.75,
        repeated_rows=rng.choice((0, 0, 0, 1)),
        spacer=float(rng.randrange(0, 300, 7)),
        gap=float(rng.randrange(6, 60)),
    )
    count = rng.choice(FORMS_PER_FILE)
    sheets = [rng.choice(_SAMPLES) if rng.random() < 0.25 else form_sheet(draw(rng)) for _ in range(count)]
    return Case(engine, seed, style, rng.random() < 0.5, tuple(sheets))


_SIZES = {"A3": (9.0, 10.5, 12.0, 14.0), "A4": (7.5, 8.0, 9.0, 9.0, 10.0, 10.5, 12.0), "A5": (6.5, 7.0, 7.5)}
"""Type sizes that leave two characters in the narrowest column; with less, engines print over the rules."""

_SAMPLES = sample_sheets()


def drawn(case: Case) -> bytes:
    """The PDF of a case."""
    if case.engine == "word":
        return libreoffice.convert({"form.docx": docx.document(case.sheets, case.style)}, "pdf")["form.pdf"]
    if case.engine == "excel":
        book = xlsx.workbook(case.sheets, case.style)
        return libreoffice.convert({"form.xlsx": book}, "pdf")["form.pdf"]
    page = html.page(case.sheets, case.style)
    if case.furniture:
        page = page.replace("</style>", _FURNITURE)
    return {"weasyprint": weasyprint.pdf, "chromium": chromium.pdf}[case.engine](page)


# ── judging ──────────────────────────────────────────────────────────────────


def outcomes(case: Case, folder: Path | None = None) -> list[Outcome]:
    """What became of each form of a case."""
    kept = folder and folder / f"{case.engine}-{case.seed}.pdf"
    if kept is None:
        data = drawn(case)
    else:
        if not kept.exists():
            kept.write_bytes(drawn(case))
        data = kept.read_bytes()
    reading = read_pdf(data)
    with open_document(data) as document:
        printed = Counter[str]()
        for index in range(document.page_count):
            with document.page(index) as page:
                printed.update(_bare(page.text()))
    drawn_all = sum((_characters(sheet) for sheet in case.sheets), Counter[str]()) <= printed
    return [
        Outcome(case.engine, case.seed, number, cause if drawn_all or not cause else NOT_DRAWN, silent=silent)
        for number, (cause, silent) in enumerate(judged(case.sheets, reading))
    ]


def _characters(sheet: Sheet) -> Counter[str]:
    tables, paragraphs = truth(sheet)
    return Counter(_bare("".join([*paragraphs, *[cell[4] for cells in tables for cell in cells]])))


def judged(sheets: Sequence[Sheet], reading: Reading) -> Iterator[tuple[str, bool]]:
    """For each sheet why it is not whole (empty if it is), and whether that is a wrong join without a note."""
    grids = [grid for grid in reading.grids if not grid.role and grid.n_cols > 1]
    lines = {_bare(cell.text) for grid in reading.grids if grid.n_cols == 1 and not grid.role for cell in grid.cells}
    noted = any(note.kind == "doubtful_page_break" for note in reading.notes)
    for sheet in sheets:
        [wanted], paragraphs = truth(sheet)
        cells = {(*place, _bare(text)) for *place, text in wanted}
        grid = max(grids, key=lambda grid: len(cells & _cells(grid)), default=Grid((), 0, 0))
        grids = [other for other in grids if other is not grid]
        got = _cells(grid)
        lost = [text for text in paragraphs if _bare(text) not in lines]
        glued = _glued(wanted, got)
        if got == cells and not lost:
            yield "", False
        elif glued:
            yield f"wrong join: {glued[0][:40]}", not noted
        elif lost:
            yield f"title lost: {lost[0]}", False
        else:
            yield _difference(cells, got), False


def _cells(grid: Grid) -> set[Placed]:
    return {(cell.row, cell.col, cell.row_span, cell.col_span, _bare(cell.text)) for cell in grid.cells}


def _bare(text: str) -> str:
    """Text without white space: where a line was broken at a space, no reader can know of it."""
    return "".join(text.split())


def _glued(wanted: Sequence[Placed], got: set[Placed]) -> list[str]:
    """Texts of the grid that no cell of the sheet has, and that begin with one and end with another."""
    texts = {_bare(cell[4]) for cell in wanted}
    return [
        text for *_, text in got
        if text not in texts and any(
            text[:cut] in texts and text[cut:] in texts for cut in range(2, len(text) - 1)
        )
    ]


def _difference(cells: set[Placed], got: set[Placed]) -> str:
    missing, foreign = sorted(cells - got), sorted(got - cells)
    kind = "rows split" if {cell[4] for cell in missing} - {cell[4] for cell in foreign} else "spans or places"
    return f"{kind}: want {missing[:1]}, got {foreign[:1]} ({len(missing)} of {len(cells)})"


def main() -> int:
    """Draws, reads, counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--forms", type=int, default=500)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--engine", choices=sorted(SHARES))
    options.add_argument("--keep", type=Path)
    chosen = options.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    shares = {chosen.engine: 1.0} if chosen.engine else SHARES
    forms: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    silent = lost = 0
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for found in pool.map(partial(outcomes, folder=chosen.keep), cases(chosen.forms, chosen.seed, shares)):
            for outcome in found:
                if outcome.cause == NOT_DRAWN:
                    lost += 1
                    continue
                forms[outcome.engine] += 1
                whole[outcome.engine] += not outcome.cause
                silent += outcome.silent
                if outcome.cause:
                    print(f"{outcome.engine} seed {outcome.seed} form {outcome.form}: {outcome.cause}")
    for engine, count in forms.items():
        print(f"{engine:12} {whole[engine]:5} of {count:5} whole  {whole[engine] / count:.4f}")
    share = whole.total() / forms.total()
    print(f"all          {whole.total():5} of {forms.total():5} whole  {share:.4f}")
    print(f"wrong joins without a note: {silent}")
    print(f"not drawn    {lost:5}")
    return 0 if share >= LOWEST_WHOLE and not silent else 1


if __name__ == "__main__":
    sys.exit(main())
