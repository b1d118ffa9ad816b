"""Level names that are printed once for several rows."""

from collections.abc import Mapping

from pipeline.labels import begins_level, level_code, parents
from pipeline.records import Finding, Printed

LONGEST_PIECE = 2
"""Characters of one piece of a name that is printed down its column."""


class Levels:
    """The level names in force, row by row.

    A name holds until the next one of its level; a new level 1 ends the level 2 before it.
    A level 2 that cannot stand under the level 1 in force says that a level 1 was not
    printed: then none is filled in. ``printed`` is false where the form has no such columns.
    """

    def __init__(self, findings: list[Finding], *, printed: bool) -> None:
        self._findings = findings
        self._printed = printed
        self._level1: Printed | None = None  # the names in force, as they are filled down
        self._level2: Printed | None = None

    def fill(self, line_no: int, fields: dict[str, Printed]) -> dict[str, Printed]:
        """The fields of a row with the level names that reach down to it."""
        level1, level2 = fields.get("level1"), fields.get("level2")
        if level1 is not None:
            if self._level1 is None or level1.text != self._level1.text:
                self._level2 = None
            self._level1 = level1._replace(repair="filled_down")
        if level2 is not None:
            self._level2 = level2._replace(repair="filled_down")
            if level1 is None and self._contradicts(level2):
                self._missing(line_no, level2)
                self._level1 = None
        if level1 is None and self._level1 is not None:
            fields["level1"] = self._level1
        elif level1 is None and line_no == 0 and self._printed:
            self._missing(line_no, None)
        if level2 is None and self._level2 is not None:
            fields["level2"] = self._level2
        return fields

    def tail_of(self, fields: Mapping[str, Printed]) -> tuple[str, Printed] | None:
        """The level and its whole name, where a row prints the rest of the name in force.

        So it is where a page cuts a merged cell, or where a name stands down its column, a character a row: the rest
        is no name of a level, and both together are one, or begin one;
        a rest that stands alone on the next page needs no list to say so.
        """
        for name, level, above in (("level1", 1, self._level1), ("level2", 2, self._level2)):
            rest = fields.get(name)
            if rest is None or above is None or rest.cell is above.cell:
                continue
            if level_code(level, rest.text) is not None:
                continue
            whole = above._replace(
                text=above.text + rest.text, repair="joined_page_break", more=(*above.more, rest.cell)
            )
            on_next_page = rest.cell.origin.page != above.cell.origin.page
            alone = self._own(fields) == {name} and level_code(level, above.text) is None
            is_piece = len(rest.text) <= LONGEST_PIECE and begins_level(level, whole.text)
            if is_piece or level_code(level, whole.text) is not None or (on_next_page and alone):
                return name, whole
        return None

    def _own(self, fields: Mapping[str, Printed]) -> set[str]:
        """The fields of a row that no merged cell of the rows above reaches down to."""
        reach = [above.cell for above in (self._level1, self._level2) if above is not None]
        return {name for name, printed in fields.items() if printed.cell not in reach}

    def replace(self, name: str, whole: Printed) -> None:
        """Put the whole name in force in place of the part that was cut."""
        if name == "level1":
            self._level1 = whole
        else:
            self._level2 = whole

    def _contradicts(self, level2: Printed) -> bool:
        if self._level1 is None:
            return False
        above = level_code(1, self._level1.text)
        possible = parents(level_code(2, level2.text) or "")
        return above is not None and bool(possible) and above not in possible

    def _missing(self, line_no: int, level2: Printed | None) -> None:
        self._findings.append(
            Finding(
                rule="layout_level_missing",
                severity="info",
                message="no level-1 name is printed that this row can stand under; none was filled in",
                table="indicators",
                line_no=line_no,
                field="level1",
                printed=None if level2 is None else level2.text,
            )
        )
