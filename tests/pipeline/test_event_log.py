"""The log of events keeps whole lines and does not grow without end."""

import json

from pipeline import event_log
from pipeline.event_log import FILE, EventLog


def test_a_line_that_was_cut_off_ends_before_the_next_run(tmp_path):
    (tmp_path / FILE).write_text('{"event": "docu')
    with EventLog(tmp_path, 2) as log:
        log.write("run_started", path="报告")
    cut, whole = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert cut == '{"event": "docu'
    assert json.loads(whole) | {"time": ""} == {"time": "", "run": 2, "event": "run_started", "path": "报告"}


def test_a_full_log_is_put_aside_when_a_run_begins(tmp_path, monkeypatch):
    monkeypatch.setattr(event_log, "_FULL", 40)
    for run in (1, 2, 3):
        with EventLog(tmp_path, run) as log:
            log.write("run_started")
    assert json.loads((tmp_path / FILE).read_text())["run"] == 3
    assert json.loads((tmp_path / "events.old.jsonl").read_text())["run"] == 2
