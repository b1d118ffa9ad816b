"""The contract as a page for people: docs/schema.md."""

from collections.abc import Iterator

from pipeline.code_list import code_list
from pipeline.contract import SCHEMA_VERSION, TABLES, Column, Table
from pipeline.rules import RULES

REGENERATE = "jixiao schema --format markdown > docs/schema.md"
"""How to make docs/schema.md again after a change of the contract."""

_INTRO = f"""\
# The tables

Version {SCHEMA_VERSION} of the contract. This page is made from the code; after a change there,
run `{REGENERATE}`.

- Money is exact decimal yuan, rates are exact decimal percent, points are exact decimals.
- A value that was printed but not understood is null beside its printed text, and a finding
  says so. `0.00` is a number; an empty cell, `-` or `无` is null.
- Printed text is kept as printed. Line breaks within a cell are joined, without a space
  between Han characters.
- Columns may be added. None is renamed, retyped or dropped without a new major version.

A run fills seven tables:

"""

_LAYOUT = """\
## Files

Tables lie in `<out>/<table>/year=<YEAR>/part-*.parquet`, one folder for each year of a run;
`units` is the same for every year and lies in `<out>/units/part-*.parquet`. A year is
published whole or not at all, sorted as each table says, and a second run over unchanged
input leaves the same bytes. Readers that understand `year=2023` folders show `year` as a
column; it is not stored inside the files. Keys hold within a year.

`jixiao query "SELECT …"` knows the tables by name; any other reader of Parquet opens the
files, as DuckDB does here:

```sql
SELECT * FROM read_parquet('data/warehouse/indicators/*/*.parquet', hive_partitioning = true);
```

## How the tables join

- `documents.document_id` → `projects`, `findings`, `cells`. Files with the same bytes share
  a `document_id`; their forms are published once.
- `projects.form_id` → `funds`, `indicators`, `findings`, `cells`.
- `findings` and `cells` name one value by `form_id`, `table`, `line_no` and `field`.
- `units.unit` → `indicators.target_unit` and `actual_unit`; values are as printed, so
  multiply by `factor` before two units of one dimension are compared.

"""


def markdown() -> Iterator[str]:
    """The page, piece by piece."""
    yield _INTRO
    for table in TABLES.values():
        yield f"- [`{table.name}`](#{table.name}): {table.meaning}\n"
    yield "\n"
    yield _LAYOUT
    for table in TABLES.values():
        yield from _table(table)
    yield ("## Vocabularies\n\nA closed list grows only with the version of the contract;"
           " an open one may gain\nwords at any time.\n")
    for place, column in _vocabularies():
        kind = "closed" if column.closed else "open"
        yield f"\n### {place} ({kind})\n\n| word | meaning |\n|---|---|\n"
        for word, meaning in (column.values or {}).items():
            yield f"| `{word}` | {meaning} |\n"
    yield from _codes()
    yield ("\n## Rules of findings\n\nAn open list: rules may be added, none is renamed.\n\n"
           "| rule | severity | meaning |\n|---|---|---|\n")
    for rule in RULES.values():
        yield f"| `{rule.key}` | {rule.severity} | {rule.meaning} |\n"


def _codes() -> Iterator[str]:
    yield (
        "\n## Code list\n\nWhich printed names stand for a code. The names are compared without white space,"
        " ordinals (`1.`, `（一）`), points\n(`（20分）`) and a trailing 指标 or 类; the printed name is always kept"
        " beside the code, and a name that is not in the\nlist has none. A name with a code in brackets counts"
        " only under that level-1 code. Kept as data in\n`pipeline/templates/codes.toml`, `labels.toml` and"
        " `pipeline/values/lexicon.toml`.\n"
    )
    for place, codes in code_list().items():
        yield f"\n### Names of {place}\n\n| code | printed as | meaning |\n|---|---|---|\n"
        for code, entry in codes.items():
            under = f" Under {', '.join(entry.under)}." if entry.under else ""
            yield f"| `{code}` | {'、'.join(entry.names) or '(any other label)'} | {entry.meaning}{under} |\n"


def _table(table: Table) -> Iterator[str]:
    key = ", ".join(f"`{name}`" for name in table.key) or "none"
    sort = ", ".join(f"`{name}`" for name in table.sort)
    yield f"## {table.name}\n\n{table.meaning} Key: {key}. Sorted by: {sort}.\n\n"
    yield "| column | type | null | unit | meaning |\n|---|---|---|---|---|\n"
    for column in table.columns:
        null = "yes" if column.nullable else "no"
        yield (f"| `{column.name}` | `{column.type}` | {null} | {column.unit or ''} |"
               f" {column.meaning} |\n")
    yield "\n"


def _vocabularies() -> Iterator[tuple[str, Column]]:
    """Each list of words once, with the columns that use it."""
    places: dict[int, list[str]] = {}
    columns: dict[int, Column] = {}
    for table in TABLES.values():
        for column in table.columns:
            if column.values:
                places.setdefault(id(column.values), []).append(f"{table.name}.{column.name}")
                columns[id(column.values)] = column
    for identity, names in places.items():
        yield ", ".join(names), columns[identity]
