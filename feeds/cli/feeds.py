"""``pressrun feeds``: list feeds; give readers their own addresses of private ones, and revoke them.

Not here: choosing what a feed holds (config.toml), printing feeds (publish).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from feeds.app.private import FeedFacts, Feeds
from feeds.cli.common import INCOMPLETE, OK, counted, local_time, open_site, say_json, site_options

if TYPE_CHECKING:
    from feeds.model.private_addresses import PrivateAddress


@click.group()
def feeds() -> None:
    """List feeds; give readers their own addresses of private ones, and revoke them."""


@feeds.command("list")
@site_options
@click.argument("feed", required=False)
def list_feeds(config_path: Path, as_json: bool, feed: str | None) -> None:
    """List all feeds, or who has an address of the private FEED."""
    app = open_site(config_path)
    if feed is not None:
        _list_readers(Feeds(app), feed, zone=app.config.site.zone, as_json=as_json)
        return
    found = Feeds(app).list()
    if as_json:
        say_json({"feeds": found})
        return
    for facts in found:
        click.echo(f"{facts.slug}  {facts.title}  {_where(facts)}")
    click.echo(counted(len(found), "feed"))


@feeds.command()
@site_options
@click.argument("address")
@click.argument("feed")
@click.option("--add", is_flag=True, help="Take ADDRESS in if they are no reader yet; they are mailed nothing.")
def address(config_path: Path, *, as_json: bool, address: str, feed: str, add: bool) -> None:
    """Show the own address that the reader ADDRESS has of the private FEED; it is made if there is none.

    It is a secret of that reader: hand it to nobody else.
    """
    app = open_site(config_path)
    report = Feeds(app).give(address, feed, add=add)
    if as_json:
        say_json(report)
        return
    made = "made now" if report.is_new else f"made {local_time(report.made_at, app.config.site.zone)}"
    click.echo(f"{report.feed}, for {report.reader} alone ({made}):")
    for name, url in report.addresses.items():
        click.echo(f"  {name:<5} {url}")


@feeds.command()
@site_options
@click.argument("address")
@click.argument("feed")
def revoke(config_path: Path, *, as_json: bool, address: str, feed: str) -> None:
    """Revoke the address that the reader ADDRESS has of the private FEED; asked for again, it will be another."""
    was_there = Feeds(open_site(config_path)).revoke(address, feed)
    if as_json:
        say_json({"reader": address, "feed": feed, "revoked": was_there})
    elif was_there:
        click.echo(f"{feed}: the address of {address} is revoked, and answers 410 from now on")
    else:
        click.echo(f"{feed}: {address} has no address; nothing was revoked")
    raise SystemExit(OK if was_there else INCOMPLETE)


def _list_readers(found: Feeds, feed: str, *, zone: ZoneInfo, as_json: bool) -> None:
    if as_json:
        say_json({"feed": feed, "readers": [_facts(reader, one) for reader, one in found.readers(feed)]})
        return
    number = 0
    for reader, one in found.readers(feed):
        click.echo(f"{reader}  {_standing(one, zone)}")
        number += one.is_open
    click.echo(counted(number, "reader"))


def _where(facts: FeedFacts) -> str:
    if facts.private:
        return f"private, {counted(facts.readers, 'reader')}"
    return f"{facts.url}, one for each {facts.each}" if facts.each else str(facts.url)


def _standing(one: PrivateAddress, zone: ZoneInfo) -> str:
    if one.revoked_at is not None:
        return f"revoked {local_time(one.revoked_at, zone)}"
    return (
        "closed, since they are suppressed or forgotten"
        if one.is_barred
        else f"since {local_time(one.created_at, zone)}"
    )


def _facts(reader: str, one: PrivateAddress) -> dict[str, Any]:
    return {"reader": reader, "made_at": one.created_at, "revoked_at": one.revoked_at, "open": one.is_open}
