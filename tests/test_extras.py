"""What a plain run does without: extras are loaded where they are asked for, and named where they are missing."""

import subprocess
import sys
import tomllib

import pytest

from tests.doubles.command import ROOT, Desk, jixiao

EXTRAS = {"ray", "deltalake", "fsspec", "s3fs"}
RUN = """
import sys
from pipeline.cli import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print(*sorted(set(sys.modules) & {extras}), sep=",")
"""


def test_a_plain_run_and_query_load_no_extra(tmp_path):
    desk = Desk(tmp_path)
    desk.put("a.txt")
    for arguments in (["extract", "--year", "2023", "--input", desk.input, "--out", desk.out],
                      ["query", "--out", desk.out, "SELECT 1 AS one"]):
        code = RUN.replace("{extras}", repr(EXTRAS))
        ended = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True,
                               check=True)
        assert ended.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(("module", "option"), [
    ("ray", ("--engine", "ray")), ("deltalake", ("--format", "delta"))])
def test_a_missing_extra_ends_with_its_exit_code_and_the_command(tmp_path, monkeypatch, module, option):
    monkeypatch.setitem(sys.modules, module, None)
    desk = Desk(tmp_path)
    desk.put("a.txt")
    ended = desk.extract(*option)
    assert ended.code == 6
    assert f"{module} is not installed" in ended.stderr
    assert "pip install 'jixiao[" in ended.stderr
    assert not desk.out.exists()


def test_all_holds_whatever_a_run_can_use():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (every,) = extras["all"]
    assert set(every.removeprefix("jixiao[").removesuffix("]").split(",")) == extras.keys() - {"all", "dev"}


def test_the_command_tells_a_share_from_tables(tmp_path):
    desk = Desk(tmp_path)
    desk.put("a.txt")
    desk.case("01_plain_school_repair")
    for number in (1, 2):
        ended = desk.extract("--shard", f"{number}/2")
        assert ended.code == 0
        assert f"share {number}/2 written to" in ended.stderr
    assert (desk.out / "_state" / "shard-1-of-2").is_dir()
    assert jixiao("merge", "--year", "2023", "--out", desk.out, "--corrections", desk.decisions).code == 0
    joined = desk.bytes()
    assert jixiao("merge", "--year", "2022", "--out", desk.out).code == 3
    assert desk.extract("--shard", "3/2").code == 2
    other = Desk(tmp_path / "other")
    other.put("a.txt")
    other.case("01_plain_school_repair")
    other.extract()
    assert other.bytes() == joined
