"""Other views of a line in doubt: each is read, and what they say is averaged."""

from collections.abc import Sequence
from typing import Final

from parsers.grid import Seen
from parsers.ocr.aligning import moved
from parsers.ocr.engine import Engine, LineImage, ReadLine
from parsers.ocr.widths import narrowed

DOUBT: Final = 0.97       # a line less sure is looked at again
READINGS: Final = 12
LEAST: Final = 5e-4       # probability of a reading that is kept
SURE: Final = 0.999       # what a reading without others is taken for at most

def looked_again(images: Sequence[LineImage], said: Sequence[ReadLine], engine: Engine) -> list[ReadLine]:
    """The readings of lines, with those in doubt read in other views."""
    lines = list(said)
    doubtful = [number for number, line in enumerate(said) if _sureness(line) < DOUBT]
    if not doubtful:
        return lines
    from parsers.ocr.views import UNDER_SEALS, VIEWS  # noqa: PLC0415  OpenCV is an extra

    views = [
        (number, view(images[number]))
        for number in doubtful
        for view in (UNDER_SEALS if images[number].sealed else VIEWS)
    ]
    looks: dict[int, list[ReadLine]] = {number: [said[number]] for number in doubtful}
    answers = engine.translate(engine.call([image for _, image in views]))
    for (number, _), line in zip(views, answers, strict=True):
        looks[number].append(line)
    for number, own in looks.items():
        lines[number] = averaged(own)
    return lines


def _sureness(line: ReadLine) -> float:
    """How sure a line is but for signs that its ink tells apart."""
    if not line.seen:
        return line.confidence
    best = narrowed(line.text)
    return sum(way.probability for way in line.seen if narrowed(way.text) == best)


def averaged(looks: Sequence[ReadLine]) -> ReadLine:
    """One reading of several of the same line: the mean of what each holds a text for."""
    found: dict[str, float] = {}
    for look in looks:
        for text, odds in look.seen or (Seen(look.text, min(look.confidence, SURE)),):
            found[text] = found.get(text, 0.0) + odds / len(looks)
    best = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:READINGS]
    text, odds = best[0]
    seen = tuple([Seen(*one) for one in best if one[1] >= LEAST])
    known = sorted([look for look in looks if look.places], key=lambda look: look.text != text)
    places = moved(known[0].places, known[0].text, text) if known else ()
    return ReadLine(text, odds, seen if len(seen) > 1 else (), places)
