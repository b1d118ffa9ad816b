"""What a person may want to know of a Word document: what it holds and is not in the grids."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from parsers.grid import Note

_SNIPPET: Final = 40
_TOLD: Final = {
    "hidden_text": "{} hidden texts are not printed and were left out, the first: {}",
    "covered_text": "{} cells are covered by the merged cell above them; what they hold is not printed and"
                    " was left out, the first: {}",
    "embedded_object": "{} embedded objects were not read; save each as a file and give it, the first: {}",
    "unread_part": "{} parts of the document could not be read, the first: {}",
}


class Seen:
    """What a person may want to know of, gathered on the way.

    Attributes:
        counts: Of ``added``, ``deleted``, ``picture`` and ``page_picture``.
        hidden: Text that is not printed.
        covered: Text of cells that another cell covers.
        embedded: Names of programs whose objects are embedded.
        unread: Parts that are printed and could not be read, each with the reason.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.hidden: list[str] = []
        self.covered: list[str] = []
        self.embedded: list[str] = []
        self.unread: list[str] = []

    def notes(self) -> tuple[Note, ...]:
        """What was seen, as notes of stable kinds."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[Note]:
        counts = self.counts
        if counts["added"] or counts["deleted"]:
            yield Note("tracked_changes", "body",
                       f"{counts['added']} tracked insertions were read as text and {counts['deleted']}"
                       " deletions left out; accept or reject them where that is wrong")
        lists = (self.hidden, self.covered, self.embedded, self.unread)
        for (kind, message), texts in zip(_TOLD.items(), lists, strict=True):
            if texts:
                yield Note(kind, "body", message.format(len(texts), texts[0][:_SNIPPET]))
        if counts["page_picture"]:
            yield Note("page_picture", "body",
                       f"{counts['page_picture']} pictures are as large as a page of a form; their text was"
                       " not read")
        small = counts["picture"] - counts["page_picture"]
        if small > 0:
            yield Note("picture", "body", f"{small} small pictures were not read")
