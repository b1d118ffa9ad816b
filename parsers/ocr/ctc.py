"""Steps of a recogniser → readings: the sum over all ways in which the steps spell a text.

Graves et al. 2006, Connectionist Temporal Classification: a text is spelled by every sequence of
steps that gives it once repeats are merged and blanks (class 0) left out.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.grid import Seen
from parsers.ocr.engine import Frames, ReadLine

SURE: Final = 0.995       # every step so sure: nothing else was seen
LIKELY: Final = 2e-3      # of a step: less likely characters are not followed
BEAM: Final = 24          # texts that are followed at once
READINGS: Final = 12      # that are kept
LEAST: Final = 1e-4       # probability of a reading that is kept
UNREAD: Final = "\ufffd"
"""What stands for a line that has ink and says nothing."""


def read(answer: Frames, alphabet: Sequence[str]) -> ReadLine:
    """The best reading of a line, and the others where it is in doubt."""
    best, odds = answer.classes[:, 0], answer.odds[:, 0]
    if odds.min(initial=1.0) >= SURE:
        text = _spelled(best, alphabet).strip()
        return ReadLine(text, float(np.prod(odds))) if text else ReadLine(UNREAD, 0.0)
    found = _summed(beams(answer), alphabet)
    seen = [Seen(text, min(1.0, odds)) for text, odds in found if text]
    if not seen or found[0][0] == "":
        return ReadLine(UNREAD, 0.0, tuple(seen[:READINGS]))
    likely = tuple([one for one in seen[:READINGS] if one.probability >= LEAST]) or tuple(seen[:1])
    return ReadLine(seen[0].text, seen[0].probability, likely if len(likely) > 1 else ())


def _spelled(classes: npt.NDArray[np.int32], alphabet: Sequence[str]) -> str:
    kept = np.flatnonzero(np.diff(classes, prepend=-1))
    return "".join([alphabet[int(classes[step])] for step in kept])


def _summed(found: Sequence[tuple[tuple[int, ...], float]], alphabet: Sequence[str]) -> list[tuple[str, float]]:
    """Readings that differ in outer blanks only, as one; the likeliest first."""
    texts: dict[str, float] = defaultdict(float)
    for classes, odds in found:
        texts["".join([alphabet[number] for number in classes]).strip()] += odds
    return sorted(texts.items(), key=lambda item: (-item[1], item[0]))


def beams(answer: Frames) -> list[tuple[tuple[int, ...], float]]:
    """The likeliest texts, as class numbers, with their probabilities (sums over their spellings)."""
    ends: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}   # ending in a blank, in its last character
    for classes, odds in zip(answer.classes.tolist(), answer.odds.tolist(), strict=True):
        after: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
        likely = [(number, chance) for number, chance in zip(classes, odds, strict=True) if chance >= LIKELY]
        for text, (blank, character) in ends.items():
            both = blank + character
            for number, chance in likely or [(classes[0], odds[0])]:
                if number == 0:
                    after[text][0] += both * chance
                elif text and text[-1] == number:
                    after[text][1] += character * chance
                    after[*text, number][1] += blank * chance
                else:
                    after[*text, number][1] += both * chance
        best = sorted(after.items(), key=lambda item: (-sum(item[1]), item[0]))[:BEAM]
        ends = {text: (blank, character) for text, (blank, character) in best}
    found = [(text, blank + last) for text, (blank, last) in ends.items() if blank + last > 0]
    return sorted(found, key=lambda one: (-one[1], one[0]))
