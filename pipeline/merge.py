"""The shares of a year joined into its tables, as one run over the whole would have made them."""

import heapq
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipeline import shards, storage
from pipeline.errors import NothingFound, UsageProblem
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome
from pipeline.run import Reader
from pipeline.shards import Head, Shard
from pipeline.storage import Place
from pipeline.summary import Summary, contents_of
from pipeline.warehouse import Edition, Warehouse, document_rows, signature

_SHOWN: Final = 10

_SAME: Final = {
    "year": "are of different years",
    "of": "were cut in different ways",
    "version": "were read by different versions of jixiao",
    "code": "were read by different code, or with other versions of its libraries",
    "columns": "have different columns",
    "listing": "saw different files in the input folder",
}
"""What must be the same in all shares, and what to say where it is not."""


def merge(year: int, out: Place, warehouse: Warehouse, reader: Reader) -> Summary:
    """Publish a year from the files of its shares.

    Args:
        year: The partition.
        out: The folder of the tables, in which the shares stand too.
        warehouse: Takes the tables.
        reader: Says what corrections and units hold now.

    Raises:
        NothingFound: There is no share.
        UsageProblem: The shares do not make a whole; the message says which and why. Or a folder
            cannot be used.
        ContractBreach: A table would break the contract. Nothing was published.
    """
    try:
        return _merge(year, out, warehouse, reader)
    except OSError as error:
        raise UsageProblem(f"A folder of the shares or tables could not be used: {error}.",
                           "Check the rights to it and the free space.") from error


def _merge(year: int, out: Place, warehouse: Warehouse, reader: Reader) -> Summary:
    started = time.perf_counter()
    with _here(f"{os.fspath(out)}/{shards.FOLDER}/year={year}") as paths:
        if not paths:
            raise NothingFound(f"There is no share of {year} in {os.fspath(out)}/{shards.FOLDER}.",
                               f"Run `jixiao extract --year {year} --shard 1/N` to N/N with the same --out first.")
        heads = {path: shards.read_head(path) for path in paths}
        head = _the_same(year, heads)
        if (head.version, head.columns) != (reader.extractor_version, shards.columns()):
            raise UsageProblem(f"The shares were read by jixiao {head.version}, and this is another version.",
                               "Merge with the version that read them, or run the shares again.")
        prints = Fingerprint(head.code, reader.corrections_of)
        documents = _documents(heads, prints)
        rows = document_rows(documents, head.version)
        identities = sorted({outcome.document_id for _, outcome in documents if outcome.document_id})
        sign = signature(prints, reader.units, rows, identities)
        warehouse.recover()
        warehouse.publish(
            Edition(year, sign, documents, rows, _blobs(paths), reader.units, head.version, prints))
    return Summary(year, os.fspath(out), contents_of(documents), 0, len(documents), 0, published=True,
                   seconds=time.perf_counter() - started)


@contextmanager
def _here(folder: str) -> Iterator[list[Path]]:
    """The files of the shares, on this machine."""
    if not storage.is_address(folder):
        yield sorted(Path(folder).glob("*-of-*.arrow"))
        return
    with TemporaryDirectory(prefix="jixiao-") as local:
        addresses = [each for each in storage.names(folder) if each.endswith(".arrow")]
        paths = [Path(local) / address.rpartition("/")[2] for address in addresses]
        for address, path in zip(addresses, paths, strict=True):
            storage.fetch(address, path)
        yield sorted(paths)


def _the_same(year: int, heads: Mapping[Path, Head]) -> Head:
    """What all shares say of themselves, checked to be one whole.

    Raises:
        UsageProblem: They are not.
    """
    for name, words in _SAME.items():
        found = Counter(getattr(head, name) for head in heads.values())
        if len(found) > 1:
            most = found.most_common(1)[0][0]
            others = [path.name for path, head in heads.items() if getattr(head, name) != most]
            raise UsageProblem(f"The shares {words}: {_list(others)} against the others.",
                               "Run these shares again, or remove the files that are left from before.")
    numbers = Counter(head.number for head in heads.values())
    twice = [path.name for path, head in heads.items() if numbers[head.number] > 1]
    if twice:
        raise UsageProblem(f"The same share stands there more than once: {_list(twice)}.", "Remove all but one.")
    head = next(iter(heads.values()))
    if head.year != year:
        raise UsageProblem(f"The shares are of {head.year}, not of {year}.", "Name their year.")
    missing = [str(Shard(number, head.of)) for number in range(1, head.of + 1) if number not in numbers]
    if missing:
        raise UsageProblem(f"{len(missing)} of {head.of} shares are missing: {_list(missing)}.",
                           f"Run `jixiao extract --year {year} --shard {missing[0]}` with the same --input and --out.")
    return head


def _documents(heads: Mapping[Path, Head], prints: Fingerprint) -> list[tuple[str, Outcome]]:
    """Every path with its outcome, sorted.

    Raises:
        UsageProblem: A path stands in a share that it does not belong to, or a document was read
            with other corrections than hold now.
    """
    documents: list[tuple[str, Outcome]] = []
    for path, head in heads.items():
        shard = Shard(head.number, head.of)
        corrected = 0
        for row in shards.read_rows(path, shards.KEPT):
            if not shard.has(row["source_path"]):
                raise UsageProblem(f"{path.name} holds {row['source_path']}, which belongs to another share.",
                                   "Run that share again.")
            corrected += row["document_id"] is not None and row["print"] != prints.of(row["document_id"])
            documents.append((row["source_path"], shards.outcome_of(row)))
        if corrected:
            raise UsageProblem(f"Share {shard} holds {corrected} documents read with other corrections than hold now.",
                               "Run that share again with the same --corrections; only these documents are read.")
    documents.sort(key=itemgetter(0))
    return documents


def _blobs(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """The rows of every document, in the order of document_id; each share is read as it is needed."""
    first: Callable[[tuple[str, bytes]], str] = itemgetter(0)
    rows = heapq.merge(*map(_blobs_of, paths), key=first)
    for document_id, copies in groupby(rows, first):
        # a copy that crashed has none, and never takes the place of what was read
        yield document_id, max((blob for _, blob in copies), key=len)


def _blobs_of(path: Path) -> Iterator[tuple[str, bytes]]:
    row: dict[str, Any]
    for row in shards.read_rows(path, ("document_id", "rows")):
        if row["rows"] is not None:
            yield row["document_id"], row["rows"]


def _list(names: Iterable[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
