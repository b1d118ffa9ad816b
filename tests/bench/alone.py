"""What a run takes beside reading: memory and CPU over many small files that cost nothing to read.

Run it with ``python -m tests.bench.alone --files 100000`` (a quarter of an hour on a busy machine).
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

from pipeline.run import Reader, Settings, extract_year
from tests.bench.spine import resident
from tests.doubles.stand_in import UNITS, VERSION, process


def write_files(folder, count):
    """So many different files of one form each, a thousand to a folder."""
    for number in range(count):
        path = folder / f"单位{number // 1000:04d}" / f"2023年度项目支出绩效自评表_{number:07d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"forms 1 {number}")


def main():
    """Write, run, run again, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="jixiao-alone-"))
    seen = []

    def on_event(event):
        if event.kind in {"planned", "publishing"} or (
                event.kind == "read" and event.done % max(options.files // 5, 1) == 0):
            seen.append(f"{event.kind} {event.done:,}: {resident():.0f}")

    try:
        write_files(root / "in", options.files)
        settings = Settings(2023, root / "in", root / "out", root / "state", options.jobs, 600.0)
        for name in ("run", "again"):
            started = time.process_time()
            extract_year(settings, Reader(process, VERSION, UNITS), on_event)
            cpu = time.process_time() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(f"{name}: {cpu:.1f} CPU s, {cpu / options.files * 1e3:.2f} ms a file; peak {peak:.0f} MB;"
                  f" resident MB when {', '.join(seen)}")
            seen.clear()
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
