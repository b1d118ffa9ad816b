"""Which pages of a PDF say what they draw: each font is judged until it can be believed.

To judge a page costs as much as to read it, so a font that was seen enough is not judged again.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.font_glyphs import FontKey, key_of
from parsers.fonts import FontTrust, Trust, text_layer
from parsers.pdfium import PdfDocument, PdfPage

Ints = npt.NDArray[np.int64]

ENOUGH: Final = 300      # characters of a font,
ALL_DIGITS: Final = 10   # with all digits among them;
MANY_PAGES: Final = 2    # or on so many pages, while it does not draw
MORE: Final = 3          # times as many texts as on any of them

_ZERO: Final = ord("0")


class _Seen:
    """What has been seen of a font."""

    def __init__(self) -> None:
        self._chars = 0
        self._pages = 0
        self._texts = 0   # most on one page
        self._digits: set[int] = set()

    def add(self, codes: Ints, texts: int) -> None:
        """Takes the characters that it draws on a page, and in how many texts."""
        self._chars += len(codes)
        self._pages += 1
        self._texts = max(self._texts, texts)
        self._digits.update(codes[(codes >= _ZERO) & (codes < _ZERO + ALL_DIGITS)].tolist())

    def is_enough(self, texts: int) -> bool:
        """Whether a page with so many texts of it need not be judged."""
        if self._chars >= ENOUGH and len(self._digits) == ALL_DIGITS:
            return True
        return self._pages >= MANY_PAGES and texts <= MORE * self._texts


class Believed:
    """The fonts of one document, as far as its pages were looked at.

    Attributes:
        doubted_late: Whether a font was found to lie of which other pages had been believed.
    """

    def __init__(self, document: PdfDocument) -> None:
        """Takes the open document."""
        self._trust = FontTrust(document.handle)
        self._seen: dict[FontKey, _Seen] = {}
        self._all = False
        self.doubted_late = False

    def judge(self, page: PdfPage) -> Trust | None:
        """What the fonts of a page say of themselves; None where all are believed."""
        fonts = page.text_fonts()
        keys = {font: key_of(font) for font in fonts}
        if not self._all and all(
            key in self._seen and self._seen[key].is_enough(fonts[font]) for font, key in keys.items()
        ):
            return None
        layer = text_layer(*page.handles())
        trust = self._trust.judge(layer)
        for font, key in keys.items():
            own = layer.fonts == font
            if font not in trust.reasons and not trust.unmapped[own].any():
                self._seen.setdefault(key, _Seen()).add(layer.codes[own], fonts[font])
        self.doubted_late = self.doubted_late or any(
            keys[font] in self._seen for font in trust.reasons if font in keys
        )
        return trust

    def forget(self) -> None:
        """From now on each page is judged, with all that was learned."""
        self._all = True
