"""What the outcome of a document depends on besides its bytes."""

import hashlib
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from parsers import libreoffice

_PACKAGES: Final = ("parsers", "pipeline")
_SUFFIXES: Final = {".py", ".toml"}

_LIBRARIES: Final = (
    "charset-normalizer", "lxml", "numpy", "pdfplumber", "pyarrow", "pypdfium2", "selectolax", "xlrd",
)
"""Distributions whose version may change what is read, or how it is kept."""

_ROOT: Final = Path(__file__).resolve().parent.parent


class Fingerprint(NamedTuple):
    """The fingerprint of the code, and how to get that of a document.

    ``corrections_of`` gives a text that changes whenever the corrections of a document do; it
    is empty where there are none.
    """

    code: str
    corrections_of: Callable[[str], str]

    def of(self, document_id: str) -> str:
        """What an outcome of this document is kept under."""
        corrections = self.corrections_of(document_id)
        if not corrections:
            return self.code
        return hashlib.sha256(f"{self.code}\n{corrections}".encode()).hexdigest()


def of_code(root: Path = _ROOT) -> str:
    """SHA-256 over the code and data of the packages, and the versions beneath them."""
    digest = hashlib.sha256()
    paths = (path for package in _PACKAGES for path in (root / package).rglob("*")
             if path.suffix in _SUFFIXES)
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    digest.update(f"python {sys.version_info.major}.{sys.version_info.minor}\n".encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    digest.update(f"libreoffice {libreoffice.release()}\n".encode())
    return digest.hexdigest()
