"""A second engine's word where the first is in doubt about figures.

Of 59 lines at 150 dpi whose figures were in doubt, 47 were read right, and 52 with Tesseract's word.
Where both agreed on the figures of a line, 22 of 23 were right, and 209 of 209 at 200 dpi. Alone it
is wrong too often to be believed: in 48 of 260 lines. It costs 17 ms a line and the start of the program.
"""

from collections.abc import Sequence
from typing import Final

from parsers.grid import Seen
from parsers.ocr.engine import Engine, LineImage, ReadLine
from parsers.ocr.numerals import folded, is_numeric

DOUBT: Final = 0.97       # figures less sure are asked about
WORTH: Final = 4.0        # how much likelier a reading becomes that the witness shares


def witnessed(images: Sequence[LineImage], said: Sequence[ReadLine], witness: Engine) -> list[ReadLine]:
    """The readings of lines, those in doubt about their figures weighed by what ``witness`` reads.

    It chooses among what was seen and adds nothing.
    """
    lines = list(said)
    asked = [number for number, line in enumerate(lines) if _is_doubtful(line)]
    if not asked:
        return lines
    heard = witness.translate(witness.call([images[number].clean for number in asked]))
    for number, other in zip(asked, heard, strict=True):
        lines[number] = _weighed(lines[number], figures(other.text))
    return lines


def figures(text: str) -> str:
    """The digits, points and commas of a text, look-alikes as digits."""
    return "".join([sign for sign in map(folded, text) if sign in "0123456789.,"])


def _is_doubtful(line: ReadLine) -> bool:
    if not line.seen or not is_numeric(line.text):
        return False
    best = figures(line.text)
    whole = sum(way.probability for way in line.seen)
    return sum(way.probability for way in line.seen if figures(way.text) == best) < DOUBT * whole


def _weighed(line: ReadLine, heard: str) -> ReadLine:
    odds = [way.probability * (WORTH if figures(way.text) == heard else 1.0) for way in line.seen]
    share = sum(way.probability for way in line.seen) / sum(odds)
    ways = [Seen(way.text, chance * share) for way, chance in zip(line.seen, odds, strict=True)]
    ways.sort(key=lambda way: (-way.probability, way.text))
    places = line.places if len(ways[0].text) == len(line.text) else ()
    return ReadLine(ways[0].text, ways[0].probability, tuple(ways), places)
