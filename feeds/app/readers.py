"""The readers of one site: subscribed, imported, listed, given what they choose, and let go.

Not here: what they are mailed (post), what consent does (jobs.subscribe).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from feeds.app.site import App, Progress, silent
from feeds.errors import UsageWrong
from feeds.jobs.compose.agenda import notice_renamed
from feeds.jobs.subscribe import (
    ChoiceReport,
    ForgetReport,
    LeaveReport,
    PauseReport,
    SubscribeReport,
    Wish,
    choose,
    forget,
    held_of,
    import_subscribers,
    known_newsletters,
    list_subscribers,
    mailbox_of,
    pause,
    subscribe,
    terms_of,
    unsubscribe,
)
from feeds.model import Subscriber, Subscription, SubscriptionState
from feeds.rules.consent import Way
from feeds.store import keys, subscribers
from feeds.store.keys import Key

JUST_NOW = timedelta(minutes=1)  # what a person calls now


class Readers:
    """The readers of an :class:`App`."""

    def __init__(self, app: App) -> None:
        self._app, self._config = app, app.config

    def add(
        self, address: str, newsletters: Sequence[str], *, consent: str, name: str = "", again: bool = False
    ) -> SubscribeReport:
        """Subscribe one reader whose consent the operator has."""
        now = self._app.clock()
        terms = terms_of(self._config, newsletters, consent=consent, by=Way.ADD, now=now, again=again)
        notice_renamed(self._config, self._app.store)
        return subscribe(self._app.store, mailbox_of(address, name), terms, now=now)

    def import_file(
        self,
        file: Path,
        newsletters: Sequence[str],
        *,
        consent: str,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> SubscribeReport:
        """Subscribe every reader in a CSV file."""
        now = self._app.clock()
        terms = terms_of(self._config, newsletters, consent=consent, by=Way.IMPORT, now=now)
        if not dry_run:
            notice_renamed(self._config, self._app.store)
        return import_subscribers(self._app.store, file, terms, now=now, dry_run=dry_run, progress=progress)

    def list(
        self, newsletter: str | None = None, state: SubscriptionState | None = None
    ) -> Iterator[tuple[Subscriber, Subscription, str]]:
        """Yield (subscriber, subscription, where the consent came from), by address."""
        if newsletter is not None:
            known_newsletters(self._config, [newsletter])
        return list_subscribers(self._app.store, newsletter=newsletter, state=state)

    def count_forgotten(self, newsletter: str | None = None, state: SubscriptionState | None = None) -> int:
        """Return how many readers were forgotten whom a list would hold else."""
        with self._app.store.reading() as tx:
            return subscribers.count_forgotten(tx, newsletter=newsletter, state=state)

    def remove(self, address: str, newsletters: Sequence[str] = ()) -> LeaveReport:
        """End a reader's subscriptions, all where none is named; the record stays."""
        slugs, now = known_newsletters(self._config, newsletters), self._app.clock()
        return unsubscribe(self._app.store, mailbox_of(address), slugs, now=now, by="operator")

    def choose(self, address: str, newsletter: str, wish: Wish) -> ChoiceReport:
        """Write what a reader of a newsletter wishes, beside what they chose before."""
        return choose(self._config, self._app.store, mailbox_of(address), newsletter=newsletter, wish=wish)

    def forget(self, address: str, *, dry_run: bool = False) -> ForgetReport:
        """Erase a person; with ``dry_run`` only say what there is to erase."""
        return forget(self._app.store, mailbox_of(address), now=self._app.clock(), dry_run=dry_run)

    def held_of(self, address: str) -> dict[str, Any]:
        """Return all that is held of a person; raise UsageWrong where nobody has that address."""
        return held_of(self._app.store, mailbox_of(address))

    def keys(self) -> Sequence[Key]:
        """Return the keys that links to readers are signed with, the newest first."""
        with self._app.store.reading() as tx:
            return keys.list_all(tx)

    def rotate_key(self, *, grace: timedelta) -> Sequence[Key]:
        """Let a new key sign, and what was signed before be good for a while; return all keys."""
        now = self._app.clock()
        with self._app.store.writing() as tx:
            keys.rotate(tx, at=now, until=now + grace)
            return keys.list_all(tx)

    def pause(self, address: str, newsletters: Sequence[str] = (), *, until: datetime) -> PauseReport:
        """Let a reader rest until an instant to come, or end that now; raise UsageWrong for one that is over."""
        slugs, now = known_newsletters(self._config, newsletters), self._app.clock()
        if until < now - JUST_NOW:
            told = until.astimezone(self._config.site.zone)
            raise UsageWrong(f"--until: {told:%Y-%m-%d %H:%M %Z} is over; say now to end a pause")
        return pause(self._app.store, mailbox_of(address), slugs, until=until, now=now)
