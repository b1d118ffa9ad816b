"""What a page draws, also inside form XObjects: handles by kind, and ways from their space to the page."""

from itertools import repeat
from typing import Final, NamedTuple

import numpy as np
from pypdfium2 import raw

from parsers.page import Floats
from parsers.pdfium_calls import (
    Address,
    bounds,
    form_count,
    form_object,
    matrices,
    object_type,
    page_count,
    page_object,
    render_mode,
)

MAX_DEPTH: Final = 8   # forms within forms

_UNSEEN: Final = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_BARE: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Painted(NamedTuple):
    """The objects of a page.

    Attributes:
        total: All of them, also the forms.
        texts: Handles of texts that stand on the page itself.
        inner_texts: Handles of texts in forms.
        paths: Handles of paths.
        frames: For each path the matrix (a to f) from its page or form to the page; shape (n, 6).
        images: Left, bottom, right, top of pictures and shadings on the page; shape (n, 4).
    """

    total: int
    texts: list[Address]
    inner_texts: list[Address]
    paths: list[Address]
    frames: Floats
    images: Floats


def read_painted(page: Address, most: int) -> Painted:
    """Walks the page and its forms; stops soon after ``most`` objects."""
    texts: list[Address] = []
    inner_texts: list[Address] = []
    paths: list[Address] = []
    frames: list[Floats] = []
    images: list[Floats] = [np.zeros((0, 4))]
    found = 0
    total = max(page_count(page), 0)
    waiting = [(list(map(page_object, repeat(page), range(total))), np.array(_BARE), 0)]
    while waiting and found <= most:
        handles, frame, depth = waiting.pop()
        found += len(handles)
        kinds = list(map(object_type, handles))
        own = _of_kind(handles, kinds, raw.FPDF_PAGEOBJ_PATH)
        paths += own
        frames.append(np.broadcast_to(frame, (len(own), 6)))
        (inner_texts if depth else texts).extend(_of_kind(handles, kinds, raw.FPDF_PAGEOBJ_TEXT))
        pictures = _of_kind(handles, kinds, raw.FPDF_PAGEOBJ_IMAGE)
        pictures += _of_kind(handles, kinds, raw.FPDF_PAGEOBJ_SHADING)
        if pictures:
            images.append(framed(bounds(pictures).astype(float), frame))
        forms = _of_kind(handles, kinds, raw.FPDF_PAGEOBJ_FORM)
        if forms and depth < MAX_DEPTH:
            for form, matrix in zip(forms, matrices(forms).astype(float), strict=True):
                inside = map(form_object, repeat(form), range(max(form_count(form), 0)))
                waiting.append((list(inside), chained(matrix, frame), depth + 1))
    return Painted(found, texts, inner_texts, paths, np.concatenate(frames), np.concatenate(images))


def chained(inner: Floats, outer: Floats) -> Floats:
    """The matrix that does ``inner`` first and ``outer`` then; both (…, 6)."""
    a, b, c, d, e, f = np.moveaxis(inner, -1, 0)
    oa, ob, oc, od, oe, of = np.moveaxis(outer, -1, 0)
    return np.stack(
        [a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od,
         e * oa + f * oc + oe, e * ob + f * od + of], axis=-1,
    )


def moved(points: Floats, matrix: Floats) -> Floats:
    """Points (n, 2) through a matrix (6) or one each (n, 6)."""
    a, b, c, d, e, f = np.moveaxis(matrix, -1, 0)
    x, y = points[:, 0], points[:, 1]
    return np.stack([a * x + c * y + e, b * x + d * y + f], axis=-1)


def framed(boxes: Floats, matrix: Floats) -> Floats:
    """Boxes (left, bottom, right, top) through a matrix, upright again."""
    one, two = moved(boxes[:, :2], matrix), moved(boxes[:, 2:], matrix)
    three, four = moved(boxes[:, [0, 3]], matrix), moved(boxes[:, [2, 1]], matrix)
    corners = np.stack([one, two, three, four])
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1)


def image_share(painted: Painted, box: tuple[float, float, float, float]) -> float:
    """The part of a page that pictures cover, 0 to 1; overlaps count twice."""
    left, bottom, right, top = box
    x = np.clip(painted.images[:, [0, 2]], left, right)
    y = np.clip(painted.images[:, [1, 3]], bottom, top)
    covered = float(np.sum((x[:, 1] - x[:, 0]) * (y[:, 1] - y[:, 0])))
    return min(1.0, covered / max((right - left) * (top - bottom), 1.0))


def invisible_share(painted: Painted) -> float:
    """The part of a page's text objects that is drawn without ink, 0 to 1."""
    unseen = [mode in _UNSEEN for mode in map(render_mode, painted.texts + painted.inner_texts)]
    return sum(unseen) / len(unseen) if unseen else 0.0


def _of_kind(handles: list[Address], kinds: list[int], kind: int) -> list[Address]:
    return [handle for handle, own in zip(handles, kinds, strict=True) if own == kind]
