"""What comes back to one site: reports taken in, and the addresses that are not mailed any more.

Not here: what a report means (rules, jobs.bounce), who reads what (readers).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from feeds.app.site import App, Progress, ShouldStop, never, silent
from feeds.errors import UsageWrong
from feeds.jobs.bounce import BounceReport, Desk, ImapBox, MaildirBox, Taken, take, take_all
from feeds.jobs.subscribe import mailbox_of
from feeds.model.bounces import Bounce, Kind, Reason
from feeds.rendering.edition import host_of
from feeds.rules.text import clean_line
from feeds.store import bounces, suppressions
from feeds.store.suppressions import Suppression


class Bounces:
    """What comes back to an :class:`App`."""

    def __init__(self, app: App) -> None:
        self._app, self._config = app, app.config
        self._desk = Desk(host_of(app.config), app.config.bounces.patience)

    # ---- taking in ----

    def take(self, data: bytes) -> Taken:
        """Take in one report."""
        return take(self._app.store, self._desk, data, now=self._app.clock())

    def take_maildir(
        self, folder: Path, *, should_stop: ShouldStop = never, progress: Progress = silent
    ) -> BounceReport:
        """Take in what a maildir holds."""
        box = MaildirBox(folder)
        clock = self._app.clock
        return take_all(self._app.store, self._desk, box, clock=clock, should_stop=should_stop, progress=progress)

    def take_imap(self, *, should_stop: ShouldStop = never, progress: Progress = silent) -> BounceReport:
        """Take in what the config's mailbox holds."""
        config, clock = self._config.bounces.imap, self._app.clock
        if config is None:
            raise UsageWrong(f"{self._config.file}: --imap needs a section [bounces.imap]: host, username, password")
        with ImapBox(config) as box:
            return take_all(self._app.store, self._desk, box, clock=clock, should_stop=should_stop, progress=progress)

    # ---- questions and decisions ----

    def reports(self, kinds: Collection[Kind] = (), *, limit: int | None = None) -> list[Bounce]:
        """Return the reports of some kinds, or all, the newest first."""
        with self._app.store.reading() as tx:
            return bounces.list_all(tx, kinds=kinds, limit=limit)

    def report(self, name: str) -> Bounce:
        """Return the report whose id begins so; raise UsageWrong where there is not exactly one."""
        with self._app.store.reading() as tx:
            return bounces.get(tx, name)

    def suppressed(self, *, lifted: bool = False) -> list[Suppression]:
        """Return the suppressed addresses, the newest first; with ``lifted`` those too that are mailed again."""
        with self._app.store.reading() as tx:
            return suppressions.list_all(tx, lifted=lifted)

    def of(self, address: str) -> tuple[Suppression | None, list[Bounce]]:
        """Return an address's suppression, also a lifted one, and the reports about it, the newest first."""
        key = mailbox_of(address).key
        with self._app.store.reading() as tx:
            return suppressions.find_any(tx, key), bounces.list_all(tx, address_key=key)

    def suppress(self, address: str, why: str) -> bool:
        """Suppress an address by hand; False where it is already."""
        evidence = clean_line(why)
        if not evidence:
            raise UsageWrong("--reason: say why, in words that still mean something in five years")
        key, now = mailbox_of(address).key, self._app.clock()
        made = Suppression(address_key=key, reason=Reason.BY_HAND, evidence=evidence, created_at=now)
        with self._app.store.writing() as tx:
            return suppressions.add(tx, made)

    def lift(self, address: str) -> bool:
        """Let an address be mailed again; False where it was not suppressed. What was ended stays so."""
        key, now = mailbox_of(address).key, self._app.clock()
        with self._app.store.writing() as tx:
            return suppressions.lift(tx, key, at=now)
