"""``explain --png``: the part of the page on which a value is printed, its cell outlined."""

import pytest
from PIL import Image

from fixtures.drawing.sample import drawn
from parsers.grid import Box
from parsers.picture import SCALE, Spot, crop
from tests.doubles.command import Desk, jixiao

RED = (214, 39, 40)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    one = Desk(tmp_path_factory.mktemp("picture"))
    one.put("sub/sample.pdf", drawn("weasyprint-serif.pdf"))
    one.put("sample.txt")
    assert one.extract().code == 0
    return one


def form_of(desk, method):
    sql = "SELECT form_id FROM cells WHERE method = ? AND field = 'target_text' ORDER BY ALL LIMIT 1"
    return desk.rows(sql, method)[0][0]


def explain(desk, *arguments):
    return jixiao("explain", *arguments, "--out", desk.out, "--input", desk.input)


def outlined(path):
    """The outline's corners in pixels."""
    with Image.open(path) as file:
        picture = file.convert("RGB")
    red = Image.new("L", picture.size)
    red.putdata([255 * (pixel == RED) for pixel in picture.get_flattened_data()])
    return red.getbbox(), picture


def test_the_cell_is_outlined_and_has_ink(desk, tmp_path):
    form, file = form_of(desk, "pdf"), tmp_path / "cell.png"
    ended = explain(desk, form, "indicators.0.target_text", "--png", file)
    assert (ended.code, ended.stderr) == (0, f"drawn: {file}\n")
    sql = "SELECT x0, top, x1, bottom FROM cells WHERE form_id = ? AND field = 'target_text' AND line_no = 0"
    (x0, top, x1, bottom), *others = desk.rows(sql, form)
    (left, upper, right, lower), picture = outlined(file)
    assert not others
    assert (left, right - 1) == pytest.approx((x0 * SCALE, x1 * SCALE), abs=2)
    assert lower - upper == pytest.approx((bottom - top) * SCALE, abs=3)
    inside = picture.crop((left + 4, upper + 4, right - 4, lower - 4)).convert("L")
    assert min(inside.get_flattened_data()) < 100


def test_without_a_name_it_is_written_here(desk, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    form = form_of(desk, "pdf")
    assert explain(desk, form, "project_name", "--png").code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{form}.project_name.png"]


def test_a_cell_cut_by_a_page_break_shows_both_pages(desk, tmp_path):
    sql = ("SELECT form_id, \"table\", line_no, field FROM cells WHERE repair = 'joined_page_break'"
           " AND line_no IS NOT NULL GROUP BY ALL HAVING count(DISTINCT page) = 2 ORDER BY ALL LIMIT 1")
    ((form, table, line, field),) = desk.rows(sql)
    file = tmp_path / "both.png"
    assert explain(desk, form, f"{table}.{line}.{field}", "--png", file).code == 0
    with Image.open(file) as picture:
        assert picture.height > 2 * 60 * SCALE


@pytest.mark.parametrize(("method", "field", "words"), [
    ("text", "project_name", "no place on a drawn page: it is at line"),
    ("pdf", None, "A picture shows one value"),
    ("pdf", "indicators.0.deviation_reason", "nothing is printed for it"),
])
def test_what_has_no_picture_is_said(desk, tmp_path, method, field, words):
    form = form_of(desk, method)
    fields = [] if field is None else [field]
    sql = "SELECT count(*) FROM cells WHERE form_id = ? AND field = 'deviation_reason' AND line_no = 0"
    assert desk.rows(sql, form) == [(0,)]
    ended = explain(desk, form, *fields, *([] if field is None else [tmp_path / "x.png"]), "--png")
    assert ended.code == 2
    assert words in " ".join(ended.stderr.split())


def test_a_report_that_is_gone_is_named(desk, tmp_path):
    form = form_of(desk, "pdf")
    ended = jixiao("explain", form, "project_name", tmp_path / "x.png", "--png", "--out", desk.out,
                   "--input", tmp_path)
    assert ended.code == 3
    assert "cannot be read" in " ".join(ended.stderr.split())


def test_a_box_beyond_the_page_is_no_crash():
    spots = [Spot(1, Box(-50, -50, 5000, 5000)), Spot(1, Box(10, 900, 20, 990))]
    assert crop(drawn("weasyprint-serif.pdf"), spots).startswith(b"\x89PNG")
