"""``pressrun keys``: what readers' links and return paths are signed with; it never leaves the store.

Not here: keys that mail is signed with (dkim).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from feeds.app.readers import Readers
from feeds.cli.common import local_time, open_site, say_json, site_options
from feeds.store.keys import Key


@click.group()
def keys() -> None:
    """What readers' links are signed with: see the keys, let a new one sign."""


@keys.command("list")
@site_options
def list_them(config_path: Path, as_json: bool) -> None:
    """List the keys, the newest first."""
    app = open_site(config_path)
    found = Readers(app).keys()
    if as_json:
        say_json({"keys": found})
    else:
        _tell(found, app.config.site.zone)


@keys.command()
@site_options
@click.option(
    "--grace",
    type=click.IntRange(0, 3650),
    default=90,
    show_default=True,
    metavar="DAYS",
    help="How long what was signed before is good.",
)
def rotate(config_path: Path, as_json: bool, grace: int) -> None:
    """Let a new key sign. Links in mail, return paths and addresses of private feeds from before end with the grace."""
    app = open_site(config_path)
    found = Readers(app).rotate_key(grace=timedelta(days=grace))
    if as_json:
        say_json({"keys": found})
    else:
        _tell(found, app.config.site.zone)


def _tell(found: Iterable[Key], zone: ZoneInfo) -> None:
    for key in found:
        until = f"good until {local_time(key.retired_at, zone)}" if key.retired_at else "signs"
        click.echo(f"{key.id}  made {local_time(key.created_at, zone)}  {until}")
