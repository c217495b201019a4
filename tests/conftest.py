"""What the whole suite shares: the rule markers that the tests carry, read from their source.

Not here: fixtures of one room (they stand beside that room's tests).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.site_fixtures", "tests.store_fixtures"]
TESTS = Path(__file__).parent


def markers_of(tree: ast.AST) -> Iterator[str]:
    """Yield the rule of each ``pytest.mark.rule(...)``; one that is not written out is yielded as its source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
            for rule in node.args:
                yield rule.value if isinstance(rule, ast.Constant) else ast.unparse(rule)


@pytest.fixture(scope="session")
def rules_with_tests() -> dict[str, list[str]]:
    """Map each rule named by a marker to the test files that name it, whichever tests this run selects."""
    found: dict[str, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for rule in markers_of(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault(rule, []).append(str(file.relative_to(TESTS)))
    return found
