"""``pressrun preview``: a newsletter's digest as files to look at.

Not here: the digest itself (jobs.preview, rendering).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.app.post import Post
from feeds.cli.common import counted, open_site, read_instant, say, say_json, site_options


@click.command()
@site_options
@click.argument("newsletter")
@click.option("--for", "reader", metavar="ADDRESS", help="Exactly the message that would go to this reader.")
@click.option("--at", metavar="INSTANT", help="As it would be then, such as 2026-11-23T07:00; the site's zone if none.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write it.")
def preview(
    config_path: Path, *, as_json: bool, newsletter: str, reader: str | None, at: str | None, out: Path | None
) -> None:
    """Render the newest entries of NEWSLETTER as .html, .txt and .eml. Nothing is sent."""
    app = open_site(config_path)
    instant = read_instant(at or "now", app.config.site.zone, now=app.clock())
    report = Post(app).preview(newsletter, at=instant, reader=reader, folder=out)
    if as_json:
        say_json(report)
        return
    more = f" and {report.more} more named" if report.more else ""
    entries = f"{counted(report.entries, 'entry')}{more}"
    click.echo(f"{newsletter}: “{report.subject}”, {entries}, {report.html_bytes:,} bytes of HTML")
    say("look at", report.written)
    say("notes", report.notes)
