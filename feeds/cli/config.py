"""``pressrun config``: the settings in effect, and what a web server in front must be told of them.

Not here: reading and checking them (feeds.config).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from feeds.cli.common import say_json, site_options
from feeds.config import load_config, shown


@click.group()
def config() -> None:
    """Look at the config."""


@config.command()
@site_options
def show(config_path: Path, as_json: bool) -> None:
    """Show every setting in effect, defaults included; secrets are masked."""
    settings = shown(load_config(config_path, os.environ))
    if as_json:
        say_json(settings)
        return
    for key, value in _flat("", settings):
        click.echo(f"{key} = {value}")


@config.command()
@site_options
def moved(config_path: Path, as_json: bool) -> None:
    """List the addresses that documents used to have and have now, as a map for nginx."""
    from feeds.web.moves import list_moves, map_lines

    moves = list_moves(load_config(config_path, os.environ).output.path)
    if as_json:
        say_json(moves)
    else:
        click.echo("".join(map_lines(moves)), nl=False)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else key, inner)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value):
            yield from _flat(f"{prefix}[{number}]", inner)
    else:
        yield prefix, value
