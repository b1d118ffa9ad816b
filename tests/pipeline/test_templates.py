"""Templates are sound data, and recognise all and only their own fixtures."""

import tomllib
from importlib.resources import files

import pytest

from fixtures import golden
from parsers import read
from pipeline import templates
from pipeline.blocks import split
from pipeline.recognise import fits, recognise

SOUND = tomllib.loads(files("pipeline.templates").joinpath("A.toml").read_text("utf-8"))


def shapes(case):
    source = golden.source(case)
    blocks = split(read(source.read_bytes(), source.name).grids).blocks
    return [recognise(block, templates.load()) for block in blocks if block.kind == "form"]


FORMS = [case for case in golden.cases() if case.parent.name != "neighbours"]


@pytest.mark.parametrize("case", FORMS, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_family_recognises_its_own_fixtures(case):
    """Of each form, exactly one template fits, that of its family; a case may hold forms of others beside its own."""
    families = [form["project"].get("family") for form in golden.expected(case)["forms"]]
    assert case.parent.name in families or families == [None]
    for shape, family in zip(shapes(case), families, strict=True):
        if shape.indicator_head:
            assert shape.template is not None
            assert shape.template.family == family
        else:
            assert [finding.rule for finding in shape.findings] == ["incomplete_form"]


def test_every_template_recognises_fixtures_of_its_own():
    chosen = {shape.template for case in FORMS for shape in shapes(case)}
    assert chosen - {None} == set(templates.load())


@pytest.mark.parametrize("template", templates.load(), ids=lambda template: template.name)
def test_no_family_fits_a_head_without_its_columns(template):
    columns = [name for name in template.indicators.columns if name != "lead"]
    assert fits(template, columns, template.levels)
    for needed in template.must:
        assert not fits(template, [name for name in columns if name != needed], template.levels)
    assert not fits(template, columns[::-1], template.levels)
    assert not fits(template, [*columns, "initial_budget_yuan"], template.levels)


@pytest.mark.parametrize("template", templates.load(), ids=lambda template: template.name)
def test_a_full_head_is_that_of_one_family_only(template):
    """With all its columns, and with none but those that it must have."""
    columns = template.indicators.columns
    for head in (columns, [name for name in columns if name in template.must]):
        fitting = [other for other in templates.load() if fits(other, head, template.levels)]
        assert fitting == [template]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"family": None}, "family is missing"),
        ({"head": {"must": ["score"]}}, "[head] must_not is missing"),
        ({"head": {"must": ["score"], "must_not": ["score"]}}, "both demands and forbids score"),
        ({"family": "H"}, "family is none of ABCDEFG"),
        ({"levels": {"some": ["output"]}}, "[levels] has no some"),
        ({"indicators": {"columns": []}}, "[indicators] needs columns"),
        ({"indicators": {"columns": ["score", "score"], "required": []}}, "names a column twice"),
        ({"indicators": {"columns": ["score"], "required": ["weight"]}}, "requires weight"),
    ],
)
def test_each_fault_is_named(change, fault):
    data = {name: value for name, value in (SOUND | change).items() if value is not None}
    assert any(fault in named for named in templates.faults_of(data))


def test_a_sound_template_has_no_fault():
    assert templates.faults_of(SOUND) == []


def test_a_broken_file_stops_the_program_with_all_its_faults(tmp_path, monkeypatch):
    (tmp_path / "A.toml").write_text('family = "A"\n[head]\nmust = ["score"]\n', "utf-8")
    monkeypatch.setattr(templates, "files", lambda _package: tmp_path)
    templates.load.cache_clear()
    try:
        with pytest.raises(templates.TemplateFault) as raised:
            templates.load()
    finally:
        monkeypatch.undo()
        templates.load.cache_clear()
    for fault in ("name is missing", "budget_points is missing", "must_not is missing", "[indicators]"):
        assert fault in raised.value.message
