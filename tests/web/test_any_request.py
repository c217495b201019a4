"""Whatever anybody sends: no fault of ours, nothing changed by looking, no token and no traceback in the log.

Some requests from a seed, and by name what many more of them found; `make requests` sends as many as one likes.
Not here: making and judging them (odd_requests, fuzzing).
"""

import logging
import socket
from urllib.parse import urlsplit

import pytest

from tests.web.fuzzing import fuzz
from tests.web.reader_givens import ANN, reading


@pytest.mark.rule("T80")
@pytest.mark.rule("T81")
@pytest.mark.rule("T83")
def test_odd_requests_do_no_harm_and_get_no_fault(site):
    found = fuzz(site, 1200, "119")
    assert found.faults == []
    assert {"200", "204", "400", "404", "405", "410", "422"} <= found.statuses.keys()
    assert sum(found.statuses.values()) == 1200


def said(client, data):
    """Send bytes as they are; return all that comes back."""
    found = urlsplit(client.address)
    with socket.create_connection((found.hostname, found.port), timeout=30) as wire:
        wire.sendall(data)
        return b"".join(iter(lambda: wire.recv(65536), b""))


@pytest.mark.rule("T90")
@pytest.mark.rule("T92")
@pytest.mark.parametrize(
    "target", [b"http://evil.example/a", b"*", b"a", b"a?next=//evil.example", b"http://evil.example"]
)
def test_target_that_is_no_path_is_answered_as_ours_and_leads_nowhere(client, public, target):
    public.put("a/index.html", "<p>A</p>")
    answer = said(client, b"GET " + target + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").lower()
    assert answer.startswith(b"http/1.1 404")
    assert b"x-content-type-options: nosniff" in answer
    assert b"evil" not in answer


def test_who_breaks_http_gets_one_answer_and_no_traceback_in_the_log(client, public, caplog):
    caplog.set_level(logging.INFO)
    public.put("rss.xml", "<rss/>")
    head = b"POST /rss.xml HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert said(client, head + b"no chunk\r\n").count(b"HTTP/1.1 ") == 1
    assert client.ask("/rss.xml").status == 200
    assert [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR] == []


def test_form_that_is_cut_short_does_nothing(site):
    with reading(site) as reader:
        found = urlsplit(reader.address)
        form = f"newsletter=weekly&address={ANN}".encode()
        head = f"POST /readers/subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form) + 5}\r\n\r\n".encode()
        with socket.create_connection((found.hostname, found.port), timeout=30) as wire:
            wire.sendall(head + form)
        assert reader.ask("/readers/").status == 200
    assert reader.mailed() == []
