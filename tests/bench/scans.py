"""Scanned forms at each level and in each face: how much is read exactly, what is flagged, what it costs.

    python -m tests.bench.scans --level L0 L1 L2 --forms 200 --jobs 2 --keep DIR
    python -m tests.bench.scans --level L1 --peers 4          # against RapidOCR and Tesseract
    python -m tests.bench.scans --level L1 --flat 500         # memory over so many pages

``--keep`` takes drawn files from a folder and leaves them there, and with them ``faults-<level>.md``: what was
read wrong, by cause, most frequent first. A number that is wrong in the records must be flagged by a
warning on its own field; ``row`` and ``form`` say that only a neighbour, or the form, is flagged.
"""

import argparse
import json
import pickle
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fixtures.drawing.style import FONTS
from fixtures.scans import files
from fixtures.scans.form import NAMES, FormScan, form_scan
from fixtures.scans.wear import LEVELS
from fixtures.sheet import Sheet
from parsers import read
from parsers.errors import UnreadableSource
from parsers.grid import Reading
from tests.bench.pdf import peak
from tests.bench.scan_peers import PEERS, peer_score
from tests.bench.scan_scores import CellScore, Fault, FieldScore, cell_score, field_score
from tests.bench.spine import resident

DIGITAL = "digital"
"""A level of its own: the PDF before it was printed, to see what the harness itself gets wrong."""

RULES = ("solid", "double", "dotted", "dashed")

TARGETS = {
    # grid, numbers before, numbers after, texts: least shares; CER, unflagged wrong numbers: largest
    "L0": (1, 0.999, 1, 0.998, 0.0003, 0), "L1": (0.998, 0.993, 0.999, 0.997, 0.0005, 1e-4),
    "L2": (0.99, 0.95, 0.99, 0.97, 0.005, 1e-3), DIGITAL: (1, 1, 1, 1, 0, 0),
}  # fmt: skip


class Case(NamedTuple):
    """One form to draw and read."""

    level: str
    face: str
    seed: int
    number: int
    extras: tuple[str, ...]

    def name(self) -> str:
        """Of its file."""
        return "-".join((self.level, f"{self.seed}", f"{self.number:04d}", self.face, *self.extras)) + ".pdf"


class Outcome(NamedTuple):
    """What became of one form; ``seconds`` of CPU for reading and for extracting, ``peak`` megabytes."""

    case: Case
    pages: int
    cells: CellScore
    fields: FieldScore
    seconds: tuple[float, float]
    peak: float
    first: bool
    """Of its process: it loaded the models."""
    rules: str
    """Solid, double, dotted or dashed."""


_count = 0


def drawn(case: Case) -> FormScan:
    """The form and its scan."""
    return form_scan("L1" if case.level == DIGITAL else case.level, case.face, case.seed, case.number, case.extras)


def keep(case: Case, folder: Path) -> None:
    """Draws a form into a folder, unless it is there: its file, and beside it what is printed on it."""
    path = folder / case.name()
    if not path.with_suffix(".pickle").exists():
        scan = drawn(case)
        path.write_bytes(scan.digital if case.level == DIGITAL else files.pdf(scan.pages))
        printed = (scan.sheet, len(scan.pages), scan.look.border.split()[1])
        path.with_suffix(".pickle").write_bytes(pickle.dumps(printed))


def known(case: Case, folder: Path) -> tuple[Sheet, int, str]:
    """What is printed on a kept form, its pages, and how its rules are drawn."""
    data = (folder / case.name()).with_suffix(".pickle").read_bytes()
    printed: tuple[Sheet, int, str] = pickle.loads(data)  # noqa: S301  our own file
    return printed


def outcome(case: Case, folder: Path) -> Outcome:
    """Reads and judges one form that was kept."""
    global _count  # noqa: PLW0603  a process has one
    path = folder / case.name()
    data = path.read_bytes()
    sheet, pages, rules = known(case, folder)
    started = time.process_time()
    try:
        reading = read(data, case.name())
    except UnreadableSource as error:
        print(f"{case.name()}: {error}", file=sys.stderr)
        reading = Reading("application/pdf", pages, ())
    between = time.process_time()
    fields = field_score(sheet, reading)
    seconds = (between - started, time.process_time() - between)
    _count += 1
    return Outcome(case, pages, cell_score(sheet, reading), fields, seconds, peak(), _count == 1, rules)


# ── tables ───────────────────────────────────────────────────────────────────


class Shares(NamedTuple):
    """Of the outcomes of one level and face."""

    forms: int
    pages: int
    grid: float
    before: float
    before_folded: float
    """The same where the width of signs does not count."""
    after: float
    texts: float
    cer: float
    wrong: int
    unflagged: int
    """Wrong numbers whose own field is not flagged."""
    nowhere: int
    """Wrong numbers of forms on which nothing is flagged."""
    numbers: int
    folded: int
    repaired: int
    wrongly_repaired: int
    seconds: float
    """Of CPU for a page; those that loaded the models apart."""


def shares(outcomes: Sequence[Outcome]) -> Shares:
    """Counts made shares."""
    cells, fields = [one.cells for one in outcomes], [one.fields for one in outcomes]
    wrong = [fault for field in fields for fault in field.faults if fault.what == "field"]
    warm = [one for one in outcomes if not one.first] or outcomes
    return Shares(
        forms=len(outcomes),
        pages=sum(one.pages for one in outcomes),
        grid=sum(cell.grid for cell in cells) / len(outcomes),
        before=_share((cell.numbers_exact, cell.numbers) for cell in cells),
        before_folded=_share((cell.numbers_exact + _folded(cell), cell.numbers) for cell in cells),
        after=_share((field.numbers_exact, field.numbers) for field in fields),
        texts=_share((cell.texts_exact, cell.texts) for cell in cells),
        cer=_share((cell.edits, cell.characters) for cell in cells),
        wrong=len(wrong),
        unflagged=sum(fault.flagged != "field" for fault in wrong),
        nowhere=sum(not fault.flagged for fault in wrong),
        numbers=sum(field.numbers for field in fields),
        folded=sum(cell.folded for cell in cells),
        repaired=sum(field.repaired for field in fields),
        wrongly_repaired=sum(field.wrongly_repaired for field in fields),
        seconds=sum(sum(one.seconds) for one in warm) / sum(one.pages for one in warm),
    )


def _folded(cell: CellScore) -> int:
    return sum(fault.what == "number" and fault.cause == "folding" for fault in cell.faults)


def _share(parts: Iterable[tuple[int, int]]) -> float:
    some, all_ = map(sum, zip(*parts, strict=True))
    return some / all_ if all_ else 1.0


_HEAD = (
    "level           forms pages  grid %  num before (width aside)  num after  text %   CER %  wrong unflagged"
    " nowhere of numbers  folding  repairs(bad)  CPU s/page"
)


def line(name: str, part: Shares) -> str:
    """A row of the table."""
    return (
        f"{name:15} {part.forms:5} {part.pages:5} {100 * part.grid:7.2f} {100 * part.before:11.3f} "
        f"{100 * part.before_folded:13.3f} {100 * part.after:10.3f} "
        f"{100 * part.texts:7.2f} {100 * part.cer:7.3f} {part.wrong:6} {part.unflagged:9} "
        f"{part.nowhere:7} {part.numbers:10} {part.folded:8} {part.repaired:7}({part.wrongly_repaired}) "
        f"{part.seconds:9.2f}"
    )


def missed(level: str, part: Shares) -> list[str]:
    """The targets that a level misses."""
    grid, before, after, texts, cer, unflagged = TARGETS[level]
    tests = {
        "grid": part.grid >= grid, "numbers before": part.before >= before, "numbers after": part.after >= after,
        "texts": part.texts >= texts, "CER": part.cer <= cer,
        "unflagged": part.unflagged / max(part.numbers, 1) <= unflagged,
        "after below before": part.after >= part.before,
    }  # fmt: skip
    return [name for name, held in tests.items() if not held]


def reliability(pairs: Iterable[tuple[float, bool]]) -> list[tuple[str, int, float]]:
    """Of what was said to be so sure: how much there is, and the share that is right."""
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0000001)
    bins: dict[int, list[bool]] = defaultdict(list)
    for sure, right in pairs:
        bins[next(at for at, edge in enumerate(edges) if sure < edge)].append(right)
    return [
        (f"{edges[at - 1]:.3f}–{edges[at]:.3f}", len(hits), sum(hits) / len(hits)) for at, hits in sorted(bins.items())
    ]


# ── faults, for study ────────────────────────────────────────────────────────


def report(outcomes: Sequence[Outcome]) -> str:
    """What was read wrong, by kind and cause, most frequent first."""
    groups: dict[tuple[str, str], list[tuple[Outcome, Fault]]] = defaultdict(list)
    for one in outcomes:
        for fault in (*one.cells.faults, *one.fields.faults):
            groups[fault.what, fault.cause].append((one, fault))
    parts = []
    for (what, why), faults in sorted(groups.items(), key=lambda item: -len(item[1])):
        faces = Counter(one.case.face for one, _ in faults)
        by_face = ", ".join(f"{face} {count}" for face, count in faces.most_common())
        parts.append(f"\n## {what}: {why}, {len(faults)} ({by_face})\n")
        for one, fault in faults[:60]:
            place = f"{one.case.name()} p{fault.page} {fault.place}"
            flags = f" flagged={fault.flagged or 'no'}" if fault.what.startswith("field") else f" seen={fault.seen}"
            parts.append(f"- `{place}` `{fault.wanted}` → `{fault.found}` {fault.confidence:.3f}{flags}")
    return "\n".join(parts) + "\n"


def _show(level: str, outcomes: Sequence[Outcome], folder: Path) -> bool:
    """Prints the rows of a level and keeps its faults; whether it misses a target."""
    faces: Mapping[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        faces[one.case.face].append(one)
        faces[f"{one.rules} rules"].append(one)
    for name, some in faces.items():
        print(line(f"{level} {name}", shares(some)))
    whole = shares(outcomes)
    print(line(f"{level} all", whole), f"  peak {max(one.peak for one in outcomes):.0f} MB")
    faults = missed(level, whole)
    print(f"{level}: {'misses ' + ', '.join(faults) if faults else 'meets its targets'}", flush=True)
    for name, score in (("cells", [one.cells for one in outcomes]), ("fields", [one.fields for one in outcomes])):
        bins = reliability(pair for part in score for pair in part.confidences)
        print(f"  {name} by confidence:", "; ".join(f"{edges}: {100 * right:.2f} % of {n}" for edges, n, right in bins))
    (folder / f"faults-{level}.md").write_text(report(outcomes), "utf-8")
    rows = [{"file": one.case.name(), **fault._asdict()} for one in outcomes
            for fault in (*one.cells.faults, *one.fields.faults)]  # fmt: skip
    (folder / f"faults-{level}.json").write_text(json.dumps(rows, ensure_ascii=False, indent=0), "utf-8")
    return bool(faults)


# ── peers and memory ─────────────────────────────────────────────────────────


def against_peers(cases: Sequence[Case], folder: Path) -> None:
    """All engines on the same pages: CPU and cells exact."""
    spent, right = Counter[str](), defaultdict(Counter[str])
    pages = 0
    for case in cases:
        keep(case, folder)
        scan = drawn(case)
        ours = [outcome(case, folder) for _ in range(2 if case is cases[0] else 1)][-1]
        right["ours"].update(cells=ours.cells.texts + ours.cells.numbers, numbers=ours.cells.numbers,
                             exact=ours.cells.texts_exact + ours.cells.numbers_exact, right=ours.cells.numbers_exact)
        spent["ours"] += ours.seconds[0]
        pages += len(scan.pages)
        for name in PEERS:
            if case is cases[0]:
                peer_score(name, scan.pages[0])
            for page in scan.pages:
                score = peer_score(name, page)
                spent[name] += score.seconds
                right[name].update(
                    cells=score.cells, exact=score.exact, numbers=score.numbers, right=score.numbers_exact
                )
    print(f"{'engine':36} CPU s/page  cells exact %  numbers exact %   ({pages} pages)")
    for name, seconds in spent.items():
        count = right[name]
        print(f"{name:36} {seconds / pages:10.2f} {100 * count['exact'] / count['cells']:14.2f} "
              f"{100 * count['right'] / count['numbers']:16.2f}")


def flat(cases: Sequence[Case], folder: Path, pages: int) -> None:
    """Resident megabytes along so many pages, read in this process."""
    sizes, done = [], 0
    with ProcessPoolExecutor(1) as pool:
        list(pool.map(partial(keep, folder=folder), cases))
    while done < pages:
        path = folder / cases[len(sizes) % len(cases)].name()
        done += read(path.read_bytes(), path.name).page_count
        sizes.append(resident())
    step = max(1, len(sizes) // 12)
    print(f"resident MB over {done} pages: {', '.join(f'{size:.0f}' for size in sizes[::step])}; peak {peak():.0f}")


def main() -> int:
    """Draws, reads, counts; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--level", nargs="+", choices=[*LEVELS, DIGITAL], default=list(LEVELS))
    parser.add_argument("--forms", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="number of the first form")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--faces", nargs="+", choices=FONTS, default=list(FONTS))
    parser.add_argument("--extras", nargs="*", choices=NAMES, default=[])
    parser.add_argument("--rules", nargs="+", choices=RULES, default=RULES, help="only forms with such rules")
    parser.add_argument("--peers", type=int, default=0, help="so many forms by RapidOCR and Tesseract too")
    parser.add_argument("--flat", type=int, default=0, help="so many pages in one process")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.keep or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        print("" if chosen.peers or chosen.flat else _HEAD, flush=True)
        missed_some = [_measured(level, chosen, folder) for level in chosen.level]
    return int(any(missed_some))


def _measured(level: str, chosen: argparse.Namespace, folder: Path) -> bool:
    """One level; whether it misses a target. Drawing has processes of its own: it takes more memory than reading."""
    count = chosen.peers or (10 if chosen.flat else chosen.forms)
    cases = [
        Case(level, chosen.faces[number % len(chosen.faces)], chosen.seed, number, tuple(chosen.extras))
        for number in range(chosen.first, chosen.first + count)
    ]
    if chosen.peers:
        print(f"── {level} " + "─" * 60)
        against_peers(cases, folder)
        return False
    if chosen.flat:
        flat(cases, folder, chosen.flat)
        return False
    with ProcessPoolExecutor(chosen.jobs) as pool:
        list(pool.map(partial(keep, folder=folder), cases))
    cases = [case for case in cases if known(case, folder)[2] in chosen.rules]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        return _show(level, list(pool.map(partial(outcome, folder=folder), cases)), folder)


if __name__ == "__main__":
    sys.exit(main())
