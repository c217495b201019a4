"""Listening, and stopping: what is being answered is finished.

Not here: ``pressrun serve`` as a process (tests/cli/test_cli_serve).
"""

import http.client
import socket
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from feeds.errors import PortTaken
from feeds.web import listen


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


def get(address):
    wire = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    wire.request("GET", "/")
    try:
        return wire.getresponse().read()
    finally:
        wire.close()


def test_port_that_is_taken_is_named_with_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"127\.0\.0\.1 port {port}: .*\[web\] port"):
            listen(hello, "127.0.0.1", port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "::"])
def test_server_answers_where_it_says(host):
    server = listen(hello, host, 0)
    try:
        assert get(server.address.replace("[::]", "127.0.0.1")) == b"hi"
    finally:
        server.stop()


def test_answer_in_flight_is_finished_when_the_server_stops():
    asked, may_answer = Event(), Event()

    async def slow(scope, receive, send):
        from starlette.concurrency import run_in_threadpool

        asked.set()
        await run_in_threadpool(may_answer.wait)
        await hello(scope, receive, send)

    server, said = listen(slow, "127.0.0.1", 0), []
    client = Thread(target=lambda: said.append(get(server.address)))
    client.start()
    asked.wait()
    stopping = Thread(target=server.stop)
    stopping.start()
    may_answer.set()
    client.join()
    stopping.join()
    assert said == [b"hi"]


def test_server_that_is_stopped_is_not_broken():
    broken = Event()
    listen(hello, "127.0.0.1", 0, when_broken=broken.set).stop()
    assert not broken.is_set()
