"""The vocabulary of the forms: which label, if any, a printed cell is.

The wordings are data (``templates/labels.toml``). One cached look-up answers for all groups
at once, because the same word means different things in different parts of a form: 合计 is
the total of the funds and the total of the scores.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.memo import Memo
from pipeline.values.fold import fold

LONGEST_LABEL = 40
"""Characters; the longest wording in labels.toml has about half of that."""

LONGEST_PERSONAL = 14
"""Characters of a label that names a person or how to reach one."""

LONGEST_REASON_HEAD = 24
"""Characters of a head that tells of reasons."""

NO_LABELS: Mapping[str, str] = {}
"""What a cell is that is no label."""

_NO_WORDINGS = frozenset(("level2_parent", "personal_words", "reason_words", "rule_words", "hints", "notes"))
_TAIL = re.compile(r"(?:\([^()]*\)?)+$")  # a bracket may be closed on the next line
_ORDINAL = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,2}\)?[、.]|\(?\d{1,2}\)?[、.])")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("pipeline.templates").joinpath("labels.toml").read_text("utf-8"))


def words(group: str, label: str) -> tuple[str, ...]:
    """Every wording of one label, as in the data file."""
    return tuple(_data()[group][label])


@lru_cache(maxsize=16)
def wordings(group: str) -> Mapping[str, tuple[str, ...]]:
    """Every label of a group with its wordings, as `bare_label` has them."""
    return {label: tuple([_key(word) for word in found]) for label, found in _data()[group].items()}


def bare_label(text: str) -> str:
    """A print as labels are compared: folded, without what brackets behind it hold.

    >>> bare_label("执 行 率（%）"), bare_label("其中：财政资金")
    ('执行率', '财政资金')
    """
    key = _key(text)
    return _TAIL.sub("", key) or key


@lru_cache(maxsize=1)
def _index() -> dict[str, dict[str, str]]:
    """Folded wording → {group: label id}."""
    index: dict[str, dict[str, str]] = {}
    for group, entries in _data().items():
        if group in _NO_WORDINGS:
            continue
        for label, wordings in entries.items():
            for wording in wordings:
                index.setdefault(_key(wording), {})[group] = label
    return index


def _key(text: str) -> str:
    return fold(text).rstrip(":").replace("其中:", "")


def labels_of(text: str) -> Mapping[str, str]:
    """The labels that a cell can be, by group; empty for anything that is no label.

    >>> dict(labels_of("执 行 率（%）"))
    {'fund_head': 'execution_rate_pct'}
    >>> labels_of("产出指标（50分）")["level1"]
    'output'
    >>> labels_of("完成专项宣传工作")
    {}
    >>> dict(labels_of("未完成原因分析及拟采取的改进措施"))
    {'indicator_head': 'deviation_reason'}
    """
    if len(text) > LONGEST_LABEL:
        return NO_LABELS
    index = _index()
    key = _key(text)
    found = index.get(key)
    if found is None:
        bare = _TAIL.sub("", key)
        found = index.get(bare) or index.get(_ORDINAL.sub("", bare))
    if found is None and len(bare) <= LONGEST_PERSONAL and bare.endswith(_personal_words()):
        found = {"personal": "person"}
    if found is None and _tells_reasons(bare):
        found = {"indicator_head": "deviation_reason"}
    return found or NO_LABELS


@lru_cache(maxsize=1)
def _personal_words() -> tuple[str, ...]:
    return tuple(_data()["personal_words"]["words"])


def _tells_reasons(bare: str) -> bool:
    """Whether a text without a listed wording is a head over reasons."""
    if len(bare) > LONGEST_REASON_HEAD:
        return False
    starts, holds, ends = _reason_words()
    return bare.startswith(starts) and bare.endswith(ends) and any(word in bare for word in holds)


@lru_cache(maxsize=1)
def _reason_words() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    data = _data()["reason_words"]
    return tuple(data["starts"]), tuple(data["holds"]), tuple(data["ends"])


def is_scoring_rule(text: str) -> bool:
    """Whether a text says how a score is found, as cells below 得分计算方法 and 评价标准 do.

    >>> is_scoring_rule("未完成的按比例扣分"), is_scoring_rule("计划标准"), is_scoring_rule("补助标准")
    (True, True, False)
    """
    rules = _data()["rule_words"]
    return text in rules["whole"] or any(word in text for word in rules["holds"])


def split_label(text: str) -> tuple[Mapping[str, str], str]:
    """The labels of a cell, and the value that stands behind a label in the same cell.

    >>> labels, value = split_label("项目名称：新闻宣传专项经费")
    >>> labels["header"], value
    ('project_name', '新闻宣传专项经费')
    >>> split_label("年初预算数")[1], split_label("经过：系统故障")
    ('', ({}, ''))
    """
    found = labels_of(text)
    if found:
        return found, ""
    for mark in "：:":
        end = text.find(mark, 0, LONGEST_LABEL + 1)
        value = text[end + 1 :].strip()
        if end > 0 and value:
            found = labels_of(text[:end])
            if found:
                return found, value
    return NO_LABELS, ""


_PAIR = re.compile(r"(?:^|(?<=\s))([^\s：:]{2,20})\s*[：:]\s*")


def pairs_in(text: str) -> list[tuple[Mapping[str, str], str]]:
    """The labels and values of a cell that holds ``label：value`` several times.

    >>> [value for _, value in pairs_in("项目名称：维修  主管部门：市教育局 实施单位：一中")]
    ['维修', '市教育局', '一中']
    >>> pairs_in("项目名称：说明：维修")[0][1]
    '说明：维修'
    """
    marks = [found for found in _PAIR.finditer(text) if labels_of(found[1])]
    if not marks:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        (labels_of(mark[1]), text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)
    ]


@lru_cache(maxsize=1)
def vertical_labels() -> frozenset[str]:
    """Labels that are printed one character per line or row (绩 效 指 标)."""
    groups = (("indicator_head", "lead"), ("goals", "goals"), ("fund_head", "fund_table"))
    return frozenset(_key(word) for group, label in groups for word in words(group, label))


@lru_cache(maxsize=4096)
def level_code(level: int, name: str | None) -> str | None:
    """The English code of a level name, None for names outside the code list.

    >>> level_code(1, "效果指标"), level_code(2, "进度指标"), level_code(2, "培训指标")
    ('benefit', 'timeliness', None)
    """
    return None if name is None else labels_of(name).get(f"level{level}")


@lru_cache(maxsize=4096)
def begins_level(level: int, text: str) -> bool:
    """Whether a text is the beginning of a level name, as pieces of a name printed down a column are.

    >>> begins_level(1, "产出指"), begins_level(2, "数"), begins_level(1, "标")
    (True, True, False)
    """
    start = _key(text)
    return any(_key(name).startswith(start) for names in _data()[f"level{level}"].values() for name in names)


def parents(level2: str) -> tuple[str, ...]:
    """Level-1 codes under which a level-2 code can stand."""
    return tuple(_data()["level2_parent"].get(level2, ()))


def is_hint(text: str) -> bool:
    """Whether a cell holds the hint text of an unfilled model form, not a value.

    >>> is_hint("指标1："), is_hint("XX项目"), is_hint("指标完成率")
    (True, True, False)
    """
    key = _key(text)
    hints = _data()["hints"]
    return key in hints["hint"] or (
        len(key) <= LONGEST_LABEL and any(part in key for part in hints["hint_part"])
    )


def is_left_in(text: str) -> bool:
    """Whether a value, a name or a goal is still what the model form prints in its place.

    >>> [is_left_in(text) for text in ("≥XX次", "指标1：……", "目标1:", "××万元", "（填写完成情况）")]
    [True, True, True, True, True]
    >>> [is_left_in(text) for text in ("指标1：培训人数", "≥95%", "公共设施（如：路灯）", "……", "×", "X光机")]
    [False, False, False, False, False, False]
    """
    if len(text) > LONGEST_LABEL:
        return False
    return _LEFT_IN[text]


def _is_left_in(text: str) -> bool:
    key = fold(text)
    bare = key.strip(_BLANKS)
    return (len(bare) > 1 and bare in _data()["hints"]["hint"]) or _hint_marks().search(key) is not None


@lru_cache(maxsize=1)
def _hint_marks() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _data()["hints"]["marks"])))


_BLANKS = ".…·。:、-—_"
_LEFT_IN = Memo(_is_left_in)


@lru_cache(maxsize=4096)
def is_note(text: str) -> bool:
    """Whether a cell begins a foot-note (注：…).

    >>> is_note("注：得分保留两位小数。"), is_note("注册资本")
    (True, False)
    """
    start = fold(text[:20])
    return start.startswith(tuple(_data()["notes"]["note"]))
