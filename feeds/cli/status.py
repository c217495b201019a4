"""``pressrun status``: where things stand.

Not here: the store's answers (app, store).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from feeds.app.post import Post
from feeds.cli.common import counted, local_time, open_site, say_json, site_options


@click.command()
@site_options
def status(config_path: Path, as_json: bool) -> None:
    """Say what the store holds, what was published when, what is due next, what is queued and what is in doubt."""
    app = open_site(config_path)
    facts, zone = app.status() | Post(app).status(), app.config.site.zone
    if as_json:
        say_json(facts)
        return
    click.echo(f"{facts['site']}  ({facts['store']})")
    for what, said in (*_desk(facts, zone), *_post(facts, zone)):
        click.echo(f"{what + ':':<11} {said}")


def _desk(facts: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "entries", ", ".join(f"{number} {state}" for state, number in facts["entries"].items()) or "none yet"
    if facts["next_scheduled_at"]:
        yield "scheduled", f"the next goes live {local_time(facts['next_scheduled_at'], zone)}"
    if facts["stale"]:
        refused = f"{counted(facts['stale'], 'published article')} in the last sync"
        yield "refused", f"{refused}; what was published before is still public"
    published = facts["last_published_at"]
    changed = f", the last change {local_time(published, zone)}" if published else ""
    yield "published", f"{counted(facts['documents'], 'document')}{changed}"
    if facts["pings"]:
        yield "hubs", ", ".join(f"{counted(number, 'ping')} {state}" for state, number in facts["pings"].items())
    for job, run in facts["runs"].items():
        yield f"last {job}", f"{local_time(run['at'], zone)}, {run['outcome'] or 'unfinished'}" if run else "never"


def _there(note: dict[str, Any]) -> str:
    return "" if note["is_there"] else " (there is none)"


def _post(facts: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    for one in facts["newsletters"]:
        readers = counted(one["readers"].get("active", 0), "reader")
        readers += f", {one['by_feed']} of them by a private feed" if one["by_feed"] else ""
        next_at = f", next {local_time(one['next_at'], zone)}" if one["next_at"] else ""
        due = f" since {local_time(one['due'], zone)}" if one["due"] else ""
        yield one["newsletter"], f"{readers}, {one['standing'].replace('_', ' ')}{due}{next_at}"
        for beside in one["series"]:
            after = f", next {local_time(beside['next_at'], zone)}" if beside["next_at"] else ", each article"
            yield f"  {beside['series']}", f"{counted(beside['readers'], 'reader')} of those{after}"
        if one["note"]["place"]:
            yield "  its note", one["note"]["problem"] or f"{one['note']['place']}{_there(one['note'])}"
    for slug, number in facts["gone"].items():
        yield slug, f"gone from the config; {counted(number, 'reader')}, and what is queued of it, wait"
    counts = facts["deliveries"]
    yield (
        "deliveries",
        ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items()) or "none yet",
    )
    told = facts["notices"]
    if told:
        yield "notices", ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in told.items())
    for edition in facts["paused"]:
        yield "paused", f"{edition}; `pressrun editions resume {edition}` goes on"
    doubtful = counts.get("in_doubt", 0) + told.get("in_doubt", 0)
    if doubtful:
        yield "in doubt", f"{doubtful}; see `pressrun deliveries list --state in_doubt`"
