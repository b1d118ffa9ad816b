"""What speaks against a font: what it claims to draw, and how that looks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.glyph_shapes import Floats, known, likeness
from parsers.plausible import reads_chinese

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNMAPPED, SENSELESS, PRIVATE, N_KINDS = 1, 2, 3, 4   # 0: nothing is wrong with it

NO_MAP: Final = 0.9           # of the print without a value: PDFium puts spaces of its own in between
MIN_SENSELESS: Final = 3      # printed characters without meaning, and
SENSELESS_SHARE: Final = 0.1  # their part of the font's print, from which its map is broken
MIN_PRIVATE: Final = 4        # different private-use characters: a font of bullets has fewer
PRIVATE_SHARE: Final = 0.3
MIN_LANGUAGE: Final = 40      # Han characters that must read like none
LANGUAGE_SAMPLE: Final = 400

SAMPLE: Final = 6             # Han characters, and letters, whose shapes are looked at
LARGE_SAMPLE: Final = 24      # where that leaves doubt, and where many small fonts share one account
MIN_HAN: Final = 4            # of them before they count
MIN_LETTERS: Final = 5
FAR: Final = 0.2              # mean part of all characters that look more like the glyph than its claim.
                              # Honest typefaces kept out of the known shapes: 0.02; permuted ones: 0.5
NEAR: Final = 0.04            # the same: up to here they look right
MANY_HAN: Final = 12          # of them, of which
NEAREST_SHARE: Final = 0.25   # at least look most like the claimed one. Honest: 0.6 to 1.0
MIN_STRANGERS: Final = 6      # Han characters of no known shape, of which half
FAMILIAR: Final = 0.8         # are as like a known one as its own glyph is. Honest rare ones: 1 in 20
MIN_DIGITS_WRONG: Final = 2   # a permutation moves two at least; of honest fonts only 1 looks like 7
DIGIT_MARGIN: Final = 0.15    # by which another digit must look likelier. Honest: 0.04, but for that 1

_DIGITS: Final = "0123456789"   # the first of the known shapes; then letters, then Han characters
_FIRST_HAN: Final = 62
_SYMBOLIC: Final = re.compile(
    r"dingbat|symbol|wingding|webding|marlett|mt ?extra|awesome|icon", re.IGNORECASE
)
# PDFium puts 0x02 for hyphens at line ends, tabs and line ends for white space.
_SENSELESS: Final = np.array([*({*range(0x20), *range(0x7F, 0xA0), 0xFFFD} - {0x02, 0x09, 0x0A, 0x0D})])
_PRIVATE_USE: Final = (0xE000, 0xF8FF)
_HAN: Final = (0x3400, 0x9FFF)


@dataclass(slots=True)
class Claims:
    """What a font's print says it is, counted over the pages that were seen.

    Attributes:
        name: The font's base name.
        printed: Characters printed.
        unmapped: Of these, without a Unicode value.
        senseless: Control characters, U+FFFD.
        private: Of private use; the different ones are in ``privates``.
        han: Han characters in running order, a sample.
    """

    name: str = ""
    printed: int = 0
    unmapped: int = 0
    senseless: int = 0
    private: int = 0
    privates: set[int] = field(default_factory=set)
    han: str = ""

    def add(self, tally: Sequence[int], privates: Iterable[int]) -> None:
        """Counts a page: characters by kind (`kinds_of`), and the different ones of private use."""
        self.printed += sum(tally)
        self.unmapped += tally[UNMAPPED]
        self.senseless += tally[SENSELESS]
        self.private += tally[PRIVATE]
        self.privates.update(privates)

    def add_text(self, codes: Ints) -> None:
        """Keeps Han characters of running text, until there are enough."""
        if len(self.han) < LANGUAGE_SAMPLE:
            han = codes[_within(codes, _HAN)][:LANGUAGE_SAMPLE]
            self.han += "".join(map(chr, han.tolist()))

    def reason(self) -> str:
        """Why the claims cannot be true, in words; empty where they may be."""
        if is_symbolic(self.name) or not self.printed:
            return ""
        if self.unmapped >= NO_MAP * self.printed:
            return "it has no map to Unicode"
        broken = self.unmapped + self.senseless
        if broken >= MIN_SENSELESS and broken >= SENSELESS_SHARE * self.printed:
            return (
                f"{self.unmapped} of its {self.printed} printed characters have no Unicode value and"
                f" {self.senseless} are control characters or U+FFFD"
            )
        return self.private_reason()

    def private_reason(self) -> str:
        """The same by characters of private use alone."""
        many = len(self.privates) >= MIN_PRIVATE and self.private >= PRIVATE_SHARE * self.printed
        if is_symbolic(self.name) or not many:
            return ""
        return f"{self.private} of its {self.printed} printed characters are of private use"

    def language_reason(self) -> str:
        """Why the text cannot be what is printed, where no shape could be looked at."""
        if len(self.han) >= MIN_LANGUAGE and not reads_chinese(self.han):
            return f"its Han characters make no text ({self.han[:8]}…)"
        return ""


@dataclass(slots=True)
class Shapes:
    """How the glyphs of a font look beside the characters that they claim to be.

    Attributes:
        asked: Characters that were looked at, or could not be.
        han: For each Han character the part of others that its glyph looks more like.
        letters: The same for Latin letters.
        strangers: For each Han character of no known shape how like the nearest known one its glyph is.
        wrong_digits: Digits whose glyph looks like another digit, which.
    """

    asked: set[str] = field(default_factory=set)
    han: list[float] = field(default_factory=list)
    letters: list[float] = field(default_factory=list)
    wrong_digits: dict[str, str] = field(default_factory=dict)
    strangers: list[float] = field(default_factory=list)

    def wanted(self, chars: Sequence[str], sample: int = SAMPLE) -> list[str]:
        """Those of a page's characters that are worth looking at: all digits, a sample of others."""
        shapes = known().row_of
        fresh = [char for char in chars if char not in self.asked]
        digits = [char for char in fresh if char in _DIGITS]
        letters = [char for char in fresh if char.isascii() and char in shapes and char not in _DIGITS]
        han = [char for char in fresh if char in shapes and not char.isascii()]
        wanted = digits + _spread(letters, sample - len(self.letters)) + _spread(han, sample - len(self.han))
        if len(self.han) + len(han) < MIN_HAN:   # all that it prints is rare
            rare = [char for char in fresh if "\u3400" <= char <= "\u9fff" and char not in shapes]
            wanted += _spread(rare, sample - len(self.strangers)) if len(rare) > len(han) else []
        return wanted

    def add(self, asked: Iterable[str], chars: Sequence[str], features: Floats) -> None:
        """Takes what was looked at: of the ``asked`` those ``chars`` that have glyphs, with features."""
        self.asked.update(asked)
        if not chars:
            return
        index = known().row_of
        for char, row in zip(chars, likeness(features), strict=True):
            if char in _DIGITS:
                likely = int(np.argmax(row[: len(_DIGITS)]))
                if row[likely] - row[int(char)] > DIGIT_MARGIN:
                    self.wrong_digits[char] = _DIGITS[likely]
            elif char.isascii():
                own = max(row[index[char.lower()]], row[index[char.upper()]])   # small capitals are honest
                self.letters.append(_part_nearer(row[len(_DIGITS) : _FIRST_HAN], own))
            elif char in index:
                self.han.append(_part_nearer(row[_FIRST_HAN:], row[index[char]]))
            else:
                self.strangers.append(float(row[_FIRST_HAN:].max()))

    @property
    def agree(self) -> bool:
        """Whether Han characters were looked at and look right."""
        return len(self.han) >= MIN_HAN and sum(self.han) <= NEAR * len(self.han)

    @property
    def is_doubtful(self) -> bool:
        """Whether a larger sample is wanted."""
        return sum(self.han) > NEAR * len(self.han)

    def reason(self) -> str:
        """Why the font draws other characters than it says, in words; empty where it may not."""
        seen, far = len(self.han), sum(self.han)
        none_nearest = seen >= MANY_HAN and self.han.count(0.0) < NEAREST_SHARE * seen
        if seen >= MIN_HAN and (far > FAR * seen or (far > NEAR * seen and none_nearest)):
            return "its Han glyphs are drawn otherwise than the characters that it says they are"
        if len(self.strangers) >= MIN_STRANGERS and median(self.strangers) > FAMILIAR:
            return "it says that its Han characters are rare ones and draws common ones"
        if len(self.letters) >= MIN_LETTERS and sum(self.letters) > FAR * len(self.letters):
            return "its letters are drawn otherwise than it says"
        if len(self.wrong_digits) >= MIN_DIGITS_WRONG:
            pairs = sorted(self.wrong_digits.items())
            wrong = ", ".join(f"{digit} looks like {other}" for digit, other in pairs)
            return f"its digits are drawn otherwise than it says ({wrong})"
        return ""


def kinds_of(codes: Ints, unmapped: Flags) -> Ints:
    """Which of `N_KINDS` each character is."""
    kinds = np.zeros(len(codes), np.int64)
    kinds[np.isin(codes, _SENSELESS)] = SENSELESS
    kinds[_within(codes, _PRIVATE_USE)] = PRIVATE
    kinds[unmapped] = UNMAPPED
    return kinds


def is_symbolic(name: str) -> bool:
    """Whether the font is one of check boxes and bullets, which claim to be letters by custom."""
    return _SYMBOLIC.search(name) is not None


def _within(codes: Ints, span: tuple[int, int]) -> Flags:
    return (codes >= span[0]) & (codes <= span[1])


def _part_nearer(others: Floats, own: float) -> float:
    return float(np.mean(others > own))


def _spread(chars: list[str], most: int) -> list[str]:
    """At most so many characters, from all over the list."""
    return chars[:: -(-len(chars) // most)] if most > 0 and chars else []
