"""Ask for anything in any way, and look at each answer: ``python -m tests.web.fuzzing [N] [SEED]``.

What must hold: no fault of ours, nothing changed by looking, nothing of ours in the log but lines, each answer bound
by its headers. What does not is printed with the bytes that did it. Not here: the requests (odd_requests).
"""

from __future__ import annotations

import http.client
import logging
import re
import shutil
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from feeds import logs
from tests.site_fixtures import Site
from tests.web.crawling import UNFED, crawled, lived
from tests.web.odd_requests import Request, odd_request
from tests.web.reader_givens import reading

WORKERS = 12  # an answer to who gives an address takes its time
BATCH = 600  # requests between two looks at the store
A_LIFE = 10_000  # requests before the site and its readers begin anew
PATIENCE = 60.0
LIMITS = "asks_per_network = 100000\nasks_per_hour = 100000\n[web]\nrequests_per_minute = 0\n"
KNOWN = {
    *("allow", "cache-control", "connection", "content-disposition", "content-encoding", "content-length"),
    *("content-range", "content-security-policy", "content-type", "date", "etag", "im", "last-modified", "link"),
    *("accept-ranges", "location", "referrer-policy", "retry-after", "strict-transport-security", "transfer-encoding"),
    *("vary", "x-content-type-options", "x-robots-tag"),
}
BINDING = {"x-content-type-options", "referrer-policy", "strict-transport-security"}
SECRET = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
READERS_OWN = {200, 400, 403, 410, 422}
NO_HTTP = b"Invalid HTTP request received."  # what the server says, before any of us is asked
_TOKEN = re.compile(r"/readers/\w+/[0-9a-z.-]*[0-9a-f]{38}", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """What came of a run: answers by status, and each fault with what did it."""

    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, bytes]] = field(default_factory=list)


def fuzz(site: Site, requests: int, seed: object) -> Found:
    """Send so many requests to a site, half of them only looking; return what came of it."""
    found = Found()
    with _listened(found), reading(site, LIMITS, pages=UNFED) as reader, ThreadPoolExecutor(WORKERS) as threads:
        paths = sorted(crawled(reader, lived(reader, site)))
        for number in range(0, requests, BATCH):
            only_safe = number % (2 * BATCH) == 0
            before = reader.tables()
            seeds = [f"{seed}/{number}/{worker}" for worker in range(WORKERS)]
            each = min(BATCH, requests - number) // WORKERS
            list(
                threads.map(lambda one, each=each, safe=only_safe: _some(reader, paths, one, each, safe, found), seeds)
            )
            if only_safe and reader.tables() != before:
                found.faults.append((f"looking changed something: seed {seed}/{number}", b""))
    return found


def _some(reader, paths, seed: str, number: int, only_safe: bool, found: Found) -> None:
    random = Random(seed)
    for _ in range(number):
        request = odd_request(random, paths, only_safe=only_safe)
        wrong, status = _fault(urlsplit(reader.address), request)
        found.statuses[status] += 1
        if wrong:
            found.faults.append((wrong, request.data))


def _fault(address, request: Request) -> tuple[str, str]:
    """Send a request; return what is wrong with its answer, "" for nothing, and its status."""
    with closing(socket.create_connection((address.hostname, address.port), timeout=PATIENCE)) as wire:
        try:
            wire.sendall(request.data)
            if request.is_cut:
                wire.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(wire, method=request.method)
            with closing(answer):
                answer.begin()
                body = answer.read()
        except http.client.RemoteDisconnected:
            return "", "closed"  # what is cut short, or no HTTP, need not be answered
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {error!r}", "none"
    names = {name.lower(): value for name, value in answer.getheaders()}
    if body == NO_HTTP or (answer.status == 400 and "date" not in names):
        return "", f"{answer.status} by the server"
    return _wrong(request, answer.status, names, body), str(answer.status)


def _wrong(request: Request, status: int, names: dict[str, str], body: bytes) -> str:
    """Return all that is wrong with an answer."""
    is_readers = request.target.startswith("/readers/") and "?" not in request.target and status in READERS_OWN
    is_page = body and "html" in names.get("content-type", "")
    wrong = {
        "a fault": status >= 500,
        "unknown headers": bool(names.keys() - KNOWN),
        "without its headers": status != 304 and not names.keys() >= BINDING,
        "without a policy": is_page and "content-security-policy" not in names,
        "what the request says": "evil.example" in names.get("location", "") or b"//evil.example" in body,
        "may be kept": is_readers and any(names.get(name) != value for name, value in SECRET.items()),
    }
    found = ", ".join(what for what, is_so in wrong.items() if is_so)
    return found and f"{status}: {found}: {names}"


@contextmanager
def _listened(found: Found) -> Iterator[None]:
    """Take what is logged meanwhile: a traceback, an error or a token in it is a fault."""
    handler = _Handler(found)
    loggers = [logging.getLogger(name) for name in ("", "pressrun", logs.ACCESS, "uvicorn", "uvicorn.error", "asyncio")]
    before = [(one, one.level, one.propagate) for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
        one.addHandler(handler)
        one.propagate = False
    try:
        yield
    finally:
        for one, level, propagate in before:
            one.removeHandler(handler)
            one.setLevel(level)
            one.propagate = propagate


class _Handler(logging.Handler):
    def __init__(self, found: Found) -> None:
        super().__init__()
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        said = self.format(record)
        if record.levelno >= logging.ERROR or record.exc_info or _TOKEN.search(said):
            self._found.faults.append((f"logged: {said}", b""))


def main() -> int:
    """Run from the command line; the exit code tells whether there was a fault."""
    requests, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, (sys.argv[2:] or ["119"])[0]
    statuses, faults = Counter[str](), 0
    for number in range(0, requests, A_LIFE):
        folder = Path(tempfile.mkdtemp(prefix="pressrun-fuzz-"))
        site = Site(folder / "site")
        assert site.run("migrate").code == 0
        found = fuzz(site, min(A_LIFE, requests - number), f"{seed}/{number}")
        shutil.rmtree(folder)
        statuses.update(found.statuses)
        for wrong, data in found.faults[:20]:
            print(f"{wrong}\n    {data[:600]!r}")
        faults += len(found.faults)
        print(f"{sum(statuses.values()):,} requests, {faults} faults: {dict(sorted(statuses.items()))}", flush=True)
    return int(faults > 0)


if __name__ == "__main__":
    raise SystemExit(main())
