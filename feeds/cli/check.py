"""``pressrun check``: is everything as it should be? Changes nothing.

Not here: what is looked at (config, rendering, jobs.check).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli.common import INCOMPLETE, OK, counted, open_site, say, say_json, site_options


@click.command()
@site_options
def check(config_path: Path, as_json: bool) -> None:
    """Check the config, the templates and every published document."""
    report = open_site(config_path).check()
    if as_json:
        say_json(report)
    else:
        click.echo(
            f"the config, {counted(report.templates, 'template')} and {counted(report.documents, 'document')} checked:"
            f" {counted(len(report.faults), 'fault')}"
        )
        say("faults", report.faults)
    raise SystemExit(INCOMPLETE if report.faults else OK)
