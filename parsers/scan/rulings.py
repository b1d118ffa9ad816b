"""The rulings of a straight page, each traced where it really runs, and the page without them.

Print that touches a ruling ends at it; print that crosses it goes on behind.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.lattice import Lattice
from parsers.scan.ink import Grey

REACH: Final = 0.035      # inches to either side of an edge that its ruling is looked for in
CHUNK: Final = 0.22       # inches along it that it is looked for at once
WEIGHT: Final = 0.32      # answer lost for each hundredth of an inch beside the edge, and between two chunks
FAINTEST: Final = 0.12    # of full ink, on average along it: a ruling
FADING: Final = 0.22      # of its answer: its rim
WIDEST: Final = 0.03      # inches: the half of the widest ruling
SECOND: Final = 0.75      # of the answer of a ruling: the second of a double one; strokes of print answer less
SHORT: Final = 3          # chunks of a ruling in a low row, beside which a stroke of print goes nearly as far: there
HALF: Final = 0.5         # of its darkness the second of a double ruling is inked
WHOLE: Final = 0.8        # over so much of its length
BLEED: Final = 0.004      # inches beside a ruling that its blur darkens

Floats = npt.NDArray[np.float64]


class Run(NamedTuple):
    """A ruling between two crossings or more, in pixels: its edge's number, from-to and its place."""

    edge: int
    low: float
    high: float
    at: float


class Traced(NamedTuple):
    """A ruling as it runs: ``middle`` for each pixel of ``along``, to ``over`` above and ``under`` below it."""

    along: npt.NDArray[np.int64]
    middle: npt.NDArray[np.int64]
    over: int
    under: int


def without_rulings(
    pages: Sequence[Grey], lattices: Sequence[Lattice], dpi: float
) -> tuple[list[Grey], list[list[tuple[int, int, int, int]]]]:
    """Pages without their rulings, and where the cells are between them.

    Args:
        pages: The same page in several views, dark for ink; rulings are looked for in the first.
        lattices: Its tables, in points.
        dpi: Of the pages.

    Returns:
        The pages, and for each lattice the boxes of its cells in pixels, within their rulings.
    """
    seen = pages[0]
    cleaned = [page.copy() for page in pages]
    boxes = []
    for lattice in lattices:
        across = _rims(seen, cleaned, lattice, dpi, standing=False)
        down = _rims(seen, cleaned, lattice, dpi, standing=True)
        boxes.append(_between(lattice, across, down))
    return cleaned, boxes


def _rims(
    seen: Grey, cleaned: list[Grey], lattice: Lattice, dpi: float, *, standing: bool
) -> tuple[Floats, Floats]:
    """Where print may begin before and behind each piece of each edge; rulings are taken out of the pages."""
    view = cv2.transpose(seen) if standing else seen
    owner = lattice.owner.T if standing else lattice.owner
    own, marks = (lattice.xs, lattice.ys) if standing else (lattice.ys, lattice.xs)
    edges, marks = own * dpi / 72, marks * dpi / 72
    before = np.repeat(edges[:, None], len(marks) - 1, axis=1)
    behind = before.copy()
    views = [page.T if standing else page for page in cleaned]   # of memory: written through
    for run, first, last in runs_of(owner, edges, marks):
        for traced in traced_along(view, run, dpi):
            for page in views:
                _taken_out(page, traced)
            for piece in range(first, last):
                held = (traced.along >= marks[piece]) & (traced.along < marks[piece + 1])
                if held.any():
                    middle = traced.middle[held]
                    before[run.edge, piece] = min(before[run.edge, piece], float(middle.min()) - traced.over)
                    behind[run.edge, piece] = max(behind[run.edge, piece], float(middle.max()) + traced.under + 1)
    return before, behind


def runs_of(owner: npt.NDArray[np.int64], edges: Floats, marks: Floats) -> Iterator[tuple[Run, int, int]]:
    """The pieces of edges that part two cells or bound the table, joined where they go on."""
    rows, cols = owner.shape
    for edge in range(rows + 1):
        drawn = np.ones(cols, bool) if edge in (0, rows) else owner[edge - 1] != owner[edge]
        steps = np.flatnonzero(np.diff(np.concatenate([[0], drawn.astype(np.int8), [0]])))
        for first, last in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
            yield Run(edge, float(marks[first]), float(marks[last]), float(edges[edge])), first, last


def traced_along(dark: Grey, run: Run, dpi: float) -> list[Traced]:
    """The ruling of a horizontal edge as it runs; two where it is double, none where nothing is drawn."""
    reach = max(2, round(REACH * dpi))
    spare = max(1, round(BLEED * dpi)) + 1
    middle = round(run.at)
    top, bottom = max(0, middle - 2 * reach), min(dark.shape[0], middle + 2 * reach + 1)
    low, high = max(0, round(run.low) - spare), min(dark.shape[1], round(run.high) + spare)
    strip = dark[top:bottom, low:high].astype(np.float32) / 255
    if strip.shape[0] < 3 or strip.shape[1] < 3:  # noqa: PLR2004  nothing to look at
        return []
    chunk = max(4, min(round(CHUNK * dpi), strip.shape[1]))
    starts = np.arange(0, strip.shape[1], chunk)
    answers = np.stack([strip[:, start : start + chunk].mean(axis=1) for start in starts])   # chunks × rows
    found: list[Traced] = []
    strength = 0.0
    for _ in range(2):
        path = _path(answers, middle - top, reach, dpi)
        levels = _levels(answers, path, round(WIDEST * dpi))
        peak = float(levels[len(levels) // 2])
        if peak < max(FAINTEST, SECOND * strength):
            break
        strength = strength or peak
        over, under = _half_widths(levels, peak, max(1, round(BLEED * dpi)))
        at = np.interp(np.arange(strip.shape[1]), starts + chunk / 2, path).round().astype(np.int64)
        if found and len(starts) <= SHORT and not _is_whole(strip, at, peak):
            break
        found.append(Traced(np.arange(low, high), at + top, over, under))
        for number, row in enumerate(path.tolist()):
            answers[number, max(0, row - over) : row + under + 1] = 0
    return found


def _is_whole(strip: npt.NDArray[np.floating[Any]], at: npt.NDArray[np.int64], peak: float) -> bool:
    """Whether a line is inked from end to end: double rulings are, strokes of print beside a dashed one are not."""
    rows = np.clip(np.stack([at - 1, at, at + 1]), 0, len(strip) - 1)
    along = strip[rows, np.arange(strip.shape[1])].max(axis=0)
    return float(np.mean(along > HALF * peak)) >= WHOLE


def _path(answers: npt.NDArray[np.float32], middle: int, reach: int, dpi: float) -> npt.NDArray[np.int64]:
    """The row of each chunk that a ruling runs in: dark, near its edge, without leaps."""
    rows = answers.shape[1]
    per_row = WEIGHT / (0.01 * dpi)
    window = slice(max(0, middle - reach), min(rows, middle + reach + 1))
    places = np.arange(rows)[window]
    kept = answers[:, window] - 0.25 * per_row * np.abs(places - middle)
    leap = per_row * np.abs(places[:, None] - places[None, :])
    best = kept[0].copy()
    came = np.zeros(kept.shape, np.int64)
    for number in range(1, len(kept)):
        options = best[None, :] - leap
        came[number] = options.argmax(axis=1)
        best = kept[number] + options.max(axis=1)
    path = np.zeros(len(kept), np.int64)
    path[-1] = int(best.argmax())
    for number in range(len(kept) - 1, 0, -1):
        path[number - 1] = came[number, path[number]]
    return places[path]


def _levels(answers: npt.NDArray[np.float32], path: npt.NDArray[np.int64], widest: int) -> npt.NDArray[np.float32]:
    """How dark it is so many rows above and below a path, the median along it."""
    padded = np.pad(answers, ((0, 0), (widest, widest)))
    window = np.stack([padded[number, row : row + 2 * widest + 1] for number, row in enumerate(path.tolist())])
    levels: npt.NDArray[np.float32] = np.median(window, axis=0)
    return levels


def _half_widths(levels: npt.NDArray[np.float32], peak: float, bleed: int) -> tuple[int, int]:
    """How far a ruling goes above and below its middle.

    It goes as far to one side as to the other: where it fades on one side only, print stands close on the other,
    unless that is as dark as the second of a double one.
    """
    middle = len(levels) // 2
    sides = (levels[middle::-1], levels[middle:])
    fades = [np.flatnonzero(side < FADING * peak) for side in sides]
    over, under = [int(below[0]) - 1 if len(below) else middle for below in fades]
    if len(fades[0]) and not len(fades[1]) and sides[1][middle // 2 + 1 :].max() < SECOND * peak:
        under = over
    if len(fades[1]) and not len(fades[0]) and sides[0][middle // 2 + 1 :].max() < SECOND * peak:
        over = under
    return over + bleed, under + bleed


def _taken_out(page: Grey, traced: Traced) -> None:
    """Paper along a ruling, save where ink stands on both its sides."""
    height = page.shape[0]
    above = np.clip(traced.middle - traced.over - 1, 0, height - 1)
    below = np.clip(traced.middle + traced.under + 1, 0, height - 1)
    fill = np.minimum(page[above, traced.along], page[below, traced.along])
    for shift in range(-traced.over, traced.under + 1):
        rows = np.clip(traced.middle + shift, 0, height - 1)
        page[rows, traced.along] = np.minimum(page[rows, traced.along], fill)


def _between(
    lattice: Lattice, across: tuple[Floats, Floats], down: tuple[Floats, Floats]
) -> list[tuple[int, int, int, int]]:
    """The boxes of the cells, within their rulings."""
    boxes = []
    for row, col, row_span, col_span in lattice.spans:
        cols, rows = slice(col, col + col_span), slice(row, row + row_span)
        top = float(np.median(across[1][row, cols]))
        bottom = float(np.median(across[0][row + row_span, cols]))
        x0 = float(np.median(down[1][col, rows]))
        x1 = float(np.median(down[0][col + col_span, rows]))
        boxes.append((round(x0), round(top), max(round(x0), round(x1)), max(round(top), round(bottom))))
    return boxes
