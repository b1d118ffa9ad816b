"""Which engine reads: the one that is installed."""

from functools import lru_cache
from importlib.util import find_spec

from parsers.errors import OcrUnavailable
from parsers.ocr.engine import Engine


def is_installed() -> bool:
    """Whether pictures can be read at all."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


@lru_cache(maxsize=1)
def engine_of() -> Engine:
    """The engine of this process, loaded once.

    Raises:
        OcrUnavailable: None is installed.
    """
    if not is_installed():
        raise OcrUnavailable
    from parsers.ocr.rapid import Rapid  # noqa: PLC0415  an extra, and slow to load

    return Rapid()
