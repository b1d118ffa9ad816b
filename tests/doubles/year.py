"""A year of stand-in documents, and runs over it by any means."""

import os
import time
from pathlib import Path

from pipeline.errors import ExitCode
from pipeline.means import Wanted, means_of, warehouse_of
from pipeline.merge import merge
from pipeline.run import Reader, Settings, extract_year
from tests.doubles.stand_in import UNITS, VERSION, process

READER = Reader(process, VERSION, UNITS)
FAULTS = {"bad": "damaged", "worse": "raise", "secret": "secret", "copy": "forms 3 3"}


def write_year(folder, count=24):
    """So many documents, of which some are faulty and two the same."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {f"d{number % 3}/f{number:03d}": f"forms {number % 5} {number}" for number in range(count)}
    for name, content in (contents | FAULTS).items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        past = time.time_ns() - 10**10
        os.utime(path, ns=(past, past))
    return folder


def run(folder, out, state, reader=READER, **wanted):
    """The summary of a run, by what means is asked for."""
    settings = Settings(2023, folder, out, state, jobs=2)
    return extract_year(settings, reader, means=means_of(folder, out, 2023, Wanted(**wanted)))


def join(out, reader=READER, form="parquet", year=2023):
    """The summary of a merge."""
    return merge(year, out, warehouse_of(out, form), reader)


def tables(out):
    """The published files of a folder by path."""
    return {path.relative_to(out).as_posix(): path.read_bytes()
            for path in sorted(Path(out).glob("[a-z]*/**/*")) if path.is_file()}


def anonymous(files):
    """Files by their folder: a store names its parts by edition."""
    return sorted((path.rpartition("/")[0], content) for path, content in files.items())


def code_of(error):
    """The exit code that an error ends with."""
    return ExitCode(error.value.exit_code)
