"""Nothing happened: 零投诉, 0起事故, 重大事故率为0. The number is nought; what there is none of is named."""

import re
from functools import lru_cache

from pipeline.values import unit
from pipeline.values.lexicon import LEXICON, longest_first

_TABLE = LEXICON["zero"]
_MISHAP = longest_first(*_TABLE["mishaps"].split())
_KIND = longest_first(*_TABLE["kinds"].split())
_NAMED = f"(?:{_KIND})*(?:{_MISHAP})"
_ZERO = re.compile(
    rf"(?P<label>{_NAMED}(?:率|数|数量|次数|起数|件数|情况|事件|现象)?)?[:为是]?(?:0|零)"
    rf"(?P<unit>[\u4e00-\u9fff%]?)(?P<named>{_NAMED}(?:事件|现象|情况)?)?[。;!]?",
)


@lru_cache(maxsize=1024)
def read(folded: str) -> tuple[str | None] | None:
    """The unit (None for no unit) of a folded text that says that none of a mishap happened; else None.

    >>> read("零投诉"), read("0起安全事故"), read("重大事故率为0"), read("安全事故零发生"), read("投诉率0%")
    ((None,), ('起',), (None,), (None,), ('%',))
    >>> read("零距离"), read("0起"), read("10起事故"), read("零容忍"), read("零")
    (None, None, None, None, None)
    """
    found = _ZERO.fullmatch(folded)
    if found is None or not (found["label"] or found["named"]):
        return None
    if not found["unit"]:
        return (None,)
    known = unit.parse(found["unit"])
    return None if known is None else (known.unit,)
