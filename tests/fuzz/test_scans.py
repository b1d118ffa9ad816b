"""Whatever lies on an image, pages come of it: rulings at its rim, blots, dust, seals, parts cut away."""

import cv2
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.ocr import ReadLine
from parsers.page import Table
from parsers.scan.image import read_image

RED = (200, 40, 40)


def one_sign_each(images):
    """A recogniser that needs no model."""
    assert all(one.clean.shape == one.raw.shape and one.clean.size for one in images)
    return [ReadLine("一", 0.9) for _ in images]


def ruled(rng, high, wide):
    """A page with lattices that may reach beyond it, rows of print, and a seal."""
    page = np.full((high, wide, 3), int(rng.integers(170, 256)), np.uint8)
    ink = int(rng.integers(0, 120))
    for _ in range(rng.integers(0, 4)):
        xs, ys = [np.sort(rng.integers(-20, size + 20, rng.integers(2, 7))) for size in (wide, high)]
        thick = int(rng.integers(1, 4))
        for x in xs:
            cv2.line(page, (int(x), int(ys[0])), (int(x), int(ys[-1])), (ink,) * 3, thick)
        for y in ys:
            cv2.line(page, (int(xs[0]), int(y)), (int(xs[-1]), int(y)), (ink,) * 3, thick)
    for _ in range(rng.integers(0, 60)):
        x, y = int(rng.integers(0, wide)), int(rng.integers(0, high))
        size = int(rng.integers(2, 24))
        cv2.putText(page, "8", (x, y), cv2.FONT_HERSHEY_SIMPLEX, size / 24, (ink,) * 3, 1)
    if rng.random() < 0.3:
        cv2.circle(page, (wide // 2, high // 2), min(high, wide) // 3, RED, 4)
    return page


def spoiled(rng, page):
    if rng.random() < 0.4:
        page = np.clip(page + rng.normal(0, rng.uniform(1, 40), page.shape), 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        high, wide = page.shape[:2]
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), float(rng.uniform(-8, 8)), 1)
        page = cv2.warpAffine(page, turn, (wide, high), borderValue=(255, 255, 255))
    if rng.random() < 0.3:
        page = np.ascontiguousarray(page[int(rng.integers(0, page.shape[0])) :, int(rng.integers(0, page.shape[1])) :])
    return page


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 900), st.integers(1, 700),
    st.sampled_from([None, 1, 72, 100, 150, 300, 600]),
)  # fmt: skip
@example(0, 28, 16, None)     # what is taken for print is lower than a pixel
@example(0, 14, 32, None)     # a cell is no wider than what its noise is measured over
def test_any_image(seed, high, wide, stated):
    rng = np.random.default_rng(seed)
    found = read_image(spoiled(rng, ruled(rng, high, wide)), stated, 1, one_sign_each)
    assert found.layouts
    for layout in found.layouts:
        for item in layout.items:
            boxes = [cell.box for cell in item.cells] if isinstance(item, Table) else []
            assert all(box is None or (box[0] < box[2] and box[1] < box[3]) for box in boxes)
