"""Images of single text lines → what they say, how surely, and what else they may say."""

from collections.abc import Sequence

from parsers.ocr.engine import Engine, LineImage, ReadLine
from parsers.ocr.engines import engine_of

__all__ = ["Engine", "LineImage", "ReadLine", "engine_of", "read_lines"]


def read_lines(images: Sequence[LineImage], engine: Engine | None = None) -> list[ReadLine]:
    """What each line says, in order.

    Raises:
        OcrUnavailable: No engine is installed.
    """
    engine = engine or engine_of()
    return engine.translate(engine.call([image.clean for image in images]))
