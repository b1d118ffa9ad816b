from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.number_format import BUILT_IN, UnknownFormat, code_of, general, shown

ACCOUNT = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
GRADES = '[>=90]"优";[>=80]"良";"中"'
HAN_DATE = 'yyyy"年"m"月"d"日"'


def test_general_is_what_a_cell_shows():
    table = {
        "0": "0", "100": "100", "-0.5": "-0.5", "0.30000000000000004": "0.3", "99.999999999999986": "100",
        "0.33333333333333331": "0.333333333", "1234.56789012345": "1234.56789", "1234567890.5": "1234567891",
        "12345678901": "12345678901", "12345678901.5": "12345678902", "99999999999.6": "1E+11",
        "123456789012": "1.23457E+11", "-123456789012": "-1.23457E+11", "0.00012345678": "0.000123457",
        "0.00001": "0.00001", "0.000012345678": "1.23457E-05", "1E-10": "1E-10", "1E+300": "1E+300",
        "310115199001011234": "3.10115E+17",
    }
    assert {stored: general(Decimal(stored)) for stored in table} == table


@pytest.mark.parametrize(("stored", "code", "expected"), [
    # digits
    ("0.95", "0%", "95%"), ("0.95", "0.00%", "95.00%"), ("1", "0％", "100％"), ("0.5", "0.0‰", "0.5‰"),
    ("55.5", "0.00", "55.50"), ("1234567", "#,##0", "1,234,567"), ("1234.5", "#,##0.00", "1,234.50"),
    ("999", "#,##0", "999"), ("-1234", "#,##0", "-1,234"), ("5", "0,000", "0,005"),
    ("3", "000", "003"), ("0.5", "#.##", ".5"), ("5", "0.##", "5."), ("12.5", ".00", "12.50"),
    ("1234567.891", "#,##0.0#", "1,234,567.89"), ("1e20", "0", "100000000000000000000"),
    ("1234567890", "000-0000", "123456-7890"), ("1.5", "0.??", "1.5"), ("0", "#", ""),
    # rounding: away from zero, at fifteen digits
    ("0.285", "0%", "29%"), ("0.28499999999999998", "0%", "29%"), ("1.005", "0.00", "1.01"),
    ("-2.5", "0", "-3"), ("9.9765799999999998", "0.00", "9.98"), ("0.1249", "0.00", "0.12"),
    # scaling
    ("1234567", "0.0,", "1234.6"), ("12345678", "#,##0,", "12,346"), ("1234567", "0.0,,", "1.2"),
    ("12345", '0!.0,"万元"', "1.2万元"), ("12345", '0\\.0,"万元"', "1.2万元"),
    ("1234500", "0,.00", "1234.50"),
    # sections
    ("-5", "0;(0)", "(5)"), ("-5", "0.0;[红色]-0.0", "-5.0"), ("0", '0;-0;"无"', "无"), ("7", ";;;", ""),
    ("1234.5", ACCOUNT, "1,234.50"), ("-1234.5", ACCOUNT, "-1,234.50"), ("0", ACCOUNT, "-"),
    ("99.66", "0.00_);[Red]\\(0.00\\)", "99.66"), ("-99.66", "0.00_);[Red]\\(0.00\\)", "(99.66)"),
    ("95", GRADES, "优"), ("85", GRADES, "良"), ("5", GRADES, "中"), ("1", '[=1]"是";[=0]"否";General', "是"),
    ("-3", "[<0]0.0;0", "3.0"), ("3", "[>=100]0;0.0;0.00", "3.00"), ("-3", "[>=100]0;0.0;0.00", "3.0"),
    ("5", "0;@", "5"), ("5", "@", "5"),
    # literals
    ("12", '0"次"', "12次"), ("12", "0次", "12次"), ("12", "0\\次", "12次"), ("12", '"约"0"%"', "约12%"),
    ("12", 'General"次"', "12次"), ("12", 'G/通用格式"次"', "12次"), ("-12", '"¥"0.00', "-¥12.00"),
    ("1", "[$¥-804]#,##0.00", "¥1.00"), ("1", "[$￥-804]* 0", "￥1"), ("5", '0.00"元', "5.00元"),
    # powers and fractions
    ("12345.678", "0.00E+00", "1.23E+04"), ("0.00012", "0.0E-00", "1.2E-04"),
    ("12345", "##0.0E+0", "12.3E+3"),
    ("9.999", "0.0E+0", "1.0E+1"), ("0", "0.00E+00", "0.00E+00"), ("1000", "0E+0", "1E+3"),
    ("0.5", "# ?/?", "1/2"), ("5.25", "# ?/?", "5 1/4"), ("5", "# ?/?", "5"), ("0", "# ?/?", "0"),
    ("0.999", "# ?/?", "1"), ("3.14159", "# ??/??", "3 1/7"), ("0.5", "# ?/16", "8/16"),
    ("1.5", "?/?", "3/2"),
    ("2.3", "0 0/10", "2 3/10"), ("-1.5", "# ?/?", "-1 1/2"),
    # Chinese numerals
    ("1234", '[DBNum2][$-804]General"元"', "壹仟贰佰叁拾肆元"), ("1234", "[DBNum1]0", "一二三四"),
    ("10.5", "[DBNum1]General", "一十.五"), ("100050000", "[DBNum1]General", "一亿〇五万"),
    ("12", "[DBNum3]0", "１２"),
])  # fmt: skip
def test_numbers(stored, code, expected):
    assert shown(Decimal(stored), code).strip() == expected


@pytest.mark.parametrize(("stored", "code", "expected"), [
    ("45291", "yyyy-mm-dd", "2023-12-31"), ("45291", HAN_DATE + ";@", "2023年12月31日"),
    ("45291", "[$-804]yyyy/m/d", "2023/12/31"), ("45291", "yy.m", "23.12"), ("45291", "e/m", "2023/12"),
    ("45291.75", "yyyy/m/d h:mm", "2023/12/31 18:00"), ("45291.75", "h:mm AM/PM", "6:00 PM"),
    ("45291.25", '上午/下午h"时"mm"分"', "上午6时00分"), ("0.75", "[$-804]AM/PM h:mm", "下午 6:00"),
    ("0.5", "A/P", "P"),
    ("1.5", "[h]:mm", "36:00"), ("1.5", "[mm]", "2160"), ("0.0007", "mm:ss.0", "01:00.5"),
    ("0.5", "[ss]", "43200"),
    ("45291.999999", "yyyy-m-d h:mm:ss", "2024-1-1 0:00:00"), ("45291.9999", "h:mm", "23:59"),
    ("45291.749999999996", "h:mm", "18:00"),
    ("1", "yyyy-m-d", "1900-1-1"), ("60", "yyyy-m-d", "1900-2-29"), ("61", "yyyy-m-d", "1900-3-1"),
    ("0", "yyyy-m-d", "1900-1-0"), ("2958465", "yyyy-m-d", "9999-12-31"),
    ("45291", "[$-804]aaaa;@", "星期日"), ("45291", "aaa", "日"), ("45291", "[$-804]dddd", "星期日"),
    ("45291", "dddd, mmmm d", "Sunday, December 31"), ("45291", "[$-409]d-mmm-yy;@", "31-Dec-23"),
    ("45291", "mmmmm", "D"), ("45291", "[$-804]mmmm", "十二月"),
    ("45291", "[DBNum1][$-804]" + HAN_DATE, "二〇二三年十二月三十一日"),
    ("45291", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2023年12月31日"),
    ("0.5", "[$-F400]h:mm:ss\\ AM/PM", "12:00:00"),
    ("43500", "m月d日", "2月4日"),
])  # fmt: skip
def test_dates(stored, code, expected):
    assert shown(Decimal(stored), code) == expected


def test_days_from_1904():
    assert shown(Decimal(43829), "yyyy-mm-dd", epoch_1904=True) == "2023-12-31"
    assert shown(Decimal(0), "yyyy-mm-dd", epoch_1904=True) == "1904-01-01"


@pytest.mark.parametrize(("text", "code", "expected"), [
    ("约", "0.00", "约"), ("约", '0;-0;0;"共"@"次"', "共约次"), ("约", '@"次"', "约次"), ("约", ";;;", ""),
    ("约", ";;", "约"), ("5", "@", "5"), ("-", ACCOUNT, " - "), ("约", '0"次";@', "约"),
])  # fmt: skip
def test_texts(text, code, expected):
    assert shown(text, code) == expected


@pytest.mark.parametrize(("stored", "code"), [
    ("1", "nonsense"), ("1", "0;0;0;0;0"), ("1", "0" * 300), ("1", "yyyy 0.0"), ("-1", "yyyy-mm-dd"),
    ("2958466", "yyyy"), ("1", "[>5]0;[>3]0"), ("1", "x0"),
])  # fmt: skip
def test_what_is_no_format_is_refused(stored, code):
    with pytest.raises(UnknownFormat):
        shown(Decimal(stored), code)


@pytest.mark.parametrize(("number", "expected"), [
    (0, "45291.5"), (1, "45292"), (2, "45291.50"), (3, "45,292"), (4, "45,291.50"), (9, "4529150%"),
    (10, "4529150.00%"), (11, "4.53E+04"), (12, "45291 1/2"), (14, "2023/12/31"), (15, "31-Dec-23"),
    (20, "12:00"), (22, "2023/12/31 12:00"), (27, "2023年12月"), (28, "12月31日"), (31, "2023年12月31日"),
    (32, "12时00分"), (34, "下午12时00分"), (36, "2023年12月"), (44, "¥45,291.50"), (46, "1086996:00:00"),
    (49, "45291.5"), (51, "12月31日"), (57, "2023年12月"), (58, "12月31日"), (99, "45291.5"),
])  # fmt: skip
def test_built_in_formats(number, expected):
    assert shown(Decimal("45291.5"), code_of(number, {})).strip() == expected


def test_a_file_may_redefine_only_what_does_not_follow_the_machine():
    assert code_of(44, {44: "0.0"}) == "0.0"
    assert code_of(14, {14: "m/d/yy"}) == "yyyy/m/d"


PIECES = [
    "0", "#", "?", ".", ",", "%", "/", "E+", '"a"', "\\x", "_ ", "* ", "[h]", "[>=1]", "[Red]",
    "[DBNum1]", "[$-804]",
    "yyyy", "m", "d", "h", "ss", "s.00", "AM/PM", "General", "@", ";", "次", "-", "[", '"', "!", "9",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False).map(repr).map(Decimal) | st.text(max_size=5),
)
def test_any_code_shows_text_or_refuses(code, value):
    with suppress(UnknownFormat):
        assert isinstance(shown(value, code), str)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_two_places_show_what_is_stored(value):
    """A number of no more places than its format has is shown as it is."""
    assert Decimal(shown(value, "#,##0.00").replace(",", "")) == value
    assert Decimal(shown(value / 100, "0.00%").rstrip("%")) == value
    assert Decimal(general(value)) == value or abs(value) >= 10**8


@pytest.mark.parametrize("number", BUILT_IN)
def test_every_built_in_format_shows_zero(number):
    assert shown(Decimal(0), BUILT_IN[number]).strip()
