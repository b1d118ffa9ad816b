"""The whole program between the folders of a real object store, a process of this machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.doubles.bucket import BUCKET, object_store
from tests.doubles.command import CASES, Desk, jixiao
from tests.doubles.year import anonymous, tables

SCRIPT = Path(sys.executable).parent / "jixiao"
CASES_READ = ("01_plain_school_repair", "40_markdown_pipes", "69_integer_scores")


class Store:
    """The store with a year of reports, and the same on a desk."""

    def __init__(self, system, root):
        self.system = system
        self.root = root
        self.desk = Desk(root / "desk")
        for name in CASES_READ:
            self.desk.case(name)
            source = next((CASES / name).glob("source.*"))
            self.system.pipe_file(f"{BUCKET}/raw/2023/{name}{source.suffix}", source.read_bytes())
        self.desk.put("目录/样本.txt")
        self.system.pipe_file(f"{BUCKET}/raw/2023/目录/样本.txt", (self.desk.input / "目录/样本.txt").read_bytes())

    def extract(self, out, *more):
        """A run from the bucket to the bucket."""
        ended = jixiao("extract", "--year", "2023", "--input", f"s3://{BUCKET}/raw/2023", "--out", f"s3://{BUCKET}/{out}",
                       "--state", self.root / out, "--json", *more)
        assert ended.code == 0, ended.stderr
        return ended.json

    def held(self, out):
        """The files of the tables by path."""
        found = self.system.find(f"{BUCKET}/{out}")
        names = {name: name.removeprefix(f"{BUCKET}/{out}/") for name in found}
        return {inside: self.system.cat_file(name) for name, inside in names.items() if not inside.startswith("_")}

    def ask(self, out, sql):
        ended = jixiao("query", "--out", f"s3://{BUCKET}/{out}", "--format", "csv", sql)
        assert ended.code == 0, ended.stderr
        return ended.stdout.splitlines()[1:]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with object_store() as system:
        yield Store(system, tmp_path_factory.mktemp("store"))


def test_a_year_goes_from_a_bucket_to_a_bucket(store):
    assert store.desk.extract().code == 0
    expected = tables(store.desk.out)
    first = store.extract("wh")
    assert (first["read"], first["contents"]["forms"]) == (4, 7)
    assert anonymous(store.held("wh")) == anonymous(expected)
    again = store.extract("wh")
    assert (again["read"], again["reused"], again["published"]) == (0, 4, False)
    assert store.ask("wh", "SELECT count(*), sum(form_count), min(year) FROM documents") == ["4,7,2023"]
    store.system.rm_file(f"{BUCKET}/raw/2023/{CASES_READ[1]}.md")
    last = store.extract("wh")
    assert (last["read"], last["removed"], last["published"]) == (0, 1, True)
    assert store.ask("wh", "SELECT count(*) FROM documents") == ["3"]
    assert len(store.held("wh")) == len(expected)


def test_delta_tables_stand_in_a_bucket(store):
    store.extract("lake", "--format", "delta")
    count = store.ask("lake", "SELECT count(*) FROM projects")
    assert count == store.ask("lake", "SELECT sum(form_count) FROM documents")
    assert not store.extract("lake", "--format", "delta")["published"]


def test_a_bucket_that_is_not_there_is_a_usage_problem_and_is_not_made(store):
    command = [SCRIPT, "extract", "--year", "2023", "--input", store.desk.input, "--out", "s3://no-such-bucket/x"]
    ended = subprocess.run(command, cwd=store.root, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no-such-bucket" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (store.root / "data" / "state" / "s3-no-such-bucket-x" / "state.sqlite").exists()
    assert not store.system.exists("no-such-bucket")
