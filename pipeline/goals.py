"""Goals of a form: expected and actual, below their heads, behind them, or behind a colon."""

from pipeline.records import Printed, Row, Slot

NAMES = ("goal_expected", "goal_actual")


def read_goals(rows: tuple[Row, ...]) -> dict[str, Printed]:
    """Take the goals out of their rows.

    Pasted text breaks long goals over lines: a line that begins left of the goal's column
    goes on where the one before it stopped.
    """
    goals = _Goals()
    for row in rows:
        goals.read(row)
    return {name: _joined(parts, goals.columns.get(name, 0)) for name, parts in goals.pieces.items() if parts}


class _Goals:
    """What was read of the goals so far."""

    def __init__(self) -> None:
        self.pieces: dict[str, list[tuple[Slot, str]]] = {name: [] for name in NAMES}
        self.columns: dict[str, int] = {}
        self._last = NAMES[0]
        self._side: str | None = None  # the label left of both heads and, repeated, left of their texts

    def read(self, row: Row) -> None:
        """Take the heads and the texts of one row."""
        behind: str | None = None
        texts: list[Slot] = []
        labels = _head_labels(row)
        for slot in row.slots:
            if slot.fate is not None:
                continue
            if "goals" in slot.labels:
                behind = self._head(slot, labels) or behind
            elif behind is not None:
                self._add(behind, slot, slot.text)
            else:
                texts.append(slot)
        if len(texts) > len(NAMES):
            texts = _without_repeats(texts)
        for position, slot in enumerate(texts):
            self._add(self._goal_of(slot, position, texts), slot, slot.text)

    def _head(self, slot: Slot, labels: dict[int, str]) -> str | None:
        """Take a head; the goal whose text stands behind it in the row, if any can."""
        label = labels[id(slot)]
        slot.fate = "label"
        if slot.text == self._side:
            return None
        name = NAMES[0] if label == "goals" else label
        if slot.value:
            self._add(name, slot, slot.value)
            return None
        if label != "goals":
            self.columns.setdefault(name, slot.cell.col)
            return name
        if not set(labels.values()).isdisjoint(NAMES):
            self._side = slot.text
        return None if self.columns or not set(labels.values()).isdisjoint(NAMES) else name

    def _goal_of(self, slot: Slot, position: int, texts: list[Slot]) -> str:
        if len(texts) == len(self.columns) == len(NAMES):
            return NAMES[position]  # slid or not; with more texts, merged ones are repeated
        expected_at, actual_at = (self.columns.get(name) for name in NAMES)
        if actual_at is None:
            return NAMES[0]
        if slot.cell.col < (expected_at or 0):
            return self._last
        return NAMES[slot.cell.col >= actual_at]

    def _add(self, name: str, slot: Slot, text: str) -> None:
        self._last = name
        parts = self.pieces[name]
        if parts and parts[-1][1] == text:
            slot.fate = "ignored:merged_repeat"
        else:
            slot.fate = "value"
            parts.append((slot, text))


def _head_labels(row: Row) -> dict[int, str]:
    """The label of each head by the identity of its slot.

    总体目标完成情况 | 总体目标 | 全年实际完成情况: beside the head of both, 总体目标 is the expected goal.
    """
    heads = [slot for slot in row.labelled if "goals" in slot.labels]
    labels = [slot.labels["goals"] for slot in heads]
    texts = list(dict.fromkeys(slot.text for slot in heads))
    if len(texts) > len(NAMES) and NAMES[0] not in labels and "goals" in labels[1:]:
        labels = [
            "goals" if slot.text == texts[0] else NAMES[0] if label == "goals" else label
            for slot, label in zip(heads, labels, strict=True)
        ]
    return {id(slot): label for slot, label in zip(heads, labels, strict=True)}


def _without_repeats(texts: list[Slot]) -> list[Slot]:
    """The texts of a row in which merged cells are repeated across."""
    kept: list[Slot] = []
    for slot in texts:
        if kept and kept[-1].text == slot.text:
            slot.fate = "ignored:merged_repeat"
        else:
            kept.append(slot)
    return kept


def _joined(parts: list[tuple[Slot, str]], column: int) -> Printed:
    """One goal from its pieces: a piece in the goal's own column is a new paragraph."""
    text = parts[0][1]
    for slot, piece in parts[1:]:
        text += ("\n" if slot.cell.col >= column else "") + piece
    more = tuple(slot.cell for slot, _ in parts[1:])
    return Printed(text, parts[0][0].cell, more=more)
