"""The contract page as literals, and one broken table for every promise."""

import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import records, vocabulary
from pipeline.columns import SCHEMA_VERSION, decimal_digits
from pipeline.contract import TABLES, YEAR, validate
from pipeline.rules import RULES

TEMPLATES = Path(__file__).parents[2] / "pipeline" / "templates"

EVERY_COLUMN = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
]

# consumers build on these names and types: a change here is a new major version
PROMISED = {
    "documents": """
        document_id string? · source_path string · media_type string? · status string ·
        reason string? · page_count int32? · form_count int32 · stated_form_count int32? ·
        stated_amount_yuan decimal128(20,4)? · stated_average_score decimal128(12,4)? ·
        extractor_version string""",
    "projects": """
        form_id string · document_id string · form_index int32 · page_first int32 ·
        page_last int32 · title string? · family string? · form_year int32? ·
        project_code string? · project_name string? · supervising_department string? ·
        implementing_unit string? · goal_expected string? · goal_actual string? ·
        weight_total decimal128(12,4)? · score_total decimal128(12,4)? · grade string? ·
        confidence double · review bool · indicator_head string? · fund_head string?""",
    "funds": """
        form_id string · line_no int32 · label string? · source string ·
        initial_budget_yuan decimal128(20,4)? · annual_budget_yuan decimal128(20,4)? ·
        executed_yuan decimal128(20,4)? · execution_rate_pct decimal128(12,4)? ·
        weight decimal128(12,4)? · score decimal128(12,4)?""",
    "indicators": """
        form_id string · line_no int32 · level1 string? · level2 string? · level3 string? ·
        level1_code string? · level2_code string? · target_text string? ·
        target_operator string? · target_value decimal128(24,6)? ·
        target_high decimal128(24,6)? · target_unit string? · actual_text string? ·
        actual_value decimal128(24,6)? · actual_unit string? · outcome string? ·
        weight decimal128(12,4)? · score decimal128(12,4)? · deviation_reason string?""",
    "units": """
        unit string · dimension string · base_unit string · factor decimal128(38,12) ·
        aliases list<string>""",
    "findings": """
        document_id string? · form_id string? · table string? · line_no int32? · field string? ·
        rule string · severity string · printed string? · expected string? · message string""",
    "cells": """
        document_id string · form_id string? · table string · line_no int32? · field string ·
        page int32 · x0 double? · top double? · x1 double? · bottom double? · text string ·
        method string · confidence double · repair string? · place string""",
}


def a_value(column, number):
    """Something that may stand in the column, different for each number where it can be."""
    if column.values:
        return next(iter(column.values))
    if decimal_digits(column.type):
        return Decimal(number)
    return {"string": f"text {number}", "int32": number, "bool": True, "double": 0.5,
            "list<string>": [f"alias {number}"]}[column.type]


def a_table(name, n_rows=2):
    table = TABLES[name]
    rows = [{c.name: a_value(c, number) for c in table.columns} for number in range(n_rows)]
    return pa.Table.from_pylist(rows, schema=table.schema)


def arrow_name(type_):
    """The type in words, without the name that Arrow gives to the items of a list."""
    return "list<string>" if type_ == pa.list_(pa.string()) else str(type_).replace(", ", ",")


def replaced(data, name, values, type_):
    return data.set_column(data.column_names.index(name), name, pa.array(values, type_))


# ── what is promised ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PROMISED)
def test_the_columns_are_the_promised_ones(name):
    found = [f"{field.name} {arrow_name(field.type)}{'?' * field.nullable}"
             for field in TABLES[name].schema]
    assert found == [" ".join(column.split()) for column in PROMISED[name].split("·")]


def test_the_tables_stand_in_the_order_of_the_contract():
    assert list(TABLES) == list(PROMISED)
    assert [name for name, table in TABLES.items() if not table.partitioned] == ["units"]
    assert {name: table.key for name, table in TABLES.items()} == {
        "documents": ("source_path",), "projects": ("form_id",),
        "funds": ("form_id", "line_no"), "indicators": ("form_id", "line_no"),
        "units": ("unit",), "findings": (), "cells": (),
    }


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_keys_and_sort_columns_exist_and_keys_are_never_null(table):
    columns = {column.name: column for column in table.columns}
    assert len(columns) == len(table.columns)
    assert YEAR.name not in columns
    assert set(table.sort) <= set(columns)
    assert all(not columns[name].nullable for name in table.key)


def test_every_valued_field_has_its_column():
    renamed = {"execution_rate": "execution_rate_pct", "initial_budget": "initial_budget_yuan",
               "annual_budget": "annual_budget_yuan", "executed": "executed_yuan"}
    funds = {renamed.get(field, field) for field in records.FundRow._fields}
    names = {name: {c.name for c in table.columns} for name, table in TABLES.items()}
    assert funds | {"form_id", "line_no"} == names["funds"]
    assert {*records.IndicatorRow._fields, "form_id", "line_no"} == names["indicators"]
    inner = {"funds", "indicators", "budget_points", "fund_reason", "form_reason"}
    assert set(records.Form._fields) - inner < names["projects"]
    assert set(records.Finding._fields) - {"form_index"} < names["findings"]


def test_every_code_of_the_label_data_is_documented():
    labels = tomllib.loads((TEMPLATES / "labels.toml").read_text("utf-8"))
    assert set(labels["level1"]) <= set(vocabulary.LEVEL1_CODE)
    assert set(labels["level2"]) <= set(vocabulary.LEVEL2_CODE)
    assert set(labels["fund_row"]) <= set(vocabulary.FUND_SOURCE)


def test_every_neighbour_that_is_refused_by_name_is_a_rule():
    titles = tomllib.loads((TEMPLATES / "titles.toml").read_text("utf-8"))
    assert {f"neighbour_{kind}" for kind in titles if kind not in {"form", "words"}} <= set(RULES)


def test_rules_are_keyed_by_their_own_key_and_graded_by_known_severities():
    assert all(key == rule.key for key, rule in RULES.items())
    assert {rule.severity for rule in RULES.values()} == set(vocabulary.SEVERITY)
    assert all(rule.meaning.endswith(".") for rule in RULES.values())


# ── the Arrow schema ─────────────────────────────────────────────────────────


def test_meanings_travel_with_the_parquet_file(tmp_path):
    pq.write_table(a_table("funds"), tmp_path / "part-0.parquet")
    schema = pq.read_schema(tmp_path / "part-0.parquet")
    assert schema.metadata[b"schema_version"] == SCHEMA_VERSION.encode()
    assert schema.field("score").metadata[b"description"] == \
        "Points given for the rate (得分)".encode()
    assert schema.field("score").metadata[b"unit"] == b"points"
    assert schema.equals(TABLES["funds"].schema)
    assert TABLES["funds"].schema is TABLES["funds"].schema


def in_a_new_process(code, seed):
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                          env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)})
    return done.stdout


def test_schemas_and_pages_do_not_depend_on_the_hash_seed():
    code = """
import sys
from pipeline.contract import TABLES
from pipeline.schema_docs import FORMATS, render
for table in TABLES.values():
    sys.stdout.buffer.write(table.schema.serialize())
for name in FORMATS:
    sys.stdout.buffer.write(render(name).encode())
"""
    outputs = {in_a_new_process(code, seed) for seed in ("0", "1", "2")}
    assert len(outputs) == 1


def test_the_contract_is_read_without_importing_pyarrow():
    code = "import sys, pipeline.schema_docs; print('pyarrow' in sys.modules)"
    assert in_a_new_process(code, "0").strip() == b"False"


# ── validate ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_a_table_that_keeps_the_contract_has_no_breach(name, chunks):
    rows = a_table(name, 6)
    parts = [rows.slice(at * 2, 2) for at in range(chunks)]
    assert validate(name, pa.concat_tables(parts) if parts else rows.slice(0, 0)) == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_read_back_from_parquet_keeps_the_contract(name, tmp_path):
    pq.write_table(a_table(name), tmp_path / "part-0.parquet")
    assert validate(name, pq.ParquetFile(tmp_path / "part-0.parquet").read()) == []


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN)
def test_a_missing_column_is_a_breach(table, column):
    assert validate(table.name, a_table(table.name).drop_columns([column.name])) == [
        f"{table.name}.{column.name}: the column is missing."]


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN)
def test_a_wrong_type_is_a_breach(table, column):
    data = replaced(a_table(table.name), column.name, [b"1", b"2"], pa.binary())
    right = table.schema.field(column.name).type
    assert validate(table.name, data) == [
        f"{table.name}.{column.name}: the type is binary, not {right}."]


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN)
def test_a_null_is_a_breach_only_where_none_may_stand(table, column):
    data = a_table(table.name)
    values = data.column(column.name).to_pylist()
    data = replaced(data, column.name, [None, values[1]], data.schema.field(column.name).type)
    assert validate(table.name, data) == (
        [] if column.nullable else [f"{table.name}.{column.name}: 1 rows are null."])


@pytest.mark.parametrize(("table", "column"), [
    param for param in EVERY_COLUMN if param.values[1].values])
def test_a_strange_word_is_a_breach_of_a_closed_list_only(table, column):
    data = a_table(table.name)
    words = ["strange", next(iter(column.values))]
    found = validate(table.name, replaced(data, column.name, words, pa.string()))
    breach = f"{table.name}.{column.name}: 'strange' not in {', '.join(column.values)}."
    assert found == ([breach] if column.closed else [])


@pytest.mark.parametrize(("table", "column"), [
    param for param in EVERY_COLUMN if param.values[1].values and param.values[1].closed])
def test_every_word_of_a_closed_list_may_stand(table, column):
    data = a_table(table.name, len(column.values))
    words = list(column.values)
    assert validate(table.name, replaced(data, column.name, words, pa.string())) == []


def test_closed_lists_are_the_promised_ones():
    closed = {f"{table.name}.{column.name}": " ".join(column.values)
              for table in TABLES.values() for column in table.columns
              if column.values and column.closed}
    records_of = "documents projects funds indicators"
    assert closed == {
        "documents.status": "extracted no_forms unreadable timeout crashed",
        "projects.family": "A B C D E F G",
        "funds.source": "total current_year carry_over other fiscal special_account unit"
                        " central provincial local unknown",
        "indicators.target_operator": ">= <= = > <",
        "indicators.outcome": "reached partly not_reached",
        "findings.table": records_of,
        "findings.severity": "error warning info",
        "cells.table": records_of,
    }


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.key])
def test_a_repeated_key_is_a_breach(name):
    data = a_table(name, 3)
    example = ", ".join(f"{key} {data.column(key)[1].as_py()!r}" for key in TABLES[name].key)
    twice = pa.concat_tables([data, data.slice(1, 1)])
    assert validate(name, twice) == [
        f"{name}: 1 rows repeat the key of another row, such as {example} (2 rows)."]


def test_rows_that_share_part_of_a_key_are_no_breach():
    data = replaced(a_table("funds"), "form_id", ["f", "f"], pa.string())
    assert validate("funds", data) == []


@pytest.mark.parametrize("name", ["findings", "cells"])
def test_rows_may_repeat_where_there_is_no_key(name):
    assert validate(name, pa.concat_tables([a_table(name), a_table(name)])) == []


def test_several_documents_without_an_id_are_no_breach():
    data = replaced(a_table("documents"), "document_id", [None, None], pa.string())
    assert validate("documents", data) == []


def test_an_extra_column_is_a_breach():
    data = a_table("units").append_column("year", pa.array([2023, 2023]))
    assert validate("units", data) == ["units.year: the contract has no such column."]


def test_a_doubled_column_is_a_breach():
    data = a_table("units")
    assert validate("units", data.append_column("factor", data.column("factor"))) == [
        "units.factor: the column stands 2 times."]


def test_another_order_of_the_columns_is_a_breach():
    data = a_table("units").select(["dimension", "unit", "base_unit", "factor", "aliases"])
    (breach,) = validate("units", data)
    assert breach.endswith("in another order than unit, dimension, base_unit, factor, aliases.")


def test_every_breach_is_told_not_only_the_first():
    data = a_table("funds").drop_columns(["label"])
    data = replaced(data, "source", [None, "gift"], pa.string())
    data = replaced(data, "score", [0.1, 0.2], pa.float64())
    assert validate("funds", data) == [
        "funds.label: the column is missing.",
        "funds.score: the type is double, not decimal128(12, 4).",
        "funds.source: 1 rows are null.",
        f"funds.source: 'gift' not in {', '.join(vocabulary.FUND_SOURCE)}.",
    ]


def test_an_unknown_table_is_no_table_of_the_contract():
    with pytest.raises(KeyError):
        validate("budgets", a_table("funds"))
