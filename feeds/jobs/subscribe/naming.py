"""Whom and what an operator means: an address, newsletters by their slugs, and who is subscribed to them.

Not here: changing any of it (joining, leaving).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feeds.config import Config
from feeds.errors import UsageWrong
from feeds.model import Subscriber, Subscription, SubscriptionState
from feeds.rules.mailboxes import BadMailbox, Mailbox, read_mailbox
from feeds.store import subscribers
from feeds.store.engine import Store


def known_newsletters(config: Config, slugs: Sequence[str]) -> tuple[str, ...]:
    """Return these slugs, each once; raise UsageWrong for one that the config does not have."""
    known = [newsletter.slug for newsletter in config.newsletters]
    for slug in slugs:
        if slug not in known:
            raise UsageWrong(f"{config.file}: there is no newsletter {slug!r}; known are: {', '.join(known) or 'none'}")
    return tuple(dict.fromkeys(slugs))


def mailbox_of(address: str, name: str = "") -> Mailbox:
    """Return the mailbox that a person wrote; raise UsageWrong where it is none."""
    try:
        return read_mailbox(address, name)
    except BadMailbox as error:
        raise UsageWrong(f"{address!r}: {error}") from None


def list_subscribers(
    store: Store, *, newsletter: str | None = None, state: SubscriptionState | None = None
) -> Iterator[tuple[Subscriber, Subscription, str]]:
    """Yield (subscriber, subscription, wording of the last consent) by address, from one state of the store."""
    with store.reading() as tx:
        yield from subscribers.list_all(tx, newsletter=newsletter, state=state)
