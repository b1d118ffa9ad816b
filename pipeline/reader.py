"""How this product reads: the document stage with people's corrections, the units, the version."""

from decimal import Context, Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path

from pipeline import corrections, document
from pipeline.contract import TABLES
from pipeline.run import Reader
from pipeline.values.unit import UNITS


def reader(decisions: Path) -> Reader:
    """The reader of a run, with the corrections of a folder.

    Raises:
        UsageProblem: A correction file breaks its rules; every fault is listed.
    """
    known = corrections.load(decisions)
    return Reader(
        process=partial(document.process, known=known),
        extractor_version=version("jixiao"),
        units=_unit_rows(),
        corrections_of=partial(corrections.digest, known),
    )


def _unit_rows() -> list[tuple[object, ...]]:
    """The rows of ``units``; a factor without end (亩) is rounded to the places of its column."""
    scale = TABLES["units"].schema.field("factor").type.scale
    place, wide = Decimal(1).scaleb(-scale), Context(prec=60)
    rows = (unit._replace(factor=unit.factor.quantize(place, context=wide)) for unit in UNITS.values())
    return sorted(tuple(row) for row in rows)
