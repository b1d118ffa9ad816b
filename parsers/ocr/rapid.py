"""The PP-OCR recogniser inside the rapidocr wheel, run line by line on one thread."""

import hashlib
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import onnxruntime

from parsers.errors import OcrUnavailable
from parsers.ocr.ctc import read
from parsers.ocr.engine import Frames, Grey, ReadLine

HEIGHT: Final = 48        # pixels that the model takes
KEPT: Final = 8           # characters of a step that are kept
BATCH: Final = 12         # lines at once
GRAIN: Final = 32         # widths are rounded up to it
NARROWEST: Final = 64     # pixels: the model misreads narrower images
WIDEST: Final = 3200
PAD: Final = 0.12         # of the height, blank on all sides


class Rapid:
    """One model, loaded once; not for several threads."""

    def __init__(self) -> None:
        path = _model()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False   # keeps what the widest batch took
        self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet = ("", *characters, " ")
        self._input = self._session.get_inputs()[0].name
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]
        self.name = f"rapidocr-{version('rapidocr')}/{Path(path).stem}@{digest}/onnxruntime"

    def call(self, images: Sequence[Grey]) -> list[Frames]:
        """The likeliest characters of each step, for each image."""
        answers: list[Frames | None] = [None] * len(images)
        for numbers, batch in self._batches(images):
            odds = self._session.run(None, {self._input: batch})[0]
            top = np.argpartition(odds, -KEPT, axis=2)[:, :, -KEPT:]
            likely = np.take_along_axis(odds, top, axis=2)
            order = np.argsort(-likely, axis=2, kind="stable")
            classes = np.take_along_axis(top, order, axis=2).astype(np.int32)
            likely = np.take_along_axis(likely, order, axis=2).astype(np.float32)
            for row, number in enumerate(numbers):
                answers[number] = Frames(classes[row], likely[row])
        return [answer for answer in answers if answer is not None]

    def translate(self, answers: Sequence[Frames]) -> list[ReadLine]:
        """What the answers say."""
        return [read(answer, self._alphabet) for answer in answers]

    def _batches(self, images: Sequence[Grey]) -> Iterator[tuple[list[int], Any]]:
        """Images of like width, as the model takes them, with their numbers."""
        fitted = [_fitted(image) for image in images]
        order = sorted(range(len(fitted)), key=lambda number: fitted[number].shape[1])
        start = 0
        while start < len(order):
            width = -(-fitted[order[start]].shape[1] // GRAIN) * GRAIN
            numbers = [order[start]]
            for number in order[start + 1 : start + BATCH]:
                if fitted[number].shape[1] > width + GRAIN:
                    break
                numbers.append(number)
            start += len(numbers)
            width = max(-(-fitted[number].shape[1] // GRAIN) * GRAIN for number in numbers)
            batch = np.ones((len(numbers), 3, HEIGHT, width), np.float32)
            for row, number in enumerate(numbers):
                image = fitted[number].astype(np.float32) / 127.5 - 1.0
                batch[row, :, :, : image.shape[1]] = image
            yield numbers, batch


def _model() -> str:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise OcrUnavailable
    found = sorted((Path(spec.origin).parent / "models").glob("*rec*.onnx"))
    if not found:
        raise OcrUnavailable
    return str(found[-1])


def _fitted(image: Grey) -> Grey:
    """A line at the model's height, with paper around it."""
    pad = max(2, round(PAD * image.shape[0]))
    image = cv2.copyMakeBorder(image, pad, pad, 2 * pad, 2 * pad, cv2.BORDER_CONSTANT, value=255)
    scale = HEIGHT / image.shape[0]
    width = int(np.clip(round(image.shape[1] * scale), 1, WIDEST))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = cv2.resize(image, (width, HEIGHT), interpolation=how)
    if width < NARROWEST:
        more = NARROWEST - width
        image = cv2.copyMakeBorder(image, 0, 0, more // 2, more - more // 2, cv2.BORDER_CONSTANT, value=255)
    return image
