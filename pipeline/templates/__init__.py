"""The shapes of the forms, as data: one TOML file a family.

A template says which labels its indicator head must and must not show and in what order its
columns stand. It holds no regular expressions, no priorities and inherits nothing. A broken
template stops the program with all its faults listed.
"""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.errors import ExitCode, JixiaoError

FAMILY_FILES = "ABCDEFG"


class Table(NamedTuple):
    """The columns of a table in print order, by label id, and those a row must have."""

    columns: tuple[str, ...]
    required: frozenset[str]


class Template(NamedTuple):
    """One family of the form."""

    family: str
    name: str
    budget_points: int
    must: frozenset[str]
    must_not: frozenset[str]
    indicators: Table
    funds: Table


class TemplateFault(JixiaoError):
    """A template file that breaks its own rules; lists every fault at once."""

    exit_code = ExitCode.BUG


@lru_cache(maxsize=1)
def load() -> tuple[Template, ...]:
    """All templates that the package carries, by family.

    Raises:
        TemplateFault: listing every fault of every file.
    """
    faults: list[str] = []
    templates = []
    for family in FAMILY_FILES:
        source = files(__name__).joinpath(f"{family}.toml")
        if source.is_file():
            data = tomllib.loads(source.read_text("utf-8"))
            problems = [f"{family}.toml: {problem}" for problem in faults_of(data)]
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
        indicators=_table(data["indicators"]),
        funds=_table(data["funds"]),
    )


def _table(data: dict[str, list[str]]) -> Table:
    return Table(tuple(data["columns"]), frozenset(data["required"]))


def faults_of(data: dict[str, Any]) -> list[str]:
    """What is wrong with a parsed template file, in sentences; empty when it is sound."""
    faults = [f"{key} is missing" for key in ("family", "name", "budget_points") if key not in data]
    head = data.get("head", {})
    faults += [f"[head] {key} is missing" for key in ("must", "must_not") if key not in head]
    for part in ("indicators", "funds"):
        table = data.get(part, {})
        columns, required = table.get("columns"), table.get("required")
        if not columns or required is None:
            faults.append(f"[{part}] needs columns and required")
            continue
        if len(set(columns)) < len(columns):
            faults.append(f"[{part}] names a column twice")
        faults += [
            f"[{part}] requires {name}, which is no column" for name in required if name not in columns
        ]
    both = set(head.get("must", ())) & set(head.get("must_not", ()))
    faults += [f"[head] both demands and forbids {name}" for name in sorted(both)]
    return faults
