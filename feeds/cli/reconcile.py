"""``pressrun deliveries reconcile``: what is in doubt is settled by the mail server's log.

Not here: doing it (jobs.reconcile), the other commands on deliveries (deliveries).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from feeds.app.post import Post
from feeds.cli.common import (
    INCOMPLETE,
    OK,
    be_sure,
    counted,
    local_time,
    open_site,
    printable,
    read_instant,
    say,
    say_json,
    site_options,
)
from feeds.errors import UsageWrong
from feeds.jobs.reconcile.report import ReconcileReport, Settled

_LOG = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line asks for."""

    as_json: bool
    log: tuple[Path, ...]
    complete_until: str | None
    zone: str | None
    accept: bool
    dry_run: bool
    yes: bool

    @property
    def accepts(self) -> bool:
        """Tell whether the store is to be taken as it is."""
        return self.accept and not self.dry_run


@click.command()
@site_options
@click.option("--log", type=_LOG, multiple=True, help="A file of the mail server's log, packed or not; or several.")
@click.option("--complete-until", metavar="INSTANT", help='Until when the log is whole, by your word: "now", a time.')
@click.option("--zone", metavar="NAME", help="The zone of the log's times that name none. Default: this machine's.")
@click.option("--accept", is_flag=True, help="Send on with a restored store as it is.")
@click.option("--dry-run", is_flag=True, help="Say what would be settled; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reconcile(config_path: Path, **options: object) -> None:
    """Settle what is in doubt by the mail server's log (Postfix or Exim).

    What the log has was sent; what it surely lacks is sent again; what it does not tell stays in doubt. A store that
    was restored from a backup is brought up to date by it, and sends nothing before.
    """
    asked = _Asked(**options)  # type: ignore[arg-type]
    if not (asked.log or asked.accept):
        raise click.UsageError("say which log: --log FILE; or, for a restored store that lacks nothing, --accept")
    app = open_site(config_path)
    post, zone, report = Post(app), app.config.site.zone, None
    if asked.log:
        until, now = asked.complete_until, app.clock()
        whole = read_instant(until, zone, now=now) if until else None
        log_zone = _zone(asked.zone)
        report = post.reconcile(asked.log, complete_until=whole, zone=log_zone, dry_run=asked.dry_run, now=now)
    if asked.accepts:
        be_sure("Whom the store has forgotten is mailed once more", "accept", is_sure=asked.yes)
        post.accept()
        if report:
            report.still_behind = ""
    if asked.as_json:
        say_json({"accepted": asked.accepts, "report": report})
    else:
        _say(report, asked, zone)
    raise SystemExit(OK if report is None or report.is_clean else INCOMPLETE)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageWrong(f"--zone: {name!r} is no time zone; write it like Europe/Dublin") from None


def _say(report: ReconcileReport | None, asked: _Asked, zone: ZoneInfo) -> None:
    if report:
        for span in report.covered:
            click.echo(f"the log covers {local_time(span.since, zone)} to {local_time(span.until, zone)}")
        say("would be settled" if asked.dry_run else "settled", _lines(report.settled))
        say("unsettled", _lines(report.unsure))
        counts = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in sorted(report.counts.items()))
        click.echo(f"{counted(sum(report.counts.values()), 'delivery')}{f': {counts}' if counts else ' to settle'}")
        for line in _remarks(report, asked):
            click.echo(line, err=True)
    if asked.accepts:
        click.echo("the store is taken as it is; sending goes on with the next run")


def _remarks(report: ReconcileReport, asked: _Asked) -> Iterator[str]:
    yield from (f"the log: {fault}; what is not in it stays as it was" for fault in report.faults)
    yield from report.notes
    if report.unsure and not report.faults:
        yield "give the files that it lacks; if it is whole, and was only quiet, say until when: --complete-until"
    if report.still_behind:
        yield f"nothing is sent yet: {report.still_behind}"
    elif report.restored and asked.dry_run:
        yield "the store would be up to date by that; nothing is sent yet"
    elif report.restored and not asked.accepts:
        yield "the store is up to date; sending goes on with the next run"


def _lines(settled: list[Settled]) -> Iterator[str]:
    for one in settled:
        yield f"{one.edition}  {one.address}  {one.state.replace('_', ' ')}  {printable(one.said)}"
