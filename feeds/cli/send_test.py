"""``pressrun send-test``: a newsletter's message as readers would get it, to one address, at once.

Not here: the work (app.send_test).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.app.send_test import send_test as send
from feeds.cli.common import INCOMPLETE, OK, open_site, printable, read_instant, say_json, site_options
from feeds.cli.told import passed_over_lines


@click.command()
@site_options
@click.argument("newsletter")
@click.option("--to", required=True, metavar="ADDRESS", help="Who gets it.")
@click.option("--at", metavar="INSTANT", help="As it would be then, such as 2026-11-23T07:00; the site's zone if none.")
def send_test(config_path: Path, *, as_json: bool, newsletter: str, to: str, at: str | None) -> None:
    """Send NEWSLETTER's next edition to ADDRESS at once, by the configured transport, and show what was answered.

    It is no delivery: nothing is recorded, and no reader counts as having had it. "[Test]" stands before its subject,
    and its Message-ID is its own. The exit code is 1 where it was refused.
    """
    app = open_site(config_path)
    instant = read_instant(at, app.config.site.zone, now=app.clock()) if at else None
    report, remarks = send(app, newsletter, to=to, at=instant)
    reply = report.reply
    if as_json:
        say_json({"report": report, "was_taken": report.was_taken, "remarks": remarks})
    else:
        signed = f"signed by {' and '.join(report.signed_by)}" if report.signed_by else "not signed"
        click.echo(printable(f"“{report.subject}” to {report.to}: {report.octets:,} octets, {signed}"))
        click.echo(f"Message-ID: <{report.message_id}>")
        click.echo(printable(f"{report.transport} answered: {reply.code or 'nothing that can be read'} {reply.text}"))
        for remark in (*remarks, *passed_over_lines(report.passed_over)):
            click.echo(printable(remark), err=True)
    raise SystemExit(OK if report.was_taken else INCOMPLETE)
