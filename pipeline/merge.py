"""The shares of a year joined into its tables, as one run over the whole would have made them."""

import heapq
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pipeline import shards, storage
from pipeline.errors import NothingFound, UsageProblem
from pipeline.fingerprint import Fingerprint
from pipeline.outcome import Outcome
from pipeline.parts import PART_BYTES
from pipeline.run import Reader
from pipeline.shards import Head, Shard
from pipeline.storage import Place
from pipeline.summary import Summary, contents_of
from pipeline.vocabulary import NOT_READ
from pipeline.warehouse import Copies, Edition, Warehouse
from pipeline.worklist import PATHS_KEPT

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


def merge(year: int, out: Place, warehouse: Warehouse, reader: Reader, part_bytes: int = PART_BYTES) -> Summary:
    """Publish a year from the files of its shares.

    Args:
        year: The partition.
        out: The folder of the tables, in which the shares stand too.
        warehouse: Takes the tables.
        reader: Says what corrections and units hold now.
        part_bytes: Size at which a part file is closed.

    Raises:
        NothingFound: There is no share.
        UsageProblem: The shares do not make a whole; the message says which and why. Or a folder
            cannot be used.
        ContractBreach: A table would break the contract. Nothing was published.
    """
    try:
        return _merge(year, out, warehouse, reader, part_bytes)
    except OSError as error:
        raise UsageProblem(f"A folder of the shares or tables could not be used: {error}.",
                           "Check the rights to it and the free space.") from error


def _merge(year: int, out: Place, warehouse: Warehouse, reader: Reader, part_bytes: int) -> Summary:
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
        twice = _checked(heads, prints)
        best = _best(paths, twice)
        copies = _copies(paths, twice)
        edition = Edition(
            year, lambda: _outcomes(paths, best), lambda: _documents(paths), lambda: _blobs(paths), copies,
            reader.units, head.version, prints, part_bytes)
        warehouse.recover()
        warehouse.publish(edition)
        contents = contents_of(edition.outcomes(), copies)
    return Summary(year, os.fspath(out), contents, 0, contents.files, 0, published=True,
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


def _checked(heads: Mapping[Path, Head], prints: Fingerprint) -> set[str]:
    """The documents that stand under more than one path, every row of the shares checked.

    Raises:
        UsageProblem: A path stands in a share that it does not belong to, or a document was read
            with other corrections than hold now.
    """
    once: set[bytes] = set()      # half as large as texts
    twice: set[bytes] = set()
    for path, head in heads.items():
        shard = Shard(head.number, head.of)
        corrected = 0
        for source_path, outcome, kept_under in shards.read_outcomes(path):
            if not shard.has(source_path):
                raise UsageProblem(f"{path.name} holds {source_path}, which belongs to another share.",
                                   "Run that share again.")
            if outcome.document_id is not None:
                corrected += kept_under != prints.of(outcome.document_id)
                identity = bytes.fromhex(outcome.document_id)
                (twice if identity in once else once).add(identity)
        if corrected:
            raise UsageProblem(f"Share {shard} holds {corrected} documents read with other corrections than hold now.",
                               "Run that share again with the same --corrections; only these documents are read.")
    return {identity.hex() for identity in twice}


def _copies(paths: Sequence[Path], twice: Collection[str]) -> dict[str, Copies]:
    """The first paths of some documents, and how many there are."""
    copies: dict[str, Copies] = {}
    for source_path, outcome in _outcomes(paths, {}) if twice else ():
        if outcome.document_id in twice:
            number, shown = copies.get(str(outcome.document_id), Copies(0, ()))
            copies[str(outcome.document_id)] = Copies(number + 1, (*shown, source_path)[:PATHS_KEPT])
    return copies


def _best(paths: Sequence[Path], twice: Collection[str]) -> dict[str, Outcome]:
    """What became of some documents: a copy that failed never takes the place of what was read."""
    best: dict[str, Outcome] = {}
    for _, outcome in _outcomes(paths, {}) if twice else ():
        if outcome.document_id in twice:
            before = best.setdefault(str(outcome.document_id), outcome)
            if before.status in NOT_READ and outcome.status not in NOT_READ:
                best[str(outcome.document_id)] = outcome
    return best


def _outcomes(paths: Sequence[Path], best: Mapping[str, Outcome]) -> Iterator[tuple[str, Outcome]]:
    """Every path with its outcome, sorted; each share is read as it is needed, here as below."""
    for source_path, outcome, _ in heapq.merge(*map(shards.read_outcomes, paths), key=itemgetter(0)):
        yield source_path, best.get(outcome.document_id or "", outcome)


def _documents(paths: Sequence[Path]) -> Iterator[str]:
    """Every document, sorted."""
    return (document_id for document_id, _ in groupby(heapq.merge(*map(shards.read_documents, paths))))


def _blobs(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """The rows of every document, sorted by document_id."""
    first: Callable[[tuple[str, bytes]], str] = itemgetter(0)
    for document_id, copies in groupby(heapq.merge(*map(shards.read_blobs, paths), key=first), first):
        # a copy that crashed has none, and never takes the place of what was read
        yield document_id, max((blob for _, blob in copies), key=len)


def _list(names: Iterable[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
