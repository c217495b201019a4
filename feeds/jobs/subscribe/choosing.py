"""What a reader chooses of a newsletter is written down: cadence, language, topics, and the clock that they live by.

Not here: what may be chosen (rules.preferences), leaving and resting (leaving).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from feeds.config import Config
from feeds.errors import UsageWrong
from feeds.jobs.subscribe.naming import known_newsletters
from feeds.model import SubscriptionState
from feeds.rules.mailboxes import Mailbox
from feeds.rules.preferences import BadPreference, clean_preferences, is_zone, read_preferences
from feeds.store import subscribers
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be otherwise than it is: ``preferences`` by their names, and a time zone; None leaves that.

    An empty one is what the newsletter does of itself.
    """

    preferences: Mapping[str, Any] = field(default_factory=dict)
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceReport:
    """What a reader of a newsletter has chosen by now."""

    address: str
    newsletter: str
    preferences: Mapping[str, Any]
    timezone: str | None


def choose(config: Config, store: Store, mailbox: Mailbox, *, newsletter: str, wish: Wish) -> ChoiceReport:
    """Write what a reader of a newsletter wishes, beside what they chose before.

    Raises UsageWrong where they are no reader of it, and where it may not be chosen.
    """
    known_newsletters(config, [newsletter])
    allowed = {one.slug: one for one in config.newsletters}[newsletter].allowed_in(config.site.timezone)
    if wish.timezone and not is_zone(wish.timezone):
        raise UsageWrong(f"timezone: {wish.timezone!r} is none; expected an IANA name such as Europe/Dublin")
    with store.writing() as tx:
        subscribers.hold(tx)
        reader = subscribers.get_by_key(tx, mailbox.key)
        there = subscribers.list_subscriptions(tx, [reader.id]).get((reader.id, newsletter))
        if there is None or there.state is not SubscriptionState.ACTIVE:
            raise UsageWrong(f"{reader.address} has no active subscription to {newsletter}")
        before = asdict(read_preferences(there.preferences, allowed))
        # What the config does not allow at present counts for nothing, and is as it was once it does.
        dormant = {name: said for name, said in there.preferences.items() if name not in wish.preferences}
        try:
            preferences = dormant | clean_preferences(before | dict(wish.preferences), allowed)
        except BadPreference as error:
            raise UsageWrong(str(error)) from None
        timezone = reader.timezone if wish.timezone is None else wish.timezone or None
        subscribers.set_preferences(tx, (reader.id, newsletter), preferences)
        subscribers.set_locale(tx, reader.id, language=reader.language, timezone=timezone)
    return ChoiceReport(reader.address, newsletter, preferences, timezone)
