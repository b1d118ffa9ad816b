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
from parsers.ocr.numerals import amended

SURE: Final = 0.995       # every step so sure: nothing else was seen
LIKELY: Final = 2e-3      # of a step: less likely characters are not followed
BEAM: Final = 24          # texts that are followed at once
READINGS: Final = 12      # that are kept
LEAST: Final = 1e-4       # probability of a reading that is kept
UNSEEN: Final = -14.0     # log odds of a character that a step did not see
UNREAD: Final = "\ufffd"
"""What stands for a line that has ink and says nothing."""


def read(answer: Frames, alphabet: Sequence[str]) -> ReadLine:
    """The best reading of a line, and the others where it is in doubt."""
    best, odds = answer.classes[:, 0], answer.odds[:, 0]
    if odds.min(initial=1.0) >= SURE:
        text = _spelled(best, alphabet)
        if not text.strip():
            return ReadLine(UNREAD, 0.0)
        return ReadLine(text.strip(), float(np.prod(odds)), (), _placed(text, _first_steps(answer, best), answer))
    ways = beams(answer)
    found = amended(answer, alphabet, _summed(ways, alphabet))
    seen = [Seen(text, min(1.0, odds)) for text, odds in found if text]
    if not seen or found[0][0] == "":
        return ReadLine(UNREAD, 0.0, tuple(seen[:READINGS]))
    likely = tuple([one for one in seen[:READINGS] if one.probability >= LEAST]) or tuple(seen[:1])
    text = seen[0].text
    stand = (_places(classes, answer, alphabet, text) for classes, _ in ways)
    places = next((own for own in stand if own), ())
    return ReadLine(text, seen[0].probability, likely if len(likely) > 1 else (), places)


def _places(classes: Sequence[int], answer: Frames, alphabet: Sequence[str], text: str) -> tuple[float, ...]:
    """Where the characters of ``text`` stand, as those of a spelling of the same length do; else nothing."""
    for spelled in (classes, [number for number in classes if alphabet[number] != " "]):
        said = "".join([alphabet[number] for number in spelled])
        if len(said.strip()) == len(text) and len(said) == len(spelled):
            return _placed(said, _steps(answer, spelled), answer)
    return ()


def _placed(spelled: str, steps: Sequence[int], answer: Frames) -> tuple[float, ...]:
    """Where the characters stand, outer blanks left out, as shares of the line's width."""
    room = answer.end - answer.start
    if room <= 0:
        return ()
    low = len(spelled) - len(spelled.lstrip())
    high = len(spelled.rstrip())
    return tuple([(step - answer.start) / room for step in steps[low:high]])


def _first_steps(answer: Frames, best: npt.NDArray[np.int32]) -> list[int]:
    """For each character of the likeliest path, the step that is surest of it."""
    starts = np.flatnonzero((np.diff(best, prepend=0) != 0) & (best != 0))
    steps = []
    for start in starts.tolist():
        end = start + 1
        while end < len(best) and best[end] == best[start]:
            end += 1
        steps.append(start + int(answer.odds[start:end, 0].argmax()))
    return steps


def _steps(answer: Frames, classes: Sequence[int]) -> list[int]:
    """The same for any text: its likeliest path (Viterbi over its characters with blanks between)."""
    states = np.zeros(2 * len(classes) + 1, np.int32)
    states[1::2] = classes
    odds = np.full((len(answer.classes), len(states)), UNSEEN)
    for rank in range(answer.classes.shape[1]):
        same = answer.classes[:, rank : rank + 1] == states
        odds = np.where(same, np.maximum(odds, np.log(np.maximum(answer.odds[:, rank : rank + 1], 1e-9))), odds)
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    score = np.full(len(states), -np.inf)
    score[:2] = odds[0, :2]
    came = np.zeros(odds.shape, np.int64)
    for step in range(1, len(odds)):
        ways = np.full((3, len(states)), -np.inf)
        ways[0], ways[1, 1:], ways[2, 2:] = score, score[:-1], score[:-2]
        ways[2, ~skips] = -np.inf
        came[step] = ways.argmax(axis=0)
        score = ways.max(axis=0) + odds[step]
    state = len(states) - 1 if len(states) == 1 or score[-1] >= score[-2] else len(states) - 2
    path = [state]
    for step in range(len(odds) - 1, 0, -1):
        state -= int(came[step, state])
        path.append(state)
    return _surest(np.array(path[::-1]), odds, len(classes))


def _surest(path: npt.NDArray[np.int64], odds: npt.NDArray[np.float64], count: int) -> list[int]:
    steps: list[int] = []
    for number in range(count):
        held = np.flatnonzero(path == 2 * number + 1)
        steps.append(int(held[odds[held, 2 * number + 1].argmax()]) if len(held) else (steps[-1] if steps else 0))
    return steps


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
