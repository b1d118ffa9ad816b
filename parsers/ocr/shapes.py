"""Where the ink of a line stands: what tells signs apart that a recogniser holds for the same."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.ocr.engine import Grey

INKED: Final = 0.3        # of full ink: print
PAPER: Final = 20         # percentile of ink that is the paper's
FULL: Final = 99          # percentile that is full ink
FAINT: Final = 30.0       # of 255: less contrast is no print
SPECK: Final = 0.008      # square ems: less ink is dirt
WHOLE: Final = 0.64       # ems: no part of a Han character stands farther from where it was read
HALF: Final = 0.52        # nor of a letter or digit
TALL: Final = 0.95        # ems: the height of lines with Han characters or parentheses
DIGITS: Final = 0.80      # that of lines of digits and signs alone
HAN_PITCH: Final = 1.0    # ems from one Han character to the next
DIGIT_PITCH: Final = 0.55
MARK: Final = 0.45        # ems: 、 。 and ， are no wider
STEP: Final = 0.3         # ems of a step of the recogniser
SMALLEST: Final = 10      # pixels: the height of a sign that shows its shape
WEDGE: Final = (0.65, 1.6)     # width over height of ≤ and ≧
BAR: Final = 0.75         # of its width that a bar covers
LEGS: Final = 0.4         # of its height that the legs above the bars have
OPEN: Final = (0.4, 0.9)  # of its width from the tip: where the arms of > lie apart
STROKE: Final = 0.35      # of a column's fullest ink: a stroke
POINTED: Final = 0.3      # of its width between the ends of the legs and the tip

Shares = npt.NDArray[np.float32]


class Room(NamedTuple):
    """A character's ink, in ems: its width, and the paper before and behind it (None at the line's ends)."""

    before: float | None
    width: float
    behind: float | None


class Shape(NamedTuple):
    """The ink of a line, 0 to 1, where its columns are inked, from-to, and the size of its print in pixels."""

    ink: Shares
    runs: tuple[tuple[int, int], ...]
    em: float

    def run_at(self, place: float) -> int:
        """The number of the inked columns nearest to a place, given as a share of the width."""
        at = place * self.ink.shape[1]
        return min(range(len(self.runs)), key=lambda run: max(self.runs[run][0] - at, at - self.runs[run][1], 0.0))

    def room(self, place: float) -> Room:
        """What stands around the character at a place."""
        return self.room_of(self.run_at(place))

    def room_of(self, run: int) -> Room:
        """What stands around the inked columns of a number."""
        start, end = self.runs[run]
        before = (start - self.runs[run - 1][1]) / self.em if run else None
        behind = (self.runs[run + 1][0] - end) / self.em if run + 1 < len(self.runs) else None
        return Room(before, (end - start) / self.em, behind)

    def between(self, before: float | None, behind: float | None) -> Shares:
        """The ink between the characters at two places, cut to its rows; None is an end of the line."""
        start = 0 if before is None else self.runs[self.run_at(before)][1]
        end = self.ink.shape[1] if behind is None else self.runs[self.run_at(behind)][0]
        return cut(self.ink[:, start:end])


def shape_of(image: Grey, text: str) -> Shape | None:
    """The ink of a line that says ``text``; None where there is none to measure."""
    ink = 255.0 - image.astype(np.float32)
    ink -= np.percentile(ink, PAPER)
    ink = np.clip(ink / max(float(np.percentile(ink, FULL)), FAINT), 0, 1)
    mask = ink > INKED
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    high = any(character >= "\u2e80" or character in "()" for character in text)
    em = (rows[-1] - rows[0] + 1) / (TALL if high else DIGITS)
    columns = mask.sum(axis=0)
    steps = np.flatnonzero(np.diff((columns > 0).astype(np.int8), prepend=0, append=0)).tolist()
    runs = [run for run in zip(steps[::2], steps[1::2], strict=True) if columns[slice(*run)].sum() > SPECK * em * em]
    return Shape(ink, tuple(runs), float(em)) if runs else None


def cut(ink: Shares) -> Shares:
    """Ink without the paper around it."""
    mask = ink > INKED
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return ink[:0, :0]
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def looseness(shape: Shape, text: str, places: Sequence[float]) -> float:
    """By how many ems characters stand farther apart than print has them: text may be spaced to fill a cell.

    Places are known to a step of the recogniser only, so that short runs of figures tell little.
    """
    more: list[float] = []
    for kind, pitch in ((_is_figure, DIGIT_PITCH), (_is_han, HAN_PITCH)):
        for start, end in _stretches([kind(character) for character in text]):
            if (gaps := end - start - 1) > 0:
                apart = (places[end - 1] - places[start]) * shape.ink.shape[1] / shape.em / gaps - pitch
                more += [max(0.0, apart - STEP / gaps)] * gaps
    return float(np.clip(np.median(more), 0.0, 1.0)) if more else 0.0


def _is_figure(character: str) -> bool:
    return character.isascii() and character.isdigit()


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _stretches(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """From-to of each stretch of what is so."""
    edges = np.flatnonzero(np.diff(np.array([False, *flags, False], np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def bars_apart(sign: Shares, tip_right: bool) -> float:  # noqa: FBT001  a side, not a mode
    """How far two bars lie apart under the tip of ≧ or ≦, as the ink that lacks between them; 0 under ≥ and ⩾.

    Only the half at the tip is looked at: there the arms meet far above the bars, and the slanted bar of ⩾ is high.
    """
    if not sign.size:
        return 0.0
    half = sign.shape[1] // 2
    rows = (sign[:, half:] if tip_right else sign[:, : sign.shape[1] - half]).mean(axis=1)
    low = rows[int(0.62 * len(rows)) :]
    return max(
        (float(min(low[:at].max(), low[at + 1 :].max()) - low[at]) for at in range(1, len(low) - 1)), default=0.0
    )


def bars_alike(sign: Shares) -> float:
    """How long the shorter of two bars, one below the other, is against the other; 0 where there are no two."""
    mask = sign > INKED
    bars = _stretches([bool(row.any()) for row in mask])
    if len(bars) != 2:  # noqa: PLR2004  a pair
        return 0.0
    first, second = [float(np.count_nonzero(mask[low:high].any(axis=0))) for low, high in bars]
    return min(first, second) / max(first, second)


def bottom_heavy(sign: Shares) -> float:
    """How much more ink stands in the lower half, as a share: none in > and <, a bar in ≥ and ≤."""
    half = len(sign) // 2
    below, above = float(sign[len(sign) - half :].sum()), float(sign[:half].sum())
    return (below - above) / max(below + above, 1e-3)


def crossings(sign: Shares, tip_right: bool) -> float:  # noqa: FBT001  a side, not a mode
    """How many strokes of > or ≥ a line from top to bottom crosses, away from the tip, where the arms lie apart."""
    away = sign[:, ::-1] if tip_right else sign
    width = away.shape[1]
    part = away[:, int(OPEN[0] * width) : max(int(OPEN[0] * width) + 1, int(OPEN[1] * width))]
    if not part.size:
        return 0.0
    on = part > STROKE * np.maximum(part.max(axis=0), INKED)
    return float((np.diff(on.astype(np.int8), axis=0, prepend=0) == 1).sum() / part.shape[1])


def bowls(sign: Shares) -> float:
    """How much more ink a sign has below than above: ‰ has two bowls there and % one."""
    third = int(0.42 * len(sign))
    return float(sign[-third:].sum() / max(float(sign[:third].sum()), 1e-3)) if third else 1.0


def is_squared(sign: Shares, em: float) -> bool:
    """Whether ink is an m with a small raised figure behind it, in the room of one character."""
    height, width = sign.shape
    if not 0.6 * em <= height <= em or not 0.55 * em <= width <= 1.02 * em:
        return False
    top = sign[: max(1, round(0.22 * height))]
    middle = round(0.5 * width)
    left, right, low = float(top[:, :middle].mean()), float(top[:, middle:].mean()), float(sign[height // 2 :].mean())
    return left < 0.08 and right > 0.08 and low > 0.2  # noqa: PLR2004  shares of ink


def unread(shape: Shape, text: str, places: Sequence[float]) -> float:
    """How many ems of ink stand where no character was read: before, behind, and between empty parentheses."""
    if not places or not shape.runs:
        return 0.0
    wide = shape.ink.shape[1]
    first = places[0] * wide - _reach(text[0]) * shape.em
    last = places[-1] * wide + _reach(text[-1]) * shape.em
    lost = sum(end - start for start, end in shape.runs if not first < (start + end) / 2 < last)
    for at in range(len(text) - 1):
        if text[at] in "(（" and text[at + 1] in ")）":
            between = shape.runs[shape.run_at(places[at]) + 1 : shape.run_at(places[at + 1])]
            lost += sum(end - start for start, end in between)
    return lost / shape.em


def strays(shape: Shape, text: str, places: Sequence[float]) -> int:
    """How many small marks stand alone where no character was read, too far from each to be a part of it."""
    if not text or len(places) != len(text):
        return 0
    wide = shape.ink.shape[1]
    stand = np.array(places) * wide
    reach = np.array([_reach(character) for character in text]) * shape.em
    middles = np.array([(start + end) / 2 for start, end in shape.runs])
    far = (np.abs(middles[:, None] - stand[None, :]) > reach[None, :]).all(axis=1)
    return int(sum(
        shape.runs[run][1] - shape.runs[run][0] <= MARK * shape.em for run in np.flatnonzero(far).tolist()
    ))


def _reach(character: str) -> float:
    """How far from its place the parts of a character may stand, in ems."""
    return HALF if character.isascii() else WHOLE


def tip_of_wedge(sign: Shares) -> str:
    """Where the tip of a wedge over a bar or two points, as in ≤ and ≧: ``left`` or ``right``, else empty."""
    mask = sign > INKED
    height, width = mask.shape
    if height < SMALLEST or not WEDGE[0] <= width / height <= WEDGE[1]:
        return ""
    covered = mask.mean(axis=1)
    bars = np.flatnonzero(covered[height // 2 :] >= BAR)
    rows = np.flatnonzero(mask[: height // 2 + int(bars[0])].any(axis=1)) if len(bars) else bars
    if len(rows) < height * LEGS or rows[-1] - rows[0] + 1 > len(rows) or float(covered[rows].max()) >= BAR:
        return ""
    legs = mask[rows]
    places = (legs * np.arange(width)).sum(axis=1) / legs.sum(axis=1) / max(1, width - 1)
    part = max(1, len(places) // 5)
    parts = places[:part], places[2 * part : -2 * part], places[-part:]
    first, middle, last = [float(np.mean(some)) for some in parts]
    if min(first, last) - middle >= POINTED:
        return "left"
    return "right" if middle - max(first, last) >= POINTED else ""


def slant(part: Shares) -> float:
    """How far a thin stroke leans to the right, as width over height; 0 where the ink is no straight stroke."""
    rows = np.flatnonzero((part > INKED).any(axis=1))
    if len(rows) < 5:  # noqa: PLR2004  rows that show a direction
        return 0.0
    weights = np.where(part > INKED, part, 0)[rows]
    middle = (weights * np.arange(part.shape[1])).sum(axis=1) / weights.sum(axis=1)
    lean, start = np.polyfit(rows, middle, 1)
    off = float(np.abs(middle - (lean * rows + start)).max())
    thick = float(weights.sum(axis=1).max())
    return float(-lean) if off < 0.12 * len(rows) and thick < 0.3 * len(rows) else 0.0
