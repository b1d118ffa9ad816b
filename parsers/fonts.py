"""Text layers that lie: which fonts of a page do not say what they draw, and how that is known.

A PDF prints glyphs; that a glyph is the character 元 is a claim of its font (``ToUnicode``, or an
encoding), and nothing on the page depends on it. A font is judged once in a document, on

1. its map: characters without a Unicode value, for which PDFium makes up their code;
2. what it claims: control characters, U+FFFD, private use;
3. its shapes: whether the glyphs look like the characters that they claim to be, every digit,
   Han characters and letters by a sample;
4. its language, where there are no shapes to look at: Han text that reads like none.

An honest font must never be doubted, for that loses a page: little evidence means trust.
"""

from itertools import repeat
from typing import Final, NamedTuple

import numpy as np

from parsers.font_evidence import (
    LARGE_SAMPLE,
    N_KINDS,
    PRIVATE,
    SAMPLE,
    UNMAPPED,
    Claims,
    Flags,
    Ints,
    Shapes,
    is_symbolic,
    kinds_of,
)
from parsers.font_glyphs import FontKey, has_map_error, key_of, outlined, pictured
from parsers.pdfium_calls import Address, font_of, object_of, unicode_of, whole_text

_CODES: Final = 0x110000


class TextLayer(NamedTuple):
    """The text of an open page as PDFium has it. All handles are addresses.

    Attributes:
        page: The page.
        text_page: Its text.
        codes: The code points of all its characters, in the order of the text; shape (n,).
        fonts: The font of each, 0 for breaks that PDFium makes up; shape (n,).
    """

    page: Address
    text_page: Address
    codes: Ints
    fonts: Ints


class Trust(NamedTuple):
    """Which of a page's characters can be believed.

    Attributes:
        reasons: For each font that cannot be trusted (by its address, which holds while the page
            is open) its name and why, in words.
        untrusted: Which characters of the text page these fonts draw; shape (n,).
        unmapped: Which characters have no Unicode value, in whatever font: what the text page
            has for them is made up, and U+FFFD is true; shape (n,).
    """

    reasons: dict[Address, str]
    untrusted: Flags
    unmapped: Flags


def text_layer(page: Address, text_page: Address, count: int) -> TextLayer:
    """Asks PDFium for what `FontTrust.judge` needs of a page of ``count`` characters."""
    objects = list(map(object_of, repeat(text_page), range(count)))
    font = {text: font_of(text) or 0 for text in set(objects) if text}
    text = whole_text(text_page, count)
    if len(text) == count:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    else:   # characters without a Unicode value are left out of the text
        codes = np.array(list(map(unicode_of, repeat(text_page), range(count))), np.int64)
    return TextLayer(page, text_page, codes, np.array([font.get(text, 0) for text in objects], np.int64))


class FontTrust:
    """Judges the fonts of one document, page after page, each font as soon as it can be told.

    A font may be found out late: on the first pages it may have printed too little. So
    judge all pages before the print of any is used where that matters.
    """

    def __init__(self, document: Address) -> None:
        """Takes the address of PDFium's open document."""
        self._document = document
        self._claims: dict[FontKey, Claims] = {}
        self._shapes: dict[FontKey, Shapes] = {}
        self._reasons: dict[FontKey, str] = {}

    def judge(self, layer: TextLayer) -> Trust:
        """What the page's fonts say of themselves, with all that was seen on earlier pages."""
        addresses, font = np.unique(layer.fonts, return_inverse=True)
        pairs, first, counts = np.unique(font * _CODES + layer.codes, return_index=True, return_counts=True)
        edges = np.searchsorted(pairs, np.arange(len(addresses) + 1) * _CODES).tolist()
        errors = np.array([has_map_error(layer.text_page, place) == 1 for place in first.tolist()], bool)
        errors &= layer.fonts[first] != 0
        codes = layer.codes[first]
        kinds = kinds_of(codes, errors)
        tallies = np.bincount(font[first] * N_KINDS + kinds, counts, len(addresses) * N_KINDS)
        reasons: dict[Address, str] = {}
        for at, address in enumerate(addresses.tolist()):
            if not address:
                continue
            own = slice(edges[at], edges[at + 1])
            tally = list(map(int, tallies[at * N_KINDS : (at + 1) * N_KINDS]))
            drawn = _Print(address, codes[own].tolist(), first[own].tolist(), kinds[own].tolist(), tally)
            reason = self._reason(layer, drawn)
            if reason:
                reasons[address] = reason
        unmapped = np.isin(font * _CODES + layer.codes, pairs[errors])
        return Trust(reasons, np.isin(layer.fonts, list(reasons)), unmapped)

    def _reason(self, layer: TextLayer, drawn: "_Print") -> str:
        key = key_of(drawn.font)
        if key in self._reasons:
            return self._reasons[key]
        claims = self._claims.setdefault(key, Claims(key.name))
        shapes = self._shapes.setdefault(key, Shapes())
        privates = [code for code, kind in zip(drawn.codes, drawn.kinds, strict=True) if kind == PRIVATE]
        claims.add(drawn.tally, privates)
        reason = claims.private_reason()
        if key.is_drawn:   # nothing tells such fonts apart from page to page, but on a page
            claims = Claims()
            claims.add(drawn.tally, privates)
        reason = reason or claims.reason()
        if not reason and key.embedded and not is_symbolic(key.name):
            self._look(layer, key, shapes, drawn)
            reason = shapes.reason()
        if not reason and not shapes.agree and not key.is_drawn:
            claims.add_text(layer.codes[layer.fonts == drawn.font])
            reason = claims.language_reason()
        if not reason:
            return ""
        reason = f"{key.name or 'a font drawn in the file'}: {reason}"
        if not key.is_drawn:
            self._reasons[key] = reason
        return reason

    def _look(self, layer: TextLayer, key: FontKey, shapes: Shapes, drawn: "_Print") -> None:
        place = {
            chr(code): place
            for code, place, kind in zip(drawn.codes, drawn.places, drawn.kinds, strict=True)
            if kind != UNMAPPED
        }
        for sample in (SAMPLE, LARGE_SAMPLE):
            if sample == LARGE_SAMPLE and not (key.is_drawn or shapes.is_doubtful):
                return
            wanted = shapes.wanted(list(place), sample)
            if wanted and key.is_drawn:
                places = [place[char] for char in wanted]
                shapes.add(wanted, *pictured(self._document, layer.page, layer.text_page, places, wanted))
            elif wanted:
                shapes.add(wanted, *outlined(drawn.font, wanted))


class _Print(NamedTuple):
    """What a page prints in one font: its different characters, where first, and of which kind."""

    font: Address
    codes: list[int]
    places: list[int]
    kinds: list[int]
    tally: list[int]
