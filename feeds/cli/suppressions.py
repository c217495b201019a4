"""``pressrun suppressions``: the addresses that are not mailed, with the evidence; suppress one, or let it be mailed.

Not here: what suppresses (rules.bounces), who is subscribed (subscribers).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feeds.app.bounces import Bounces
from feeds.cli.bounce import facts, short_name, what
from feeds.cli.common import INCOMPLETE, OK, counted, local_time, open_site, printable, say_json, site_options
from feeds.model.bounces import Bounce
from feeds.rules.bounces_reading import read_report


@click.group()
def suppressions() -> None:
    """List the addresses that are not mailed, and why; suppress one, or lift that."""


@suppressions.command("list")
@site_options
@click.option("--lifted", is_flag=True, help="Those too that are mailed again.")
def list_them(config_path: Path, as_json: bool, lifted: bool) -> None:
    """List suppressed addresses, the newest first."""
    app = open_site(config_path)
    found = Bounces(app).suppressed(lifted=lifted)
    if as_json:
        say_json({"suppressions": found})
        return
    for one in found:
        again = "  lifted" if one.lifted_at else ""
        click.echo(f"{one.address_key}  {local_time(one.created_at, app.config.site.zone)}  {one.reason}{again}")
    click.echo(counted(len(found), "suppression"))


@suppressions.command()
@site_options
@click.argument("address")
def show(config_path: Path, as_json: bool, address: str) -> None:
    """Show why ADDRESS is not mailed, and everything that came back from it."""
    app = open_site(config_path)
    suppression, reports = Bounces(app).of(address)
    if as_json:
        say_json({"suppression": suppression, "reports": [_facts(one) for one in reports]})
        return
    zone = app.config.site.zone
    if suppression is None:
        click.echo(f"{address} was never suppressed")
    else:
        since, lifted_at = local_time(suppression.created_at, zone), suppression.lifted_at
        how_long = (
            f"was suppressed from {since} to {local_time(lifted_at, zone)}"
            if lifted_at
            else f"is suppressed since {since}"
        )
        click.echo(f"{suppression.address_key} {how_long}: {suppression.reason}")
        click.echo(f"  {printable(suppression.evidence)}")
    for one in reports:
        when = local_time(one.received_at, zone)
        click.echo(f"{when}  {short_name(one)}  {what(one)}  {printable(_said(one))}")
    click.echo(counted(len(reports), "report"))


@suppressions.command()
@site_options
@click.argument("address")
@click.option("--reason", "why", required=True, metavar="TEXT", help='Why, such as "asked by letter, 2 March".')
def add(config_path: Path, *, as_json: bool, address: str, why: str) -> None:
    """Let ADDRESS not be mailed any more, whatever it is subscribed to, now or later."""
    done = Bounces(open_site(config_path)).suppress(address, why)
    _say_done(address, done, "suppressed" if done else "suppressed already", as_json=as_json)


@suppressions.command()
@site_options
@click.argument("address")
def lift(config_path: Path, as_json: bool, address: str) -> None:
    """Let ADDRESS be mailed again. It is subscribed to nothing by that; what it had left stays left."""
    done = Bounces(open_site(config_path)).lift(address)
    _say_done(address, done, "may be mailed again" if done else "is not suppressed", as_json=as_json)


def _say_done(address: str, done: bool, what: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"address": address, "done": done})
    else:
        click.echo(f"{address}: {what}")
    raise SystemExit(OK if done else INCOMPLETE)


def _facts(one: Bounce) -> dict[str, Any]:
    return facts(one) | {"said": _said(one), "data": one.data.decode("utf-8", "replace")}


def _said(one: Bounce) -> str:
    """Return what the server said in a report that is kept."""
    if one.is_refusal:
        return one.data.decode("utf-8", "replace")
    return next((fate.said for fate in read_report(one.data).fates if fate.said), "")
