"""Small marks: which are points and dashes of print, and which dirt, told by the line that they stand at.

Points of print stand close behind what they belong to, on the rows of its line; specks fall anywhere.
A point is as wide as high even where the picture is coarse, a dash is not: ink is weighed by its darkness,
since boxes around three or four pixels tell nothing.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.crops import Inked
from parsers.scan.ink import Grey
from parsers.scan.strokes import runs_of

SMALL: Final = 0.4        # of the height of print: no larger marks may be dirt
FLAT: Final = 1.5         # times as far spread across as down: a dash
SHOWN: Final = 2.5        # pixels of full ink: less shows no form
FLATTISH: Final = 1.2     # the same where several stand in a row or a column
ALIGNED: Final = 0.12     # of the height of print: marks no farther off are in line
ROUND: Final = 1.3        # a speck spreads at most so many times farther one way than the other
FULL: Final = 0.8         # of its darkest place: the middle of a speck is darker
SHORTEST: Final = 0.17    # of the height of print: no dash is shorter
TALL: Final = 0.34        # of it: what stands alone so high, or so wide, is a part of a character
REACH: Final = 1.3        # of it: what stands farther off tells nothing of a mark
TIGHT: Final = 1.2        # of it: parts of one line together are not higher
ALONG: Final = 4.0        # of it: so far before and behind it the rows of its line are told
LINES: Final = 2.0        # of it: so far up and down are the lines near a mark looked for
OUT: Final = 0.06         # of it: no middle of a point lies so far above or below its line
LOW: Final = 0.6          # of it: a lower line is a stroke; points may stand above and below it
PART: Final = 0.16        # of it: what stands so near is a part of a character
BEHIND: Final = 0.55      # of it: no point stands farther behind the sign that it belongs to
FARTHEST: Final = 1.25    # nor, where fonts have points in the middle of their room, farther than that
ROOM: Final = 0.3         # of it: so much paper is on both sides of those
CENTRED: Final = 2        # of them that tell the font of a page
AHEAD: Final = 0.5        # nor a quote farther before one
TWINS: Final = 0.4        # of it: two marks so near, one beside or above the other, are one sign: quotes, colons
HEAD: Final = 0.4         # of a line, from its top: quotes stand above
FOOT: Final = 0.6         # points stand below
ROUNDS: Final = 2
PAPER: Final = 12         # of 255, above what lies around: ink of a mark
AROUND: Final = 2         # pixels around a mark that its blur reaches

Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]


class Mark(NamedTuple):
    """A small mark, in pixels: its rectangle and how many of it are inked."""

    x0: int
    top: int
    x1: int
    bottom: int
    area: int

    @property
    def wide(self) -> int:
        """How wide it is."""
        return self.x1 - self.x0


class Form(NamedTuple):
    """How the ink of a mark lies.

    Attributes:
        flat: How much farther it spreads across than down.
        ink: How much it is, in pixels of full ink.
        core: How dark its middle is, as a share of its darkest place.
    """

    flat: float
    ink: float
    core: float

    @property
    def is_speck(self) -> bool:
        """Whether it is as round and as full as specks are; points are too, but no commas, rings and dashes."""
        return 1 / ROUND <= self.flat <= ROUND and self.core >= FULL


def form_of(dark: Grey, paper: float) -> Form:
    """How the ink of a mark lies that is alone on a picture, 255 for full ink."""
    ink = np.clip(dark.astype(np.float32) - (paper + PAPER), 0, None)
    whole = float(ink.sum())
    if not whole:
        return Form(1.0, 0.0, 1.0)
    across, down = ink.sum(axis=0) / whole, ink.sum(axis=1) / whole
    x, y = int(across @ np.arange(len(across))), int(down @ np.arange(len(down)))
    core = ink[y : y + 2, x : x + 2]
    return Form(_deviation(across) / _deviation(down), whole / 255, float(core.max() / ink.max()))


class Marks:
    """The marks of a page, those that are surely print apart.

    Args:
        ink: What is print or dirt.
        dark: The page, 255 for full ink.
        rooms: The number of the cell that each pixel lies in; marks of other cells tell nothing.
        height: Of print.
    """

    def __init__(self, ink: Flags, dark: Grey, rooms: Labels, height: float) -> None:
        self.height = height
        self._dark, self._rooms = dark, rooms
        self.count, self.labels, self._stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
        sizes = self._stats[: self.count, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
        is_small = sizes <= SMALL * height
        is_small[0] = True
        self.large: Flags = ~is_small[self.labels]
        self.sure = self.large
        self.small = [int(label) for label in np.flatnonzero(is_small[1:]) + 1]
        self._filled = set(np.unique(rooms[self.large]).tolist())

    def take(self, held: set[int]) -> None:
        """Take small marks for print: others may stand by them."""
        taken = np.zeros(self.count, bool)
        taken[list(held)] = True
        self.sure = self.large | taken[self.labels]

    def mark(self, label: int) -> Mark:
        """A mark by its number."""
        x, y, width, high, area = self._stats[label].tolist()
        return Mark(x, y, x + width, y + high, area)

    def room_of(self, mark: Mark) -> int:
        """The cell that a mark lies in, by its middle."""
        return int(self._rooms[(mark.top + mark.bottom) // 2, (mark.x0 + mark.x1) // 2])

    def is_alone(self, mark: Mark) -> bool:
        """Whether it lies in a cell that holds nothing larger."""
        return self.room_of(mark) >= 0 and self.room_of(mark) not in self._filled

    def form_of(self, label: int) -> Form:
        """How the ink of a mark lies."""
        mark = self.mark(label)
        part = np.s_[max(0, mark.top - AROUND) : mark.bottom + AROUND, max(0, mark.x0 - AROUND) : mark.x1 + AROUND]
        labels = self.labels[part]
        paper = self._dark[max(0, mark.top - 4 * AROUND) : mark.bottom + 4 * AROUND,
                           max(0, mark.x0 - 4 * AROUND) : mark.x1 + 4 * AROUND]
        return form_of(np.where((labels != label) & (labels > 0), 0, self._dark[part]), float(np.median(paper)))

    def line_at(self, mark: Mark) -> tuple[Flags, int, int, int] | None:
        """The print near a mark: a window of it, the window's left edge, and the rows of the line from-to.

        None where no print is near.
        """
        reach, along, lines = (round(times * self.height) for times in (REACH, ALONG, LINES))
        top, left = max(0, mark.top - lines), max(0, mark.x0 - along)
        window = np.s_[top : mark.bottom + lines, left : mark.x1 + along]
        near = self.sure[window] & (self._rooms[window] == self.room_of(mark))
        rows = _joined(runs_of(np.any(near, axis=1)), self.height)
        if not rows:
            return None
        middle = (mark.top + mark.bottom) / 2 - top
        low, high = min(rows, key=lambda run: max(run[0] - middle, middle - run[1]))
        start = max(0, mark.x0 - reach - left)
        close = near[low:high, start : mark.x1 + reach - left]
        return (close, left + start, top + low, top + high) if close.any() else None


def _deviation(shares: npt.NDArray[np.floating]) -> float:
    at = np.arange(len(shares))
    middle = float((shares * at).sum())
    return float(max((shares * (at - middle) ** 2).sum(), 0.05) ** 0.5)


def _joined(runs: list[tuple[int, int]], height: float) -> list[tuple[int, int]]:
    """Rows of ink, the parts of one line joined."""
    lines: list[tuple[int, int]] = []
    for low, high in runs:
        if lines and high - lines[-1][0] <= TIGHT * height:
            lines[-1] = (lines[-1][0], high)
        else:
            lines.append((low, high))
    return lines


def without_dirt(ink: Inked, dark: Grey, boxes: Iterable[tuple[int, int, int, int]], height: float) -> Inked:
    """Ink without small marks that are no points of print; dashes that stand alone are signs.

    Args:
        ink: What is print or dirt.
        dark: The page, 255 for full ink.
        boxes: The cells.
        height: Of print.
    """
    rooms = np.full(dark.shape, -1, np.int32)
    for number, (x0, top, x1, bottom) in enumerate(boxes):
        rooms[top:bottom, x0:x1] = number
    marks = Marks(ink.all, dark, rooms, height)
    held, dashes = print_of(marks)
    kept, flat = np.ones(marks.count, bool), np.zeros(marks.count, bool)
    kept[list(set(marks.small) - held)] = False
    flat[list(dashes)] = True
    is_print = kept[marks.labels]
    return Inked((ink.signs | flat[marks.labels]) & is_print, ink.all & is_print)


def print_of(marks: Marks) -> tuple[set[int], set[int]]:
    """The numbers of the small marks that are print, and those of them that are dashes."""
    dashes = _dashes(marks)
    held = set(dashes)
    centred = False
    for _ in range(ROUNDS):   # what stands by a quote is seen once the quote is
        stands = {label: _standing(marks, marks.mark(label)) for label in marks.small if label not in held}
        centred |= sum(stand is not None and stand.is_centred for stand in stands.values()) >= CENTRED
        more = {label for label, stand in stands.items() if _may_be_print(marks, label, stand, centred=centred)}
        held |= more
        marks.take(held)
    return held, dashes


def _dashes(marks: Marks) -> set[int]:
    """Flat marks that are all their cells hold; those that are not very flat where they stand in a row or a column."""
    alone = {label: marks.mark(label) for label in marks.small if marks.is_alone(marks.mark(label))}
    wide = [label for label, mark in alone.items() if mark.wide >= SHORTEST * marks.height]
    forms = {label: marks.form_of(label) for label in wide}
    flat = {label: alone[label] for label, form in forms.items() if form.flat >= FLATTISH}
    return {
        label for label, mark in flat.items()
        if (forms[label].flat >= FLAT and forms[label].ink >= SHOWN)
        or any(_in_line(mark, other, marks.height) and marks.room_of(mark) != marks.room_of(other)
               for other in flat.values())
    }


def _in_line(one: Mark, other: Mark, height: float) -> bool:
    """Whether marks stand in a row or in a column; specks do not."""
    off = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2, abs(one.top + one.bottom - other.top - other.bottom) / 2
    return min(off) <= ALIGNED * height


class Stand(NamedTuple):
    """How a mark stands at a line: the paper before and behind it, how far down its middle is, and how high the line.

    In heights of print; of the line, from its top; None where nothing stands there.
    """

    before: float | None
    behind: float | None
    down: float
    spare: float
    tall: float

    @property
    def is_centred(self) -> bool:
        """Whether it stands between print in the middle of a room of its own, as commas do in some fonts."""
        if self.before is None or self.behind is None:
            return False
        return min(self.before, self.behind) >= ROOM and HEAD <= self.down <= FOOT


def _standing(marks: Marks, mark: Mark) -> Stand | None:
    """How a mark stands at the line that is nearest; None where there is none."""
    line = marks.line_at(mark)
    if line is None:
        return None
    near, left, top, bottom = line
    height = marks.height
    middle, high = (mark.top + mark.bottom) / 2, bottom - top
    spare = OUT * height + max(0.0, LOW * height - high) / 2
    cols = np.any(near, axis=0)
    before, behind = np.flatnonzero(cols[: mark.x0 - left]), np.flatnonzero(cols[mark.x1 - left :])
    ahead = (mark.x0 - left - 1 - int(before[-1])) / height if len(before) else None
    after = int(behind[0]) / height if len(behind) else None
    if cols[mark.x0 - left : mark.x1 - left].any():
        ahead = after = 0.0
    return Stand(ahead, after, (middle - top) / max(1, high), spare / max(1, high), high / height)


def _may_be_print(marks: Marks, label: int, stand: Stand | None, *, centred: bool) -> bool:
    mark = marks.mark(label)
    if stand is None:
        return marks.is_alone(mark) and max(mark.wide, mark.bottom - mark.top) >= TALL * marks.height
    if not -stand.spare <= stand.down <= 1 + stand.spare:
        return False
    if min(gap for gap in (stand.before, stand.behind, REACH) if gap is not None) <= PART:
        return True
    if stand.before is None:
        return stand.behind is not None and stand.behind <= AHEAD and _has_twin(marks, mark)
    if stand.behind is not None or (stand.before <= BEHIND and stand.down >= FOOT):
        return True
    return stand.before <= FARTHEST and (centred or not marks.form_of(label).is_speck or _has_twin(marks, mark))


def _has_twin(marks: Marks, mark: Mark) -> bool:
    """Whether another small mark stands beside or above it, as those of quotes and colons do."""
    reach = round(TWINS * marks.height)
    window = np.s_[max(0, mark.top - reach) : mark.bottom + reach, max(0, mark.x0 - reach) : mark.x1 + reach]
    labels = marks.labels[window][~marks.large[window]]
    return len(set(labels[labels > 0].tolist())) > 1
