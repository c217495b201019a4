"""``pressrun entries``: list, show, and pin the ids of entries.

Not here: what the store knows of them (store).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feeds.cli.common import INCOMPLETE, OK, counted, open_site, say, say_json, site_options
from feeds.model import Entry, State


@click.group()
def entries() -> None:
    """List and show entries; pin their ids."""


@entries.command("list")
@site_options
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only entries in this state.")
def list_entries(config_path: Path, as_json: bool, state: str | None) -> None:
    """List entries, newest first."""
    found = open_site(config_path).entries(State(state) if state else None)
    if as_json:
        say_json({"entries": [_facts(entry) for entry in found]})
        return
    for entry in found:
        access = "" if entry.article.access == "public" else f" ({entry.article.access})"
        click.echo(f"{entry.published_at:%Y-%m-%d}  {entry.state:<9}  {entry.slug}  {entry.article.title}{access}")
    click.echo(counted(len(found), "entry"))


@entries.command()
@site_options
@click.argument("entry")
def show(config_path: Path, as_json: bool, entry: str) -> None:
    """Show all that the store knows of ENTRY (an id, a slug or a key)."""
    app = open_site(config_path)
    found = app.entry(entry)
    facts = _facts(found) | {
        "revision": found.revision,
        "live_at": found.live_at,
        "sequence": found.sequence,
        "withdrawn_at": found.withdrawn_at,
        "notes": found.notes,
        "before": [{"revision": n, "title": title, "replaced_at": at} for n, title, at in app.revisions(found)],
        "blocks": [{"role": block.role, "content": block.content} for block in found.article.blocks],
    }
    if as_json:
        say_json(facts)
        return
    for name, value in facts.items():
        if name != "blocks" and value not in (None, "", [], ()):
            click.echo(f"{name + ':':<14} {value}")
    for block in found.article.blocks:
        click.echo(f"\n[{block.role}]\n{block.content}")


@entries.command()
@site_options
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def pin(config_path: Path, as_json: bool, dry_run: bool) -> None:
    """Write each entry's id into its file, so that it survives moves and a lost database."""
    app = open_site(config_path)
    report = app.pin(dry_run=dry_run)
    if as_json:
        say_json(report)
    else:
        done = "would be pinned" if dry_run else "pinned"
        click.echo(f"{counted(len(report.pinned), 'id')} {done}, {report.had_one} there before")
        say(done, report.pinned)
        say("not written", (f"{key}: {reason}" for key, reason in report.refused))
    raise SystemExit(INCOMPLETE if report.refused else OK)


def _facts(entry: Entry) -> dict[str, Any]:
    article = entry.article
    return {
        "id": entry.id,
        "title": article.title,
        "state": entry.state,
        "access": article.access,
        "slug": entry.slug,
        "source": entry.source,
        "key": entry.key,
        "url": article.url,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "authors": [person.name for person in article.authors],
        "tags": [tag.name for tag in article.tags],
        "section": article.section,
        "language": article.language,
    }
