"""A WebSub hub and a subscriber of the tests' own, over HTTP: intent is verified, content is distributed.

Both do their work before they answer, so that a test need not wait. Not here: the publisher, which is the program.
"""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit


@dataclass
class Hub:
    """A hub: who subscribed to what, which pings came, and the status that it answers them with."""

    url: str
    callbacks: dict[str, list[str]] = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    answers: int = 202


@dataclass
class Subscriber:
    """A subscriber: where it is called back, the topic that it asked for, and what it was sent."""

    url: str
    wants: str = ""
    received: list[tuple[str, bytes]] = field(default_factory=list)

    def subscribe(self, hub: str, topic: str) -> int:
        self.wants = topic
        form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": self.url}
        return _fetch(hub, form)[0]


@contextmanager
def hub_at_work() -> Iterator[Hub]:
    with _serving(_HubHandler, Hub) as hub:
        yield hub


@contextmanager
def subscriber_at_work() -> Iterator[Subscriber]:
    with _serving(_SubscriberHandler, Subscriber) as subscriber:
        yield subscriber


@contextmanager
def _serving(handler, make):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.state = make(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def state(self):
        return self.server.state

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["content-length"]))

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class _HubHandler(_Handler):
    def do_POST(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.body().decode()).items()}
        if form["hub.mode"] == "subscribe":
            self.answer(202 if self._verify(form["hub.callback"], form["hub.topic"]) else 404)
            return
        self.state.pings.append(form["hub.url"])
        if self.state.answers == 202:
            self._distribute(form["hub.url"])
        self.answer(self.state.answers, b"taken" if self.state.answers == 202 else b"out of order")

    def _verify(self, callback: str, topic: str) -> bool:
        """Ask the subscriber whether it meant it (WebSub section 5.3)."""
        asked = {
            "hub.mode": "subscribe",
            "hub.topic": topic,
            "hub.challenge": "c4ll3ng3",
            "hub.lease_seconds": "864000",
        }
        status, body, _ = _fetch(f"{callback}?{urlencode(asked)}")
        if (status, body) != (200, b"c4ll3ng3"):
            return False
        self.state.callbacks.setdefault(topic, []).append(callback)
        return True

    def _distribute(self, topic: str) -> None:
        """Fetch the topic, and hand its content to whoever subscribed (WebSub section 7)."""
        _, content, media_type = _fetch(topic)
        links = f'<{self.state.url}>; rel="hub", <{topic}>; rel="self"'
        for callback in self.state.callbacks.get(topic, []):
            _fetch(callback, content, {"Content-Type": media_type, "Link": links})


class _SubscriberHandler(_Handler):
    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        meant = asked.get("hub.topic") == [self.state.wants]
        self.answer(200 if meant else 404, asked["hub.challenge"][0].encode() if meant else b"")

    def do_POST(self) -> None:
        self.state.received.append((self.headers["content-type"], self.body()))
        self.answer(204)


def _fetch(url, data=None, headers=None):
    body = urlencode(data).encode() if isinstance(data, dict) else data
    with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=10) as answer:
        return answer.status, answer.read(), answer.headers["content-type"]
