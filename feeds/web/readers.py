"""The pages of readers over HTTP: ``/readers/…``, to subscribe, choose and leave, without cookies.

The token in an address is the right to what it opens: no cache, search engine, referrer or log learns of it, and a GET
changes nothing. Not here: which page answers (reader_answers), what is done (jobs.subscribe).
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from asyncio import Semaphore
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope

from feeds.config import Config
from feeds.errors import StoreUnusable, TemplateInvalid
from feeds.jobs.publish.fixed import site_view
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.topics import TopicMemory
from feeds.rendering.environment import Templates, open_templates
from feeds.rendering.reader_pages import spoken
from feeds.rules.reader_tokens import FOLDER, Purpose
from feeds.store.engine import Store
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.headers import pairs
from feeds.web.reader_answers import Visit, answer_to
from feeds.web.reader_forms import Fields, Refused, guessed_zone, read_form, wanted_language
from feeds.web.settings import Settings

LOG = logging.getLogger("pressrun")
PREFIX = f"/{FOLDER}/"
ALLOWED = "GET, HEAD, POST, OPTIONS"
AT_ONCE = 4  # requests that are worked on: the other threads are for what everyone reads
# An answer to who gives an address takes a whole number of these seconds, whatever there was to do.
STEP = 0.4
_STEPS = {*Purpose, "subscribe"}
_LOGGED = re.compile(rf"{PREFIX}(.*)", re.IGNORECASE | re.DOTALL)
_SECRET = (
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-robots-tag", "noindex, nofollow"),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what: ``path`` is below the site's address, ``client`` the network that it comes from."""

    scope: Scope
    path: str
    headers: Mapping[bytes, bytes]
    client: str


class ReaderPages:
    """Answers for the pages of readers, as the config says by now; ``wake`` is called when mail was queued."""

    def __init__(self, config: Config, store: Store, *, wake: Callable[[], None]) -> None:
        self._settings, self._store, self._is_current = Settings(config), store, False
        self._turn, self._wake = Semaphore(AT_ONCE), wake
        self._templates: tuple[object, Templates] | None = None
        self._topics = TopicMemory()

    async def answer(self, asking: Asking, receive: Receive) -> Answer | None:
        """Answer a request for a path below ``PREFIX``; None where the site has no such pages."""
        begun = time.monotonic()
        config = await run_in_threadpool(self._settings.current)
        if not config.readers.pages:
            return None
        method = asking.scope["method"]
        if method not in {"GET", "HEAD", "POST"}:
            return _refused(method)
        try:
            form = await _form(asking, receive) if method == "POST" else {}
        except Refused as error:
            return strict(answers.told(error.status, error.said), config)
        async with self._turn:
            answer = await run_in_threadpool(self._answer, config, asking, form)
        if method == "POST":
            if answer.status < 400:  # what was refused queued nothing, and may be a flood
                self._wake()
            if "address" in form:
                await asyncio.sleep(STEP - (time.monotonic() - begun) % STEP)
        return strict(answer, config)

    def _answer(self, config: Config, asking: Asking, form: Fields) -> Answer:
        try:
            self._require_current()
            desk = Desk(
                config=config,
                store=self._store,
                templates=self._templates_of(config),
                site=site_view(config),
                topics=self._topics,
            )
            return answer_to(_visit(desk, asking, form))
        except (StoreUnusable, TemplateInvalid, OSError) as error:
            LOG.error("the pages of readers cannot be served: %s", error)
        except Exception as error:
            # What it says may hold an address or a token: where it came from is enough.
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("a page of readers failed: %s in %s:%s", type(error).__name__, place.filename, place.lineno)
        return answers.away()

    def _templates_of(self, config: Config) -> Templates:
        """Return the templates of now: read anew where the site's own have changed."""
        folder = config.folder / "templates"
        seen = folder, tuple(sorted(_seen(folder)))
        if self._templates is None or self._templates[0] != seen:
            self._templates = seen, open_templates(folder)
        return self._templates[1]

    def _require_current(self) -> None:
        if not self._is_current:
            self._store.require_current()
            self._is_current = True


def as_logged(path: str) -> str:
    """Return a path as it may be logged: of a reader's own page only what it is for."""
    return _LOGGED.sub(lambda found: PREFIX + _told(found[1]), path)


def strict(answer: Answer, config: Config) -> Answer:
    """Return an answer that is nobody else's business."""
    is_https = config.site.url.startswith("https://")
    ours = pairs([*_SECRET, ("strict-transport-security", "max-age=31536000" if is_https else "")])
    names = {name for name, _ in ours}
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] not in names) + ours)


async def _form(asking: Asking, receive: Receive) -> Fields:
    return await read_form(receive, content_type=asking.headers.get(b"content-type", b"").decode("latin-1"))


def _visit(desk: Desk, asking: Asking, form: Fields) -> Visit:
    step, _, token = asking.path.removeprefix(PREFIX).partition("/")
    query = parse_qs(asking.scope["query_string"].decode("latin-1")[:500])
    said = spoken((query.get("lang") or form.get("language") or ("",))[0])
    languages = asking.headers.get(b"accept-language", b"").decode("latin-1")
    return Visit(
        desk=desk,
        is_post=asking.scope["method"] == "POST",
        step=step,
        token=token,
        form=form,
        network=asking.client,
        language=said,
        other_language=wanted_language(languages) or spoken(desk.site.language) or "en",
        now=datetime.now(UTC),
        zone_guess=guessed_zone(languages),
    )


def _refused(method: str) -> Answer:
    if method == "OPTIONS":
        return answers.options(ALLOWED)
    return answers.told(405, f"Only {ALLOWED} can be asked of this.", ("allow", ALLOWED))


def _told(rest: str) -> str:
    step, slash, more = rest.partition("/")
    if step in _STEPS:
        return step + slash + ("…" if more else "")
    return "…" if rest else ""


def _seen(folder: Path) -> list[tuple[str, int]]:
    return [(str(file), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()]
