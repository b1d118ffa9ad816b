"""Doubtful cells that are words of the form take their spelling, before anything is looked for.

Labels, titles, level names, outcomes and blank marks are a closed vocabulary, and half of the cells
of a form are of it. So a reading that is such a word outweighs a likelier one that is nothing: 项目
名称 a 项日名称. Only what was seen is taken, character by character at its place, and never for a
reading that is a word or a number itself.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from parsers.grid import Cell, Grid, Seen
from pipeline import misread_heads
from pipeline.cell_kinds import LONGEST_KEPT, look
from pipeline.recognised import Chances, chances, is_recognised
from pipeline.templates import Template
from pipeline.titles import title_kind
from pipeline.values import grade, operator, year
from pipeline.values.fold import fold
from pipeline.variants import variants, without_strays

CONFIDENT: Final = 0.98
"""Chance from which the best reading stands, whatever it is."""

_LEAST_RATIOS: Final = ((4, 0.01), (3, 0.04), (2, 0.08), (0, 0.15))
"""Characters of a word, and the least chance against the best reading's: the shorter a word, the more
texts that are none lie one misread character beside it."""

BLANK_RATIO: Final = 0.05
"""The same for a blank mark: 一 alone stands for nothing, 一 for a dash is the commonest misreading."""

STRANGE_TAIL_RATIO: Final = 0.5
"""The same for a label with brackets that hold what none has been seen to hold."""

NUMBER_RATIO: Final = 0.25
"""The same for a bare number instead of a text with digits that is no value; the rest is for the grammar of
its field, which this early is not known."""

_VALUES: Final = frozenset({"number", "large", "percent", "quantity", "bounded"})
_NUMBERS: Final = frozenset({"number", "large", "percent"})
_TAIL: Final = re.compile(r"\(([^()]*)\)?$")
_USUAL_TAIL: Final = re.compile(r"(?:单位:)?[十百千]?[万亿]?元|[0-9.]*[%分]?|[A-Z]|盖章|公章|签字|含.*")
_HEADS: Final = ("indicator_head", "fund_head", "goals")
_NAMES: Final = frozenset({"level1", "level2", "level12", "outcome"})
_DIGITS: Final = frozenset("0123456789")
_NEVER: Final = 2.0

FEWEST_OPERATORS: Final = 2
"""Cells of a column that hold an operator each, of a column of operators."""

OPERATOR_RATIO: Final = 0.05
"""The least chance of an operator against that of a sign which is none, in such a column."""

UNDERSTOOD: Final = 0.9
"""Confidence of a head that is told by its likeness and its place."""

HEAD_LABELS: Final = 3
"""Labels of one head in a row that make it one."""

LONGEST_NUMBER: Final = 14
"""Characters."""


class Spelled(NamedTuple):
    """The grids; ``before`` gives for each cell that was read anew the cell as a recogniser read it."""

    grids: tuple[Grid, ...]
    before: Mapping[Cell, Cell]


def spelled(grids: Iterable[Grid], templates: Sequence[Template]) -> Spelled:
    """The grids of a document, doubtful words spelled as the vocabulary has them, heads as the forms have them."""
    before: dict[Cell, Cell] = {}
    return Spelled(tuple([grid if grid.role else _of_grid(grid, templates, before) for grid in grids]), before)


def _of_grid(grid: Grid, templates: Sequence[Template], before: dict[Cell, Cell]) -> Grid:
    grid = _parted(grid, templates, before)
    cells = list(grid.cells)
    recognised = [n for n, cell in enumerate(cells) if is_recognised(cell) and len(cell.text) <= LONGEST_KEPT]
    doubtful = {n for n in recognised if cells[n].seen}
    for position in doubtful:
        cells[position] = _settled(cells[position])
    rows: dict[int, list[int]] = {}
    for position, cell in enumerate(cells):
        rows.setdefault(cell.row, []).append(position)
    for row in {cells[position].row for position in recognised}:
        if not doubtful.isdisjoint(rows[row]):
            _tell_apart(cells, grid, rows[row], doubtful)
        meant = misread_heads.understood([cells[n] for n in rows[row]], templates)
        for at, word in meant.items():
            position = rows[row][at]
            cells[position] = _with(cells[position], word, min(cells[position].origin.confidence, UNDERSTOOD))
    _settle_operators(cells, grid, doubtful)
    for n in recognised:
        if cells[n] is not grid.cells[n]:
            before[cells[n]] = before.get(grid.cells[n], grid.cells[n])
    return grid._replace(cells=tuple(cells))


def _parted(grid: Grid, templates: Sequence[Template], before: dict[Cell, Cell]) -> Grid:
    """The grid with the labels apart that were read as one cell with what stands beside them."""
    found: list[Cell] = []
    for cell in grid.cells:
        may_be_two = misread_heads.may_be_two(cell) and is_recognised(cell)
        halves = misread_heads.parted(cell, grid, templates) if may_be_two else None
        found += halves or (cell,)
        before.update((half, cell) for half in halves or ())
    return grid if len(found) == len(grid.cells) else grid._replace(cells=tuple(found))


def _settle_operators(cells: list[Cell], grid: Grid, doubtful: Collection[int]) -> None:
    """Let a cell below and above operators hold one, where one was seen: ≦ alone is read as M."""
    columns = Counter(cell.col for cell in cells if look(cell.text).kind == "operator")
    for n in doubtful:
        cell = cells[n]
        if columns[cell.col] < FEWEST_OPERATORS or len(cell.text) > 1 or look(cell.text).kind != "text":
            continue
        readings = chances(grid.cells[n]).readings
        signs = [one for one in readings if look(one.text).kind == "operator"]
        chance = sum(one.probability for one in signs)
        means = {operator.parse(one.text) for one in signs}
        if len(means) == 1 and chance >= OPERATOR_RATIO * readings[0].probability:
            cells[n] = _with(cell, signs[0].text, chance / (chance + readings[0].probability))


def _tell_apart(cells: list[Cell], grid: Grid, row: list[int], doubtful: Collection[int]) -> None:
    """Let a head of a table hold labels, and none of them twice, where others were seen.

    二级指标 and 三级指标 are both words, one stroke apart, and a head has each of them once; — is a
    word too, and none of a head.
    """
    for group in _HEADS:
        labels = {n: label for n in row if (label := look(cells[n].text).labels.get(group)) is not None}
        if len(labels) < HEAD_LABELS:
            continue
        for n in row:
            if n in doubtful and n not in labels and (seen := _other_label(grid.cells[n], group, labels.values())):
                cells[n] = _with(cells[n], seen[1], seen[0] / (1.0 + seen[0]))
                labels[n] = look(seen[1]).labels[group]
        while twice := [n for n in labels if list(labels.values()).count(labels[n]) > 1 and n in doubtful]:
            others = [(found, n) for n in twice if (found := _other_label(grid.cells[n], group, labels.values()))]
            if not others:
                break
            (ratio, text), at = max(others)
            cells[at] = _with(cells[at], text, ratio / (1.0 + ratio))
            labels[at] = look(text).labels[group]


def _other_label(cell: Cell, group: str, taken: Collection[str]) -> tuple[float, str] | None:
    """The likeliest reading that is a label of the group not yet taken, with its chance against the best."""
    found = chances(cell)
    best = max(one.probability for one in found.readings)
    for text, chance in _readings(found):
        label = look(text).labels.get(group)
        if label is not None and label not in taken and chance >= best * _word_ratio(text):
            return chance / best, text
    return None


def _settled(cell: Cell) -> Cell:
    """The cell as the vocabulary has it; itself where that says nothing."""
    found = chances(cell)
    best = found.readings[0]
    if look(best.text).kind in _VALUES:
        return _as_year(cell, found)
    if best.probability >= CONFIDENT:
        return cell
    if is_word(best.text) and not _has_strange_tail(best.text):
        return _surer(cell, best, found) if _is_name(best.text) else cell
    likeliest = max(one.probability for one in found.readings)  # not the best, where that is unread ink
    for reading in _readings(found):
        least = likeliest * _least_ratio(reading.text, best.text)
        if reading.text != best.text and reading.probability >= least:
            if look(reading.text).value:
                return _with_value(cell, reading, found)
            return _surer(cell, reading, found) if _is_name(reading.text) else _taken(cell, reading)
    return cell


def _readings(found: Chances, *, apart: bool = False) -> list[Seen]:
    """What was seen, and the words that it combines to: a number is never put together.

    A name beside which dirt was read is a reading too.
    """
    whole = {text for text, _ in found.readings}
    seen = {
        one.text: one.probability
        for one in variants(found.readings, apart=apart)
        if one.text in whole or not any(map(str.isdigit, one.text))
    }
    for text, chance in list(seen.items()):
        bare = without_strays(text)
        if bare != text and _is_name(bare):
            seen[bare] = seen.get(bare, 0.0) + chance
    return sorted((Seen(text, chance) for text, chance in seen.items()), key=_chance, reverse=True)


def _chance(reading: Seen) -> float:
    return reading.probability


def _with_value(cell: Cell, reading: Seen, found: Chances) -> Cell:
    """A label and its value in one cell: which label it is says nothing of the value behind it."""
    words = [one for one in _readings(found, apart=True) if look(one.text).value]
    total = sum(one.probability for one in words)
    if total <= 0.0:
        return _taken(cell, reading)
    return _with(cell, words[0].text, words[0].probability / total * (1.0 - found.unseen))


def _as_year(cell: Cell, found: Chances) -> Cell:
    """A year that lost a digit looks like a number of years."""
    best = found.readings[0]
    if "年" in best.text and best.probability < CONFIDENT:
        for reading in found.readings:
            if year.stands_alone(reading.text) and reading.probability >= best.probability * _word_ratio(""):
                return _taken(cell, reading)
    return cell


def is_word(text: str) -> bool:
    """Whether a text is of the forms' own vocabulary, alone or before a value and a colon.

    >>> [is_word(text) for text in ("项目名称", "主管部门：市教育局", "达成指标", "-", "优", "（2023年度）")]
    [True, True, True, True, True, True]
    >>> [is_word(text) for text in ("项日名称", "完成专项宣传工作", "10.00", "一")]
    [False, False, False, False]
    """
    seen = look(text)
    if seen.labels or seen.kind in _NAMES or seen.kind == "blank":
        return True
    if seen.hinted and title_kind(text) is not None:
        return True
    return grade.parse(text) is not None or year.stands_alone(text)


def _is_name(text: str) -> bool:
    """Whether the whole text is a word of more than one character; a mark for nothing is none."""
    seen = look(text)
    return len(text) > 1 and (seen.kind in _NAMES or (bool(seen.labels) and not seen.value))


def _least_ratio(text: str, best: str) -> float:
    """The least chance that a reading must have against the best; above 1 where it is no word."""
    kind = look(text).kind
    if kind in _NUMBERS and len(text) <= LONGEST_NUMBER and not _DIGITS.isdisjoint(best):
        return NUMBER_RATIO
    if not is_word(text):
        return _NEVER
    if kind == "blank":
        return BLANK_RATIO
    return STRANGE_TAIL_RATIO if _has_strange_tail(text) else _word_ratio(text)


def _has_strange_tail(text: str) -> bool:
    """Whether a label ends in brackets that hold none of what brackets behind labels hold: （万一）.

    >>> [_has_strange_tail(text) for text in ("项目资金（万元）", "执行率(%)", "产出指标（50分）", "项目资金（万一）")]
    [False, False, False, True]
    """
    tail = _TAIL.search(fold(text))
    if tail is None or _USUAL_TAIL.fullmatch(tail[1]):
        return False
    return bool(look(text).labels) and not look(text).value


def _word_ratio(word: str) -> float:
    return next(ratio for length, ratio in _LEAST_RATIOS if len(fold(word)) >= length)


def _taken(cell: Cell, reading: Seen) -> Cell:
    return _with(cell, reading.text, reading.probability)


def _surer(cell: Cell, reading: Seen, found: Chances) -> Cell:
    """The cell with a word; that it is one counts as evidence against all readings that are none."""
    weight = 1.0 / _word_ratio(reading.text)
    others = found.unseen
    for text, chance in found.readings:
        if text != reading.text:
            others += chance * (weight if _is_name(text) else 1.0)
    sure = reading.probability * weight
    return _with(cell, reading.text, sure / (sure + others))


def _with(cell: Cell, text: str, confidence: float) -> Cell:
    origin, *also = [place._replace(confidence=confidence) for place in (cell.origin, *cell.also)]
    return cell._replace(text=text, origin=origin, also=tuple(also))
