"""``pressrun publish``: print every document from the store.

Not here: the press itself (jobs.publish).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli.common import INCOMPLETE, OK, UNWRITTEN, counted, open_site, progress, say, say_json, site_options


@click.command()
@site_options
def publish(config_path: Path, as_json: bool) -> None:
    """Write every feed and page whose bytes changed; remove those that are no more."""
    app = open_site(config_path)
    with progress("Printing") as show:
        report = app.publish(progress=show)
    if as_json:
        say_json(report)
    else:
        media = f" and {counted(len(report.media), 'media file')}" if report.media else ""
        click.echo(
            f"{app.config.output.path}: {counted(len(report.written), 'document')}{media} written,"
            f" {report.unchanged} unchanged, {len(report.removed)} removed"
        )
        say("removed", report.removed)
        say("notes", report.notes)
        say("left out", (f"{path}: {entry_id}: {reason}" for path, entry_id, reason in report.left_out))
        say("not written", (reason for _, reason in report.failed))
    raise SystemExit(UNWRITTEN if report.failed else OK if report.is_clean else INCOMPLETE)
