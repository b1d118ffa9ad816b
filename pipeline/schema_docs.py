"""The contract in other people's formats, all made from `pipeline.contract.TABLES`."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.code_list import code_list
from pipeline.columns import BOOL, INT, REAL, TEXT, TEXTS, decimal_digits
from pipeline.contract import SCHEMA_VERSION, TABLES, YEAR, Column, Table
from pipeline.schema_markdown import markdown

_WAREHOUSE = "data/warehouse"
"""Where the tables lie unless `jixiao extract --out` says otherwise."""


def render(fmt: str) -> str:
    """The contract as text that ends in one line break.

    Args:
        fmt: A name of `FORMATS`.

    Raises:
        KeyError: No such format.
    """
    return "".join(FORMATS[fmt]())


# ── JSON Schema ──────────────────────────────────────────────────────────────

_JSON_TYPES: dict[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    TEXTS: {"type": "array", "items": {"type": "string"}},
    INT: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    BOOL: {"type": "boolean"},
    REAL: {"type": "number"},
}


def _jsonschema() -> Iterator[str]:
    """One definition per table; a table is a list of its rows.

    Decimals are strings: most readers turn a JSON number into a binary float, and then 0.1
    yuan is no longer 0.1 yuan. Other properties are allowed because columns may be added.
    """
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jixiao:schema:{SCHEMA_VERSION}",
        "title": "jixiao tables",
        "description": "Tables by name, each a list of rows. Decimals are strings, so that no"
                       " reader turns them into binary floats.",
        "type": "object",
        "properties": {name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
                       for name in TABLES},
        "$defs": {table.name: _json_row(table) for table in TABLES.values()},
        "x-codes": {place: {code: entry._asdict() for code, entry in codes.items()}
                    for place, codes in code_list().items()},
    }
    yield json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_row(table: Table) -> dict[str, Any]:
    columns = _with_year(table)
    return {
        "type": "object",
        "description": table.meaning,
        "properties": {column.name: _json_value(column) for column in columns},
        "required": [column.name for column in columns],
    }


def _json_value(column: Column) -> dict[str, Any]:
    digits = decimal_digits(column.type)
    if digits:
        whole, places = digits[0] - digits[1], digits[1]
        pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$"
        value: dict[str, Any] = {"type": "string", "pattern": pattern}
    else:
        value = dict(_JSON_TYPES[column.type])
    if column.nullable:
        value["type"] = [value["type"], "null"]
    if column.values and column.closed:
        value["enum"] = [*column.values, *([None] if column.nullable else [])]
    elif column.values:
        value["examples"] = list(column.values)
    value["description"] = _described(column)
    return value


# ── SQL ──────────────────────────────────────────────────────────────────────

_SQL_TYPES = {TEXT: "VARCHAR", TEXTS: "VARCHAR ARRAY", INT: "INTEGER", BOOL: "BOOLEAN",
              REAL: "DOUBLE PRECISION"}


def _ddl() -> Iterator[str]:
    """CREATE TABLE in ANSI SQL; runs as is in DuckDB.

    Every name is quoted, because ``table``, ``year`` and ``text`` are words of SQL. There
    are no foreign keys, so that a year can be replaced table by table in any order.
    """
    yield f"-- jixiao tables, version {SCHEMA_VERSION}\n"
    for table in TABLES.values():
        yield f'\n-- {table.meaning}\nCREATE TABLE "{table.name}" (\n'
        constraints = [*_sql_constraints(table)]
        columns = _with_year(table)
        for number, column in enumerate(columns, start=1):
            null = "" if column.nullable else " NOT NULL"
            comma = "," if number < len(columns) or constraints else ""
            yield f'    "{column.name}" {_sql_type(column)}{null}{comma}  -- {_described(column)}\n'
        if constraints:
            yield ",\n".join(f"    {constraint}" for constraint in constraints) + "\n"
        yield ");\n"


def _sql_type(column: Column) -> str:
    return _SQL_TYPES.get(column.type) or column.type.upper()


def _sql_constraints(table: Table) -> Iterator[str]:
    key = _year_key(table)
    if key:
        yield f"PRIMARY KEY ({', '.join(_quoted(name) for name in key)})"
    for column in table.columns:
        if column.values and column.closed:
            words = ", ".join(f"'{word}'" for word in column.values)
            yield f"CHECK ({_quoted(column.name)} IN ({words}))"


def _quoted(name: str) -> str:
    return f'"{name}"'


# ── dbt ──────────────────────────────────────────────────────────────────────


def _dbt() -> Iterator[str]:
    """A dbt sources file, for dbt 1.10.5 and later (test arguments under ``arguments``)."""
    source = {
        "name": "jixiao",
        "description": f"Self-evaluation forms of government projects, version {SCHEMA_VERSION}.",
        # read by dbt-duckdb only; other adapters load the files themselves
        "config": {"meta": {"external_location":
                            f"read_parquet('{_WAREHOUSE}/{{name}}/**/*.parquet',"
                            " hive_partitioning = true)"}},
        "tables": [_dbt_table(table) for table in TABLES.values()],
    }
    yield from _yaml({"version": 2, "sources": [source]}, "")


def _dbt_table(table: Table) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": table.name, "description": table.meaning}
    key = _year_key(table)
    if key:
        expression = " || '/' || ".join(_quoted(name) for name in key)
        entry["data_tests"] = [{"unique": {"arguments": {"column_name": expression}}}]
    entry["columns"] = [_dbt_column(column) for column in _with_year(table)]
    return entry


def _dbt_column(column: Column) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "description": _described(column),
                             "data_type": _sql_type(column),
                             "quote": True}   # `table` is a word of SQL
    tests: list[Any] = [] if column.nullable else ["not_null"]
    if column.values and column.closed:
        tests.append({"accepted_values": {"arguments": {"values": list(column.values)}}})
    if tests:
        entry["data_tests"] = tests
    return entry


def _yaml(node: dict[str, Any], indent: str) -> Iterator[str]:
    """A mapping as block YAML; every text is quoted, since a JSON string is a YAML one."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from _yaml(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{indent}{key}:\n"
            for item in value:
                yield from _yaml_item(item, f"{indent}  ")
        else:
            yield f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n"


def _yaml_item(item: Any, indent: str) -> Iterator[str]:  # noqa: ANN401  any YAML value
    if not isinstance(item, dict):
        yield f"{indent}- {json.dumps(item, ensure_ascii=False)}\n"
        return
    for number, line in enumerate(_yaml(item, f"{indent}  ")):
        yield line if number else f"{indent}- {line.lstrip(' ')}"


# ── shared ───────────────────────────────────────────────────────────────────


def _with_year(table: Table) -> tuple[Column, ...]:
    return (YEAR, *table.columns) if table.partitioned else table.columns


def _year_key(table: Table) -> tuple[str, ...]:
    return (YEAR.name, *table.key) if table.key and table.partitioned else table.key


def _described(column: Column) -> str:
    return f"{column.meaning}; in {column.unit}" if column.unit else column.meaning


FORMATS: dict[str, Callable[[], Iterator[str]]] = {
    "markdown": markdown,
    "jsonschema": _jsonschema,
    "ddl": _ddl,
    "dbt": _dbt,
}
"""The formats that `render` knows."""
