"""Signs that may be half-width or full-width, and what a line of print tells of each."""

from typing import NamedTuple


class Ink(NamedTuple):
    """Where the ink of a sign stands, in points; of a parenthesis the inner side is that of what it holds.

    Attributes:
        high: Its height.
        wide: Its width.
        gap: The paper between it and its neighbour on the inner side.
        beside: That neighbour.
        foot: How far its foot stands below that of its line's figures, or without such of its Han characters.
        body: What that is: ``0`` for figures, ``文`` for Han characters, empty where the line has neither.
        tall: The height of these.
        grain: The size of a pixel: nothing is known better.
    """

    high: float
    wide: float
    gap: float
    beside: str
    foot: float
    body: str
    tall: float
    grain: float


class Sign(NamedTuple):
    """One such sign.

    Attributes:
        at: Its place in the text.
        ways: Its half-width and its full-width form, or ≥ and ≧.
        odds: The log odds of full width, or of two bars, from its ink and the paper around it; 0: not told.
        habit: The same from what the recogniser says and what stands beside it.
        ink: None where it touches its neighbour.
    """

    at: int
    ways: tuple[str, str]
    odds: float
    habit: float
    ink: Ink | None = None

    def scaled(self, by: float) -> "Sign":
        """The same with its lengths, and its pixel, so many times as large."""
        ink = self.ink
        if ink is None:
            return self
        return self._replace(ink=Ink(ink.high * by, ink.wide * by, ink.gap * by, ink.beside, ink.foot * by, ink.body,
                                     ink.tall * by, ink.grain * by))
