"""``pressrun templates``: which templates there are, copying one to change it, what an upgrade changed beneath a copy.

Not here: comparing them (rendering.overrides), trying them out (``pressrun check``).
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from feeds.cli.common import INCOMPLETE, OK, say_json, site_options
from feeds.config import load_config
from feeds.config.words import suggestion
from feeds.errors import UsageWrong


@click.group()
def templates() -> None:
    """Look after the site's own templates."""


@templates.command(name="list")
@site_options
def list_(config_path: Path, as_json: bool) -> None:
    """List all templates, and which of them the site has in place of ours."""
    from feeds.rendering.overrides import list_names, list_overrides

    own = {one.name for one in list_overrides(_folder(config_path))}
    if as_json:
        say_json({name: name in own for name in list_names()})
        return
    for name in list_names():
        click.echo(f"{name}  (the site's own)" if name in own else name)


@templates.command()
@site_options
@click.argument("names", nargs=-1, required=True)
def copy(config_path: Path, as_json: bool, names: tuple[str, ...]) -> None:
    """Copy templates of ours beside the config, to be changed there: NAMES as in digest/parts/footer.html."""
    from feeds.rendering import overrides

    copied = [str(overrides.copy(_folder(config_path), name)) for name in names]
    if as_json:
        say_json(copied)
    for path in () if as_json else copied:
        click.echo(f"{path} is yours to change; `pressrun check` tries it out")


@templates.command()
@site_options
@click.argument("names", nargs=-1)
def diff(config_path: Path, as_json: bool, names: tuple[str, ...]) -> None:
    """Show what an upgrade changed beneath the site's own templates; exit 1 where it changed any."""
    from feeds.rendering.overrides import list_overrides, list_strangers

    overrides = list_overrides(_folder(config_path))
    _require_among(names, [one.name for one in overrides])
    found = [one for one in overrides if not names or one.name in names]
    if as_json:
        say_json(found)
    for one in () if as_json else found:
        if one.upgrade:
            click.echo(f"{one.upgrade}\n{one.name}: ours changed as above since it was copied.")
            click.echo(f"  Take over what you want of it; then `pressrun templates merged {one.name}`.")
        elif one.is_known:
            click.echo(f"{one.name}: ours did not change since it was copied")
        elif not one.own:
            click.echo(f"{one.name}: yours is the same as ours")
        else:
            click.echo(f"{one.own}\n{one.name}: yours differs from ours as above; what it was made from is not known.")
            click.echo(f"  `pressrun templates merged {one.name}` takes it for up to date.")
    for name in () if as_json or names else list_strangers(_folder(config_path)):
        click.echo(f"{name}: ours has no such file; it is used only where a template of yours includes it")
    raise SystemExit(INCOMPLETE if any(one.upgrade for one in found) else OK)


@templates.command()
@site_options
@click.argument("names", nargs=-1, required=True)
def merged(config_path: Path, as_json: bool, names: tuple[str, ...]) -> None:
    """Say that the site's own templates NAMES have what they want of ours."""
    from feeds.rendering.overrides import mark_merged

    for name in names:
        mark_merged(_folder(config_path), name)
        if not as_json:
            click.echo(f"{name}: taken for up to date with ours; the next `templates diff` begins here")
    if as_json:
        say_json(list(names))


def _require_among(names: tuple[str, ...], known: list[str]) -> None:
    for name in names:
        if name not in known:
            said = suggestion(name, known) if known else "it has none yet; `pressrun templates copy` makes one"
            raise UsageWrong(f"the site has no template {name!r} in place of ours; {said}")


def _folder(config_path: Path) -> Path:
    return load_config(config_path, os.environ).folder / "templates"
