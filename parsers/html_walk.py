"""A walk over the tree of a page, in print order and without recursion, that gathers what is printed."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from selectolax.lexbor import LexborNode

from parsers.errors import TooLarge
from parsers.html_flow import Flow, Plain
from parsers.html_spans import MAX_COL_SPAN, MAX_ROW_SPAN, Source, span_of
from parsers.html_style import PLAIN, Attributes, look_of
from parsers.html_table import Item, OpenTable, Table
from parsers.limits import MAX_CELLS
from parsers.word_symbols import printed

_DROPPED: Final = frozenset((
    "annotation", "annotation-xml", "area", "audio", "canvas", "datalist", "desc", "head", "metadata",
    "noembed", "noframes", "noscript", "param", "rp", "script", "source", "style", "template", "title",
    "track", "video", "xml",
))
_UNSEEN: Final = frozenset(("rt", "del"))   # reading aids over characters; deletions that Word tracks
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup",
    "p", "search", "section", "summary", "ul",
))
_PARTS: Final = {
    "table": "table", "thead": "group", "tbody": "group", "tfoot": "group", "tr": "row", "td": "cell",
    "th": "cell", "caption": "caption",
}
_KEEPING: Final = frozenset(("pre", "listing", "plaintext", "xmp", "textarea"))
_OTHER_FILES: Final = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_BOXES: Final = ("checkbox", "radio")
_TYPED_IN: Final = frozenset((
    "", "text", "number", "date", "datetime-local", "month", "week", "time", "tel", "url", "email", "search",
))


MAX_TABLE_CELLS: Final = 3 * MAX_CELLS
"""Cells of tables, the empty ones too: whole sheets are pasted with hundreds of empty columns."""

Close: TypeAlias = Callable[[], None]


class Content(NamedTuple):
    """What was found on a page.

    Attributes:
        items: Paragraphs, preformatted text and tables in print order.
        hidden: Texts that are in the source and not printed.
        others: Addresses of files that are shown within the page.
        pictures: How many pictures it shows.
    """

    items: list[Item]
    hidden: list[str]
    others: list[str]
    pictures: int


class _State(NamedTuple):
    """What an element hands down to all within it."""

    hidden: bool = False
    tiny: bool = False
    symbol_font: str = ""
    keeps_lines: bool = False


def content_of(root: LexborNode) -> Content:
    """All that a page prints.

    Raises:
        TooLarge: More cells than a table of a report has.
    """
    walk = _Walk()
    open_: list[tuple[Close | None, _State, LexborNode]] = []
    state = _State()
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            walk.text(node.text_content or "", state)
        elif tag not in _DROPPED and tag[0] != "-":
            close, inner = walk.enter(tag, node, state)
            child = node.first_child if inner else None
            if child is not None and inner:
                open_.append((close, state, node))
                node, state = child, inner
                continue
            if close is not None:
                close()
        following = node.next
        while following is None and open_:
            close, state, node = open_.pop()
            if close is not None:
                close()
            following = node.next
        node = following
    return walk.finish()


class _Walk:
    """The flows and tables that are open at a point of the walk, and what was found before it."""

    def __init__(self) -> None:
        self._flows = [Flow[Table]()]
        self._tables: list[OpenTable] = []
        self._spans: list[tuple[int, int, bool]] = []   # of the cells that are open
        self._cells = 0
        self._hidden: list[str] = []
        self._others: list[str] = []
        self._pictures = 0
        self._leaves: Mapping[str, Callable[[LexborNode, _State], None]] = {
            "br": self._break, "input": self._input, "select": self._select, "img": self._picture,
            "col": self._col, **dict.fromkeys(_OTHER_FILES, self._other_file),
        }
        self._opened: Mapping[str, Callable[[str, Attributes], Close]] = {
            "table": self._open_table, "group": self._open_group, "row": self._open_row,
            "cell": self._open_cell, "caption": self._open_caption,
        }

    def finish(self) -> Content:
        """All that was found."""
        flow = self._flows[0]
        flow.end_block()
        return Content(flow.items, self._hidden, self._others, self._pictures)

    def text(self, text: str, state: _State) -> None:
        """A text node."""
        if state.hidden or state.tiny:
            if text and not text.isspace():
                self._hidden.append(text.strip())
            return
        if state.symbol_font:
            text = printed(text, state.symbol_font)
        if state.keeps_lines:
            self._flows[-1].add_kept(text)
        else:
            self._flows[-1].add(text)

    def enter(self, tag: str, node: LexborNode, state: _State) -> tuple[Close | None, _State | None]:
        """An element: what to do at its end, and the state of what is within it; None where nothing is."""
        attributes = node.attributes
        look = look_of(attributes) if attributes else PLAIN
        if look is not PLAIN:
            state = _State(
                state.hidden or look.hidden,
                state.tiny if look.tiny is None else look.tiny,
                state.symbol_font if look.symbol_font is None else look.symbol_font,
                state.keeps_lines if look.keeps_lines is None else look.keeps_lines,
            )
        leaf = self._leaves.get(tag)
        if leaf is not None:
            leaf(node, state)
            return None, None
        if state.hidden or tag in _UNSEEN:
            if tag == "tr" and self._in_table():
                self._tables[-1].start_row(hidden=True)   # spans count it
            return None, state._replace(hidden=True)
        if tag in _KEEPING:
            return self._preformatted(tag, node, state)
        return self._laid_out(_PARTS.get(tag) or look.part, tag, attributes), state

    def _laid_out(self, part: str, tag: str, attributes: Attributes) -> Close | None:
        """A block, or part of a table; nothing is done for what stands in a line."""
        if part and (part == "table" or self._in_table()):
            return self._opened[part](tag, attributes)
        if part or tag in _BLOCKS:
            self._flows[-1].end_block()
            return self._flows[-1].end_block
        return None

    # ── tables ───────────────────────────────────────────────────────────────

    def _in_table(self) -> bool:
        return bool(self._tables) and self._tables[-1].depth == len(self._flows)

    def _open_table(self, _tag: str, _attributes: Attributes) -> Close:
        self._flows[-1].end_block()
        self._tables.append(OpenTable(len(self._flows)))
        return self._close_table

    def _close_table(self) -> None:
        table = self._tables.pop()
        self._flows[-1].put(table.close())
        self._hidden += table.hidden

    def _open_group(self, tag: str, _attributes: Attributes) -> Close:
        self._tables[-1].start_group(tag)
        return _nothing

    def _open_row(self, _tag: str, _attributes: Attributes) -> Close:
        self._tables[-1].start_row()
        return _nothing

    def _open_cell(self, _tag: str, attributes: Attributes) -> Close:
        self._cells += 1
        if self._cells > MAX_TABLE_CELLS:
            raise TooLarge(f"more than {MAX_TABLE_CELLS:,} cells in tables. Split the page.")
        rows = span_of(attributes.get("rowspan") or attributes.get("aria-rowspan"), 0, MAX_ROW_SPAN)
        cols = span_of(attributes.get("colspan") or attributes.get("aria-colspan"), 1, MAX_COL_SPAN)
        self._spans.append((rows, cols, look_of(attributes).unmerged))
        self._flows.append(Flow())
        return self._close_cell

    def _close_cell(self) -> None:
        flow = self._flows.pop()
        flow.end_block()
        self._tables[-1].add(Source(flow.items, *self._spans.pop()))

    def _open_caption(self, _tag: str, _attributes: Attributes) -> Close:
        self._flows[-1].end_block()   # printed before the table
        return self._flows[-1].end_block

    def _col(self, node: LexborNode, state: _State) -> None:
        if self._in_table():
            count = span_of(node.attributes.get("span"), 1, MAX_COL_SPAN)
            self._tables[-1].add_columns(count, hidden=state.hidden)

    # ── what has no text within, or print of its own ─────────────────────────

    def _preformatted(self, tag: str, node: LexborNode, state: _State) -> tuple[Close | None, _State | None]:
        flow = self._flows[-1]
        if tag != "textarea":   # which stands in its line
            flow.end_block()
            child = node.first_child
            if child is not None and child.next is None and child.tag == "-text":
                flow.put([Plain(child.text_content or "")])
                return None, None
        return flow.end_block, state._replace(keeps_lines=True)

    def _break(self, _node: LexborNode, state: _State) -> None:
        if not state.hidden:
            self._flows[-1].end_line()

    def _other_file(self, node: LexborNode, state: _State) -> None:
        if not state.hidden:
            self._others.append(node.attributes.get(_OTHER_FILES[node.tag or ""]) or "")

    def _picture(self, _node: LexborNode, state: _State) -> None:
        self._pictures += not state.hidden

    def _input(self, node: LexborNode, state: _State) -> None:
        attributes = node.attributes
        kind = (attributes.get("type") or "").strip().lower()
        if kind in _BOXES:
            self.text("☑" if "checked" in attributes else "□", state)
        elif kind in _TYPED_IN:
            self.text(attributes.get("value") or "", state)

    def _select(self, node: LexborNode, state: _State) -> None:
        options = node.css("option")
        chosen = [option for option in options if "selected" in option.attributes]
        if not chosen and "multiple" not in node.attributes:
            chosen = options[:1]
        self.text(" ".join(option.text() for option in chosen), state)


def _nothing() -> None:
    """What is done at the end of a row: the next one tells that it has begun."""
