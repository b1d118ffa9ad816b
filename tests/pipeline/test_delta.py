"""The tables of a year as Delta Lake tables."""

import sys

import deltalake
import pyarrow.parquet as pq
import pytest

from pipeline import contract
from pipeline.delta import DeltaTables
from pipeline.errors import MissingProgram, UsageProblem
from pipeline.query import query
from tests.doubles.year import join, run, write_year


def rows(out, table, version=None):
    """The rows of a table, sorted as the contract has it, without the year."""
    found = deltalake.DeltaTable(str(out / table), version=version).to_pyarrow_table()
    columns = contract.TABLES[table].schema.names
    return sorted(map(repr, found.select(columns).to_pylist()))


def plain(out, table):
    """The same of Parquet files."""
    return sorted(repr(row) for path in out.glob(f"{table}/**/*.parquet")
                  for row in pq.ParquetFile(path).read().to_pylist())


def versions(out):
    return {table: deltalake.DeltaTable(str(out / table)).version() for table in contract.TABLES}


@pytest.fixture
def lake(tmp_path):
    """A year that was published as Delta tables, and beside them as files."""
    write_year(tmp_path / "in", count=6)
    run(tmp_path / "in", tmp_path / "out", tmp_path / "state")
    run(tmp_path / "in", tmp_path / "lake", tmp_path / "state", format="delta")
    return tmp_path


def test_the_rows_are_those_of_the_files_and_the_old_year_can_still_be_read(lake):
    out = lake / "lake"
    old = {table: rows(out, table) for table in contract.TABLES}
    assert old == {table: plain(lake / "out", table) for table in contract.TABLES}
    (lake / "in" / "more.txt").write_text("forms 7 more")
    (lake / "in" / "bad.txt").unlink()
    run(lake / "in", lake / "out", lake / "state")
    run(lake / "in", out, lake / "state", format="delta")
    assert {table: rows(out, table) for table in contract.TABLES} == {
        table: plain(lake / "out", table) for table in contract.TABLES}
    assert {table: rows(out, table, version=0) for table in contract.TABLES} == old
    assert versions(out) == dict.fromkeys(contract.TABLES, 1) | {"units": 0}
    (last,) = deltalake.DeltaTable(str(out / "projects")).history(1)
    assert (last["operationParameters"]["predicate"], last["year"]) == ("year = 2023", "2023")


def test_other_years_stay_as_they_are(lake):
    out = lake / "lake"
    table = deltalake.DeltaTable(str(out / "projects"))
    moved = table.to_pyarrow_table().to_pylist()
    schema = table.to_pyarrow_table().schema
    other = [row | {"year": 2022} for row in moved]
    deltalake.write_deltalake(table, type(table.to_pyarrow_table()).from_pylist(other, schema), mode="append")
    (lake / "in" / "more.txt").write_text("forms 7 more")
    run(lake / "in", out, lake / "state", format="delta")
    sql = "SELECT year, count(*) FROM projects GROUP BY year ORDER BY year"
    assert query(out, sql).rows == ((2022, len(moved)), (2023, len(moved) + 7))


def test_a_second_run_writes_no_version(lake):
    before = versions(lake / "lake")
    assert not run(lake / "in", lake / "lake", lake / "state", format="delta").published
    assert versions(lake / "lake") == before


def test_a_table_that_others_changed_is_published_again(lake):
    deltalake.DeltaTable(str(lake / "lake" / "cells")).delete()
    assert run(lake / "in", lake / "lake", lake / "state", format="delta").published
    assert rows(lake / "lake", "cells") == plain(lake / "out", "cells")


def test_a_year_without_a_form_leaves_no_rows(lake):
    for path in (lake / "in").glob("*/*.txt"):
        path.unlink()
    (lake / "in" / "copy.txt").unlink()
    run(lake / "in", lake / "lake", lake / "state", format="delta")
    assert [len(rows(lake / "lake", table)) for table in ("documents", "projects", "cells")] == [3, 0, 0]


def test_shares_are_joined_into_delta_tables(lake):
    for number in (1, 2):
        run(lake / "in", lake / "joined", lake / f"state{number}", shard=f"{number}/2")
    join(lake / "joined", form="delta")
    assert rows(lake / "joined", "cells") == plain(lake / "out", "cells")


def test_the_tables_answer_queries(lake):
    sql = "SELECT count(*), sum(form_count), min(year), max(year) FROM documents"
    assert query(lake / "lake", sql).rows == query(lake / "out", sql).rows


def test_the_two_formats_do_not_mix(lake):
    with pytest.raises(UsageProblem, match="holds Delta tables"):
        run(lake / "in", lake / "lake", lake / "state")
    with pytest.raises(UsageProblem, match="holds plain Parquet"):
        run(lake / "in", lake / "out", lake / "state", format="delta")
    with pytest.raises(UsageProblem, match="A share is no table"):
        run(lake / "in", lake / "lake", lake / "state", format="delta", shard="1/2")


def test_a_missing_package_is_named_with_the_command(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(MissingProgram, match=r"jixiao\[delta\]") as caught:
        DeltaTables(tmp_path)
    assert caught.value.exit_code == 6
