"""The one door to files that lie elsewhere: addresses such as ``s3://bucket/raw/2023``.

A place is a `Path` on this machine or, as a text with ``://``, an address that fsspec knows
(``s3://``, ``hdfs://``, ``memory://`` …). Nothing here is imported or slowed down for paths.
Keys and endpoints are what the file system's own environment variables say, such as
``AWS_ACCESS_KEY_ID`` and ``AWS_ENDPOINT_URL``.
"""

import hashlib
import posixpath
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from pipeline.errors import JixiaoError, MissingProgram, UsageProblem
from pipeline.outcome import Stamp

Place = Path | str
"""A folder or file: a `Path` of this machine, or an address with ``://``."""

_INSTALL: Final = "pip install 'jixiao[remote]' (in a checkout: .venv/bin/pip install -e '.[remote]')."
CHECK: Final = "Check the address, the keys (AWS_…) and the endpoint (AWS_ENDPOINT_URL)."
"""What to do where a store does not answer as it should."""

_TIMES: Final = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")
_MARKS: Final = ("ETag", "etag", "md5Hash", "content_md5")
_CHUNK: Final = 1 << 20
_BLOCK: Final = 8 << 20
"""Bytes of a file that are sent at a time; a store may ask for 5 MiB at least."""


def place(text: str) -> Place:
    """What a person named: an address where it has ``://``, else a path.

    >>> place("s3://bucket/raw/"), place("data/raw")
    ('s3://bucket/raw', PosixPath('data/raw'))
    """
    return text.rstrip("/") if "://" in text else Path(text)


def is_address(text: str) -> bool:
    """Whether a text is an address and no path; an absolute path never holds ``://``."""
    return "://" in text


def filesystem(address: str) -> tuple[Any, str]:
    """The file system of an address, and the address without its protocol.

    Raises:
        MissingProgram: fsspec, or the package that it needs for this kind, is not installed.
        UsageProblem: No file system goes by this protocol.
    """
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415  an extra, loaded only for addresses

        # listings are kept for no second look: they would hold every name of a year in memory
        system, path = url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        words = f"A package to read and write {address.partition('://')[0]}:// is not installed ({error})."
        raise MissingProgram(words, f"Install it: {_INSTALL}") from error
    except ValueError as error:
        raise UsageProblem(f"{address} is no address that can be used: {error}.",
                           "Name a folder, or an address such as s3://bucket/folder.") from error
    return system, str(path)


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Failures of the store become an `OSError` that names the address.

    Raises:
        OSError: Whatever the client of the store raised.
    """
    try:
        yield
    except JixiaoError:
        raise
    except OSError as error:
        if error.filename is not None or address in str(error):      # it says where
            raise
        raise type(error)(f"{address}: {error}") from error
    # each client of a store has exceptions of its own (botocore's are no OSError)
    except Exception as error:
        raise OSError(f"{address}: {type(error).__name__}: {error}") from error


@contextmanager
def opened(address: str) -> Iterator[IO[bytes]]:
    """A file elsewhere, to be read from its start to its end, in pieces.

    Raises:
        OSError: It cannot be read.
    """
    with reaching(address):
        system, path = filesystem(address)
        with system.open(path, "rb", block_size=_CHUNK, cache_type="readahead") as file:
            yield file


def fetch(address: str, target: Path) -> None:
    """Copy a file to this machine.

    Raises:
        OSError: It cannot be read, or not written here.
    """
    with reaching(address):
        system, path = filesystem(address)
        system.get_file(path, str(target))


def send(source: Path, address: str) -> None:
    """Copy a file of this machine to an address, in pieces; a store shows it when it is whole.

    Raises:
        OSError: It cannot be written.
    """
    with reaching(address):
        system, path = filesystem(address)
        make_folder(system, posixpath.dirname(path))
        with source.open("rb") as file, system.open(path, "wb", block_size=_BLOCK) as target:
            shutil.copyfileobj(file, target, _BLOCK)


def names(address: str) -> list[str]:
    """The addresses of the files right under an address, sorted; none where there is nothing.

    Raises:
        OSError: The store cannot be asked.
    """
    with reaching(address):
        system, path = filesystem(address)
        try:
            found = system.ls(path, detail=False)
        except FileNotFoundError:
            return []
        return sorted(f"{address}/{posixpath.basename(str(each))}" for each in found)


def make_folder(system: Any, folder: str) -> None:  # noqa: ANN401  fsspec has no types
    """Make a folder where the file system has any; a bucket, which stands first in a path, is never made."""
    if system.root_marker:
        system.makedirs(folder, exist_ok=True)


def stamp_of(address: str) -> Stamp:
    """The stamp of a file elsewhere.

    Raises:
        FileNotFoundError: It is not there.
        OSError: The store cannot be asked.
    """
    with reaching(address):
        system, path = filesystem(address)
        return stamp(system.info(path))


def stamp(info: Mapping[str, Any]) -> Stamp:
    """What tells that a file elsewhere has not changed, from what its file system says of it.

    A mark of the content (ETag) stands, as 48 bits, in the place of ``ctime_ns``. A file without
    a time is taken to have changed just now, so that it is never known by its stamp.
    """
    when = next((info[name] for name in _TIMES if info.get(name) is not None), None)
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if isinstance(when, datetime):
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    changed = time.time_ns() if when is None else int(when * 1e9)
    mark = next((str(info[name]) for name in _MARKS if info.get(name)), "")
    marked = int.from_bytes(hashlib.sha256(mark.encode()).digest()[:6], "big") if mark else changed
    return Stamp(int(info.get("size") or info.get("Size") or 0), changed, marked)
