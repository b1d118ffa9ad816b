"""Every rule that the code names is documented, and every documented rule is raised."""

import ast
import re
from pathlib import Path

from pipeline.rules import RULES

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"R\d+_[a-z_]+|[a-z]+(_[a-z]+)+")
NEIGHBOURS = "neighbour_"


def strings_of_the_code() -> set[str]:
    found = set()
    for path in (*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("parsers/**/*.py")):
        if path.name != "rules.py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return found


def first_arguments_of_findings() -> set[str]:
    """What is given to Finding(…) as its rule, where that is a literal."""
    found = set()
    for path in ROOT.glob("pipeline/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
                rule = given[0] if given else node.args[0]
                found |= {leaf.value for leaf in ast.walk(rule) if isinstance(leaf, ast.Constant)}
    return {rule for rule in found if isinstance(rule, str) and KEY.fullmatch(rule)}


def test_every_raised_rule_is_documented():
    assert first_arguments_of_findings() - set(RULES) == set()


def test_every_documented_rule_is_raised():
    words = strings_of_the_code()
    neighbours = {key for key in RULES if key.startswith(NEIGHBOURS)}
    assert {key for key in set(RULES) - neighbours if key not in words} == set()
