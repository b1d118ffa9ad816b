"""One source through every stage, in order. Start reading here.

bytes → grids → blocks → shape → printed form → valued form → findings → rows

Between grids and blocks, and again before values are read, what a recogniser saw of a scan is settled:
by vocabulary, by grammar, by arithmetic. Where print is text these stages have nothing to do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from parsers import read
from parsers.errors import UnreadableSource
from parsers.grid import Cell, Note, Reading
from pipeline import (
    arithmetic,
    audit,
    batches,
    control_totals,
    corrections,
    doubt,
    grammar,
    neighbours,
    result_lists,
    spelling,
    suspects,
)
from pipeline.blocks import split
from pipeline.checks import check, reconcile
from pipeline.funds import read_funds
from pipeline.header import read_header
from pipeline.indicators import read_indicators
from pipeline.normalise import normalise
from pipeline.outcome import Outcome, Task
from pipeline.recognise import recognise
from pipeline.recognised import any_recognised
from pipeline.records import Block, ControlTotals, Finding, PrintedForm, Row, Statement
from pipeline.rows import FormRecord, form_id, head_words, rows_of
from pipeline.rules import RULES
from pipeline.sources import READ_LIMIT
from pipeline.templates import Template, load
from pipeline.withholding import masked, withhold

_INCOMPLETE = ("incomplete_form", "unknown_form", "tied_templates")


class Extract(NamedTuple):
    """What one document holds: its forms, and findings that belong to none of them.

    ``refused`` blocks and rows ``outside`` any block are the rest of its cells: with the
    blocks of the forms they are all that was read. ``stated`` are the control totals of its
    text (R13), ``statements`` the numbers that they are taken from.
    """

    forms: tuple[FormRecord, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Block, ...]
    outside: tuple[Row, ...]
    stated: ControlTotals
    statements: tuple[Statement, ...]


def extract(
    reading: Reading,
    document_id: str,
    decisions: Iterable[corrections.Correction] = (),
    templates: Sequence[Template] | None = None,
) -> Extract:
    """Every form of a document that was read."""
    templates = load() if templates is None else templates
    forms: list[FormRecord] = []
    refused: list[Block] = []
    outside: list[Row] = []
    findings = [_noted(note) for note in reading.notes]
    before: Mapping[Cell, Cell] | None = None
    grids_read = reading.grids
    if any_recognised(grids_read):
        grids_read, before = spelling.spelled(grids_read, templates)
    for _, grids in groupby(grids_read, attrgetter("part")):
        parts = split(grids)
        for block in parts.blocks:
            read_or_refused = _form(block, form_id(document_id, len(forms)), decisions, templates, before)
            if isinstance(read_or_refused, FormRecord):
                forms.append(read_or_refused)
            else:
                refused.append(block)
                findings += read_or_refused
        outside += parts.outside
        findings += audit.outside(parts.outside)
    if not forms and not refused and audit.speaks_of_a_form(outside):
        findings.append(audit.missed_form())
    findings += corrections.without_form(decisions, [form_id(document_id, n) for n in range(len(forms))])
    statements = control_totals.statements(outside, *(block.rows for block in refused))
    stated = control_totals.totals(statements)
    if statements:
        listed = [project for block in refused for project in result_lists.listed(block)]
        findings += reconcile(stated, statements, [record.form for record in forms], listed)
    return Extract(tuple(forms), tuple(findings), tuple(refused), tuple(outside), stated, statements)


def _noted(note: Note) -> Finding:
    """What a reader noticed, as grave as its rule."""
    return Finding(note.kind, RULES[note.kind].severity, f"{note.message} ({note.place})")


def _form(
    block: Block,
    identity: str,
    decisions: Iterable[corrections.Correction],
    templates: Sequence[Template],
    before: Mapping[Cell, Cell] | None,
) -> FormRecord | tuple[Finding, ...]:
    """One block through the stages; a neighbour is refused with findings.

    ``before`` are the doubtful words of a scan as they were read; None where nothing is scanned.
    """
    shape = recognise(block, templates)
    kind = neighbours.kind_of(block, shape)
    if kind != "form":
        return neighbours.refuse(kind, block)
    header = read_header(block, shape)
    funds = read_funds(shape)
    indicators = read_indicators(shape)
    printed = PrintedForm(header.fields, funds.rows, indicators.rows, indicators.totals, header.reason)
    neighbour = None if shape.template is None else neighbours.by_content(block, printed)
    if neighbour is not None:
        return neighbours.refuse(neighbour, block)
    doubts: tuple[Finding, ...] = ()
    if before is not None:
        choices = arithmetic.settle(printed, shape.template, grammar.choose(printed, before))
        printed, doubts = doubt.settled(block, printed, choices, before)
    shown = withhold(printed)
    was_withheld, printed = shown is not printed and shown != printed, shown
    printed, decided = corrections.apply(printed, identity, decisions)
    valued = normalise(printed, shape.template)
    left = audit.audit(block)
    findings: tuple[Finding, ...] = (
        *block.findings,
        *neighbours.notes(block, printed),
        *shape.findings,
        *header.findings,
        *funds.findings,
        *indicators.findings,
        *doubt.still(doubts, decided),
        *decided,
        *valued.findings,
        *left.findings,
        *check(valued.form),
    )
    if before is not None:
        findings += suspects.suspects(shape, printed, findings)
    noticed = masked(findings, already=was_withheld)
    heads = head_words(shape.indicator_head_slots), head_words(shape.fund_head_slots)
    return FormRecord(block, printed, valued.form, noticed, left.unplaced, *heads)


# ── one file ─────────────────────────────────────────────────────────────────


def outcome_of(data: bytes, name: str, document_id: str, known: corrections.Corrections) -> Outcome:
    """The outcome of a file's bytes: its rows, or why it could not be read."""
    try:
        reading = read(data, name)
    except UnreadableSource as error:
        return Outcome(document_id=document_id, status="unreadable", reason=error.reason)
    result = extract(reading, document_id, corrections.of_document(known, document_id))
    rows = rows_of(document_id, result.forms, result.findings, result.statements)
    return Outcome(
        document_id=document_id,
        status="extracted" if result.forms else "no_forms",
        reason=_reason(result),
        media_type=reading.media_type,
        page_count=reading.page_count,
        form_count=len(result.forms),
        stated_form_count=result.stated.form_count,
        stated_amount_yuan=result.stated.amount_yuan,
        stated_average_score=result.stated.average_score,
        counts=_counts(rows, result),
        rows=batches.encode(rows),
    )


def _reason(result: Extract) -> str | None:
    """What a person should know before opening the tables."""
    if not result.forms:
        refused = [finding.message for finding in result.findings if finding.rule.startswith("neighbour_")]
        return "no_forms: " + ("; ".join(refused) or "neither a title nor the header of a form is printed in it")
    parts = [
        f"form {index}: {finding.message}"
        for index, record in enumerate(result.forms)
        for finding in record.findings
        if finding.rule in _INCOMPLETE
    ]
    return f"incomplete_form: {'; '.join(parts)}" if parts else None


def _counts(rows: dict[str, list[tuple[object, ...]]], result: Extract) -> Counter[str]:
    counts = Counter({table: len(lines) for table, lines in rows.items()})
    counts.update(finding.severity for finding in result.findings)
    counts.update(finding.severity for record in result.forms for finding in record.findings)
    return counts


def process(task: Task, known: corrections.Corrections) -> Outcome:
    """Open, hash and read one file; the outcome says what became of it, whatever it is."""
    if task.size > READ_LIMIT:
        reason = f"too_large: {task.size:,} bytes, more than the {READ_LIMIT:,} that are read; split the file"
        return Outcome(document_id=task.document_id, status="unreadable", reason=reason)
    try:
        data = Path(task.path).read_bytes()
    except PermissionError:
        return Outcome(
            None,
            "unreadable",
            "no_permission: the file may not be read; give yourself the right to",
        )
    except OSError as error:
        return Outcome(
            None,
            "unreadable",
            f"read_failed: {error.strerror or error}; check the disk and the file",
        )
    document_id = hashlib.sha256(data).hexdigest()
    return outcome_of(data, task.relative, document_id, known)
