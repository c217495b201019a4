"""``pressrun status``: where things stand.

Not here: the store's answers (app, store).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli.common import counted, open_site, say_json, site_options


@click.command()
@site_options
def status(config_path: Path, as_json: bool) -> None:
    """Say what the store holds, what was published when, and what is due next."""
    facts = open_site(config_path).status()
    if as_json:
        say_json(facts)
        return
    click.echo(f"{facts['site']}  ({facts['store']})")
    held = ", ".join(f"{number} {state}" for state, number in facts["entries"].items()) or "none yet"
    click.echo(f"entries:    {held}")
    if facts["next_scheduled_at"]:
        click.echo(f"scheduled:  the next goes live {facts['next_scheduled_at']:%Y-%m-%d %H:%M} UTC")
    published = facts["last_published_at"]
    changed = f", the last change {published:%Y-%m-%d %H:%M} UTC" if published else ""
    click.echo(f"published:  {counted(facts['documents'], 'document')}{changed}")
    for job, run in facts["runs"].items():
        told = f"{run['at']:%Y-%m-%d %H:%M} UTC, {run['outcome'] or 'unfinished'}" if run else "never"
        click.echo(f"last {job}: {told}")
