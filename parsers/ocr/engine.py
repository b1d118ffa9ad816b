"""What an engine is: two steps, so that answers can be kept and replayed."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from parsers.grid import Seen
from parsers.sign import Sign

Grey = npt.NDArray[np.uint8]


class LineImage(NamedTuple):
    """A text line cut out of a page.

    Attributes:
        clean: Shape (height, width), 255 paper, 0 full ink: light evened, rulings and seals taken away.
        raw: The same place as photographed; on pages without seals the clean one.
        sealed: Whether a seal lies over it.
    """

    clean: Grey
    raw: Grey
    sealed: bool = False


class ReadLine(NamedTuple):
    """What a line says: ``confidence`` that all of it is right, and other readings as in `parsers.grid`.

    ``places`` tells where the characters of ``text`` stand, as shares of the line's width; empty
    where that is not known. ``signs`` are those whose width may be told by other lines, in pixels.
    """

    text: str
    confidence: float
    seen: tuple[Seen, ...] = ()
    places: tuple[float, ...] = ()
    signs: tuple[Sign, ...] = ()


class Frames(NamedTuple):
    """A recogniser's answer to one line: the likeliest characters of each step, most likely first.

    Attributes:
        classes: Shape (steps, kept), numbers of the recogniser's alphabet; 0 is the blank.
        odds: Their probabilities, the same shape.
        start: The step at which the line begins, as a fraction: paper was put before it.
        end: That at which it ends; 0 where neither is known.
    """

    classes: npt.NDArray[np.int32]
    odds: npt.NDArray[np.float32]
    start: float = 0.0
    end: float = 0.0


class Engine(Protocol):
    """A recogniser of text lines; its raw answers are `Frames`, or the text of a program's own table."""

    @property
    def name(self) -> str:
        """Name, version and model: what ``cells.method`` says after ``ocr:``."""

    def call(self, images: Sequence[Grey]) -> list[Any]:
        """The raw answers, one for each image."""

    def translate(self, answers: Sequence[Any]) -> list[ReadLine]:
        """What the answers say."""
