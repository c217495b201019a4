"""``pressrun init``: a new working site, its config commented and a first article to print.

Not here: what the config's keys mean (config).
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from feeds.cli.common import say_json
from feeds.config import load_config, new_config_text
from feeds.errors import UsageWrong
from feeds.rendering.loading import templates_root

FIRST_ARTICLE = """\
---
title: The press is running
standfirst: Replace this article with your own, and print again.
date: {today}
tags: [news]
---

This is an article. It is a Markdown file in `articles/`; HTML and plain text are read as well.

Write another beside it, then run `pressrun run`: your feeds and your pages are printed from this folder, and so is
the next edition of your newsletter.
"""
IGNORED = "var/\npublic/\n"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", default="My site", show_default=True, help="The site's name.")
@click.option("--url", default="https://example.org/", show_default=True, help="Where the site will be served.")
@click.option("--json", "as_json", is_flag=True, help="Report to machines, as JSON on standard output.")
def init(folder: Path, *, title: str, url: str, as_json: bool) -> None:
    """Write a new site into FOLDER: config.toml, articles/ and a first article. Nothing that exists is touched."""
    config = folder / "config.toml"
    if config.exists():
        raise UsageWrong(f"{config}: there is a site here already; choose another folder")
    template = (templates_root() / "site" / "config.toml").read_text(encoding="utf-8")
    text = new_config_text(template, site_id=uuid4(), title=title, url=url, timezone=_local_zone())
    written = [config]
    try:
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        config.write_text(text, encoding="utf-8")
        written += _written_if_new(folder)
    except OSError as error:
        raise UsageWrong(f"{folder}: the site cannot be written: {error.strerror}") from error
    _check(config)
    if as_json:
        say_json({"written": written})
        return
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"\nNext: edit {config}, put articles into {folder / 'articles'}, then")
    click.echo(f"  pressrun run --config {config}")


def _written_if_new(folder: Path) -> list[Path]:
    files = {
        folder / "articles" / "first.md": FIRST_ARTICLE.format(today=datetime.now(ZoneInfo(_local_zone())).date()),
        folder / ".gitignore": IGNORED,
    }
    new = [path for path in files if not path.exists()]
    for path in new:
        path.write_text(files[path], encoding="utf-8")
    return new


def _check(config: Path) -> None:
    try:
        load_config(config, os.environ)
    except BaseException:
        config.unlink()  # a title or address that makes no config leaves none behind
        raise


def _local_zone() -> str:
    """Return the machine's time zone, UTC where it does not say."""
    try:
        name = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
        return ZoneInfo(name).key if name else "UTC"
    except (OSError, ValueError, KeyError):
        return "UTC"
