"""The published tables: what stands where, always the same bytes, all of them or none."""

import hashlib
import multiprocessing
import shutil
import time
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from pipeline import batches, contract, dataset, journal, parts
from pipeline.dataset import Copies, intact, publish
from pipeline.errors import ContractBreach, StateBusy
from tests.doubles.killed import killed_after
from tests.doubles.stand_in import UNITS, VERSION, row, rows_of

YEAR = 2023
FOLDERS = sorted(name if not table.partitioned else f"{name}/year={YEAR}"
                 for name, table in contract.TABLES.items())
SIGKILL = -9


def identity(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def document_row(path, document_id, **values):
    return row("documents", **{
        "document_id": document_id, "source_path": path, "status": "extracted", "form_count": 1,
        "extractor_version": VERSION} | values)


def content(forms):
    """Arguments of `publish` for so many forms in each of some documents."""
    documents = [document_row(f"{number:03d}.txt", identity(number), form_count=count)
                 for number, count in enumerate(forms)]
    blobs = sorted((identity(number), batches.encode(rows_of(identity(number), count)))
                   for number, count in enumerate(forms))
    return documents, blobs, UNITS


def files(out):
    return {path.relative_to(out).as_posix(): path.read_bytes()
            for path in sorted(out.rglob("*")) if path.is_file() and path.name != "_swapping"}


def table(out, name):
    return pq.ParquetDataset(sorted((out / name).rglob("part-*.parquet")), partitioning=None,
                             schema=contract.TABLES[name].schema).read()


def test_every_table_stands_in_its_place(tmp_path):
    result = publish(tmp_path, YEAR, *content([1, 0, 3]))
    assert sorted(files(tmp_path)) == [f"{folder}/part-00000.parquet" for folder in FOLDERS]
    assert result.rows == {"documents": 3, "projects": 4, "funds": 8, "indicators": 12,
                           "units": 2, "findings": 4, "cells": 24}
    for name in contract.TABLES:
        read = pq.ParquetFile(next((tmp_path / name).rglob("part-*"))).read()
        schema = contract.TABLES[name].schema
        assert read.schema.equals(schema)
        assert read.schema.metadata == schema.metadata
        assert [field.metadata[b"description"] for field in read.schema] == [
            field.metadata[b"description"] for field in schema]
        assert contract.validate(name, read) == []
        assert read.num_rows == result.rows[name]


def test_values_come_out_as_they_went_in(tmp_path):
    documents, blobs, units = content([2, 1])
    publish(tmp_path, YEAR, documents, blobs, units)
    for name in batches.DOCUMENT_TABLES:
        expected = [of_table for _, blob in blobs
                    for of_table in batches.decode(blob)[name].to_pylist()]
        assert table(tmp_path, name).to_pylist() == expected
    assert [tuple(one.values()) for one in table(tmp_path, "documents").to_pylist()] == documents


def test_a_year_without_a_form_has_all_its_files(tmp_path):
    publish(tmp_path, YEAR, [document_row("a.txt", None, status="unreadable", reason="x: y")],
            [], [])
    assert sorted(files(tmp_path)) == [f"{folder}/part-00000.parquet" for folder in FOLDERS]
    assert table(tmp_path, "cells").num_rows == 0
    assert table(tmp_path, "documents").num_rows == 1


def test_the_same_content_is_the_same_bytes(tmp_path):
    for out in ("one", "two"):
        publish(tmp_path / out, YEAR, *content([1, 2, 3]))
    publish(tmp_path / "two", YEAR, *content([3]))
    publish(tmp_path / "two", YEAR, *content([1, 2, 3]))
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_rows_stand_in_the_order_of_the_contract(tmp_path):
    publish(tmp_path, YEAR, *content([3, 12, 1, 2]))
    for name in ("documents", "projects", "funds", "indicators", "units"):
        keys = [tuple(one.values()) for one in
                table(tmp_path, name).select(contract.TABLES[name].sort).to_pylist()]
        assert keys == sorted(keys)


@pytest.mark.parametrize(("limits", "groups", "cell_files"), [
    ({"PIECE_ROWS": 30, "GROUP_ROWS": 40}, 5, 1),     # 24 cells a document: 2 of them a group
    ({"PIECE_ROWS": 7, "GROUP_ROWS": 20}, 9, 1),
    ({"PIECE_ROWS": 7, "GROUP_BYTES": 1}, 9, 1),
    ({"PIECE_ROWS": 7, "GROUP_ROWS": 20, "PART_BYTES": 1}, 9, 9),
    ({"PIECE_ROWS": 1, "GROUP_ROWS": 6}, 18, 1),      # a document of 2 full groups
])
def test_large_tables_are_cut_and_lose_nothing(tmp_path, monkeypatch, limits, groups, cell_files):
    publish(tmp_path / "whole", YEAR, *content([4] * 9))
    size = limits.get("PART_BYTES", parts.PART_BYTES)
    for name, value in limits.items():
        monkeypatch.setattr(parts, name, value)
    result = publish(tmp_path / "cut", YEAR, *content([4] * 9), part_bytes=size)
    for name in contract.TABLES:
        assert table(tmp_path / "cut", name).equals(table(tmp_path / "whole", name))
    cells = [file.path for file in result.files if file.path.startswith("cells")]
    assert len(cells) == cell_files
    assert sum(pq.ParquetFile(tmp_path / "cut" / path).num_row_groups for path in cells) == groups


def test_fewer_parts_leave_no_old_part(tmp_path, monkeypatch):
    with monkeypatch.context() as small:
        for name in ("PIECE_ROWS", "GROUP_ROWS"):
            small.setattr(parts, name, 1)
        publish(tmp_path, YEAR, *content([1] * 5), part_bytes=1)
        assert len(list(tmp_path.glob("projects/*/part-*"))) == 5
    publish(tmp_path, YEAR, *content([1]))
    assert len(list(tmp_path.glob("projects/*/part-*"))) == 1


def test_other_years_stay_as_they_are(tmp_path):
    publish(tmp_path, 2022, *content([2]))
    before = files(tmp_path)
    times = {path: (tmp_path / path).stat().st_mtime_ns for path in before}
    publish(tmp_path, YEAR, *content([1, 1]))
    after = files(tmp_path)
    assert before.items() <= after.items()
    # units too, which both years share: else 2022 would look changed
    assert times == {path: (tmp_path / path).stat().st_mtime_ns for path in before}


def test_a_document_under_two_paths_stands_once_with_a_finding(tmp_path):
    documents, blobs, units = content([2, 1])
    twice, once = identity(0), identity(1)
    copies = [document_row(f"copy-{number}.txt", twice) for number in range(7)]
    documents = sorted([*documents, *copies], key=lambda one: one[1])
    paths = ("000.txt", *(f"copy-{number}.txt" for number in range(4)))
    result = publish(tmp_path, YEAR, documents, blobs, units, {twice: Copies(8, paths)})
    assert result.rows["documents"] == 9
    assert result.rows["projects"] == 3
    findings = table(tmp_path, "findings").to_pylist()
    assert [one["document_id"] for one in findings] == sorted([once] + [twice] * 3)
    (finding,) = [one for one in findings if one["rule"] == "duplicate_document"]
    assert finding == findings[[one["document_id"] for one in findings].index(twice) + 2]
    assert finding["severity"] == "info"
    assert finding["form_id"] is None
    assert finding["message"].startswith("8 files hold the same bytes")
    assert "000.txt, copy-0.txt" in finding["message"]
    assert "and 3 more" in finding["message"]


def test_files_that_could_not_be_hashed_are_no_duplicates(tmp_path):
    documents = [document_row(name, None, status="unreadable") for name in ("a", "b")]
    assert publish(tmp_path, YEAR, documents, [], []).rows["findings"] == 0


def unsorted():
    documents, blobs, units = content([1, 1])
    return documents[::-1], blobs, units


def doubled_path():
    documents, blobs, units = content([1])
    return documents * 2, blobs, units


def doubled_blob():
    documents, blobs, units = content([1])
    return documents, blobs * 2, units


def disordered_blobs():
    documents, blobs, units = content([1, 1])
    return documents, blobs[::-1], units


def equal_form_ids():
    documents, _, units = content([1])
    ids = ["a" * 64, "a" * 63 + "b"]
    return documents, [(one, batches.encode(rows_of(one, 1))) for one in ids], units


def strange_word():
    finding = row("findings", document_id=identity(0), rule="x", severity="fatal", message="m")
    documents, _, units = content([1])
    return documents, [(identity(0), batches.encode({"findings": [finding]}))], units


def missing_value():
    documents, _, units = content([1])
    project = row("projects", form_id="x", document_id=identity(0))
    return documents, [(identity(0), batches.encode({"projects": [project]}))], units


def doubled_key():
    documents, _, units = content([1])
    fund = row("funds", form_id="f", line_no=0, source="total")
    return documents, [(identity(0), batches.encode({"funds": [fund, fund]}))], units


def doubled_unit():
    documents, blobs, _ = content([1])
    return documents, blobs, UNITS[:1] * 2


@pytest.mark.parametrize("broken", [
    unsorted, doubled_path, doubled_blob, disordered_blobs, equal_form_ids, strange_word,
    missing_value, doubled_key, doubled_unit,
])
@pytest.mark.parametrize("before", [None, [2]])
def test_a_breach_of_the_contract_publishes_nothing(tmp_path, broken, before):
    if before:
        publish(tmp_path, YEAR, *content(before))
    found = files(tmp_path)
    with pytest.raises(ContractBreach):
        publish(tmp_path, YEAR, *broken())
    assert files(tmp_path) == found
    assert not (tmp_path / journal.STAGING).exists()


def test_an_error_on_the_way_publishes_nothing(tmp_path):
    publish(tmp_path, YEAR, *content([1]))
    found = files(tmp_path)
    documents, blobs, units = content([2, 2])

    def breaking():
        yield blobs[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        publish(tmp_path, YEAR, documents, breaking(), units)
    assert files(tmp_path) == found


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize("swaps", range(len(FOLDERS) + 1))
def test_a_killed_publication_is_brought_to_its_end(tmp_path, swaps, exchange, half):
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    old, new = content([2, 2]), (*content([1, 2, 3])[:2], UNITS[:1])
    publish(out, YEAR, *old)
    publish(fresh, YEAR, *new)
    code = killed_after(swaps, lambda: publish(out, YEAR, *new), exchange=exchange, half=half)
    assert code == (SIGKILL if swaps < len(FOLDERS) else 0)
    journal.recover(out)
    assert files(out) == files(fresh)
    journal.recover(out)     # a second time changes nothing
    assert files(out) == files(fresh)


@pytest.mark.parametrize("swaps", [0, 3])
def test_a_first_publication_that_was_killed_is_brought_to_its_end(tmp_path, swaps):
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    publish(fresh, YEAR, *content([1]))
    assert killed_after(swaps, lambda: publish(out, YEAR, *content([1]))) == SIGKILL
    publish(out, YEAR, *content([1]))
    assert files(out) == files(fresh)


def test_what_was_staged_before_a_kill_is_cleared_away(tmp_path):
    publish(tmp_path, YEAR, *content([1]))
    found = files(tmp_path)
    (tmp_path / journal.STAGING / "cells").mkdir(parents=True)
    (tmp_path / journal.STAGING / "cells/part-00000.parquet").write_bytes(b"half")
    journal.recover(tmp_path)
    assert files(tmp_path) == found


def test_folders_are_swapped_in_one_step_where_the_system_can(tmp_path, monkeypatch):
    publish(tmp_path, YEAR, *content([1]))
    answers = []
    exchange = journal._exchange
    monkeypatch.setattr(
        journal, "_exchange", lambda one, other: answers.append(exchange(one, other)) or True)
    publish(tmp_path, YEAR, *content([2]))
    assert answers == [True] * (len(FOLDERS) - 1)     # units did not change


def test_one_run_at_a_time_publishes(tmp_path):
    with journal.staging(tmp_path), pytest.raises(StateBusy, match="publishing"):
        publish(tmp_path, YEAR, *content([1]))
    publish(tmp_path, YEAR, *content([1]))


def touched(path):
    path.write_bytes(path.read_bytes())


@pytest.mark.parametrize(("change", "stands"), [
    (lambda _out: None, True),
    (lambda out: shutil.rmtree(out / "cells"), False),
    (lambda out: (out / "units/part-00000.parquet").write_bytes(b""), False),
    (lambda out: touched(out / f"funds/year={YEAR}/part-00000.parquet"), False),
    (lambda out: (out / "notes.txt").write_text("mine"), True),
])
def test_published_files_are_known_again(tmp_path, change, stands):
    result = publish(tmp_path, YEAR, *content([1]))
    change(tmp_path)
    assert intact(tmp_path, result.files) is stands


def test_memory_does_not_hold_the_year(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PIECE_ROWS", 10)
    monkeypatch.setattr(parts, "GROUP_ROWS", 20)
    documents, blobs, units = content([5] * 30)
    most = 0

    def watched():
        nonlocal most
        for blob in blobs:
            yield blob
            most = max(most, sum(path.stat().st_size > 4 for path in
                                 (tmp_path / journal.STAGING).rglob("cells/part-*")))

    publish(tmp_path, YEAR, documents, watched(), units)
    assert most == 1     # the file grew while documents were still to come


def test_decimals_are_exact(tmp_path):
    documents = [document_row("a", identity(0), stated_amount_yuan=Decimal("9999999999999999.9999"))]
    publish(tmp_path, YEAR, documents, [], [])
    assert table(tmp_path, "documents").column("stated_amount_yuan").to_pylist() == [
        Decimal("9999999999999999.9999")]


def test_dataset_counts_what_it_wrote(tmp_path):
    result = dataset.publish(tmp_path, YEAR, *content([1, 2]))
    assert {name: table(tmp_path, name).num_rows for name in contract.TABLES} == result.rows


def test_while_someone_reads_no_table_is_replaced(tmp_path, monkeypatch):
    publish(tmp_path, YEAR, *content([1]))
    before = files(tmp_path)
    context = multiprocessing.get_context("fork")
    begin = context.Event()
    child = context.Process(target=lambda: (begin.wait(), publish(tmp_path, YEAR, *content([2]))))
    child.start()     # before the lock is taken: a child would inherit it
    with journal.reading(tmp_path):
        begin.set()
        while not (tmp_path / journal.STAGING / "journal.json").exists():
            time.sleep(0.01)
        child.join(0.3)
        assert child.is_alive()
        assert {path: data for path, data in files(tmp_path).items() if not path.startswith("_")} == before
    child.join()
    assert files(tmp_path) != before
    monkeypatch.setattr(journal, "_READERS_SECONDS", 0.1)
    with journal.reading(tmp_path):
        publish(tmp_path, YEAR, *content([1]))     # no reader keeps a run waiting for ever
    assert files(tmp_path) == before
