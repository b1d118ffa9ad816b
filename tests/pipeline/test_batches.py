"""Rows survive the way through a blob, and what does not fit is named."""

import string
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import batches, contract
from pipeline.errors import ContractBreach
from tests.doubles.stand_in import row, rows_of


def values_of(type_):
    if pa.types.is_string(type_):
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    if pa.types.is_int32(type_):
        return st.integers(-(2**31), 2**31 - 1)
    if pa.types.is_boolean(type_):
        return st.booleans()
    if pa.types.is_float64(type_):
        return st.floats(allow_nan=False)
    whole = 10 ** (type_.precision - type_.scale) - 1
    return st.decimals(-whole, whole, places=type_.scale)


def rows_strategy(name):
    schema = contract.TABLES[name].schema
    one = st.tuples(*(st.none() | values_of(field.type) for field in schema))
    return st.lists(one, max_size=5)


def listed(decoded):
    return {name: [tuple(values.values()) for values in batch.to_pylist()]
            for name, batch in decoded.items()}


@given(st.fixed_dictionaries({name: rows_strategy(name) for name in batches.DOCUMENT_TABLES}))
def test_rows_come_back_as_they_went_in(rows):
    decoded = batches.decode(batches.encode(rows))
    assert listed(decoded) == {name: of_table for name, of_table in rows.items() if of_table}
    for name, batch in decoded.items():
        assert batch.schema.equals(contract.TABLES[name].schema, check_metadata=True)


def test_nothing_is_no_bytes():
    assert batches.encode({}) == b""
    assert batches.encode({name: [] for name in batches.DOCUMENT_TABLES}) == b""
    assert batches.decode(b"") == {}


def test_the_same_rows_are_the_same_bytes():
    assert batches.encode(rows_of("a" * 64, 3)) == batches.encode(rows_of("a" * 64, 3))


def test_a_decimal_keeps_its_value_whatever_its_exponent():
    rows = [row("funds", form_id="f", line_no=0, source="total", executed_yuan=value)
            for value in (Decimal("5.550E+5"), Decimal("1E-4"), Decimal("-0.00"))]
    batch = batches.decode(batches.encode({"funds": rows}))["funds"]
    assert batch.column("executed_yuan").to_pylist() == [Decimal(555000), Decimal("0.0001"), 0]


@pytest.mark.parametrize(("table", "values", "words"), [
    ("funds", {"executed_yuan": Decimal("1E+16")}, r"funds\.executed_yuan row 1: Decimal"),
    ("funds", {"executed_yuan": Decimal("0.00001")}, r"funds\.executed_yuan row 1: Decimal"),
    ("funds", {"score": Decimal("NaN")}, r"funds\.score row 1: Decimal"),
    ("funds", {"score": 9.97}, r"funds\.score row 1: 9\.97 does not fit"),
    ("funds", {"line_no": 2**31}, r"funds\.line_no row 1: 2147483648"),
    ("funds", {"label": "\ud800"}, r"funds\.label row 1: '\\ud800'"),
    ("funds", {"label": 7}, r"funds\.label row 1: 7 does not fit string"),
    ("cells", {"x0": "left"}, r"cells\.x0 row 1: 'left' does not fit double"),
])
def test_a_value_that_does_not_fit_is_named(table, values, words):
    with pytest.raises(ContractBreach, match=words):
        batches.encode({table: [row(table), row(table, **values)]})


@pytest.mark.parametrize("change", [lambda values: values[:-1], lambda values: (*values, None)])
def test_a_row_of_another_width_is_named(change):
    with pytest.raises(ContractBreach, match="funds row 1 has"):
        batches.encode({"funds": [row("funds"), change(row("funds"))]})


@pytest.mark.parametrize("name", ["documents", "units", "nonsense"])
def test_only_tables_of_a_document_go_into_a_blob(name):
    with pytest.raises(KeyError):
        batches.encode({name: [("x",)]})


def test_a_blob_is_smaller_than_its_text():
    rows = {"cells": [row("cells", text=string.ascii_letters) for _ in range(400)]}
    assert len(batches.encode(rows)) < 400 * len(string.ascii_letters) / 4
