"""The reader of picture files: photographs and scans, one page for each frame."""

import io
import math
import struct
import warnings
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageSequence

from parsers.errors import Damaged, Empty, OcrUnavailable, TooLarge
from parsers.grid import Note, Reading
from parsers.ocr.engines import is_installed
from parsers.page import Layout
from parsers.stitch import stitch

MAX_PIXELS: Final = 120_000_000
MAX_FRAMES: Final = 2_000
LARGEST: Final = 3600         # pixels: a longer side shows no more of an A4 page
_TOO_MANY_PIXELS: Final = f"the picture has more than {MAX_PIXELS:,} pixels; scan it at 300 dpi"
_UNDECODED: Final = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error)
"""What Pillow raises on bytes that are no picture, by format."""


def read_picture(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads a PNG, JPEG, TIFF (all its pages), GIF, WebP or BMP file.

    Raises:
        UnreadableSource: Damaged, TooLarge, Empty; OcrUnavailable where no engine is installed.
    """
    if not is_installed():
        raise OcrUnavailable
    from parsers.scan.image import read_image  # noqa: PLC0415  an extra, and slow to load

    pages = [read_image(*frame, number) for number, frame in enumerate(_frames(data), start=1)]
    stitched = stitch([layout for page in pages for layout in page.layouts], "ocr")
    if not stitched.grids:
        raise Empty("the picture shows no print that could be read")
    notes = [note for page in pages for note in page.notes]
    return Reading("image", len(pages), stitched.grids, (*notes, *stitched.notes))


def read_shown(data: bytes, number: int) -> tuple[tuple[Layout, ...], tuple[Note, ...]]:
    """What stands on a picture that is a page of another document, and what is to be said of it.

    Args:
        data: The picture file.
        number: Of the page in that document.

    Raises:
        UnreadableSource: Damaged, TooLarge; OcrUnavailable.
    """
    if not is_installed():
        raise OcrUnavailable
    from parsers.scan.image import read_image  # noqa: PLC0415  an extra, and slow to load

    pages = [read_image(*frame, number) for frame in _frames(data)]
    notes = [note for page in pages for note in page.notes]
    return tuple([layout for page in pages for layout in page.layouts]), tuple(dict.fromkeys(notes))


# ── decoding ─────────────────────────────────────────────────────────────────


def _frames(data: bytes) -> Iterator[tuple[npt.NDArray[np.uint8], float | None]]:
    """The pages of a file: red, green and blue, turned as the camera says, and their resolution."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                for number, frame in enumerate(ImageSequence.Iterator(picture)):
                    if number >= MAX_FRAMES:
                        raise TooLarge(f"the picture has more than {MAX_FRAMES:,} pages; split it")
                    if frame.width * frame.height > MAX_PIXELS:
                        raise TooLarge(_TOO_MANY_PIXELS)
                    yield _page(frame)
    except Image.DecompressionBombError as error:
        raise TooLarge(_TOO_MANY_PIXELS) from error
    except _UNDECODED as error:
        raise Damaged("the picture cannot be decoded; get the file anew") from error


def _page(frame: Any) -> tuple[npt.NDArray[np.uint8], float | None]:  # noqa: ANN401  a frame of PIL
    from parsers.scan.fax import squared  # noqa: PLC0415  an extra, and slow to load

    across, down = _stated(frame.info.get("dpi"))
    upright = ImageOps.exif_transpose(frame)
    if upright.size != frame.size:   # turned on its side
        across, down = down, across
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    if upright.mode.startswith(("I", "F")):
        values = np.asarray(upright, np.float32)
        upright = Image.fromarray((255 * values / max(1.0, float(values.max()))).astype(np.uint8))
    upright = upright.convert("RGB")
    longer = max(upright.size)
    if longer > LARGEST:
        share = LARGEST / longer
        size = round(upright.width * share), round(upright.height * share)
        upright = upright.resize(size, Image.Resampling.LANCZOS)
        across, down = across * share, down * share
    pixels, dpi = squared(np.asarray(upright), across, down)
    return pixels, dpi or None


def _stated(dpi: object) -> tuple[float, float]:
    """What a file says of its resolution, across and down; 0 where that is no number."""
    try:
        across, down = (float(side) for side in dpi)  # type: ignore[attr-defined]  # files hold anything
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (across, down) if math.isfinite(across) and math.isfinite(down) else (0.0, 0.0)
