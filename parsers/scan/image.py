"""One image → the pages on it: paper found, resolution told, a spread parted; each is read."""

from typing import Final, NamedTuple

from parsers.grid import Note
from parsers.ocr import read_lines
from parsers.page import Layout, TextLine
from parsers.scan.fax import smoothed
from parsers.scan.ink import Colours
from parsers.scan.leaves import leaves_of
from parsers.scan.outline import paper_of
from parsers.scan.page import Reader, Scanned, read_page
from parsers.scan.resolution import resolution_of

HEAD_DOWN: Final = 2     # quarter turns
LEGIBLE: Final = 0.65    # of the characters of a page without tables, read surely: it holds print
FEWEST: Final = 1.2      # such characters
SMALLEST: Final = 0.14   # inches: what is lower or narrower holds no line of print
PIXELS: Final = 12       # nor does what has no more of them


class Pages(NamedTuple):
    """The pages of an image in the order of reading, of one number all, and what is to be said of them."""

    layouts: tuple[Layout, ...]
    notes: tuple[Note, ...]


def read_image(image: Colours, stated: float | None, number: int, read: Reader = read_lines) -> Pages:
    """What stands on an image of a page, or of two side by side.

    Args:
        image: Red, green and blue.
        stated: Its resolution as far as it is told; None where it is not.
        number: Of the page, from 1.
        read: The recogniser.

    Returns:
        A layout for each page, with places on that page.
    """
    page = smoothed(paper_of(image))
    dpi = resolution_of(page, stated)
    if min(page.shape[:2]) <= max(PIXELS, SMALLEST * dpi):
        what = "the image is too small to hold print; nothing was read of it"
        return Pages((Layout(number, *_points(page, dpi), ()),), (Note("unreadable_page", f"page {number}", what),))
    leaves = leaves_of(page, dpi)
    scanned = [read_page(leaf, dpi, number, read) for leaf in leaves]
    if len(leaves) > 1 and _lie_on_their_side(scanned):   # it is one page, blank across its middle
        scanned = [read_page(page, dpi, number, read)]
    if len(scanned) > 1 and all(one.turns == HEAD_DOWN for one in scanned):
        scanned = scanned[::-1]
    scanned = [_without_dirt(one) for one in scanned]
    return Pages(tuple([one.layout for one in scanned]), tuple(dict.fromkeys(_notes(scanned, number))))


def _points(page: Colours, dpi: float) -> tuple[float, float]:
    """The width and the height of a page."""
    return page.shape[1] * 72 / dpi, page.shape[0] * 72 / dpi


def _lie_on_their_side(scanned: list[Scanned]) -> bool:
    printed = [one for one in scanned if one.layout.items]
    return bool(printed) and all(one.turns % 2 for one in printed)


def _without_dirt(scanned: Scanned) -> Scanned:
    """The page, blank where nothing on it reads as print: dirt and what shines through make signs too."""
    lines = [item for item in scanned.layout.items if isinstance(item, TextLine)]
    if len(lines) < len(scanned.layout.items):
        return scanned
    sure = sum(line.confidence * len(line.text) for line in lines)
    if sure >= max(LEGIBLE * sum(len(line.text) for line in lines), FEWEST):
        return scanned
    return Scanned(scanned.layout._replace(items=()), ())


def _notes(scanned: list[Scanned], number: int) -> list[Note]:
    notes = [note for one in scanned for note in one.notes]
    if len(scanned) > 1:
        what = "two pages stand side by side on the image; the left one was read first"
        notes.append(Note("double_page", f"page {number}", what))
    return notes
