"""Which engine reads: the best that is installed."""

import os
import shutil
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from parsers.errors import OcrUnavailable
from parsers.ocr.answers import Kept
from parsers.ocr.engine import Engine

CACHE: Final = "JIXIAO_CACHE"
"""The variable that names the folder in which answers are kept; without it none are."""


def _has_rapid() -> bool:
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def _has_tesseract() -> bool:
    return all(find_spec(name) for name in ("pytesseract", "cv2")) and shutil.which("tesseract") is not None


def is_installed() -> bool:
    """Whether pictures can be read at all."""
    return _has_rapid() or _has_tesseract()


@lru_cache(maxsize=1)
def engine_of() -> Engine:
    """The engine of this process, loaded once.

    Raises:
        OcrUnavailable: None is installed.
    """
    engine = _loaded()
    folder = os.environ.get(CACHE)
    return Kept(engine, Path(folder, "ocr")) if folder else engine


def times_used() -> int:
    """How often this process asked for its engine, which each page read as a picture does some times; 0 before."""
    asked = engine_of.cache_info()
    return asked.hits + asked.misses if asked.currsize else 0


def _loaded() -> Engine:
    if _has_rapid():
        from parsers.ocr.rapid import Rapid  # noqa: PLC0415  an extra, and slow to load

        return Rapid()
    if _has_tesseract():
        from parsers.ocr.tesseract import Tesseract  # noqa: PLC0415  an extra

        return Tesseract()
    raise OcrUnavailable
