"""N-1 documents come out right whatever befalls the others, and the next run mends the rest."""

import pytest

from tests.chaos.faults import IN_CHILD
from tests.chaos.field import Field
from tests.chaos.scenarios import AROUND, in_child

COUNT = 60
SEED = 1
CODES = {"crashed": {1}, "timeout": {4}, "unreadable": {4}, "extracted": {0}}
ENDS = {
    "killed_workers": {0, 1},     # 1: two of the three signals met one document
    "stopped_workers": {0, 4}, "killed_parent": {-9}, "killed_while_publishing": {-9},
    "asked_to_stop": {130}, "full_disk": {2}, "full_disk_while_publishing": {2}, "jumping_clock": {0},
    "paused_run": {0},
}


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("field"), COUNT)


@pytest.mark.parametrize("name", IN_CHILD)
def test_a_fault_of_one_document_stays_with_it(field, tmp_path, name):
    row = in_child(field, tmp_path, name, SEED)
    status = IN_CHILD[name][1]
    assert row.fates == {status: 1}
    assert row.right == COUNT - 1
    assert row.code in CODES[status]
    assert row.left == 0
    assert row.read_again == (0 if status == "extracted" else 1)
    assert row.identical


@pytest.mark.parametrize("scenario", AROUND)
def test_what_befalls_the_run_is_mended_by_the_next(field, tmp_path, scenario):
    row = scenario(field, tmp_path, SEED)
    assert row.code in ENDS[scenario.__name__]
    assert row.right >= COUNT - 1
    assert row.left == 0
    assert row.identical
