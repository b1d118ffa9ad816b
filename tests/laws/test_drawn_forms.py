"""A form as it should be printed is read exactly, without an error from the checks."""

from hypothesis import given

from tests.laws.forms import drawn, problems, read_back


@given(drawn())
def test_records_are_exact(pair):
    form, lines = pair
    assert problems(form, read_back(form, lines)) == []


@given(drawn())
def test_right_arithmetic_raises_no_error(pair):
    form, lines = pair
    found = read_back(form, lines)
    assert [finding for finding in found["findings"] if finding[1] == "error"] == []
