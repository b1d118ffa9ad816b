from decimal import Decimal

import pytest

from pipeline import scales
from pipeline.checks import check
from pipeline.records import Finding, Form, FundRow, IndicatorRow
from pipeline.rules import RULES


def number(text):
    return None if text is None else Decimal(text)


def fund(source, *printed):
    """A fund row: three amounts in 万元, rate, weight, score; what is left out is blank."""
    money, points = [*printed, *(None,) * 6][:3], [*printed, *(None,) * 6][3:6]
    yuan = [None if text is None else Decimal(text).scaleb(4) for text in money]
    return FundRow(source, source, *yuan, *map(number, points))


NO_INDICATOR = IndicatorRow(*(None,) * len(IndicatorRow._fields))
NO_FORM = Form(*(None,) * len(Form._fields))
SHORT = {"total": "score_total", "weights": "weight_total", "points": "budget_points"}


def indicator(target=None, actual=None, weight=None, score=None, **more):
    """An indicator; ``target`` is operator and number with a space between: ``>= 20.00``."""
    operator, _, value = (target or " ").rpartition(" ")
    target_unit, actual_unit = more.pop("unit", (None, None))
    return NO_INDICATOR._replace(
        target_operator=operator or None, target_value=number(value or None),
        target_high=number(more.pop("high", None)), target_unit=target_unit,
        actual_value=number(actual), actual_unit=actual_unit, weight=number(weight),
        score=number(score), deviation_reason=more.pop("reason", None), **more,
    )  # fmt: skip


def form(indicators=(), funds=(), **more):
    numbers = {SHORT[name]: number(more.pop(name)) for name in SHORT if name in more}
    words = {"family": "A", "funds": tuple(funds), "indicators": tuple(indicators)}
    return NO_FORM._replace(**{"budget_points": Decimal(10)} | words | numbers | more)


def found(a_form):
    return check(a_form)


def rules(a_form):
    return [one.rule for one in found(a_form)]


def where(finding):
    return finding.severity, finding.table, finding.line_no, finding.field


def of_rows(a_form):
    """Findings about single rows: the forms of these tests rarely make 100 points."""
    return [one for one in found(a_form) if one.table is not None]


def rules_of_rows(a_form):
    return [one.rule for one in of_rows(a_form)]


def only(a_form, rule) -> Finding:
    (finding,) = [one for one in found(a_form) if one.rule == rule]
    return finding


def one_source(annual, executed, rate, score):
    """The fund table of the sample: all money is this year's appropriation."""
    money, nothing = (annual, annual, executed, rate), ("0.00",) * 4
    return [
        fund("total", *money, "10.00", score), fund("current_year", *money),
        fund("carry_over", *nothing), fund("other", *nothing),
    ]  # fmt: skip


# ── the sample ───────────────────────────────────────────────────────────────

DAYS = ("工作日", "工作日")
REASON = "暂未实现"

PUBLICITY = form(
    [
        indicator("= 1.00", "1.00", "50.00", "50.00"),
        indicator(weight="20.00", score="20.00", outcome="reached"),
        indicator(weight="20.00", score="16.00", outcome="partly", reason=REASON),
    ],
    one_source("15.42", "15.42", "100.00", "10.00"),
    weights="100", total="96", grade="优",
)
QUALITY = form(
    [
        indicator(">= 20.00", "18.00", "5.00", "4.00", unit=("次", "次"), reason=REASON),
        indicator(">= 3.00", "3.00", "5.00", "5.00", unit=("场", "场")),
        indicator(">= 30.00", "70.00", "5.00", "5.00", unit=("条", "条")),
        indicator(">= 350", "600.00", "5.00", "5.00", unit=("本", "本")),
        indicator(">= 4", "5.00", "5.00", "5.00", unit=("次", "次")),
        indicator(weight="5.00", score="5.00", outcome="reached"),
        indicator("= 100.00", "99.00", "5.00", "4.00", unit=("%", "%"), reason=REASON),
        indicator("= 100.00", "100.00", "5.00", "5.00", unit=("%", "%")),
        indicator("= 100", "100.00", "5.00", "5.00", unit=("%", "%")),
        indicator("<= 7.00", "5.00", "5.00", "5.00", unit=("天", "天")),
        indicator("<= 30.00", "28.00", "5.00", "5.00", unit=("天", "天")),
        indicator("<= 3.00", "3.00", "5.00", "5.00", unit=DAYS),
        indicator(weight="5.00", score="5.00", outcome="reached"),
        indicator(weight="5.00", score="5.00", outcome="reached"),
        indicator(weight="5.00", score="5.00", outcome="reached"),
        indicator("<= 10.00", "0.00", "15.00", "15.00", unit=("%", "%")),
    ],
    one_source("55.50", "55.37", "99.76", "9.97"),
    weights="100", total="97.97", grade="优",
)
RECEPTION = form(
    [
        indicator(">= 1.00", "10.00", "7.00", "7.00", unit=("次", "次")),
        indicator("= 7000.00", "7000.00", "7.00", "7.00", unit=("册", "册")),
        indicator(weight="7.00", score="5.00", outcome="partly", reason=REASON),
        indicator("= 100.00", "100.00", "7.00", "7.00", unit=("%", "%")),
        indicator(">= 95.00", "95.00", "7.00", "7.00", unit=("%", "%")),
        indicator("<= 5", "5.00", "7.00", "7.00", unit=DAYS),
        indicator("<= 10", "10.00", "7.00", "7.00", unit=DAYS),
        indicator("<= 3.00", "0.00", "7.00", "7.00", unit=DAYS),
        indicator("= 100.00", "100.00", "7.00", "7.00", unit=("%", "%")),
        indicator(weight="7.00", score="5.60", outcome="partly", reason=REASON),
        indicator(">= 95.00", "100.00", "20.00", "20.00", unit=("%", "%")),
    ],
    one_source("10.21", "10.17", "99.60", "9.96"),
    weights="100", total="96.56", grade="优",
)
AUXILIARY = form(
    [
        indicator(">= 1.00", "10", "10", "10", unit=("次", "次")),
        indicator("= 100.00", "100.00", "10", "10", unit=("%", "%")),
        indicator("= 100.00", "0", "10", "10", unit=("%", None)),
        indicator("<= 60", "9.19", "10", "10", unit=("秒", "秒")),
        indicator("<= 3.00", "0.00", "10", "10", unit=DAYS),
        indicator("= 100.00", "100.00", "10", "10", unit=("%", "%")),
        indicator(weight="10", score="8", outcome="partly", reason=REASON),
        indicator(">= 95.00", "100.00", "20", "20", unit=("%", "%")),
    ],
    one_source("171.60", "171.59", "99.99", "9.99"),
    weights="100", total="98", grade="优",
)
SAMPLE = {
    "publicity": PUBLICITY, "quality": QUALITY, "reception": RECEPTION, "auxiliary": AUXILIARY,
}  # fmt: skip


@pytest.mark.parametrize(("name", "flagged"), [
    ("publicity", []),
    ("quality", [
        ("R7_indicator_score", 0, "4.00", "4.50"),
        ("R8_target_too_low", 2, "70.00", "≤45.00"),
        ("R8_target_too_low", 3, "600.00", "≤525"),
        ("R7_indicator_score", 6, "4.00", "4.95"),
    ]),
    ("reception", [("R8_target_too_low", 0, "10.00", "≤1.50")]),
    ("auxiliary", [
        ("R8_target_too_low", 0, "10", "≤1.50"),
        ("R7_indicator_score", 2, "10", "0"),
    ]),
])  # fmt: skip
def test_the_sample_gives_these_warnings_and_no_others(name, flagged):
    graver = [one for one in found(SAMPLE[name]) if one.severity != "info"]
    assert [(one.rule, one.line_no, one.printed, one.expected) for one in graver] == flagged
    assert {one.severity for one in graver} <= {"warning"}


CUT = "rates and scores are truncated"
TO_INTEGER = "Rounded half-up to an integer:"
TWO_DECIMALS = f"{CUT} to two decimals"


@pytest.mark.parametrize(("name", "printed", "expected", "words"), [
    ("quality", "99.76", "99.7658", f"3 of 3 {TWO_DECIMALS}: 99.7658 printed 99.76."),
    ("reception", "99.60", "99.6082", f"2 of 2 {TWO_DECIMALS}: 99.6082 printed 99.60."),
    ("auxiliary", "9.99, 98", "9.999, 97.99",
     f"3 of 3 {TWO_DECIMALS}: 9.999 printed 9.99. {TO_INTEGER} total 97.99 printed 98."),
])  # fmt: skip
def test_the_sample_names_how_each_form_rounds(name, printed, expected, words):
    assert only(SAMPLE[name], "rounding_convention") == Finding(
        "rounding_convention", "info", words, printed=printed, expected=expected)


def test_an_exact_form_names_no_rounding():
    assert found(PUBLICITY) == []


def test_a_message_says_the_rule_with_its_numbers():
    assert [one.message for one in found(QUALITY) if one.severity == "warning"] == [
        "Target missed: weight 5.00 × 18.00/20.00 = 4.50, printed 4.00.",
        "Actual 70.00 is over 150 % of the target >=30.00 and no reason is given.",
        "Actual 600.00 is over 150 % of the target >=350 and no reason is given.",
        "Target missed: weight 5.00 × 99.00/100.00 = 4.95, printed 4.00.",
    ]


# ── R1: the parts of the money ───────────────────────────────────────────────


def sums(*rows):
    """Fund rows that print one money column, as ``source amount``."""
    parts = [row.partition(" ") for row in rows]
    return form(funds=[fund(source, None, amount or None, None) for source, _, amount in parts])


@pytest.mark.parametrize("rows", [
    ("total 100.00", "current_year 60.00", "carry_over 30.00", "other 10.00"),
    ("current_year 60.00", "other 40.00", "total 100.00"),                          # total last
    ("total 0.00", "current_year 0.00", "other 0.00"),
    ("total 100.01", "current_year 60.00", "carry_over 30.00", "other 10.00"),       # rounded
    ("total 99.98", "current_year 60.00", "carry_over 30.00", "other 10.00"),       # four halves
    ("total 100.02", "current_year 60.00", "carry_over 30.00", "other 10.00"),
    ("total 100", "current_year 60.44", "other 40.00"),                              # whole 万元
    ("total 100.00", "fiscal 90.00", "current_year 60.00", "carry_over 30.00", "other 10.00"),
    ("total 100.00", "fiscal 90.00", "provincial 70.00", "other 10.00"),             # 其中：上级
    ("total 90.00", "current_year 90.00", "central 50.00", "local 40.00", "other 0.00"),
    ("total 100.00", "current_year 70.00", "other 30.00", "unit 20.00", "special_account 10.00"),
    ("total 100.00", "central 60.00", "local 30.00", "other 10.00"),
    ("total 100.00", "fiscal 60.00", "unknown 40.00"),                               # its own part
    ("total 60.00", "fiscal 60.00", "unknown 20.00"),                                # one of fiscal
    ("total 130.00", "fiscal 60.00", "current_year 60.00", "carry_over 10.00"),      # all are parts
], ids=" ".join)  # fmt: skip
def test_r1_holds(rows):
    assert rules(sums(*rows)) == []


@pytest.mark.parametrize(("rows", "expected"), [
    (("total 100.00", "current_year 60.00", "carry_over 30.00", "other 10.50"), "1005000"),
    (("total 100.03", "current_year 60.00", "carry_over 30.00", "other 10.00"), "1000000"),
    (("total 99.97", "current_year 60.00", "carry_over 30.00", "other 10.00"), "1000000"),
    (("total 100.00", "current_year 0.00", "other 0.00"), "0"),
    (("total 95.00", "fiscal 90.00", "current_year 60.00", "carry_over 30.00", "unit 10.00"),
     "1000000"),
    (("total 100.00", "current_year 100.00", "other 10.00"), "1100000"),   # 其他 is no part of 当年
], ids=str)  # fmt: skip
def test_r1_fails(rows, expected):
    finding = only(sums(*rows), "R1_fund_sum")
    assert where(finding) == ("error", "funds", 0, "annual_budget_yuan")
    assert finding.expected == expected
    assert "E+" not in finding.printed + finding.message


@pytest.mark.parametrize("rows", [
    ("total 100.00",),
    ("total 100.00", "current_year", "other"),
    ("total 100.00", "current_year 60.00", "other"),
    ("total", "current_year 60.00", "other 10.00"),
    ("current_year 60.00", "other 10.00"),
    ("total 100.00", "total 90.00", "current_year 10.00"),
], ids=" ".join)  # fmt: skip
def test_r1_is_silent_where_a_part_is_not_printed(rows):
    assert rules(sums(*rows)) == []


def test_r1_judges_each_column_by_itself():
    funds = [
        fund("total", "10.00", "20.00", "30.00"),
        fund("current_year", "9.00", "20.00", "29.00"),
        fund("other", "0.00", "0.00", "0.00"),
    ]
    fields = [one.field for one in found(form(funds=funds)) if one.rule == "R1_fund_sum"]
    assert fields == ["initial_budget_yuan", "executed_yuan"]


# ── R2: the execution rate ───────────────────────────────────────────────────


def rate(initial, annual, executed, printed):
    return form(funds=[fund("current_year", initial, annual, executed, printed)])


@pytest.mark.parametrize("row", [
    ("10.00", "10.00", "5.00", "50.00"),
    ("10.00", "10.00", "5.00", "50"),
    ("10.00", "3.00", "1.00", "33.33"),
    ("55.50", "55.50", "55.37", "99.77"),     # half-up
    ("55.50", "55.50", "55.37", "99.76"),     # truncated
    ("55.50", "55.50", "55.37", "99.8"),
    ("55.50", "55.50", "55.37", "100"),       # to an integer
    ("55.50", "55.50", "55.37", "99"),
    ("10.21", "10.21", "10.17", "99.52"),     # the amounts are rounded too
    ("10.00", "10.00", "12.00", "120.00"),
    ("0.00", "0.00", "0.00", "0.00"),
    ("0.00", "0.00", "5.00", "0.00"),
], ids=" ".join)  # fmt: skip
def test_r2_holds(row):
    assert "R2_execution_rate" not in rules(rate(*row))


@pytest.mark.parametrize(("row", "expected"), [
    (("10.00", "10.00", "5.00", "51.00"), "50.00"),
    (("55.50", "55.50", "55.37", "99.70"), "99.7658"),
    (("55.50", "55.50", "55.37", "100.00"), "99.7658"),
    (("55.50", "55.50", "55.37", "98"), "99.77"),
    (("0.00", "0.00", "0.00", "100.00"), "0.00"),
    ((None, "10.00", "5.00", "51.00"), "50.00"),
    (("10.00", None, "5.00", "51.00"), "50.00"),
], ids=str)  # fmt: skip
def test_r2_fails(row, expected):
    finding = only(rate(*row), "R2_execution_rate")
    assert (finding.severity, finding.line_no, finding.field) == ("error", 0, "execution_rate_pct")
    assert (finding.printed, finding.expected) == (row[3], expected)


@pytest.mark.parametrize("row", [
    ("10.00", "10.00", "5.00", None),
    ("10.00", "10.00", None, "50.00"),
    (None, None, "5.00", "50.00"),
    (None, "-10.00", "5.00", "50.00"),
], ids=str)  # fmt: skip
def test_r2_is_silent_without_its_inputs(row):
    assert rules(rate(*row)) == []


@pytest.mark.parametrize("row", [
    ("10.00", "20.00", "5.00", "50.00"),
    ("10.00", None, "5.00", "50.00"),
])  # fmt: skip
def test_r2_names_the_initial_budget_where_the_rate_follows_from_it(row):
    finding = only(rate(*row), "R2_execution_rate")
    assert finding.severity == "info"
    assert "÷ initial budget 100000 yuan" in finding.message


def test_r2_does_not_convict_by_the_initial_budget_where_the_annual_one_is_merely_unread():
    funds = [
        fund("unit", "10.00", None, "5.00", "25.00"),
        fund("other", "10.00", "20.00", "5.00", "25.00"),
    ]
    assert rules(form(funds=funds)) == []


# ── R3: the budget score ─────────────────────────────────────────────────────


def budget(rate_pct, weight, score, *, money=(None, None), points="10"):
    return form(funds=[fund("total", None, *money, rate_pct, weight, score)], points=points)


@pytest.mark.parametrize("a_form", [
    budget("100.00", "10.00", "10.00"),
    budget("99.76", "10.00", "9.98"),
    budget("99.76", "10.00", "9.97"),
    budget("99.76", "10", "10"),
    budget("99.99", "10.00", "9.99"),
    budget("50.00", "20", "10.00"),
    budget("50.00", None, "10.00", points="20"),           # the family's weight
    budget("105.00", "10.00", "10.00"),                    # never above the weight
    budget("0.00", "10.00", "0.00"),
    budget(None, "10.00", "5.00", money=("10.00", "5.00")),
    budget("99", "10.00", "9.94", money=("10.00", "9.94")),   # from the money itself
    budget("99.9", "10.00", "9.99"),
])  # fmt: skip
def test_r3_holds(a_form):
    assert "R3_budget_score" not in rules(a_form)


@pytest.mark.parametrize(("a_form", "expected"), [
    (budget("99.76", "10.00", "10.00"), "9.976"),
    (budget("99.76", "10.00", "9.90"), "9.976"),
    (budget("105.00", "10.00", "10.50"), "10.00"),
    (budget("50.00", None, "5.00", points="20"), "10.00"),
    (budget(None, "10.00", "9.00", money=("10.00", "5.00")), "5.00"),
    (budget("0.00", "10.00", "10.00"), "0.00"),
])  # fmt: skip
def test_r3_fails(a_form, expected):
    finding = only(a_form, "R3_budget_score")
    assert where(finding) == ("error", "funds", 0, "score")
    assert finding.expected == expected


@pytest.mark.parametrize("a_form", [
    budget("50.00", "10.00", None),
    budget("50.00", None, "9.00", points=None),
    budget(None, "10.00", "9.00"),
    budget(None, "10.00", "9.00", money=("0.00", "0.00")),
    form(funds=[fund("current_year", "1", "1", "1", "100", "10", "3")]),
])  # fmt: skip
def test_r3_is_silent_without_its_inputs(a_form):
    assert "R3_budget_score" not in rules(a_form)


# ── R4: the weights ──────────────────────────────────────────────────────────


def weighed(*weights, budget_weight="10", total=None, points="10"):
    funds = [fund("total", None, None, None, None, budget_weight)]
    return form([indicator(weight=text) for text in weights], funds, weights=total, points=points)


@pytest.mark.parametrize("a_form", [
    weighed("50", "40"),
    weighed("50.00", "40.00", total="100"),
    weighed("50", "40", total="90"),                          # the indicators' own sum
    weighed("50", "40", budget_weight=None),                  # the family's points
    weighed("50", "30", budget_weight=None, points="20"),
    weighed("60", "40", budget_weight=None),                  # none printed, none needed
    weighed("60", "40", budget_weight=None, points=None),
    weighed("33.33", "33.33", "33.33", budget_weight=None, points=None),
    weighed("12.86", "12.86", "12.86", "12.86", "12.86", "12.86", "12.86"),   # 90.02
    weighed("50", None),                                      # a weight is missing
    weighed(),
    weighed("50", None, total="100"),
    weighed("50", None, total="90"),
])  # fmt: skip
def test_r4_holds(a_form):
    assert rules(a_form) == []


@pytest.mark.parametrize(("a_form", "field", "printed", "expected"), [
    (weighed("50", "35"), "weight", "95", "100"),
    (weighed("60", "40"), "weight", "110", "100"),
    (weighed("50", "35", total="95"), "weight", "95", "100"),
    (weighed("50", "39.99"), "weight", "99.99", "100"),
    (weighed("50", "39", "0.99"), "weight", "99.99", "100"),
    (weighed("33.33", "33.33", "33.33", budget_weight="5", points=None), "weight", "104.99", "100"),
    (weighed("50", "40", total="95"), "weight_total", "95", "100"),
    (weighed("50", None, total="80"), "weight_total", "80", "100"),
])  # fmt: skip
def test_r4_fails(a_form, field, printed, expected):
    finding = only(a_form, "R4_weight_sum")
    assert (finding.severity, finding.table, finding.line_no) == ("error", None, None)
    assert (finding.field, finding.printed, finding.expected) == (field, printed, expected)


# ── R5: the total ────────────────────────────────────────────────────────────


def scored(total, *scores, budget_score="10", **more):
    """A form of indicators with full scores, unless ``scores`` are indicators themselves."""
    rows = [
        one if isinstance(one, IndicatorRow) else indicator(weight=one, score=one)
        for one in scores
    ]
    weight = "10" if budget_score else None
    funds = [fund("total", None, None, None, None, weight, budget_score)]
    return form(rows, funds, total=total, **more)


THIRD = indicator(">= 3", "1", "10", "3.33", reason=REASON)


@pytest.mark.parametrize("a_form", [
    scored("100", "50", "40"),
    scored("99.97", "50", "40", budget_score="9.97"),
    scored("100", "50", "40", budget_score="9.97"),          # to an integer
    scored("99", "50", "40", budget_score="9.97"),           # truncated
    scored("100.0", "50", "40", budget_score="9.97"),
    scored("90.00", "50", "40", budget_score=None, points=None),
    scored("73.32", THIRD, THIRD, THIRD, THIRD, "50"),       # the sum of the printed scores
    scored("73.33", THIRD, THIRD, THIRD, THIRD, "50"),       # the sum before rounding
    scored("67.5", indicator(weight="10", score="7.5", reason=REASON), "50"),
    scored("68", indicator(">= 4", "3", "10", "8", reason=REASON), "50"),
])  # fmt: skip
def test_r5_holds(a_form):
    assert "R5_total_score" not in rules(a_form)


@pytest.mark.parametrize(("a_form", "expected"), [
    (scored("99", "50", "40"), "100"),
    (scored("96", "50", "40", budget_score="9.97"), "99.97"),
    (scored("99.98", "50", "40.00", budget_score="9.95"), "99.95"),
    (scored("100", "50", "40", budget_score=None, points=None), "90"),
    (scored("73.34", THIRD, THIRD, THIRD, THIRD, "50"), "73.32"),
    (scored("101", "60", "40", budget_score=None), "100"),    # the indicators alone make 100
])  # fmt: skip
def test_r5_fails(a_form, expected):
    finding = only(a_form, "R5_total_score")
    assert where(finding) == ("error", None, None, "score_total")
    assert (finding.printed, finding.expected) == (str(a_form.score_total), expected)


@pytest.mark.parametrize("a_form", [
    scored(None, "50", "40"),
    scored("80", "50", indicator(weight="40")),
    scored("80", "50", "40", budget_score=None),              # the family has budget points
    scored("80"),
    scored("7", "90", budget_score=None, points=None)._replace(   # a budget weight is printed
        funds=(fund("total", None, None, None, None, "10"),)),
])  # fmt: skip
def test_r5_is_silent_where_a_score_is_missing(a_form):
    assert "R5_total_score" not in rules(a_form)


# ── R7: score from target and actual ─────────────────────────────────────────


@pytest.mark.parametrize(("target", "actual", "score", "more"), [
    (">= 20.00", "20.00", "5.00", {}),
    (">= 20.00", "18.00", "4.50", {}),
    (">= 20.00", "0", "0", {}),
    ("> 20", "21", "5.00", {}),
    ("> 20", "20", "5.00", {}),                       # the bound itself is not judged
    ("> 20", "20", "3.00", {"reason": REASON}),
    ("<= 60", "9.19", "5.00", {}),
    ("<= 60", "75", "4.00", {}),
    ("<= 10.00", "0.00", "5.00", {}),
    ("<= 0", "0", "5.00", {}),
    ("<= 0", "3", "0.00", {}),
    ("< 3", "2", "5.00", {}),
    ("< 3", "4", "3.75", {}),
    ("= 100", "100.00", "5.00", {}),
    ("= 100", "120", "5.00", {}),
    ("= 100", "99", "4.95", {}),
    ("= 0", "0.00", "5.00", {}),
    ("= 0", "2", "0", {}),
    ("20", "20.00", "5.00", {}),
    ("20", "18", "5.00", {}),                         # no operator: only equality is judged
    ("20", "30", "1.00", {"reason": REASON}),
    ("= 90", "95", "5.00", {"high": "95"}),
    ("= 90", "81", "4.50", {"high": "95"}),
    ("90", "100", "4.75", {"high": "95"}),
    ("90", "100", "5.00", {"high": "95"}),            # above a range: no direction is printed
    (">= 3", "1", "1.67", {}),                        # half-up
    (">= 3", "1", "1.66", {}),                        # truncated
    (">= 3", "1", "1.7", {}),
    (">= 3", "1", "2", {}),                           # to an integer, as all scores of the form
    (">= 3", "1", "1", {}),
    (">= 20", "20", "4.00", {"reason": REASON}),      # met, but points were taken off with a reason
    (">= -5", "-6", "4.00", {}),                      # no share of a negative target
], ids=str)  # fmt: skip
def test_r7_holds(target, actual, score, more):
    a_form = form([indicator(target, actual, "5.00", score, **more)])
    assert "R7_indicator_score" not in rules_of_rows(a_form)


@pytest.mark.parametrize(("target", "actual", "score", "more", "expected"), [
    (">= 20.00", "18.00", "4.00", {"reason": REASON}, "4.50"),   # too low
    (">= 20.00", "18.00", "5.00", {"reason": REASON}, "4.50"),   # too high
    (">= 20.00", "18.00", "0", {"reason": REASON}, "4.5"),
    (">= 20.00", "20.00", "4.00", {}, "5.00"),
    (">= 20.00", "20.00", "4.00", {"reason": "-"}, "5.00"),
    (">= 20.00", "20.00", "6.00", {"reason": REASON}, "5.00"),
    ("<= 60", "75", "5.00", {}, "4.00"),
    ("<= 60", "9.19", "1.00", {}, "5.00"),
    ("= 100", "0", "5.00", {}, "0.00"),
    ("= 0", "2", "5.00", {}, "0.00"),
    ("20", "20", "4.00", {}, "5.00"),
    (">= 3", "1", "1.65", {}, "1.6667"),
    (">= 3", "1", "1.68", {}, "1.6667"),
    (">= -5", "-6", "5.00", {}, "<5.00"),
    ("> 0", "-1", "5.00", {}, "<5.00"),
], ids=str)  # fmt: skip
def test_r7_fails(target, actual, score, more, expected):
    a_form = form([indicator(target, actual, "5.00", score, **more)])
    finding = only(a_form, "R7_indicator_score")
    assert where(finding) == ("warning", "indicators", 0, "score")
    assert (finding.printed, finding.expected) == (score, expected)


@pytest.mark.parametrize(
    "missing", ["target_value", "target_operator", "actual_value", "weight", "score"])
def test_r7_is_silent_without_its_inputs(missing):
    row = indicator(">= 20", "10", "5.00", "5.00")._replace(**{missing: None})
    assert rules_of_rows(form([row])) == []


@pytest.mark.parametrize(("units", "target", "actual", "missed"), [
    (("%", "%"), "= 100", "90", True),
    (("%", None), "= 100", "90", True),
    ((None, "次"), "= 100", "90", True),
    (("分钟", "秒"), "<= 1", "60", False),
    (("分钟", "秒"), "<= 1", "61", True),
    (("元", "万元"), ">= 20000", "2", False),
    (("次", "人"), ">= 100", "90", False),
    (("次", "没有的单位"), ">= 100", "90", False),
], ids=str)  # fmt: skip
def test_r7_compares_only_in_one_unit(units, target, actual, missed):
    a_form = form([indicator(target, actual, "5.00", "5.00", unit=units)])
    assert ("R7_indicator_score" in rules_of_rows(a_form)) is missed


def test_r7_shows_a_rescaled_actual_in_the_unit_of_the_target():
    a_form = form([indicator("<= 1", "80", "6.00", "6.00", unit=("分钟", "秒"))])
    assert only(a_form, "R7_indicator_score").message == (
        "Target missed: weight 6.00 × 1/1.33333333333 = 4.50, printed 6.00.")


def test_r7_takes_no_integer_rounding_from_a_form_that_prints_decimals():
    missed = indicator(">= 20", "18", "5", "4", reason=REASON)
    whole, decimal = indicator(weight="5", score="5"), indicator(weight="5", score="5.0")
    assert rules_of_rows(form([missed, whole])) == []
    assert rules_of_rows(form([missed, decimal])) == ["R7_indicator_score"]


def test_r7_allows_for_an_actual_that_was_rounded():
    # 2/3 of 60 points are 40.00; the printed 66.7 % alone would give 40.02
    rounded = indicator("= 100", "66.7", "60", "40.00", reason=REASON)
    assert rules_of_rows(form([rounded])) == []
    whole = rounded._replace(actual_value=Decimal(67))
    assert rules_of_rows(form([whole])) == ["R7_indicator_score"]


# ── R8: target set too low ───────────────────────────────────────────────────


@pytest.mark.parametrize(("target", "actual", "more", "flagged"), [
    (">= 30", "70", {}, True),
    ("> 30", "70", {}, True),
    ("= 30", "70", {}, True),
    (">= 30", "45.01", {}, True),
    (">= 30", "45", {}, False),
    (">= 30", "70", {"reason": "/"}, True),
    (">= 30", "70", {"reason": "任务增加"}, False),
    ("<= 30", "70", {}, False),
    ("30", "70", {}, False),
    (">= 0", "70", {}, False),
    (">= -10", "70", {}, False),
    (">= 30", "70", {"high": "80"}, False),
    (">= 30", "70", {"unit": ("次", "人")}, False),
    (">= 30", None, {}, False),
], ids=str)  # fmt: skip
def test_r8(target, actual, more, flagged):
    findings = of_rows(form([indicator(target, actual, **more)]))
    assert [one.rule for one in findings] == ["R8_target_too_low"] * flagged
    for one in findings:
        assert where(one) == ("warning", "indicators", 0, "actual_value")


# ── R9: qualitative bands ────────────────────────────────────────────────────


@pytest.mark.parametrize(("outcome", "score", "family", "expected"), [
    ("reached", "20.00", "A", None),
    ("reached", "16.00", "A", None),
    ("reached", "15.99", "A", "16.00–20.00"),
    ("reached", "15.995", "A", "16.000–20.000"),
    ("reached", "21.00", "A", "16.00–20.00"),
    ("partly", "16.00", "A", None),
    ("partly", "12.00", "A", None),
    ("partly", "16.01", "A", "12.00–16.00"),
    ("partly", "11.00", "A", "12.00–16.00"),
    ("partly", "11.00", "D", None),
    ("partly", "9.99", "D", "10.00–16.00"),
    ("not_reached", "12.00", None, None),
    ("not_reached", "0.00", "A", None),
    ("not_reached", "12.50", "A", "0.00–12.00"),
    ("not_reached", "11.00", "D", "0.00–10.00"),
], ids=str)  # fmt: skip
def test_r9(outcome, score, family, expected):
    row = indicator(weight="20.00", score=score, outcome=outcome, reason=REASON)
    findings = of_rows(form([row], family=family))
    assert [one.rule for one in findings] == ["R9_outcome_band"] * (expected is not None)
    for one in findings:
        assert (one.severity, one.field, one.expected) == ("warning", "score", expected)


def test_r9_reads_the_score_as_an_interval():
    rows = [indicator(weight="9", score="7", outcome="reached", reason=REASON)]   # 80 % is 7.2
    assert rules_of_rows(form(rows)) == []
    assert rules_of_rows(form([*rows, indicator(weight="1.0", score="1.0")])) == ["R9_outcome_band"]


def test_numbers_go_before_words():
    row = indicator(">= 10", "5", "10.00", "5.00", outcome="reached", reason=REASON)
    assert rules_of_rows(form([row])) == []
    assert rules_of_rows(form([row._replace(actual_value=None)])) == ["R9_outcome_band"]


@pytest.mark.parametrize("missing", ["outcome", "weight", "score"])
def test_r9_is_silent_without_its_inputs(missing):
    row = indicator(weight="20.00", score="1.00", outcome="reached", reason=REASON)
    assert rules_of_rows(form([row])) == ["R9_outcome_band"]
    assert rules_of_rows(form([row._replace(**{missing: None})])) == []


# ── R10: the grade ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("grade", "total", "right"), [
    ("优", "90", None), ("优秀", "100", None), ("良", "80", None), ("良好", "89.99", None),
    ("中", "60", None), ("中等", "79.9", None), ("一般", "70", None), ("差", "59.9", None),
    ("较差", "0", None), ("合格", "70", None), ("合格", "95", None), ("不合格", "59", None),
    ("优", "88", "良"), ("良", "95", "优"), ("中", "59", "差"), ("差", "61", "中"),
    ("合格", "50", "不合格"), ("不合格", "61", "合格"), ("优秀", "12.5", "差"),
    ("良", "90.00", None),       # may be 89.995 before rounding
    ("优", "89", "良"), ("优", "89.99", "良"),
    ("甲", "10", None), (None, "10", None), ("优", None, None),
], ids=str)  # fmt: skip
def test_r10_on_the_printed_total(grade, total, right):
    findings = found(form(total=total, grade=grade))
    assert [one.rule for one in findings] == ["R10_grade"] * (right is not None)
    for one in findings:
        assert (one.severity, one.table, one.field) == ("error", None, "grade")
        assert (one.printed, one.expected) == (grade, right)


@pytest.mark.parametrize(("grade", "total", "budget_score", "wrong"), [
    ("良", "90", "9.6", False),     # 89.6 before rounding
    ("优", "90", "9.6", False),     # as printed
    ("优", None, "9.6", True),
    ("良", "90", "10", True),       # 90 exactly
    ("优", "90", "10", False),
])
def test_r10_goes_by_the_total_before_rounding(grade, total, budget_score, wrong):
    a_form = scored(total, "80", budget_score=budget_score, grade=grade)
    assert ("R10_grade" in rules(a_form)) is wrong


def test_r10_is_judged_by_the_scale_of_the_family():
    assert [one.rule for one in found(form(total="70", grade="合格"))] == []
    assert [one.rule for one in found(form(total="70", grade="优", family="D"))] == ["R10_grade"]
    assert [one.rule for one in found(form(total="70", grade="优", family="E"))] == []


@pytest.mark.parametrize("family", [None, *"ABCDEFG"])
def test_bands_touch_and_fill_the_weight(family):
    bands = scales.outcome_bands(family)
    limits = [bands[outcome] for outcome in ("not_reached", "partly", "reached")]
    assert [limits[0][0], limits[2][1]] == [0, 100]
    assert [low for low, _ in limits[1:]] == [high for _, high in limits[:-1]]
    for scale in scales.grade_scales(family):
        assert [high for _, high in scale.bands[1:]] == [low for low, _ in scale.bands[:-1]]


# ── R11: reasons ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("score", "reason", "flagged"), [
    ("4.00", None, True), ("4.00", "-", True), ("4.00", "无", True), ("4.00", "/", True),
    ("4.00", "系统故障", False), ("5.00", None, False), ("5", None, False), (None, None, False),
])
def test_r11_of_an_indicator(score, reason, flagged):
    findings = of_rows(form([indicator(weight="5.00", score=score, reason=reason)]))
    assert [(one.rule, one.severity, one.field, one.printed) for one in findings] == [
        ("R11_reason_missing", "warning", "deviation_reason", reason)] * flagged


@pytest.mark.parametrize(("row", "reason", "goal", "flagged"), [
    (("10.00", "8.99", "89.90"), None, None, True),
    (("10.00", "9.00", "90.00"), None, None, False),
    (("10.00", "8.00", None), None, None, True),
    (("10.00", "8.00", "80.00"), "预算编制偏大", None, False),
    (("10.00", "8.00", "80.00"), "设备故障", None, True),
    (("10.00", "8.00", "80.00"), None, "年底资金下达较晚", False),
    (("0.00", "0.00", "0.00"), None, None, False),
    ((None, None, None), None, None, False),
], ids=str)  # fmt: skip
def test_r11_of_the_execution_rate(row, reason, goal, flagged):
    annual, executed, rate_pct = row
    funds = [fund("total", None, annual, executed, rate_pct)]
    a_form = form([indicator(reason=reason)], funds, goal_actual=goal)
    findings = of_rows(a_form)
    assert [(one.rule, one.table, one.line_no, one.field) for one in findings] == [
        ("R11_reason_missing", "funds", 0, "execution_rate_pct")] * flagged


def test_r11_asks_only_of_the_total():
    assert rules_of_rows(form(funds=[fund("other", None, "10.00", "1.00", "10.00")])) == []


# ── the rounding convention ──────────────────────────────────────────────────


def derived(*rates, total=None, score=None):
    """Fund rows of 2/3, whose rate is 66.666…, with the given prints."""
    funds = [fund("unit", None, "3", "2", text) for text in rates]
    rows = [indicator(weight="50.00", score=score)] if score else []
    return form(rows, funds, total=total, points=None, goal_actual="资金")


@pytest.mark.parametrize(("a_form", "words"), [
    (derived("66.67"), None),
    (derived("66.67", "66.67", "67"), f"{TO_INTEGER} rate 66.67 printed 67."),
    (derived("67", "67"), None),
    (derived("66.66"), f"1 of 1 {TWO_DECIMALS}: 66.6667 printed 66.66."),
    (derived("66.6"), f"1 of 1 {CUT} to one decimal: 66.667 printed 66.6."),
    (derived("66"), f"1 of 1 {CUT} to whole numbers: 66.67 printed 66."),
    (derived("66.666"), f"1 of 1 {CUT} to the printed place: 66.66667 printed 66.666."),
    (derived("66.67", "66.66", "66.66"),
     f"2 of 3 {TWO_DECIMALS}: 66.6667 printed 66.66."),
    (derived("66.67", "66.66"), None),       # half-up does it, once 2 and 3 are intervals
    (derived(score="50.00", total="50"), None),
    (budget("97.20", "10", "10"), f"{TO_INTEGER} budget score 9.72 printed 10."),
    (budget("97", "10", "10"), None),
    (derived(score="49.60", total="50"),
     f"{TO_INTEGER} total 49.6 printed 50."),
    (derived(score="49.60", total="49"),
     f"1 of 1 {CUT} to whole numbers: 49.6 printed 49."),
])  # fmt: skip
def test_rounding_is_named_only_where_half_up_is_not_enough(a_form, words):
    named = [one for one in found(a_form) if one.rule == "rounding_convention"]
    assert [one.message for one in named] == ([] if words is None else [words])
    assert all(one.severity == "info" and one.table is None for one in named)


def test_a_lone_truncation_is_named_where_nothing_else_explains_it():
    a_form = form(
        [indicator(weight="90.00", score="90.00")],
        [
            fund("total", None, "300.0000", "200.0000", "66.6667", "10.00", "6.66"),
            fund("unit", None, "300.0000", "200.0000", "66.6667"),
        ],
        goal_actual="资金",
    )
    words = f"1 of 3 {TWO_DECIMALS}: 6.6667 printed 6.66."
    assert only(a_form, "rounding_convention").message == words


# ── all rules ────────────────────────────────────────────────────────────────


def test_an_empty_form_has_no_findings():
    assert found(form()) == []


def test_every_rule_is_documented_with_its_severity():
    forms = (*SAMPLE.values(), weighed("50"), scored("1", "50", "40", grade="中"))
    raised = {(one.rule, one.severity) for a_form in forms for one in found(a_form)}
    assert raised <= {(rule.key, rule.severity) for rule in RULES.values()}


def test_findings_name_columns_of_the_contract():
    columns = {"funds": FundRow._fields, "indicators": IndicatorRow._fields, None: Form._fields}
    for a_form in SAMPLE.values():
        for one in found(a_form):
            name = (one.field or "title").removesuffix("_yuan").removesuffix("_pct")
            assert name in columns[one.table]
