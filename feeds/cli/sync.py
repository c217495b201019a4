"""``pressrun sync``: read the sources into the store, and say what each piece was taken for.

Not here: the sync itself (jobs.sync).
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from feeds.app import App, SyncOutcome
from feeds.cli.common import (
    HELD,
    INCOMPLETE,
    OK,
    counted,
    local_time,
    open_site,
    say,
    say_json,
    site_options,
)
from feeds.cli.progress import progress
from feeds.jobs.sync import SyncReport
from feeds.model import Block, Entry, State


@click.command()
@site_options
@click.option("--accept-withdrawals", is_flag=True, help="Withdraw what vanished, however much it is.")
@click.option("--explain", is_flag=True, help="Print what each block of each article was taken for.")
@click.argument("keys", nargs=-1)
def sync(config_path: Path, *, as_json: bool, accept_withdrawals: bool, explain: bool, keys: tuple[str, ...]) -> None:
    """Read the articles into the store. KEYS narrow what --explain prints."""
    app = open_site(config_path)
    with progress("Reading articles") as show:
        outcome = app.sync(accept_withdrawals=accept_withdrawals, progress=show)
    explained = _explained(app, keys) if explain else []
    if as_json:
        blocks = {f"{e.source}/{e.key}": [_block(b) for b in e.article.blocks] for e in explained}
        say_json({"sources": outcome.sources, "tags": outcome.tags} | ({"explain": blocks} if explain else {}))
    else:
        _say(outcome)
        for entry in explained:
            _say_blocks(entry, app.config.site.zone)
    raise SystemExit(_exit_code(outcome))


def _explained(app: App, keys: tuple[str, ...]) -> list[Entry]:
    chosen = [app.entry(key) for key in keys] if keys else app.entries()
    return sorted((e for e in chosen if e.state is not State.WITHDRAWN), key=lambda e: (e.source, e.key))


def _exit_code(outcome: SyncOutcome) -> int:
    if any(report.held for report in outcome.sources):
        return HELD
    return OK if all(report.is_clean for report in outcome.sources) else INCOMPLETE


def _say(outcome: SyncOutcome) -> None:
    for report in outcome.sources:
        click.echo(f"{report.source}: {f'not read: {report.problem}' if report.problem else _summary(report)}")
        say("moved", report.moved)
        say(f"withdrawn, since their {'source is' if report.dropped else 'files are'} gone", report.withdrawn)
        say("withdrawn, until they can be read", (f"{key}: {reason}" for key, reason in report.hidden))
        say("restored", report.restored)
        say("notes", (f"{key}: {note}" for key, note in report.notes))
        say("refused", (f"{key}: {reason}" for key, reason in report.refused))
        if report.held:
            say("gone, but not withdrawn", report.held)
            click.echo(_why_held(report))
    say("tags", outcome.tags)


def _why_held(report: SyncReport) -> str:
    number, accept = len(report.held), "run `pressrun sync --accept-withdrawals`"
    if report.dropped:
        what = f"the config no longer has this source: nothing of it was withdrawn ({counted(number, 'article')})"
        return f"{what}.\nPut it back, or {accept}."
    what = f"{counted(number, 'file')} vanished at once, which looks like a mistake: nothing was withdrawn"
    return f"{what}.\nBring them back, or {accept}."


def _summary(report: SyncReport) -> str:
    numbers = {
        "new": len(report.added),
        "edited": len(report.edited),
        "moved": len(report.moved),
        "restored": len(report.restored),
        "withdrawn": len(report.withdrawn) + len(report.hidden),
        "unchanged": report.unchanged,
        "refused": len(report.refused),
    }
    return ", ".join(f"{number} {what}" for what, number in numbers.items() if number) or "nothing there"


def _block(block: Block) -> dict[str, str]:
    return {"role": block.role, "content": block.content}


def _say_blocks(entry: Entry, zone: ZoneInfo) -> None:
    click.echo(f"\n{entry.source}/{entry.key} · {local_time(entry.published_at, zone)} · {entry.state}")
    for block in entry.article.blocks:
        words = " ".join(block.content.split())
        shown = f"({counted(len(block.content), 'character')} of HTML)" if block.is_html else words
        click.echo(f"  {block.role:<13} {shown if len(shown) <= 100 else shown[:97] + '…'}")
    facts = {
        "authors": ", ".join(person.name for person in entry.article.authors),
        "tags": ", ".join(tag.name for tag in entry.article.tags),
        "picture": entry.article.image.address if entry.article.image else "",
    }
    for what, fact in facts.items():
        if fact:
            click.echo(f"  ({what}: {fact})")
