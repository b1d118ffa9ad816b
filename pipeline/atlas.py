"""Which forms a corpus holds: its forms by the words of their heads, those of no known family first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from pipeline.errors import UsageProblem
from pipeline.labels import bare_label
from pipeline.query import query
from pipeline.reader import reader
from pipeline.rows import HEAD_SEPARATOR
from pipeline.run import Event, Settings, extract_year
from pipeline.storage import Place

ANY_YEAR: Final = 2000
"""Year of the tables that are thrown away."""

REASONS: Final = ("unknown_form", "tied_templates", "incomplete_form")
"""Rules that say why a form has no family."""

MOST_FUND_HEADS: Final = 5
"""Fund heads that are told apart for each variant, the most frequent first."""

_FORMS = """
SELECT family, indicator_head, fund_head, count(*) AS forms,
       list_sort(list(DISTINCT year)) AS years, min(form_id || ' ' || year, $2::INT) AS examples
FROM projects WHERE $1::INT IS NULL OR year = $1::INT
GROUP BY family, indicator_head, fund_head
"""
_DOCUMENTS = """
SELECT p.family, k.key, count(DISTINCT document_id)
FROM projects p JOIN (SELECT unnest($2::VARCHAR[]) AS head, unnest($3::VARCHAR[]) AS key) k
  ON coalesce(p.indicator_head, '') = k.head
WHERE $1::INT IS NULL OR year = $1::INT
GROUP BY ALL
"""
_WHY = """
SELECT p.indicator_head, f.rule, f.message, count(*) AS forms
FROM projects p JOIN findings f USING (form_id, year)
WHERE p.family IS NULL AND list_contains($2, f.rule) AND ($1::INT IS NULL OR year = $1::INT)
GROUP BY ALL ORDER BY forms DESC, f.message
"""
_EXAMPLES = """
SELECT p.form_id || ' ' || p.year AS id, p.form_id, min(d.source_path) AS source_path, p.page_first, p.year
FROM projects p JOIN documents d ON p.document_id = d.document_id AND p.year = d.year
WHERE list_contains($1, p.form_id || ' ' || p.year) GROUP BY ALL
"""
_REFUSED = """
SELECT rule, count(*) FROM findings
WHERE rule LIKE 'neighbour\\_%' ESCAPE '\\' AND ($1::INT IS NULL OR year = $1::INT)
GROUP BY rule ORDER BY count(*) DESC, rule
"""
_MISSED = """
SELECT count(*) FROM findings
WHERE form_id IS NULL AND rule = 'incomplete_form' AND ($1::INT IS NULL OR year = $1::INT)
"""


class Atlas(NamedTuple):
    """The atlas as lines for people, and the same as plain data."""

    lines: tuple[str, ...]
    data: dict[str, Any]


class _Variant:
    """Forms of one family whose heads have the same words, brackets at their ends aside."""

    def __init__(self) -> None:
        self.heads: Counter[str] = Counter()
        self.fund_heads: Counter[str] = Counter()
        self.years: set[int] = set()
        self.examples: set[str] = set()

    def plain(
        self, family: str | None, documents: int, examples: dict[str, dict[str, Any]], most: int
    ) -> dict[str, Any]:
        """The variant as data; its head is the most frequent print."""
        head = self.heads.most_common(1)[0][0]
        return {
            "family": family,
            "forms": self.heads.total(),
            "documents": documents,
            "years": sorted(self.years),
            "head": head.split(HEAD_SEPARATOR) if head else [],
            "spellings": len(self.heads),
            "fund_heads": [
                {"head": words.split(HEAD_SEPARATOR) if words else [], "forms": forms}
                for words, forms in sorted(self.fund_heads.items(), key=lambda one: (-one[1], one[0]))
            ][:MOST_FUND_HEADS],
            "examples": [examples[one] for one in sorted(self.examples)[:most] if one in examples],
        }


def atlas(out: Place, year: int | None = None, most: int = 3) -> Atlas:
    """The variants of the forms in the tables.

    Args:
        out: Folder of the tables, or its address.
        year: Only this one; None takes all.
        most: Example forms of each variant.

    Raises:
        NothingFound: No tables have been published under ``out``.
        UsageProblem: The tables do not keep the heads of forms.
    """
    data = _survey(out, year, most)
    return Atlas(tuple(_lines(data)), data)


def _survey(out: Place, year: int | None, most: int) -> dict[str, Any]:
    names = query(out, "SELECT * FROM projects LIMIT 0").columns
    if "indicator_head" not in names:
        raise UsageProblem(
            f"The tables under {out} were made by a version that kept no heads.",
            "Run `jixiao extract` for the year again, or name the reports: jixiao atlas --input DIR.",
        )
    variants = _variants(query(out, _FORMS, [year, max(most, 1)]).rows)
    heads = sorted({head for variant in variants.values() for head in variant.heads})
    counted = query(out, _DOCUMENTS, [year, heads, [_key(head) for head in heads]]).rows
    documents = {(family, key): number for family, key, number in counted}
    ids = sorted({one for variant in variants.values() for one in variant.examples})
    shown = {row[0]: _example(row) for row in query(out, _EXAMPLES, [ids]).rows}
    why = _reasons(query(out, _WHY, [year, list(REASONS)]).rows)
    listed = []
    for (family, key), variant in variants.items():
        plain = variant.plain(family, documents[family, key], shown, most)
        if family is None:
            plain |= why.get(key, {"why": None, "rule": None})
        listed.append(plain)
    listed.sort(key=lambda one: (one["family"] or "", -one["forms"], one["head"]))
    (missed,) = query(out, _MISSED, [year]).rows[0]
    return {
        "forms": sum(one["forms"] for one in listed),
        "unknown_forms": sum(one["forms"] for one in listed if one["family"] is None),
        "documents_with_missed_forms": missed,
        "neighbours": dict(query(out, _REFUSED, [year]).rows),
        "variants": listed,
    }


def atlas_of_reports(folder: Path, most: int, jobs: int, on_event: Callable[[Event], None]) -> Atlas:
    """The variants of the forms in a folder of reports, read into tables that are thrown away.

    Raises:
        NothingFound: There is no file to read under the folder.
    """
    with TemporaryDirectory(prefix="jixiao-atlas-") as place:
        settings = Settings(
            year=ANY_YEAR,
            input=folder,
            out=Path(place) / "tables",
            state=Path(place) / "state",
            jobs=jobs,
        )
        extract_year(settings, reader(Path(place)), on_event)
        data = _survey(settings.out, None, most)
    for variant in data["variants"]:
        variant["years"] = []
        for example in variant["examples"]:
            example["year"] = None
    return Atlas(tuple(_lines(data)), data)


def _key(head: str | None) -> str:
    """What makes two heads one variant: their words, whatever stands in brackets behind them."""
    return HEAD_SEPARATOR.join(bare_label(word) for word in head.split(HEAD_SEPARATOR)) if head else ""


def _variants(rows: Iterable[Sequence[Any]]) -> dict[tuple[str | None, str], _Variant]:
    variants: dict[tuple[str | None, str], _Variant] = defaultdict(_Variant)
    for family, head, fund_head, forms, years, examples in rows:
        variant = variants[family, _key(head)]
        variant.heads[head or ""] += forms
        variant.fund_heads[_key(fund_head)] += forms
        variant.years.update(years)
        variant.examples.update(examples)
    return variants


def _reasons(rows: Iterable[Sequence[Any]]) -> dict[str, dict[str, str]]:
    """Why the forms of a head have no family, the most frequent reason of each."""
    reasons: dict[str, dict[str, str]] = {}
    for head, rule, message, _ in rows:
        reasons.setdefault(_key(head), {"why": message, "rule": rule})
    return reasons


def _example(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("form_id", "source_path", "page", "year"), row[1:], strict=True))


# ── for people ───────────────────────────────────────────────────────────────


def _lines(data: dict[str, Any]) -> Iterable[str]:
    unknown = [one for one in data["variants"] if one["family"] is None]
    known = [one for one in data["variants"] if one["family"] is not None]
    yield (
        f"{_many(data['forms'], 'form')}: {data['unknown_forms']:,} of no known family in"
        f" {_many(len(unknown), 'variant')}, the others in {_many(len(known), 'variant')}"
    )
    if data["documents_with_missed_forms"]:
        yield f"forms that could not be made out: in {_many(data['documents_with_missed_forms'], 'document')}"
    if data["neighbours"]:
        refused = ", ".join(
            f"{number:,} {rule.removeprefix('neighbour_')}" for rule, number in data["neighbours"].items()
        )
        yield f"refused beside them: {refused}"
    for variant in (*unknown, *known):
        yield ""
        yield from _variant_lines(variant)


def _many(number: int, noun: str) -> str:
    """A number and its noun.

    >>> _many(1, "form"), _many(2000, "form")
    ('1 form', '2,000 forms')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _variant_lines(variant: dict[str, Any]) -> Iterable[str]:
    family = variant["family"] or "unknown"
    years = f" ({', '.join(map(str, variant['years']))})" if variant["years"] else ""
    yield f"{family}: {_many(variant['forms'], 'form')} in {_many(variant['documents'], 'document')}{years}"
    yield f"  head: {HEAD_SEPARATOR.join(variant['head']) or 'none printed'}"
    if variant.get("why"):
        yield f"  {variant['rule']}: {variant['why']}"
    for fund in variant["fund_heads"]:
        yield f"  funds, {_many(fund['forms'], 'form')}: {HEAD_SEPARATOR.join(fund['head']) or 'no head printed'}"
    for one in variant["examples"]:
        yield f"  see {one['source_path']}, page {one['page']}: form {one['form_id']}"
