"""What all commands share: their options, loading the site, and saying things to people or to machines.

Not here: any one command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from feeds.app import App
from feeds.config import load_config
from feeds.errors import UsageWrong

Command = TypeVar("Command", bound=Callable[..., Any])
SHOWN = 20  # lines of one kind; --json has them all

OK, INCOMPLETE, HELD, UNWRITTEN, UNUSABLE = 0, 1, 3, 5, 7


def site_options(command: Command) -> Command:
    """Give a command the options ``--config PATH`` and ``--json``."""
    command = click.option("--json", "as_json", is_flag=True, help="Report to machines, as JSON on standard output.")(
        command
    )
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("config.toml"),
        show_default=True,
        help="The site's config.",
    )(command)


def open_site(config_path: Path) -> App:
    """Load the config and return the site; raise ConfigInvalid with every mistake before anything else happens."""
    app = App(load_config(config_path, os.environ))
    click.get_current_context().call_on_close(app.close)
    return app


def read_instant(text: str, zone: ZoneInfo, *, now: datetime) -> datetime:
    """Return the instant that a person means: ``now``, or a date with a time, in the zone where it names none."""
    from feeds.rules.dates import read_date

    instant = now if text.strip().lower() == "now" else read_date(text, zone).at
    if instant is None:
        raise UsageWrong(f"{text!r} is no instant; write it like 2026-11-23T07:00")
    return instant


def say_json(value: Any) -> None:
    """Write a report for machines."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def say(title: str, lines: Iterable[str]) -> None:
    """Write a heading and what stands under it, if anything does; long lists are cut short."""
    listed = list(lines)
    if not listed:
        return
    click.echo(f"{title}:")
    for line in listed[:SHOWN]:
        click.echo(f"  {line}")
    if len(listed) > SHOWN:
        click.echo(f"  … and {len(listed) - SHOWN} more (--json lists all)")


def printable(line: str) -> str:
    """Return a line of a stranger's words: what would steer the terminal is shown as what it is not."""
    return "".join(character if character.isprintable() else "\ufffd" for character in line)


def be_sure(what: str, word: str, *, is_sure: bool) -> None:
    """Have a person type a word before what cannot be undone, unless they said that they are sure.

    Raises UsageWrong where they type another one, or nobody is there to type.
    """
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise UsageWrong(f"{what}, and this cannot be undone: say --yes if you are sure; nothing was done")
    if click.prompt(f"{what}, and this cannot be undone. To go on, type {word}", err=True) != word:
        raise UsageWrong("that is not it; nothing was done")


def counted(number: int, noun: str) -> str:
    """Return ``1 entry``, ``2 entries``, ``2 addresses``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as people of the site read it: ``2026-11-23 07:00 GMT``."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
