"""The tables of a year in a store of objects, which knows no rename: a manifest says what counts.

``<out>/<table>/year=<YEAR>/part-<EDITION>-00000.parquet``, and ``<out>/_manifest/year=<YEAR>.json``
lists the files of the one edition that counts; ``units`` likewise. New files are written under
``_staging``, which readers skip, then moved to names that no other edition has; the manifest is
replaced in one step, and only then are the old files removed. So a reader of the manifest sees one
edition, whole. A reader that lists the folders sees whole files only, and between the moves and the
removal those of both editions. A run that was killed leaves files that no manifest lists; the next
publication removes them.
"""

import hashlib
import json
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipeline import contract, storage
from pipeline.errors import StateBusy, UsageProblem
from pipeline.warehouse import Edition, PublishedFile, PublishResult

MANIFESTS: Final = "_manifest"
_STAGING: Final = "_staging"
_MARK: Final = 16


class ObjectStore:
    """Parquet files under an address of fsspec. As in `pipeline.warehouse.Warehouse`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._system, root = storage.filesystem(address)
        self._root = root.rstrip("/")

    @property
    def name(self) -> str:
        """The address."""
        return self._address

    def recover(self) -> None:
        """Nothing: what a killed run left counts for nobody, and the next publication removes it."""

    def intact(self, edition: Edition, files: Sequence[PublishedFile]) -> bool:
        """Whether the manifest names this edition and all its files stand as they were left."""
        with storage.reaching(self._address):
            if _edition(self._system, self._root, f"year={edition.year}") != edition.signature:
                return False
            try:
                return all(self._published(each.path) == each for each in files)
            except FileNotFoundError:
                return False

    def publish(self, edition: Edition) -> PublishResult:
        """As in `Warehouse`; two runs that publish the same year at once are found out, not kept apart."""
        year = f"year={edition.year}"
        staging = f"{self._root}/{_STAGING}/{year}"
        with storage.reaching(self._address):
            self._remove(staging)
            moves: dict[str, str] = {}

            def send(table: str, part: Path) -> None:
                storage.send(part, f"{self._address}/{_STAGING}/{year}/{table}/{part.name}")
                moves[f"{staging}/{table}/{part.name}"] = _place(table, year, part, edition)
                part.unlink()

            with TemporaryDirectory(prefix="jixiao-") as folder:
                rows = edition.write(Path(folder), send)
            for staged, place in moves.items():
                storage.make_folder(self._system, posixpath.dirname(f"{self._root}/{place}"))
                self._system.mv(staged, f"{self._root}/{place}")
            scopes = {year: edition.signature, "units": "units"}
            for scope, signature in scopes.items():
                listed = [place for place in moves.values() if (scope in place.split("/")[:2])]
                self._count(scope, signature, listed)
            self._remove(staging)
            if _edition(self._system, self._root, year) != edition.signature:
                raise StateBusy(f"Another run published {edition.year} to {self._address} at the same time.",
                                "Let one run at a time publish a year there; run this one again.")
            return PublishResult(rows, tuple(self._published(place) for place in moves.values()))

    def _count(self, scope: str, signature: str, places: list[str]) -> None:
        """Let these files count from now on, and remove the others beside them."""
        manifest = {"edition": signature, "files": sorted(places)}
        storage.make_folder(self._system, f"{self._root}/{MANIFESTS}")
        self._system.pipe_file(f"{self._root}/{MANIFESTS}/{scope}.json", json.dumps(manifest, indent=1).encode())
        for folder in {posixpath.dirname(place) for place in places}:
            for path in _files(self._system, f"{self._root}/{folder}"):
                if f"{folder}/{posixpath.basename(path)}" not in places:
                    self._system.rm_file(path)

    def _remove(self, folder: str) -> None:
        if self._system.exists(folder):
            self._system.rm(folder, recursive=True)

    def _published(self, place: str) -> PublishedFile:
        stamp = storage.stamp(self._system.info(f"{self._root}/{place}"))
        return PublishedFile(place, stamp.size, stamp.ctime_ns)


def files_that_count(address: str, table: str) -> list[str]:
    """The addresses of a table's files, over all years; those that stand there where no manifest says.

    Raises:
        UsageProblem: The store cannot be asked.
    """
    try:
        return _listed(address, table)
    except FileNotFoundError:      # not even the bucket
        return []
    except OSError as error:
        raise UsageProblem(f"The tables in {address} cannot be listed: {error}.", storage.CHECK) from error


def _listed(address: str, table: str) -> list[str]:
    with storage.reaching(address):
        system, root = storage.filesystem(address)
        root = root.rstrip("/")
        manifests = _files(system, f"{root}/{MANIFESTS}", ".json")
        listed = [place for path in manifests for place in _read(system, path)["files"]]
        if not listed:
            listed = [path[len(root) + 1:] for path in system.glob(f"{root}/{table}/**/part-*.parquet")]
        return sorted(f"{address}/{place}" for place in listed if place.startswith(f"{table}/"))


def _place(table: str, year: str, part: Path, edition: Edition) -> str:
    """Where a part file goes, under a name that only the same content has."""
    number = part.name.removeprefix("part-")
    if contract.TABLES[table].partitioned:
        return f"{table}/{year}/part-{edition.signature[:_MARK]}-{number}"
    mark = hashlib.sha256(part.read_bytes()).hexdigest()[:_MARK]      # units: some kilobytes
    return f"{table}/part-{mark}-{number}"


def _edition(system: Any, root: str, scope: str) -> str | None:  # noqa: ANN401  fsspec has no types
    """The edition that counts for a year."""
    try:
        return str(_read(system, f"{root}/{MANIFESTS}/{scope}.json")["edition"])
    except FileNotFoundError:
        return None


def _read(system: Any, path: str) -> Mapping[str, Any]:  # noqa: ANN401  as above
    manifest: Mapping[str, Any] = json.loads(system.cat_file(path))
    return manifest


def _files(system: Any, folder: str, suffix: str = ".parquet") -> list[str]:  # noqa: ANN401  as above
    """The paths of the files in a folder of the store; none where there is no such folder."""
    try:
        found = system.ls(folder, detail=False)
    except FileNotFoundError:
        return []
    return sorted(str(path) for path in found if str(path).endswith(suffix))
