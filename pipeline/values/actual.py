"""The result of an indicator: what 实际完成值 says, as far as it is one number or a date."""

from decimal import Decimal
from typing import NamedTuple

from pipeline.values import target
from pipeline.values.fold import LIMIT


class Actual(NamedTuple):
    """A printed result: as `Target`, but for the operator, which a result has none of."""

    value: Decimal | None
    unit: str | None
    high: Decimal | None
    kind: str


_TEXT = Actual(None, None, None, "text")


def parse(text: str) -> Actual:
    """The one quantity, range or date that the text is; else kind ``text``.

    >>> parse("18.00(次)")
    Actual(value=Decimal('18.00'), unit='次', high=None, kind='number')
    >>> for printed in ("平均响应时长： 9.19s", "完成率100%", "实际完成12场", "≥266米", "90-95%"):
    ...     print(*parse(printed))
    9.19 秒 None number
    100 % None number
    12 场 None number
    266 米 None number
    90 % 95 range

    >>> prose = ("约30次", "未完成3项", "线上5场，线下7场", "较上年增长5%", "达成指标", "")
    >>> {parse(printed).kind for printed in prose}
    {'text'}
    """
    return _parse(text) if len(text) <= LIMIT else _TEXT


def _parse(text: str) -> Actual:
    _, value, high, unit, kind = target.parse(text)
    return Actual(value, unit, high, kind)
