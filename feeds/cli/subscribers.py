"""``pressrun subscribers``: add and import readers, list and export them, let them choose, leave or rest.

Not here: what becomes of whom (jobs.subscribe, rules.consent).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from feeds.app.readers import Readers
from feeds.cli.common import (
    INCOMPLETE,
    OK,
    be_sure,
    counted,
    local_time,
    open_site,
    read_instant,
    say,
    say_json,
    site_options,
)
from feeds.cli.progress import progress
from feeds.jobs.subscribe import SubscribeReport, Wish
from feeds.model import Subscriber, Subscription, SubscriptionState

COLUMNS = (
    "address",
    "name",
    "newsletter",
    "state",
    "confirmed_at",
    "paused_until",
    "by_feed_since",
    "ended_at",
    "consent",
)
_NOUNS = {  # what is held of somebody, one of it
    "subscriptions": "subscription",
    "consent": "consent step",
    "deliveries": "delivery",
    "notices": "notice",
    "bounces": "bounce",
    "private_addresses": "private address",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet runs when a cell begins with it

consent_option = click.option(
    "--consent", required=True, metavar="TEXT", help='Where the consent came from, such as "paper form, 2026 fair".'
)


@click.group()
def subscribers() -> None:
    """Add, import and list the readers of newsletters; let them leave or rest."""


@subscribers.command()
@site_options
@click.argument("address")
@click.argument("newsletters", metavar="NEWSLETTER...", nargs=-1, required=True)
@consent_option
@click.option("--name", default="", help="Their name.")
@click.option("--again", is_flag=True, help="They had left, and want it again.")
def add(
    config_path: Path,
    *,
    as_json: bool,
    address: str,
    newsletters: tuple[str, ...],
    consent: str,
    name: str,
    again: bool,
) -> None:
    """Subscribe ADDRESS, whose consent you have, to each NEWSLETTER."""
    report = Readers(open_site(config_path)).add(address, newsletters, consent=consent, name=name, again=again)
    if as_json:
        say_json(report)
    else:
        _say_report(report)
        if report.stays_ended:
            click.echo("if they asked for it again, say so with --again")
    raise SystemExit(OK if report.is_complete else INCOMPLETE)


@subscribers.command("import")
@site_options
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--newsletter", "newsletters", metavar="SLUG", multiple=True, required=True, help="Repeat it for more.")
@consent_option
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def import_file(
    config_path: Path, *, as_json: bool, file: Path, newsletters: tuple[str, ...], consent: str, dry_run: bool
) -> None:
    """Subscribe every reader in FILE, a CSV with a column of e-mail addresses."""
    readers = Readers(open_site(config_path))
    with progress(f"importing {file.name}") as show:
        report = readers.import_file(file, newsletters, consent=consent, dry_run=dry_run, progress=show)
    if as_json:
        say_json(report)
    else:
        _say_report(report)
        _say_file(file, report)
    raise SystemExit(OK if report.is_clean else INCOMPLETE)


@subscribers.command("list")
@site_options
@click.argument("newsletter", required=False)
@click.option(
    "--state", type=click.Choice([state.value for state in SubscriptionState]), help="Only those that are so."
)
def list_them(config_path: Path, *, as_json: bool, newsletter: str | None, state: str | None) -> None:
    """List subscriptions by address: all, or those to NEWSLETTER."""
    app = open_site(config_path)
    readers, wanted = Readers(app), SubscriptionState(state) if state else None
    found, forgotten = readers.list(newsletter, wanted), readers.count_forgotten(newsletter, wanted)
    if as_json:
        say_json({"subscriptions": [_facts(*one) for one in found], "forgotten": forgotten})
        return
    number = 0
    for subscriber, subscription, _ in found:
        standing = _standing(subscription, app.config.site.zone, now=app.clock())
        wishes = _wishes(subscription.preferences, subscriber.timezone)
        said = f"{standing} ({wishes})" if wishes else standing
        click.echo(f"{subscriber.address}  {subscription.newsletter}  {said}  {subscriber.name}".rstrip())
        number += 1
    left_out = f"; {counted(forgotten, 'forgotten reader')} left out" if forgotten else ""
    click.echo(f"{counted(number, 'subscription')}{left_out}")


@subscribers.command()
@site_options
@click.argument("which", metavar="[NEWSLETTER|ADDRESS]", required=False)
def export(config_path: Path, as_json: bool, which: str | None) -> None:
    """Write subscriptions, all or those to NEWSLETTER, as CSV; or all that is held of ADDRESS, as JSON."""
    readers = Readers(open_site(config_path))
    if which and "@" in which:
        say_json(readers.held_of(which))
        return
    found = readers.list(which)
    if as_json:
        say_json({"subscriptions": [_facts(*one) for one in found]})
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        facts = _facts(*one)
        writer.writerow(_cell(facts[name]) for name in COLUMNS)


@subscribers.command()
@site_options
@click.argument("address")
@click.argument("newsletters", metavar="[NEWSLETTER]...", nargs=-1)
def remove(config_path: Path, *, as_json: bool, address: str, newsletters: tuple[str, ...]) -> None:
    """End the subscriptions of ADDRESS to each NEWSLETTER, to all if none is named. The record stays."""
    report = Readers(open_site(config_path)).remove(address, newsletters)
    if as_json:
        say_json(report)
    else:
        say(f"{report.address} is removed from", report.ended)
        say(f"{report.address} had left before", report.had_ended)
        say(f"{report.address} was never subscribed to", report.absent)
    raise SystemExit(INCOMPLETE if report.absent else OK)


@subscribers.command()
@site_options
@click.argument("address")
@click.argument("newsletters", metavar="[NEWSLETTER]...", nargs=-1)
@click.option("--until", required=True, metavar="DATE", help='Such as 2026-11-23; "now" ends the pause.')
def pause(config_path: Path, *, as_json: bool, address: str, newsletters: tuple[str, ...], until: str) -> None:
    """Mail ADDRESS nothing of each NEWSLETTER, of all if none is named, until DATE."""
    app = open_site(config_path)
    zone = app.config.site.zone
    report = Readers(app).pause(address, newsletters, until=read_instant(until, zone, now=app.clock()))
    if as_json:
        say_json(report)
    else:
        rests = f"rests until {local_time(report.until, zone)}" if report.until else "rests no more"
        say(f"{report.address} {rests}", report.paused)
        say(f"{report.address} has no active subscription to", report.inactive)
    raise SystemExit(OK if report.paused and not report.inactive else INCOMPLETE)


@subscribers.command("set")
@site_options
@click.argument("address")
@click.argument("newsletter")
@click.option("--cadence", metavar="WORD", help='How often, such as "day"; "" is as the newsletter does of itself.')
@click.option("--language", metavar="TAG", help='Articles and digest in this language alone; "" is in any.')
@click.option("--follow", metavar="TOPIC", multiple=True, help='A tag, or "section/…"; repeat it. "" is everything.')
@click.option("--mute", metavar="TOPIC", multiple=True, help='A tag, or "section/…"; repeat it. "" is nothing.')
@click.option("--timezone", metavar="ZONE", help='Their clock, such as Europe/Dublin; "" is the newsletter\'s.')
def set_preferences(
    config_path: Path, *, as_json: bool, address: str, newsletter: str, timezone: str | None, **given: Any
) -> None:
    """Write what ADDRESS wishes of NEWSLETTER; what is not named stays as it is."""
    wished = {
        name: [one for one in value if one] if isinstance(value, tuple) else value
        for name, value in given.items()
        if value not in {None, ()}
    }
    report = Readers(open_site(config_path)).choose(address, newsletter, Wish(preferences=wished, timezone=timezone))
    if as_json:
        say_json(report)
    else:
        said = _wishes(report.preferences, report.timezone) or "as the newsletter does of itself"
        click.echo(f"{report.address}: {report.newsletter}: {said}")


def _wishes(preferences: Mapping[str, Any], timezone: str | None) -> str:
    """Return what a reader chose, in words; "" where they chose nothing."""
    said = [str(preferences[key]) for key in ("cadence", "language") if preferences.get(key)]
    for key, does in (("follow", "follows"), ("mute", "mutes")):
        said += [f"{does} {', '.join(preferences[key])}"] if preferences.get(key) else []
    return "; ".join([*said, *([f"clock of {timezone}"] if timezone else [])])


@subscribers.command()
@site_options
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Say what there is of them, and erase nothing.")
@click.option("--yes", is_flag=True, help="Ask no questions.")
def forget(config_path: Path, *, as_json: bool, address: str, dry_run: bool, yes: bool) -> None:
    """Erase the person who has ADDRESS. A keyed hash of it is kept, so that no file brings them back."""
    readers = Readers(open_site(config_path))
    if not dry_run:
        be_sure(f"All that says who {address} is will be erased", "forget", is_sure=yes)
    report = readers.forget(address, dry_run=dry_run)
    if as_json:
        say_json(report)
        return
    there = ", ".join(counted(number, _NOUNS[name]) for name, number in report.held.items() if number)
    done = "would be forgotten" if dry_run else "is forgotten"
    click.echo(f"{report.address} {done}: {there or 'nothing was held'}")


def _say_report(report: SubscribeReport) -> None:
    made = {"added": report.added, "pending until now": report.confirmed, "subscribed again": report.renewed}
    done = "would be made" if report.dry_run else "made"
    number = sum(map(len, made.values()))
    click.echo(f"{counted(number, 'subscription')} {done}, {report.already_there} there before")
    for title, found in made.items():
        say(title, _pairs(found))
    say("had left, and stay so", _pairs(report.stays_ended))
    say("suppressed, and never subscribed", (f"{address}: {why}" for address, why in report.suppressed))


def _say_file(file: Path, report: SubscribeReport) -> None:
    say("in the file more than once, and taken once", (f"line {line}: {who}" for line, who in report.duplicates))
    say("notes", report.notes)
    if report.refused:
        click.echo("refused:")
    for line, shown, reason in report.refused:  # every one: somebody must mend them
        click.echo(f"  line {line}: {shown}: {reason}")
    if report.problem:
        click.echo(f"{file}: {report.problem}", err=True)


def _pairs(found: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (f"{address}: {newsletter}" for address, newsletter in found)


def _standing(subscription: Subscription, zone: ZoneInfo, *, now: datetime) -> str:
    """Return where a subscription stands, in words."""
    if subscription.state is SubscriptionState.ENDED and subscription.ended_at:
        return f"ended {local_time(subscription.ended_at, zone)} by {subscription.ended_by}"
    if subscription.by_feed_since:
        return f"{subscription.state}, by a private feed since {local_time(subscription.by_feed_since, zone)}"
    if subscription.paused_until and subscription.paused_until > now:
        return f"{subscription.state}, paused until {local_time(subscription.paused_until, zone)}"
    return str(subscription.state)


def _facts(subscriber: Subscriber, subscription: Subscription, consent: str) -> dict[str, Any]:
    return {
        "address": subscriber.address,
        "name": subscriber.name,
        "newsletter": subscription.newsletter,
        "state": subscription.state,
        "confirmed_at": subscription.confirmed_at,
        "paused_until": subscription.paused_until,
        "by_feed_since": subscription.by_feed_since,
        "ended_at": subscription.ended_at,
        "ended_by": subscription.ended_by,
        "preferences": subscription.preferences,
        "language": subscriber.language,
        "timezone": subscriber.timezone,
        "consent": consent,
    }


def _cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula; an import takes the mark off again."""
    if isinstance(value, datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
