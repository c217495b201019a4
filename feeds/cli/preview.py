"""``pressrun preview``: a newsletter's edition on one page, as clients show it, and as files.

Not here: the digest itself (rendering), making and judging it (jobs), making it again and again (preview_watch).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from feeds.app import App
from feeds.app.post import Post
from feeds.cli.common import counted, open_site, read_instant, say, say_json, site_options
from feeds.cli.told import also
from feeds.jobs.compose.preview import PreviewReport


@click.command()
@site_options
@click.argument("newsletter")
@click.option("--for", "reader", metavar="ADDRESS", help="Exactly the message that would go to this reader.")
@click.option("--at", metavar="INSTANT", help="As it would be then, such as 2026-11-23T07:00; the site's zone if none.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write it.")
@click.option("--open", "is_opened", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--watch",
    is_flag=True,
    help="Serve it to this machine, made anew whenever an article, a template, a note or the config changes.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="With --watch: where.")
def preview(config_path: Path, *, as_json: bool, watch: bool, is_opened: bool, port: int, **asked: Any) -> None:
    """Show NEWSLETTER's next edition as clients show it, its size, and what the lint says. Nothing is sent."""
    if watch:
        from feeds.cli.preview_watch import watch_preview

        folder = asked["out"] or Post(open_site(config_path)).preview_folder(asked["newsletter"])
        render = partial(_made, reload=True, **asked)
        with suppress(KeyboardInterrupt):
            watch_preview(config_path, port, render, folder=folder, tell=_tell, is_opened=is_opened)
        return
    report = _made(open_site(config_path), reload=False, **asked)
    if as_json:
        say_json(report)
    else:
        _tell(report)
    if is_opened:
        click.launch(report.written[0])


def _made(
    app: App, *, newsletter: str, reader: str | None, at: str | None, out: Path | None, reload: bool
) -> PreviewReport:
    instant = read_instant(at or "now", app.config.site.zone, now=app.clock())
    return Post(app).preview(newsletter, at=instant, reader=reader, folder=out, reload=reload)


def _tell(report: PreviewReport, *, again: bool = False) -> None:
    more = f" and {report.more} more named" if report.more else ""
    entries = f"{counted(report.entries, 'entry')}{more}"
    size = f"{report.html_bytes:,} bytes of HTML"
    click.echo(f"{report.newsletter}: “{report.subject}”, {entries}{also(report)}, {size}")
    say("look at", [] if again else report.written)
    say("notes", report.notes)
    say("lint", [f"{one.rule} {one.severity}: {one.text}" for one in report.findings])
