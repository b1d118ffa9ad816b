"""What the styles of a Word document say of print: hidden text, and automatic numbers."""

from typing import Final, NamedTuple

from lxml import etree

from parsers.word_names import W, is_on, value_of

_LONGEST_CHAIN: Final = 20   # styles based on styles; a ring of them must end


class _Style(NamedTuple):
    based_on: str
    vanish: bool | None
    num_id: str
    depth: str


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        """Reads ``word/styles.xml``; None where there is none."""
        self._styles: dict[str, _Style] = {}
        for style in () if root is None else root.findall(W + "style"):
            vanish = style.find(f"{W}rPr/{W}vanish")
            number = style.find(f"{W}pPr/{W}numPr")
            name = style.get(W + "styleId", "")
            self._styles[name] = _Style(
                value_of(style, "basedOn"),
                None if vanish is None else is_on(vanish),
                "" if number is None else value_of(number, "numId"),
                "" if number is None else value_of(number, "ilvl"),
            )

    def hides(self, name: str) -> bool:
        """Whether text in this style is not printed."""
        return next((style.vanish for style in self._chain(name) if style.vanish is not None), False)

    def numbers(self, name: str) -> tuple[str, str, str] | None:
        """The list of this style: its id, its level as written, and the style that names it."""
        for style in self._chain(name):
            if style.num_id:
                return style.num_id, style.depth, name
            name = style.based_on
        return None

    def _chain(self, name: str) -> list[_Style]:
        chain: list[_Style] = []
        while name in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[name])
            name = self._styles[name].based_on
        return chain
