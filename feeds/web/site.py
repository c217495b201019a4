"""The site over HTTP: each request is answered from the output folder, with what it needs and nothing else.

Every address of a document leads here; pages that do something stand before it in ``web_app``. Not here: listening.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from feeds import logs
from feeds.config import Config
from feeds.store.engine import Store
from feeds.web import answers, private, readers
from feeds.web.answers import Answer
from feeds.web.clients import client_of
from feeds.web.codings import wanted
from feeds.web.conditions import Judgement, judge
from feeds.web.deltas import Deltas
from feeds.web.encrypted import Encrypted
from feeds.web.files import Folder, Served
from feeds.web.headers import Pairs, pairs
from feeds.web.limits import Limits
from feeds.web.places import GONE, MOVED, is_feed, place_of, within
from feeds.web.private import PREFIX, PrivateFeeds
from feeds.web.readers import Asking, ReaderPages
from feeds.web.takers import Takers
from feeds.web.watching import Watch, Watched

Headers = Mapping[bytes, bytes]
ACCESS = logging.getLogger(logs.ACCESS)
_ANEW = {b"content-length", b"content-encoding", b"cache-control"}  # what a delta says in place of its document


def _nobody() -> None:
    """Wake nobody: the next run finds what was queued."""


def web_app(config: Config, store: Store, *, wake: Callable[[], None] = _nobody) -> Starlette:
    """Build the web application of a site: documents, for all that no route takes.

    ``wake``, which is ``app.state.wake`` too, is called when a notice was queued that somebody waits for.
    """
    before = [Middleware(Watched, watch=Watch(config, store))]
    if config.site.url.startswith("https://"):
        before.insert(0, Middleware(Encrypted))
    app = Starlette(middleware=before)
    # Whatever has no route, and so no answer of Starlette's own: it would lead to where the Host header says.
    app.router.default, app.router.redirect_slashes = Documents(config, store, wake=wake), False
    app.state.wake = wake
    return app


class Documents:
    """The documents, as an ASGI application."""

    def __init__(self, config: Config, store: Store, *, wake: Callable[[], None] = _nobody) -> None:
        web = config.web
        self._folder = Folder(config.output.path, max_age=web.max_age_seconds)
        self._deltas, self._takers = Deltas(store), Takers()
        self._private = PrivateFeeds(config, store)
        self._readers = ReaderPages(config, store, wake=wake)
        self._limits = Limits(web.requests_per_minute)
        self._trusted = web.trusted_proxies
        self._max_age = web.max_age_seconds
        self._base = urlsplit(config.site.url).path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. The Host header is never looked at: what it says is anybody's."""
        headers = _fields(scope)
        client = client_of((scope["client"] or ("",))[0], _text(headers, b"x-forwarded-for"), self._trusted)
        wait = self._limits.take(client, now=time.monotonic())
        asking = Asking(scope, within(self._base, scope["path"]), headers, client)
        answer = answers.too_many(wait) if wait else await self._answered(asking, receive)
        if isinstance(answer, Answer) and answer.status == Judgement.NOT_MODIFIED:
            self._limits.give_back(client)
        if ACCESS.isEnabledFor(logging.INFO):
            ACCESS.info("%s %s %r %d", client, scope["method"], _as_logged(scope["path"]), answer.status)
        if isinstance(answer, Served) and answer.body is None:
            await _from_disk(answer)(scope, receive, send)
        else:
            await answers.give(answer, scope, send)

    async def _answered(self, asking: Asking, receive: Receive) -> Answer | Served:
        """Answer a request: with a page that does something where one stands, else with a document."""
        if asking.path.startswith(readers.PREFIX):
            answer = await self._readers.answer(asking, receive)
            if answer is not None:
                return answer
        return await self._read(asking.scope, asking.headers, asking.client)

    async def _read(self, scope: Scope, headers: Headers, client: str) -> Answer | Served:
        """Answer with a document: with a delta only a client that takes what it asks for."""
        who, tags = (client, headers.get(b"user-agent", b"")), headers.get(b"if-none-match", b"")
        if b"a-im" in headers and not self._takers.may_have(who, scope["path"], tags=tags):
            headers = {name: value for name, value in headers.items() if name != b"a-im"}
        answer = await self._answer(scope, headers)
        if answer.status == 226 and scope["method"] == "GET":
            self._takers.give(who, scope["path"], tags=tags)
        return answer

    async def _answer(self, scope: Scope, headers: Headers) -> Answer | Served:
        if scope["method"] not in {"GET", "HEAD"}:
            return answers.options() if scope["method"] == "OPTIONS" else answers.refused_method()
        path = within(self._base, scope["path"])
        if path.startswith(PREFIX):
            return await self._private.answer(path, headers, is_head=scope["method"] == "HEAD")
        place = place_of(path)
        if place is None or self._folder.is_coded_form(place):
            return await self._missing()
        sign = await self._signed(place)
        if sign is not None:
            return sign
        served = await self._document(place, wanted(_text(headers, b"accept-encoding")))
        return await (self._elsewhere(place) if served is None else self._judged(place, served, headers))

    async def _document(self, place: str, codings: tuple[str, ...]) -> Served | None:
        """Return a document as it is now, from memory where its file is still the same."""
        looked = self._folder.look(place, codings)
        if looked is None:
            return None
        return self._folder.find(place, *looked) or await run_in_threadpool(self._folder.read, place, *looked)

    async def _signed(self, place: str) -> Answer | None:
        """Answer for what has moved or ended, None where no sign says so."""
        folder = self._folder
        if folder.has(place + MOVED):
            target = await run_in_threadpool(folder.data, place + MOVED)
            return answers.moved((target or b"").decode("ascii", "replace").strip()) or await self._missing()
        if folder.has(place + GONE):
            return answers.gone(place, await run_in_threadpool(folder.data, place), max_age=self._max_age)
        return None

    async def _elsewhere(self, place: str) -> Answer:
        """Answer where no document stands."""
        if self._folder.is_folder(place):
            return answers.slashed(quote(place.rpartition("/")[2]), max_age=self._max_age)
        return await self._missing() if self._folder.is_there() else answers.unavailable()

    async def _missing(self) -> Answer:
        return answers.missing(await run_in_threadpool(self._folder.data, "404.html"))

    async def _judged(self, place: str, served: Served, headers: Headers) -> Answer | Served:
        """Answer with a document, or with as little of it as the client needs."""
        judgement = judge(headers, etag=served.etag, modified=served.modified)
        if judgement is Judgement.NOT_MODIFIED:
            return Answer(judgement, served.kept, b"")
        if judgement is Judgement.FAILED:
            return answers.not_so()
        if b"if-none-match" in headers and is_feed(place) and _takes_deltas(headers):
            return await self._delta(place, served, headers) or served
        return served

    async def _delta(self, place: str, served: Served, headers: Headers) -> Answer | None:
        """Answer with what is new in a feed, None where the whole must be sent."""
        whole = await self._document(place, ("",))
        if whole is None or whole.body is None or whole.etag != served.plain_etag:
            return None
        delta = await run_in_threadpool(
            lambda: self._deltas.find(place, whole, if_none_match=headers[b"if-none-match"])
        )
        codings = wanted(_text(headers, b"accept-encoding"))
        is_coded = "gzip" in codings[: codings.index("")]
        body = delta.coded if is_coded else delta.plain
        return None if body is None else Answer(226, self._delta_headers(served, body, is_coded=is_coded), body)

    def _delta_headers(self, served: Served, body: bytes, *, is_coded: bool) -> Pairs:
        more = [
            ("im", "feed"),
            ("content-encoding", "gzip" if is_coded else ""),
            ("content-length", str(len(body))),
            # A cache that knows no deltas must not keep one as if it were the document (RFC 3229 section 10.8).
            ("cache-control", f"no-store, im, max-age={self._max_age}"),
        ]
        return tuple(pair for pair in served.headers if pair[0] not in _ANEW) + pairs(more)


def _from_disk(served: Served) -> FileResponse:
    """Return the answer with a document that is not kept in memory; it can send a part of it too."""
    return FileResponse(served.file, headers={name.decode(): value.decode("latin-1") for name, value in served.headers})


def _fields(scope: Scope) -> Headers:
    """Return the request's headers, those that came on several lines joined."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        found[name] = found[name] + b", " + value if name in found else value
    return found


def _as_logged(path: str) -> str:
    return readers.as_logged(private.as_logged(path))


def _text(headers: Headers, name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _takes_deltas(headers: Headers) -> bool:
    """Tell whether ``feed`` is among the manipulations that the client takes (RFC 3229 section 10.5.3)."""
    items = (item.partition(";") for item in _text(headers, b"a-im").lower().split(","))
    return any(name.strip() == "feed" and more.replace(" ", "") not in {"q=0", "q=0.0"} for name, _, more in items)
