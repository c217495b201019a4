"""``pressrun bounce``: take in what comes back, from a pipe, a maildir or a mailbox; and look at what came.

Not here: what becomes of whom (jobs.bounce), the addresses that are not mailed any more (suppressions).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from feeds.app.bounces import Bounces
from feeds.cli.common import (
    INCOMPLETE,
    OK,
    counted,
    local_time,
    open_site,
    printable,
    say,
    say_json,
    site_options,
)
from feeds.cli.progress import progress
from feeds.cli.stopping import stoppable
from feeds.jobs.bounce import BounceReport
from feeds.model.bounces import Bounce, Kind
from feeds.rules.bounces_mime import MOST_RAW

LATER = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the message and brings it again
_BY_NAME = 12  # characters of a hash: enough to tell a report from the others


@click.group(invoke_without_command=True)
@site_options
@click.option(
    "--maildir", type=click.Path(path_type=Path, file_okay=False), help="Take in all reports of this maildir."
)
@click.option("--imap", is_flag=True, help="Take in all reports of the mailbox in [bounces.imap].")
@click.pass_context
def bounce(ctx: click.Context, config_path: Path, *, as_json: bool, maildir: Path | None, imap: bool) -> None:
    """Take in bounces, complaints and mail by which readers leave.

    Without an option one message is read from standard input, as a mail server pipes it; the exit code is then 0 where
    it was taken in, whatever it said, and else 75: keep it, and try again.
    """
    if ctx.invoked_subcommand is not None:
        return
    if maildir and imap:
        raise click.UsageError("say one of --maildir and --imap")
    if maildir or imap:
        _take_box(config_path, maildir, as_json=as_json)
    elif sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("pipe a message in, or name a mailbox: --maildir PATH or --imap")
    else:
        _take_one(config_path, as_json=as_json)


@bounce.command("list")
@site_options
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only those of this kind.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
def list_reports(config_path: Path, *, as_json: bool, kind: str | None, limit: int) -> None:
    """List the reports that were taken in, the newest first."""
    app = open_site(config_path)
    found = Bounces(app).reports([Kind(kind)] if kind else (), limit=limit)
    if as_json:
        say_json({"reports": [facts(one) for one in found]})
        return
    for one in found:
        when = local_time(one.received_at, app.config.site.zone)
        click.echo(f"{short_name(one)}  {when}  {what(one)}  {one.address_key or ''}".rstrip())
    click.echo(counted(len(found), "report"))


@bounce.command()
@site_options
@click.argument("report")
def show(config_path: Path, as_json: bool, report: str) -> None:
    """Show the beginning of REPORT, named by the beginning of its id."""
    found = Bounces(open_site(config_path)).report(report)
    if as_json:
        say_json(facts(found) | {"data": found.data.decode("utf-8", "replace")})
        return
    for line in found.data.decode("utf-8", "replace").splitlines():
        click.echo(printable(line.replace("\t", "    ")))
    if not found.data:
        click.echo(f"nothing is kept of this one: {found.kind}")


def _take_one(config_path: Path, *, as_json: bool) -> None:
    """Take in the message on standard input. Whatever goes wrong, the mail server is asked to keep it."""
    code = LATER
    try:
        taken = Bounces(open_site(config_path)).take(_standard_input())
        code = LATER if taken.waits else OK
        if as_json:
            say_json(taken)
        elif taken.waits:
            click.echo("pressrun: its delivery is still under way; to be tried again", err=True)
    except BaseException as error:  # a signal too: any other code than 75 would lose the report
        said = str(error) or type(error).__name__
        click.echo(f"pressrun: {said}; to be tried again", err=True)
    raise SystemExit(code)


def _standard_input() -> bytes:
    """Return the beginning of the message, and read the rest: a mail server takes a closed pipe for a failure."""
    data = sys.stdin.buffer.read(MOST_RAW)
    while sys.stdin.buffer.read(MOST_RAW):
        pass
    return data


def _take_box(config_path: Path, maildir: Path | None, *, as_json: bool) -> None:
    app = open_site(config_path)
    with progress("taking in what came back") as show_progress, stoppable() as stop:
        how: dict[str, Any] = {"should_stop": stop.is_set, "progress": show_progress}
        report = Bounces(app).take_maildir(maildir, **how) if maildir else Bounces(app).take_imap(**how)
    if as_json:
        say_json(report)
    else:
        _say(report)
    raise SystemExit(OK if report.is_clean else INCOMPLETE)


def _say(report: BounceReport) -> None:
    number = sum(report.kinds.values())
    if number or sys.stdout.isatty():  # cron would mail every line
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
        click.echo(f"{counted(number, 'report')} taken in{f': {kinds}' if kinds else ''}")
    if report.known_before:
        click.echo(f"{report.known_before} had been taken in before")
    if report.waiting:
        click.echo(f"{report.waiting} left for the next time: the deliveries are still under way")
    say("suppressed", (f"{address}: {printable(why)}" for address, why in report.suppressed))
    say("left", (f"{address}: {edition}" for address, edition in report.left))
    say("not understood, and put away flagged", (f"{name}: {printable(about)}" for name, about in report.unclear))
    say("could not be taken in, and left there", (f"{name}: {printable(why)}" for name, why in report.failed))


def short_name(one: Bounce) -> str:
    """Return as much of a report's id as names it."""
    return one.id if one.is_refusal else one.id[:_BY_NAME]


def what(one: Bounce) -> str:
    """Return what a report was taken for, and why."""
    return f"{one.kind}: {one.reason}" if one.reason else str(one.kind)


def facts(one: Bounce) -> dict[str, Any]:
    """Return what machines are told of a report, but for what stands in it."""
    names = ("id", "received_at", "kind", "reason", "delivery_id", "address_key")
    return {name: getattr(one, name) for name in names}
