"""One page image → its layout, in order: ink, straight page, cells, lines, reading."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import cv2
import numpy as np

from parsers.grid import Box, Note
from parsers.lattice import Lattice, is_closed
from parsers.ocr import LineImage, ReadLine, engine_of, read_lines
from parsers.page import Layout, Table, TableCell, TextLine
from parsers.scan.crops import BESIDE, Inked, LineBox, cut_out, inked, lines_in, usual_height
from parsers.scan.dirt import without_dirt
from parsers.scan.faint import faint_print
from parsers.scan.ink import Colours, Grey, ink_of
from parsers.scan.lattices import lattices_of
from parsers.scan.marks import signs_in
from parsers.scan.pairs import paired
from parsers.scan.rests import without_rests
from parsers.scan.rulings import without_rulings
from parsers.scan.straighten import field_of
from parsers.scan.strays import Ends, as_dash, without_strays
from parsers.scan.strokes import Flags, runs_of

SIGHT: Final = 150.0      # dpi that rulings are looked for at
A4: Final = 11.69         # inches: the longer side of most pages
READABLE: Final = 0.55    # a page that reads so well stands upright
SAMPLE: Final = 10        # lines that tell whether it does
APART: Final = 2.2        # of the height of print: a wider gap parts running lines
HARDLY: Final = 0.5       # how sure a reading of print is at most that a cell seems not to hold
RIM: Final = 2            # pixels: what touches the edge of the image is no print
NAMED: Final = 12         # lines under a seal that are named
LARGE: Final = 3.2        # of it: higher marks outside tables are no print

Reader = Callable[[Sequence[LineImage]], list[ReadLine]]


class Scanned(NamedTuple):
    """A page that was read, and what is to be said of it."""

    layout: Layout
    notes: tuple[Note, ...]
    turns: int = 0   # quarters, anticlockwise, that made it upright


class _Place(NamedTuple):
    """A line and where it belongs: the table and its cell, or -1 for running text."""

    table: int
    cell: int
    line: LineBox


_Said = dict[_Place, ReadLine]


class _Sheet(NamedTuple):
    """A straight page: what can be cut out of it."""

    dark: Grey
    grey: Grey
    sealed: Grey | None
    faint: Flags
    lattices: list[Lattice]
    places: list[_Place]
    dpi: float
    em: float


def read_page(page: Colours, dpi: float | None, number: int, read: Reader = read_lines) -> Scanned:
    """What stands on a page image.

    Args:
        page: Red, green and blue.
        dpi: Its resolution; None where unknown: the page is then taken for A4.
        number: Of the page, from 1.
        read: The recogniser.
    """
    dpi = dpi or max(page.shape[:2]) / A4
    best: tuple[float, int, _Sheet, _Said] | None = None
    for turns in (0, 2, 1, 3):   # upside down is the commonest fault
        turned = np.ascontiguousarray(np.rot90(page, turns)) if turns else page
        sheet = _sheet(turned, dpi)
        sure, said = _readable(sheet, read)
        if best is None or sure > best[0]:
            best = (sure, turns, sheet, said)
        if sure >= READABLE or (turns == 0 and not sheet.places):
            break
    assert best is not None
    _, turns, sheet, said = best
    notes = [Note("turned_page", f"page {number}", f"the page was scanned turned by {90 * turns}°")] if turns else []
    rest = [place for place in sheet.places if place not in said]
    said |= dict(zip(rest, _read(sheet, rest, read), strict=True))
    lines = [said[place] for place in sheet.places]
    if sheet.sealed is not None:
        sheet, lines, rests = _without_rests(sheet, sheet.sealed, lines)
        notes.append(Note("sealed_page", f"page {number}", _under_seal(sheet, lines) + _left_out(rests)))
    return Scanned(_layout(sheet, lines, number), tuple(notes), turns)


def _without_rests(
    sheet: _Sheet, sealed: Grey, lines: Sequence[ReadLine]
) -> tuple[_Sheet, list[ReadLine], list[str]]:
    """The same without the lines that are no print, but the rest of a seal; and what was read of these."""
    places = [
        ((place.table, place.cell if place.table >= 0 else at), place.line) for at, place in enumerate(sheet.places)
    ]
    kept = without_rests(places, lines, sheet.dark, sealed, sheet.em)
    pairs = [(place, line) for place, line in zip(sheet.places, kept, strict=True) if line is not None]
    rests = [line.text for line, same in zip(lines, kept, strict=True) if same is None]
    return sheet._replace(places=[place for place, _ in pairs]), [line for _, line in pairs], rests


def _left_out(rests: Sequence[str]) -> str:
    """What is to be said of lines that were taken for the rest of a seal: nothing that was read goes without a word."""
    return f"; what was read as {_quoted(rests)} was taken for the rest of it and left out" if rests else ""


def _quoted(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join([f"“{text}”" for text in texts[:NAMED]]) + more


def _under_seal(sheet: _Sheet, lines: Sequence[ReadLine]) -> str:
    """What is to be said of a seal: which print lies under it."""
    under = [said.text for place, said in zip(sheet.places, lines, strict=True) if _is_sealed(sheet, place.line)]
    what = "a red seal lies on the page; it was taken away by its colour"
    if not under:
        return f"{what}; no print lies under it"
    return f"{what}; under it lie {_quoted(under)}"


def _sheet(page: Colours, dpi: float) -> _Sheet:
    ink = ink_of(page, dpi)
    scale = max(1.0, dpi / SIGHT)
    small = _shrunk(ink.ruled, scale)
    printed = small if ink.sealed is None else _shrunk(ink.dark, scale)
    field = field_of(small, dpi / scale)
    dark, grey, sealed = ink.dark, ink.grey, ink.sealed
    if not field.is_still:
        small, dark = field.straight(small, 1.0), field.straight(dark, scale)
        printed = small if sealed is None else field.straight(printed, 1.0)
        if sealed is not None:
            grey, sealed = field.straight(grey, scale), field.straight(sealed, scale, nearest=True)
    lattices = lattices_of(small, dpi / scale, printed)
    views, boxes = without_rulings([dark] if sealed is None else [dark, 255 - grey], lattices, dpi)
    dark, raw = views[0], views[-1]   # what a page looked like is asked for under seals alone
    marks = inked(dark, sealed, dpi)
    cells = [box for own in boxes for box in own]
    height = usual_height(marks.signs, cells, dpi)
    print_ = without_dirt(marks, dark, cells, height)
    dirt = cv2.dilate((marks.all & ~print_.all).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    dirt &= cv2.dilate(print_.all.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
    dark[dirt] = raw[dirt] = 0
    faint = faint_print(dark, print_.signs, cells, height)
    print_ = Inked(print_.signs | faint, print_.all | faint)
    return _Sheet(dark, 255 - raw, sealed, faint, lattices, _places(print_, lattices, boxes, dpi, height), dpi, height)


def _shrunk(page: Grey, scale: float) -> Grey:
    return page if scale == 1 else cv2.resize(page, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)


def _places(
    ink: Inked, lattices: list[Lattice], boxes: list[list[tuple[int, int, int, int]]], dpi: float, height: float
) -> list[_Place]:
    """The lines of all cells and of the running text."""
    pixels = dpi / 72
    taken = np.zeros_like(ink.signs)
    places = []
    for table, (lattice, own) in enumerate(zip(lattices, boxes, strict=True)):
        bare = ink.without(taken)
        for cell, box in enumerate(own):
            places += [_Place(table, cell, line) for line in lines_in(bare, box, height)]
        pad = round(0.03 * dpi)
        rim = lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1]
        x0, top, x1, bottom = (round(edge * pixels) for edge in rim)
        taken[max(0, top - pad) : bottom + pad, max(0, x0 - pad) : x1 + pad] = True
    return places + [_Place(-1, -1, line) for line in _running(ink.without(taken), height)]


def _running(ink: Inked, height: float) -> list[LineBox]:
    """Lines outside tables: marks that stand close beside each other."""
    mask = ink.signs
    across = np.ones((1, round(APART * height) | 1), np.uint8)
    rows = np.zeros(mask.shape[0], bool)
    good = []
    for low, high in runs_of(np.any(mask, axis=1)):
        if high - low < height * 0.35:
            continue
        joined = cv2.morphologyEx(mask[low:high].astype(np.uint8), cv2.MORPH_CLOSE, across)
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        for x, y, width, tall, area in stats[1:count].tolist():
            if height * 0.35 <= tall <= LARGE * height and x > RIM and x + width < mask.shape[1] - RIM and area:
                good.append((x, low + y, width, tall))
                rows[low + y : low + y + tall] = True
    lines = []
    for low, high in runs_of(rows):
        band = [one for one in good if low <= one[1] < high]
        x0 = max(0, round(min(one[0] for one in band) - BESIDE * height))   # points and colons are no part of the band
        x1 = round(max(one[0] + one[2] for one in band) + BESIDE * height)
        lines += lines_in(ink, (int(x0), low, int(x1), high), min(float(high - low), LARGE * height))
    return lines


# ── reading ──────────────────────────────────────────────────────────────────


def _readable(sheet: _Sheet, read: Reader) -> tuple[float, _Said]:
    """How well a page reads as it lies, 0 to 1, from a few long lines, and what these say."""
    some = sorted(sheet.places, key=lambda place: place.line.top - place.line.bottom + place.line.x0 - place.line.x1)
    some = [place for place in some if _is_lying(place.line)][:SAMPLE]
    lines = _read(sheet, some, read)
    per_character = [max(line.confidence, 1e-9) ** (1 / max(1, len(line.text))) for line in lines]
    if not per_character:
        return 0.0, {}
    # of a page on its side few lines are wider than high; a character alone is neither
    lengths = [max(place.line.x1 - place.line.x0, place.line.bottom - place.line.top) for place in sheet.places]
    lying = np.average([_is_lying(place.line) for place in sheet.places], weights=lengths)
    return float(np.mean(per_character) * lying), dict(zip(some, lines, strict=True))


def _is_lying(line: LineBox) -> bool:
    return not line.parts and line.x1 - line.x0 > line.bottom - line.top


def _read(sheet: _Sheet, places: Sequence[_Place], read: Reader) -> list[ReadLine]:
    clean = 255 - sheet.dark
    images = [
        LineImage(
            cut_out(clean, line, sheet.dpi), cut_out(sheet.grey, line, sheet.dpi), sealed=_is_sealed(sheet, line)
        )
        for _, _, line in places
    ]
    said = read(images) if images else []
    ends = _ends(sheet.places)
    return [
        line if place.line.parts
        else as_dash(image.clean, line, place.line.size, sheet.em)
        or _unsure(without_strays(image.clean, line, sheet.em, ends[place]), sheet, place.line)
        for place, image, line in zip(places, images, said, strict=True)
    ]


def _unsure(said: ReadLine, sheet: _Sheet, line: LineBox) -> ReadLine:
    """What was read of print that is hardly there may lack a part."""
    is_faint = bool(sheet.faint[line.top : line.bottom, line.x0 : line.x1].any())
    return said._replace(confidence=min(said.confidence, HARDLY)) if is_faint else said


def _ends(places: Sequence[_Place]) -> dict[_Place, Ends]:
    """Whether lines are the first and the last one of their cells; running lines are both."""
    rows = [(place.table, place.cell) if place.table >= 0 else place for place in places]
    ends = {}
    for at, place in enumerate(places):
        first, last = at == 0 or rows[at - 1] != rows[at], at + 1 == len(rows) or rows[at + 1] != rows[at]
        ends[place] = Ends(first, last)
    return ends


def _is_sealed(sheet: _Sheet, line: LineBox) -> bool:
    return sheet.sealed is not None and bool(sheet.sealed[line.top : line.bottom, line.x0 : line.x1].any())


def _paired_in_cells(places: Sequence[_Place], lines: Sequence[ReadLine]) -> Iterator[ReadLine]:
    """The lines, their parentheses paired within each cell; a cell's lines follow each other."""
    for (table, _), some in groupby(zip(places, lines, strict=True), lambda one: (one[0].table, one[0].cell)):
        own = [line for _, line in some]
        yield from paired(own) if table >= 0 else [line for single in own for line in paired([single])]


def _layout(sheet: _Sheet, lines: Sequence[ReadLine], number: int) -> Layout:
    points = 72 / sheet.dpi
    by_cell: dict[tuple[int, int], list[TextLine]] = {}
    running: list[TextLine] = []
    for place, said in zip(sheet.places, _paired_in_cells(sheet.places, lines), strict=True):
        box = Box(*[edge * points for edge in place.line[:4]])
        signs = tuple(signs_in(place.line, said, points))
        line = TextLine(said.text, box, box.bottom - box.top, said.confidence, said.seen, signs)
        if place.table < 0:
            running.append(line)
        else:
            by_cell.setdefault((place.table, place.cell), []).append(line)
    items: list[Table | TextLine] = list(running)
    for table, lattice in enumerate(sheet.lattices):
        places = lattice.boxes().tolist()
        cells = tuple([
            TableCell(*span, Box(*places[cell]), tuple(by_cell.get((table, cell), ())))
            for cell, span in enumerate(lattice.spans)
        ])
        if any(cell.lines for cell in cells):
            items.append(Table(cells, tuple(lattice.xs.tolist()), tuple(lattice.ys.tolist()), is_closed(lattice.top),
                               is_closed(lattice.bottom), top_rules=lattice.top, bottom_rules=lattice.bottom))
    items.sort(key=lambda item: item.ys[0] if isinstance(item, Table) else item.box.top)
    height, width = sheet.dark.shape
    return Layout(number, width * points, height * points, tuple(items), f"ocr:{engine_of().name}")
