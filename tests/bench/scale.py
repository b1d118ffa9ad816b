"""100,000 mixed documents end to end: what a form costs, how two workers scale, what the run itself takes.

Text, web pages, Excel and PDF in equal parts, one to three forms of family A in each. Some hundred
documents of each kind are drawn; the others repeat them under other project names (PDF: other bytes at
the end), so that no two are the same and drawing does not take longer than reading.

Every run is a process of its own. The processor's time is split by who spends it: the run (listing,
state, publishing) and its workers (reading documents; the parent's wait4 tells). Wall clock is that of
the machine as it is: for the scaling of workers it must have two free cores, else the ratio says how busy
it was; ``steal`` tells, from /proc/stat, how many processors others took meanwhile.

Run it with ``make bench-scale``; ``ARGS="--documents 5000"`` makes it shorter.
"""

import argparse
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

DISTINCT = 250
"""Documents of each kind that are drawn."""

MARK = "项目名称之标记"
"""Put behind a project's name when a document is drawn, and replaced when it is repeated."""


def draw(kind, seed):
    """One document of a kind, with the mark behind its projects' names."""
    from fixtures import make
    from fixtures.drawing import html, reportlab, xlsx
    from fixtures.sheet import form_sheet

    rng = random.Random(f"{kind}{seed}")
    forms = []
    for _ in range(rng.randint(1, 3)):
        form = make.draw(rng)
        forms.append(form._replace(project=form.project | {"project_name": form.project["project_name"] + MARK}))
    if kind == "txt":
        return make.text((form, make.rows(form)) for form in forms).encode(), len(forms)
    sheets = [form_sheet(form) for form in forms]
    drawn = {"html": lambda: html.page(sheets).encode(), "xlsx": lambda: xlsx.workbook(sheets),
             "pdf": lambda: reportlab.pdf(sheets)}
    return drawn[kind](), len(forms)


def repeat(kind, content, number):
    """The same document under other names of its projects."""
    name = f"{number:07d}期"
    if kind == "pdf":
        return content + f"\n% {name}\n".encode()
    if kind != "xlsx":
        return content.replace(MARK.encode(), name.encode())
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to,
    ):
        for entry in source.infolist():
            to.writestr(entry.filename, source.read(entry).replace(MARK.encode(), name.encode()))
    return packed.getvalue()


def draw_year(folder, documents):
    """Write so many documents, a thousand to a folder; how many forms they hold."""
    kinds = ("txt", "html", "xlsx", "pdf")
    distinct = min(DISTINCT, max(1, documents // 16))
    total = 0
    pools = {kind: [draw(kind, seed) for seed in range(distinct)] for kind in kinds}
    for number in range(documents):
        kind = kinds[number % 4]
        content, forms = pools[kind][number // 4 % distinct]
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(repeat(kind, content, number))
        total += forms
    return total


# ── one run ──────────────────────────────────────────────────────────────────


def measured(folder, out, jobs):
    """One run, in this process: its figures."""
    from pipeline import run
    from pipeline.reader import reader

    sizes, marks = [], {}
    done = threading.Event()

    def watch():
        while not done.wait(0.2):
            sizes.append(resident())

    def on_event(event):
        if event.kind in {"planned", "publishing"}:
            marks[event.kind] = (time.perf_counter(), own(), resident())

    threading.Thread(target=watch, daemon=True).start()
    started, stolen = time.perf_counter(), busy()
    settings = run.Settings(2023, folder, out, out / "_state", jobs=jobs)
    summary = run.extract_year(settings, reader(Path("data/corrections")), on_event)
    wall, used = time.perf_counter() - started, own()
    taken = busy() - stolen
    done.set()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    reading, publishing = marks["planned"], marks["publishing"]
    return {
        "files": summary.contents.files, "forms": summary.contents.forms, "read": summary.read,
        "wall": wall, "reading_wall": publishing[0] - reading[0], "publish_wall": started + wall - publishing[0],
        "run_cpu": used, "plan_cpu": reading[1], "state_cpu": publishing[1] - reading[1],
        "publish_cpu": used - publishing[1],
        "workers_cpu": children.ru_utime + children.ru_stime, "busy": taken / wall,
        "resident": [round(size) for size in (reading[2], *sizes[:: max(1, len(sizes) // 6)], max(sizes, default=0))],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


def own():
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident():
    """Megabytes of resident memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def busy():
    """CPU seconds that the whole machine has used, idle and waiting apart."""
    user, nice, system, _idle, _wait, irq, soft, steal = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def in_a_process(folder, out, jobs):
    """One run in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.scale", "--run", jobs, "--folder", folder, "--out", out]
    return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)


# ── the report ───────────────────────────────────────────────────────────────


def report(documents, work, jobs):
    """Draw, run with each number of workers and once more over unchanged input, print the tables."""
    started = time.perf_counter()
    drawn = draw_year(work / "raw", documents)
    print(f"{documents:,} documents with {drawn:,} forms drawn in {time.perf_counter() - started:.0f} s", flush=True)
    runs = {f"{count} workers": in_a_process(work / "raw", work / f"out{count}", count) for count in jobs}
    runs["again, unchanged"] = in_a_process(work / "raw", work / f"out{jobs[0]}", jobs[0])
    print(f"{'':18}{'wall s':>9}{'reading s':>10}{'CPU s':>9}{'docs/CPU s':>11}{'forms/CPU s':>12}{'overhead':>9}"
          f"{'publish s':>10}{'busy':>6}")
    for name, one in runs.items():
        cpu = one["run_cpu"] + one["workers_cpu"]
        print(f"{name:18}{one['wall']:9.1f}{one['reading_wall']:10.1f}{cpu:9.1f}{one['files'] / cpu:11.0f}"
              f"{one['forms'] / cpu:12.0f}{one['run_cpu'] / cpu:9.1%}{one['publish_cpu']:10.2f}{one['busy']:6.2f}",
              flush=True)
    for name, one in runs.items():
        parts = {part: round(one[f"{part}_cpu"], 2) for part in ("plan", "state", "publish", "workers")}
        print(f"{name}: CPU {parts}; MB of the run as it goes on {one['resident']}, at the peak {one['peak']:.0f}")
    if len(jobs) == 1:
        return
    one, two = (runs[f"{count} workers"] for count in jobs[:2])
    size = sum(path.stat().st_size for path in (work / f"out{jobs[0]}").rglob("part-*")) / 1e6
    print(f"scaling of reading from {jobs[0]} to {jobs[1]} workers: {one['reading_wall'] / two['reading_wall']:.2f}×"
          f" by the clock, {one['workers_cpu'] / two['workers_cpu']:.2f} of the CPU a document; tables {size:.1f} MB")
    same = same_bytes(*(work / f"out{count}" for count in jobs[:2]))
    print("tables of both runs:", "the same bytes" if same else "NOT THE SAME")
    assert same
    assert one["files"] == two["files"] == documents


def same_bytes(one, other):
    """Whether two folders of tables hold the same."""
    names = [sorted(path.relative_to(out) for path in out.glob("[a-z]*/**/part-*")) for out in (one, other)]
    return names[0] == names[1] and all((one / name).read_bytes() == (other / name).read_bytes() for name in names[0])


def main():
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--work", type=Path, help="where to draw and run; a folder under TMPDIR that is removed")
    parser.add_argument("--run", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(measured(options.folder, options.out, options.run)))
        return
    work = options.work or Path(tempfile.mkdtemp(prefix="jixiao-scale-"))
    try:
        report(options.documents, work, options.jobs)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
