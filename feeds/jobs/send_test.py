"""A test: a newsletter's message as its readers would get it, sent to one address at once; nothing is recorded.

It goes the way of all messages: compiled, signed, handed over by the first transport that can be used. Not here: the
message (compose, rendering), deliveries (deliver).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from feeds.config import Config, TransportConfig, TransportKind
from feeds.errors import TransportUnusable, UsageWrong
from feeds.model import Envelope, Parcel, Part, Reply, whole_part
from feeds.rendering.dkim import signers_of
from feeds.rendering.edition import frame_from, host_of, shared_pages
from feeds.rendering.galley import galley_from
from feeds.rendering.views import Mailbox
from feeds.rules.message_identity import message_id
from feeds.store import suppressions
from feeds.store.engine import Store
from feeds.transports import TRANSPORTS, Transport

MARK = "[Test] "  # so that nobody takes it for the edition, wherever it is passed on to
_WAIT = 1.0  # seconds between two looks at what has become of it


@dataclass(frozen=True, slots=True)
class TestReport:
    """What was sent, to whom, by which transport and how signed; and what was answered.

    ``passed_over`` maps the transports before that one, which could not be used, to the reason.
    """

    to: str
    subject: str
    message_id: str
    octets: int
    transport: str
    signed_by: tuple[str, ...]
    reply: Reply
    passed_over: Mapping[str, str]

    @property
    def was_taken(self) -> bool:
        """Tell whether the message was taken."""
        return 200 <= self.reply.code < 300


def send_test(config: Config, newsletter: str, parts: Mapping[str, Part], *, to: str, now: datetime) -> TestReport:
    """Send the stored parts of an edition to one address; raise TransportUnusable where nothing can be handed over.

    Its Message-ID is its own, so that no server takes the edition that follows for a repeat; and the link to leave by
    is the one without a token, so that it is nobody's.
    """
    subject = MARK.encode() + whole_part(parts["subject"])
    frame, signers = frame_from(parts), signers_of(config)
    name = message_id(f"{newsletter}/test", secrets.token_hex(16), generation=0, host=host_of(config))
    message = galley_from({**parts, "subject": subject}, signers=signers).fill(
        recipient=Mailbox("", to),
        date=now.replace(microsecond=0),
        message_id=name,
        leave_url=frame.leave_url,
        pages=shared_pages(frame),
    )
    parcel = Parcel((message,), Envelope(frame.return_path, to, name))
    way, reply, passed_over = _sent(config, parcel)
    return TestReport(
        to=to,
        subject=subject.decode(),
        message_id=name,
        octets=len(message),
        transport=_place(way),
        signed_by=tuple(one.key.algorithm for one in signers),
        reply=reply,
        passed_over=passed_over,
    )


def require_mailable(store: Store, address_key: str) -> None:
    """Raise UsageWrong for an address that is suppressed: it may not be mailed, for a test neither."""
    with store.reading() as tx:
        found = suppressions.find(tx, address_key)
    if found is not None:
        raise UsageWrong(f"{address_key} may not be mailed; see `pressrun suppressions show {address_key}`")


def _sent(config: Config, parcel: Parcel) -> tuple[TransportConfig, Reply, dict[str, str]]:
    """Hand a message over by the first transport that can be used; tell which, and why those before it cannot."""
    passed_over: dict[str, str] = {}
    for way in config.transports:
        try:
            with closing(TRANSPORTS[way.kind](way)) as transport:
                return way, _handed_over(transport, parcel), passed_over
        except TransportUnusable as error:
            passed_over[way.name] = str(error)
    raise TransportUnusable("; ".join(passed_over.values()))


def _handed_over(transport: Transport, parcel: Parcel) -> Reply:
    transport.take(parcel)
    going: set[str] = set()
    while True:
        for step in transport.work(going, _WAIT):
            if step.reply is not None:
                return step.reply
            going.add(step.name)


def _place(way: TransportConfig) -> str:
    return f"{way.host}:{way.port}" if way.kind is TransportKind.SMTP else str(way.path)
