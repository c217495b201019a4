"""``pressrun editions``: list, show, pause, resume and cancel editions.

Not here: composing them (compose), their deliveries (deliveries).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feeds.app.post import Post
from feeds.cli.common import be_sure, counted, local_time, open_site, say_json, site_options
from feeds.model import DeliveryState, Edition, EditionState


@click.group()
def editions() -> None:
    """List, show, pause, resume and cancel editions."""


@editions.command("list")
@site_options
@click.argument("newsletter", required=False)
def list_editions(config_path: Path, as_json: bool, newsletter: str | None) -> None:
    """List the editions of NEWSLETTER or of all, newest first."""
    app = open_site(config_path)
    found = Post(app).editions(newsletter)
    if as_json:
        say_json({"editions": [_facts(edition, counts) for edition, counts in found]})
        return
    for edition, counts in found:
        when = local_time(edition.due_at, app.config.site.zone)
        state = "" if edition.state is EditionState.COMPOSED else f"  ({edition.state})"
        click.echo(f"{edition.id}  No. {edition.number}  {when}  {_stand(counts)}{state}")
    click.echo(counted(len(found), "edition"))


@editions.command()
@site_options
@click.argument("edition")
def show(config_path: Path, as_json: bool, edition: str) -> None:
    """Show what EDITION (an id, or NEWSLETTER/NUMBER) holds, and how its deliveries stand."""
    app = open_site(config_path)
    found, selections, counts = Post(app).edition(edition)
    if as_json:
        say_json(_facts(found, counts) | {"selections": [selection.entries for selection in selections]})
        return
    click.echo(f"{found.id}  No. {found.number}  due {local_time(found.due_at, app.config.site.zone)}  {found.state}")
    click.echo(f"deliveries: {_stand(counts)}")
    for number, selection in enumerate(selections, start=1):
        click.echo(f"selection {number} of {len(selections)}:")
        for one in selection.entries:
            click.echo(f"  {app.entry(one.entry_id).article.title}{'  (named only)' if one.named_only else ''}")


@editions.command()
@site_options
@click.argument("edition")
def pause(config_path: Path, as_json: bool, edition: str) -> None:
    """Hold EDITION back until it is resumed; a run that is sending it stops at once. It stays on the site."""
    found, waiting = Post(open_site(config_path)).pause(edition)
    _say_done(found, {"waiting": waiting}, f"paused, {counted(waiting, 'delivery')} waiting", as_json=as_json)


@editions.command()
@site_options
@click.argument("edition")
def resume(config_path: Path, as_json: bool, edition: str) -> None:
    """Let EDITION go on: the next run sends what is waiting."""
    found, queued = Post(open_site(config_path)).resume(edition)
    said = f"goes on, {counted(queued, 'delivery')} to be sent by the next run"
    _say_done(found, {"queued": queued}, said, as_json=as_json)


@editions.command()
@site_options
@click.argument("edition")
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel(config_path: Path, *, as_json: bool, edition: str, yes: bool) -> None:
    """Send nothing more of EDITION; what is sent already stays sent."""
    post = Post(open_site(config_path))
    found, waiting = post.waiting(edition)
    what = f"{found.id}: {counted(waiting, 'delivery')} will never be sent"
    be_sure(what, found.id, is_sure=yes or not waiting)
    found, ended = post.cancel(edition)
    said = f"{counted(ended, 'delivery')} cancelled{'' if ended else '; all of it was at its end'}"
    _say_done(found, {"cancelled": ended}, said, as_json=as_json)


def _say_done(edition: Edition, facts: dict[str, int], said: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"edition": edition.id} | facts)
    else:
        click.echo(f"{edition.id}: {said}")


def _facts(edition: Edition, counts: dict[DeliveryState, int]) -> dict[str, Any]:
    names = ("id", "newsletter", "slot", "number", "state", "due_at", "composed_at", "ended_at")
    return {name: getattr(edition, name) for name in names} | {"deliveries": counts}


def _stand(counts: dict[DeliveryState, int]) -> str:
    return ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items()) or "no deliveries"
