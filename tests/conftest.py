"""What the whole suite shares: the rule markers that the tests carry, read from their source.

Not here: fixtures of one room (they stand beside that room's tests).
"""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds import logs

pytest_plugins = ["tests.site_fixtures", "tests.store_fixtures"]
TESTS = Path(__file__).parent


def markers_of(tree: ast.AST) -> Iterator[str]:
    """Yield the rule of each ``pytest.mark.rule(...)``; one that is not written out is yielded as its source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
            for rule in node.args:
                yield rule.value if isinstance(rule, ast.Constant) else ast.unparse(rule)


@pytest.fixture(autouse=True)
def logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a command that ran in this process made of logging: a later test may listen to a log."""
    monkeypatch.setattr(logs, "_is_json", logs._is_json)
    loggers = [logging.getLogger(name) for name in (None, "alembic", logs.ACCESS, logs.JOBS)]
    levels = [logger.level for logger in loggers]
    handlers = list(logging.root.handlers)
    yield
    logging.captureWarnings(False)
    logging.root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def rules_with_tests() -> dict[str, list[str]]:
    """Map each rule named by a marker to the test files that name it, whichever tests this run selects."""
    found: dict[str, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for rule in markers_of(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault(rule, []).append(str(file.relative_to(TESTS)))
    return found
