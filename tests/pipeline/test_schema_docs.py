"""Each format says what the contract says, and a program that reads the format agrees."""

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.columns import decimal_digits
from pipeline.contract import TABLES, YEAR
from pipeline.rules import RULES
from pipeline.schema_docs import FORMATS, render
from pipeline.schema_markdown import REGENERATE

PAGE = Path(__file__).parents[2] / "docs" / "schema.md"

CLOSED = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values() for column in table.columns
    if column.values and column.closed
]
KEYED = [pytest.param(table, id=name) for name, table in TABLES.items() if table.key]
DECIMALS = sorted({column.type for table in TABLES.values() for column in table.columns
                   if decimal_digits(column.type)})


def with_year(table):
    return [YEAR, *table.columns] if table.partitioned else [*table.columns]


def a_row(table, number=0):
    """A row that keeps the contract."""
    plain = {"string": f"text {number}", "int32": number, "bool": True, "double": 0.5,
             "list<string>": ["a", "b"]}
    return {
        column.name: next(iter(column.values)) if column.values
        else Decimal("1234.5") if decimal_digits(column.type) else plain[column.type]
        for column in table.columns
    }


def test_the_formats_are_the_promised_ones():
    assert list(FORMATS) == ["markdown", "jsonschema", "ddl", "dbt"]
    with pytest.raises(KeyError):
        render("avro")


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_ends_in_one_line_break_and_has_no_trailing_space(name):
    text = render(name)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


# ── Markdown ─────────────────────────────────────────────────────────────────


def test_the_tracked_page_is_the_rendered_one():
    assert PAGE.read_text("utf-8") == render("markdown"), f"run: {REGENERATE}"


def test_the_page_says_how_it_is_made():
    assert f"`{REGENERATE}`" in render("markdown")


def markdown_tables():
    """{heading: rows of cells} of the page; the rule under a head is left out."""
    tables, heading = {}, None
    for line in render("markdown").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|") and not line.startswith("|--"):
            tables.setdefault(heading, []).append([cell.strip() for cell in line[1:-1].split("|")])
    return tables


def test_every_markdown_row_has_as_many_cells_as_its_head():
    for rows in markdown_tables().values():
        assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_page_shows_every_column(table):
    assert markdown_tables()[table.name][1:] == [
        [f"`{c.name}`", f"`{c.type}`", "yes" if c.nullable else "no", c.unit or "", c.meaning]
        for c in table.columns]


def test_the_page_shows_every_vocabulary_once():
    shown = {}
    for heading, rows in markdown_tables().items():
        if rows[0] == ["word", "meaning"]:
            places, kind = re.fullmatch(r"(.*) \((closed|open)\)", heading).groups()
            for place in places.split(", "):
                shown[place] = kind, {word.strip("`"): meaning for word, meaning in rows[1:]}
    assert shown == {
        f"{table.name}.{column.name}": ("closed" if column.closed else "open", column.values)
        for table in TABLES.values() for column in table.columns if column.values}


def test_the_page_shows_every_rule():
    assert markdown_tables()["Rules of findings"][1:] == [
        [f"`{rule.key}`", rule.severity, rule.meaning] for rule in RULES.values()]


# ── JSON Schema ──────────────────────────────────────────────────────────────


def json_schema():
    return json.loads(render("jsonschema"))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_json_schema_defines_every_table(table):
    schema = json_schema()
    definition = schema["$defs"][table.name]
    assert schema["properties"][table.name]["items"] == {"$ref": f"#/$defs/{table.name}"}
    assert definition["required"] == [column.name for column in with_year(table)]
    assert list(definition["properties"]) == definition["required"]


JSON_OF = {"string": "string", "int32": "integer", "bool": "boolean", "double": "number",
           "list<string>": "array"}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_json_types_allow_null_only_where_the_contract_does(table):
    properties = json_schema()["$defs"][table.name]["properties"]
    for column in with_year(table):
        name = JSON_OF.get(column.type, "string")
        wanted = [name, "null"] if column.nullable else name
        assert properties[column.name]["type"] == wanted


@pytest.mark.parametrize(("table", "column"), CLOSED)
def test_a_closed_list_is_an_enum_that_holds_null_where_null_may_stand(table, column):
    enum = json_schema()["$defs"][table.name]["properties"][column.name]["enum"]
    assert enum == [*column.values, *[None] * column.nullable]


def test_an_open_list_is_no_enum():
    repair = json_schema()["$defs"]["cells"]["properties"]["repair"]
    assert "enum" not in repair
    assert "correction" in repair["examples"]


def pattern_of(type_):
    for table in TABLES.values():
        for column in table.columns:
            if column.type == type_:
                return json_schema()["$defs"][table.name]["properties"][column.name]["pattern"]
    raise LookupError(type_)


PATTERNS = {type_: re.compile(pattern_of(type_), re.ASCII) for type_ in DECIMALS}


@given(st.sampled_from(DECIMALS), st.data())
def test_the_pattern_takes_every_decimal_of_its_type(type_, data):
    precision, scale = decimal_digits(type_)
    digits = data.draw(st.integers(-(10**precision - 1), 10**precision - 1))
    sign, whole = "-" if digits < 0 else "", f"{abs(digits):0{scale + 1}d}"
    text = f"{sign}{whole[:-scale]}.{whole[-scale:]}"
    assert PATTERNS[type_].search(text)
    assert pa.scalar(Decimal(text), pa.decimal128(precision, scale)).as_py() == Decimal(text)


@pytest.mark.parametrize("type_", DECIMALS)
def test_the_pattern_refuses_what_the_type_cannot_hold(type_):
    precision, scale = decimal_digits(type_)
    too_long = "1" + "0" * (precision - scale)
    for text in (too_long, "0." + "1" * (scale + 1), "1E+2", "NaN", "", ".5", "5.", "1,000", "+1"):
        assert not PATTERNS[type_].search(text)


# ── SQL ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def database():
    with duckdb.connect() as connection:
        connection.execute(render("ddl"))
        yield connection


DUCKDB_OF = {"string": "VARCHAR", "int32": "INTEGER", "bool": "BOOLEAN", "double": "DOUBLE",
             "list<string>": "VARCHAR[]"}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_duckdb_makes_the_columns_of_the_contract(database, table):
    found = database.execute(f'DESCRIBE "{table.name}"').fetchall()
    assert [row[:3] for row in found] == [
        (c.name, DUCKDB_OF.get(c.type, c.type.upper()), "YES" if c.nullable else "NO")
        for c in with_year(table)]


def insert(database, table, rows):
    data = pa.Table.from_pylist(rows, schema=table.schema)
    database.register("incoming", data)
    year = "2023 AS year, " if table.partitioned else ""
    database.execute(f'INSERT INTO "{table.name}" BY NAME SELECT {year}* FROM incoming')  # noqa: S608  names of the contract


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_rows_of_the_contract_go_in_and_come_out_unchanged(database, table):
    rows = [a_row(table, 0), a_row(table, 1)]
    insert(database, table, rows)
    found = database.execute(f'FROM "{table.name}"')
    names = [entry[0] for entry in found.description]
    year = {YEAR.name: 2023} if table.partitioned else {}
    assert [dict(zip(names, row, strict=True)) for row in found.fetchall()] == [
        year | row for row in rows]


@pytest.mark.parametrize("table", KEYED)
def test_the_database_refuses_a_repeated_key(database, table):
    insert(database, table, [a_row(table)])
    with pytest.raises(duckdb.ConstraintException):
        insert(database, table, [a_row(table)])


@pytest.mark.parametrize(("table", "column"), CLOSED)
def test_the_database_takes_the_words_of_a_closed_list_and_no_other(database, table, column):
    rows = [a_row(table, number) | {column.name: word}
            for number, word in enumerate([*column.values, *[None] * column.nullable])]
    insert(database, table, rows)
    with pytest.raises(duckdb.ConstraintException):
        insert(database, table, [a_row(table, len(rows)) | {column.name: "strange"}])


def test_every_column_has_its_meaning_as_a_comment():
    comments = re.findall(r'^    "(\w+)" .*?  -- (.*)$', render("ddl"), re.MULTILINE)
    assert comments == [
        (c.name, f"{c.meaning}; in {c.unit}" if c.unit else c.meaning)
        for table in TABLES.values() for c in with_year(table)]


# ── dbt ──────────────────────────────────────────────────────────────────────


def parsed(lines, indent=0):
    """The block YAML of the page: mappings, lists and JSON scalars, two spaces a level."""
    node = None
    while lines and len(lines[0]) - len(lines[0].lstrip(" ")) == indent:
        line = lines[0][indent:]
        if line.startswith("- "):
            node = [] if node is None else node
            if re.match(r"- \w+:", line):
                lines[0] = " " * (indent + 2) + line[2:]
                node.append(parsed(lines, indent + 2))
            else:
                node.append(json.loads(lines.pop(0)[indent + 2:]))
        else:
            node = {} if node is None else node
            key, value = re.fullmatch(r"(\w+):(?: (.*))?", line).groups()
            lines.pop(0)
            node[key] = json.loads(value) if value else parsed(lines, indent + 2)
    return node


def dbt_source():
    lines = render("dbt").splitlines()
    document = parsed(lines)
    assert lines == []
    assert document["version"] == 2
    (source,) = document["sources"]
    return source


def test_dbt_knows_every_table_and_column_with_its_meaning():
    found = {table["name"]: [column["name"] for column in table["columns"]]
             for table in dbt_source()["tables"]}
    assert found == {table.name: [c.name for c in with_year(table)] for table in TABLES.values()}
    for table in dbt_source()["tables"]:
        assert table["description"] == TABLES[table["name"]].meaning
        for column, contract in zip(table["columns"], with_year(TABLES[table["name"]]),
                                    strict=True):
            assert column["description"].startswith(contract.meaning)
            assert column["quote"] is True, "dbt would write the bare word table into its SQL"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_dbt_tests_what_the_contract_promises(table):
    (entry,) = [entry for entry in dbt_source()["tables"] if entry["name"] == table.name]
    for column, contract in zip(entry["columns"], with_year(table), strict=True):
        tests = column.get("data_tests", [])
        assert ("not_null" in tests) is (not contract.nullable)
        values = [test["accepted_values"]["arguments"]["values"]
                  for test in tests if test != "not_null"]
        assert values == ([list(contract.values)] if contract.values and contract.closed else [])


@pytest.mark.parametrize("table", KEYED)
def test_the_expression_that_dbt_counts_is_unique_exactly_where_the_key_is(database, table):
    (entry,) = [entry for entry in dbt_source()["tables"] if entry["name"] == table.name]
    (test,) = entry["data_tests"]
    insert(database, table, [a_row(table, number) for number in range(3)])
    expression = test["unique"]["arguments"]["column_name"]
    assert database.execute(
        f'SELECT count(DISTINCT {expression}) FROM "{table.name}"').fetchone() == (3,)  # noqa: S608  an expression of the page


def test_the_place_of_the_files_is_one_that_duckdb_reads(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, folder in (("units", ""), ("funds", "year=2023")):
        place = tmp_path / "data" / "warehouse" / name / folder
        place.mkdir(parents=True)
        rows = pa.Table.from_pylist([a_row(TABLES[name])], schema=TABLES[name].schema)
        pq.write_table(rows, place / "part-0.parquet")
    location = dbt_source()["config"]["meta"]["external_location"]
    for name in ("units", "funds"):
        found = duckdb.execute(f"DESCRIBE FROM {location.format(name=name)}").fetchall()
        assert {row[0] for row in found} == {column.name for column in with_year(TABLES[name])}
