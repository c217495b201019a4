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
from feeds.rules.asking import rest_of_step
from feeds.rules.cross_site import is_foreign
from feeds.rules.reader_tokens import FOLDER, Purpose
from feeds.store.engine import Store
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.headers import pairs
from feeds.web.reader_answers import ONE_CLICK, answer_to
from feeds.web.reader_forms import Fields, Refused, guessed_zone, read_form, wanted_language
from feeds.web.reader_visits import Visit
from feeds.web.settings import Settings

LOG = logging.getLogger("pressrun")
PREFIX = f"/{FOLDER}/"
ALLOWED = "GET, HEAD, POST, OPTIONS"
AT_ONCE = 4  # requests that are worked on: the other threads are for what everyone reads
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
        config = await self._settings.now()
        if not config.readers.pages:
            return None
        method = asking.scope["method"]
        if method not in {"GET", "HEAD", "POST"}:
            return _refused(method)
        try:
            form = await _form(asking, receive) if method == "POST" else {}
        except Refused as error:
            return strict(answers.told(error.status, error.said))
        if method == "POST" and _is_from_elsewhere(asking, form, config):
            return strict(answers.told(403, "This can be done on our own page only: open the link in your mail."))
        async with self._turn:
            answer = await run_in_threadpool(self._answer, config, asking, form)
        if method == "POST":
            if answer.status < 400:  # what was refused queued nothing, and may be a flood
                self._wake()
            if "address" in form:
                await asyncio.sleep(rest_of_step(time.monotonic() - begun))
        return strict(answer)

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


def strict(answer: Answer) -> Answer:
    """Return an answer that is nobody else's business."""
    ours = pairs(_SECRET)
    names = {name for name, _ in ours}
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] not in names) + ours)


async def _form(asking: Asking, receive: Receive) -> Fields:
    return await read_form(receive, content_type=asking.headers.get(b"content-type", b"").decode("latin-1"))


def _is_from_elsewhere(asking: Asking, form: Fields, config: Config) -> bool:
    """Tell whether a stranger's page sends what only ours may.

    Theirs may hold the form to subscribe, of which only a mail comes, and a mail program's may click for its reader.
    """
    step, token = _step_of(asking)
    is_one_click = step == Purpose.LEAVE and form.get("List-Unsubscribe", ("",))[0] == ONE_CLICK
    if is_one_click or (step in {"", "subscribe"} and not token):
        return False
    said = (asking.headers.get(name, b"").decode("latin-1") for name in (b"sec-fetch-site", b"origin"))
    return is_foreign(*said, site_url=config.site.url)


def _step_of(asking: Asking) -> tuple[str, str]:
    step, _, token = asking.path.removeprefix(PREFIX).partition("/")
    return step, token


def _visit(desk: Desk, asking: Asking, form: Fields) -> Visit:
    step, token = _step_of(asking)
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
