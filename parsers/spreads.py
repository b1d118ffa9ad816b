"""Two upright pages side by side on one sheet, as booklets are printed: they are read one after the other."""

from typing import Final

import numpy as np

from parsers.page import Page, Rulings
from parsers.words import part_of

WIDER: Final = 1.2       # a sheet of two pages is wider than high by more
GUTTER: Final = 24.0     # the blank strip between them (pt),
MIDDLE: Final = 0.05     # whose middle lies this near to that of the sheet (of its width)
MIN_CHARS: Final = 20    # on either page


def leaves_of(page: Page) -> tuple[Page, ...]:
    """The page, or the left and the right one of a spread; all places stay those on the sheet."""
    gutter = _gutter(page) if page.width > WIDER * page.height else None
    if gutter is None:
        return (page,)
    h, v = page.rulings
    left = page.chars.x1 <= gutter
    if min(left.sum(), (~left).sum()) < MIN_CHARS:
        return (page,)
    return (
        page._replace(
            chars=part_of(page.chars, left), rulings=Rulings(h[h[:, 2] <= gutter], v[v[:, 0] <= gutter])
        ),
        page._replace(
            chars=part_of(page.chars, ~left), rulings=Rulings(h[h[:, 1] >= gutter], v[v[:, 0] >= gutter])
        ),
    )


def _gutter(page: Page) -> float | None:
    """The middle of the strip at the middle of a page that neither print nor rule enters."""
    h, v = page.rulings
    chars = page.chars
    starts = np.concatenate([chars.x0, h[:, 1], v[:, 0]])
    stops = np.concatenate([chars.x1, h[:, 2], v[:, 0]])
    order = np.argsort(starts)
    reached = np.maximum.accumulate(stops[order])[:-1]
    following = starts[order][1:]
    middle = (reached + following) / 2
    found = (following - reached >= GUTTER) & (np.abs(middle - page.width / 2) <= MIDDLE * page.width)
    return float(middle[found][0]) if found.any() else None
