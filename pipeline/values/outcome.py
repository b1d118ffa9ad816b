"""The outcome of a qualitative target, where the whole cell is a phrase for it.

A phrase is lead + verb + object + close, all of them data, any but the verb may be missing.
The three bands are those of 财预〔2020〕10号.
"""

import re

from pipeline.values import box
from pipeline.values.fold import fold
from pipeline.values.lexicon import LEXICON, longest_first

_LONGEST = 40   # characters; longer results are prose, which is not judged
_IGNORED = str.maketrans("", "", "。;,、!")
_TABLE = LEXICON["outcome"]


def _phrase(outcome: str) -> re.Pattern[str]:
    leads, verbs, objects, closes, words = (
        longest_first(*words.split())
        for words in (
            _TABLE[outcome]["leads"],
            _TABLE[outcome]["verbs"],
            _TABLE["objects"],
            _TABLE[outcome]["closes"],
            _TABLE[outcome]["words"],
        )
    )
    # Only what is reached can be said without a lead: 完成, but 未完成.
    lead = f"(?:{leads})" + ("?" if outcome == "reached" else "")
    return re.compile(f"{lead}(?:{verbs})了?(?:{objects})?(?:{closes})?|{words}")


_PHRASES = tuple((outcome, _phrase(outcome)) for outcome in ("not_reached", "partly", "reached"))


def parse(text: str) -> str | None:
    """``reached``, ``partly`` or ``not_reached``.

    >>> parse("达成指标"), parse("全部或基本达成预期指标"), parse("已完成。"), parse("良好")
    ('reached', 'reached', 'reached', 'reached')
    >>> parse("部分达成指标并具有一定效果"), parse("部分完成"), parse("基本完成")
    ('partly', 'partly', 'partly')
    >>> parse("未达成预期指标，且效果较差"), parse("未完成"), parse("不达标")
    ('not_reached', 'not_reached', 'not_reached')

    Of several boxes the checked one counts.

    >>> parse("☑完成 □未完成"), parse("£达成 R部分达成 £未达成"), parse("□完成 □未完成"), parse("完成√")
    ('reached', 'partly', None, 'reached')

    基本完成 claims less than done, so it is ``partly``. Prose is not judged.

    >>> prose = ("未全部完成", "已完成12场", "显著提升", "完成了框架搭建", "达成指标，但未验收", "")
    >>> {parse(printed) for printed in prose}
    {None}
    """
    return _parse(text) if len(text) <= _LONGEST else None


def _parse(text: str) -> str | None:
    folded = (box.chosen(text) or fold(text)).translate(_IGNORED)
    for outcome, phrase in _PHRASES:
        if phrase.fullmatch(folded):
            return outcome
    return None
