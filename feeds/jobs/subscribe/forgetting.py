"""A person asks what is held of them, or to be forgotten.

Not here: the statements that erase (store.forgetting).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from feeds.model import Subscriber
from feeds.rules.mailboxes import Mailbox
from feeds.store import bounces, delivery_lists, forgetting, notices, private_addresses, subscribers, suppressions
from feeds.store.engine import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetReport:
    """Who is forgotten, or would be in a dry run: what there was of them, in numbers."""

    address: str
    dry_run: bool
    was_known: bool
    held: dict[str, int] = field(default_factory=dict)


def forget(store: Store, mailbox: Mailbox, *, now: datetime, dry_run: bool = False) -> ForgetReport:
    """Erase a person, and keep a keyed hash of the address so that no file brings them back.

    It holds for who is not known too: they asked. ``dry_run`` only counts.
    """
    with store.reading() if dry_run else store.writing() as tx:
        if not dry_run:
            subscribers.hold(tx)
        who = subscribers.find_by_key(tx, mailbox.key)
        held = {name: len(value) for name, value in _held(tx, who).items() if isinstance(value, list)} if who else {}
        if not dry_run:
            suppressions.hide(tx, mailbox.key, at=now)
            if who:
                forgetting.erase(tx, who, at=now)
    return ForgetReport(address=mailbox.address, dry_run=dry_run, was_known=who is not None, held=held)


def held_of(store: Store, mailbox: Mailbox) -> dict[str, Any]:
    """Return all that is held of a person, as JSON can have it; raise UsageWrong where nobody has that address.

    Times are in UTC, as ISO 8601 writes them.
    """
    with store.reading() as tx:
        held = _held(tx, subscribers.get_by_key(tx, mailbox.key))
    return {name: _plain(value) for name, value in held.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _held(tx: Transaction, who: Subscriber) -> dict[str, Any]:
    suppression = suppressions.find_any(tx, who.address_key)
    deliveries = [one.delivery for one in delivery_lists.list_all(tx, address_key=who.address_key)]
    reports = bounces.list_all(tx, address_key=who.address_key)
    return {
        "subscriber": asdict(who),
        "subscriptions": list(map(asdict, subscribers.list_subscriptions(tx, [who.id]).values())),
        "consent": list(map(asdict, subscribers.list_consent_events(tx, who.id))),
        "deliveries": list(map(asdict, deliveries)),
        "notices": [
            {"kind": one.kind, "address": one.address, "created_at": one.created_at, "facts": one.facts}
            for one in notices.list_to(tx, who.id)
        ],
        "bounces": [{name: getattr(one, name) for name in ("received_at", "kind", "reason")} for one in reports],
        "private_addresses": list(map(asdict, private_addresses.list_to(tx, who.id))),
        "suppression": asdict(suppression) if suppression else None,
    }
