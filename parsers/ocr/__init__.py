"""Images of single text lines → what they say, how surely, and what else they may say."""

from collections.abc import Sequence

from parsers.ocr.calibration import calibrated
from parsers.ocr.engine import Engine, LineImage, ReadLine
from parsers.ocr.engines import engine_of
from parsers.ocr.looks import looked_again
from parsers.ocr.settling import settled
from parsers.ocr.witness import witnessed

__all__ = ["Engine", "LineImage", "ReadLine", "engine_of", "read_lines", "witnessed"]


def read_lines(images: Sequence[LineImage], engine: Engine | None = None) -> list[ReadLine]:
    """What each line says, in order.

    Raises:
        OcrUnavailable: No engine is installed.
    """
    engine = engine or engine_of()
    first = engine.translate(engine.call([image.clean for image in images]))
    said = looked_again(images, first, engine)
    return [
        calibrated(settled(image.clean, line), engine.name) for image, line in zip(images, said, strict=True)
    ]
