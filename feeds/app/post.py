"""The post of one site: editions composed, previewed and delivered, and what a person decides of deliveries.

Not here: who reads what (readers), the jobs themselves (jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds.app.notices import kinds_of, renew_welcomes
from feeds.app.outcomes import ComposeOutcome
from feeds.app.site import App, Progress, ShouldStop, never, silent
from feeds.errors import NoteUnreadable, PressBusy, TemplateInvalid, UsageWrong
from feeds.jobs.compose.agenda import agenda, next_slot, notice
from feeds.jobs.compose.items import Item, asked_for, item_of, list_chosen, note_chosen
from feeds.jobs.compose.report import undue_report
from feeds.model import DeliveryState, Edition, EditionState
from feeds.store import (
    deliveries,
    delivery_changes,
    delivery_lists,
    edition_files,
    editions,
    newsletters,
    notices,
    subscribers,
)
from feeds.store.locking import only_run

if TYPE_CHECKING:
    from feeds.jobs.compose.pressroom import Pressroom
    from feeds.jobs.compose.preview import PreviewReport, Proof
    from feeds.jobs.deliver.report import DeliverReport
    from feeds.jobs.reconcile.report import ReconcileReport
    from feeds.store.delivery_lists import Listed
    from feeds.store.editions import Selection
    from feeds.store.engine import Transaction

SENT_ANEW = frozenset({DeliveryState.BOUNCED, DeliveryState.EXPIRED})  # when retried: under another Message-ID


class Post:
    """The post of an :class:`App`."""

    def __init__(self, app: App) -> None:
        self._app, self._config = app, app.config
        self._room: Pressroom | None = None

    # ---- composing ----

    def compose(
        self, newsletter: str | None = None, *, at: datetime | None = None, dry_run: bool = False
    ) -> ComposeOutcome:
        """Compose what is due, of one newsletter or of all; with ``at`` an edition for that instant, due or not."""
        if dry_run:
            return self.compose_now(newsletter, at=at, dry_run=True)
        with only_run(self._app.store):
            return self.compose_now(newsletter, at=at)

    def compose_now(
        self, newsletter: str | None = None, *, at: datetime | None = None, dry_run: bool = False
    ) -> ComposeOutcome:
        """Compose while the caller holds the run's lock, or for a dry run without it."""
        now, outcome, self._room = self._app.clock(), ComposeOutcome(), None
        if at is not None and at > now and not dry_run:
            told = f"{at.astimezone(self._config.site.zone):%Y-%m-%d %H:%M %Z}"
            raise UsageWrong(f"--at: {told} is still to come; look at it with --dry-run or `preview`")
        if not dry_run:
            noticed = notice(self._config, self._app.store, now)
            outcome.notes = [*noticed.notes, *noticed.alarms]
            outcome.revised = self._take_out_withdrawn(now)
        items = agenda(self._config, self._app.store, now)
        found = items if newsletter is None else self._named(items, newsletter)
        for item in found if at is None else asked_for(found, newsletter):
            if item.is_due or at is not None:
                self._compose_one(item, outcome, at=at, now=now, dry_run=dry_run)
            elif item.is_home:
                outcome.reports.append(undue_report(item.newsletter.slug, item.decision))
        note_chosen(self._config, self._app.store, items, reports=outcome.reports)
        if not dry_run:
            outcome.notes += self._show_pictures()
        return outcome

    def _show_pictures(self) -> list[str]:
        """Put the pictures of new editions on the site, while the run's lock is held; return what went wrong."""
        with self._app.store.reading() as tx:
            if not edition_files.list_due(tx):
                return []
        from feeds.jobs.publish.media import show_due
        from feeds.jobs.publish.output import Output

        return show_due(self._app.store, self._app.shelf, Output(self._config.output.path))

    def has_work(self) -> bool:
        """Tell whether composing or delivering would find anything to do; light, for a beat with nothing due."""
        now, store = self._app.clock(), self._app.store
        with store.reading() as tx:
            if deliveries.has_due(tx, now) or delivery_changes.list_stale(tx):
                return True
        return any(item.is_due for item in agenda(self._config, store, now))

    def _compose_one(
        self, item: Item, outcome: ComposeOutcome, *, at: datetime | None, now: datetime, dry_run: bool
    ) -> None:
        from feeds.jobs.compose.editions import compose, compose_slot

        store = self._app.store
        try:
            if at is not None:
                slot = at.replace(second=0, microsecond=0)
                outcome.reports.append(compose_slot(store, self.room, item, slot=slot, now=now, dry_run=dry_run))
            else:
                outcome.reports += compose(store, self.room, item, now=now, dry_run=dry_run)
        except (TemplateInvalid, NoteUnreadable) as error:  # nothing of this newsletter is fixed; the others go on
            outcome.failed.append((item.newsletter.slug, str(error)))

    def _take_out_withdrawn(self, now: datetime) -> list[Any]:
        renew_welcomes(self._app)
        with self._app.store.reading() as tx:
            if not delivery_changes.list_stale(tx):
                return []
        from feeds.jobs.compose.withdrawals import take_out_withdrawn

        return list(take_out_withdrawn(self._app.store, self.room, now=now))

    @property
    def room(self) -> Pressroom:
        """What editions are made with, read once for each time of composing: which pages there are may change."""
        from feeds.jobs.compose.pictures import PictureDesk
        from feeds.jobs.compose.pressroom import Pressroom
        from feeds.jobs.publish.fixed import site_view
        from feeds.jobs.publish.stock import press_for

        if self._room is None:
            with self._app.store.reading() as tx:
                press = press_for(tx, self._config.site.press)
            site, templates = site_view(self._config), self._app.templates
            pictures = PictureDesk(self._config, self._app.shelf)
            self._room = Pressroom(config=self._config, site=site, press=press, templates=templates, pictures=pictures)
        return self._room

    def preview(
        self,
        newsletter: str,
        *,
        at: datetime | None = None,
        reader: str | None = None,
        folder: Path | None = None,
        reload: bool = False,
    ) -> PreviewReport:
        """Write a newsletter's edition to look at, as it would be at an instant, for one reader or for nobody."""
        from feeds.jobs.compose.preview import write_preview

        proof, folder = self.proof(newsletter, at=at, reader=reader), folder or self.preview_folder(newsletter)
        return write_preview(proof, self.room, newsletter, folder=folder, reload=reload)

    def preview_folder(self, newsletter: str) -> Path:
        """Return where the previews of a newsletter are written, if nothing else is asked for."""
        return self._config.output.preview_path / newsletter

    def proof(self, newsletter: str, *, at: datetime | None = None, reader: str | None = None) -> Proof:
        """Return the message that would go at an instant, to one reader or to nobody; UsageWrong where none would."""
        from feeds.jobs.compose.preview import proof_for, proof_for_nobody

        app = self._app
        at = (at or app.clock()).replace(microsecond=0)
        items = self._named(agenda(self._config, app.store, at), newsletter)
        if reader is None:
            return proof_for_nobody(app.store, self.room, items[0], at=at)
        key = self.address_key(reader)
        with app.store.reading() as tx:
            subscriber = subscribers.get_by_key(tx, key)
            chosen = subscribers.list_subscriptions(tx, [subscriber.id]).get((subscriber.id, items[0].newsletter.slug))
        item = item_of(self._config, items, subscriber, subscription=chosen)
        return proof_for(app.store, self.room, item, reader=subscriber, at=at)

    def _named(self, items: Iterable[Item], name: str) -> list[Item]:
        """Return the items of a newsletter, the home first, or of one of its series."""
        listed = list(items)
        found = [item for item in listed if name in {item.newsletter.slug, item.turn.series.name}]
        if not found:
            known = ", ".join(item.newsletter.slug for item in listed if item.is_home) or "none"
            raise UsageWrong(f"{self._config.file}: there is no newsletter {name!r}; known are: {known}")
        return found

    # ---- delivering ----

    def deliver(self, *, should_stop: ShouldStop = never, progress: Progress = silent) -> DeliverReport:
        """Deliver what is queued; what was withdrawn meanwhile is taken out before."""
        from feeds.jobs.deliver.delivering import deliver
        from feeds.jobs.deliver.working import Watch

        app, self._room = self._app, None
        revised = self._take_out_withdrawn(app.clock())
        if revised:
            with suppress(PressBusy), only_run(app.store):  # whoever holds the lock shows them
                self._show_pictures()
        report = deliver(self._config, app.store, clock=app.clock, watch=Watch(should_stop, progress))
        report.withheld = {one.edition: one.problem for one in revised if one.problem}
        return report

    # ---- questions and decisions ----

    def editions(self, newsletter: str | None = None) -> list[tuple[Edition, dict[DeliveryState, int]]]:
        """Return the editions, newest first, with how many of their deliveries stand where."""
        with self._app.store.reading() as tx:
            found = editions.list_all(tx, newsletter=newsletter)
            if newsletter and not found:
                self._named(agenda(self._config, self._app.store, self._app.clock()), newsletter)
            counts = delivery_lists.count_by_state(tx, [edition.id for edition in found])
        return [(edition, counts.get(edition.id, {})) for edition in found]

    def edition(self, name: str) -> tuple[Edition, list[Selection], dict[DeliveryState, int]]:
        """Return one edition, what its readers get, and how its deliveries stand; raise UsageWrong without one."""
        with self._app.store.reading() as tx:
            edition = editions.get(tx, name)
            counts = delivery_lists.count_by_state(tx, [edition.id]).get(edition.id, {})
            return edition, editions.list_selections(tx, edition.id), counts

    def cancel(self, name: str) -> tuple[Edition, int]:
        """Cancel what is not sent of an edition. Return it, and how many deliveries that ended; with none it stays."""
        now = self._app.clock()
        with self._app.store.writing() as tx:
            edition = editions.get(tx, name)
            ended = delivery_changes.cancel_queued(tx, edition.id, at=now)
            if ended:
                editions.mark_cancelled(tx, edition.id, now)
        return edition, ended

    def pause(self, name: str) -> tuple[Edition, int]:
        """Hold an edition back until it is resumed; return it, and how many deliveries wait. What is sent stays sent.

        What a worker has claimed is taken from it, so that it stops at once.
        """
        return self._mark(name, editions.mark_paused)

    def resume(self, name: str) -> tuple[Edition, int]:
        """Let an edition go on that was paused; return it, and how many of its deliveries are to be sent."""
        return self._mark(name, editions.mark_resumed)

    def _mark(self, name: str, mark: Callable[[Transaction, str], None]) -> tuple[Edition, int]:
        """Mark an edition that was not cancelled, and give back what a worker has claimed of it."""
        with self._app.store.writing() as tx:
            edition = editions.get(tx, name)
            _require_uncancelled(edition)
            mark(tx, edition.id)
            return edition, delivery_changes.hand_back(tx, edition.id)

    def waiting(self, name: str) -> tuple[Edition, int]:
        """Return an edition, and how many of its deliveries cancelling it would end."""
        with self._app.store.reading() as tx:
            edition = editions.get(tx, name)
            return edition, delivery_changes.count_waiting(tx, edition.id)

    def deliveries(
        self, *, edition: str | None = None, address: str | None = None, states: Iterable[DeliveryState] = ()
    ) -> list[Listed]:
        """Return deliveries, of an edition, to an address, in some states, or all; UsageWrong for unknown ones.

        ``notices`` in place of an edition means all notices, ``notices/KIND`` those of a kind.
        """
        kinds = kinds_of(edition)
        with self._app.store.reading() as tx:
            edition_id = editions.get(tx, edition).id if edition and not kinds else None
            key = subscribers.get_by_key(tx, self.address_key(address)).address_key if address else None
            wanted = tuple(states)
            return list(delivery_lists.list_all(tx, edition_id=edition_id, kinds=kinds, address_key=key, states=wanted))

    def retry(
        self, edition: str, *, address: str | None = None, states: Iterable[DeliveryState], dry_run: bool = False
    ) -> list[Listed]:
        """Queue again what was not sent: deferred at once, what failed as a new generation. Return what was queued."""
        self._find_uncancelled(edition)
        found = self._to_decide(edition, address, states)
        if dry_run:
            return found
        now = self._app.clock()
        with self._app.store.writing() as tx:
            for listed in found:
                state = listed.delivery.state
                again = state in SENT_ANEW
                delivery_lists.requeue(tx, [listed.delivery.id], now=now, states=[state], again=again)
        return found

    def resolve(self, edition: str, *, address: str | None = None, resend: bool) -> list[Listed]:
        """Settle what is in doubt: it arrived, or it is sent again under the same Message-ID. Return what was."""
        if resend:
            self._find_uncancelled(edition)
        found = self._to_decide(edition, address, [DeliveryState.IN_DOUBT])
        now = self._app.clock()
        with self._app.store.writing() as tx:
            for one in (listed.delivery.id for listed in found):
                if resend:
                    delivery_lists.requeue(tx, [one], now=now, states=[DeliveryState.IN_DOUBT], again=False)
                else:
                    delivery_lists.resolve(tx, [one], DeliveryState.SENT, at=now, why="said to have arrived")
        return found

    def reconcile(
        self,
        files: Iterable[Path],
        *,
        complete_until: datetime | None = None,
        zone: tzinfo | None = None,
        dry_run: bool = False,
        now: datetime | None = None,
    ) -> ReconcileReport:
        """Settle by the mail server's log what is in doubt, and what a restored store may have forgotten by ``now``.

        ``complete_until`` is until when a person says that the log is whole; ``zone`` is that of its times, if not this
        machine's.
        """
        from feeds.jobs.reconcile.logs import machine_zone
        from feeds.jobs.reconcile.reconciling import Evidence, reconcile

        app = self._app
        evidence = Evidence(files=tuple(files), zone=zone or machine_zone(), complete_until=complete_until)
        return reconcile(self._config, app.store, evidence, now=now or app.clock(), dry_run=dry_run)

    def accept(self) -> None:
        """Take the store as it is, by a person's word that it has forgotten nothing that matters; sending goes on."""
        from feeds.store.witness import Witness

        Witness(self._app.store, self._config.store.media.parent).accept(self._app.clock())

    def _to_decide(self, edition: str, address: str | None, states: Iterable[DeliveryState]) -> list[Listed]:
        wanted = tuple(states)
        found = self.deliveries(edition=edition, address=address, states=wanted)
        if address and not found:
            said = " or ".join(state.replace("_", " ") for state in wanted)
            raise UsageWrong(f"{edition}: no delivery to {address} is {said}; see `pressrun deliveries show {address}`")
        return found

    def _find_uncancelled(self, name: str) -> None:
        if kinds_of(name):
            return
        with self._app.store.reading() as tx:
            _require_uncancelled(editions.get(tx, name))

    def status(self) -> dict[str, Any]:
        """Return where the post stands: what is due next, queued, in doubt, and of newsletters that are gone."""
        from feeds.jobs.compose.notes import note_standing

        now, store = self._app.clock(), self._app.store
        items = agenda(self._config, store, now)
        with store.reading() as tx:
            counts = delivery_lists.count_by_state(tx)
            configured = {newsletter.slug for newsletter in self._config.newsletters}
            seen = [one.slug for one in newsletters.list_seen(tx).values() if one.renamed_to is None]
            readers, by_feed = subscribers.count_by_state(tx), subscribers.count_by_feed(tx)
            paused = editions.list_paused(tx)
            homes = [item for item in items if item.is_home]
            chosen = {
                home.turn: list_chosen(self._config, tx, self._named(items, home.newsletter.slug)) for home in homes
            }
            told = notices.count_by_state(tx)
        total: dict[str, int] = {}
        for state, number in ((state, number) for one in counts.values() for state, number in one.items()):
            total[state] = total.get(state, 0) + number
        return {
            "newsletters": [
                _standing(item, readers.get(item.newsletter.slug, {}))
                | {"by_feed": by_feed.get(item.newsletter.slug, 0)}
                | {"note": asdict(note_standing(self._config, item.newsletter, next_slot(item, now)))}
                | {"series": [asdict(one) for one in chosen[item.turn]]}
                for item in homes
            ],
            "gone": {slug: readers.get(slug, {}).get("active", 0) for slug in seen if slug not in configured},
            "deliveries": total,
            "notices": told,
            "paused": paused,
        }

    def address_key(self, address: str) -> str:
        """Return what a subscriber's address is known by; raise UsageWrong where it is none."""
        from feeds.jobs.subscribe import mailbox_of

        return mailbox_of(address).key


def _require_uncancelled(edition: Edition) -> None:
    if edition.state is EditionState.CANCELLED:
        raise UsageWrong(f"{edition.id} was cancelled: nothing more of it is sent")


def _standing(item: Item, readers: dict[Any, int]) -> dict[str, Any]:
    decision = item.decision
    return {
        "newsletter": item.newsletter.slug,
        "readers": {str(state): number for state, number in readers.items()},
        "standing": decision.standing.value if decision else "each article",
        "due": decision.slot if decision else None,
        "next_at": decision.next_at if decision else None,
    }
