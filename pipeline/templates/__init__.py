"""The shapes of the forms, as data: one TOML file a shape; a family may have several.

A template says which labels its indicator head must and must not show, in what order its
columns stand and, where heads are alike, which level-1 names must or must not stand below it.
It holds no regular expressions, no priorities and inherits nothing. A broken template stops
the program with all its faults listed.
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, NamedTuple

from pipeline.errors import ExitCode, JixiaoError

FAMILIES = "ABCDEFG"

WORDS = frozenset({"codes.toml", "labels.toml", "neighbours.toml", "persons.toml", "scales.toml", "titles.toml"})
"""Files that stand beside the templates and are none."""


class Table(NamedTuple):
    """The columns of a table in print order, by label id, and those a row must have."""

    columns: tuple[str, ...]
    required: frozenset[str]


class Template(NamedTuple):
    """One shape of the form.

    Attributes:
        family: ``A`` to ``G``.
        name: Told apart by this within the family.
        budget_points: Points for the execution rate; 0 where it earns none of its own.
        must: Labels that the indicator head must show, and those that it must_not.
        levels: Level-1 codes of which one must stand below the head; empty: any.
        levels_not: Level-1 codes of which none may.
        indicators: Its columns.
    """

    family: str
    name: str
    budget_points: int
    must: frozenset[str]
    must_not: frozenset[str]
    levels: frozenset[str]
    levels_not: frozenset[str]
    indicators: Table


class TemplateFault(JixiaoError):
    """A template file that breaks its own rules; lists every fault at once."""

    exit_code = ExitCode.BUG


@lru_cache(maxsize=1)
def load() -> tuple[Template, ...]:
    """All templates that the package carries, by family and file.

    Raises:
        TemplateFault: listing every fault of every file.
    """
    faults: list[str] = []
    templates = []
    sources = [source for source in files(__name__).iterdir() if source.name.endswith(".toml")]
    for source in sorted(sources, key=attrgetter("name")):
        if source.name not in WORDS:
            data = tomllib.loads(source.read_text("utf-8"))
            problems = [f"{source.name}: {problem}" for problem in faults_of(data)]
            faults += problems
            if not problems:
                templates.append(parse(data))
    if faults:
        raise TemplateFault("; ".join(faults), next_step="mend the files in pipeline/templates")
    return tuple(templates)


def parse(data: dict[str, Any]) -> Template:
    """A template from its parsed TOML, which must be without `faults_of`."""
    return Template(
        family=data["family"],
        name=data["name"],
        budget_points=data["budget_points"],
        must=frozenset(data["head"]["must"]),
        must_not=frozenset(data["head"]["must_not"]),
        levels=frozenset(data.get("levels", {}).get("any", ())),
        levels_not=frozenset(data.get("levels", {}).get("none", ())),
        indicators=_table(data["indicators"]),
    )


def _table(data: dict[str, list[str]]) -> Table:
    return Table(tuple(data["columns"]), frozenset(data["required"]))


def faults_of(data: dict[str, Any]) -> list[str]:
    """What is wrong with a parsed template file, in sentences; empty when it is sound."""
    faults = [f"{key} is missing" for key in ("family", "name", "budget_points") if key not in data]
    if str(data.get("family")) not in FAMILIES:
        faults.append(f"family is none of {FAMILIES}")
    head = data.get("head", {})
    faults += [f"[head] {key} is missing" for key in ("must", "must_not") if key not in head]
    both = set(head.get("must", ())) & set(head.get("must_not", ()))
    faults += [f"[head] both demands and forbids {name}" for name in sorted(both)]
    faults += _table_faults(data.get("indicators", {}))
    unknown = set(data.get("levels", {})) - {"any", "none"}
    return faults + [f"[levels] has no {key}" for key in sorted(unknown)]


def _table_faults(table: dict[str, Any]) -> Iterator[str]:
    columns, required = table.get("columns"), table.get("required")
    if not columns or required is None:
        yield "[indicators] needs columns and required"
        return
    if len(set(columns)) < len(columns):
        yield "[indicators] names a column twice"
    for name in required:
        if name not in columns:
            yield f"[indicators] requires {name}, which is no column"
