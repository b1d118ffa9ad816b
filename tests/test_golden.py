"""Every golden case comes out exactly: records, findings, refusals."""

import pytest

from fixtures import golden


@pytest.mark.parametrize("case", golden.cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case):
    assert list(golden.differences(golden.expected(case), golden.observed(case))) == []


def test_there_are_enough_cases():
    assert sum(case.parent.name == "A" for case in golden.cases()) >= 41


def test_a_difference_is_seen():
    wanted = golden.expected(golden.CASES / "A" / "sample")
    found = golden.observed(golden.CASES / "A" / "sample")
    found["forms"][2]["indicators"][7]["level3"] = "收到好评处理时限"
    found["forms"][0]["funds"].pop()
    problems = list(golden.differences(wanted, found))
    assert len(problems) == 2
    assert "level3" in problems[0] or "level3" in problems[1]
