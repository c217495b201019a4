"""``pressrun publish``: print every document from the store.

Not here: the press itself (jobs.publish).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.app import App
from feeds.cli.common import INCOMPLETE, OK, UNWRITTEN, counted, open_site, say, say_json, site_options
from feeds.cli.progress import progress
from feeds.cli.told import announced_lines, announcing_problems
from feeds.errors import PressBusy

if TYPE_CHECKING:
    from feeds.jobs.announce import AnnounceReport


@click.command()
@site_options
@click.option("--all", "anew", is_flag=True, help="Print every document, whether it changed or not.")
def publish(config_path: Path, as_json: bool, anew: bool) -> None:
    """Write the feeds and pages that a change touches; remove those that are no more."""
    app = open_site(config_path)
    with progress("Printing") as show:
        report = app.publish(anew=anew, progress=show)
        announced = _announced(app)
    if as_json:
        say_json(asdict(report) | {"announce": announced})
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
        if announced:
            for line in (*announced_lines(announced), *announcing_problems(announced)):
                click.echo(line)
    raise SystemExit(UNWRITTEN if report.failed else OK if report.is_clean else INCOMPLETE)


def _announced(app: App) -> AnnounceReport | None:
    """Tell the hubs of what changed; where another run is at work, it does that."""
    try:
        return app.announce() if app.needs_announce() else None
    except PressBusy:
        return None
