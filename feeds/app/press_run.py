"""One press run: sync, publish, compose what is due, deliver what is queued; for cron, a timer, or the daemon's beat.

Safe to repeat and to kill; what finds nothing to do loads nothing heavy. Not here: the jobs (jobs), the clock
(scheduler).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from feeds import logs
from feeds.app.outcomes import RunOutcome, merged, together
from feeds.app.post import Post
from feeds.app.site import App, Progress, ShouldStop, never, silent
from feeds.errors import PressBusy, PressrunError, StoreUnusable
from feeds.jobs.compose.agenda import notice
from feeds.store import runs
from feeds.store.locking import only_run

if TYPE_CHECKING:
    from feeds.jobs.announce import AnnounceReport
    from feeds.jobs.deliver.report import DeliverReport

T = TypeVar("T")
JOB = runs.PRESS_RUN
SLICE_SECONDS = 60.0
CLOCK_SLACK = timedelta(minutes=5)  # clocks are set right by less than that all the time


def press_run(
    app: App, *, should_stop: ShouldStop = never, progress: Progress = silent, slice_seconds: float = SLICE_SECONDS
) -> RunOutcome:
    """Do what there is to do now; raise PressBusy at once where another run is at it.

    A job that fails is named in the outcome, and the others go on; but while nothing can be published no edition is
    composed, since its links would lead nowhere. After ``slice_seconds`` of delivering it looks after the articles.
    """
    with logs.running() as run, only_run(app.store):
        return _PressRun(app, should_stop, progress, slice_seconds=slice_seconds).run(run)


def deliver_by_hand(app: App, *, should_stop: ShouldStop = never, progress: Progress = silent) -> DeliverReport:
    """Deliver what is queued, and nothing else; it is recorded as the delivering of a press run is."""
    with logs.running():
        try:
            report = Post(app).deliver(should_stop=should_stop, progress=progress)
        except StoreUnusable:
            raise
        except PressrunError:
            _record(app, {"deliver": "failed"})
            raise
        _record(app, {"deliver": _how(report, has_failed=False)})
    return report


class _PressRun:
    def __init__(self, app: App, should_stop: ShouldStop, progress: Progress, *, slice_seconds: float) -> None:
        self._app, self._post = app, Post(app)
        self._should_stop, self._progress, self._slice = should_stop, progress, slice_seconds
        self._outcome, self._alarms = RunOutcome(), list[str]()

    def run(self, run: str) -> RunOutcome:
        self._check_clock()
        whole = self._pass()
        whole.run = run
        while whole.deliver and whole.deliver.stopped and not self._should_stop():
            whole.deliver.stopped = False
            whole = merged(whole, self._pass())
        self._record(whole)
        return whole

    def _pass(self) -> RunOutcome:
        """Do what there is to do; a delivery ends after its slice of time, so that articles do not wait for it."""
        app, progress = self._app, self._progress
        outcome = self._outcome = RunOutcome(alarms=self._alarms)
        self._alarms = []
        if app.needs_sync():
            outcome.sync = self._attempt("sync", lambda: app.sync_now(progress=progress))
        self._print()
        noticed = notice(app.config, app.store, app.clock())
        outcome.notes += noticed.notes
        outcome.alarms += noticed.alarms
        has_work = self._post.has_work() and not self._should_stop()
        if has_work and self._is_in_print():
            outcome.compose = self._attempt("compose", self._post.compose_now)
        if outcome.compose or noticed.notes:
            self._print()  # an edition, or a newsletter's new name, is on the site before anything is mailed
        if has_work:
            outcome.deliver = self._attempt("deliver", self._deliver)
        return outcome

    def _print(self) -> None:
        """Publish what is due, and tell the hubs of it."""
        app, outcome = self._app, self._outcome
        if app.needs_publish() and not self._should_stop():
            report = self._attempt("publish", lambda: app.publish_now(progress=self._progress))
            outcome.publish = together(outcome.publish, report)
        if app.needs_announce() and not self._should_stop():
            outcome.announce = together(outcome.announce, self._attempt("announce", self._announce))

    def _announce(self) -> AnnounceReport:
        return self._app.announce_now(self._ends_after_a_slice())

    def _deliver(self) -> DeliverReport:
        return self._post.deliver(should_stop=self._ends_after_a_slice(), progress=self._progress)

    def _ends_after_a_slice(self) -> ShouldStop:
        end = time.monotonic() + self._slice
        return lambda: self._should_stop() or time.monotonic() > end

    def _is_in_print(self) -> bool:
        published = self._outcome.publish
        return not any(job == "publish" for job, _ in self._outcome.errors) and not (published and published.failed)

    def _attempt(self, job: str, work: Callable[[], T]) -> T | None:
        log, begun = logging.getLogger(f"{logs.JOBS}.{job}"), time.monotonic()
        log.info("begins")
        try:
            done = work()
        except (StoreUnusable, PressBusy):
            raise
        except PressrunError as error:
            self._outcome.errors.append((job, error))
            log.info("failed after %.1f s", time.monotonic() - begun)
            return None
        log.info("done in %.1f s", time.monotonic() - begun)
        return done

    def _check_clock(self) -> None:
        now = self._app.clock()
        with self._app.store.reading() as tx:
            last = runs.find_last(tx, JOB)
        if last is not None and now < last.started_at - CLOCK_SLACK:
            said = f"it is {now:%Y-%m-%d %H:%M} UTC, and the last run was at {last.started_at:%Y-%m-%d %H:%M}"
            self._alarms.append(f"clock_went_back: {said}; no edition is made twice")

    def _record(self, outcome: RunOutcome) -> None:
        """Record the run, and those of its jobs that leave no record of their own."""
        failed = {job for job, _ in outcome.errors}
        done = {"announce": outcome.announce, "deliver": outcome.deliver, JOB: outcome}
        ended = {
            job: _how(report, has_failed=job in failed)
            for job, report in done.items()
            if report is not None or job in failed
        }
        _record(self._app, ended)


def _record(app: App, ended: Mapping[str, str]) -> None:
    """Record how jobs ended."""
    now, mark = app.clock(), logs.run_mark()
    with app.store.writing() as tx:
        for job, outcome in ended.items():
            runs.replace(tx, job=job, at=now, outcome=outcome, report=mark)


def _how(report: AnnounceReport | DeliverReport | RunOutcome | None, *, has_failed: bool) -> str:
    if report is None or has_failed:
        return "failed"
    return "done" if report.is_clean else "incomplete"
