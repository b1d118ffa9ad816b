"""Laws of the value grammar: what is rendered comes back, what is doubtful does not."""

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.values import amount, number, operator, outcome, percent, points, target, unit
from pipeline.values.fold import fold
from pipeline.values.lexicon import LEXICON

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SIGNS = {
    ">=": ["≥", ">=", "≧", "＞＝", "=>", "⩾", "》="],
    "<=": ["≤", "<=", "≦", "＜＝", "=<", "⩽", "《="],
    "=": ["=", "＝"],
    ">": [">", "＞", "》"],
    "<": ["<", "＜", "《"],
}
SPELLED = [
    *((sign, spelling) for sign, spellings in SIGNS.items() for spelling in spellings),
    *((sign, word) for word, sign in operator.BEFORE.items()),
]
BRACKETS = [("", ""), ("(", ")"), ("（", "）"), ("[", "]"), ("【", "】")]
SPACES = ["", " ", "\u3000", "\u00a0", "  "]
# A month or a year with no sign before it is a date (12月), so these need one, or brackets.
DATED = ("月", "年", "季")

numbers = st.builds(
    lambda value, places: value.scaleb(-places),
    st.integers(0, 10**12).map(Decimal),
    st.integers(0, 4),
)
units = st.sampled_from(sorted(unit.UNITS.values()))
spellings = units.flatmap(
    lambda one: st.sampled_from([one.unit, *one.aliases]).map(
        lambda text: (one, text),
    )
)


def grouped(value):
    return f"{value:,f}"


def plain(value):
    return f"{value:f}"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(char.isspace() for char in folded)


@given(st.text(alphabet="①②⑩²³½¹⁵㈠⒈❶Ⅳ次%"))
def test_folding_makes_no_digits_of_marks(text):
    assert not re.search(r"[0-9]", fold(text))


@st.composite
def rendered_targets(draw):
    """A target in any of its prints, and what it says."""
    sign, word = draw(st.sampled_from([(None, ""), *SPELLED]))
    one, symbol = draw(spellings)
    opening, closing = draw(st.sampled_from(BRACKETS))
    value = draw(numbers)
    if any(dated in symbol for dated in DATED):
        assume(value < 1000 and (sign or opening))
    number_text = draw(st.sampled_from([plain, grouped]))(value)
    pieces = (word, number_text, f"{opening}{symbol}{closing}", "")
    text = "".join(piece + draw(st.sampled_from(SPACES)) for piece in pieces)
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    return text, (sign, value, None, one.unit, "number")


@given(rendered_targets())
def test_what_is_rendered_comes_back(rendered):
    text, expected = rendered
    assert target.parse(text) == expected
    assert target.parse(text).value.as_tuple() == expected[1].as_tuple()


@given(numbers, units, st.sampled_from(sorted(operator.AFTER.items())), st.booleans())
def test_operators_after_the_unit_come_back(value, one, after, inclusive):
    assume(not any(dated in one.unit for dated in DATED))
    text = f"{plain(value)}{one.unit}{'（含）' if inclusive else ''}{after[0]}"
    assert target.parse(text) == (after[1], value, None, one.unit, "number")


@given(numbers, numbers, units, st.sampled_from(["-", "~", "～", "至", "到", "—", "－", "——"]))
def test_a_range_goes_upwards(one, two, of, dash):
    assume(not any(dated in of.unit for dated in DATED))
    low, high = sorted((one, two))
    text = f"{plain(low)}{dash}{plain(high)}（{of.unit}）"
    if low < high:
        assert target.parse(text) == (">=", low, high, of.unit, "range")
        text = f"{plain(high)}{dash}{plain(low)}（{of.unit}）"
    assert target.parse(text).kind == "text"


@given(numbers, numbers, units, units, st.sampled_from(["", "，", "；", "、", "和", "/", ":", " "]))
def test_two_quantities_are_never_read(one, two, of_one, of_two, joint):
    text = f"{plain(one)}（{of_one.unit}）{joint}{plain(two)}（{of_two.unit}）"
    assert target.parse(text).kind == "text"


DOUBTS = ["约", "近", "大约", "未完成", "第", "较上年增长", "不宜超过"]


@given(numbers, units, st.sampled_from(DOUBTS))
def test_a_doubtful_beginning_is_never_read(value, one, doubt):
    assert target.parse(f"{doubt}{plain(value)}{one.unit}").value is None


@given(numbers, units, st.sampled_from(["左右", "余", "上下", "（已完成）", "未完成", "起步价"]))
def test_a_doubtful_end_is_never_read(value, one, doubt):
    assert target.parse(f"{plain(value)}{one.unit}{doubt}").value is None


@given(st.integers(0, 999), st.sampled_from(["次", "人", "场", "个", "工作日", "万元", "篇"]))
def test_han_numerals_count(value, symbol):
    numeral = next(text for text, worth in number._NUMERALS.items() if worth == value)
    assert target.parse(f"不少于{numeral}{symbol}") == (">=", value, None, symbol, "number")


@given(numbers, st.sampled_from(["", "-", "+", "－"]), st.sampled_from([plain, grouped]))
def test_a_number_keeps_its_last_place(value, sign, write):
    negative = sign in ("-", "－")
    expected = value.copy_negate() if negative else value
    assert number.parse(sign + write(value)).as_tuple() == expected.as_tuple()


@given(numbers)
def test_percents_and_points_keep_their_last_place(value):
    for text in (plain(value), f"{plain(value)}%", f"（{plain(value)} ％）"):
        assert percent.parse(text).as_tuple() == value.as_tuple()
    assume(value < 10**8)
    for text in (plain(value), f"{plain(value)}分", f"（{plain(value)} 分）"):
        assert points.parse(text).as_tuple() == value.as_tuple()


@given(st.decimals(0, 10**7, places=2), st.sampled_from(sorted(amount._EXPONENTS.items())))
def test_amounts_scale_exactly(value, scale):
    name, exponent = scale
    yuan = amount.parse(plain(value), name)
    assert yuan == value * 10**exponent
    assert yuan.as_tuple().exponent == value.as_tuple().exponent + exponent
    assert amount.parse(f"{grouped(value)}{name}", "元") == yuan


@given(
    st.sampled_from(LEXICON["outcome"]["not_reached"]["leads"].split()),
    st.sampled_from(LEXICON["outcome"]["reached"]["leads"].split()),
    st.sampled_from(LEXICON["outcome"]["reached"]["verbs"].split()),
    st.sampled_from(["", *LEXICON["outcome"]["objects"].split()]),
)
def test_what_is_denied_is_never_reached(denial, lead, verb, thing):
    assert outcome.parse(lead + verb + thing) == "reached"
    assert outcome.parse(denial + verb + thing) == "not_reached"
    assert outcome.parse(denial + lead + verb + thing) != "reached"


@pytest.mark.parametrize("one", unit.UNITS.values(), ids=list(unit.UNITS))
def test_every_spelling_is_of_one_unit(one):
    for spelling in (one.unit, *one.aliases):
        assert unit.parse(spelling) == one
        assert unit.parse(f"（{spelling}）") == one
        owners = [other.unit for other in unit.UNITS.values() if spelling in other.aliases]
        assert owners in ([], [one.unit])


@pytest.mark.parametrize("one", unit.UNITS.values(), ids=list(unit.UNITS))
def test_every_base_is_its_own_base(one):
    base = unit.parse(one.base_unit)
    assert base is not None
    assert (base.base_unit, base.factor, base.dimension) == (base.unit, 1, one.dimension)
    assert one.factor > 0


def test_the_table_is_large():
    assert len(unit.UNITS) >= 130


SINGLE = [one for one in unit._TABLE.values() if one.unit not in unit.MULTIPLES]


@given(st.sampled_from(unit._PREFIXES), st.sampled_from(SINGLE))
def test_a_prefix_multiplies(prefix, one):
    name, by = prefix
    assume(one.dimension in unit._PREFIXED and name + one.unit not in unit._SPELLINGS)
    expected = (name + one.unit, one.dimension, one.base_unit, by * one.factor, ())
    assert unit.parse(name + one.unit) == expected


@given(units, st.sampled_from(sorted(unit.PER)), st.sampled_from(["/", "每", "/每"]))
def test_a_rate_divides(one, divisor, slash):
    assume("/" not in one.unit)
    rate = unit.parse(f"{one.unit}{slash}{divisor}")
    base, by = unit.PER[divisor]
    assume(f"{one.unit}/{divisor}" not in unit._SPELLINGS)
    assert (rate.unit, rate.base_unit) == (f"{one.unit}/{divisor}", f"{one.base_unit}/{base}")
    assert rate.factor == one.factor * by
