"""Pages of a Word document, which is laid out only when it is opened: what its file tells of them."""

from lxml import etree

from parsers.word_names import W, value_of


class Pages:
    """Counts pages by the breaks that the file tells of: rendered last, explicit, of sections."""

    def __init__(self) -> None:
        self.number = 1
        self.is_fresh = True   # nothing is printed since the last break

    def turn(self) -> None:
        """Begins a page."""
        self.number += 1
        self.is_fresh = True

    def turn_unless_fresh(self) -> None:
        """Begins a page where the file may repeat a break: Word notes explicit ones a second time."""
        if not self.is_fresh:
            self.turn()


def section_types(body: etree._Element) -> tuple[str, ...]:
    """How each section behind the first begins, such as ``nextPage``."""
    sections = body.iter(W + "sectPr")
    next(sections, None)
    return tuple([value_of(section, "type") or "nextPage" for section in sections])
