"""Picture files: every mode, orientation and number of pages; what is too large or no picture is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from parsers import pictures
from parsers.errors import Damaged, OcrUnavailable, TooLarge, UnreadableSource
from parsers.pictures import read_picture, read_shown


def drawn(mode="RGB"):
    """Dark in its upper left quarter, 60 by 40."""
    grey = np.full((40, 60), 255, np.uint8)
    grey[:20, :30] = 20
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    if mode == "RGBA":
        alpha = np.where(grey < 255, 255, 0).astype(np.uint8)
        return Image.merge("RGBA", [Image.fromarray(band) for band in (np.zeros_like(grey),) * 3 + (alpha,)])
    if mode == "P transparent":
        image = Image.fromarray(np.where(grey < 255, 1, 0).astype(np.uint8), "P")
        image.putpalette([0, 0, 0, 10, 10, 10])
        image.info["transparency"] = 0
        return image
    if mode == "F":
        return Image.fromarray(grey.astype(np.float32) / 255)
    return Image.fromarray(grey).convert(mode)


def saved(image, kind="PNG", **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def frames(data):
    return list(pictures._frames(data))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "PNG"), ("L", "PNG"), ("1", "PNG"), ("1", "TIFF"), ("P", "PNG"), ("P", "GIF"), ("RGBA", "PNG"),
        ("LA", "PNG"), ("P transparent", "PNG"), ("I;16", "PNG"), ("I;16", "TIFF"), ("CMYK", "TIFF"), ("CMYK", "JPEG"),
        ("L", "JPEG"), ("F", "TIFF"), ("RGB", "BMP"), ("RGB", "WEBP"), ("RGBA", "WEBP"),
    ],
)  # fmt: skip
def test_every_mode_becomes_black_print_on_white_paper(mode, kind):
    [(pixels, dpi)] = frames(saved(drawn(mode), kind))
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8
    assert pixels[5:15, 5:25].mean() < 45
    assert pixels[25:, 35:].mean() > 235
    assert dpi is None or dpi == 1 or 71 < dpi < 97   # 1 in TIFF that tells none


@pytest.mark.parametrize(("orientation", "shape", "corner"), [
    (1, (40, 60), (0, 0)), (3, (40, 60), (1, 1)), (6, (60, 40), (0, 1)), (8, (60, 40), (1, 0)),
])
def test_what_the_camera_says_of_its_orientation_is_obeyed(orientation, shape, corner):
    exif = Image.Exif()
    exif[0x0112] = orientation
    [(pixels, _)] = frames(saved(drawn(), "JPEG", exif=exif, quality=95))
    assert pixels.shape[:2] == shape
    halves = [np.array_split(half, 2, axis=1) for half in np.array_split(pixels, 2)]
    means = {(row, col): halves[row][col].mean() for row in (0, 1) for col in (0, 1)}
    assert min(means, key=means.get) == corner


def test_all_pages_of_a_tiff():
    pages = [drawn("1"), drawn("L").resize((30, 20)), drawn("RGB")]
    found = frames(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300)))
    assert [pixels.shape[:2] for pixels, _ in found] == [(40, 60), (20, 30), (40, 60)]
    assert found[0][1] == 300


@pytest.mark.parametrize("dpi", [None, (), (300,), ("a", "b"), (float("nan"), 3), (float("inf"), 3), 7, (1, 2, 3)])
def test_whatever_stands_for_a_resolution(dpi):
    assert pictures._stated(dpi) == (0.0, 0.0)


def test_a_large_picture_is_made_smaller_and_so_is_its_resolution():
    [(pixels, dpi)] = frames(saved(Image.new("L", (5000, 7200), 255), dpi=(600, 600)))
    assert pixels.shape[:2] == (3600, 2500)
    assert dpi == pytest.approx(300, abs=1)


# ── refusals ─────────────────────────────────────────────────────────────────


def bomb(width, height):
    """The head of a PNG that claims such a size."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000), (100_000, 2_000)])
def test_bombs_are_refused_before_they_are_unpacked(size):
    with pytest.raises(TooLarge, match="scan it at 300 dpi"):
        read_picture(bomb(*size))


def test_too_many_pages(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_FRAMES", 2)
    pages = [drawn("1")] * 3
    with pytest.raises(TooLarge, match="2 pages"):
        frames(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))


def test_without_an_engine(monkeypatch):
    monkeypatch.setattr(pictures, "is_installed", lambda: False)
    for read in (read_picture, lambda data: read_shown(data, 3)):
        with pytest.raises(OcrUnavailable):
            read(saved(drawn()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP"])
def test_bytes_that_are_changed_or_missing_are_refused_and_no_more(kind, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)   # WeasyPrint sets it for the process
    whole = saved(drawn("RGB"), kind)
    rng = np.random.default_rng(7)
    for turn in range(120):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), rng.integers(1, 6)):
            data[at] = rng.integers(256)
        if turn % 3 == 0:
            del data[rng.integers(8, len(data)) :]
        try:
            frames(bytes(data))
        except UnreadableSource as error:
            assert isinstance(error, Damaged | TooLarge)   # noqa: PT017  most changes do no harm
