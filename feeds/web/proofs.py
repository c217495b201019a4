"""Previews over HTTP, to this machine alone: a folder, and a word that changes whenever they are made anew.

Not here: making them (jobs), the site itself (site).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from feeds.errors import PortTaken

HOST = "127.0.0.1"


class Proofs:
    """The previews that are served: where, how often they were made, and what is said on the pages meanwhile."""

    def __init__(self, url: str) -> None:
        self.url, self.version, self.said = url, 0, ""

    def say(self, text: str) -> None:
        """Show a text on the pages that are open: that they are made anew, or why they cannot be."""
        self.said = text

    def renewed(self) -> None:
        """Have the pages that are open load anew."""
        self.version, self.said = self.version + 1, ""

    @property
    def state(self) -> str:
        """What a page asks for again and again: the version in the first line, below it what is said."""
        return f"{self.version}\n{self.said}"


@contextmanager
def serve_proofs(folder: Path, port: int) -> Iterator[Proofs]:
    """Serve a folder while in use; ``port`` 0 takes a free one. Raises PortTaken."""
    proofs = Proofs("")
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise PortTaken(HOST, port, error.strerror or str(error), remedy="choose another with --port") from error
    proofs.url = f"http://{HOST}:{server.server_port}/"
    server.proofs = proofs  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proofs
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        # A page elsewhere may not read, under a name of its own for this machine, what is not published yet.
        if self.headers.get("host", "").partition(":")[0] not in {HOST, "localhost"}:
            self.send_error(403)
        elif self.path == "/version":
            self._say(self.server.proofs.state)  # type: ignore[attr-defined]
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal tells of the previews."""

    def handle(self) -> None:
        """Answer, unless the browser went away: that is no fault of anybody's."""
        with suppress(ConnectionError):
            super().handle()

    def _say(self, text: str) -> None:
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
