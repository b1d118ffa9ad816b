"""All scenarios at several seeds over 300 documents, as the table of docs/chaos.md.

Run it with ``make chaos``; ``ARGS="--documents 60 --seeds 1"`` makes it shorter, and
``ARGS="--only asked_to_stop --seeds 100"`` repeats one of them. It ends with 1 where anything was lost.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

from tests.chaos.faults import IN_CHILD
from tests.chaos.field import Field
from tests.chaos.scenarios import AROUND, in_child

PAGE = Path(__file__).resolve().parents[2] / "docs" / "chaos.md"
MARK = "<!-- written by `make chaos` -->\n"
HEAD = ("| what was done | struck | others right | fates | exit | processes left | read again | tables identical |\n"
        "|---|---|---|---|---|---|---|---|\n")


def rows_of(field, root, seeds, words):
    """Each scenario's rows, one a seed; only those that are called so, where words are given."""
    scenarios = {name: partial(in_child, name=name, strikes=3) for name in IN_CHILD}
    scenarios |= {scenario.__name__: scenario for scenario in AROUND}
    for name, scenario in scenarios.items():
        if words is None or words in name:
            yield [done(scenario, field, root, seed) for seed in seeds]


def done(scenario, field, root, seed):
    """The row of one scenario, in a folder of its own."""
    place = Path(tempfile.mkdtemp(dir=root))
    try:
        return scenario(field, place, seed=seed)
    finally:
        shutil.rmtree(place)


def line(rows):
    """The rows of one scenario as one of the table."""
    first = rows[0]
    struck = sum(row.struck for row in rows)
    others = sum(row.others for row in rows)
    fates = Counter()
    for row in rows:
        fates.update(row.fates)
    said = ", ".join(f"{number} {status}" for status, number in sorted(fates.items())) or "–"
    codes = ", ".join(map(str, sorted({int(row.code) for row in rows})))
    identical = sum(row.identical for row in rows)
    return (f"| {first.fault} | {struck} | {sum(row.right for row in rows)} of {others} | {said} | {codes} |"
            f" {sum(row.left for row in rows)} | {sum(row.read_again for row in rows)} | {identical} of {len(rows)} |")


def main():
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", help="scenarios whose name has these words in it")
    parser.add_argument("--write", action="store_true", help="put the table into docs/chaos.md")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("the table is written as a whole")
    root = Path(tempfile.mkdtemp(prefix="jixiao-chaos-"))
    lines, short = [], 0
    try:
        field = Field(root / "field", options.documents)
        seeds = range(options.first, options.first + options.seeds)
        for rows in rows_of(field, root, seeds, options.only):
            lines.append(line(rows))
            short += sum(row.falls_short for row in rows)
            print(lines[-1], flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    if options.write:
        before, _, _ = PAGE.read_text("utf-8").partition(MARK)
        what = f"{options.documents} documents, {options.seeds} seeds, two workers.\n\n"
        PAGE.write_text(f"{before}{MARK}\n{what}{HEAD}" + "\n".join(lines) + "\n", "utf-8")
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
