"""Parentheses that a line alone does not tell."""

import pytest

from parsers.grid import Seen
from parsers.ocr import ReadLine
from parsers.scan.pairs import paired


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["≤3.00(工作日）"], ["≤3.00(工作日)"]),
        (["≥90（%)"], ["≥90（%）"]),
        (["(财预）2021号"], ["（财预）2021号"]),
        (["≤3.00(工作", "日）"], ["≤3.00(工作", "日)"]),
        (["（元)"], ["（元）"]),
        (["已(1）完成"], ["已(1）完成"]),
        (["a)", "（b"], ["a)", "（b"]),
        (["(a（b）c)"], ["(a（b）c)"]),
    ],
    ids=["end", "full width", "start", "two lines", "both ends", "both shown", "no pair", "nested"],
)
def test_the_partner_tells(lines, wanted):
    assert [line.text for line in paired([ReadLine(text, 0.9) for text in lines])] == wanted


def test_both_readings_count():
    (line,) = paired([ReadLine("3(天）", 0.5, (Seen("3(天）", 0.5), Seen("3(天)", 0.4), Seen("8(天）", 0.1)))])
    assert line == ReadLine("3(天)", 0.9, (Seen("3(天)", 0.9), Seen("3(天）", 0.0), Seen("8(天）", 0.1)))
