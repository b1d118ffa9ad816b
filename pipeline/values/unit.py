"""The units that targets and results are printed in: one table, `units.toml`.

A unit is known when the table has it, or when it is composed of parts that the table has:
a multiple (``万人次``), a rate (``元/人·月``), a counting word with its noun (``10家企业``).
Values are never rescaled; the table only tells how they could be.
"""

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.values.fold import LIMIT, fold


class Unit(NamedTuple):
    """A unit: one of it is ``factor`` of its ``base_unit``.

    Attributes:
        unit: The usual symbol, as it stands in the tables.
        dimension: An English key; ``ambiguous`` where the sign alone does not tell.
        base_unit: Values are comparable where this is the same.
        factor: Exact, but for 亩.
        aliases: Other spellings, folded.
    """

    unit: str
    dimension: str
    base_unit: str
    factor: Decimal
    aliases: tuple[str, ...] = ()


_ONE = Decimal(1)


def _read(tables: dict[str, Any]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for dimension, table in tables.items():
        rows: dict[str, Any] = {sign: {} for sign in table.pop("plain", "").split()} | table
        for sign, row in rows.items():
            aliases = {fold(alias) for alias in (sign, *row.get("aliases", ()))} - {sign}
            factor = Decimal(row.get("factor", _ONE))
            base = row.get("base", sign)
            if sign in units:
                raise ValueError(f"units.toml: {sign} stands in it twice")
            units[sign] = Unit(sign, dimension, base, factor, tuple(sorted(aliases)))
    return units


def _spellings(units: dict[str, Unit]) -> dict[str, Unit]:
    spellings: dict[str, Unit] = {}
    for unit in units.values():
        for spelling in (unit.unit, *unit.aliases):
            if spellings.setdefault(spelling, unit) is not unit:
                raise ValueError(f"units.toml: {spelling} has two meanings")
    return spellings


_TABLES = tomllib.loads(resources.files(__package__).joinpath("units.toml").read_text("utf-8"))
_COMPOSE = _TABLES.pop("compose")
_TABLE = _read(_TABLES)
_SPELLINGS = _spellings(_TABLE)
_CASELESS = {
    spelling.casefold(): unit
    for spelling, unit in _SPELLINGS.items()
    if len(spelling) > 1 and unit.dimension in _COMPOSE["caseless"]
}
_PREFIXES = sorted(
    ((prefix, Decimal(by)) for prefix, by in _COMPOSE["prefixes"].items()),
    key=lambda row: -len(row[0]),
)
_PREFIXED = frozenset(_COMPOSE["prefixed"])
MULTIPLES = frozenset(_COMPOSE["multiples"])
"""Units that are multiples by themselves (万) and take no prefix."""

PER = (
    {sign: (sign, _ONE) for sign in _COMPOSE["per"]}
    | {sign: ("年", Decimal(by)) for sign, by in _COMPOSE["per_calendar"].items()}
    | {sign: ("天", Decimal(by)) for sign, by in _COMPOSE["per_time"].items()}
)
"""What a rate may be per, and its base: one 次/月 is 12 次/年, so 月 gives 年 and 12."""

_NOUNS = frozenset(_COMPOSE["nouns"].split())
_COUNTERS = frozenset(_COMPOSE["counters"].split())
NOUN_DIMENSIONS = frozenset({"place", "thing"})
"""Dimensions of the units that are nouns: they count only where no counting word does."""

_BRACKETS = {"(": ")", "[": "]", "【": "】", "〔": "〕"}
_LONGEST = 20   # characters of a folded unit, 元/平方米·月 and its like


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit | None:
    """The unit that is printed, bare or in brackets.

    >>> [parse(t).unit for t in ("（次）", "(%)", "s", "个工作日", "㎡", "m2", "千米", "％", "TB")]
    ['次', '%', '秒', '工作日', '平方米', '平方米', '公里', '%', 'TB']
    >>> parse("万人次")[:4]
    ('万人次', 'person_time', '人次', Decimal('10000'))

    A rate is rescaled only to the year (from 月) or the day (from 小时).

    >>> rate = parse("元/人·月"); rate.unit, rate.dimension, rate.base_unit, str(rate.factor)
    ('元/人·月', 'money_per_person_calendar', '元/人·年', '12')
    >>> parse("家企业").unit, parse("个村").unit, parse("村").unit, parse("KM/h").unit
    ('家', '个', '村', '公里/小时')
    >>> parse("起诉"), parse("10次"), parse("5G"), parse("")
    (None, None, None, None)
    """
    if len(text) > LIMIT:
        return None
    sign = fold(text)
    if sign and _BRACKETS.get(sign[0]) == sign[-1]:
        sign = sign[1:-1]
    return _of(sign.removeprefix("单位:"))


@lru_cache(maxsize=4096)
def _of(sign: str) -> Unit | None:
    if not sign or len(sign) > _LONGEST:
        return None
    known = _SPELLINGS.get(sign) or _CASELESS.get(sign.casefold())
    return known or _rate(sign) or _counted(sign) or _multiple(sign)


def _counted(sign: str) -> Unit | None:
    """个工作日 is 工作日; before a mere noun the counting word is the unit: 个村, 家企业."""
    head, rest = sign[:1], sign[1:]
    one = _SPELLINGS.get(rest) if head == "个" else None
    if one is not None and one.dimension not in NOUN_DIMENSIONS:
        return one
    is_noun = rest in _NOUNS or one is not None
    return _SPELLINGS.get(head) if head in _COUNTERS and is_noun else None


def _multiple(sign: str) -> Unit | None:
    for prefix, by in _PREFIXES:
        if not sign.startswith(prefix):
            continue
        one = _SPELLINGS.get(sign[len(prefix):]) or _counted(sign[len(prefix):])
        if one is not None and one.dimension in _PREFIXED and one.unit not in MULTIPLES:
            return one._replace(unit=prefix + one.unit, factor=by * one.factor, aliases=())
    return None


def _rate(sign: str) -> Unit | None:
    above, _, below = sign.replace("/每", "/").replace("每", "/").partition("/")
    unit = _of(above) if below else None
    if unit is None:
        return None
    if below[0] == "(" and below[-1] == ")":
        below = below[1:-1]
    factor = unit.factor
    signs: list[str] = []
    dimensions: list[str] = []
    bases: list[str] = []
    for part in below.replace("·", "/").split("/", 2):
        divisor = _of(part)
        if divisor is None or divisor.unit not in PER or divisor.unit in signs:
            return None
        base, by = PER[divisor.unit]
        signs.append(divisor.unit)
        dimensions.append(divisor.dimension)
        bases.append(base)
        factor *= by
    return Unit(
        f"{unit.unit}/{'·'.join(signs)}",
        f"{unit.dimension}_per_{'_'.join(dimensions)}",
        f"{unit.base_unit}/{'·'.join(bases)}",
        factor,
    )


def _composed(sign: str) -> Unit:
    unit = _of(sign)
    if unit is None or unit.unit != sign or sign in _TABLE:
        raise ValueError(f"units.toml: {sign} is not composed of its units")
    return unit


UNITS: dict[str, Unit] = _TABLE | {sign: _composed(sign) for sign in _COMPOSE["common"].split()}
"""The published dimension table: the units of `units.toml` and the common composed ones."""
