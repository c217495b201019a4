"""``pressrun status``: where things stand.

Not here: the store's answers (app, store).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli.common import counted, local_time, open_site, say_json, site_options


@click.command()
@site_options
def status(config_path: Path, as_json: bool) -> None:
    """Say what the store holds, what was published when, and what is due next."""
    app = open_site(config_path)
    facts, zone = app.status(), app.config.site.zone
    if as_json:
        say_json(facts)
        return
    click.echo(f"{facts['site']}  ({facts['store']})")
    held = ", ".join(f"{number} {state}" for state, number in facts["entries"].items()) or "none yet"
    click.echo(f"entries:    {held}")
    if facts["next_scheduled_at"]:
        click.echo(f"scheduled:  the next goes live {local_time(facts['next_scheduled_at'], zone)}")
    if facts["stale"]:
        refused = f"{counted(facts['stale'], 'published article')} in the last sync"
        click.echo(f"refused:    {refused}; what was published before is still public")
    published = facts["last_published_at"]
    changed = f", the last change {local_time(published, zone)}" if published else ""
    click.echo(f"published:  {counted(facts['documents'], 'document')}{changed}")
    for job, run in facts["runs"].items():
        told = f"{local_time(run['at'], zone)}, {run['outcome'] or 'unfinished'}" if run else "never"
        click.echo(f"last {job}: {told}")
