"""One site: its config, its store, its templates, and the jobs of the desk on them.

Not here: readers and mail (post, readers), a whole press run (press_run), the jobs themselves (jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds.app.outcomes import SyncOutcome
from feeds.config import Config, SourceConfig
from feeds.errors import PressrunError
from feeds.jobs import marks
from feeds.model import Entry, State
from feeds.store import documents, entries, runs
from feeds.store.engine import Store
from feeds.store.locking import only_run
from feeds.store.media import Shelf

if TYPE_CHECKING:
    from feeds.jobs.check import CheckReport
    from feeds.jobs.pin import PinReport
    from feeds.jobs.publish import PublishReport
    from feeds.rendering.environment import Templates
    from feeds.rules.articles import Desk

Progress = Callable[[str], None]


def silent(_what: str) -> None:
    """Show no progress."""


class App:
    """One site: its config, its store, and the jobs on them.

    ``clock`` gives the time, aware. ``templates`` are those of another site to share,
    where this one has none of its own.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        templates: Templates | None = None,
    ) -> None:
        self.config = config
        self.clock = clock
        self._shared_templates = templates
        self.shelf = Shelf(config.store.media)

    @cached_property
    def store(self) -> Store:
        """The store, opened: made where there is none, refused where its schema is not this program's."""
        store = Store(self.config.store.url.reveal())
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

    def publish(self, *, progress: Progress = silent) -> PublishReport:
        """Print and write every document whose bytes changed."""
        with only_run(self.store):
            return self.publish_now(progress=progress)

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

    def publish_now(self, *, progress: Progress = silent) -> PublishReport:
        """Publish while the caller holds the run's lock."""
        from feeds.jobs.publish import publish

        with self.recorded("publish", "") as (now, facts):
            materials = self._materials_mark()
            published = publish(
                self.config, self.store, self.shelf, templates=self.templates, now=now, progress=progress
            )
            facts.update(_counts(asdict(published)))
            if published.is_clean:
                facts["mark"] = marks.print_mark(self.config, self.store, materials=materials, now=now)
            with self.store.writing() as tx:
                runs.drop_before(tx, now - timedelta(days=self.config.retention.runs_days))
        return published

    def needs_sync(self) -> bool:
        """Tell whether a file may have changed since the last sync that went well."""
        mark = marks.sources_mark(self.config, self.clock())
        return mark == marks.UNSURE or mark != self._last_mark("sync")

    def needs_publish(self) -> bool:
        """Tell whether something may have changed since the last publish that went well."""
        mark = marks.print_mark(self.config, self.store, materials=self._materials_mark(), now=self.clock())
        return mark == marks.UNSURE or mark != self._last_mark("publish")

    def pin(self, *, dry_run: bool = False) -> PinReport:
        """Write each entry's id into its file's front matter."""
        from feeds.jobs.pin import pin
        from feeds.sources.folder import FolderSource

        folders = {source.slug: FolderSource(source.path).pin for source in self.config.sources}
        with nullcontext() if dry_run else only_run(self.store):
            return pin(self.store, folders, dry_run=dry_run)

    def check(self) -> CheckReport:
        """Check templates and documents; the config was checked when it was loaded."""
        from feeds.jobs.check import CheckReport, check_documents
        from feeds.rendering.checking import check_templates

        report = CheckReport(templates=len(self.templates.names()))
        report.faults += check_templates(self._own_templates)
        check_documents(self.config, self.store, report)
        return report

    @contextmanager
    def recorded(self, job: str, subject: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """Record a job's run, however it ends; give its time, and a place for what there is to tell of it."""
        now = self.clock()
        report: dict[str, Any] = {}
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
                "documents": len(documents.list_all(tx)),
                "last_published_at": documents.last_published_at(tx),
                "runs": {job: _run_facts(runs.find_last(tx, job)) for job in ("sync", "publish", "run")},
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
        return SourceSync(self.store, self.shelf, reader, desk=desk, site_id=self.config.site.id, now=now)

    def _desk(self, source: SourceConfig, find_file: Callable[[str], Any]) -> Desk:
        from feeds.rules.articles import Desk

        site = self.config.site
        return Desk(source.slug, site.zone, site.url, find_file, source.language or "")


def _counts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report with long lists as their lengths, fit to be kept with the run."""
    return {key: len(value) if isinstance(value, list) else value for key, value in report.items()}


def _run_facts(run: runs.Run | None) -> dict[str, Any] | None:
    return None if run is None else {"at": run.started_at, "outcome": run.outcome, "report": dict(run.report)}


def _stale(run: runs.Run | None) -> int:
    """Return how many public entries could not be read in a sync."""
    return sum(source.get("stale", 0) for source in run.report.get("sources", ())) if run else 0
