"""The sender is called when a reader waits for mail, and by nothing that was refused.

Not here: what it does then (tests/app/test_notices.py).
"""

import pytest

from tests.web.reader_givens import reading


@pytest.fixture
def reader(site):
    with reading(site, "asks_per_network = 1\n") as reader:
        yield reader


def test_sender_is_called_for_who_asks_and_for_no_refused_post(reader):
    reader.subscribe()
    assert len(reader.woken) == 1
    refused = [reader.subscribe("bob@x.example"), reader.subscribe("nobody"), reader.post("/readers/leave/x.1.y")]
    assert [answer.status for answer in refused] == [429, 422, 410]
    assert len(reader.woken) == 1


def test_looking_calls_nobody(reader):
    reader.ask("/readers/")
    assert reader.woken == []
