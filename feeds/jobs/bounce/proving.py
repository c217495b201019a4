"""Which delivery a report is about: by a token that we signed, else by a Message-ID that only its readers have seen.

An address proves nothing: whoever writes it into a report has not shown that we sent anything. Not here: what the
report makes of it (taking).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

from feeds.rules.bounces_reading import Report, Sort
from feeds.rules.message_identity import Token, edition_part, edition_part_of, message_id, notice_of, vouches
from feeds.store import keys, sent_deliveries
from feeds.store.engine import Transaction
from feeds.store.sent_deliveries import SentDelivery


def prove(tx: Transaction, report: Report, *, host: str, now: datetime) -> SentDelivery | None:
    """Return the delivery that a report is proved to be about, in the generation that it is about, or None.

    ``host`` is the domain that our Message-IDs are made in. Mail by which somebody leaves is proved by its own kind of
    token alone.
    """
    if report.sort is Sort.PLAIN:
        return _by_tokens(tx, report.leaving, host, now=now)
    if report.sort in {Sort.FAILURE, Sort.COMPLAINT}:
        return _by_tokens(tx, report.tokens, host, now=now) or _by_message_ids(tx, report)
    return None


def _by_tokens(tx: Transaction, tokens: Iterable[Token], host: str, *, now: datetime) -> SentDelivery | None:
    for token in tokens:
        delivery, secret = sent_deliveries.find(tx, token.delivery), keys.find(tx, token.key, now=now)
        if delivery is None or secret is None:
            continue
        for sent, name in _sent_as(delivery, host):
            if vouches(token, name, secret):
                return sent
    return None


def _by_message_ids(tx: Transaction, report: Report) -> SentDelivery | None:
    named: dict[str, set[str]] = {}  # by what the names of an edition begin with: it is looked through once for all
    for message in report.message_ids:
        if part := edition_part(message):
            named.setdefault(part, set()).add(f"{message.partition('@')[0]}@")
    for beginning, names in named.items():
        if proven := _of_notice(tx, beginning, names):
            return proven
        for edition in sent_deliveries.list_edition_ids(tx, beginning.partition(".")[0]):
            if edition_part_of(edition) == beginning and (proven := _in_edition(tx, edition, report, names=names)):
                return proven
    return None


def _of_notice(tx: Transaction, beginning: str, names: set[str]) -> SentDelivery | None:
    notice_id = notice_of(beginning)
    return _named(sent_deliveries.list_of_notice(tx, notice_id), names) if notice_id else None


def _in_edition(tx: Transaction, edition: str, report: Report, *, names: set[str]) -> SentDelivery | None:
    """Look among those whom the report names, then among all: mail is forwarded, and bounces name where to."""
    named = sent_deliveries.list_to(tx, edition, report.addresses)
    return _named(chain(named, sent_deliveries.list_of(tx, edition)), names)


def _named(deliveries: Iterable[SentDelivery], names: set[str]) -> SentDelivery | None:
    """Return the delivery that was sent under one of these names, as it was then."""
    for delivery in deliveries:
        for sent, name in _sent_as(delivery, ""):  # whatever the site's domain was then
            if name in names:
                return sent
    return None


def _sent_as(delivery: SentDelivery, host: str) -> Iterator[tuple[SentDelivery, str]]:
    """Yield a delivery as it was sent each time, the last time first, with its Message-ID then."""
    for generation in range(delivery.generation, -1, -1):
        name = message_id(delivery.name, delivery.subscriber_id, generation=generation, host=host)
        yield replace(delivery, generation=generation), name
