"""From the rulings of a page to the page with straight rulings: slant, perspective and curl undone."""

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ink import Grey
from parsers.scan.slant import slants
from parsers.scan.strokes import FAINTER, Stroke, strokes, traces
from parsers.scan.texture import usual_rulings

LEAST: Final = 0.45      # inches: shorter strokes do not tell how the page lies
LONG: Final = 1.0        # inches: strokes of rulings, surely
SAMPLE: Final = 0.1      # inches between two places of a stroke that are looked at
STIFF: Final = 1e-3      # how much the field resists bending, relative to the evidence
OUTLIER: Final = 2.5     # robust deviations
ROUNDS: Final = 4
STILL: Final = 0.25      # pixels: a page that lies so straight is left as it is
STEP: Final = 16         # pixels between two for which the field is computed

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[Any]
"""Of pixels, as OpenCV packs them."""


class Field:
    """Where the places of the straight page lie on the page as scanned.

    The slant is undone first; what is left, the perspective and the curl, is a smooth field that
    is nought along the middle lines of the page.
    """

    def __init__(self, shape: tuple[int, int], rise: float, run: float) -> None:
        self.height, self.width = shape
        self.rise, self.run = rise, run
        self.down = np.zeros(len(_bent(np.zeros(1), np.zeros(1))))
        self.over = np.zeros_like(self.down)
        self._last: tuple[tuple[int, ...], tuple[Places, Places]] | None = None

    def unit(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Places as parts of the page from its middle, -1 to 1."""
        return 2 * x / self.width - 1, 2 * y / self.height - 1

    def sheared(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """From the page without slant to the page as scanned."""
        dx, dy = x - self.width / 2, y - self.height / 2
        return self.width / 2 + dx + self.run * dy, self.height / 2 + dy + self.rise * dx

    def __call__(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """From the straight page to the page as scanned. All are pixels."""
        u, v = self.unit(x, y)
        return self.sheared(x + _bent(v, u).T @ self.over, y + _bent(u, v).T @ self.down)

    @property
    def is_still(self) -> bool:
        """Whether it leaves all places where they are."""
        x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(0, self.width, 5), np.linspace(0, self.height, 5)))
        to_x, to_y = self(x, y)
        return bool(np.abs(to_x - x).max() < STILL and np.abs(to_y - y).max() < STILL)

    def straight(self, page: Grey, scale: float, *, nearest: bool = False) -> Grey:
        """The page, straight; ``scale`` is how many of its pixels make one of the field's."""
        how = cv2.INTER_NEAREST if nearest else cv2.INTER_CUBIC
        return cv2.remap(page, *self._maps(page.shape, scale), how, borderMode=cv2.BORDER_REPLICATE)

    def _maps(self, shape: tuple[int, ...], scale: float) -> tuple[Places, Places]:
        """From where each pixel comes; kept for the next view of the same page."""
        if self._last is None or self._last[0] != shape:
            height, width = shape
            xs = np.arange(0, width + STEP, STEP, dtype=np.float64)
            ys = np.arange(0, height + STEP, STEP, dtype=np.float64)
            x, y = np.meshgrid(xs, ys)
            to_x, to_y = [
                _finer((to * scale).reshape(x.shape).astype(np.float32), width, height)
                for to in self(x.ravel() / scale, y.ravel() / scale)
            ]
            self._last = shape, cv2.convertMaps(to_x, to_y, cv2.CV_16SC2)
        return self._last[1]


def _finer(coarse: npt.NDArray[np.float32], width: int, height: int) -> npt.NDArray[np.float32]:
    """A map that is known at every `STEP`-th pixel, at every pixel."""
    matrix = np.array([[1 / STEP, 0, 0], [0, 1 / STEP, 0]], np.float64)
    return cv2.warpAffine(
        coarse, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )


def field_of(dark: Grey, dpi: float) -> Field:
    """How a page lies, from its rulings."""
    rise, run = slants(dark)
    field = Field(dark.shape, rise, run)
    plain = field.straight(dark, 1.0)
    both = traces(plain, dpi), traces(cv2.transpose(plain), dpi)
    faintest = FAINTER * usual_rulings(both, LONG * dpi, dpi).strength
    if not faintest:   # no ruling on the page: rows of print tell its slant and no more
        return field
    lying, standing = [strokes(seen, LEAST * dpi, faintest) for seen in both]
    every = max(1, round(SAMPLE * dpi))
    bent = Field(dark.shape, rise, run)
    bent.down = _fitted(lying, field.width, field.height, every)
    bent.over = _fitted(standing, field.height, field.width, every)
    return bent


def _bent(along: Floats, across: Floats) -> Floats:
    """The shapes that a field is made of: nought in the middle of each line."""
    return np.stack([
        along, along * across, along**2, along**2 * across, along * across**2, along**3, along**3 * across,
    ])


def _fitted(pieces: list[Stroke], length: float, breadth: float, every: int) -> Floats:
    """The shares of the shapes that make the strokes straight, each at its own place."""
    count = len(_bent(np.zeros(1), np.zeros(1)))
    if not pieces:
        return np.zeros(count)
    along = np.concatenate([piece.along[::every] for piece in pieces]).astype(np.float64)
    across = np.concatenate([piece.across[::every] for piece in pieces]).astype(np.float64)
    owner = np.concatenate([np.full(len(piece.along[::every]), k) for k, piece in enumerate(pieces)])
    shapes = _bent(2 * along / length - 1, 2 * across / breadth - 1).T
    weight = np.ones(len(along))
    shares = np.zeros(count)
    for _ in range(ROUNDS):
        held = np.maximum(np.bincount(owner, weight), 1e-9)
        own = shapes - np.stack([np.bincount(owner, weight * s) / held for s in shapes.T], axis=1)[owner]
        off = across - (np.bincount(owner, weight * across) / held)[owner]
        resist = STIFF * weight.sum() * np.diag([0.01, 0.1, 0.3, 1.0, 1.0, 1.0, 3.0])
        shares = np.linalg.solve(own.T @ (own * weight[:, None]) + resist, own.T @ (off * weight))
        rest = np.abs(off - own @ shares)
        spread = max(0.3, 1.5 * float(np.median(rest)))
        weight = 1.0 / (1.0 + (rest / (OUTLIER * spread)) ** 2)
    return shares
