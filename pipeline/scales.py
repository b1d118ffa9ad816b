"""What an outcome earns and a grade asks for, by the family's own rules (R9, R10)."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

Band = tuple[int | None, int | None]
"""From and to; of a grade the upper limit is the next grade's, None where there is none."""

_USUAL = "usual"


class Scale(NamedTuple):
    """The grades of one scale: the words of each, best first, and their bands of totals."""

    words: tuple[tuple[str, ...], ...]
    bands: tuple[Band, ...]

    def band(self, word: str) -> Band | None:
        """The totals for which the word is given; None where the scale lacks it."""
        for words, band in zip(self.words, self.bands, strict=True):
            if word in words:
                return band
        return None

    def word(self, total: Decimal) -> str:
        """The grade of a total."""
        found = (
            words[0]
            for words, (low, _) in zip(self.words, self.bands, strict=True)
            if low is None or total >= low
        )
        return next(found)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("pipeline.templates").joinpath("scales.toml").read_text("utf-8"))


def _of(family: str | None, part: str) -> dict[str, Any]:
    data = _data()
    found: dict[str, Any] = data.get(family or _USUAL, {}).get(part, data[_USUAL][part])
    return found


@lru_cache(maxsize=16)
def outcome_bands(family: str | None) -> dict[str, tuple[int, int]]:
    """Percent of the weight that each outcome earns; limits belong to both neighbours (R9).

    >>> outcome_bands("A")["partly"], outcome_bands("D")["partly"], outcome_bands(None)["reached"]
    ((60, 80), (50, 80), (80, 100))
    """
    return {outcome: (low, high) for outcome, (low, high) in _of(family, "bands").items()}


@lru_cache(maxsize=16)
def grade_scales(family: str | None) -> tuple[Scale, ...]:
    """The scales of grades that forms of the family print; none where it has no grades (R10).

    >>> [scale.band("合格") for scale in grade_scales("A")]
    [None, (60, None), (60, 80)]
    >>> grade_scales("A")[0].word(Decimal("89.99")), grade_scales("E")
    ('良', ())
    """
    return tuple([_scale(steps) for steps in _of(family, "grades").values()])


def _scale(steps: dict[str, int]) -> Scale:
    least = list(steps.values())
    lows = [*least[:-1], None]
    highs = [None, *least[:-1]]
    return Scale(tuple([tuple(words.split()) for words in steps]), tuple(zip(lows, highs, strict=True)))
