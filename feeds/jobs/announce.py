"""Announce: tell the hubs of the config which documents changed (WebSub), and keep what they said.

Safe to repeat and to kill: a hub may hear of a change twice, never not at all. Not here: queueing a ping (jobs.publish,
in the transaction that records the change), when one is tried again (rules.pinging).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feeds.errors import RequestFailed
from feeds.model.answers import Answer
from feeds.model.pings import Ping, PingState
from feeds.rules.pinging import PingVerdict, is_down, is_taken, verdict
from feeds.rules.text import clean_line
from feeds.store import pings
from feeds.store.engine import Store, Transaction

Post = Callable[[str, Mapping[str, str]], Answer]
KEPT = timedelta(days=30)  # how long the record of a ping that ended is kept
_REPLY_LENGTH = 300


@dataclass(slots=True)
class AnnounceReport:
    """What became of the pings that were due: how many were taken; (topic, hub, reply) of the others."""

    sent: int = 0
    deferred: list[tuple[str, str, str]] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    stopped: bool = False

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person: what is deferred is tried again, what failed is not."""
        return not self.failed


def announce(
    store: Store,
    hubs: Collection[str],
    post: Post,
    *,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool] = lambda: False,
) -> AnnounceReport:
    """Send every ping that is due; a hub that is down costs one try, and its other pings wait with that one."""
    now = clock()
    with store.writing() as tx:
        pings.drop_of_other_hubs(tx, hubs)
        pings.drop_ended_before(tx, now - KEPT)
        due = pings.list_due(tx, now)
    report, down = AnnounceReport(), dict[str, str]()
    for ping in due:
        if should_stop():
            report.stopped = True
            break
        status, reply = (None, down[ping.hub]) if ping.hub in down else _told(ping, post)
        if is_down(status):
            down[ping.hub] = reply
        _record(store, ping, status, reply=reply, now=clock(), report=report)
    return report


def _told(ping: Ping, post: Post) -> tuple[int | None, str]:
    # How a publisher tells a hub is left to the hub (WebSub section 5). They all take hub.mode=publish, and the address
    # as hub.url, as PubSubHubbub had it, or as hub.topic, or either.
    form = {"hub.mode": "publish", "hub.url": ping.topic, "hub.topic": ping.topic}
    try:
        answer = post(ping.hub, form)
    except RequestFailed as problem:
        return None, clean_line(problem.reason)[:_REPLY_LENGTH]
    moved = f"to {answer.headers['location']} " if "location" in answer.headers else ""
    said = clean_line(moved + answer.data[:_REPLY_LENGTH].decode("utf-8", errors="replace"))
    return answer.status, f"{answer.status} {said}".strip()[:_REPLY_LENGTH]


def _record(store: Store, ping: Ping, status: int | None, *, reply: str, now: datetime, report: AnnounceReport) -> None:
    decided = verdict(status, attempt=ping.attempts + 1, queued_at=ping.queued_at, now=now)
    with store.writing() as tx:
        _mark(tx, ping, decided, reply=reply, now=now)
    if is_taken(status):
        report.sent += 1
    else:
        unsent = report.failed if decided.state is PingState.FAILED else report.deferred
        unsent.append((ping.topic, ping.hub, reply))


def _mark(tx: Transaction, ping: Ping, decided: PingVerdict, *, reply: str, now: datetime) -> None:
    if decided.retry_at is not None:
        pings.mark_deferred(tx, ping, reply=reply, due_at=decided.retry_at)
    elif decided.state is PingState.SENT:
        pings.mark_sent(tx, ping, reply=reply, now=now)
    else:
        pings.mark_failed(tx, ping, reply=reply, now=now)
