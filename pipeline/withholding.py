"""The last look for persons before values are read: what the form prints in places nobody expects.

The header withholds what stands under a label of a person. Names and numbers also stand behind
other print of the same cell, in lines run together and under labels that nobody has seen.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from operator import itemgetter

from pipeline.privacy import HIDDEN, redacted, tell_of_persons, without_persons
from pipeline.records import Fields, Finding, Printed, PrintedForm, PrintedRow

RULE = "withheld_personal_data"

_OF_ROWS = frozenset({"funds", "indicators"})
"""Tables of whose print only what is plainly a person's is withheld: 责任人 落实到位 is a result."""

_PROSE = frozenset({"goal_expected", "goal_actual"})

SHORTEST = 4
"""Characters of the shortest print that tells of a person: 主任张三."""

_TEXT = itemgetter(0)
_NO_TEXT = frozenset({"project_code", "score_total", "weight_total"})


def mask_of(table: str | None, field: str | None) -> Callable[[str], str]:
    """How the print of a field is rid of persons.

    >>> mask_of("projects", "project_name")("维修 联系人：张三"), mask_of("funds", "executed_yuan")("15.00")
    ('维修 联系人：***', '15.00')
    """
    return without_persons if table in _OF_ROWS or field in _PROSE else redacted


def withhold(printed: PrintedForm) -> PrintedForm:
    """The form without the names and numbers of persons; the same object where there are none."""
    lines = [printed.header, printed.totals, *[row.fields for row in (*printed.funds, *printed.indicators)]]
    if not tell_of_persons(set(map(_TEXT, chain.from_iterable([fields.values() for fields in lines])))):
        return printed
    header = _fields(printed.header, "projects")
    totals = _fields(printed.totals, "projects")
    funds = tuple([_row(row, "funds") for row in printed.funds])
    indicators = tuple([_row(row, "indicators") for row in printed.indicators])
    return printed._replace(header=header, funds=funds, indicators=indicators, totals=totals)


def _row(row: PrintedRow, table: str) -> PrintedRow:
    fields = _fields(row.fields, table)
    return row if fields is row.fields else row._replace(fields=fields)


def _fields(fields: Fields, table: str) -> Fields:
    changed: dict[str, Printed] = {}
    for name, printed in fields.items():
        if len(printed.text) < SHORTEST or name in _NO_TEXT:
            continue
        text = mask_of(table, name)(printed.text)
        if text != printed.text:
            changed[name] = printed._replace(text=text)
    return {**fields, **changed} if changed else fields


def masked(findings: Iterable[Finding], *, already: bool) -> tuple[Finding, ...]:
    """Findings without persons, and one that says so where anything was taken out of them.

    ``already`` is whether something was withheld from the records themselves; findings may
    come with persons taken out of them.
    """
    kept: list[Finding] = []
    for finding in findings:
        mask = mask_of(finding.table, finding.field)
        texts = (finding.printed, finding.expected, finding.message)
        shown = [text if text is None or len(text) < SHORTEST else mask(text) for text in texts]
        already = already or any(HIDDEN in text for text in shown if text is not None)
        if shown == [*texts]:
            kept.append(finding)
        else:
            kept.append(finding._replace(printed=shown[0], expected=shown[1], message=shown[2] or ""))
    if already and not any(finding.rule == RULE for finding in kept):
        kept.append(withheld())
    return tuple(kept)


def withheld() -> Finding:
    """The finding that says that something was withheld, not what."""
    message = "a person's name or telephone number is printed here; it was withheld from all tables"
    return Finding(RULE, "info", message, table="projects")
