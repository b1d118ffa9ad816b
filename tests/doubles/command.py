"""The command line in this process, so that a test can change what is under it."""

import contextlib
import io
import json
import os
from pathlib import Path
from typing import NamedTuple

from pipeline.cli import app
from pipeline.query import query

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = next((ROOT / "data" / "raw" / "2023").glob("*.txt"))
CASES = ROOT / "fixtures" / "cases" / "A"

SAMPLE_ID = "8c7ccb101cb4943a"
"""The first 16 characters of the sample's document_id."""


class Ended(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self):
        """The one JSON value on stdout."""
        return json.loads(self.stdout)


def jixiao(*arguments):
    """Run the command with these arguments."""
    stdout, stderr = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            app([os.fspath(one) for one in arguments], prog_name="jixiao")
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ended(code, stdout.getvalue(), stderr.getvalue())


class Desk:
    """An input folder with its tables and corrections, and the command over them."""

    def __init__(self, root):
        self.input, self.out, self.decisions = root / "in", root / "out", root / "decisions"
        for folder in (self.input, self.decisions):
            folder.mkdir(parents=True)

    def put(self, name, content=None):
        """A report: the sample unless bytes are given."""
        path = self.input / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SAMPLE.read_bytes() if content is None else content)
        return path

    def case(self, name):
        """A golden case as a report."""
        (source,) = (CASES / name).glob("source.*")
        return self.put(f"{name}{source.suffix}", source.read_bytes())

    def decide(self, text, name="decisions.toml"):
        """A file of corrections."""
        (self.decisions / name).write_text(text, "utf-8")

    def extract(self, *more):
        """Extract the year 2023."""
        return jixiao("extract", "--year", "2023", "--input", self.input, "--out", self.out,
                      "--corrections", self.decisions, *more)

    def rows(self, sql, *parameters):
        """The rows of a query over the tables."""
        return list(query(self.out, sql, parameters).rows)

    def bytes(self):
        """The published files by their paths."""
        return {path.relative_to(self.out).as_posix(): path.read_bytes()
                for path in sorted(self.out.glob("[a-z]*/**/*")) if path.is_file()}
