"""The code runs on the oldest Python that it promises: 3.11.2, as Debian 12 has it.

That release matches possessive quantifiers and atomic groups wrongly (mended in 3.11.5).
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
POSSESSIVE = re.compile(r"\(\?>|[*+?}]\+")
SOURCES = sorted((*ROOT.glob("parsers/**/*.py"), *ROOT.glob("pipeline/**/*.py")))


def patterns(path: Path):
    """The literal parts of every regular expression in a module."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.Call):
            names = [ast.unparse(target) for target in getattr(node, "targets", ())]
            is_compiled = isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
            if is_compiled or any(name.isupper() for name in names):
                for leaf in ast.walk(node):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        yield leaf.value


def test_patterns_are_found():
    assert sum(len(list(patterns(path))) for path in SOURCES) > 50


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_possessive_quantifier(path):
    assert [text for text in patterns(path) if POSSESSIVE.search(text)] == []
