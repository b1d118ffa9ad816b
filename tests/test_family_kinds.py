"""Forms of every family as text, web page, Word, Excel and PDF: the same records from one truth."""

import pytest

from fixtures import families
from tests.bench.families import KINDS, outcome


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", families.FAMILIES)
def test_records_are_those_of_the_truth(family, kind):
    for seed in range(500, 503):
        found = outcome(family, kind, seed)
        assert found.problems == []
        assert found.errors == []
