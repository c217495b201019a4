"""``pressrun entries``: list and show entries, pin their ids, withdraw and restore them.

Not here: what the store knows of them (store).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from feeds.cli.common import INCOMPLETE, OK, counted, local_time, open_site, say, say_json, site_options
from feeds.model import Entry, State

if TYPE_CHECKING:
    from feeds.jobs.withdraw import WithdrawReport


@click.group()
def entries() -> None:
    """List and show entries; pin their ids; withdraw and restore them."""


@entries.command("list")
@site_options
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only entries in this state.")
def list_entries(config_path: Path, as_json: bool, state: str | None) -> None:
    """List entries, newest first."""
    app = open_site(config_path)
    found = app.entries(State(state) if state else None)
    if as_json:
        say_json({"entries": [_facts(entry) for entry in found]})
        return
    for entry in found:
        access = "" if entry.article.access == "public" else f" ({entry.article.access})"
        day = entry.published_at.astimezone(app.config.site.zone).date()
        click.echo(f"{day}  {entry.state:<9}  {entry.slug}  {entry.article.title}{access}")
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
        "withdrawn_by": found.withdrawn_by,
        "withdrawn_reason": found.withdrawn_reason,
        "notes": found.notes,
        "before": [{"revision": n, "title": title, "replaced_at": at} for n, title, at in app.revisions(found)],
        "blocks": [{"role": block.role, "content": block.content} for block in found.article.blocks],
    }
    if as_json:
        say_json(facts)
        return
    zone = app.config.site.zone
    for name, value in facts.items():
        if name not in {"before", "blocks"} and value not in (None, "", [], ()):
            click.echo(f"{name + ':':<14} {_said(value, zone)}")
    for one in facts["before"]:
        click.echo(f"{'before:':<14} {one['revision']}, until {_said(one['replaced_at'], zone)}: {one['title']}")
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


@entries.command()
@site_options
@click.argument("entry", nargs=-1, required=True)
@click.option("--reason", required=True, help='Shown on its page; "" for none.')
@click.option("--dry-run", is_flag=True, help="Say what it would take the entry out of, and change nothing.")
def withdraw(config_path: Path, as_json: bool, entry: tuple[str, ...], *, reason: str, dry_run: bool) -> None:
    """Take each ENTRY (an id, a slug or a key) out of print, and keep it out though its source has it."""
    report = open_site(config_path).withdraw(entry, reason=reason, dry_run=dry_run)
    if as_json:
        say_json(report)
    else:
        for one in report.entries:
            click.echo(f"{'would be ' if dry_run and one.is_news else ''}{one.done}: {one.name} “{one.title}”")
            say("it leaves these documents", one.documents)
            say("these lose a link to it", one.linked_from)
            say("these say word for word the same and stay; withdraw them too if they must go", one.same_words)
        _tell_rest(
            report, "" if dry_run else "run `pressrun publish` to print without it, or wait for the next press run"
        )
    raise SystemExit(OK if report.is_clean else INCOMPLETE)


@entries.command()
@site_options
@click.argument("entry", nargs=-1, required=True)
def restore(config_path: Path, as_json: bool, entry: tuple[str, ...]) -> None:
    """Put each ENTRY (an id, a slug or a key) back that was withdrawn with `entries withdraw`."""
    report = open_site(config_path).restore(entry)
    if as_json:
        say_json(report)
    else:
        for one in report.entries:
            click.echo(f"{one.done}: {one.name} “{one.title}”, it is {one.state}")
        _tell_rest(report, "run `pressrun sync` and `pressrun publish` to print it, or wait for the next press run")
    raise SystemExit(OK if report.is_clean else INCOMPLETE)


def _tell_rest(report: WithdrawReport, what_next: str) -> None:
    say("nothing was done about", (f"{name}: {why}" for name, why in report.refused))
    if what_next and any(one.is_news for one in report.entries):
        click.echo(what_next)


def _said(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return local_time(value, zone)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


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
