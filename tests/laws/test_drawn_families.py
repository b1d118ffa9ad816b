"""A form of any family, as it should be printed, is read exactly, without an error from the checks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import families, golden
from parsers import read
from pipeline.document import extract
from tests.laws.forms import problems


@pytest.mark.parametrize("family", families.FAMILIES)
@given(st.integers(0, 100_000))
def test_records_are_exact(family, seed):
    form, lines = families.draw(family, random.Random(seed))
    reading = read(families.text(form, lines).encode(), "x.txt")
    found = golden.described(extract(reading, golden.DOCUMENT_ID))
    assert problems(form, found) == []
    assert [finding for finding in found["findings"] if finding[1] == "error"] == []
