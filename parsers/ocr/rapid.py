"""The PP-OCR recogniser inside the rapidocr wheel, run line by line on one thread."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.errors import OcrUnavailable
from parsers.ocr.ctc import read
from parsers.ocr.engine import Frames, Grey, ReadLine
from parsers.ocr.fitting import PRINT, Fitted, fitted
from parsers.ocr.rarity import weighed, weights_of
from parsers.ocr.runtimes import Tensor, alphabet_of, runtime_of

KEPT: Final = 8           # characters of a step that are kept
LEAST: Final = 1e-4       # their odds
BATCH: Final = 8          # lines at once: what more compute does not stay in the processor's cache
STEP: Final = 8           # pixels of a step


class Rapid:
    """One model, loaded once; not for several threads."""

    def __init__(self) -> None:
        model = _model()
        self._alphabet = alphabet_of(model)
        self._weights = weights_of(self._alphabet)
        runtime = runtime_of(model)
        self._run, self._height = runtime.run, runtime.height
        digest = hashlib.sha256(model.read_bytes()).hexdigest()[:8]
        fit = f"{runtime.height}-{PRINT}"   # answers to lines fitted otherwise are others
        self.name = f"rapidocr-{version('rapidocr')}/{model.stem}@{digest}/{runtime.name}/{fit}"

    def call(self, images: Sequence[Grey]) -> list[Frames]:
        """The likeliest characters of each step, for each image."""
        lines = [fitted(image, self._height) for image in images]
        answers: dict[int, Frames] = {}
        for numbers, batch in _batches(lines):
            classes, likely = _likeliest(self._run(batch))
            for row, number in enumerate(numbers):
                line = lines[number]
                steps = line.image.shape[1] // STEP
                answers[number] = Frames(
                    classes[row, :steps], likely[row, :steps], line.left / STEP - 0.5, line.right / STEP - 0.5
                )
        return [answers[number] for number in range(len(images))]

    def translate(self, answers: Sequence[Frames]) -> list[ReadLine]:
        """What the answers say."""
        return [read(weighed(answer, self._weights), self._alphabet) for answer in answers]


def _likeliest(odds: Tensor) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """The likeliest classes of each step and their odds; sorting all of thousands would cost as much as the model."""
    lines, steps, count = odds.shape
    flat = np.flatnonzero(odds > LEAST)
    of_step, number = np.divmod(flat, count)
    chance = odds.reshape(-1)[flat]
    order = np.lexsort((number, -chance, of_step))
    of_step, number, chance = of_step[order], number[order], chance[order]
    rank = np.arange(len(of_step)) - np.searchsorted(of_step, of_step)
    kept = rank < KEPT
    classes = np.zeros((lines * steps, KEPT), np.int32)
    likely = np.zeros((lines * steps, KEPT), np.float32)
    classes[of_step[kept], rank[kept]] = number[kept]
    likely[of_step[kept], rank[kept]] = chance[kept]
    return classes.reshape(lines, steps, KEPT), likely.reshape(lines, steps, KEPT)


def _batches(lines: Sequence[Fitted]) -> Iterator[tuple[list[int], Tensor]]:
    """Lines of one width, as the model takes them, with their numbers: no line is padded for another's sake."""
    by_width: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        by_width[line.image.shape[1]].append(number)
    for width, own in sorted(by_width.items()):
        for start in range(0, len(own), BATCH):
            numbers = own[start : start + BATCH]
            batch = np.empty((len(numbers), 3, lines[own[0]].image.shape[0], width), np.float32)
            for row, number in enumerate(numbers):
                batch[row] = lines[number].image.astype(np.float32) / 127.5 - 1.0
            yield numbers, batch


def _model() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise OcrUnavailable
    found = sorted((Path(spec.origin).parent / "models").glob("*rec*.onnx"))
    if not found:
        raise OcrUnavailable
    return found[-1]
