"""The addresses for whoever watches the program, ``/healthz``, ``/readyz``, ``/metrics``, and the count of requests.

They stand before all others, and no limit holds them. Not here: the figures (standing), how they look (metrics).
"""

from __future__ import annotations

import hmac
import logging
import time
from asyncio import Lock
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.config import Config
from feeds.errors import SchemaTooNew, SchemaTooOld, StoreUnusable
from feeds.store.engine import Store
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.clients import is_this_machine
from feeds.web.headers import SAFE, pairs
from feeds.web.metrics import Figures, written
from feeds.web.places import is_feed, kind_of, place_of, within
from feeds.web.reported import Reported
from feeds.web.standing import Asker, Held, Standing

LOG = logging.getLogger("pressrun")
ADDRESSES = ("/healthz", "/readyz", "/metrics")
GIVEN = frozenset({200, 226, 304})  # the document was there
NOT_KEPT = ("cache-control", "no-store")
READY_SECONDS = 2.0  # for which an answer holds: anybody may ask
ANOTHER_SCHEMA = "the store is of another schema than this program: see `pressrun status`"
NO_STORE = "the store cannot be used: see `pressrun status`"
NO_FOLDER = "the output folder is not there"


class Watched:
    """An application with those addresses before it, and each other request counted."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app, self._watch = app, watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["path"].endswith(ADDRESSES):
            answer = await self._watch.answer(scope)
            if answer is not None:
                return await answers.give(answer, scope, send)
        status = 500  # of one that is not answered, since it failed

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._watch.note(scope, status)


class Watch:
    """Counts ``requests`` by kind and status, and tells of them and of the store."""

    def __init__(self, config: Config, store: Store) -> None:
        token, self._base = config.web.metrics_token, urlsplit(config.site.url).path
        self._token = None if token is None else f"bearer {token.reveal()}".encode()
        self._folder, self._store = config.output.path, store
        self.requests, self._reported = Counter[tuple[str, int]](), Reported()
        self._asker, self._said = Asker(config, store), ""
        self._looking, self._asking = Lock(), Lock()  # whoever asks whether it is ready waits for no counting
        self._fault, self._standing = Held[str](READY_SECONDS), Held[tuple[Standing | None]]()

    def note(self, scope: Scope, status: int) -> None:
        """Count a request, and take in what a service that was given a feed says of its subscribers."""
        path = within(self._base, scope["path"])
        kind = kind_of(path)
        self.requests[kind, status] += 1
        if status in GIVEN and kind in {"rss", "atom", "json"}:
            place = place_of(path)
            agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
            if place and is_feed(place):
                self._reported.note(place, agent.decode("latin-1"), now=time.monotonic())

    async def answer(self, scope: Scope) -> Answer | None:
        """Answer for whoever watches, None where a request is none of theirs."""
        path = within(self._base, scope["path"])
        if path not in ADDRESSES or scope["method"] not in {"GET", "HEAD"}:
            return None
        if path == "/healthz":
            return answers.told(200, "ok", NOT_KEPT)
        headers = dict(scope["headers"])
        if path == "/metrics":
            return await self._metrics(headers) if self._may_read(scope, headers) else None
        async with self._looking:
            fault = await run_in_threadpool(self._fault.get, self._find_fault)
        return answers.told(503 if fault else 200, fault or "ready", NOT_KEPT)

    def _may_read(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        scheme, _, borne = headers.get(b"authorization", b"").partition(b" ")
        said = scheme.lower() + b" " + borne
        if self._token is not None and hmac.compare_digest(said, self._token):
            return True
        return is_this_machine((scope["client"] or ("",))[0], headers)

    async def _metrics(self, headers: Mapping[bytes, bytes]) -> Answer:
        requests, subscribers = dict(self.requests), self._reported.totals(now=time.monotonic())
        accept = headers.get(b"accept", b"").decode("latin-1")
        async with self._asking:
            body, kind = await run_in_threadpool(self._written, requests, subscribers, accept)
        length = ("content-length", str(len(body)))
        return Answer(200, pairs([("content-type", kind), length, NOT_KEPT]) + SAFE, body)

    # ---- what waits for the store, in a thread, one at a time ----

    def _written(
        self, requests: Mapping[tuple[str, int], int], subscribers: Mapping[str, int], accept: str
    ) -> tuple[bytes, str]:
        now = datetime.now(UTC)
        (standing,) = self._standing.get(lambda: (self._ask(subscribers, now),))
        return written(Figures(requests=requests, subscribers=subscribers, standing=standing, now=now), accept)

    def _ask(self, subscribers: Mapping[str, int], now: datetime) -> Standing | None:
        if self._fault.get(self._find_fault) in {ANOTHER_SCHEMA, NO_STORE}:
            return None
        try:
            return self._asker.ask(subscribers, now)
        except StoreUnusable as error:
            LOG.warning("the store cannot be asked for its figures: %s", error)
            return None

    def _find_fault(self) -> str:
        """Return why nothing can be served as it should, "" where all is well. More of it is logged, once."""
        fault, why = "", ""
        try:
            self._store.require_current()
        except (SchemaTooOld, SchemaTooNew) as error:
            fault, why = ANOTHER_SCHEMA, str(error)
        except StoreUnusable as error:
            fault, why = NO_STORE, str(error)
        if not fault and not self._folder.is_dir():
            fault = why = NO_FOLDER
        if fault and fault != self._said:
            LOG.warning("not ready: %s", why)
        self._said = fault
        return fault
