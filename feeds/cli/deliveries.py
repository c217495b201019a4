"""``pressrun deliveries``: who got what, who did not and why, and what a person decides of it.

Not here: delivering (compose).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from feeds.app.post import Post
from feeds.cli.common import counted, local_time, open_site, say_json, site_options
from feeds.model import DeliveryState
from feeds.store.delivery_lists import Listed

_NOT_SENT = (DeliveryState.DEFERRED, DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.UNBUILDABLE)


@click.group()
def deliveries() -> None:
    """List and show deliveries; retry those that failed, resolve those in doubt."""


@deliveries.command("list")
@site_options
@click.argument("edition", required=False)
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only those in this state.")
def list_deliveries(config_path: Path, *, as_json: bool, edition: str | None, state: str | None) -> None:
    """List the deliveries of EDITION or of all."""
    app = open_site(config_path)
    found = Post(app).deliveries(edition=edition, states=[DeliveryState(state)] if state else [])
    _say(found, app.config.site.zone, as_json=as_json)


@deliveries.command()
@site_options
@click.argument("address")
def show(config_path: Path, as_json: bool, address: str) -> None:
    """Show everything that was to be brought to ADDRESS, and what became of it."""
    app = open_site(config_path)
    _say(Post(app).deliveries(address=address), app.config.site.zone, as_json=as_json)


@deliveries.command()
@site_options
@click.argument("edition")
@click.argument("address", required=False)
@click.option(
    "--state",
    type=click.Choice([state.value for state in _NOT_SENT]),
    help="Only those in this state. Default: all that were not sent.",
)
def retry(config_path: Path, *, as_json: bool, edition: str, address: str | None, state: str | None) -> None:
    """Queue again what of EDITION was deferred, bounced, expired or could not be built."""
    app = open_site(config_path)
    states = [DeliveryState(state)] if state else _NOT_SENT
    _say(Post(app).retry(edition, address=address, states=states), app.config.site.zone, as_json=as_json, done="queued")


@deliveries.command()
@site_options
@click.argument("edition")
@click.argument("address", required=False)
@click.option("--arrived", is_flag=True, help="They arrived: count them as sent.")
@click.option("--resend", is_flag=True, help="Send them again, under the same Message-ID.")
def resolve(
    config_path: Path, *, as_json: bool, edition: str, address: str | None, arrived: bool, resend: bool
) -> None:
    """Settle what of EDITION is in doubt, to ADDRESS or all of it."""
    if arrived == resend:
        raise click.UsageError("say which: --arrived or --resend")
    app = open_site(config_path)
    done = "queued" if resend else "counted as sent"
    _say(Post(app).resolve(edition, address=address, resend=resend), app.config.site.zone, as_json=as_json, done=done)


def _say(found: list[Listed], zone: ZoneInfo, *, as_json: bool, done: str = "") -> None:
    if as_json:
        say_json({"deliveries": [_facts(listed) for listed in found]})
        return
    for listed in found:
        one = listed.delivery
        when = one.ended_at or one.due_at
        # The text holds the enhanced code, as the server said it.
        code = " ".join(str(part) for part in (one.reply_code, one.reply_text) if part)
        said = f"  {code}" if code else ""
        click.echo(f"{one.about}  {listed.address}  {one.state.replace('_', ' ')}  {local_time(when, zone)}{said}")
    click.echo(f"{counted(len(found), 'delivery')}{f' {done}' if done else ''}")


def _facts(listed: Listed) -> dict[str, Any]:
    one = listed.delivery
    names = ("state", "generation", "attempts", "queued_at", "due_at", "dated_at", "ended_at", "transport")
    reply = {"code": one.reply_code, "enhanced": one.reply_enhanced, "text": one.reply_text}
    return {"edition": one.about, "address": listed.address} | {n: getattr(one, n) for n in names} | {"reply": reply}
