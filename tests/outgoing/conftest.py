"""What the tests of outgoing requests share. Not here: the servers (web)."""

import threading

import pytest


@pytest.fixture
def slow_resolver():
    """Give a resolver that answers only when the test is over."""
    over = threading.Event()

    def resolve(_host, _port):
        over.wait()
        return []

    yield resolve
    over.set()
