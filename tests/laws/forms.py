"""Drawn forms as hypothesis strategies, and what is read from distorted prints of them."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from fixtures import golden, make
from parsers import read
from pipeline.document import extract


def drawn():
    """A form with its printed lines; shrinks towards small seeds."""
    return st.integers(0, 10_000).map(_drawn)


def _drawn(seed: int):
    rng = random.Random(seed)
    form = make.draw(rng)
    return form, make.rows(form, repeat_levels=rng.random() < 0.2)


def truth(form: make.Drawn):
    """The records of a drawn form, in the form of ``expected.json``."""
    return {
        "project": {name: value for name, value in form.project.items() if value is not None},
        "funds": [_known(row) for row in form.funds],
        "indicators": [_known(row) for row in form.indicators],
    }


def _known(row):
    return {name: value for name, value in row.items() if value is not None}


def read_back(form: make.Drawn, lines: Sequence[make.Line]):
    """What comes out of a pasted report of one form."""
    return golden.described(extract(read(make.text([(form, lines)]).encode(), "x.txt"), golden.DOCUMENT_ID))


def problems(form: make.Drawn, found) -> list[str]:
    """Differences between the truth of a drawn form and what was read, findings aside."""
    wanted = {
        "forms": [truth(form)],
        "findings": found["findings"],
        "info": [],
        "status": "extracted",
    }
    return list(golden.differences(wanted, found))


def doubts(found) -> list:
    """Findings that say that the print of a row can be read in more than one way, or not at all."""
    keys = {"layout_ambiguous_row", "unplaced_text", "unread_value"}
    return [finding for finding in found["findings"] if finding[0] in keys]
