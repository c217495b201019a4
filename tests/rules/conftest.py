"""Givens of the rules' tests: a limit of time for what must not take long.

Not here: the rules.
"""

from contextlib import contextmanager
from time import process_time

import pytest


@pytest.fixture
def benchmark_seconds():
    """Give a limit: ``with benchmark_seconds(5)`` fails where the block takes more time of the processor."""

    @contextmanager
    def limit(seconds):
        begun = process_time()
        yield
        assert process_time() - begun < seconds

    return limit
