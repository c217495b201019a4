"""A folder served over HTTP as feeds should be: validators, 304, gzip, caching, Link headers as told.

A server of the tests' own, not the program's. Not here: what is expected of who fetches from it.
"""

import gzip
import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TYPES = {".json": "application/feed+json", ".html": "text/html"}
NAMES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml"}
DATE = "Sat, 02 Mar 2024 12:00:00 GMT"


@dataclass
class Served:
    """Where the folder is served, what was asked of it (method, path), and headers to add or, with "", leave out."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.folder, server.served = folder, Served(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.served.asked.append(("GET", self.path))
        file = self.server.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        packed = "gzip" in self.headers.get("accept-encoding", "")
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}{"-gzip" if packed else ""}"'
        said = {
            "content-type": f"{NAMES.get(file.name) or TYPES.get(file.suffix, 'text/plain')}; charset=utf-8",
            "etag": tag,
            "last-modified": DATE,
            "cache-control": "max-age=900",
            "vary": "Accept-Encoding",
        }
        asked = self.headers.get("if-none-match")
        known = asked == tag if asked else self.headers.get("if-modified-since") == DATE
        self._answer(304 if known else 200, said, b"" if known else data, packed=packed)

    def _answer(self, status: int, said: dict[str, str], data: bytes, *, packed: bool) -> None:
        body = gzip.compress(data) if packed and data else data
        if packed and data:
            said["content-encoding"] = "gzip"
        self.send_response(status)
        for name, value in (said | dict(self.server.served.headers)).items():
            if value:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
