"""Heads of scanned tables understood as a whole: each cell by what was seen, by likeness and by the order of columns.

A head is a handful of words from a closed list, in one of a few orders, each once. So a word of which a
sign was misread, and that no reading spells right, is still told: 得兮 behind 分值 is 得分, 三级指标 before
三级指标 is 二级指标, and what cannot be read between target and weight is the result. What is so understood
is a label and never a value; the finding `understood_label` says what was read in its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from parsers.grid import Cell, Grid
from pipeline.cell_kinds import LONGEST_KEPT, look
from pipeline.labels import bare_label, wordings
from pipeline.likeness import alike, halves, likeness
from pipeline.neighbour_words import foresees
from pipeline.recognised import UNREAD
from pipeline.result_lists import names_columns
from pipeline.templates import Template
from pipeline.values import grade, points
from pipeline.variants import without_strays

INDICATORS: Final = "indicator_head"
FUNDS: Final = "fund_head"
FOOT: Final = "foot"

FEWEST_EXACT: Final = 2
"""Labels that a row must show as they are printed, to be taken for a head."""

MOST_TOTALS: Final = 2
"""Totals in a row: of the weights, of the scores."""

FEWEST_ALIKE: Final = 3
"""Cells of a head that are labels or like one."""

SEEN: Final = 0.9
ALIKE: Final = 0.8
BY_PLACE: Final = -0.1
LEFT_OUT: Final = -0.5
UNLIKE: Final = -9.0
MISSING: Final = -0.6
"""Scores: of a label that is another reading, of likeness 1, of a place where nothing was read; of a cell that is
no column, of a label that a cell is nothing like, of a column that is missing though the form demands it."""

LEGIBLE: Final = 0.8
"""Confidence from which a print that is like no label is one that is not known, and no misread one."""

MARGIN: Final = 0.15
"""Two ways to understand a head that are closer than this are told apart by nothing."""

FUND_COLUMNS: Final = (
    "initial_budget_yuan", "annual_budget_yuan", "executed_yuan", "weight", "execution_rate_pct", "score",
)  # fmt: skip

_MONEY: Final = frozenset({"initial_budget_yuan", "annual_budget_yuan", "executed_yuan", "execution_rate_pct"})

Likeness = Mapping[str, float]
"""Label → how well a cell can be it."""

_UNKNOWN: Final[Likeness] = {"": 0.0}


class _Way(NamedTuple):
    """A way to understand a head: a label, or None, for each cell."""

    score: float
    labels: tuple[str | None, ...]


def understood(row: Sequence[Cell], templates: Sequence[Template]) -> dict[int, str]:
    """The words of the cells of a row that are heads and are printed otherwise; empty where it is no head.

    Args:
        row: The cells that begin in a row of a grid, from left to right.
        templates: The shapes of the forms; a head has the order of one of them.

    Returns:
        Position in the row → the word that is meant.
    """
    if names_columns([cell.text for cell in row]):
        return {}  # the head of a list of results, which holds words of ours
    return _of_indicators(row, templates) or _of_funds(row) or _of_foot(row)


# ── indicators ───────────────────────────────────────────────────────────────


def _of_indicators(row: Sequence[Cell], templates: Sequence[Template]) -> dict[int, str]:
    exact = [look(cell.text).labels.get(INDICATORS) for cell in row]
    known = [label for label in exact if label is not None]
    if len(set(known)) < FEWEST_EXACT or (None not in exact and len(set(known)) == len(known)) or _is_of_funds(row):
        return {}
    alike = [_likeness(cell, INDICATORS) for cell in row]
    if sum(max(one.values(), default=0.0) > 0.0 for one in alike) < max(FEWEST_ALIKE, len(row) // 2 + 1):
        return {}
    best = max((_way(alike, template) for template in templates), key=_score)
    if not {"level1", "level2", "level3"} & set(best.labels) or best.labels.count(None) > len(row) // 3:
        return {}
    found: dict[int, str] = {}
    for position, (label, printed) in enumerate(zip(best.labels, exact, strict=True)):
        if label is None or label == printed:
            continue
        without = [*alike]
        without[position] = {name: value for name, value in alike[position].items() if name != label} or _UNKNOWN
        other = max(_way(without, template, (position, label)).score for template in templates)
        if best.score - other >= MARGIN:
            found[position] = _word(row[position], INDICATORS, label)
    return found


def _is_of_funds(row: Sequence[Cell]) -> bool:
    """Whether more words of a head are those of money alone than those of indicators alone: both have 分值 and 得分."""
    labels = [look(cell.text).labels for cell in row]
    money = sum(one.get(FUNDS) in _MONEY and INDICATORS not in one for one in labels)
    return money > sum(INDICATORS in one and FUNDS not in one for one in labels)


def _way(alike: Sequence[Likeness], template: Template, never: tuple[int, str] | None = None) -> _Way:
    """The best way to give the cells columns of a template, in its order.

    ``never`` is a cell and a label that it must not get.
    """
    columns = template.indicators.columns
    ways: dict[int, _Way] = {-1: _Way(0.0, ())}
    for position, cell in enumerate(alike):
        grown: dict[int, _Way] = {}
        for last, way in ways.items():
            _keep(grown, last, _Way(way.score + LEFT_OUT, (*way.labels, None)))
            for column in range(last + 1, len(columns)):
                label = columns[column]
                if (position, label) != never:
                    score = way.score + cell.get(label, UNLIKE if cell else BY_PLACE)
                    _keep(grown, column, _Way(score, (*way.labels, label)))
        ways = grown
    return max((_demanded(way, template) for way in ways.values()), key=_score)


def _keep(ways: dict[int, _Way], last: int, way: _Way) -> None:
    if last not in ways or ways[last].score < way.score:
        ways[last] = way


def _demanded(way: _Way, template: Template) -> _Way:
    labels = set(way.labels)
    wrong = len(template.must - labels) + len(template.must_not & labels)
    wrong += "level2" in labels and "level1" not in labels  # a second level has a first
    return way._replace(score=way.score + MISSING * wrong)


def _score(way: _Way) -> float:
    return way.score


# ── funds ────────────────────────────────────────────────────────────────────


def _of_funds(row: Sequence[Cell]) -> dict[int, str]:
    """The heads of money columns that are like one label only which the row does not have."""
    exact = _fund_labels(row)
    taken = {label for label in exact if label is not None}
    if len(taken & set(FUND_COLUMNS)) < FEWEST_EXACT or None not in exact or taken.isdisjoint(_MONEY):
        return {}
    found: dict[int, str] = {}
    for position, (cell, label) in enumerate(zip(row, exact, strict=True)):
        if label is not None or "fund_row" in look(cell.text).labels:
            continue
        free = {name: score for name, score in _likeness(cell, FUNDS).items() if name and name not in taken}
        alike = sorted(((score, name) for name, score in free.items()), reverse=True)
        if alike and (len(alike) == 1 or alike[0][0] - alike[1][0] >= MARGIN):
            taken.add(alike[0][1])
            found[position] = _word(cell, FUNDS, alike[0][1])
    return found


def _fund_labels(row: Sequence[Cell]) -> list[str | None]:
    """The label of each cell; None where a cell was given a word that was hardly seen, and another has its label.

    A head has no label twice: of 执行案, 执行崇 and 执行数 the last is a word, but 全年执行数 stands beside it.
    """
    labels = [look(cell.text).labels.get(FUNDS) for cell in row]
    given = [bool(cell.seen) and cell.text != max(cell.seen, key=lambda one: one.probability).text for cell in row]
    return [
        None if some and label != "fund_table" and labels.count(label) > 1 else label
        for label, some in zip(labels, given, strict=True)
    ]


# ── cells that were read as one ──────────────────────────────────────────────


def may_be_two(cell: Cell) -> bool:
    """A quick no for most cells."""
    text = without_strays(cell.text)
    if not "\u4e00" <= text[:1] <= "\u9fff" or len(text) > LONGEST_KEPT:
        return False
    return _behind_foot(text) is not None or any(halves(text, group) is not None for group in (INDICATORS, FUNDS))


def parted(cell: Cell, grid: Grid, templates: Sequence[Template]) -> tuple[Cell, Cell] | None:
    """The two cells of which one was made because the ruling between them was lost; None where it is one.

    A head must cover a column that begins in rows below; a total or grade stands behind the first cell of its row.
    """
    row = [other for other in grid.cells if other.row == cell.row]
    for group in (INDICATORS, FUNDS):
        pair = halves(without_strays(cell.text), group) if cell.col_span > 1 else None
        if pair is not None and sum(group in look(other.text).labels for other in row) >= FEWEST_EXACT:
            below = [other.col for other in grid.cells if other.row > cell.row]
            within = [col for col in below if cell.col < col < cell.col + cell.col_span]
            return _cut(cell, _in_order(pair, templates), max(within, key=within.count)) if within else None
    at = _behind_foot(cell.text) if cell is row[0] and not look(cell.text).value else None
    if at is None:
        return None
    return _cut(cell, (cell.text[:at], cell.text[at:].strip()), cell.col + cell.col_span - 1)


def _cut(cell: Cell, pair: tuple[str, str], col: int) -> tuple[Cell, Cell]:
    until = cell.col + cell.col_span
    return (
        cell._replace(text=pair[0], col_span=max(1, col - cell.col), seen=()),
        cell._replace(text=pair[1], col=col, col_span=until - col, seen=()),
    )


def _in_order(pair: tuple[str, str], templates: Sequence[Template]) -> tuple[str, str]:
    """The pair as columns stand: lines of two cells that were read as one can be read in turns."""
    first, second = (look(text).labels.get(INDICATORS) for text in pair)
    orders = [template.indicators.columns for template in templates]
    both = [columns for columns in orders if first in columns and second in columns]
    turned = [columns for columns in both if columns.index(f"{first}") > columns.index(f"{second}")]
    return pair[::-1] if both and turned == both else pair


@lru_cache(maxsize=4096)
def _behind_foot(text: str) -> int | None:
    """Where a total or a grade begins that was read with its label.

    >>> _behind_foot("评分等级优"), _behind_foot("总分98.85"), _behind_foot("总分"), _behind_foot("合计划完成")
    (4, 2, None, None)
    """
    if "foot" in look(text).labels or len(text) > LONGEST_KEPT:
        return None
    for at in range(len(text) - 1, 1, -1):
        if "foot" in look(text[:at]).labels:
            rest = text[at:].strip()
            return at if points.parse(rest) is not None or grade.parse(rest) is not None else None
    return None


def _of_foot(row: Sequence[Cell]) -> dict[int, str]:
    """The label of a total or grade, which stands alone and wide before it."""
    first, *others = row
    if first.col_span == 1 or not 0 < len(others) <= MOST_TOTALS or look(first.text).labels:
        return {}
    is_total = all(points.parse(cell.text) is not None for cell in others)
    is_grade = len(others) == 1 and grade.parse(others[0].text) is not None
    label = "total" if is_total else "grade" if is_grade else ""
    return {0: _word(first, FOOT, label)} if label and label in _likeness(first, FOOT) else {}


# ── likeness ─────────────────────────────────────────────────────────────────


def _likeness(cell: Cell, group: str) -> Likeness:
    """How well a cell can be each label of a group; empty where nothing of it was read, so that place decides."""
    own = look(cell.text).labels.get(group)
    if own is None and foresees(cell.text):
        return _UNKNOWN
    scores: dict[str, float] = {} if own is None else {own: 1.0}
    for text in (cell.text, *(one.text for one in cell.seen)):
        if len(text) > LONGEST_KEPT or not text.strip(UNREAD):
            continue
        label = look(text).labels.get(group)
        if label is not None:
            scores.setdefault(label, SEEN)
        for name, share in alike(bare_label(text), group):
            scores[name] = max(scores.get(name, 0.0), ALIKE * share)
    if own is None and halves(without_strays(cell.text), group) is not None:
        return _UNKNOWN
    if not scores and cell.origin.confidence >= LEGIBLE:
        return _UNKNOWN
    return scores


def _word(cell: Cell, group: str, label: str) -> str:
    """The wording of a label that a cell is likest."""
    texts: Iterable[str] = (cell.text, *(one.text for one in cell.seen))
    bare = [bare_label(text) for text in texts]
    by_likeness: Callable[[str], float] = lambda word: max(likeness(text, word) for text in bare)  # noqa: E731
    return max(wordings(group)[label], key=by_likeness)
