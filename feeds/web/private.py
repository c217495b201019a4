"""Private feeds over HTTP: ``/private/<token>/<file>``, for one reader alone, printed when it is asked for.

No shared cache, search engine or referrer learns of an address. Not here: what it leads to (jobs.private_feeds).
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import time
from asyncio import Semaphore
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from feeds.config import Config
from feeds.errors import PressrunError, StoreUnusable
from feeds.jobs.private_feeds import Opened, Standing, addressed, find_file, note_given, open_feed, print_feed
from feeds.rules.private_tokens import FOLDER
from feeds.store.engine import Store
from feeds.store.media import Shelf
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.codings import wanted
from feeds.web.conditions import Headers, Judgement, judge
from feeds.web.files import Served
from feeds.web.headers import NOTHING, content_type, of_kept, pairs, validators
from feeds.web.keeping import Keeping
from feeds.web.media_types import is_text, media_type
from feeds.web.places import FEEDS
from feeds.web.reading import link_header
from feeds.web.settings import Settings

LOG = logging.getLogger("pressrun")
PREFIX = f"/{FOLDER}/"
MOST_KEPT = 16 * 1024 * 1024  # bytes of documents in memory
# A reader may keep it for a while, and nobody between may (RFC 9111 section 5.2.2.7).
CACHING = ("cache-control", "private, max-age=900")
NEVER_KEPT = ("cache-control", "no-store")
SECRET = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
_LOGGED = re.compile(rf"/{FOLDER}/.*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Printed:
    """A document as it was printed last, for all readers of a feed, and what it was printed of.

    ``digest`` is of its bytes, ``link`` its Link header; both still without any reader's own address.
    """

    mark: Hashable
    digest: str
    modified: int
    data: bytes
    link: str


class PrivateFeeds:
    """Answers for private feeds. One request is worked on at a time: the threads are for what everyone reads."""

    def __init__(self, config: Config, store: Store) -> None:
        self._settings, self._store, self._is_current = Settings(config), store, False
        self._kept: Keeping[tuple[str, str, str], _Printed] = Keeping(MOST_KEPT)
        self._turn = Semaphore()

    async def answer(self, path: str, headers: Headers, *, is_head: bool = False) -> Answer | Served:
        """Answer a GET or HEAD of a path below ``PREFIX``."""
        async with self._turn:
            return await run_in_threadpool(self._answer, path, headers, is_head=is_head)

    def _answer(self, path: str, headers: Headers, *, is_head: bool) -> Answer | Served:
        token, _, place = path.removeprefix(PREFIX).partition("/")
        try:
            config = self._settings.current()
            self._require_current()
            opened = open_feed(config, self._store, token, now=datetime.now(UTC))
            if opened is Standing.UNKNOWN:
                return _secret(answers.missing(None), NEVER_KEPT)
            if isinstance(opened, Standing):
                return _secret(answers.told(410, "This address leads nowhere any more."), CACHING)
            answer = self._found(config, opened, place=place, headers=headers)
            if answer.status == 200 and not is_head:
                note_given(self._store, opened, now=datetime.now(UTC))
            return answer
        except (StoreUnusable, OSError) as error:
            LOG.warning("private feeds cannot be served: %s", error)
            return _secret(answers.unavailable(), NEVER_KEPT)

    def _found(self, config: Config, opened: Opened, *, place: str, headers: Headers) -> Answer | Served:
        if place in FEEDS and FEEDS[place].name in opened.feed.formats:
            return self._document(config, opened, place=place, headers=headers)
        folder, _, name = place.partition("/")
        file = find_file(self._store, Shelf(config.store.media), opened, name=name) if folder == "media" else None
        return _secret(answers.missing(None), NEVER_KEPT) if file is None else _media(file, headers)

    def _document(self, config: Config, opened: Opened, *, place: str, headers: Headers) -> Answer:
        try:
            printed = self._print(config, opened, place)
        except PressrunError as error:
            LOG.error("the private feed %s cannot be printed: %s", opened.feed.slug, error)
            return _secret(answers.unavailable(), NEVER_KEPT)
        return _own(printed, opened.token, place=place, headers=headers)

    def _print(self, config: Config, opened: Opened, place: str) -> _Printed:
        """Return a document, as it was printed before where nothing in it has changed since."""
        key, mark = (opened.feed.slug, place, opened.taste), (opened.mark, config)
        before = self._kept.find(key)
        if before is not None and before.mark == mark:
            return before
        data = print_feed(config, self._store, opened, format=FEEDS[place].name)
        digest = hashlib.sha256(data).hexdigest()
        # No two that differ have the same time, and none is later than the Date of its answer, which may lag.
        modified = int(time.time()) - 1
        if before is not None:
            modified = before.modified if before.digest == digest else max(modified, before.modified + 1)
        printed = _Printed(mark, digest, modified, data, link_header(data))
        self._kept.keep(key, printed, len(data))
        return printed

    def _require_current(self) -> None:
        if not self._is_current:
            self._store.require_current()
            self._is_current = True


def as_logged(path: str) -> str:
    """Return a path as it may be logged: of a private address only that it is one."""
    return _LOGGED.sub(f"{PREFIX}…", path)


def _own(printed: _Printed, token: str, *, place: str, headers: Headers) -> Answer:
    """Answer with a document as it is for one reader. Its tag is made without it: most polls need no more."""
    accepted = wanted(headers.get(b"accept-encoding", b"").decode("latin-1"))
    coding = next(coding for coding in accepted if coding in {"gzip", ""})
    digest = hashlib.sha256(f"{printed.digest}{token}".encode()).hexdigest()[:32]
    fields = [
        ("content-type", content_type(media_type(place))),
        ("content-encoding", coding),
        *validators(f'"{digest}-gz"' if coding else f'"{digest}"', printed.modified),
        CACHING,
        ("vary", "Accept-Encoding"),
        ("content-security-policy", NOTHING),
        ("link", addressed(printed.link.encode(), token).decode()),
    ]
    less = _less(fields, headers, modified=printed.modified)
    if less is not None:
        return less
    data = addressed(printed.data, token)
    body = gzip.compress(data, 6, mtime=0) if coding else data
    return Answer(200, pairs([*fields, ("content-length", str(len(body)))]) + SECRET, body)


def _media(file: Path, headers: Headers) -> Answer | Served:
    found = file.stat()
    etag, modified, kind = f'"{file.name[:32]}"', int(found.st_mtime), media_type(file.name)
    fields = [
        ("content-type", content_type(kind)),
        ("content-length", str(found.st_size)),
        *validators(etag, modified),
        CACHING,
        ("content-security-policy", NOTHING if is_text(kind) else ""),
    ]
    less = _less(fields, headers, modified=modified)
    tag, ready = etag.encode(), pairs(fields) + SECRET
    return less or Served(str(file), tag, tag, modified, None, ready, of_kept(ready))


def _less(fields: Sequence[tuple[str, str]], headers: Headers, *, modified: int) -> Answer | None:
    """Answer without the document where a request's conditions ask for no more, None where it must be sent."""
    judgement = judge(headers, etag=dict(fields)["etag"].encode(), modified=modified)
    if judgement is Judgement.NOT_MODIFIED:
        return Answer(judgement, of_kept(pairs(fields)) + SECRET, b"")
    if judgement is Judgement.FAILED:
        return _secret(answers.not_so(), NEVER_KEPT)
    return None


def _secret(answer: Answer, caching: tuple[str, str]) -> Answer:
    """Return an answer that is nobody else's business."""
    ours = pairs([caching]) + SECRET
    names = {name for name, _ in ours}
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] not in names) + ours)
