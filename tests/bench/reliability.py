"""Of lines said to be so sure, how many are right: the recogniser's confidence against the truth.

    python -m tests.bench.reliability --level L0 L1 L2 --forms 10 --seed 5

Pages of generated forms are read as pictures; their lines are set beside the printed ones in reading
order, and blocks of lines that do not correspond one to one (faults of the grid) are left out and
counted. ``right`` is the share of lines whose text is exact but for blanks, ``seen`` that of lines
with the exact text among their readings.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from fixtures.drawing.style import FONTS
from fixtures.scans.form import form_scan
from fixtures.scans.scan import ScannedPage
from parsers.page import Table, TextLine
from parsers.scan.page import read_page
from tests.bench.scan_scores import bare, is_numeric

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0001)


class Pair(NamedTuple):
    """A printed line and what was read of it."""

    truth: str
    read: TextLine

    @property
    def right(self) -> bool:
        return bare(self.truth) == bare(self.read.text)

    @property
    def seen(self) -> bool:
        return self.right or bare(self.truth) in {bare(way.text) for way in self.read.seen}


def lines_read(page: ScannedPage) -> list[TextLine]:
    """The lines of a page in reading order."""
    pixels = page.pixels if page.pixels.ndim == 3 else cv2.cvtColor(page.pixels, cv2.COLOR_GRAY2RGB)
    lines: list[TextLine] = []
    for item in read_page(np.ascontiguousarray(pixels), float(page.dpi), 1).layout.items:
        lines += [line for cell in item.cells for line in cell.lines] if isinstance(item, Table) else [item]
    return lines


def pairs(page: ScannedPage) -> Iterator[Pair | None]:
    """Lines side by side; None for each printed line that has no counterpart."""
    truth = [line.text for cell in page.cells for line in cell.lines if bare(line.text)]
    read = lines_read(page)
    matcher = SequenceMatcher(None, [bare(text) for text in truth], [bare(line.text) for line in read], autojunk=False)
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and high - low == end - start):
            yield from map(Pair, truth[low:high], read[start:end])
        else:
            yield from [None] * (high - low)


def share(flags: list[bool]) -> str:
    return f"{100 * sum(flags) / len(flags):6.2f}" if flags else "     -"


def main() -> None:
    """Print shares by level, face and kind, and the reliability curve of each level."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--level", nargs="+", default=["L0", "L1", "L2"])
    parser.add_argument("--forms", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.Random().randrange(10**6))
    parser.add_argument("--wrong", action="store_true", help="show each line that was misread")
    chosen = parser.parse_args()
    for level in chosen.level:
        found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        lost = 0
        for number in range(chosen.forms):
            face = list(FONTS)[number % len(FONTS)]
            for page in form_scan(level, face, chosen.seed, number).pages:
                own = list(pairs(page))
                lost += own.count(None)
                for pair in filter(None, own):
                    found[face, "number" if is_numeric(pair.truth) else "text"].append(pair)
        print(f"## {level}, seed {chosen.seed}: {sum(map(len, found.values()))} lines, {lost} without counterpart")
        report(found, wrong=chosen.wrong)


def report(found: dict[tuple[str, str], list[Pair]], *, wrong: bool) -> None:
    """Print one level."""
    for (face, kind), own in sorted(found.items()):
        right, seen = share([pair.right for pair in own]), share([pair.seen for pair in own])
        print(f"{face:6} {kind:7}{len(own):6} right {right} seen {seen}")
        for pair in own:
            if wrong and not pair.right:
                print(f"       {pair.read.confidence:.3f} {pair.truth} → {pair.read.text}", "seen" if pair.seen else "")
    every = [pair for own in found.values() for pair in own]
    for low, high in pairwise(EDGES):
        own = [pair for pair in every if low <= pair.read.confidence < high]
        if own:
            said = 100 * float(np.mean([pair.read.confidence for pair in own]))
            right = share([pair.right for pair in own])
            print(f"said {low:.3f}-{min(high, 1):.3f}: {len(own):6} lines, mean {said:6.2f}, right {right}")


if __name__ == "__main__":
    main()
