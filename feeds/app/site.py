"""One site: its config, its store, its templates, and the jobs of the desk on them.

Not here: readers and mail (post, readers), a whole press run (press_run), the jobs themselves (jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from feeds import logs
from feeds.app.outcomes import SyncOutcome
from feeds.config import Config, SourceConfig
from feeds.errors import PressrunError
from feeds.jobs import marks
from feeds.jobs.publish.report import PublishReport
from feeds.model import Entry, State
from feeds.store import bounces, documents, entries, forgetting, notices, pings, reprints, runs
from feeds.store.engine import Store
from feeds.store.health import require_lasting
from feeds.store.locking import only_run
from feeds.store.media import Shelf

if TYPE_CHECKING:
    from feeds.jobs.announce import AnnounceReport
    from feeds.jobs.check import CheckReport
    from feeds.jobs.deliver.progress import Sending
    from feeds.jobs.pin import PinReport
    from feeds.jobs.publish.edition_feeds import EditionFeeds
    from feeds.jobs.publish.edition_pages import EditionPages
    from feeds.jobs.publish.room import Room
    from feeds.jobs.withdraw import WithdrawReport
    from feeds.rendering.environment import Templates
    from feeds.rules.articles import Desk


UNCONFIRMED_DAYS = 30  # so long it is kept that somebody was asked for, after the link to confirm is good no more


class Progress(Protocol):
    """What a job calls with the name of what it is at; delivering calls it with how far it is."""

    def __call__(self, what: str | Sending, /) -> None:
        """Show it."""


ShouldStop = Callable[[], bool]


def never() -> bool:
    """Go on to the end."""
    return False


def wall_clock() -> datetime:
    """Return the time of this machine; a function with a name, since worker processes are sent it."""
    return datetime.now(UTC)


def silent(_what: str | Sending, /) -> None:
    """Show no progress."""


class App:
    """One site: its config, its store, and the jobs on them.

    ``clock`` gives the time, aware. ``templates`` are those of another site to share,
    where this one has none of its own.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime] = wall_clock,
        templates: Templates | None = None,
    ) -> None:
        self.config = config
        self.clock = clock
        self._shared_templates = templates
        self.shelf = Shelf(config.store.media)

    @cached_property
    def store(self) -> Store:
        """The store, opened: made where there is none, refused where it is not of this program or would not last."""
        store = Store(self.config.store.url.reveal())
        require_lasting(store)
        if store.revision() is None:
            from feeds.store.migrating import migrate

            migrate(store, keep_backups=self.config.retention.backups)
        store.require_current()
        return store

    @cached_property
    def templates(self) -> Templates:
        """The site's own templates before the packaged ones."""
        from feeds.rendering.environment import open_templates

        if self._shared_templates is not None and not self._own_templates.exists():
            return self._shared_templates
        return open_templates(self._own_templates)

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    # ---- jobs, one at a time ----

    def sync(self, *, accept_withdrawals: bool = False, progress: Progress = silent) -> SyncOutcome:
        """Bring the store up to date with every source."""
        with only_run(self.store):
            return self.sync_now(accept_withdrawals=accept_withdrawals, progress=progress)

    def publish(self, *, anew: bool = False, progress: Progress = silent) -> PublishReport:
        """Print what changed since the last publish, or everything ``anew``."""
        with only_run(self.store):
            return self.publish_now(anew=anew, progress=progress) if anew or self.needs_publish() else PublishReport()

    def sync_now(self, *, accept_withdrawals: bool = False, progress: Progress = silent) -> SyncOutcome:
        """Sync while the caller holds the run's lock."""
        from feeds.jobs.sync import note_broken_links, settle_tags, withdraw_dropped

        outcome = SyncOutcome()
        with self.recorded("sync", "") as (now, facts):
            mark = marks.sources_mark(self.config, now)
            configured = {source.slug for source in self.config.sources}
            dropped = withdraw_dropped(self.store, configured, accept=accept_withdrawals, now=now)
            for source in self.config.sources:
                job = self._source_sync(source, now)
                outcome.sources.append(job.run(accept_withdrawals=accept_withdrawals, progress=progress))
            outcome.sources += dropped
            note_broken_links(self.store, outcome.sources)
            outcome.tags = settle_tags(self.store, self.config.tags.aliases, now=now)
            facts["sources"] = [_counts(asdict(one)) for one in outcome.sources]
            facts["mark"] = mark if outcome.is_clean else marks.UNSURE
        return outcome

    def publish_now(self, *, anew: bool = False, progress: Progress = silent) -> PublishReport:
        """Publish while the caller holds the run's lock."""
        from feeds.jobs.publish.press import Press, publish

        with self.recorded("publish", "") as (now, facts):
            press = Press(
                config=self.config,
                store=self.store,
                shelf=self.shelf,
                templates=self.templates,
                materials=self._materials_mark(),
                newsletters=_newsletters,
            )
            published = publish(press, now=now, anew=anew, progress=progress)
            facts.update(_counts(asdict(published)))
            with self.store.writing() as tx:
                runs.drop_before(tx, now - timedelta(days=self.config.retention.runs_days))
                unconfirmed = self.config.readers.confirm_within_days + UNCONFIRMED_DAYS
                forgetting.drop_unconfirmed(tx, now - timedelta(days=unconfirmed))
                bounces.drop_before(tx, now - timedelta(days=self.config.retention.bounces_days))
                notices.drop_before(tx, now - timedelta(days=self.config.retention.notices_days))
        return published

    def announce(self) -> AnnounceReport:
        """Tell the hubs of what changed, and of what they did not take before."""
        with only_run(self.store):
            return self.announce_now()

    def announce_now(self, should_stop: ShouldStop = never) -> AnnounceReport:
        """Announce while the caller holds the run's lock. The operator named the hubs, so no network is refused."""
        from feeds.jobs.announce import announce
        from feeds.outgoing import ANYWHERE, Client, Limits

        site = self.config.site
        client = Client(site.url, allowed=ANYWHERE, limits=Limits(max_bytes=100_000, seconds=10.0))
        return announce(self.store, site.hubs, client.post, clock=self.clock, should_stop=should_stop)

    def needs_announce(self) -> bool:
        """Tell whether a hub is to hear of something now."""
        with self.store.reading() as tx:
            return pings.has_due(tx, self.clock())

    def needs_sync(self) -> bool:
        """Tell whether a file may have changed since the last sync that went well."""
        mark = marks.sources_mark(self.config, self.clock())
        return mark == marks.UNSURE or mark != self._last_mark("sync")

    def needs_publish(self) -> bool:
        """Tell whether a publish would find anything to print."""
        if not self.config.output.front.is_file():
            return True
        with self.store.reading() as tx:
            return not reprints.is_idle(tx, materials=self._materials_mark(), now=self.clock())

    def pin(self, *, dry_run: bool = False) -> PinReport:
        """Write each entry's id into its file's front matter."""
        from feeds.jobs.pin import pin
        from feeds.sources.folder import FolderSource

        folders = {source.slug: FolderSource(source.path).pin for source in self.config.sources}
        with nullcontext() if dry_run else only_run(self.store):
            return pin(self.store, folders, dry_run=dry_run)

    def withdraw(self, names: Sequence[str], *, reason: str, dry_run: bool = False) -> WithdrawReport:
        """Take entries out of print by an operator's word, whatever their source says of them."""
        from feeds.jobs.withdraw import withdraw

        if dry_run:
            return withdraw(self.store, names, reason=reason, now=self.clock(), dry_run=True)
        with only_run(self.store), self.recorded("withdraw", "") as (now, facts):
            report = withdraw(self.store, names, reason=reason, now=now)
            facts.update({one.id: one.done for one in report.entries})
        return report

    def restore(self, names: Sequence[str]) -> WithdrawReport:
        """Put back what an operator withdrew."""
        from feeds.jobs.withdraw import restore

        with only_run(self.store), self.recorded("restore", "") as (now, facts):
            report = restore(self.store, names, now=now)
            facts.update({one.id: one.done for one in report.entries})
        return report

    def check(self) -> CheckReport:
        """Check templates and documents; the config was checked when it was loaded."""
        from feeds.jobs.check import CheckReport, check_documents, check_logo, check_newsletters, check_notices
        from feeds.jobs.compose.notes import note_faults
        from feeds.jobs.publish.fixed import site_view
        from feeds.rendering.checking import check_templates

        report = CheckReport(templates=len(self.templates.names()))
        report.faults += check_templates(self._own_templates, templates=self.templates)
        for look in (check_newsletters, check_notices):
            look(self.config, report, site=site_view(self.config), templates=self.templates)
        check_logo(self.config, report)
        report.faults += note_faults(self.config)
        check_documents(self.config, self.store, report)
        return report

    @contextmanager
    def recorded(self, job: str, subject: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """Record a job's run, however it ends; give its time, and a place for what there is to tell of it."""
        now = self.clock()
        report: dict[str, Any] = {**logs.run_mark()}
        with self.store.writing() as tx:
            runs.begin(tx, job=job, subject=subject, due_at=now, now=now)
        outcome = "failed"
        try:
            yield now, report
            outcome = "done"
        except PressrunError as error:
            report["error"] = str(error)
            raise
        finally:
            with self.store.writing() as tx:
                runs.end(tx, (job, subject, now), outcome=outcome, report=report, now=self.clock())

    # ---- questions ----

    def entries(self, state: State | None = None) -> list[Entry]:
        """Return all entries, newest first."""
        with self.store.reading() as tx:
            return list(entries.list_all(tx, state=state))

    def entry(self, name: str) -> Entry:
        """Return the entry with this id, slug or key; raise UsageWrong where there is none."""
        with self.store.reading() as tx:
            return entries.find_by_name(tx, name) or entries.get(tx, name)

    def revisions(self, entry: Entry) -> list[tuple[int, str, datetime]]:
        """Return (revision, title, replaced at) of what an entry said before."""
        with self.store.reading() as tx:
            return entries.list_revisions(tx, entry.id)

    def status(self) -> dict[str, Any]:
        """Return where the desk stands: entries by state, what is due next, documents, last runs."""
        with self.store.reading() as tx:
            return {
                "site": self.config.site.title,
                "store": str(self.store),
                "entries": entries.count_by_state(tx),
                "next_scheduled_at": entries.next_scheduled_at(tx),
                "documents": documents.count(tx),
                "last_published_at": documents.last_published_at(tx),
                "pings": pings.count_by_state(tx),
                "runs": {job: _run_facts(runs.find_last(tx, job)) for job in ("sync", "publish", "deliver", "run")},
                "stale": _stale(runs.find_last(tx, "sync")),
            }

    def migrate(self) -> Path | None:
        """Bring the store to this program's schema; return the backup made, if any."""
        from feeds.store.migrating import migrate

        return migrate(Store(self.config.store.url.reveal()), keep_backups=self.config.retention.backups)

    def schema_differences(self) -> list[str]:
        """Name what the migrated store and this program's tables do not agree on."""
        from feeds.store.migrating import differences

        return differences(self.store)

    # ---- parts ----

    @property
    def _own_templates(self) -> Path:
        return self.config.folder / "templates"

    def _materials_mark(self) -> str:
        return marks.materials_mark(self.config, self._own_templates)

    def _last_mark(self, job: str) -> str | None:
        with self.store.reading() as tx:
            run = runs.find_last(tx, job)
        return run.report.get("mark") if run else None

    def _source_sync(self, source: SourceConfig, now: datetime) -> Any:
        from feeds.jobs.sync import SourceSync
        from feeds.sources import SOURCES

        reader = SOURCES[source.kind](source.path)
        desk = self._desk(source, reader.find_file)
        folders = {folder for feed in self.config.feeds for folder in feed.top_folders}
        site_id = self.config.site.id
        return SourceSync(self.store, self.shelf, reader, desk=desk, site_id=site_id, now=now, reserved=folders)

    def _desk(self, source: SourceConfig, find_file: Callable[[str], Any]) -> Desk:
        from feeds.rules.articles import Desk

        site = self.config.site
        return Desk(source.slug, site.zone, site.url, find_file, source.language or "")


def _newsletters(room: Room) -> tuple[EditionPages, EditionFeeds]:
    from feeds.jobs.publish.edition_feeds import EditionFeeds
    from feeds.jobs.publish.edition_pages import EditionPages

    return EditionPages(room), EditionFeeds(room)


def _counts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report with long lists as their lengths, fit to be kept with the run."""
    return {key: len(value) if isinstance(value, list) else value for key, value in report.items()}


def _run_facts(run: runs.Run | None) -> dict[str, Any] | None:
    return None if run is None else {"at": run.started_at, "outcome": run.outcome, "report": dict(run.report)}


def _stale(run: runs.Run | None) -> int:
    """Return how many public entries could not be read in a sync."""
    return sum(source.get("stale", 0) for source in run.report.get("sources", ())) if run else 0
