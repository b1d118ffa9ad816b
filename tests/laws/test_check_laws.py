"""Laws of the arithmetic checks.

Forms are built from exact amounts and exact points, then printed as a bureau would print
them. What is true before printing must never be called an error afterwards.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import check
from pipeline.records import Form, FundRow, IndicatorRow
from pipeline.rules import RULES

CONVENTIONS = (ROUND_HALF_UP, ROUND_DOWN)
EXACT = Context(prec=60)
NO_INDICATOR = IndicatorRow(*(None,) * len(IndicatorRow._fields))
NO_FORM = Form(*(None,) * len(Form._fields))
GRADES = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
WEIGHT = Decimal(10)


def put(value, places, convention):
    """The value as printed with so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), convention, EXACT)


def percent(over, under):
    return EXACT.divide(EXACT.multiply(over, Decimal(100)), under) if under else Decimal(0)


# ── forms ────────────────────────────────────────────────────────────────────


@st.composite
def amounts(draw, places, convention, least):
    """Fund rows (source, budget, executed): true yuan, the total first, and how to print them."""
    source = st.sampled_from(("current_year", "carry_over", "other"))
    sources = draw(st.lists(source, min_size=1, max_size=3, unique=True))
    cents = st.integers(least, 10**10) | st.just(0)
    true = []
    for source in sources:
        budget = draw(cents)
        share = draw(st.integers(0, 10**6) | st.just(10**6))
        true.append((source, budget, budget * share // 10**6))
    total = ("total", sum(row[1] for row in true), sum(row[2] for row in true))
    return [
        (source, *((Decimal(value).scaleb(-2), shown(value, places, convention)) for value in row))
        for source, *row in (total, *true)
    ]


def shown(cents, places, convention):
    """Yuan as they stand in the records, printed in 万元."""
    return put(Decimal(cents).scaleb(-6), places, convention).scaleb(4)


@st.composite
def indicators(draw, weight, places, convention):
    """An indicator and its true score: met, missed in proportion, or judged in words."""
    kind = draw(st.sampled_from(("met", "under", "over", "words")))
    target = draw(st.integers(1, 1000))
    points = Decimal(weight)
    row = NO_INDICATOR._replace(weight=points, deviation_reason="系统故障")
    if kind == "words":
        return row._replace(outcome="reached", score=put(points, places, convention)), points
    if kind == "met":
        operator, actual, share = "=", target, (1, 1)
    elif kind == "under":
        actual = draw(st.integers(0, target - 1))
        operator, share = draw(st.sampled_from((">=", "="))), (actual, target)
    else:
        actual = draw(st.integers(target + 1, 3 * target + 1))
        operator, share = "<=", (target, actual)
    true = EXACT.divide(EXACT.multiply(points, Decimal(share[0])), Decimal(share[1]))
    return row._replace(
        target_operator=operator, target_value=Decimal(target), actual_value=Decimal(actual),
        score=put(true, places, convention),
    ), true  # fmt: skip


@st.composite
def forms(draw, *, least=15_000, places=None, convention=None, exact_money=False):
    """A form whose every number is true, printed under one convention.

    Amounts of less than ``least`` cents are none at all: 0.00 万元 is no money.
    """
    places = draw(st.integers(0, 2)) if places is None else places
    convention = convention or draw(st.sampled_from(CONVENTIONS))
    money = (6, ROUND_DOWN) if exact_money else (2, draw(st.sampled_from(CONVENTIONS)))
    rates, funds = [], []
    for source, (budget, shown_budget), (executed, shown_executed) in draw(amounts(*money, least)):
        rates.append(percent(executed, budget))
        rate = put(rates[-1], places, convention)
        funds.append(FundRow(source, source, shown_budget, shown_budget, shown_executed, rate, None, None))
    true = [EXACT.multiply(WEIGHT, EXACT.divide(min(rates[0], Decimal(100)), Decimal(100)))]
    funds[0] = funds[0]._replace(weight=WEIGHT, score=put(true[0], places, convention))
    cuts = sorted(draw(st.sets(st.integers(1, 89), max_size=6)))
    rows = []
    for low, high in zip((0, *cuts), (*cuts, 90), strict=True):
        row, score = draw(indicators(high - low, places, convention))
        rows.append(row)
        true.append(score)
    total = sum(true, Decimal(0))
    if draw(st.booleans()):
        total = sum((row.score for row in rows), funds[0].score)
    printing = draw(st.sampled_from(((places, convention), (0, ROUND_HALF_UP))))
    return NO_FORM._replace(
        family="A", goal_actual="资金下达较晚", weight_total=Decimal(100),
        score_total=put(total, *printing),
        grade=next(word for word, least_points in GRADES if total >= least_points),
        funds=tuple(funds), indicators=tuple(rows), budget_points=WEIGHT,
    )  # fmt: skip


# ── laws ─────────────────────────────────────────────────────────────────────


@given(forms())
def test_what_was_true_before_printing_is_no_fault(form):
    faults = [one for one in check(form) if one.severity != "info"]
    assert faults == []


@given(forms(places=2, convention=ROUND_HALF_UP, exact_money=True))
def test_half_up_needs_no_name(form):
    named = [one.message for one in check(form) if one.rule == "rounding_convention"]
    assert not any("truncated" in message for message in named)


@given(forms(places=2, convention=ROUND_DOWN, exact_money=True))
def test_truncation_is_named_where_it_can_be_told(form):
    told = False
    for row in form.funds:
        rate = percent(row.executed, row.annual_budget)
        told |= put(rate, 2, ROUND_HALF_UP) != put(rate, 2, ROUND_DOWN)
    named = [one.message for one in check(form) if one.rule == "rounding_convention"]
    assert not told or "truncated to two decimals" in named[0]


def replaced(rows, line, **values):
    return (*rows[:line], rows[line]._replace(**values), *rows[line + 1 :])


def hundredths(least, most):
    """A change of at least so many hundredths, up or down."""
    return st.builds(
        lambda size, sign: size * sign * Decimal("0.01"),
        st.integers(least, most),
        st.sampled_from((-1, 1)),
    )


CHANGES = {
    "R1": ("funds", "executed", hundredths(10, 10**9)),
    "R2": ("funds", "execution_rate", hundredths(10, 10**4)),
    "R3": ("funds", "score", hundredths(5, 10**4)),
    "R4": ("indicators", "weight", hundredths(10, 10**4)),
    "R5": ("form", "score_total", hundredths(110, 10**4)),
}
"""The number that is changed, and by how much to be beyond any rounding."""
BANDS = {"优": (90, 200), "良": (80, 90), "中": (60, 80), "差": (-1, 60)}


@st.composite
def faults(draw):
    """A true form with one record changed by more than rounding can, and the rule it breaks."""
    form = draw(forms(least=10**8, places=2, exact_money=True))
    rule = draw(st.sampled_from((*CHANGES, "R7", "R8", "R9", "R10", "R11")))
    if rule == "R10":
        total = form.score_total
        far = [word for word, (low, high) in BANDS.items() if not low - 1 < total < high + 1]
        return rule, form._replace(grade=draw(st.sampled_from(far)))
    line = draw(st.integers(0, len(form.indicators) - 1))
    if rule not in CHANGES:
        change = draw(indicator_faults(rule, form.indicators[line]))
        return rule, form._replace(indicators=replaced(form.indicators, line, **change))
    table, name, changes = CHANGES[rule]
    by = draw(changes)
    if table == "form":
        return rule, form._replace(**{name: getattr(form, name) + by})
    rows, line = getattr(form, table), line if table == "indicators" else 0
    wrong = getattr(rows[line], name) + by
    return rule, form._replace(**{table: replaced(rows, line, **{name: wrong})})


@st.composite
def indicator_faults(draw, rule, row):
    step = draw(st.integers(2, 10**4)) * Decimal("0.01")
    if rule == "R7":  # without a reason, for which a met target may earn less
        numbers = ("=", Decimal(7), Decimal(7))
        if row.target_operator:
            numbers = (row.target_operator, row.target_value, row.actual_value)
        names = ("target_operator", "target_value", "actual_value")
        wrong = row.score + step * draw(st.sampled_from((-1, 1)))
        return {**dict(zip(names, numbers, strict=True)), "score": wrong, "deviation_reason": None}
    if rule == "R8":
        return {"target_operator": ">=", "target_value": step, "actual_value": step * 2,
                "deviation_reason": "无"}  # fmt: skip
    if rule == "R9":
        wrong = row.weight * Decimal("0.7") - step
        return {"outcome": "reached", "actual_value": None, "score": wrong}
    return {"score": row.weight - step, "deviation_reason": "-"}


@given(faults())
def test_a_fault_larger_than_rounding_breaks_its_rule(fault):
    rule, form = fault
    assert rule in [one.rule.partition("_")[0] for one in check(form)]


def seen(form):
    """What the findings say in any order of rows; the evidence of rounding may be another."""
    tables = {"funds": form.funds, "indicators": form.indicators}
    return sorted(
        (
            one.rule,
            one.severity,
            str(one.field),
            *(
                ("",)
                if one.rule == "rounding_convention"
                else (one.message, repr(tables[one.table][one.line_no] if one.table else None))
            ),
        )
        for one in check(form)
    )


@given(faults(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(fault, random):
    _, form = fault
    funds, rows = list(form.funds), list(form.indicators)
    random.shuffle(funds)
    random.shuffle(rows)
    assert seen(form._replace(funds=tuple(funds), indicators=tuple(rows))) == seen(form)


EXTREMES = (
    "0 0.00 -0 1 -1 90 100 100.00 10 1E+4 9.99E+30 1E+999999 -1E+999999 1E-999999 0E+999999"
    " 0E-999999 99999999999999999999.9999"
)
NUMBERS = (
    st.none()
    | st.sampled_from([Decimal(text) for text in EXTREMES.split()])
    | st.decimals(allow_nan=False, allow_infinity=False)
)
TEXTS = st.sampled_from((None, "", "-", "无", "资金", "次", "%", "分钟", "秒", "亩", "公顷", "x"))
SOURCES = st.sampled_from(
    ("total", "current_year", "carry_over", "other", "fiscal", "unit", "central", "unknown")
)
FUNDS = st.builds(FundRow, TEXTS, SOURCES, *(NUMBERS,) * 6)
OPERATORS = st.sampled_from((None, ">=", "<=", "=", ">", "<"))
OUTCOMES = st.sampled_from((None, "reached", "partly", "not_reached"))
INDICATORS = st.builds(
    IndicatorRow, *(TEXTS,) * 6, OPERATORS, NUMBERS, NUMBERS, TEXTS, TEXTS, NUMBERS, TEXTS,
    OUTCOMES, NUMBERS, NUMBERS, TEXTS,
)  # fmt: skip
WILD = st.builds(
    Form, TEXTS, st.sampled_from((None, "A", "D", "E")), st.none(), *(TEXTS,) * 6, NUMBERS, NUMBERS,
    st.sampled_from((None, "优", "中等", "合格", "不合格", "x")),
    st.lists(FUNDS, max_size=4).map(tuple), st.lists(INDICATORS, max_size=4).map(tuple), NUMBERS,
)  # fmt: skip


@given(WILD)
def test_no_form_makes_the_checks_fail(form):
    with localcontext() as outer:
        before = outer.copy()
        findings = check(form)
        assert (outer.prec, outer.traps, outer.flags) == (before.prec, before.traps, before.flags)
    assert findings == check(form)
    for one in findings:
        assert one.severity in {RULES[one.rule].severity, "info"}
        assert all(len(text or "") < 1000 for text in (one.message, one.printed, one.expected))
