"""``pressrun compose`` and ``pressrun deliver``: the two halves of a press run that concern mail, by hand.

Not here: the jobs (jobs.compose, jobs.deliver).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from feeds.app import App, ComposeOutcome
from feeds.app.post import Post
from feeds.app.press_run import deliver_by_hand
from feeds.cli.common import (
    INCOMPLETE,
    OK,
    UNUSABLE,
    counted,
    local_time,
    open_site,
    read_instant,
    say_json,
    site_options,
)
from feeds.cli.progress import progress
from feeds.cli.stopping import stoppable
from feeds.cli.told import composed_lines, composing_problems, delivered_lines, delivery_problems
from feeds.jobs.compose.report import Outcome


@click.command()
@site_options
@click.argument("newsletter", required=False)
@click.option("--at", metavar="INSTANT", help='An edition for that instant, due or not: "now", or 2026-11-23T07:00.')
@click.option("--dry-run", is_flag=True, help="Say what would be composed, and for how many; change nothing.")
def compose(config_path: Path, *, as_json: bool, newsletter: str | None, at: str | None, dry_run: bool) -> None:
    """Fix the edition of NEWSLETTER, or of every one that is due, and queue a delivery for each reader."""
    app = open_site(config_path)
    outcome = Post(app).compose(newsletter, at=_instant(app, at), dry_run=dry_run)
    if as_json:
        say_json(outcome)
    else:
        for line in composed_lines(outcome, all_of_them=True):
            click.echo(f"would be: {line}" if dry_run else line)
        for line in (*_chosen(outcome, app.config.site.zone), *(_anew(outcome) if at else ())):
            click.echo(line)
        for line in (*outcome.notes, *composing_problems(outcome)):
            click.echo(line, err=True)
    raise SystemExit(OK if outcome.is_clean else INCOMPLETE)


@click.command()
@site_options
@click.option("--quiet", "-q", is_flag=True, help="Do not say meanwhile how far it is.")
def deliver(config_path: Path, as_json: bool, quiet: bool) -> None:
    """Send what is queued and due. Several may run at once; a killed one is settled by the next."""
    app = open_site(config_path)
    with progress("Delivering", lines=True, quiet=quiet) as show, stoppable() as stop:
        report = deliver_by_hand(app, should_stop=stop.is_set, progress=show)
    if as_json:
        say_json(report)
    else:
        for line in list(delivered_lines(report)) or (["nothing to deliver"] if report.is_clean else []):
            click.echo(line)
        for line in delivery_problems(report):
            click.echo(line, err=True)
    if report.stopped:
        raise SystemExit(128 + signal.SIGTERM)
    raise SystemExit(UNUSABLE if report.unusable else OK if report.is_clean else INCOMPLETE)


def _chosen(outcome: ComposeOutcome, zone: ZoneInfo) -> Iterator[str]:
    """Yield what readers chose in place of a newsletter's own cadence and language, where nobody has those."""
    for one in (one for report in outcome.reports for one in report.chosen):
        after = f"next {local_time(one.next_at, zone)}" if one.next_at else "an edition for each article"
        yield f"  {one.series}: {counted(one.readers, 'reader')} chose that, {after}"


def _anew(outcome: ComposeOutcome) -> Iterator[str]:
    """Yield how to get an edition of one's own where there is one for that minute already."""
    for report in outcome.reports:
        if report.outcome is Outcome.ALREADY:
            yield "a minute has one edition: for another, compose at a later one"
            yield f"to make this one anew, first `pressrun editions cancel {report.edition}`: its readers lack it then"


def _instant(app: App, at: str | None) -> datetime | None:
    return None if at is None else read_instant(at, app.config.site.zone, now=app.clock())
