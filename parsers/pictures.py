"""The reader of picture files: photographs and scans, one page for each frame."""

import io
import warnings
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageSequence

from parsers.errors import Damaged, Empty, OcrUnavailable, TooLarge
from parsers.grid import Note, Reading
from parsers.ocr.engines import is_installed
from parsers.stitch import stitch

MAX_PIXELS: Final = 120_000_000
MAX_FRAMES: Final = 2_000
DPI: Final = (70.0, 1300.0)   # what a file says of its resolution is believed between these
A4: Final = 11.69             # inches: the longer side of most pages
PLAUSIBLE: Final = (0.45, 2.2)  # of it: a page is so long by the resolution that the file states
LARGEST: Final = 3600         # pixels: a longer side shows no more of an A4 page


def read_picture(data: bytes, name: str = "") -> Reading:  # noqa: ARG001  the signature of every reader
    """Reads a PNG, JPEG, TIFF (all its pages), GIF, WebP or BMP file.

    Raises:
        UnreadableSource: Damaged, TooLarge, Empty; OcrUnavailable where no engine is installed.
    """
    if not is_installed():
        raise OcrUnavailable
    from parsers.scan.page import read_page  # noqa: PLC0415  an extra, and slow to load

    layouts = []
    notes: list[Note] = []
    count = 0
    for count, (pixels, dpi) in enumerate(_frames(data), start=1):
        scanned = read_page(pixels, dpi, count)
        layouts.append(scanned.layout)
        notes += scanned.notes
    stitched = stitch(layouts, "ocr")
    if not stitched.grids:
        raise Empty("the picture shows no print that could be read")
    return Reading("image", count, stitched.grids, (*notes, *stitched.notes))


def _frames(data: bytes) -> Iterator[tuple[npt.NDArray[np.uint8], float | None]]:
    """The pages of a file: red, green and blue, turned as the camera says, and their resolution."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                for number, frame in enumerate(ImageSequence.Iterator(picture)):
                    if number >= MAX_FRAMES:
                        raise TooLarge(f"the picture has more than {MAX_FRAMES:,} pages; split it")
                    if frame.width * frame.height > MAX_PIXELS:
                        raise TooLarge(f"the picture has more than {MAX_PIXELS:,} pixels; scan it at 300 dpi")
                    yield _page(frame)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
            raise Damaged("the picture cannot be decoded; get the file anew") from error


def _page(frame: Any) -> tuple[npt.NDArray[np.uint8], float | None]:  # noqa: ANN401  a frame of PIL
    stated = frame.info.get("dpi", (0, 0))[0]
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    if upright.mode.startswith(("I", "F")):
        values = np.asarray(upright, np.float32)
        upright = Image.fromarray((255 * values / max(1.0, float(values.max()))).astype(np.uint8))
    upright = upright.convert("RGB")
    longer = max(upright.size)
    believed = DPI[0] <= float(stated) <= DPI[1] and PLAUSIBLE[0] * A4 <= longer / float(stated) <= PLAUSIBLE[1] * A4
    dpi = float(stated) if believed else None
    if longer > LARGEST:
        share = LARGEST / longer
        size = round(upright.width * share), round(upright.height * share)
        upright = upright.resize(size, Image.Resampling.LANCZOS)
        dpi = dpi * share if dpi else None
    return np.asarray(upright), dpi
