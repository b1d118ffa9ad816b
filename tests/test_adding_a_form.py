"""docs/adding-a-form.md, followed step by step with its own blocks."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from fixtures import golden
from parsers import read
from pipeline import cell_kinds, labels, templates
from pipeline.blocks import split
from pipeline.document import extract
from pipeline.recognise import recognise

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-form.md"
CACHES = (
    labels._data, labels._index, labels.vertical_labels, labels.level_code, labels.is_note, templates.load,
    labels._personal_words, labels._reason_words, labels.begins_level,
)  # fmt: skip


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def forget():
    for cache in CACHES:
        cache.cache_clear()
    cell_kinds.LOOKS.clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The data files of the templates, to be changed."""
    target = tmp_path / "templates"
    shutil.copytree(str(files("pipeline.templates")), target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(labels, "files", lambda _package: target)
    monkeypatch.setattr(templates, "files", lambda _package: target)
    forget()
    yield target
    monkeypatch.undo()
    forget()


def form():
    forget()
    (text,) = blocks("text")
    (record,) = extract(read(text.encode(), "report.txt"), golden.DOCUMENT_ID).forms
    return record


def unknown(record):
    return [finding.message for finding in record.findings if finding.rule == "unknown_form"]


def test_the_page_can_be_followed(folder):
    first, second = (block.strip() for block in blocks("finding"))
    assert form().form.family is None
    assert unknown(form()) == [first]

    wordings = folder / "labels.toml"
    (wording,) = (block.strip() for block in blocks("wording"))
    before, group, after = wordings.read_text("utf-8").partition("[indicator_head]")
    started = 'score = ["得分"'
    assert started in after
    wordings.write_text(before + group + after.replace(started, wording, 1), "utf-8")
    assert unknown(form()) == [second]

    (shape,) = blocks("toml")
    (folder / "A_result_first.toml").write_text(shape, "utf-8")
    found = form()
    assert found.form.family == "A"
    assert found.findings == ()
    rows = [(row.target_text, row.actual_text, row.score) for row in found.form.indicators]
    assert rows == [("≥50座", "52座", 50), ("≥95%", "96%", 40)]


def test_the_new_shape_takes_none_of_the_others(folder):
    (shape,) = blocks("toml")
    (folder / "A_result_first.toml").write_text(shape, "utf-8")
    forget()
    for case in golden.cases():
        if case.parent.name != "neighbours":
            source = golden.source(case)
            for block in split(read(source.read_bytes(), source.name).grids).blocks:
                if block.kind == "form":
                    chosen = recognise(block, templates.load()).template
                    assert chosen is None or chosen.name != "ministry, result first"
