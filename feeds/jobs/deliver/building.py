"""One reader's message of an edition or a notice, made of what was fixed: the same bytes whenever it is made again.

It is signed in threads beside the sender, since Python lets others run meanwhile. Not here: which deliveries are made
(drain), how a message is written (rendering).
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from feeds.jobs.deliver.keeping import Keeping
from feeds.jobs.deliver.trial import survives
from feeds.model import DeliveryState, Envelope, Parcel, Phase, Reply
from feeds.rendering.coding import Coded, size_of
from feeds.rendering.dkim import Signer
from feeds.rendering.edition import frame_from
from feeds.rendering.fields import OwnPages
from feeds.rendering.galley import Filled, Galley, galley_from
from feeds.rendering.views import Frame, Mailbox
from feeds.rules.delivering import needs_trial
from feeds.rules.message_identity import leave_url, message_id, named_after, return_path
from feeds.rules.reader_tokens import Purpose, about_selection, reader_token, reader_url
from feeds.store import renderings
from feeds.store.deliveries import Claimed, Ending
from feeds.store.engine import Store

MOST_THREADS = 4
MOST_GALLEYS = 50  # of selections that are kept ready; deliveries come selection by selection
MOST_STORED = MOST_CODED = 32_000_000  # bytes of the pieces that selections share: as they are stored, and coded


@dataclass(frozen=True, slots=True)
class Built:
    """A message that is made, with its delivery and its Date."""

    claimed: Claimed
    parcel: Parcel
    dated_at: datetime

    @property
    def domain(self) -> str:
        """Where it goes."""
        return self.claimed.delivery.domain


@dataclass(frozen=True, slots=True)
class Naming:
    """What messages are named by: ``host`` is the domain of their names, ``key`` signs the tokens in their links.

    With ``verp`` the addresses that mail comes back to carry one too.
    """

    host: str
    key: tuple[int, bytes] = field(repr=False)
    verp: bool = True


class Builder:
    """Makes messages."""

    def __init__(self, store: Store, naming: Naming, *, signers: Sequence[Signer] = ()) -> None:
        self._store, self._naming, self._signers = store, naming, signers
        self._galleys: dict[str, tuple[Galley, Frame]] = {}
        self._stored: Keeping[str, bytes] = Keeping(MOST_STORED, len)
        self._coded: Keeping[Hashable, Coded] = Keeping(MOST_CODED, size_of)
        self._threads = _threads()

    @property
    def signs(self) -> bool:
        """Tell whether messages are signed, which takes its time."""
        return bool(self._signers)

    def begin(self, claimed: Claimed, *, now: datetime) -> Future[Built | Ending]:
        """Begin to make a delivery's message; where it cannot be made that is its ending, and stops no other."""
        dated_at = claimed.delivery.dated_at or now.replace(microsecond=0)
        try:
            if needs_trial(claimed.delivery.crashes) and not self._survives(claimed, dated_at):
                return _at_once(unbuildable(claimed, "building it crashes the worker"))
            filled, envelope = self._fill(claimed, dated_at)
        except Exception as error:
            return _at_once(unbuildable(claimed, _told(error)))

        def build() -> Built | Ending:
            try:
                return Built(claimed, Parcel(filled.pieces(), envelope), dated_at)
            except Exception as error:
                return unbuildable(claimed, _told(error))

        return self._threads.submit(build) if self.signs else _at_once(build())

    def close(self) -> None:
        """End the threads, once they have signed what was begun."""
        self._threads.shutdown()

    def _survives(self, claimed: Claimed, dated_at: datetime) -> bool:
        self.close()  # what a thread holds in the moment of a fork, nobody gives back in the child
        self._threads = _threads()

        def make() -> object:
            filled, _ = self._fill(claimed, dated_at)
            return filled.pieces()

        return survives(make)

    def _fill(self, claimed: Claimed, dated_at: datetime) -> tuple[Filled, Envelope]:
        galley, frame = self._galley(claimed)
        delivery, naming = claimed.delivery, self._naming
        about = named_after(delivery.kind, delivery.about)
        name = message_id(about, delivery.subscriber_id, generation=delivery.generation, host=naming.host)
        sender, leave = frame.return_path, frame.leave_url
        if naming.verp:
            leave = leave_url(leave, base=sender, delivery=delivery.id, message=name, key=naming.key)
            sender = return_path(sender, delivery=delivery.id, message=name, key=naming.key)
        filled = galley.begin(
            recipient=Mailbox(claimed.name, claimed.address),
            date=dated_at,
            message_id=name,
            leave_url=leave,
            pages=_pages(frame, claimed, key=naming.key),
        )
        return filled, Envelope(sender, claimed.address, name)

    def _galley(self, claimed: Claimed) -> tuple[Galley, Frame]:
        """Return the galley that a delivery's message is made from: a notice has one of its own."""
        if claimed.notice:
            parts = claimed.notice.parts
            return galley_from(parts, signers=self._signers), frame_from(parts)
        assert claimed.delivery.selection_id is not None  # an edition's always has one
        return self._galley_of(claimed.delivery.about, claimed.delivery.selection_id)

    def _galley_of(self, edition_id: str, selection_id: str) -> tuple[Galley, Frame]:
        found = self._galleys.pop(selection_id, None)
        if found is None:
            with self._store.reading() as tx:
                parts = renderings.get(tx, edition_id, selection_id, kept=self._stored)
            frame, key = frame_from(parts), self._naming.key
            page_url = _page_url(frame, selection_id, key=key)
            found = galley_from(parts, signers=self._signers, kept=self._coded, page_url=page_url), frame
        self._galleys[selection_id] = found  # the last in order is the one that was used last
        if len(self._galleys) > MOST_GALLEYS:
            del self._galleys[next(iter(self._galleys))]
        return found


def unbuildable(claimed: Claimed, why: str) -> Ending:
    """Return how a delivery ends whose message cannot be made."""
    reply = Reply(0, None, why, Phase.SENDER)
    return Ending(delivery_id=claimed.delivery.id, state=DeliveryState.UNBUILDABLE, reply=reply)


def _pages(frame: Frame, claimed: Claimed, *, key: tuple[int, bytes]) -> OwnPages | None:
    """Return the reader's own pages for a newsletter, None where what goes out was fixed without any."""
    if not frame.readers_at:
        return None
    about, state = (claimed.delivery.subscriber_id, claimed.newsletter), str(claimed.subscription_generation)
    leave, preferences = (
        reader_url(frame.readers_at, purpose, reader_token(purpose, about, state=state, key=key))
        for purpose in (Purpose.LEAVE, Purpose.PREFERENCES)
    )
    return OwnPages(leave, preferences)


def _page_url(frame: Frame, selection_id: str, *, key: tuple[int, bytes]) -> str:
    """Return where a selection can be seen as a page, by whoever has the link; "" where there are no such pages."""
    if not frame.readers_at:
        return ""
    token = reader_token(Purpose.EDITION, about_selection(selection_id), state="", key=key)
    return reader_url(frame.readers_at, Purpose.EDITION, token)


def _threads() -> ThreadPoolExecutor:
    """Return as many threads as there are processors for them; each starts when it is first needed."""
    return ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1), "signing")


def _at_once(found: Built | Ending) -> Future[Built | Ending]:
    done: Future[Built | Ending] = Future()
    done.set_result(found)
    return done


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
