"""50,000 forms in 12,500 pasted reports, on one core, against the floor of reading the files.

The floor: open, read, decode, split into lines and cells, keep the cells that hold text with
their row and column. Figures are CPU time (user + system) of a run and of all its processes, measured in
two ways:

* apart: floor, `parsers.read`, the whole `jixiao extract` and its rerun over unchanged input, each
  in a process of its own. The floor alone runs in a warm cache, which no real program has.
* interleaved: the worker of `jixiao extract` reads each document both ways in turn; what is not floor
  (the document stage, processes, state, publishing) is extract. This is the ratio that holds when the
  machine drifts.

Run it with ``make bench``; ``ARGS="--reports 1000"`` makes it shorter.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing.sharedctypes import RawArray
from pathlib import Path

FORMS_PER_REPORT = 4
RUN, WORKERS = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
HIGHEST_RATIO = 25
"""The figure to stay under: CPU of extract ÷ CPU of floor."""


def draw_reports(folder: Path, count: int) -> None:
    """Write so many different reports, a thousand to a folder."""
    from fixtures import make

    for seed in range(count):
        path = folder / f"{seed // 1000:03d}" / f"{seed:05d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make.report(seed, FORMS_PER_REPORT), encoding="utf-8")


def floor_of(path: Path) -> int:
    """The cells of one file: what reading and splitting must cost, whatever is done with them."""
    with path.open("rb") as file:
        text = file.read().decode()
    cells = [
        (row, column, cell.strip())
        for row, line in enumerate(text.splitlines())
        for column, cell in enumerate(line.split("\t"))
        if cell and not cell.isspace()
    ]
    return len(cells)


def floor(folder: Path) -> int:
    """The cells of all files."""
    return sum(floor_of(path) for path in sorted(folder.rglob("*.txt")))


def reader(folder: Path) -> int:
    """The floor of the product's own reader."""
    from parsers import read

    return sum(
        len(grid.cells)
        for path in sorted(folder.rglob("*.txt"))
        for grid in read(path.read_bytes(), path.name).grids
    )


def extract(folder: Path, out: Path) -> dict[str, object]:
    """The whole main job, with the resident memory as it goes on."""
    from pipeline import run
    from pipeline.reader import reader

    memory: list[tuple[int, float]] = []

    def on_event(event: run.Event) -> None:
        if event.kind == "read" and event.done % 1250 in {0, 1}:
            memory.append((event.done, resident()))

    settings = run.Settings(year=2023, input=folder, out=out, state=out / "_state")
    summary = run.extract_year(settings, reader(Path("data/corrections")), on_event)
    own, worker = (resource.getrusage(who).ru_maxrss / 1e3 for who in (RUN, WORKERS))
    return {"forms": summary.contents.forms, "read": summary.read, "memory": memory, "peak": own, "worker": worker}


def interleaved(folder: Path, out: Path) -> dict[str, object]:
    """Floor and extract in turn on each document: CPU seconds of both."""
    from pipeline import run
    from pipeline.outcome import Outcome, Task
    from pipeline.reader import reader as product_reader

    spent = RawArray("d", 2)  # documents are read in a forked process, and this memory is shared with it
    made = product_reader(Path("data/corrections"))

    def both(task: Task) -> Outcome:
        begin = time.thread_time()  # under a limit of CPU seconds, the clock of a process moves in ticks
        floor_of(Path(task.path))
        middle = time.thread_time()
        outcome = made.process(task)
        spent[0] += middle - begin
        spent[1] += time.thread_time() - middle
        return outcome

    started = processor_seconds()
    settings = run.Settings(year=2023, input=folder, out=out / "again", state=out / "again" / "_state")
    run.extract_year(settings, made._replace(process=both))
    floors, documents = spent
    if not floors:
        raise RuntimeError("no floor was timed: documents are read where this memory is not shared")
    return {"floor": floors, "documents": documents, "extract": processor_seconds() - started - floors}


def resident() -> float:
    """Megabytes of resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds() -> float:
    """CPU seconds, user and system, of this process and of all that it has started and that have ended."""
    used = [resource.getrusage(who) for who in (RUN, WORKERS)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(part: str, folder: Path, out: Path) -> dict[str, object]:
    """One part in a process of its own: CPU seconds, wall seconds and what it says."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.spine",
        "--part",
        part,
        "--folder",
        str(folder),
        "--out",
        str(out),
    ]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"part": part, "cpu": cpu, "wall": time.perf_counter() - started, **json.loads(said)}


def run_part(part: str, folder: Path, out: Path) -> dict[str, object]:
    """What a measured process does."""
    if part == "floor":
        return {"cells": floor(folder)}
    if part == "reader":
        return {"cells": reader(folder)}
    if part == "nothing":
        from pipeline.reader import reader as product_reader

        product_reader(Path("data/corrections"))
        return {}
    if part == "interleaved":
        return interleaved(folder, out)
    return extract(folder, out)


def main() -> None:
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=12_500)
    parser.add_argument("--part")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(run_part(options.part, options.folder, options.out)))
        return
    work = Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
    try:
        report(options.reports, work)
    finally:
        shutil.rmtree(work)


PARTS = ("nothing", "floor", "reader", "extract", "rerun")


def report(count: int, work: Path) -> None:
    """Measure every part and print the tables."""
    draw_reports(work / "raw", count)
    parts = {part: measured(part, work / "raw", work / "out") for part in PARTS}
    cells, forms = int(parts["floor"]["cells"]), count * FORMS_PER_REPORT
    base = float(parts["floor"]["cpu"])
    print(f"{forms:,} forms in {count:,} reports, {cells:,} cells")
    print(f"{'apart':10}{'CPU s':>10}{'× floor':>10}{'forms / CPU s':>16}{'µs / cell':>12}")
    for name, figures in parts.items():
        cpu = float(figures["cpu"])
        print(f"{name:10}{cpu:10.2f}{cpu / base:10.1f}{forms / cpu:16,.0f}{cpu / cells * 1e6:12.2f}")
    memory = parts["extract"]["memory"]
    print("resident MB of the run after reports:", ", ".join(f"{done:,}: {size:.0f}" for done, size in memory))
    print("peak {peak:.0f} MB of the run, {worker:.0f} MB of its largest worker".format(**parts["extract"]))
    print(f"the rerun read {parts['rerun']['read']} files again")
    turn = measured("interleaved", work / "raw", work / "out")
    base = float(turn["floor"])
    print(f"interleaved: floor {base:.2f} s, document stage {turn['documents'] / base:.1f}×,", end=" ")
    print(f"extract as a whole {turn['extract'] / base:.1f}× the floor (to stay under {HIGHEST_RATIO}×)")


if __name__ == "__main__":
    main()
