"""A form of any family, as it should be printed, is read exactly, without an error from the checks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import families
from tests.laws.forms import problems, read_back


@pytest.mark.parametrize("family", families.FAMILIES)
@given(st.integers(0, 100_000))
def test_records_are_exact(family, seed):
    form, lines = families.draw(family, random.Random(seed))
    found = read_back(form, lines)
    assert problems(form, found) == []
    assert [finding for finding in found["findings"] if finding[1] == "error"] == []
