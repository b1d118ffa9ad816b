"""50,000 forms in 12,500 pasted reports, on one core, against the floor of reading the files.

Every figure is CPU time (user + system) of a process of its own, all in one run:

* floor: open, read, decode, split into lines and cells, keep the cells that hold text with
  their row and column;
* reader: the same through `parsers.read`, which gives the frozen grids;
* extract: `jixiao extract` as a whole, from scan to published tables;
* rerun: the same command again over unchanged input.

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
from pathlib import Path

FORMS_PER_REPORT = 4
HIGHEST_RATIO = 25
"""The figure to stay under: CPU of extract ÷ CPU of floor."""


def draw_reports(folder: Path, count: int) -> None:
    """Write so many different reports, a thousand to a folder."""
    from fixtures import make

    for seed in range(count):
        path = folder / f"{seed // 1000:03d}" / f"{seed:05d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make.report(seed, FORMS_PER_REPORT), encoding="utf-8")


def floor(folder: Path) -> int:
    """What reading and splitting must cost, whatever is done with the cells."""
    count = 0
    for path in sorted(folder.rglob("*.txt")):
        with path.open("rb") as file:
            text = file.read().decode()
        cells = [
            (row, column, cell.strip())
            for row, line in enumerate(text.splitlines())
            for column, cell in enumerate(line.split("\t"))
            if cell and not cell.isspace()
        ]
        count += len(cells)
    return count


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
    return {"forms": summary.contents.forms, "read": summary.read, "memory": memory, "peak": peak()}


def resident() -> float:
    """Megabytes of resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak() -> float:
    """Megabytes of resident memory at the worst moment."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


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


def report(count: int, work: Path) -> None:
    """Measure every part and print the table."""
    draw_reports(work / "raw", count)
    parts = {
        part: measured(part, work / "raw", work / "out")
        for part in ("nothing", "floor", "reader", "extract", "rerun")
    }
    forms = count * FORMS_PER_REPORT
    base = float(parts["floor"]["cpu"])
    print(f"{forms:,} forms in {count:,} reports, {parts['floor']['cells']:,} cells")
    print(f"{'part':10}{'CPU s':>10}{'× floor':>10}{'forms / CPU s':>16}{'µs / cell':>12}")
    for name, figures in parts.items():
        cpu = float(figures["cpu"])
        per_cell = cpu / int(parts["floor"]["cells"]) * 1e6
        print(f"{name:10}{cpu:10.2f}{cpu / base:10.1f}{forms / cpu:16,.0f}{per_cell:12.2f}")
    memory = parts["extract"]["memory"]
    print("resident MB after reports:", ", ".join(f"{done:,}: {size:.0f}" for done, size in memory))
    print(f"peak {parts['extract']['peak']:.0f} MB; rerun read {parts['rerun']['read']} files again")
    print(
        f"extract is {float(parts['extract']['cpu']) / base:.1f}× the floor; to stay under {HIGHEST_RATIO}×"
    )


if __name__ == "__main__":
    main()
