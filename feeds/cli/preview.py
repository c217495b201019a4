"""``pressrun preview``: a newsletter's digest as files to look at.

Not here: the digest itself (jobs.preview, rendering).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.cli.common import counted, open_site, say, say_json, site_options
from feeds.errors import UsageWrong
from feeds.rules.dates import read_date


@click.command()
@site_options
@click.argument("newsletter")
@click.option("--at", metavar="INSTANT", help="As it would be then, such as 2026-11-23T07:00; the site's zone if none.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write it.")
def preview(config_path: Path, *, as_json: bool, newsletter: str, at: str | None, out: Path | None) -> None:
    """Render the newest entries of NEWSLETTER as .html, .txt and .eml. Nothing is sent."""
    app = open_site(config_path)
    instant = read_date(at, app.config.site.zone).at if at else datetime.now(UTC).replace(microsecond=0)
    if instant is None:
        raise UsageWrong(f"--at: {at!r} is no instant; write it like 2026-11-23T07:00")
    report = app.preview(newsletter, at=instant, folder=out)
    if as_json:
        say_json(report)
        return
    click.echo(
        f"{newsletter}: “{report.subject}”, {counted(report.entries, 'entry')}, {report.html_bytes:,} bytes of HTML"
    )
    say("look at", report.written)
    say("notes", report.notes)
