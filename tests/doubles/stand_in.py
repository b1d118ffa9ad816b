"""A document stage whose files say in their first word what becomes of them.

``forms N`` gives N forms; the faults are the ways in which a real reader goes wrong.
"""

import hashlib
import os
import signal
import time
from decimal import Decimal
from pathlib import Path

from pipeline import batches, contract
from pipeline.outcome import Outcome, Task

VERSION = "0.0.0-test"
UNITS = [
    ("次", "count", "次", Decimal(1), []),
    ("秒", "time", "秒", Decimal(1), ["s"]),
]


def row(table, /, **values):
    """A row of a table in the contract's column order; null where nothing is given."""
    names = contract.TABLES[table].schema.names
    assert set(values) <= set(names)
    return tuple(values.get(name) for name in names)


def rows_of(document_id, forms):
    """The rows of a document: per form 2 fund rows, 3 indicators, 1 finding and 6 cells."""
    rows = {name: [] for name in batches.DOCUMENT_TABLES}
    for index in range(forms):
        form_id = f"{document_id[:16]}-{index:03d}"
        rows["projects"].append(row(
            "projects", form_id=form_id, document_id=document_id, form_index=index, page_first=1,
            page_last=1, family="A", form_year=2023, project_name=f"项目{index}",
            score_total=Decimal("97.97"), grade="优", confidence=1.0, review=False))
        rows["funds"] += [row(
            "funds", form_id=form_id, line_no=line, label="年度资金总额", source="total",
            executed_yuan=Decimal("154200.00"), score=Decimal("9.97")) for line in range(2)]
        rows["indicators"] += [row(
            "indicators", form_id=form_id, line_no=line, level1="产出指标", target_operator=">=",
            target_value=Decimal(line), weight=Decimal("5.00")) for line in range(3)]
        rows["findings"].append(row(
            "findings", document_id=document_id, form_id=form_id, rule="R5_total_score",
            severity="warning", printed="97.97", message="sums"))
        rows["cells"] += [row(
            "cells", document_id=document_id, form_id=form_id, table="indicators", line_no=line,
            field="weight", page=1, text="5.00", method="text", confidence=1.0, place="line 1")
            for line in range(6)]
    return rows


def outcome_of(data):
    """The outcome of a file that says ``forms N``."""
    document_id = hashlib.sha256(data).hexdigest()
    forms = int(data.split()[1])
    rows = rows_of(document_id, forms)
    counts = {name: len(of_table) for name, of_table in rows.items()} | {"warning": forms}
    return Outcome(document_id, "extracted", media_type="text/plain", page_count=1,
                   form_count=forms, stated_amount_yuan=Decimal("1234.50"), counts=counts,
                   rows=batches.encode(rows))


def process(task: Task) -> Outcome:
    """Read a file and do what it says."""
    data = Path(task.path).read_bytes()
    word = data.split()[0].decode()
    if word == "raise":
        raise ValueError("boom \udc80 of the reader")
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "leave":
        os._exit(7)
    if word == "hang":
        time.sleep(600)
    if word == "interrupt":
        raise KeyboardInterrupt
    if word == "damaged":
        return Outcome(hashlib.sha256(data).hexdigest(), "unreadable", "damaged: cut short")
    if word == "secret":
        return Outcome(None, "unreadable", "no_permission: not yours")
    if word == "breach":
        document_id = hashlib.sha256(data).hexdigest()
        wrong = row("findings", document_id=document_id, rule="x", severity="fatal", message="?")
        return Outcome(document_id, "no_forms", rows=batches.encode({"findings": [wrong]}))
    return outcome_of(data)
