"""``pressrun dkim``: keys that mail is signed with, and the records by which they are found.

Not here: the work (jobs.dkim_keys), whether the records are there (doctor).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.app.dkim import key_records, make_key
from feeds.cli.common import open_site, say_json, site_options

if TYPE_CHECKING:
    from feeds.jobs.dkim_keys import KeyRecord


@click.group()
def dkim() -> None:
    """Keys that mail is signed with, and the records by which they are found."""


@dkim.command()
@site_options
@click.option("--ed25519", is_flag=True, help="A key for Ed25519, which signs beside one for RSA and never alone.")
@click.option("--selector", metavar="NAME", help="The name by which it is found in the DNS, if not the config's.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The new file; by default below keys/.")
def keygen(config_path: Path, *, as_json: bool, ed25519: bool, selector: str | None, out: Path | None) -> None:
    """Make a key in a new file that only its owner can read, and tell what the DNS and the config are to say of it."""
    made = make_key(open_site(config_path), ed25519=ed25519, selector=selector, file=out)
    if as_json:
        say_json(made)
        return
    click.echo(f"{made.file} has a new key for {made.algorithm}, which only its owner can read")
    _tell(made.records)
    click.echo(f"\nadd these lines to {config_path} (without the first, where it is there):")
    for line in made.config_lines:
        click.echo(f"  {line}")
    click.echo("\nlet the record be there before the lines are; `pressrun doctor` tells whether it is")


@dkim.command()
@site_options
def record(config_path: Path, *, as_json: bool) -> None:
    """Tell what the DNS is to say of the keys that are configured."""
    records = key_records(open_site(config_path))
    if as_json:
        say_json(records)
    else:
        _tell(records)


def _tell(records: Iterable[KeyRecord]) -> None:
    for one in records:
        click.echo(f"\na TXT record for {one.name}:")
        click.echo(f"  {one.text}")
        if len(one.strings) > 1:
            click.echo("where each string must be entered by itself (255 characters at most):")
            for string in one.strings:
                click.echo(f"  {string}")
        click.echo("in a zone file:")
        click.echo(f"  {one.line}")
