"""Forms of every family in every kind of file, drawn from seeds: how many come out exactly.

    python -m tests.bench.families --forms 1000 --jobs 2

Prints, for each family and kind, the forms, those exact in all fields, false errors of the checks, and
the first differences. Scans have a bench of their own.
"""

import argparse
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

from fixtures import families, golden, laid_out, make
from fixtures.drawing import docx, html, reportlab, xlsx
from fixtures.sheet import Paragraph, Sheet
from parsers import read
from pipeline.document import extract
from tests.laws.forms import problems

Form = tuple[make.Drawn, list[make.Line]]

SHOWN = 3
"""Differences that are printed for a family and kind."""


class Outcome(NamedTuple):
    """What was wrong with one form: fields that differ, errors that the checks raised."""

    seed: int
    problems: list[str]
    errors: list[str]


def sheet(form: Form) -> Sheet:
    """The form as a person lays it out."""
    drawn, lines = form
    above = [Paragraph(line) for line in drawn.prints["above"]]
    table = laid_out.table([line.cells for line in lines], [line.kind for line in lines])
    return (Paragraph(drawn.project["title"], title=True), *above, table)


KINDS: Mapping[str, Callable[[Form], bytes]] = {
    "text.txt": lambda form: families.text(*form).encode(),
    "page.html": lambda form: html.page([sheet(form)]).encode(),
    "word.docx": lambda form: docx.document([sheet(form)]),
    "excel.xlsx": lambda form: xlsx.workbook([sheet(form)]),
    "print.pdf": lambda form: reportlab.pdf([sheet(form)]),
}
"""Drawings by the name of their file."""


def outcome(family: str, kind: str, seed: int) -> Outcome:
    """One form drawn, read and compared."""
    form = families.draw(family, random.Random(seed))
    found = golden.described(extract(read(KINDS[kind](form), kind), golden.DOCUMENT_ID))
    errors = [f"{finding}" for finding in found["findings"] if finding[1] == "error"]
    return Outcome(seed, problems(form[0], found), errors)


def main(arguments: Sequence[str]) -> int:
    """Draw, read and compare; 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="families", description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--families", nargs="+", choices=families.FAMILIES, default=families.FAMILIES)
    options = parser.parse_args(arguments)
    seeds = range(options.first, options.first + options.forms)
    wrong = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for family in options.families:
            for kind in options.kinds:
                done = list(pool.map(partial(outcome, family, kind), seeds, chunksize=10))
                bad = [one for one in done if one.problems or one.errors]
                wrong += len(bad)
                print(f"{family} {kind:<11} {len(done) - len(bad)} of {len(done)} exact", flush=True)
                for one in bad[:SHOWN]:
                    print(f"    seed {one.seed}: {(one.problems + one.errors)[:2]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
