"""``pressrun deliveries``: who got what, who did not and why, and what a person decides of it.

Not here: delivering (compose), settling by a log (reconcile).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from feeds.app.post import SENT_ANEW, Post
from feeds.cli.common import be_sure, counted, local_time, open_site, printable, say_json, site_options
from feeds.cli.reconcile import reconcile
from feeds.model import DeliveryKind, DeliveryState
from feeds.store.delivery_lists import Listed

_FAILED = (DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.UNBUILDABLE)
_NOT_SENT = (DeliveryState.DEFERRED, *_FAILED)
_TO_COME = {DeliveryState.QUEUED, DeliveryState.DEFERRED}
_GOT, _ON_ITS_WAY = {DeliveryState.SENT}, {*_TO_COME, DeliveryState.CLAIMED, DeliveryState.SENDING}


@click.group()
def deliveries() -> None:
    """List and show deliveries; retry those that failed, resolve or reconcile those in doubt."""


@deliveries.command("list")
@site_options
@click.argument("edition", required=False)
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only those in this state.")
def list_deliveries(config_path: Path, *, as_json: bool, edition: str | None, state: str | None) -> None:
    """List the deliveries of EDITION or of all.

    Here and below, "notices" stands for what is no edition, such as mail that asks to confirm.
    """
    app = open_site(config_path)
    found = Post(app).deliveries(edition=edition, states=[DeliveryState(state)] if state else [])
    _say(found, app.config.site.zone, as_json=as_json)


@deliveries.command()
@site_options
@click.argument("address")
def show(config_path: Path, as_json: bool, address: str) -> None:
    """Show everything that was to be brought to ADDRESS, and what became of it."""
    app = open_site(config_path)
    found = Post(app).deliveries(address=address)
    _say(found, app.config.site.zone, as_json=as_json, done=_in_short(found))


@deliveries.command()
@site_options
@click.argument("edition")
@click.argument("address", required=False)
@click.option(
    "--state",
    type=click.Choice([state.value for state in _NOT_SENT]),
    help="Only those in this state. Default: all that were not sent.",
)
@click.option("--failed", is_flag=True, help="Only what is not tried again of itself: bounced, expired, unbuildable.")
@click.option("--dry-run", is_flag=True, help="List what would be queued; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def retry(
    config_path: Path, *, as_json: bool, edition: str, address: str | None, state: str | None, **how: bool
) -> None:
    """Queue again what of EDITION was deferred, bounced, expired or could not be built.

    What bounced or expired is sent anew under another Message-ID, so that no mail program can know it for a repeat.
    """
    if state and how["failed"]:
        raise click.UsageError("say --state or --failed, not both")
    app = open_site(config_path)
    post, states = Post(app), [DeliveryState(state)] if state else _FAILED if how["failed"] else _NOT_SENT
    found = post.retry(edition, address=address, states=states, dry_run=True)
    done = "would be queued"
    if not how["dry_run"]:
        anew = sum(listed.delivery.state in SENT_ANEW for listed in found)
        what = f"{counted(anew, 'delivery')} that failed would be sent anew under another Message-ID"
        be_sure(what, edition, is_sure=how["yes"] or not anew)
        found, done = post.retry(edition, address=address, states=states), "queued"
    _say(found, app.config.site.zone, as_json=as_json, done=done)


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


deliveries.add_command(reconcile)


def _say(found: list[Listed], zone: ZoneInfo, *, as_json: bool, done: str = "") -> None:
    if as_json:
        say_json({"deliveries": [_facts(listed) for listed in found]})
        return
    for listed in found:
        click.echo(_line(listed, zone))
    click.echo(f"{counted(len(found), 'delivery')}{f' {done}' if done else ''}")


def _line(listed: Listed, zone: ZoneInfo) -> str:
    """Return how a delivery stands, since when or until when, and what the server said last."""
    one = listed.delivery
    state, when = one.state.replace("_", " "), local_time(one.ended_at or one.due_at, zone)
    if one.state is DeliveryState.DEFERRED:
        state = f"deferred {one.attempts} times, next attempt" if one.attempts > 1 else "deferred, next attempt"
    if listed.is_paused and one.state in _TO_COME:
        state = f"paused, {state}"
    # The text holds the enhanced code, as the server said it.
    said = " ".join(str(part) for part in (one.reply_code, one.reply_text) if part)
    return f"{listed.name}  {listed.address}  {state}  {when}{f'  {printable(said)}' if said else ''}"


def _in_short(found: list[Listed]) -> str:
    """Return how many of a reader's deliveries arrived, how many are to come, and how many did not arrive."""
    states = [listed.delivery.state for listed in found]
    got, coming = sum(state in _GOT for state in states), sum(state in _ON_ITS_WAY for state in states)
    doubt = states.count(DeliveryState.IN_DOUBT)
    parts = {"sent": got, "to come": coming, "in doubt": doubt, "not sent": len(states) - got - coming - doubt}
    told = ", ".join(f"{number} {what}" for what, number in parts.items() if number)
    return f"({told})" if told else ""


def _facts(listed: Listed) -> dict[str, Any]:
    one = listed.delivery
    names = ("state", "generation", "attempts", "queued_at", "due_at", "dated_at", "ended_at", "transport")
    reply = {"code": one.reply_code, "enhanced": one.reply_enhanced, "text": one.reply_text}
    said = {
        "reply": reply,
        "paused": listed.is_paused,
        "next_attempt_at": one.due_at if one.state in _TO_COME else None,
    }
    what = {"edition": one.about if one.kind == DeliveryKind.EDITION else None, "notice": listed.notice}
    return what | {"address": listed.address} | {n: getattr(one, n) for n in names} | said
